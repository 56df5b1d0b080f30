// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/vsphere/decode/messages.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "tests/support/page_difference.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/stream/stream_page_decoder.h"

namespace failback::vsphere::test {

std::string message(std::string_view name) {
  const std::string path = std::string(FAILBACK_SOURCE_DIR) + "/tests/data/messages/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string envelope(std::string_view body) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<soapenv:Body>
)" + std::string(body) +
         "\n</soapenv:Body>\n</soapenv:Envelope>";
}

std::string page(std::string_view type, std::string_view moref, std::string_view properties) {
  return envelope(R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type=")" +
                  std::string(type) + "\">" + std::string(moref) + "</obj>" + std::string(properties) +
                  "</objects></returnval></RetrievePropertiesExResponse>");
}

std::string property(std::string_view path, std::string_view type, std::string_view value) {
  return "<propSet><name>" + std::string(path) + "</name><val xsi:type=\"" + std::string(type) + "\">" +
         std::string(value) + "</val></propSet>";
}

namespace {

template <class Decoder>
InventoryPage decodeWith(const std::string& body, const std::string& method) {
  const SoapCodec codec;
  Decoder decoder(codec, {method, "PropertyCollector:propertyCollector", 200});
  // Cut anywhere.
  const std::size_t half = body.size() / 2;
  decoder.feed(std::string_view(body).substr(0, half));
  decoder.feed(std::string_view(body).substr(half));
  return decoder.finish();
}

}  // namespace

InventoryPage decode(const std::string& body, const std::string& method) {
  std::optional<Category> refused;
  InventoryPage typed;
  try {
    typed = decodeWith<TypedPageDecoder>(body, method);
  } catch (const Failure& failure) {
    refused = failure.error().category;
  }
  try {
    InventoryPage streamed = decodeWith<StreamPageDecoder>(body, method);
    BOOST_TEST(!refused.has_value());
    if (!refused) BOOST_TEST(failback::testing::pageDifference(typed, streamed) == "");
    return streamed;
  } catch (const Failure& failure) {
    BOOST_TEST((refused == failure.error().category), failure.what());
    throw;
  }
}

std::vector<std::string> reasons(const std::vector<Unreadable>& unreadable) {
  std::vector<std::string> result;
  for (const Unreadable& what : unreadable)
    result.push_back(what.property + " " + what.reason + (what.fault.empty() ? "" : " " + what.fault));
  return result;
}

}  // namespace failback::vsphere::test
