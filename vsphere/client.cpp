// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/client.h"

#include <atomic>
#include <mutex>
#include <optional>

#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/config_checker.h"
#include "vsphere/datastore_lister.h"
#include "vsphere/inventory_reader.h"
#include "vsphere/inventory_sweep.h"
#include "vsphere/license_reader.h"
#include "vsphere/management_reader.h"
#include "vsphere/privilege_reader.h"
#include "vsphere/session.h"
#include "vsphere/task_waiter.h"
#include "vsphere/task_watcher.h"
#include "vsphere/transport_chain.h"
#include "vsphere/vm_actions.h"
#include "vsphere/vm_waiter.h"
#include "vsphere/watcher.h"

namespace failback::vsphere {
namespace {

class ServerClient final : public Client {
 public:
  ServerClient(ClientOptions options, Credentials credentials, const Context& context)
      : options_(std::move(options)),
        credentials_(std::move(credentials)),
        clock_(context.clock()),
        random_(options_.random != nullptr ? *options_.random : systemRandom()),
        ids_(random_),
        chain_(options_, credentials_, random_,
               [this](Transport& below, const Context& own) { logIn(below, own); }),
        service_(chain_.session(), codec_, ids_, options_.connection.url.path) {}

  ~ServerClient() override { logout(); }

  void open(const Context& context) {
    greeting_ = greet(service_, context);
    server_.about = greeting_.about;
    server_.rootFolder = greeting_.refs.rootFolder;
    server_.negotiatedVersion = greeting_.apiVersion;
    server_.url = options_.connection.url.str();
    server_.thumbprintSha256 = chain_.peerThumbprint();
    chain_.session().login(context);
    const ClockReading clock = readClock(service_, context);
    server_.serverTime = clock.serverTime;
    server_.clockSkewMs = clock.skewMs;
    session_.emplace(service_, greeting_,
                     Session::Renewal{[this] { return chain_.session().generation(); },
                                      [this](std::uint64_t seen, const Context& own) {
                                        chain_.session().renew(seen, own);
                                      },
                                      [this] { return sessionKey(); }});
    actions_ = actionsOf(*session_);
  }

  const VCenter& server() const override { return server_; }

  std::vector<License> readLicenses(const Context& context, std::vector<Unreadable>& unreadable) override {
    return vsphere::readLicenses(*session_, context, unreadable);
  }

  void readInventory(const ReadRequest& request, InventorySink& sink, const Context& context) override {
    reader().readInventory(request, sink, context);
  }

  void readObjects(const std::vector<Moref>& objects, Depth depth, InventorySink& sink,
                   const Context& context) override {
    reader().readObjects(objects, depth, sink, context);
  }

  void sweep(const std::vector<std::string>& types, Depth depth, InventorySink& sink,
             const Context& context) override {
    sweepInventory(*session_, types, depth, options_.pageSize, sink, context);
  }

  PrivilegeAnswer readPrivileges(const std::vector<Moref>& entities, const std::vector<std::string>& ids,
                                 const Context& context) override {
    return vsphere::readPrivileges(*session_, entities, ids, context);
  }

  Management readManagement(const std::vector<Moref>& tasks, const Context& context) override {
    return vsphere::readManagement(*session_, tasks, context);
  }

  std::vector<Event> readEvents(const EventQuery& query, const Context& context) override {
    return vsphere::readEvents(*session_, query, context);
  }

  ConfigOption readConfigOption(const Moref& environmentBrowser, const Context& context) override {
    return vsphere::readConfigOption(*session_, environmentBrowser, context);
  }

  std::vector<TopFile> listTop(const Moref& browser, const std::string& datastoreName,
                               const Context& context) override {
    return vsphere::listTop(*session_, browser, datastoreName, context);
  }

  std::optional<ConfigVerdict> checkConfig(const Moref& vm, const VmChange& change,
                                           const Context& context) override {
    return vsphere::checkConfig(*session_, vm, change, context);
  }

  std::optional<ConfigVerdict> checkNewVm(const NewVmPlace& place, const NewVm& vm,
                                          const Context& context) override {
    return vsphere::checkNewVm(*session_, place, vm, context);
  }

