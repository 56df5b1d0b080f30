// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/table.h"

#include <algorithm>
#include <numeric>

#include "cli/text_width.h"

namespace failback::cli {
namespace {

constexpr std::size_t indent = 2;
constexpr std::size_t gap = 2;

// Which columns are shown, and how wide.
struct Layout {
  std::vector<std::size_t> columns;
  std::vector<std::size_t> widths;  // by column number

  std::size_t total() const {
    std::size_t sum = indent;
    for (const std::size_t column : columns) sum += widths[column] + gap;
    return columns.empty() ? sum : sum - gap;
  }
};

// Takes from the widest of the columns that may be shortened, until it fits or none is left.
void shorten(Layout& layout, const std::vector<Column>& columns, std::size_t width) {
  while (layout.total() > width) {
    std::size_t widest = columns.size();
    for (const std::size_t column : layout.columns) {
      const bool may = columns[column].least > 0 && layout.widths[column] > columns[column].least;
      if (may && (widest == columns.size() || layout.widths[column] > layout.widths[widest])) widest = column;
    }
    if (widest == columns.size()) return;
    --layout.widths[widest];
  }
}

Layout fit(const std::vector<Column>& columns, const std::vector<std::size_t>& wanted, std::size_t width) {
  Layout layout{{}, wanted};
  layout.columns.resize(columns.size());
  std::iota(layout.columns.begin(), layout.columns.end(), std::size_t{0});
  if (width == 0) return layout;
  for (;;) {
    layout.widths = wanted;
    shorten(layout, columns, width);
    if (layout.total() <= width) return layout;
    auto least = layout.columns.end();
    for (auto at = layout.columns.begin(); at != layout.columns.end(); ++at) {
      if (columns[*at].dispensable > 0 &&
          (least == layout.columns.end() || columns[*at].dispensable > columns[*least].dispensable)) {
        least = at;
      }
    }
    if (least == layout.columns.end()) return layout;
    layout.columns.erase(least);
  }
}

// The lines that a cell takes.
std::vector<std::string> shortened(const std::string& text, const Column& column, std::size_t width,
                                   const Terminal& terminal) {
  if (displayWidth(text) <= width) return {text};
  if (column.how == Column::Shorten::wrap) return wrapToWidth(text, width);
  if (column.how == Column::Shorten::front) return {cutFrontToWidth(text, width, terminal.ellipsis())};
  return {cutToWidth(text, width, terminal.ellipsis())};
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  row.resize(columns_.size());
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::string Table::text(const Terminal& terminal, std::vector<std::string>* leftOut) const {
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = displayWidth(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, displayWidth(row[i].text));
    wanted.push_back(width);
  }
  const Layout layout = fit(columns_, wanted, terminal.width);
  if (leftOut != nullptr) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (std::find(layout.columns.begin(), layout.columns.end(), i) == layout.columns.end()) {
        leftOut->push_back(columns_[i].title);
      }
    }
  }

  std::string out;
  const auto line = [&](const auto& cellOf) {
    for (std::size_t part = 0, parts = 1; part < parts; ++part) {
      std::string text(indent, ' ');
      for (std::size_t n = 0; n < layout.columns.size(); ++n) {
        const std::size_t i = layout.columns[n];
        const auto [content, style] = cellOf(i);
        const std::vector<std::string> pieces = shortened(content, columns_[i], layout.widths[i], terminal);
        parts = std::max(parts, pieces.size());
        const std::string piece = part < pieces.size() ? pieces[part] : std::string();
        const std::size_t padding = layout.widths[i] - std::min(layout.widths[i], displayWidth(piece));
        if (columns_[i].right) text.append(padding, ' ');
        text += terminal.styled(style, piece);
        if (n + 1 == layout.columns.size()) break;
        text.append((columns_[i].right ? 0 : padding) + gap, ' ');
      }
      // What is blank to the end of the line is not written.
      text.erase(text.find_last_not_of(' ') + 1);
      out += text + '\n';
    }
  };
  line([&](std::size_t i) { return std::pair<std::string, Style>(columns_[i].title, Style::faint); });
  for (const auto& row : rows_) {
    line([&](std::size_t i) { return std::pair<std::string, Style>(row[i].text, row[i].style); });
  }
  return out;
}

}  // namespace failback::cli
