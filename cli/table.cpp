// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/table.h"

#include <algorithm>
#include <numeric>

#include "cli/text_width.h"

namespace failback::cli {
namespace {

constexpr std::size_t indent = 2;
constexpr std::size_t gap = 2;
// Memory for rows: few tables are large.
constexpr std::size_t kFirstBlock = 1024;
constexpr std::size_t kBlock = 64 * 1024;
// What is written at once.
constexpr std::size_t kPiece = 16 * 1024;

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
std::vector<std::string> shortened(std::string_view text, const Column& column, std::size_t width,
                                   const Terminal& terminal) {
  if (displayWidth(text) <= width) return {std::string(text)};
  if (column.how == Column::Shorten::wrap) return wrapToWidth(text, width);
  if (column.how == Column::Shorten::front) return {cutFrontToWidth(text, width, terminal.ellipsis())};
  return {cutToWidth(text, width, terminal.ellipsis())};
}

struct ShownCell {
  std::string_view text;
  Style style = Style::plain;
};

// Cells of rows, out of one block after the other.
class RowReader {
 public:
  explicit RowReader(const std::deque<std::string>& blocks) : blocks_(blocks) {}

  void next(std::vector<ShownCell>& row) {
    if (at_ == blocks_[block_].size()) {
      ++block_;
      at_ = 0;
    }
    for (ShownCell& cell : row) {
      cell.style = static_cast<Style>(blocks_[block_][at_++]);
      const std::size_t size = number();
      cell.text = std::string_view(blocks_[block_]).substr(at_, size);
      at_ += size;
    }
  }

 private:
  std::size_t number() {
    std::size_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(blocks_[block_][at_++]);
      value |= static_cast<std::size_t>(byte & 0x7Fu) << shift;
      if (byte < 0x80) return value;
    }
  }

  const std::deque<std::string>& blocks_;
  std::size_t block_ = 0, at_ = 0;
};

// Rows as lines.
class RowWriter {
 public:
  RowWriter(const std::vector<Column>& columns, const Layout& layout, const Terminal& terminal)
      : columns_(columns), layout_(layout), terminal_(terminal), pieces_(layout.columns.size()) {}

  void write(const std::vector<ShownCell>& row, std::string& out) {
    std::size_t lines = 1;
    for (std::size_t n = 0; n < pieces_.size(); ++n) {
      const std::size_t i = layout_.columns[n];
      Piece& piece = pieces_[n];
      piece.style = row[i].style;
      piece.text = row[i].text;
      piece.width = displayWidth(piece.text);
      piece.lines.clear();
      if (piece.width <= layout_.widths[i]) continue;
      piece.lines = shortened(piece.text, columns_[i], layout_.widths[i], terminal_);
      piece.turnTo(0);
      lines = std::max(lines, piece.lines.size());
    }
    writeLine(out);
    for (std::size_t line = 1; line < lines; ++line) {
      for (Piece& piece : pieces_) piece.turnTo(line);
      writeLine(out);
    }
  }

 private:
  // What a line shows of a cell.
  struct Piece {
    std::string_view text;
    std::size_t width = 0;
    Style style = Style::plain;
    std::vector<std::string> lines;  // of a cell that is too wide

    void turnTo(std::size_t line) {
      text = line < lines.size() ? std::string_view(lines[line]) : std::string_view();
      width = displayWidth(text);
    }
  };

  void writeLine(std::string& out) const {
    const std::size_t begin = out.size();
    out.append(indent, ' ');
    for (std::size_t n = 0; n < pieces_.size(); ++n) {
      const Piece& piece = pieces_[n];
      const std::size_t i = layout_.columns[n];
      const std::size_t padding = layout_.widths[i] - std::min(layout_.widths[i], piece.width);
      if (columns_[i].right) out.append(padding, ' ');
      if (terminal_.colour) {
        out += terminal_.styled(piece.style, piece.text);
      } else {
        out += piece.text;
      }
      if (n + 1 == pieces_.size()) break;
      out.append((columns_[i].right ? 0 : padding) + gap, ' ');
    }
    // What is blank to the end of the line is not written.
    while (out.size() > begin && out.back() == ' ') out.pop_back();
    out += '\n';
  }

  const std::vector<Column>& columns_;
  const Layout& layout_;
  const Terminal& terminal_;
  std::vector<Piece> pieces_;  // by place
};

}  // namespace

void Table::add(const Cell* cells, std::size_t count) {
  static const Cell none;
  row_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const Cell& cell = i < count ? cells[i] : none;
    const std::string text = printable(cell.text);
    widest_[i] = std::max(widest_[i], displayWidth(text));
    row_ += static_cast<char>(cell.style);
    std::size_t size = text.size();
    for (; size >= 0x80; size >>= 7) row_ += static_cast<char>(size | 0x80);
    row_ += static_cast<char>(size);
    row_ += text;
  }
  if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < row_.size())
    blocks_.emplace_back().reserve(std::max(size_ == 0 ? kFirstBlock : kBlock, row_.size()));
  blocks_.back() += row_;
  ++size_;
}

std::string Table::text(const Terminal& terminal, std::vector<std::string>* leftOut) const {
  std::string out;
  write(
      terminal, [&out](std::string_view piece) { out += piece; }, leftOut);
  return out;
}

void Table::write(const Terminal& terminal, const Sink& sink, std::vector<std::string>* leftOut) const {
  std::vector<std::size_t> wanted = widest_;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    wanted[i] = std::max(wanted[i], displayWidth(columns_[i].title));
  const Layout layout = fit(columns_, wanted, terminal.width);
  if (leftOut != nullptr) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (std::find(layout.columns.begin(), layout.columns.end(), i) == layout.columns.end()) {
        leftOut->push_back(columns_[i].title);
      }
    }
  }

  std::string out;
  std::vector<ShownCell> row(columns_.size());
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = {columns_[i].title, Style::faint};
  RowWriter writer(columns_, layout, terminal);
  writer.write(row, out);
  RowReader rows(blocks_);
  for (std::size_t i = 0; i < size_; ++i) {
    rows.next(row);
    writer.write(row, out);
    if (out.size() < kPiece) continue;
    sink(out);
    out.clear();
  }
  sink(out);
}

}  // namespace failback::cli
