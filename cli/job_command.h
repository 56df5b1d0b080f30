// SPDX-License-Identifier: GPL-2.0-or-later
// The verbs that change something: reprotect, failback, cancel, commit, resume; and what tells of them:
// status and journal.
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/spec.h"

namespace failback::cli {

VerbSpec reprotectVerb();
VerbSpec failbackVerb();
VerbSpec cancelVerb();
VerbSpec commitVerb();
VerbSpec resumeVerb();
VerbSpec statusVerb();
VerbSpec journalVerb();

ExitCode reprotect(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode failBack(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode cancelJob(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode commitJob(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode resumeJob(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode showStatus(const Arguments& arguments, Surroundings& surroundings, Console& console);
ExitCode showJournal(const Arguments& arguments, Surroundings& surroundings, Console& console);

}  // namespace failback::cli
