// SPDX-License-Identifier: GPL-2.0-or-later
// Memory that libcurl gets: it grows and shrinks with its content, as libcurl takes for granted. That nothing
// of a password is left in it shows in the conformance test jobs-password-core.
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>

#include "vsphere/wiping_memory.h"

namespace failback::vsphere {

BOOST_AUTO_TEST_CASE(wiping_memory_keeps_what_is_in_it_while_it_grows_and_shrinks) {
  constexpr std::size_t small = 100, large = 300'000;
  const std::string text(small, 'x');
  auto* memory = static_cast<char*>(wipingRealloc(nullptr, small));
  BOOST_REQUIRE(memory != nullptr);
  std::memcpy(memory, text.data(), small);
  memory = static_cast<char*>(wipingRealloc(memory, large));
  BOOST_REQUIRE(memory != nullptr);
  BOOST_TEST(std::string(memory, small) == text);
  memory = static_cast<char*>(wipingRealloc(memory, 3));
  BOOST_REQUIRE(memory != nullptr);
  BOOST_TEST(std::string(memory, 3) == "xxx");
  wipingFree(memory);
  wipingFree(nullptr);

  auto* zeros = static_cast<char*>(wipingCalloc(2, small));
  BOOST_REQUIRE(zeros != nullptr);
  BOOST_TEST(std::string(zeros, 2 * small) == std::string(2 * small, '\0'));
  wipingFree(zeros);
  char* copy = wipingStrdup("text");
  BOOST_TEST(std::string(copy) == "text");
  wipingFree(copy);
}

}  // namespace failback::vsphere
