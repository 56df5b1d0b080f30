// SPDX-License-Identifier: GPL-2.0-or-later
// Client: one session on one vCenter or ESXi host. The layers above speak to vSphere through this header and
// the values in vsphere/model; no generated type is seen here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/actions.h"
#include "vsphere/call_counts.h"
#include "vsphere/connection.h"
#include "vsphere/context.h"
#include "vsphere/error.h"
#include "vsphere/model/event.h"
#include "vsphere/model/inventory_object.h"
#include "vsphere/model/management.h"
#include "vsphere/model/privileges.h"
#include "vsphere/model/task.h"
#include "vsphere/model/unreadable.h"
#include "vsphere/model/vcenter.h"
#include "vsphere/model/vm_change.h"
#include "vsphere/property_table.h"
#include "vsphere/task_watch.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

struct ReadRequest {
  // vSphere types to read ("VirtualMachine", "HostSystem", ...); empty: all that InventoryObject knows.
  std::vector<std::string> types;
  Depth depth = Depth::standard;
  // Objects of these types below this container (recursively); empty: the root folder.
  Moref container;
  // Types that are read at another depth.
  std::map<std::string, Depth, std::less<>> depths;
};

// Receives objects as their pages come. Called from one thread at a time. An exception ends the read and
// passes through.
class InventorySink {
 public:
  virtual ~InventorySink() = default;
  virtual void object(InventoryObject&& object) = 0;
  virtual void unreadable(Unreadable&& what) = 0;
  // After each page: objects so far, and the total where it is known (0: not known).
  virtual void progress(std::uint64_t done, std::uint64_t total) = 0;
  // readInventory() only: all containers have come; then all hosts, datastores and networks; then all VMs.
  virtual void phaseEnded() {}
};

// A property that changed (PropertyChange), as the server told it.
struct ChangedValue {
  std::string path;
  // "assign" as a rule; "add", "remove" and "indirectRemove" tell of a part: then the whole is not known.
  std::string op = "assign";
  // The value in JSON (message_json.h), as vim-decode shows it but for this: a simple value, a list and a
  // reference stand without "_type". Empty: it is unset now.
  std::string json;
};

// One change told by watch().
struct InventoryChange {
  enum class Kind { enter, modify, leave } kind = Kind::modify;
  Moref object;
  // enter: the object as it now is.
  std::optional<InventoryObject> value;
  // modify: what differs from what was told before. A server that says the same again is not repeated.
  std::vector<ChangedValue> values;
};

// Receives what watch() sees, from one thread. An exception ends the watch and passes through.
class InventoryWatcher {
 public:
  virtual ~InventoryWatcher() = default;
  // False ends the watch.
  virtual bool change(InventoryChange&& change) = 0;
  // What may not be read, or can't be: told once, whatever happens to sessions.
  virtual void unreadable(Unreadable&& /*what*/) {}
  // Once: all that was there has entered. False ends the watch.
  virtual bool complete() { return true; }
};

struct ClientOptions {
  ConnectionOptions connection;
  // The innermost transport; nullptr: libcurl. Tests and replays pass their own.
  std::shared_ptr<Transport> transport;
  // Each exchange is written here (recording_transport.h); empty: not recorded.
  std::string recordDirectory;
  // One line per call, already redacted; empty function: no log.
  std::function<void(const std::string&)> log;
  // Calls in flight at once.
  unsigned parallelCalls = 4;
  // Objects per page asked for (options.maxObjects); the server may give fewer.
  std::int32_t pageSize = 100;
  Milliseconds logoutTimeout{5'000};
  // RetryOptions::patience (vsphere/retry_transport.h): only where waiting does no harm, in a verb that
  // reads.
  Milliseconds patience{0};
  Random* random = nullptr;  // nullptr: systemRandom()
};

// Thread-safe. Logs out when destroyed, within ClientOptions::logoutTimeout, also after a failure.
class Client {
 public:
  // Reads the versions file, negotiates, reads the service content, logs in. Throws Failure. The context's
  // clock, and options.random, must outlive the client.
  static std::unique_ptr<Client> connect(ClientOptions options, Credentials credentials,
                                         const Context& context);
  virtual ~Client() = default;

  // What was learned at connect: about, url, certificate, version, user, clock skew.
  virtual const VCenter& server() const = 0;
  // Licences (LicenseManager, and those assigned to hosts); an account that may not read them gets an
  // Unreadable instead, which is not an error.
  virtual std::vector<License> readLicenses(const Context& context, std::vector<Unreadable>& unreadable) = 0;

  // Reads the inventory; pages of several types are in flight together. Containers (datacenters, folders,
  // clusters, pools, switches) all come before hosts, datastores and networks, and those before VMs. Objects
  // that vanish while
  // it runs are reported as unreadable ("vanished"). A session that is lost midway is renewed and what it had
  // not yet read is read again; no object is delivered twice.
  virtual void readInventory(const ReadRequest& request, InventorySink& sink, const Context& context) = 0;
  // Reads these objects (any known types), in one call per page.
  virtual void readObjects(const std::vector<Moref>& objects, Depth depth, InventorySink& sink,
                           const Context& context) = 0;

