// SPDX-License-Identifier: GPL-2.0-or-later
// Which calls orders pick, and how orders are written.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "mocks/duration.h"
#include "mocks/order_json.h"
#include "mocks/orders.h"
#include "mocks/request_peek.h"

namespace failback::mock {

namespace {

CallFacts powerOn(const std::string& vm = "web-01") {
  return {
      "PowerOnVM_Task", "VirtualMachine", "vm-42", vm, "DC1/vm/Linux/" + vm, "administrator@vsphere.local"};
}

// "..x.." for the calls that the orders act on.
std::string picked(OrderBook& book, int calls, const CallFacts& facts = powerOn()) {
  std::string pattern;
  for (int i = 0; i < calls; ++i) pattern += book.call(facts) ? 'x' : '.';
  return pattern;
}

std::string pickedBy(const std::string& when, int calls, std::uint64_t seed = 1) {
  OrderBook book(seed);
  book.add(parseOrders(R"({"when": )" + when + R"(, "do": {"status": 503}})").orders.front());
  return picked(book, calls);
}

std::string problemOf(const std::string& text) {
  try {
    parseOrders(text);
  } catch (const JsonError& problem) {
    return problem.what();
  }
  return "none";
}

bool matches(const std::string& match) {
  OrderBook book(1);
  book.add(parseOrders(R"({"match": )" + match + R"(, "do": {"status": 503}})").orders.front());
  return book.call(powerOn()).has_value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_AUTO_TEST_CASE(globs_match_whole_texts) {
  BOOST_TEST(matchesGlob("web-*", "web-01"));
  BOOST_TEST(matchesGlob("*", ""));
  BOOST_TEST(matchesGlob("w?b-*1", "web-0101"));
  BOOST_TEST(matchesGlob("*_Task", "PowerOnVM_Task"));
  BOOST_TEST(!matchesGlob("web", "web-01"));
  BOOST_TEST(!matchesGlob("web-?", "web-01"));
  BOOST_TEST(!matchesGlob("", "web-01"));
}

BOOST_AUTO_TEST_CASE(an_order_acts_on_the_calls_that_it_says) {
  BOOST_TEST(pickedBy("{}", 4) == "xxxx");
  BOOST_TEST(pickedBy(R"({"call": 3})", 6) == "..x...");
  BOOST_TEST(pickedBy(R"({"from": 3})", 6) == "..xxxx");
  BOOST_TEST(pickedBy(R"({"every": 3})", 9) == "..x..x..x");
  BOOST_TEST(pickedBy(R"({"from": 2, "every": 3})", 9) == ".x..x..x.");
  BOOST_TEST(pickedBy(R"({"times": 2})", 5) == "xx...");
  BOOST_TEST(pickedBy(R"({"every": 2, "times": 2})", 9) == ".x.x.....");
  BOOST_TEST(pickedBy(R"({"probability": 0})", 5) == ".....");
}

BOOST_AUTO_TEST_CASE(chance_follows_the_seed_and_nothing_else) {
  const std::string when = R"({"probability": 0.3})";
  const std::string first = pickedBy(when, 1000, 7);
  BOOST_TEST(first == pickedBy(when, 1000, 7));
  BOOST_TEST(first != pickedBy(when, 1000, 8));
  const auto hits = std::count(first.begin(), first.end(), 'x');
  BOOST_TEST(hits > 240);
  BOOST_TEST(hits < 360);
  // Calls of others in between change nothing.
  OrderBook book(7);
  book.add(parseOrders(R"({"match": {"method": "PowerOnVM_Task"}, "when": {"probability": 0.3},
                           "do": {"status": 503}})")
               .orders.front());
  std::string mixed;
  for (int i = 0; i < 1000; ++i) {
    mixed += picked(book, 1);
    CallFacts other = powerOn();
    other.method = "Login";
    BOOST_TEST(!book.call(other));
  }
  BOOST_TEST(mixed == first);
}

BOOST_AUTO_TEST_CASE(an_order_matches_by_method_object_and_user) {
  BOOST_TEST(matches(R"({"method": "PowerOnVM_Task"})"));
  BOOST_TEST(matches(R"({"method": "Power*"})"));
  BOOST_TEST(!matches(R"({"method": "PowerOffVM_Task"})"));
  for (const char* object :
       {"web-01", "web-*", "vm-42", "VirtualMachine:vm-42", "DC1/vm/Linux/web-01", "DC1/*"})
    BOOST_TEST(matches(R"({"object": ")" + std::string(object) + "\"}"), object);
  BOOST_TEST(!matches(R"({"object": "web-02"})"));
  BOOST_TEST(!matches(R"({"object": "HostSystem:vm-42"})"));
  BOOST_TEST(matches(R"({"user": "administrator@*"})"));
  BOOST_TEST(!matches(R"({"user": "readonly"})"));
}

BOOST_AUTO_TEST_CASE(the_first_order_that_acts_decides_and_all_that_match_count) {
  OrderBook book(1);
  book.add(parseOrders(R"({"when": {"call": 2}, "do": {"status": 503}})").orders.front());
  book.add(parseOrders(R"({"when": {"every": 2}, "do": {"status": 500}})").orders.front());
  std::string statuses;
  for (int i = 0; i < 4; ++i) {
    const auto decided = book.call(powerOn());
    statuses += decided ? decided->order + "/" + std::to_string(decided->what.status) + " " : "- ";
  }
  BOOST_TEST(statuses == "- order-1/503 - order-2/500 ");
  const auto listed = book.all();
  BOOST_TEST(listed[0].matched == 4U);
  BOOST_TEST(listed[0].acted == 1U);
  BOOST_TEST(listed[1].matched == 4U);
  BOOST_TEST(describe(listed[1])["acted"] == 1);
  BOOST_TEST(book.remove("order-1"));
  BOOST_TEST(!book.remove("order-1"));
  BOOST_TEST(book.all().size() == 1U);
}

BOOST_AUTO_TEST_CASE(orders_for_tasks_are_apart_from_those_for_calls) {
  OrderBook book(1);
  book.add(parseOrders(R"({"do": {"task": {"hang": true, "at": 30}}})").orders.front());
  BOOST_TEST(!book.call(powerOn()));
  const auto fate = book.task(powerOn());
  BOOST_REQUIRE(fate);
  BOOST_TEST((fate->what.end == TaskFate::End::hangs));
  BOOST_TEST(fate->what.at == 30);
}

BOOST_AUTO_TEST_CASE(faults_are_checked_by_the_schema) {
  const OrderFile file = parseOrders(R"({"seed": 9, "orders": [{"do": {"fault":
    {"type": "FileLocked", "message": "It is locked.", "members": {"file": "[ds] a.vmdk"}}}}]})");
  BOOST_TEST(*file.seed == 9U);
  const Fault& fault = *file.orders.front().effect.fault;
  BOOST_TEST(fault.type() == "FileLocked");
  BOOST_TEST(fault.text() == "It is locked.");
  BOOST_TEST(fault.detail().at("file").string() == "[ds] a.vmdk");
  const auto faulty = [](const std::string& content) {
    return problemOf(R"([{"do": {"fault": )" + content + "}}]");
  };
  BOOST_TEST(faulty(R"({"type": "Nonsense"})") ==
             "/0/do/fault/type: 'Nonsense' is no fault that the schema knows");
  BOOST_TEST(faulty(R"({"type": "VirtualDisk"})").starts_with("/0/do/fault/type: "));
  BOOST_TEST(faulty(R"({"type": "FileLocked"})") ==
             "/0/do/fault/members: a FileLocked must have the member 'file'");
  BOOST_TEST(faulty(R"({"type": "FileLocked", "members": {"file": 1}})") ==
             "/0/do/fault/members/file: a text is expected here, not a number");
  BOOST_TEST(faulty(R"({"type": "FileLocked", "members": {"file": "a", "size": 1}})")
                 .starts_with("/0/do/fault/members: a FileLocked has no member 'size'; it has faultCause"));
  BOOST_TEST(faulty(R"({"type": "InvalidPowerState", "members": {"existingState": "on"}})")
                 .starts_with("/0/do/fault/members/existingState: 'on' is no VirtualMachinePowerState"));
  BOOST_TEST(faulty(R"({"type": "TaskInProgress", "members": {"task": "web-01"}})")
                 .starts_with("/0/do/fault/members/task: 'web-01' is no object"));
  BOOST_TEST(faulty(R"({"type": "TaskInProgress", "members": {"task": "Task:task-1"}})") == "none");
}

