// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/envelope.h"

namespace failback::mock {

namespace {

constexpr std::string_view head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<soapenv:Envelope xmlns:soapenc=\"http://schemas.xmlsoap.org/soap/encoding/\"\n"
    " xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"\n"
    " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"\n"
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
    "<soapenv:Body>\n";
constexpr std::string_view tail = "\n</soapenv:Body>\n</soapenv:Envelope>";

HttpResponse xmlResponse(int status, std::string body) {
  return {
      status, {{"Content-Type", "text/xml; charset=utf-8"}, {"Cache-Control", "no-cache"}}, std::move(body)};
}

std::string faultStart(std::string_view text) {
  std::string body(head);
  body += "<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>";
  appendEscaped(body, text);
  body += "</faultstring>";
  return body;
}

void writeReturn(XmlWriter& writer, const MethodInfo* method, const Value& value) {
  if (!value.isSet()) return;
  if (!method || !method->hasResult) throw SchemaViolation("a result where the method has none");
  writer.member(method->result, "returnval", value);
}

}  // namespace

HttpResponse answerResponse(const CallFormat& format, const Answer& answer) {
  std::string body(head);
  // A page of the collector is about as long as the one before.
  thread_local std::size_t lastLength = 0;
  if (answer.write) body.reserve(lastLength + lastLength / 8);
  body += "<" + format.method + "Response xmlns=\"urn:vim25\">";
  XmlWriter writer(body, format.release);
  if (answer.write) {
    answer.write(writer);
  } else {
    writeReturn(writer, TypeModel::get().method(format.method), answer.value);
  }
  body += "</" + format.method + "Response>";
  body += tail;
  if (answer.write) lastLength = body.size();
  return xmlResponse(200, std::move(body));
}

HttpResponse faultResponse(const CallFormat& format, const Fault& fault) {
  std::string body = faultStart(fault.text());
  XmlWriter writer(body, format.release);
  const DataObject& detail = *fault.detail().asObject();
  const TypeInfo& type = writer.known(detail.type());
  const std::string element = std::string(type.name) + "Fault";
  body += "<detail><" + element + " xmlns=\"urn:vim25\" xsi:type=\"" + std::string(type.name) + "\">";
  writer.members(detail, type);
  body += "</" + element + "></detail></soapenv:Fault>";
  body += tail;
  return xmlResponse(500, std::move(body));
}

HttpResponse plainFaultResponse(std::string_view text) {
  std::string body = faultStart(text);
  body += "</soapenv:Fault>";
  body += tail;
  return xmlResponse(500, std::move(body));
}

HttpResponse unavailableResponse(std::string_view text) {
  return {503, {{"Content-Type", "text/plain"}}, "503 Service Unavailable (" + std::string(text) + ")\n"};
}

}  // namespace failback::mock
