// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/spec_discover.h"

#include "discovery/kind.h"

namespace failback::cli {
namespace {

OptionSpec pattern(std::string name, std::string help) {
  OptionSpec result = option(std::move(name), 0, Takes::text, "PATTERN", std::move(help));
  result.repeats = true;
  return result;
}

OptionGroup selection() {
  OptionGroup group;
  group.title = "What to read";
  OptionSpec kind =
      option("kind", 0, Takes::words, "KIND",
             "Only objects of this kind; several are separated by commas. vCenter's type names and vm, dc, "
             "ds, net, pool, pod and dvs are understood too.");
  for (const discovery::KindInfo& row : discovery::allKinds()) kind.words.emplace_back(row.name);
  kind.repeats = true;
  kind.list = true;
  group.options = {
      kind,
      pattern("datacenter", "Only what lies in datacenters of this name."),
      pattern("host",
              "Only these hosts and what belongs to them: the VMs they run, the datastores they mount, their "
              "networks, "
              "clusters and pools, and the folders above."),
      pattern("name", "Only objects of this name; a pattern with a / is compared with the inventory path."),
      option("thin", 0, Takes::nothing, "",
             "Names, identity, state and sizes only: quick, also on a large site."),
      option("full", 0, Takes::nothing, "",
             "Also files, notes and all extraConfig, and when it was read: for a dump that is kept."),
  };
  return group;
}

OptionGroup watching() {
  OptionGroup group;
  group.title = "Watching";
  group.options = {
      option(
          "watch", 0, Takes::nothing, "",
          "With -o jsonl: after the summary go on, with a line for each change of what is shown, until "
          "Ctrl-C. Goes on over lost sessions and restarts of the server: no change is lost or told twice. "
          "--timeout then bounds the time until the summary."),
      option("for", 0, Takes::text, "TIME", "End the watch after TIME, such as 2h, with success."),
  };
  return group;
}

OptionGroup output() {
  OptionGroup group;
  group.title = "Output";
  OptionSpec format =
      option("output", 'o', Takes::words, "FORMAT",
             "table (default): for people. json: one document (see --print-schema), sorted, so that two "
             "dumps can be compared. jsonl: a line per object, as they come. csv: a row per object of one "
             "kind, virtual machines unless --kind says otherwise.");
  format.words = {"table", "json", "jsonl", "csv"};
  group.options = {
      format,
      option(
          "out", 0, Takes::file, "FILE",
          "Write to FILE instead of standard output. It appears when all is written, readable by you only."),
      option("print-schema", 0, Takes::nothing, "", "Print the JSON Schema of -o json, and do nothing else."),
      colourOption(),
      option("quiet", 'q', Takes::nothing, "", "No line of progress on the terminal."),
  };
  return group;
}

}  // namespace

VerbSpec discoverVerb() {
  VerbSpec verb;
  verb.name = "discover";
  verb.summary = "read hosts, datastores, networks, pools, VMs, disks and snapshots";
  verb.paragraphs = {
      "Reads the inventory of a vCenter or of a standalone ESXi host, changes nothing, and shows it: what is "
      "there, which "
      "VM could be a master target and why or why not, and what could not be read, with the reason.",
      "Settings come from options, then FAILBACK_* variables, then govc's GOVC_* variables, then a "
      "configuration file. "
      "There is no option for the password itself, because everybody on this machine could see it there: use "
      "--password-file, --password-fd, FAILBACK_PASSWORD, a systemd credential, or the prompt.",
      "Patterns: * any characters, ? one, [a-c] one of a set, \\ takes the next as it is; case does not "
      "count. Several "
      "values of one option are alternatives; of different options, all must hold.",
      "Data goes to standard output, words to standard error. Without a terminal, the table is neither "
      "coloured nor cut.",
  };
  verb.groups = {selection(), output(), watching(), connectionOptions(), diagnosticOptions()};
  verb.examples = {
      {"discover --url vc.example -u operator@vsphere.local",
       "the whole site as tables; asks for the password"},
      {"discover --kind vm --name 'web-*' -o json", "some VMs, with all that is known of them"},
      {"discover --host esx-01.example", "one host and what belongs to it"},
      {"discover --full -o json --out site.json",
       "a dump to keep: after a disaster a plan can be made from it"},
      {"discover -o jsonl | jq -r 'select(.masterTarget.candidate == \"yes\").name'",
       "who could be a master target"},
      {"discover --kind vm -o jsonl --watch | jq -c 'select(.kind == \"change\")'",
       "what happens to VMs from now on"},
      {"discover --kind datastore -o csv > datastores.csv", "for a spreadsheet"},
  };
  return verb;
}

}  // namespace failback::cli