BOOST_AUTO_TEST_CASE(mistakes_in_orders_are_errors_with_their_place) {
  BOOST_TEST(problemOf("{\n  \"orders\": [,]\n}").starts_with("line 2, column 14: this is no JSON"));
  BOOST_TEST(problemOf("{}") == "/: the member 'do' is missing");
  BOOST_TEST(problemOf(R"({"do": {}})") == "/do: nothing is to happen");
  BOOST_TEST(problemOf(R"([{"do": {"status": 503}}, {"do": {"staus": 503}}])")
                 .starts_with("/1/do: unknown member 'staus'; known are "));
  BOOST_TEST(problemOf(R"({"orders": [{"do": {"delay": "soon"}}]})") ==
             "/orders/0/do/delay: 'soon' is no duration; write one such as 20ms, 30s or 5m");
  BOOST_TEST(problemOf(R"({"match": {"method": "PowerOnVM"}, "do": {"status": 503}})") ==
             "/match/method: no method 'PowerOnVM' is known; did you mean 'PowerOnVM_Task'?");
  BOOST_TEST(problemOf(R"({"do": {"status": 503, "drop": "before"}})") ==
             "/do: only one of drop, status at a time");
  BOOST_TEST(problemOf(R"({"do": {"drop": "sometimes"}})").starts_with("/do/drop: 'sometimes' is none of"));
  BOOST_TEST(problemOf(R"({"do": {"delay": "1s", "happens": true}})").starts_with("/do/happens: "));
  BOOST_TEST(problemOf(R"({"do": {"task": {"at": 20}}})").starts_with("/do/task: nothing is to happen"));
  BOOST_TEST(
      problemOf(R"({"do": {"task": {"hang": true, "vanish": true}}})").starts_with("/do/task: only one"));
  BOOST_TEST(
      problemOf(R"({"do": {"task": {"hang": true}, "delay": "1s"}})").starts_with("/do: unknown member"));
  BOOST_TEST(problemOf(R"({"when": {"call": 0}, "do": {"status": 503}})").starts_with("/when/call: "));
  BOOST_TEST(problemOf(R"({"when": {"call": 1, "every": 2}, "do": {"status": 503}})").starts_with("/when: "));
  BOOST_TEST(
      problemOf(R"({"when": {"probability": 2}, "do": {"status": 503}})").starts_with("/when/probability"));
  BOOST_TEST(problemOf("[1]") == "/0: an object is expected here");
}

