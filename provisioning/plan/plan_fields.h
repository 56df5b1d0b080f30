// SPDX-License-Identifier: GPL-2.0-or-later
// The members of a plan document, once: reader, writer and the published schema walk through this list.
//
// A visitor has text(), number(), flag(), choice(), object(), objects() and names(); each gets the member's
// name, the value, and what is said of it.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include "provisioning/plan/plan.h"

namespace failback::provisioning {

enum class Need { optional, required };

enum class Form { any, id, uuid, diskUuid, mac, dateTime, hostPort };

struct TextRule {
  std::string_view help;
  Need need = Need::optional;
  Form form = Form::any;
};

struct NumberRule {
  std::string_view help;
  Need need = Need::optional;
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

struct ListRule {
  std::string_view help;
  std::size_t least = 0;
};

// `T` is the type itself or a const one.
template <class T, class U>
concept Like = std::is_same_v<std::remove_const_t<T>, U>;

template <class V, Like<VCenter> T>
void fields(V& v, T& x) {
  v.text("instanceUuid", x.instanceUuid,
         TextRule{"Which vCenter (or ESXi host): about.instanceUuid.", Need::required, Form::uuid});
  v.text(
      "url", x.url,
      TextRule{"Its address. Only a comment: where a command connects to is settled by its own settings."});
}

template <class V, Like<Servers> T>
void fields(V& v, T& x) {
  v.text("configServer", x.configServer,
         TextRule{"Host, or host:port, of the config server. The port is 443 unless given.", Need::optional,
                  Form::hostPort});
  v.text("processServer", x.processServer,
         TextRule{"Host, or host:port, of the process server. The port is 9443 unless given.", Need::optional,
                  Form::hostPort});
}

template <class V, Like<Retention> T>
void fields(V& v, T& x) {
  v.text("path", x.path,
         TextRule{"Where the volume is in the guest: R: or /mnt/retention/. Those are the defaults."});
  v.text("fileSystem", x.fileSystem,
         TextRule{
             "Its file system, attested by you. Needed where vSphere is older than 7.0, which cannot tell."});
}

template <class V, Like<MasterTarget> T>
void fields(V& v, T& x) {
  v.text("name", x.name,
         TextRule{"Its name in the inventory, by which machines refer to it.", Need::required});
  v.text("instanceUuid", x.instanceUuid,
         TextRule{"config.instanceUuid: this is what it is found by.", Need::required, Form::uuid});
  v.text("biosUuid", x.biosUuid, TextRule{"config.uuid.", Need::optional, Form::uuid});
  v.object("retention", x.retention, "The retention volume.");
}

template <class V, Like<Controller> T>
void fields(V& v, T& x) {
  v.choice("type", x.type, TextRule{"What the disk hung on."});
  v.number("bus", x.bus, NumberRule{"The controller's bus number.", Need::optional, 0, 3});
}

template <class V, Like<SourceDisk> T>
void fields(V& v, T& x) {
  v.text("id", x.id, TextRule{"A name for the disk, its own within the machine.", Need::required, Form::id});
  v.number("capacityBytes", x.capacityBytes, NumberRule{"Its size.", Need::required, 1});
  v.text("uuid", x.uuid,
         TextRule{"The UUID in the VMDK's descriptor, as vSphere shows it.", Need::optional, Form::diskUuid});
  v.text("file", x.file, TextRule{"The VMDK when the plan was made: [datastore] folder/name.vmdk."});
  v.choice("kind", x.kind, TextRule{"A VMDK, or a raw device mapping."});
  v.choice("provisioning", x.provisioning, TextRule{"How its blocks are allocated."});
  v.object("controller", x.controller, "The controller it hung on.");
  v.number("unit", x.unit, NumberRule{"Its place on the controller.", Need::optional, 0, 63});
}

template <class V, Like<SourceNic> T>
void fields(V& v, T& x) {
  v.text("id", x.id,
         TextRule{"A name for the adapter, its own within the machine.", Need::required, Form::id});
  v.choice("type", x.type, TextRule{"Its kind."});
  v.text("mac", x.mac, TextRule{"Its MAC address, kept at home.", Need::optional, Form::mac});
  v.text("network", x.network, TextRule{"The network it was in; home.networks may name another one."});
  v.flag("startConnected", x.startConnected, "Connected when the machine starts.");
  v.flag("staticAddress", x.staticAddress, "The guest's address is fixed: Linux guests come home with DHCP.");
}

template <class V, Like<Source> T>
void fields(V& v, T& x) {
  v.choice("kind", x.kind, TextRule{"A physical machine comes home as a VM."});
  v.text("name", x.name, TextRule{"Its name in the inventory it came from.", Need::required});
  v.text("instanceUuid", x.instanceUuid,
         TextRule{"config.instanceUuid of the original VM.", Need::optional, Form::uuid});
  v.text("biosUuid", x.biosUuid, TextRule{"config.uuid of the original VM.", Need::optional, Form::uuid});
  v.choice("osFamily", x.osFamily,
           TextRule{"Its operating system; the master target must have the same.", Need::required});
  v.text("guestId", x.guestId,
         TextRule{"vSphere's identifier of the guest operating system: ubuntu64Guest.", Need::required});
  v.number("cpus", x.cpus, NumberRule{"Virtual CPUs.", Need::required, 1, 768});
  v.number("coresPerSocket", x.coresPerSocket, NumberRule{"Cores in a socket.", Need::optional, 1, 768});
  v.number("memoryMB", x.memoryMB, NumberRule{"Memory, MB.", Need::required, 4});
  v.choice("firmware", x.firmware,
           TextRule{"BIOS or EFI: a created VM must have the same to boot.", Need::required});
  v.flag("secureBoot", x.secureBoot, "EFI secure boot.");
  v.number("hardwareVersion", x.hardwareVersion, NumberRule{"The number in vmx-13.", Need::optional, 4, 99});
  v.flag("diskUuidEnabled", x.diskUuidEnabled, "disk.EnableUUID of the original VM, kept at home.");
  v.text("bootOrder", x.bootOrder,
         TextRule{
             "Its boot order, where one was set: disk:ID, ethernet:ID, cdrom, floppy, with commas between."});
  v.objects("disks", x.disks, ListRule{"Its disks that are replicated.", 1});
  v.objects("nics", x.nics, ListRule{"Its network adapters."});
}

template <class V, Like<Home> T>
void fields(V& v, T& x) {
  v.text("datastore", x.datastore,
         TextRule{"Where disks are made when the original has gone. Asked for even when it has not.",
                  Need::required});
  v.text("name", x.name, TextRule{"The home VM's name. Default: the source's."});
  v.text("folder", x.folder,
         TextRule{"The inventory path of the folder: /DC0/vm/prod. Default: where the original is, else the "
                  "datacenter's vm folder."});
  v.text("resourcePool", x.resourcePool,
         TextRule{"The inventory path of the pool. Default: that of the master target."});
  v.names("networks", x.networks, "Networks of the source, and the ones that take their place.");
  v.choice("onNameClash", x.onNameClash,
           TextRule{"What to do when the name is taken. adopt: only what is proved to be the same machine."});
  v.text("newName", x.newName, TextRule{"The other name, for rename-new and rename-existing."});
  v.choice("provisioning", x.provisioning,
           TextRule{"How blocks of created disks are allocated. Default: as the source's."});
}

template <class V, Like<Consents> T>
void fields(V& v, T& x) {
  v.flag("powerOff", x.powerOff, "A running machine may be shut down. It may be the live one.");
  v.flag("mergeSnapshots", x.mergeSnapshots, "Its snapshots may be merged. They are gone then.");
  v.flag("extendDisks", x.extendDisks, "Home disks that are too small may be extended.");
  v.flag("newDiskUuid", x.newDiskUuid, "A disk that has another's UUID may get a new one.");
}

template <class V, Like<Machine> T>
void fields(V& v, T& x) {
  v.text("id", x.id,
         TextRule{"A name for the machine, its own within the plan. Marks bear it: do not change it.",
                  Need::required, Form::id});
  v.text("group", x.group,
         TextRule{"Replication group: its machines share one master target and come home together."});
  v.number("recoveryOrder", x.recoveryOrder,
           NumberRule{"Machines of a lower number start first.", Need::optional, 1, 100});
  v.text("masterTarget", x.masterTarget, TextRule{"The name of one of masterTargets.", Need::required});
  v.object("source", x.source, "The machine as it was protected.", Need::required);
  v.object("home", x.home, "Where it comes home to.", Need::required);
  v.object("consents", x.consents, "What the job may do that cannot be taken back.");
}

template <class V, Like<Policy> T>
void fields(V& v, T& x) {
  v.choice("unknown", x.unknown, TextRule{"What a rule does that could not be decided."});
  v.choice(
      "diskMode", x.diskMode,
      TextRule{
          "How disks hang on the master target. Snapshots and Storage DRS leave independent ones alone."});
  v.flag("safetySnapshot", x.safetySnapshot, "Take a snapshot of the home VM before it is started.");
  v.text("managedBy", x.managedBy, TextRule{"The key of a registered extension, to mark created VMs with."});
  v.number("parallelMachines", x.parallelMachines,
           NumberRule{"How many machines are worked on at a time.", Need::optional, 1, 64});
  v.names(
      "answers", x.answers,
      "Questions of VMs, by message id (msg.uuid.altered) or exact text, and the label or key of the choice "
      "that answers them. Others wait for you.");
}

template <class V, Like<Deadlines> T>
void fields(V& v, T& x) {
  v.number("shutdownSeconds", x.shutdownSeconds,
           NumberRule{"For a guest to shut down, before it is powered off.", Need::optional, 1});
  v.number("taskSeconds", x.taskSeconds,
           NumberRule{"For a task of vCenter, merging aside.", Need::optional, 1});
  v.number("mergeSeconds", x.mergeSeconds,
           NumberRule{"For the merging of one machine's snapshots.", Need::optional, 1});
  v.number("healthySeconds", x.healthySeconds,
           NumberRule{"For a started machine to show its address and running Tools.", Need::optional, 1});
}

template <class V, Like<Fact> T>
void fields(V& v, T& x) {
  v.text("kind", x.kind, TextRule{"The object's type: VirtualMachine.", Need::required});
  v.text("name", x.name, TextRule{"Its name."});
  v.text("moref", x.moref, TextRule{"Its identifier: vm-42.", Need::required});
  v.text("property", x.property, TextRule{"The property path.", Need::required});
  v.text("value", x.value, TextRule{"What it held."});
}

template <class V, Like<Plan> T>
void fields(V& v, T& x) {
  v.number("version", x.version,
           NumberRule{"The version of this form.", Need::required, planVersion, planVersion});
  v.text("id", x.id, TextRule{"The plan's own UUID. Made once, never changed.", Need::required, Form::uuid});
  v.text("made", x.made, TextRule{"When the plan was made.", Need::optional, Form::dateTime});
  v.object("vcenter", x.vcenter, "The vCenter that the machines come home to.", Need::required);
  v.object("servers", x.servers, "Servers of the replication that must be reached from here.");
  v.objects("masterTargets", x.masterTargets,
            ListRule{"The VMs that the disks are attached to meanwhile.", 1});
  v.objects("machines", x.machines, ListRule{"The machines that come home.", 1});
  v.object("policy", x.policy, "How the job goes about it.");
  v.object("deadlines", x.deadlines, "How long it waits.");
  v.objects("facts", x.facts, ListRule{"What the inventory looked like when the plan was made."});
}

}  // namespace failback::provisioning
