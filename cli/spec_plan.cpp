// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/spec_plan.h"

namespace failback::cli {
namespace {

// Those of the options about what goes wrong that mean something without a server.
OptionSpec output() {
  OptionSpec format =
      option("output", 'o', Takes::words, "FORMAT",
             "How: a summary (table), the whole plan as JSON or YAML, its canonical form, which the digest "
             "is made of, or the digest alone. Default: table.");
  format.words = {"table", "json", "yaml", "canonical", "digest"};
  return format;
}

OptionGroup contents() {
  OptionSpec machine = option("machine", 0, Takes::text, "NAME",
                              "A machine that is to come home: its name, a pattern of names, its inventory "
                              "path, or its instance UUID.");
  machine.repeats = true;
  return {"What the plan says",
          {machine,
           option("master-target", 0, Takes::text, "NAME",
                  "The VM that the disks are attached to meanwhile: name, inventory path or instance UUID."),
           option("datastore", 0, Takes::text, "NAME",
                  "Where machines are made anew whose original has gone: name or inventory path."),
           option("allow-power-off", 0, Takes::nothing, "",
                  "Consent, for each machine: it may be shut down when it runs. It may be the live one."),
           option("allow-merge", 0, Takes::nothing, "",
                  "Consent, for each machine: its snapshots may be merged. They are gone then."),
           option("from", 0, Takes::file, "DUMP",
                  "Make it from a dump (failback discover -o json) instead of from a server; - is standard "
                  "input.")}};
}

OptionGroup initOutput() {
  OptionSpec format = option("output", 'o', Takes::words, "FORMAT",
                             "yaml (default): with a comment for every member. json: without.");
  format.words = {"yaml", "json"};
  return {"Output",
          {format,
           option("out", 0, Takes::file, "FILE",
                  "Write to FILE instead of standard output, readable by you only. A file that exists is not "
                  "replaced: marks in vCenter may bear its plan's id."),
           option("quiet", 'q', Takes::nothing, "", "No line of progress on the terminal.")}};
}

}  // namespace

VerbSpec planInitVerb() {
  VerbSpec verb;
  verb.name = "plan init";
  verb.summary = "make a first plan from the inventory, or from a dump of better days";
  verb.paragraphs = {
      "Finds the machines, the master target and the datastore, and writes down what they are now: identity, "
      "disks, hardware, networks, and where they lie. Nothing is changed in the vCenter. Read the plan, "
      "change what should be otherwise, and keep it.",
      "What is not there, or there more than once, is an error that names it: nothing is guessed. What "
      "whoever reads the plan should know is told on standard error, with the exit code 3.",
      "After a disaster the original, and perhaps its vCenter, has gone. Keep a dump that is made every "
      "night (failback discover --full -o json --out FILE): --from makes the plan from it."};
  verb.groups = {contents(), initOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {
      {"plan init --machine web-01 --machine web-02 --master-target mt-linux-01 --datastore vmfs-01 --out "
       "web-shop.yaml",
       "two machines"},
      {"plan init --from site.json --machine 'web-*' --master-target mt-linux-01 --datastore vmfs-01",
       "all of a name's pattern, from a dump"}};
  return verb;
}

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

VerbSpec planRefreshVerb() {
  VerbSpec verb;
  verb.name = "plan refresh";
  verb.summary = "put into a plan what the inventory looks like now";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "A plan holds what its machines, master targets and datastores looked like when it was made, and "
      "reprotect --approve refuses one whose world has moved since. This looks again, tells on standard "
      "error "
      "what is not as it was, and writes the plan with what is there now. All else of it stays, comments "
      "aside. Its digest is another one: review it, and approve that."};
  verb.groups = {initOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {
      {"plan refresh web-shop.yaml --out web-shop-2.yaml", "what has moved; and a plan to approve"}};
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