BOOST_AUTO_TEST_CASE(durations_are_read_and_written) {
  BOOST_TEST((durationIn("90s") == std::chrono::milliseconds(90'000)));
  BOOST_TEST((durationIn("-5m", true) == std::chrono::milliseconds(-300'000)));
  for (const char* wrong : {"", "5", "m", "-5m", "5 m", "5x", "99999999999999d"})
    BOOST_TEST(!durationIn(wrong), wrong);
  BOOST_TEST(durationText(std::chrono::milliseconds(-300'000)) == "-5m");
  BOOST_TEST(durationText(std::chrono::milliseconds(1500)) == "1500ms");
  BOOST_TEST(laterBy("2026-02-28T23:59:30.250000Z", std::chrono::milliseconds(60'000)) ==
             "2026-03-01T00:00:30.250000Z");
  BOOST_TEST(laterBy("2026-01-01T00:00:00.000000Z", std::chrono::milliseconds(-1)) ==
             "2025-12-31T23:59:59.999000Z");
}

BOOST_AUTO_TEST_CASE(the_call_is_known_before_it_is_decoded) {
  const auto peek = peekRequest(
      "<?xml version=\"1.0\"?><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header>"
      "<operationID>x</operationID></e:Header><e:Body><v:PowerOnVM_Task xmlns:v=\"urn:vim25\">"
      "<v:_this type=\"VirtualMachine\">vm-42</v:_this></v:PowerOnVM_Task></e:Body></e:Envelope>");
  BOOST_TEST(peek.method == "PowerOnVM_Task");
  BOOST_TEST(peek.self.type == "VirtualMachine");
  BOOST_TEST(peek.self.id == "vm-42");
  for (const char* none : {"", "nonsense", "<a><b><c/></b></a>", "<Envelope><Body"}) {
    BOOST_TEST(peekRequest(none).method.empty(), none);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::mock
