// SPDX-License-Identifier: GPL-2.0-or-later
// The entry point that all unit-test programs share.
#define BOOST_TEST_MODULE failback
#include <boost/test/unit_test.hpp>
