// SPDX-License-Identifier: GPL-2.0-or-later
// Who logs in, and with which password.
#pragma once

#include "cli/setting_sources.h"
#include "cli/settings.h"

namespace failback::cli {

// Fills Settings::credentials and where they came from; warns when a file with a password can be read by
// others. Throws Failure(usage) when there is no user name or no password.
void resolveCredentials(const Sources& sources, const UrlFound& url, const AskPassword& ask,
                        Settings& settings);

}  // namespace failback::cli
