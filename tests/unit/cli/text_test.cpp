// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nearest.h"
#include "cli/table.h"
#include "cli/text_width.h"
#include "tests/unit/cli/support.h"

using namespace failback;
using cli::cutToWidth;
using cli::displayWidth;
using cli::printable;
using cli::Table;
using cli::Terminal;

namespace {

Terminal terminalOf(std::size_t width, bool colour = false) {
  Terminal terminal;
  terminal.isTerminal = true;
  terminal.width = width;
  terminal.colour = colour;
  return terminal;
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) lines.push_back(line);
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(width_is_counted_in_columns) {
  BOOST_TEST(displayWidth("web-01") == 6u);
  BOOST_TEST(displayWidth("gr\xC3\xBC\xC3\x9F"
                          "e") == 5u);
  BOOST_TEST(displayWidth("\xE6\x97\xA5\xE6\x9C\xAC") == 4u);  // two wide characters
  BOOST_TEST(displayWidth("e\xCC\x81") == 1u);                 // a letter and its accent
  BOOST_TEST(displayWidth("\xF0\x9F\x98\x80") == 2u);
}

BOOST_AUTO_TEST_CASE(cutting_never_splits_a_character) {
  BOOST_TEST(cutToWidth("web-front-01", 6, "~") == "web-f~");
  BOOST_TEST(cutToWidth("web-01", 6, "~") == "web-01");
  BOOST_TEST(cutToWidth("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 4, "~") == "\xE6\x97\xA5~");
  BOOST_TEST(displayWidth(cutToWidth("gr\xC3\xBC\xC3\x9F"
                                     "e aus dem Keller",
                                     9, "\xE2\x80\xA6")) == 9u);
  BOOST_TEST(cutToWidth("abc", 1, "~") == "a");
}

BOOST_AUTO_TEST_CASE(of_a_path_the_end_is_kept) {
  BOOST_TEST(cli::cutFrontToWidth("/DC0/host/cluster/Resources/Production", 12, "~") == "~/Production");
  BOOST_TEST(cli::cutFrontToWidth("/DC0", 12, "~") == "/DC0");
  BOOST_TEST(cli::cutFrontToWidth("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 4, "~") == "~\xE8\xAA\x9E");
}

BOOST_AUTO_TEST_CASE(wrapping_loses_nothing) {
  using Lines = std::vector<std::string>;
  BOOST_TEST(cli::wrapToWidth("no VMFS datastore on it", 9) == (Lines{"no VMFS", "datastore", "on it"}),
             boost::test_tools::per_element());
  BOOST_TEST(cli::wrapToWidth("ParaVirtualSCSIController: no", 12) ==
                 (Lines{"ParaVirtualS", "CSIControlle", "r: no"}),
             boost::test_tools::per_element());
  BOOST_TEST(cli::wrapToWidth("pin AB:CD:EF:01:02 now", 9, cli::LongWords::kept) ==
                 (Lines{"pin", "AB:CD:EF:01:02", "now"}),
             boost::test_tools::per_element());
  BOOST_TEST(cli::wrapToWidth("", 9) == (Lines{""}), boost::test_tools::per_element());
  Table table({{"NAME"}, {"SEEN", false, 8, 0, cli::Column::Shorten::wrap}});
  table.add({"vm", "one two three four"});
  BOOST_TEST(table.text(terminalOf(16)) == "  NAME  SEEN\n  vm    one two\n        three\n        four\n");
}

BOOST_AUTO_TEST_CASE(a_name_cannot_write_to_the_terminal) {
  BOOST_TEST(printable("a\x1b[31mb") == "a?[31mb");
  BOOST_TEST(printable("a\nb\tc") == "a b c");
  BOOST_TEST(printable("a\xC2\x9B"
                       "b") == "a?b");  // the one-byte CSI
  BOOST_TEST(printable("\xE2\x80\xAE"
                       "exe.txt") == "?exe.txt");  // right-to-left override
  BOOST_TEST(printable("x\xFFy") == "x\xEF\xBF\xBDy");
}

BOOST_AUTO_TEST_CASE(columns_are_aligned_by_what_is_seen) {
  Table table({{"NAME"}, {"SIZE", true}});
  table.add({"a", "1 GiB"});
  table.add({"\xE6\x97\xA5\xE6\x9C\xAC", "10 GiB"});
  const auto lines = linesOf(table.text(Terminal{}));
  BOOST_REQUIRE(lines.size() == 3u);
  BOOST_TEST(lines[0] == "  NAME    SIZE");
  BOOST_TEST(lines[1] == "  a      1 GiB");
  BOOST_TEST(lines[2] == "  \xE6\x97\xA5\xE6\x9C\xAC  10 GiB");
}

BOOST_AUTO_TEST_CASE(a_table_fits_the_terminal) {
  Table table({{"NAME", false, 6}, {"STATE"}, {"FOLDER", false, 4, 1}, {"OS", false, 0, 2}});
  table.add({"a-rather-long-name-of-a-vm", "on", "/DC0/vm/somewhere", "Ubuntu Linux"});
  for (const std::size_t width : {80u, 60u, 40u, 30u, 20u}) {
    std::vector<std::string> leftOut;
    for (const std::string& line : linesOf(table.text(terminalOf(width), &leftOut))) {
      BOOST_TEST(displayWidth(line) <= width, width << ": " << line);
    }
  }
  // What can be dispensed with goes first, and is named.
  std::vector<std::string> leftOut;
  table.text(terminalOf(30), &leftOut);
  BOOST_TEST(leftOut == (std::vector<std::string>{"OS"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_table_comes_in_pieces_and_whole) {
  Table table({{"NUMBER", true}, {"TEXT"}, {"REST"}});
  std::string wanted = "  " + std::string(294, ' ') + "NUMBER  TEXT" + std::string(196, ' ') + "  REST\n";
  for (std::size_t i = 0; i < 3000; ++i) {
    // Texts around the lengths that are written down differently.
    const std::string number(1 + i % 300, '7'), text(i % 3 == 0 ? 127 + i % 4 : 200, 'x');
    if (i % 7 == 0) {
      table.add({number, text});
    } else {
      table.add({number, text, "end"});
    }
    wanted += "  " + std::string(300 - number.size(), ' ') + number + "  " + text;
    wanted += i % 7 == 0 ? "\n" : std::string(200 - text.size(), ' ') + "  end\n";
  }
  BOOST_TEST(table.size() == 3000u);
  std::string whole;
  std::size_t pieces = 0;
  table.write(Terminal{}, [&](std::string_view piece) {
    whole += piece;
    ++pieces;
  });
  BOOST_TEST((whole == wanted));
  BOOST_TEST((table.text(Terminal{}) == wanted));
  BOOST_TEST(pieces > 10u);
}

BOOST_AUTO_TEST_CASE(without_a_terminal_nothing_is_cut) {
  Table table({{"NAME", false, 6}, {"FOLDER", false, 4, 1}});
  const std::string name(300, 'x');
  table.add({name, "/DC0"});
  BOOST_TEST(testing::holds(table.text(Terminal{}), name + "  /DC0"));
}

BOOST_AUTO_TEST_CASE(colour_only_where_it_is_wanted) {
  Table table({{"STATE"}});
  table.add({cli::Cell("on", cli::Style::good)});
  BOOST_TEST(!testing::holds(table.text(terminalOf(80, false)), "\x1b"));
  const std::string coloured = table.text(terminalOf(80, true));
  BOOST_TEST(testing::holds(coloured, "\x1b[32mon\x1b[0m"));
}

BOOST_AUTO_TEST_CASE(what_was_probably_meant) {
  const std::vector<std::string> names = {"--output", "--out", "--timeout", "--thumbprint"};
  BOOST_TEST(cli::nearest("--outptu", names) == "--output");
  BOOST_TEST(cli::nearest("--thumbprnt", names) == "--thumbprint");
  BOOST_TEST(cli::nearest("hots", {"host", "hosts", "datastore"}) == "host");
  BOOST_TEST(cli::nearest("--thumb", names) == "--thumbprint");
  BOOST_TEST(cli::nearest("--zebra", names).empty());
  BOOST_TEST(cli::didYouMean("--timout", names) == "; did you mean --timeout?");
}

BOOST_AUTO_TEST_SUITE_END()
