// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <libxml/xmlwriter.h>

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

#include "provisioning/check/report.h"

namespace failback::provisioning {
namespace {

// XML that libxml2 writes into memory. Text goes in escaped; characters that XML does not have become "?".
class Xml {
 public:
  Xml()
      : buffer_(xmlBufferCreate(), xmlBufferFree),
        writer_(xmlNewTextWriterMemory(buffer_.get(), 0), xmlFreeTextWriter) {
    if (!buffer_ || !writer_) throw std::bad_alloc();
    xmlTextWriterSetIndent(writer_.get(), 1);
    xmlTextWriterStartDocument(writer_.get(), nullptr, "UTF-8", nullptr);
  }
  void open(const char* name) { xmlTextWriterStartElement(writer_.get(), bytes(name)); }
  void attribute(const char* name, const std::string& value) {
    xmlTextWriterWriteAttribute(writer_.get(), bytes(name), bytes(clean(value).c_str()));
  }
  void text(const std::string& value) {
    xmlTextWriterWriteString(writer_.get(), bytes(clean(value).c_str()));
  }
  void close() { xmlTextWriterEndElement(writer_.get()); }
  std::string finish() {
    xmlTextWriterEndDocument(writer_.get());
    xmlTextWriterFlush(writer_.get());
    return reinterpret_cast<const char*>(xmlBufferContent(buffer_.get()));
  }

 private:
  static const xmlChar* bytes(const char* text) { return reinterpret_cast<const xmlChar*>(text); }
  static std::string clean(std::string text) {
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') c = '?';
    }
    return xmlCheckUTF8(reinterpret_cast<const unsigned char*>(text.c_str())) != 0 ? text : std::string("?");
  }

  std::unique_ptr<xmlBuffer, decltype(&xmlBufferFree)> buffer_;
  std::unique_ptr<xmlTextWriter, decltype(&xmlFreeTextWriter)> writer_;
};

struct Suite {
  std::string title;
  std::vector<const Finding*> findings;
  int failures = 0, errors = 0;
};

bool isOf(const RuleGroup& group, const Rule& rule) {
  return std::any_of(group.rules.begin(), group.rules.end(),
                     [&](const Rule& each) { return each.id == rule.id; });
}

std::vector<Suite> suitesOf(const Report& report, UnknownPolicy unknown) {
  std::vector<Suite> suites;
  for (const RuleGroup& group : ruleGroups()) {
    Suite suite;
    suite.title = group.title;
    for (const Finding& each : report.findings) {
      if (!isOf(group, *each.rule)) continue;
      suite.findings.push_back(&each);
      const Verdict verdict = weigh(each, report.phase, unknown);
      suite.failures += verdict == Verdict::block ? 1 : 0;
      suite.errors += verdict == Verdict::unknown ? 1 : 0;
    }
    if (!suite.findings.empty()) suites.push_back(std::move(suite));
  }
  return suites;
}

void writeCase(Xml& xml, const Suite& suite, const Finding& finding, Verdict verdict) {
  xml.open("testcase");
  xml.attribute("classname", fmt::format("failback.{}", suite.title));
  xml.attribute("name", fmt::format("{} {} {}", finding.rule->id, finding.object.kind, finding.object.name));
  const std::string text = fmt::format("{}: {}\nwanted: {}\nremedy: {}\n", finding.property, finding.value,
                                       finding.wanted, finding.remedy);
  if (verdict == Verdict::block || verdict == Verdict::unknown) {
    xml.open(verdict == Verdict::block ? "failure" : "error");
    xml.attribute("message", finding.value);
    xml.attribute("type", std::string(finding.rule->id));
    xml.text(text);
    xml.close();
  } else if (finding.status != Status::pass) {
    xml.open("system-out");
    xml.text(fmt::format("warning: {}", text));
    xml.close();
  }
  xml.close();
}

}  // namespace

std::string reportJunit(const Report& report, const ReportOrigin& origin) {
  const std::vector<Suite> suites = suitesOf(report, origin.unknown);
  Xml xml;
  xml.open("testsuites");
  xml.attribute("name", fmt::format("failback check {}", toString(report.phase)));
  for (const Suite& suite : suites) {
    xml.open("testsuite");
    xml.attribute("name", suite.title);
    xml.attribute("tests", std::to_string(suite.findings.size()));
    xml.attribute("failures", std::to_string(suite.failures));
    xml.attribute("errors", std::to_string(suite.errors));
    for (const Finding* each : suite.findings)
      writeCase(xml, suite, *each, weigh(*each, report.phase, origin.unknown));
    xml.close();
  }
  xml.close();
  return xml.finish();
}

}  // namespace failback::provisioning