  void watch(const ReadRequest& request, InventoryWatcher& watcher, const Context& first,
             const Context& context) override {
    watchInventory(*session_, request, watcher, first, context);
  }

  std::vector<Moref> findVmsByUuid(const std::string& uuid, bool instanceUuid,
                                   const Context& context) override {
    vim25__FindAllByUuidRequestType request;
    request.uuid = uuid;
    request.vmSearch = true;
    request.instanceUuid = instanceUuid;
    return binding::morefsOf(service_.call(greeting_.refs.searchIndex, request, context)->returnval);
  }

  std::vector<TaskInfo> waitForTasks(const std::vector<Moref>& tasks,
                                     const std::function<void(const TaskInfo&)>& onProgress,
                                     const Context& context) override {
    return vsphere::waitForTasks(*session_, tasks, onProgress, context);
  }

  std::unique_ptr<TaskWatch> watchTasks(const Context& context) override {
    return newTaskWatch(*session_, context);
  }

  bool waitForPowerState(const Moref& vm, const std::string& state, const Context& context) override {
    const std::string path = "runtime.powerState";
    return waitForVm(
        *session_, vm, {path},
        [&](const PropertyTexts& seen) { return seen.contains(path) && seen.at(path) == state; }, context);
  }

  bool waitForHealth(const Moref& vm, const Context& context) override {
    const std::string tools = "guest.toolsRunningStatus", address = "guest.ipAddress";
    return waitForVm(
        *session_, vm, {tools, address},
        [&](const PropertyTexts& seen) {
          return seen.contains(tools) && seen.at(tools) == "guestToolsRunning" && seen.contains(address) &&
                 !seen.at(address).empty();
        },
        context);
  }

  void cancelTask(const Moref& task, const Context& context) override {
    vim25__CancelTaskRequestType request;
    service_.call(task, request, context);
  }

  Actions& actions() override { return *actions_; }

  CallCounts callCounts() const override { return chain_.counts(); }

  bool logout() noexcept override {
    if (ended_.exchange(true)) return loggedOut_;
    if (chain_.session().generation() == 0) return loggedOut_ = true;  // there is no session
    // Not the context of any operation: that may have been stopped, or be over.
    const Context own = Context(clock_).withTimeout(options_.logoutTimeout);
    loggedOut_ = vsphere::logout(service_, greeting_.refs, own);
    chain_.session().end();
    return loggedOut_;
  }

 private:
  // Called by the session transport, at first and whenever the session is gone.
  void logIn(Transport& below, const Context& context) {
    Service service(below, codec_, ids_, options_.connection.url.path);
    service.setVersion(greeting_.apiVersion);
    LoggedIn in = login(service, greeting_.refs, credentials_, context);
    {
      const std::lock_guard lock(keyMutex_);
      sessionKey_ = std::move(in.key);
    }
    // The first login is open()'s, before anybody else can look.
    if (chain_.session().generation() == 0) server_.userName = std::move(in.userName);
  }

  std::string sessionKey() const {
    const std::lock_guard lock(keyMutex_);
    return sessionKey_;
  }

  InventoryReader reader() const { return {*session_, options_.parallelCalls, options_.pageSize}; }

  mutable std::mutex keyMutex_;
  std::string sessionKey_;  // of the latest login
  const ClientOptions options_;
  const Credentials credentials_;
  const Clock& clock_;
  Random& random_;
  SoapCodec codec_;
  OperationIds ids_;
  TransportChain chain_;
  Service service_;
  Greeting greeting_;
  VCenter server_;
  std::optional<Session> session_;
  std::unique_ptr<Actions> actions_;
  std::atomic<bool> ended_{false};
  std::atomic<bool> loggedOut_{false};
};

}  // namespace

std::unique_ptr<Client> Client::connect(ClientOptions options, Credentials credentials,
                                        const Context& context) {
  auto client = std::make_unique<ServerClient>(std::move(options), std::move(credentials), context);
  client->open(context);
  return client;
}

}  // namespace failback::vsphere
