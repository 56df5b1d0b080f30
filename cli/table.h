// SPDX-License-Identifier: GPL-2.0-or-later
// A table for people: aligned columns, fitted to the terminal's width.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.h"

namespace failback::cli {

struct Column {
  std::string title;
  bool right = false;  // numbers
  // How far it may be shortened to make the table fit; 0: it is not shortened.
  std::size_t least = 0;
  // When shortening is not enough, the column with the highest number is left out first; 0: never.
  int dispensable = 0;
  // How it is shortened.
  enum class Shorten {
    end,    // "esx-01.site.ex..."
    front,  // ".../Production": paths
    wrap,   // nothing is lost: it goes on in the next line
  };
  Shorten how = Shorten::end;
};

struct Cell {
  std::string text;  // made printable by the table
  Style style = Style::plain;
  Cell() = default;
  Cell(std::string t, Style s = Style::plain) : text(std::move(t)), style(s) {}  // NOLINT: reads as a literal
  Cell(const char* t) : text(t) {}                                               // NOLINT
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }

  // Heading and rows, each ending with a line break, indented by two blanks. On a terminal, columns are
  // shortened and, if that is not enough, left out; `leftOut` then names them. Elsewhere nothing is cut.
  std::string text(const Terminal& terminal, std::vector<std::string>* leftOut = nullptr) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace failback::cli
