// SPDX-License-Identifier: GPL-2.0-or-later
// How the verbs of jobs are called: their help, their options, what completion offers.
#include "cli/job_command.h"
#include "cli/server_access.h"

namespace failback::cli {
namespace {

OptionGroup jobOutput() {
  OptionGroup group;
  group.title = "Output";
  OptionSpec format =
      option("output", 'o', Takes::words, "FORMAT", "table (default): for people. json: for programs.");
  format.words = {"table", "json"};
  OptionSpec progress =
      option("progress", 0, Takes::words, "FORMAT",
             "How progress is written to standard error. text (default), or jsonl: an event a line, "
             "at least every two seconds.");
  progress.words = {"text", "jsonl"};
  group.options = {format, progress, colourOption(),
                   option("quiet", 'q', Takes::nothing, "", "No line of progress on the terminal.")};
  return group;
}

OptionSpec rebuildOption() {
  return option(
      "rebuild", 0, Takes::nothing, "",
      "Your word that the store which holds the plan's master targets is lost for good: its locks are "
      "taken over, and the job's record is made again from the marks in vCenter.");
}

}  // namespace

VerbSpec reprotectVerb() {
  VerbSpec verb;
  verb.name = "reprotect";
  verb.summary = "bring disks and master target together, so that replication can write home";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Checks the plan, and when nothing blocks it does, machine by machine: shut down the home VM, merge "
      "its "
      "snapshots, mark it, or create it when the original has gone; attach its disks to the master target; "
      "read "
      "everything back. What the plan has no consent for is not done.",
      "Each step is written to the store before it is made. Whatever stops the program, the same call goes "
      "on where "
      "it stopped, and does nothing twice.",
      "The result says per disk which one it is: id in the plan, UUID, serial number as the master target's "
      "guest "
      "shows it, slot, and file."};
  OptionGroup what;
  what.title = "What to do";
  OptionSpec fix =
      option("fix", 0, Takes::text, "RULE,...",
             "First put right what these rules find: MT-UUID sets disk.EnableUUID, MT-BOOT the boot "
             "order, MT-SNAPSHOT merges the master target's snapshots, VM-DISK-SIZE extends disks. The "
             "last two can't be taken back.");
  fix.repeats = fix.list = true;
  what.options = {
      fix,
      option("dry-run", 0, Takes::nothing, "",
             "Print every change that would be made, with -o json as the very specifications; change "
             "nothing."),
      option("approve", 0, Takes::text, "DIGEST",
             "Go on only when the plan has this digest (failback plan show -o digest) and, before the job "
             "has begun, "
             "the inventory is still as it was when the plan was made (failback plan refresh)."),
      rebuildOption(), stateOption()};
  verb.groups = {what, jobOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {{"reprotect plan.yaml --dry-run", "what would be done"},
                   {"reprotect plan.yaml -o json --progress jsonl", "as a config server calls it"}};
  return verb;
}

VerbSpec failbackVerb() {
  VerbSpec verb;
  verb.name = "failback";
  verb.summary = "detach the disks from the master target and start the machines at home";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Machine by machine, by recovery order: verify that each disk is where it was attached, detach them, "
      "read that "
      "back, put the VM's devices back as they were, take a safety snapshot where the plan wants one, start "
      "it, and "
      "wait until it answers.",
      "Nothing is detached of a machine that is not confirmed: --confirm is the caller's word that the "
      "recovery "
      "point is applied and that its disks are flushed and offline in the master target."};
  OptionGroup what;
  what.title = "What to do";
  what.options = {option("confirm", 0, Takes::text, "MACHINE,...",
                         "Machines of the plan whose disks are at rest, or all."),
                  option("accept-content", 0, Takes::text, "MACHINE,...",
                         "Take the disks of these machines as they are, though contentId says that nothing "
                         "was written to them, or that somebody wrote after they were detached."),
                  rebuildOption(), stateOption()};
  for (std::size_t i = 0; i < 2; ++i) what.options[i].repeats = what.options[i].list = true;
  verb.groups = {what, jobOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {{"failback plan.yaml --confirm all", "when replication has said that all is applied"}};
  return verb;
}

VerbSpec cancelVerb() {
  VerbSpec verb;
  verb.name = "cancel";
  verb.summary = "take back what a reprotect or a failback has done";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Of a reprotect: detach the disks from the master target, put the devices of the home VM back, take "
      "the marks "
      "away. A VM that the job has made is kept, and named, unless it is to be deleted.",
      "Of a failback: power the machine off, go back to the safety snapshot and remove it, and attach the "
      "disks "
      "again. A machine that has run without a safety snapshot can't be taken back."};
  OptionGroup what;
  what.title = "What to do";
  what.options = {
      option("delete-created", 0, Takes::nothing, "",
             "Delete the VMs that the job has made, with the disks that it made, as far as it is "
             "proved that no data has come to them; other disks are taken from them before."),
      option("reprotect", 0, Takes::nothing, "",
             "Right after a cancel that took a failback back: take the reprotect back, too. Without "
             "it a second cancel only says that the first one has ended."),
      rebuildOption(), stateOption()};
  verb.groups = {what, jobOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {{"cancel plan.yaml", "as it was before"}};
  return verb;
}

VerbSpec commitVerb() {
  VerbSpec verb;
  verb.name = "commit";
  verb.summary = "end a failback: give up what could take it back";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Of machines that run at home: remove the safety snapshot, take the marks from the home VM and from "
      "the master "
      "target, and close the job. After this a cancel is not possible any more."};
  OptionGroup where;
  where.title = "Where";
  where.options = {rebuildOption(), stateOption()};
  verb.groups = {where, jobOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {{"commit plan.yaml", "when the machines are what they should be"}};
  return verb;
}

VerbSpec resumeVerb() {
  VerbSpec verb;
  verb.name = "resume";
  verb.summary = "go on with a job that was interrupted, whatever it was";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Looks in the store what the plan's last job was, and calls that verb again: it goes on where it "
      "stopped. What "
      "was confirmed for a failback holds."};
  OptionGroup where;
  where.title = "Where";
  where.options = {rebuildOption(), stateOption()};
  verb.groups = {where, jobOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {{"resume plan.yaml", "after a crash, a reboot, a lost connection"}};
  return verb;
}

VerbSpec statusVerb() {
  VerbSpec verb;
  verb.name = "status";
  verb.summary = "say where each disk of a plan is now, and what is odd";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {"Compares the ledger of the store with what vCenter shows now. Changes nothing."};
  OptionGroup where;
  where.title = "Where";
  where.options = {stateOption()};
  verb.groups = {where, jobOutput(), connectionOptions(), diagnosticOptions()};
  verb.examples = {{"status plan.yaml", "one line per disk"}};
  return verb;
}

VerbSpec journalVerb() {
  VerbSpec verb;
  verb.name = "journal";
  verb.summary = "show what a plan's last job has done, step by step";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {"Reads the store only: nothing is asked of a vCenter."};
  OptionGroup where;
  where.title = "Where";
  where.options = {stateOption()};
  verb.groups = {where, jobOutput(), offlineDiagnosis()};
  verb.examples = {{"journal plan.yaml", "intents, tasks and outcomes"}};
  return verb;
}

}  // namespace failback::cli
