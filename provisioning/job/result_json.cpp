// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include "provisioning/job/protect.h"
#include "provisioning/job/result.h"
#include "provisioning/plan/plan_document.h"
#include "vsphere/spec_text.h"

namespace failback::provisioning {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schemaVersion = 1;

Json diskJson(const DiskResult& disk) {
  Json json{{"id", disk.id},
            {"uuid", disk.uuid},
            {"serial", disk.serial},
            {"path", disk.path},
            {"state", disk.state}};
  if (disk.mt)
    json["mt"] = {{"bus", disk.mt->bus}, {"unit", disk.mt->unit}, {"controllerKey", disk.mt->controllerKey}};
  return json;
}

Json machineJson(const MachineResult& machine) {
  Json json{{"id", machine.id}, {"name", machine.name}, {"mode", machine.mode}, {"state", machine.state}};
  if (!machine.masterTarget.empty()) json["masterTarget"] = machine.masterTarget;
  if (!machine.vmMoref.empty())
    json["vm"] = {{"name", machine.vmName},
                  {"moref", machine.vmMoref},
                  {"instanceUuid", machine.vmInstanceUuid},
                  {"path", machine.vmPath}};
  if (!machine.healthy) json["healthy"] = false;
  if (!machine.why.empty()) json["why"] = machine.why;
  if (!machine.remedy.empty()) json["remedy"] = machine.remedy;
  for (const AskedQuestion& each : machine.questions) json["questions"].push_back(questionJson(each));
  if (!machine.note.empty()) json["note"] = machine.note;
  json["disks"] = Json::array();
  for (const DiskResult& each : machine.disks) json["disks"].push_back(diskJson(each));
  return json;
}

}  // namespace

std::string resultJson(const JobResult& result) {
  Json json{{"schemaVersion", schemaVersion},
            {"plan", result.plan},
            {"job", result.job},
            {"kind", result.kind},
            {"state", result.state},
            {"machines", Json::array()}};
  for (const MachineResult& each : result.machines) json["machines"].push_back(machineJson(each));
  if (!result.note.empty()) json["note"] = result.note;
  if (!result.warnings.empty()) json["warnings"] = result.warnings;
  return json.dump(2) + "\n";
}

std::string foreseenJson(const World& world, const std::vector<ForeseenStep>& steps) {
  Json json{{"schemaVersion", schemaVersion},
            {"plan", world.plan().id},
            {"digest", digest(world.plan())},
            {"protection", Json::array()},
            {"steps", Json::array()}};
  for (const ForeseenProtection& each : foreseeProtection(world))
    json["protection"].push_back({{"step", toString(each.step)},
                                  {"object", each.object.str()},
                                  {"summary", each.summary},
                                  {"spec", Json::parse(each.spec)}});
  for (const ForeseenStep& each : steps) {
    Json step{{"machine", each.machine},
              {"step", toString(each.step.kind)},
              {"irreversible", isIrreversible(each.step.kind) || !each.step.change.extendedDisks.empty()}};
    if (!each.step.object.empty()) step["object"] = each.step.object.str();
    if (each.step.kind == StepKind::stop) {
      step["why"] = each.step.obstacle;
      step["remedy"] = each.step.remedy;
    } else {
      step["summary"] = each.step.summary;
    }
    if (each.newVm) {
      step["spec"] = vsphere::specJson(*each.newVm);
    } else if (each.step.kind == StepKind::adopt || each.step.kind == StepKind::attach) {
      step["spec"] = vsphere::specJson(each.step.change);
    }
    json["steps"].push_back(std::move(step));
  }
  return json.dump(2) + "\n";
}

}  // namespace failback::provisioning
