// SPDX-License-Identifier: GPL-2.0-or-later
// answer: shows what a VM of a plan waits with, and gives the answer; also while a job waits for it.
#pragma once

#include "cli/app.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/spec.h"

namespace failback::cli {

VerbSpec answerVerb();

ExitCode answerQuestion(const Arguments& arguments, Surroundings& surroundings, Console& console);

}  // namespace failback::cli
