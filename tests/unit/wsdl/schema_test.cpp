// SPDX-License-Identifier: GPL-2.0-or-later
#include "wsdl/schema.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

#include "wsdl/privileges.h"

using namespace failback::vim25;

namespace {

std::string memberNames(std::string_view type) {
  std::string out;
  for (const MemberInfo* m : allMembers(*findType(type))) out += std::string(m->name) + " ";
  return out;
}

bool typeIsKnown(std::string_view type) {
  return type.starts_with("xsd:") || type == "ManagedObjectReference" || findType(type) != nullptr;
}

template <class Rows>
bool sortedByName(const Rows& rows) {
  return std::is_sorted(rows.begin(), rows.end(),
                        [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

BOOST_AUTO_TEST_CASE(tables_are_sorted_so_that_look_up_finds_everything) {
  BOOST_CHECK(sortedByName(allTypes()));
  BOOST_CHECK(sortedByName(allMethods()));
  BOOST_CHECK(sortedByName(allManagedTypes()));
  for (const TypeInfo& t : allTypes()) BOOST_CHECK(findType(t.name) == &t);
  for (const MethodInfo& m : allMethods()) BOOST_CHECK(findMethod(m.name) == &m);
  for (const ManagedTypeInfo& m : allManagedTypes()) BOOST_CHECK(findManagedType(m.name) == &m);
}

BOOST_AUTO_TEST_CASE(unknown_names_are_nothing) {
  BOOST_CHECK(findType("Nonsense") == nullptr);
  BOOST_CHECK(findType("") == nullptr);
  BOOST_CHECK(findMethod("Nonsense") == nullptr);
  BOOST_CHECK(findManagedType("Nonsense") == nullptr);
  BOOST_CHECK(findMember("VirtualDisk", "nonsense") == nullptr);
  BOOST_CHECK(findProperty("VirtualMachine", "nonsense") == nullptr);
  BOOST_CHECK(nearestKnown("Nonsense").empty());
  BOOST_CHECK(!isA("Nonsense", "DynamicData"));
  BOOST_CHECK(isA("Nonsense", "Nonsense"));
}

BOOST_AUTO_TEST_CASE(members_stand_in_the_order_of_the_official_schema) {
  BOOST_CHECK_EQUAL(memberNames("ManagedByInfo"), "extensionKey type ");
  // The base's first.
  BOOST_CHECK(
      memberNames("VirtualDisk").starts_with("key deviceInfo backing connectable slotInfo controllerKey "));
  const std::string disk = memberNames("VirtualDisk");
  BOOST_CHECK_LT(disk.find("unitNumber "), disk.find("capacityInKB "));
  BOOST_CHECK_LT(disk.find("capacityInKB "), disk.find("capacityInBytes "));
}

BOOST_AUTO_TEST_CASE(members_tell_list_optional_type_and_release) {
  const MemberInfo* m = findMember("VirtualDisk", "capacityInKB");
  BOOST_REQUIRE(m != nullptr);
  BOOST_CHECK_EQUAL(m->type, "xsd:long");
  BOOST_CHECK(!m->optional);
  BOOST_CHECK(!m->list);
  // From the base.
  BOOST_CHECK_EQUAL(findMember("VirtualDisk", "backing")->type, "VirtualDeviceBackingInfo");
  BOOST_CHECK(findMember("VirtualHardware", "device")->list);
  BOOST_CHECK(findMember("GuestDiskInfo", "filesystemType")->since == Since::k70);
  BOOST_CHECK(findMember("VirtualDisk", "nativeUnmanagedLinkedClone")->since == Since::k67);
  BOOST_CHECK(findMember("VirtualMachineConfigInfo", "instanceUuid")->since == Since::k65);
}

BOOST_AUTO_TEST_CASE(every_type_that_a_class_needs_is_in_the_table) {
  for (const TypeInfo& t : allTypes()) {
    if (!t.bound) continue;
    BOOST_CHECK_MESSAGE(t.base.empty() || findType(t.base) != nullptr, t.name << " : " << t.base);
    for (const MemberInfo& m : t.members) {
      BOOST_CHECK_MESSAGE(!m.bound || typeIsKnown(m.type), t.name << "." << m.name << ": " << m.type);
      BOOST_CHECK_MESSAGE(m.optional || m.bound, t.name << "." << m.name << " is mandatory and has no class");
    }
  }
  for (const MethodInfo& m : allMethods()) {
    for (const ParameterInfo& p : m.parameters)
      BOOST_CHECK_MESSAGE(typeIsKnown(p.type), m.name << " " << p.name);
    BOOST_CHECK(m.result.empty() || typeIsKnown(m.result));
    BOOST_CHECK(m.taskResult.empty() || typeIsKnown(m.taskResult));
    BOOST_CHECK_MESSAGE(findManagedType(m.owner) != nullptr, m.name << " of " << m.owner);
  }
}

// What rules and workflows read must never fall out of the classes without anybody noticing.
BOOST_AUTO_TEST_CASE(fields_that_the_rules_need_have_classes) {
  for (const auto& [type, member] : std::initializer_list<std::pair<const char*, const char*>>{
           {"UpdateSet", "filterSet"},
           {"HostDatastoreBrowserSearchSpec", "details"},
           {"VmDiskFileQuery", "details"},
           {"GuestInfo", "disk"},
           {"GuestInfo", "net"},
           {"GuestInfo", "ipStack"},
           {"VirtualMachineFileLayoutEx", "disk"},
           {"VirtualMachineSnapshotInfo", "rootSnapshotList"},
           {"VirtualMachineSnapshotTree", "childSnapshotList"},
           {"VirtualDiskFlatVer2BackingInfo", "parent"},
           {"VirtualDiskFlatVer2BackingInfo", "contentId"},
           {"VirtualDiskSeSparseBackingInfo", "parent"},
           {"VirtualDisk", "vDiskId"},
           {"VirtualMachineConfigInfo", "repConfig"},
           {"VirtualMachineConfigInfo", "ftInfo"},
           {"VirtualMachineConfigInfo", "keyId"},
           {"VirtualMachineConfigInfo", "managedBy"},
           {"VirtualMachineConfigInfo", "bootOptions"},
           {"VirtualMachineConfigInfo", "flags"},
           {"VirtualMachineConfigInfo", "extraConfig"},
           {"VirtualMachineRuntimeInfo", "question"},
           {"DatastoreHostMount", "mountInfo"},
           {"HostMountInfo", "inaccessibleReason"},
           {"HostConfigInfo", "autoStart"},
           {"VmfsDatastoreInfo", "vmfs"},
           {"NasDatastoreInfo", "nas"},
           {"ClusterConfigInfoEx", "drsVmConfig"},
           {"ClusterConfigInfoEx", "rule"},
           {"ClusterConfigInfoEx", "group"},
           {"ClusterConfigSpecEx", "drsVmConfigSpec"},
           {"StorageDrsConfigSpec", "vmConfigSpec"},
           {"StorageDrsConfigInfo", "vmConfig"},
           {"StorageDrsVmConfigInfo", "virtualDiskRules"},
           {"TaskInfo", "error"},
           {"TaskInfo", "result"},
           {"TaskInfo", "reason"},
           {"Event", "vm"},
           {"Event", "ds"},
           {"VmReconfiguredEvent", "configChanges"},
           {"VmRelocatedEvent", "sourceDatastore"},
           {"FileLockInfoResult", "lockInfo"},
           {"NoPermission", "missingPrivileges"},
           {"LicenseManagerLicenseInfo", "properties"},
           {"VirtualDeviceConfigSpec", "profile"},
           {"CheckResult", "error"},
       }) {
    const MemberInfo* m = findMember(type, member);
    BOOST_REQUIRE_MESSAGE(m != nullptr, type << "." << member);
    BOOST_CHECK_MESSAGE(m->bound, type << "." << member << " has no class: [keep] it in wsdl/manifest.toml");
  }
}

BOOST_AUTO_TEST_CASE(methods_tell_parameters_results_and_faults) {
  const MethodInfo* m = findMethod("CreateVM_Task");
  BOOST_REQUIRE(m != nullptr);
  BOOST_CHECK_EQUAL(m->owner, "Folder");
  BOOST_CHECK_EQUAL(m->requestType, "CreateVMRequestType");
  BOOST_CHECK(m->isTask);
  BOOST_CHECK_EQUAL(m->result, "ManagedObjectReference");
  BOOST_CHECK_EQUAL(m->resultTarget, "Task");
  BOOST_REQUIRE_EQUAL(m->parameters.size(), 3U);
  BOOST_CHECK_EQUAL(m->parameters[0].name, "config");
  BOOST_CHECK_EQUAL(m->parameters[1].target, "ResourcePool");
  BOOST_CHECK(m->parameters[2].optional);
  BOOST_CHECK(std::find(m->faults.begin(), m->faults.end(), "DuplicateName") != m->faults.end());
  BOOST_CHECK_EQUAL(findMethod("SearchDatastoreSubFolders_Task")->taskResult,
                    "HostDatastoreBrowserSearchResults");
  BOOST_CHECK(findMethod("SearchDatastoreSubFolders_Task")->taskResultList);
  BOOST_CHECK(findMethod("CheckVmConfig_Task")->since == Since::k67);
  BOOST_CHECK(findMethod("QueryFileLockInfo")->since == Since::kLater);
  BOOST_CHECK(!findMethod("CurrentTime")->isTask);
  BOOST_CHECK_EQUAL(findMethod("Fetch")->result, "xsd:anyType");
}

BOOST_AUTO_TEST_CASE(privileges_are_told_for_the_method_and_for_its_parameters) {
  const auto create = requiredPrivileges("CreateVM_Task");
  BOOST_REQUIRE_EQUAL(create.size(), 2U);
  BOOST_CHECK_EQUAL(create[0].parameter, "");
  BOOST_CHECK_EQUAL(create[0].privilege, "VirtualMachine.Inventory.Create");
  BOOST_CHECK_EQUAL(create[1].parameter, "pool");
  BOOST_CHECK_EQUAL(create[1].privilege, "Resource.AssignVMToPool");
  BOOST_CHECK_EQUAL(requiredPrivileges("PowerOnVM_Task")[0].privilege, "VirtualMachine.Interact.PowerOn");
  BOOST_CHECK(requiredPrivileges("ReconfigVM_Task").empty());
  BOOST_CHECK(requiredPrivileges("Nonsense").empty());
}

BOOST_AUTO_TEST_CASE(managed_types_inherit_their_properties) {
  BOOST_CHECK(isManagedA("VirtualApp", "ManagedEntity"));
  BOOST_CHECK(isManagedA("VirtualMachine", "ManagedObject"));
  BOOST_CHECK(!isManagedA("Task", "ManagedEntity"));
  BOOST_CHECK_EQUAL(findProperty("VirtualMachine", "name")->type, "xsd:string");
  BOOST_CHECK_EQUAL(findProperty("VirtualMachine", "parent")->target, "ManagedEntity");
  BOOST_CHECK_EQUAL(findProperty("VirtualApp", "owner")->target, "ComputeResource");
  BOOST_CHECK_EQUAL(findProperty("StoragePod", "podStorageDrsEntry")->type, "PodStorageDrsEntry");
  const auto properties = allProperties(*findManagedType("ClusterComputeResource"));
  BOOST_CHECK_EQUAL(properties.front()->name, "value");  // of ExtensibleManagedObject
  BOOST_CHECK(std::any_of(properties.begin(), properties.end(),
                          [](auto* p) { return p->name == "configurationEx"; }));
}

BOOST_AUTO_TEST_CASE(ancestry_knows_names_without_classes) {
  BOOST_CHECK(isA("NotAuthenticated", "RuntimeFault"));
  BOOST_CHECK(isA("NotAuthenticated", "NoPermission"));
  BOOST_CHECK(isA("VmSuspendedEvent", "Event"));
  BOOST_CHECK(!isBound("VmSuspendedEvent"));
  BOOST_CHECK_EQUAL(nearestKnown("VmSuspendedEvent"), "VmEvent");
  BOOST_CHECK_EQUAL(nearestKnown("VmRelocatedEvent"), "VmRelocatedEvent");
  BOOST_CHECK_EQUAL(nearestKnown("VirtualMachinePowerState"), "xsd:string");
  BOOST_CHECK_EQUAL(baseOf("FileLocked"), "FileFault");
  BOOST_CHECK(baseOf("MethodFault").empty());
  BOOST_CHECK(!isA("FileLocked", "RuntimeFault"));
}

BOOST_AUTO_TEST_CASE(wrappers_tell_their_element) {
  BOOST_CHECK_EQUAL(arrayElement("ArrayOfVirtualDevice")->element, "VirtualDevice");
  BOOST_CHECK_EQUAL(arrayElement("ArrayOfInt")->element, "int");
  BOOST_CHECK_EQUAL(arrayElement("ArrayOfInt")->type, "xsd:int");
  BOOST_CHECK_EQUAL(arrayElement("ArrayOfManagedObjectReference")->type, "ManagedObjectReference");
  BOOST_CHECK(!arrayElement("ArrayOfNonsense"));
  BOOST_CHECK(!arrayElement("VirtualDevice"));
}

BOOST_AUTO_TEST_CASE(enums_know_their_values) {
  const TypeInfo* t = findType("VirtualMachinePowerState");
  BOOST_REQUIRE(t != nullptr);
  BOOST_CHECK(t->kind == Kind::kEnum);
  BOOST_REQUIRE_EQUAL(t->values.size(), 3U);
  BOOST_CHECK_EQUAL(t->values[0].text, "poweredOff");
}

BOOST_AUTO_TEST_CASE(api_versions_belong_to_releases) {
  BOOST_CHECK(releaseOf("6.0") == Since::k65);
  BOOST_CHECK(releaseOf("6.5") == Since::k65);
  BOOST_CHECK(releaseOf("6.7") == Since::k67);
  BOOST_CHECK(releaseOf("6.7.3") == Since::k67);
  BOOST_CHECK(releaseOf("7.0.0.0") == Since::k70);
  BOOST_CHECK(releaseOf("7.0.3.2") == Since::k70);
  BOOST_CHECK(releaseOf("8.0.2.0") == Since::k80);
  BOOST_CHECK(releaseOf("9.1.0.0") == Since::kLater);
}
