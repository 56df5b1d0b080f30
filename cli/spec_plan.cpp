// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/spec_plan.h"

namespace failback::cli {
namespace {

// Those of the options about what goes wrong that mean something without a server.
OptionGroup offlineDiagnosis() {
  OptionGroup group = diagnosticOptions();
  std::erase_if(group.options,
                [](const OptionSpec& each) { return each.name != "errors" && each.name != "help"; });
  return group;
}

OptionSpec output() {
  OptionSpec format =
      option("output", 'o', Takes::words, "FORMAT",
             "How: a summary (table), the whole plan as JSON or YAML, its canonical form, which the digest "
             "is made of, or the digest alone. Default: table.");
  format.words = {"table", "json", "yaml", "canonical", "digest"};
  return format;
}

}  // namespace

VerbSpec planShowVerb() {
  VerbSpec verb;
  verb.name = "plan show";
  verb.summary = "read a plan, say what is wrong with it, show what it says";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Reads a plan document, JSON or YAML (- is standard input), and checks it in itself: nothing is asked "
      "of a "
      "vCenter. Everything that is wrong is told at once, by line and JSON pointer.",
      "The digest stays the same when only comments, formatting or the order of members change. It is what "
      "an approval "
      "names."};
  verb.groups = {{"Output", {output()}}, offlineDiagnosis()};
  verb.examples = {
      {"plan show web-shop.yaml", "what will come home, and to where"},
      {"plan show web-shop.yaml -o digest", "the digest, for an approval"},
      {"plan show web-shop.yaml -o json > web-shop.json", "from YAML to JSON, defaults left out"}};
  return verb;
}

VerbSpec planSchemaVerb() {
  VerbSpec verb;
  verb.name = "plan schema";
  verb.summary = "print the JSON Schema of plan documents";
  verb.paragraphs = {
      "JSON Schema 2020-12, for editors and for programs that write plans. failback checks more than a "
      "schema can say: "
      "names that must be different or must be there, and values that must fit together."};
  verb.groups = {offlineDiagnosis()};
  verb.examples = {{"plan schema > plan.schema.json", "for the editor"}};
  return verb;
}

}  // namespace failback::cli