  // As readInventory of everything below the root folder does, but with one RetrievePropertiesEx that walks
  // the inventory itself, and then its pages one after the other: few calls, and no view. Containers need not
  // come before what they contain, the total is not known, and what vanishes meanwhile is not told. `types`:
  // as in ReadRequest.
  virtual void sweep(const std::vector<std::string>& types, Depth depth, InventorySink& sink,
                     const Context& context) = 0;

  // What this session's account may do: each of these privileges on each of these objects, in one call.
  // Objects that are gone or hidden are told in PrivilegeAnswer::unreadable.
  virtual PrivilegeAnswer readPrivileges(const std::vector<Moref>& entities,
                                         const std::vector<std::string>& ids, const Context& context) = 0;
  // These tasks, all scheduled tasks and all licences: one call, and on a vCenter that has the free edition
  // among its licences a second one, for which host has which. Tasks that are gone are left out; what may not
  // be read stands in Management::unreadable.
  virtual Management readManagement(const std::vector<Moref>& tasks, const Context& context) = 0;
  // Events of the past, the oldest first, in one call. A server gives some 1,000 at most: ask for few types
  // and a short time. Throws Failure, notPermitted among others.
  virtual std::vector<Event> readEvents(const EventQuery& query, const Context& context) = 0;
  // EnvironmentBrowser.QueryConfigOptionEx: what its hosts can run (Cluster::environmentBrowser).
  virtual ConfigOption readConfigOption(const Moref& environmentBrowser, const Context& context) = 0;
  // What lies at the top of a datastore (HostDatastoreBrowser.SearchDatastore_Task, which is awaited): VMs'
  // folders, mostly. Sorted by name. `datastoreName` as in Datastore::name.
  virtual std::vector<TopFile> listTop(const Moref& browser, const std::string& datastoreName,
                                       const Context& context) = 0;

  // What vCenter itself says to this change of the VM, without making it (CheckVmConfig_Task, which is
  // awaited; API 6.7 and later). Nothing when the server can't be asked that, as an ESXi host can't.
  virtual std::optional<ConfigVerdict> checkConfig(const Moref& vm, const VmChange& change,
                                                   const Context& context) = 0;
  // The same of a VM that is to be made in that place, without making it.
  virtual std::optional<ConfigVerdict> checkNewVm(const NewVmPlace& place, const NewVm& vm,
                                                  const Context& context) = 0;

  // Watches those types with WaitForUpdatesEx until the watcher wants no more or the context ends (which
  // throws). All objects enter first; `first` bounds the time until they have. What moves by itself
  // (summary.quickStats) is not watched, and absent in the objects. A session that is lost is renewed, and
  // what has changed meanwhile is told: no change is lost and none is told twice, but several of one object
  // may be told as one.
  virtual void watch(const ReadRequest& request, InventoryWatcher& watcher, const Context& first,
                     const Context& context) = 0;

  // SearchIndex.FindAllByUuid / FindByUuid: every VM that has it, never just the first of several.
  virtual std::vector<Moref> findVmsByUuid(const std::string& uuid, bool instanceUuid,
                                           const Context& context) = 0;

  // Waits for all these tasks with one update stream. `onProgress` is told each state or percent that
  // changes. Returns their final states, in the order given; a task whose own state may not be read comes
  // back with state "" and error notPermitted. Throws at the deadline or on stop; the tasks then go on.
  virtual std::vector<TaskInfo> waitForTasks(const std::vector<Moref>& tasks,
                                             const std::function<void(const TaskInfo&)>& onProgress,
                                             const Context& context) = 0;
  // For work of several threads: all that they wait for, through one stream. `context`: see newTaskWatch().
  // The client must outlive it.
  virtual std::unique_ptr<TaskWatch> watchTasks(const Context& context) = 0;
  // Waits until the VM is in this power state ("poweredOff"). False at the deadline; throws as waitForTasks.
  virtual bool waitForPowerState(const Moref& vm, const std::string& state, const Context& context) = 0;
  // Waits until VMware Tools run in its guest and it shows an address. False at the deadline.
  virtual bool waitForHealth(const Moref& vm, const Context& context) = 0;
  // TaskManager / Task.CancelTask.
  virtual void cancelTask(const Moref& task, const Context& context) = 0;

  // What changes the server; lives as long as this client. All else here only looks, save that it begins and
  // ends what belongs to its own session.
  virtual Actions& actions() = 0;

  virtual CallCounts callCounts() const = 0;
  // Ends the session now; later calls fail. Never throws; false when the server did not confirm.
  virtual bool logout() noexcept = 0;
};

}  // namespace failback::vsphere
