// SPDX-License-Identifier: GPL-2.0-or-later
// Every class of the subset, driven by the schema table: members are read in any order, written in the
// schema's order, and nothing is lost on the way. Every request is valid against the subset's own schema.
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "tests/unit/wsdl/message.h"
#include "tests/unit/wsdl/sample.h"
#include "vim25/soapH.h"
#include "wsdl/vim_hooks.h"

using namespace failback::vim25;
using namespace failback::vim25::test;

namespace {

std::string element(std::string_view type, const std::string& children) {
  return "<object " + std::string(kDeclarations) + " xsi:type=\"" + std::string(type) + "\">" + children +
         "</object>";
}

std::vector<std::string> boundNames(const TypeInfo& type) {
  std::vector<std::string> names;
  for (const MemberInfo* m : allMembers(type)) {
    if (m->bound) names.emplace_back(m->name);
  }
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += name + " ";
  return out;
}

// The text content must survive, too: the same element, children in another order, must give the same bytes.
std::string rewritten(Codec& codec, const TypeInfo& type, Order order) {
  xsd__anyType* const object = codec.decodeAny(element(type.name, membersOf(type, order)));
  BOOST_REQUIRE_MESSAGE(object != nullptr, type.name << ": " << codec.error());
  BOOST_REQUIRE_EQUAL(wireTypeName(*object), type.name);
  return codec.encodeAny(*object);
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_class_reads_any_order_and_writes_the_order_of_the_schema) {
  Codec codec;
  int classes = 0;
  for (const TypeInfo& type : allTypes()) {
    if (!type.bound) continue;
    ++classes;
    const std::string straight = rewritten(codec, type, Order::kSchema);
    const std::string reversed = rewritten(codec, type, Order::kReversed);
    BOOST_CHECK_EQUAL(joined(childNames(reversed, {})), joined(boundNames(type)));
    BOOST_CHECK_EQUAL(straight, reversed);
    codec.clear();
  }
  BOOST_CHECK_GT(classes, 500);
}

BOOST_AUTO_TEST_CASE(every_request_is_written_in_order_and_valid_however_it_was_read) {
  SchemaJudge judge(FAILBACK_SOURCE_DIR "/wsdl/generated/vim25.xsd");
  Codec codec;
  for (const MethodInfo& method : allMethods()) {
    // A request type, unlike a message, may be named by xsi:type: so one test serves all methods.
    xsd__anyType* const request =
        codec.decodeAny(element(method.requestType, parametersOf(method, Order::kReversed)));
    BOOST_REQUIRE_MESSAGE(request != nullptr, method.name << ": " << codec.error());
    request->xsi__type = nullptr;
    const std::string document =
        codec.encodeElement(*request, ("vim25:" + std::string(method.name)).c_str(), "");
    std::vector<std::string> wanted{"_this"};
    for (const ParameterInfo& p : method.parameters) wanted.emplace_back(p.name);
    BOOST_CHECK_EQUAL(joined(childNames(document, {"Body", std::string(method.name)})), joined(wanted));
    const std::string verdict = judge.judgeBody(document);
    BOOST_CHECK_MESSAGE(verdict.empty(), method.name << ": " << verdict << document);
    codec.clear();
  }
}

BOOST_AUTO_TEST_CASE(the_judge_of_these_tests_does_find_faults) {
  SchemaJudge judge(FAILBACK_SOURCE_DIR "/wsdl/generated/vim25.xsd");
  const auto envelope = [](const std::string& body) {
    return R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>)" + body +
           "</e:Body></e:Envelope>";
  };
  BOOST_CHECK_EQUAL(judge.judgeBody(envelope(
                        R"(<Logout xmlns="urn:vim25"><_this type="SessionManager">s</_this></Logout>)")),
                    "");
  BOOST_CHECK_NE(judge.judgeBody(envelope(R"(<Logout xmlns="urn:vim25"/>)")), "");
  BOOST_CHECK_NE(
      judge.judgeBody(envelope(
          R"(<CancelTask xmlns="urn:vim25"><_this type="Task">t</_this><extra>1</extra></CancelTask>)")),
      "");
}

BOOST_AUTO_TEST_CASE(devices_keep_their_classes_in_a_request) {
  Codec codec;
  auto* const spec = codec.make<vim25__VirtualMachineConfigSpec>();
  auto* const backing = codec.make<vim25__VirtualDiskFlatVer2BackingInfo>();
  backing->fileName = "[ds1] db-01/db-01.vmdk";
  backing->diskMode = "independent_persistent";
  auto* const disk = codec.make<vim25__VirtualDisk>();
  disk->key = -1;
  disk->controllerKey = 1000;
  disk->unitNumber = 3;
  disk->backing = backing;
  auto* const change = codec.make<vim25__VirtualDeviceConfigSpec>();
  change->operation = "add";
  change->device = disk;
  spec->deviceChange.push_back(change);
  spec->changeVersion = "2026-01-02T03:04:05.123456Z";
  auto* const self = codec.make<vim25__ManagedObjectReference>();
  self->type = "VirtualMachine";
  self->__item = "vm-42";
  auto* const request = codec.make<vim25__ReconfigVMRequestType>();
  request->_USCOREthis = self;
  request->spec = spec;

  const std::string document = codec.encode(*request, "op-1");
  BOOST_REQUIRE_MESSAGE(!document.empty(), codec.error());
  BOOST_CHECK_NE(document.find("operationID>op-1<"), std::string::npos);

  Codec server;
  auto* const got = server.decodeRequest<vim25__ReconfigVMRequestType>(document);
  BOOST_REQUIRE_MESSAGE(got != nullptr, server.error());
  BOOST_REQUIRE(got->spec != nullptr);
  BOOST_CHECK_EQUAL(got->spec->changeVersion.value_or(""), "2026-01-02T03:04:05.123456Z");
  BOOST_REQUIRE_EQUAL(got->spec->deviceChange.size(), 1U);
  auto* const gotDisk = dynamic_cast<vim25__VirtualDisk*>(got->spec->deviceChange[0]->device);
  BOOST_REQUIRE(gotDisk != nullptr);
  BOOST_CHECK_EQUAL(gotDisk->unitNumber.value_or(-1), 3);
  // What was not set is not sent: a server must not read it as zero.
  BOOST_CHECK(!gotDisk->capacityInKB.has_value());
  auto* const gotBacking = dynamic_cast<vim25__VirtualDiskFlatVer2BackingInfo*>(gotDisk->backing);
  BOOST_REQUIRE(gotBacking != nullptr);
  BOOST_CHECK_EQUAL(gotBacking->fileName.value_or(""), "[ds1] db-01/db-01.vmdk");
  BOOST_CHECK_EQUAL(gotBacking->diskMode.value_or(""), "independent_persistent");
}

BOOST_AUTO_TEST_CASE(values_of_an_anytype_keep_their_types) {
  Codec codec;
  auto* const option = codec.make<vim25__OptionValue>();
  auto* const text = codec.make<xsd__string_>();
  text->__item = "TRUE";
  option->key = "disk.EnableUUID";
  option->value = text;
  const std::string document = codec.encodeAny(*option);
  auto* const got = dynamic_cast<vim25__OptionValue*>(codec.decodeAny(document));
  BOOST_REQUIRE_MESSAGE(got != nullptr, codec.error() << document);
  auto* const value = dynamic_cast<xsd__string_*>(got->value);
  BOOST_REQUIRE(value != nullptr);
  BOOST_CHECK_EQUAL(value->__item, "TRUE");
  BOOST_CHECK_EQUAL(wireTypeName(*value), "string");
}
