// SPDX-License-Identifier: GPL-2.0-or-later
// A table for people: aligned columns, fitted to the terminal's width.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
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

// Rows are kept as bytes, since there may be many.
class Table {
 public:
  using Sink = std::function<void(std::string_view piece)>;

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)), widest_(columns_.size()) {}

  // As many cells as columns; those that are missing are empty.
  void add(std::initializer_list<Cell> row) { add(row.begin(), row.size()); }
  void add(const std::vector<Cell>& row) { add(row.data(), row.size()); }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  // Heading and rows, each ending with a line break, indented by two blanks. On a terminal, columns are
  // shortened and, if that is not enough, left out; `leftOut` then names them. Elsewhere nothing is cut.
  std::string text(const Terminal& terminal, std::vector<std::string>* leftOut = nullptr) const;
  // The same in pieces.
  void write(const Terminal& terminal, const Sink& sink, std::vector<std::string>* leftOut = nullptr) const;

 private:
  void add(const Cell* cells, std::size_t count);

  std::vector<Column> columns_;
  std::vector<std::size_t> widest_;  // cell of each column
  // Of each cell its style, the length of its text with seven bits in each byte, and the text.
  std::deque<std::string> blocks_;
  std::string row_;  // being written
  std::size_t size_ = 0;
};

}  // namespace failback::cli
