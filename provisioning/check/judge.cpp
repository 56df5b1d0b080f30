// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/judge.h"

#include <algorithm>
#include <array>

namespace failback::provisioning {

Finding& Judgement::add(Status status, ObjectName object, std::string property, std::string value,
                        std::string wanted) {
  Finding& finding = findings_.emplace_back();
  finding.rule = &rule_;
  finding.severity = rule_.severity;
  finding.status = status;
  finding.object = std::move(object);
  finding.property = std::move(property);
  finding.value = std::move(value);
  finding.wanted = std::move(wanted);
  if (status != Status::pass) finding.remedy = rule_.remedy;
  return finding;
}

const Judge* findJudge(std::string_view rule) {
  for (const auto& judges : {environmentJudges(), planJudges(), masterTargetJudges(), homeVmJudges(),
                             creationJudges(), failbackJudges()}) {
    const auto found =
        std::find_if(judges.begin(), judges.end(), [&](const Judge& judge) { return judge.rule == rule; });
    if (found != judges.end()) return &*found;
  }
  return nullptr;
}

}  // namespace failback::provisioning
