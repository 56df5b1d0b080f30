// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/spec_text.h"

#include "vsphere/binding/encode_vm_change.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/message_inspector.h"

namespace failback::vsphere {
namespace {

// Through the message and back: what is shown is what goes over the wire.
nlohmann::ordered_json shown(RequestArena& arena, vim25__VirtualMachineConfigSpec* spec) {
  vim25__ReconfigVMRequestType request;
  request._USCOREthis = arena.reference({"VirtualMachine", "vm", ""});
  request.spec = spec;
  const std::string message = SoapCodec().encode("ReconfigVM_Task", request, {});
  MessageReport report = inspectMessage(message);
  if (report.result.contains("spec")) return std::move(report.result["spec"]);
  return nlohmann::ordered_json::object();  // nothing in it
}

}  // namespace

nlohmann::ordered_json specJson(const VmChange& change) {
  RequestArena arena;
  return shown(arena, encodeVmChange(arena, change));
}

nlohmann::ordered_json specJson(const NewVm& vm) {
  RequestArena arena;
  return shown(arena, encodeNewVm(arena, vm));
}

}  // namespace failback::vsphere
