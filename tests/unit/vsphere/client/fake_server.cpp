// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/vsphere/client/fake_server.h"

#include <algorithm>

#include "tests/support/record_folder.h"

namespace failback::vsphere::test {
namespace {

const Moref kRoot{"Folder", "group-d1", {}};

std::string string(const std::string& path, const std::string& value) {
  return property(path, "xsd:string", escaped(value));
}

std::string moref(const std::string& path, const Moref& ref) {
  return "<propSet><name>" + path + "</name><val type=\"" + ref.type +
         "\" xsi:type=\"ManagedObjectReference\">" + ref.value + "</val></propSet>";
}

FakeObject entity(const std::string& type, const std::string& value, const std::string& name,
                  const Moref& parent) {
  FakeObject object;
  object.ref = {type, value, {}};
  object.properties["name"] = string("name", name);
  object.properties["parent"] = moref("parent", parent);
  return object;
}

bool matches(const std::string& type, const std::vector<std::string>& types) {
  const auto has = [&](const char* base) {
    return std::find(types.begin(), types.end(), base) != types.end();
  };
  if (std::find(types.begin(), types.end(), type) != types.end()) return true;
  if (type == "ClusterComputeResource") return has("ComputeResource");
  if (type == "StoragePod") return has("Folder");
  if (type == "DistributedVirtualPortgroup") return has("Network");
  return false;
}

}  // namespace

Response ok(std::string body) {
  Response response;
  response.status = 200;
  response.headers.emplace_back("content-type", "text/xml; charset=utf-8");
  response.body = std::move(body);
  return response;
}

Response faulty(const std::string& type, const std::string& text, const std::string& members) {
  Response response = ok(fault(type, text, members));
  response.status = 500;
  return response;
}

FakeServer::FakeServer()
    : versionsFile(
          "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><namespaces version=\"1.0\"><namespace>"
          "<name>urn:vim25</name><version>uA046D008</version><priorVersions><version>8.0.2.0</version>"
          "<version>8.0.1.0</version><version>7.0.3.0</version><version>6.5</version><version>2.0</version>"
          "</priorVersions></namespace></namespaces>"),
      about(
          "<name>VMware vCenter Server</name><fullName>VMware vCenter Server 8.0.3 build-1</fullName>"
          "<vendor>VMware, "
          "Inc.</vendor><version>8.0.3</version><patchLevel>00000</patchLevel><build>1</build>"
          "<osType>linux-x64</osType><productLineId>vpx</productLineId><apiType>VirtualCenter</apiType>"
          "<apiVersion>8.0.3.0</apiVersion><instanceUuid>61f12cb6-9de0-40cb-9c47-61d494229f4f</"
          "instanceUuid>") {}

void FakeServer::killSessions() {
  const std::lock_guard lock(mutex_);
  sessions_.clear();
}

std::vector<std::string> FakeServer::calls() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> methods;
  for (const Request& request : seen_) methods.push_back(request.method);
  return methods;
}

std::size_t FakeServer::count(const std::string& method) const {
  const std::vector<std::string> all = calls();
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), method));
}

std::vector<Request> FakeServer::raw() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::vector<ReadRequestXml> FakeServer::requests(const std::string& method) const {
  std::vector<ReadRequestXml> found;
  for (const Request& request : raw()) {
    if (request.method == method) found.push_back(readRequest(request.body));
  }
  return found;
}

std::size_t FakeServer::openSessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

std::vector<std::string> FakeServer::leftovers() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> left;
  for (const auto& [cookie, session] : sessions_) {
    left.push_back("session " + cookie);
    for (const auto& [view, types] : session.views) left.push_back("view " + view);
    for (const auto& [collector, state] : session.collectors) left.push_back("collector " + collector);
    for (const auto& [token, rest] : session.tokens) left.push_back("token " + token);
  }
  return left;
}

Response FakeServer::send(const Request& request, const Context& context) {
  std::size_t call = 0;
  {
    const std::lock_guard lock(mutex_);
    seen_.push_back(request);
    call = seen_.size();
  }
  context.check("the fake server");
  std::optional<Response> response;
  if (meet) response = meet(request, call);
  if (!response) response = answerTo(request);
  if (spoil) spoil(request, call, *response);
  return std::move(*response);
}

FakeServer::Session* FakeServer::sessionOf(const Request& request, std::string* key) {
  for (const auto& [name, value] : request.headers) {
    if (name != "Cookie") continue;
    const auto found = sessions_.find(value);
    if (found == sessions_.end()) continue;
    if (key != nullptr) *key = value;
    return &found->second;
  }
  return nullptr;
}

Response FakeServer::answerTo(const Request& http) {
  if (http.verb == Request::Verb::get) {
    Response response = ok(versionsFile);
    if (versionsFile.empty()) {
      response.status = 404;
      response.body = "<HTML><BODY><H1>404 Not Found</H1></BODY></HTML>";
    }
    return response;
  }
  const ReadRequestXml request = readRequest(http.body);
  if (request.method == "WaitForUpdatesEx" && updates.empty() && onIdle) onIdle();
  const std::lock_guard lock(mutex_);
  if (request.method == "RetrieveServiceContent") return serviceContent();
  if (request.method == "Login") return login(request);
  if (request.method == "CurrentTime") {
    return ok(answer(request.method, "<returnval>2023-12-14T07:29:53.566909Z</returnval>"));
  }
  std::string key;
  Session* session = sessionOf(http, &key);
  if (request.method == "RetrievePropertiesEx") return retrieve(request, session);
  if (session == nullptr) {
    return faulty("NotAuthenticated", "The session is not authenticated.",
                  reference("object", request.self) + "<privilegeId>System.View</privilegeId>");
  }
  if (request.method == "Logout") {
    sessions_.erase(key);
    return ok(answer(request.method, ""));
  }
  return dispatch(request, *session);
}

Response FakeServer::serviceContent() const {
  std::string content =
      vcenter ? reference("rootFolder", kRoot) : reference("rootFolder", {"Folder", "ha-folder-root", {}});
  content +=
      reference("propertyCollector", {"PropertyCollector", "propertyCollector", {}}) +
      reference("viewManager", {"ViewManager", "ViewManager", {}}) + "<about>" + about + "</about>" +
      reference("sessionManager", {"SessionManager", "SessionManager", {}}) +
      reference("licenseManager", {"LicenseManager", "LicenseManager", {}}) +
      reference("authorizationManager", {"AuthorizationManager", "AuthorizationManager", {}}) +
      reference("eventManager", {"EventManager", "EventManager", {}}) +
      (vcenter ? reference("scheduledTaskManager", {"ScheduledTaskManager", "ScheduledTaskManager", {}})
               : "") +
      reference("searchIndex", {"SearchIndex", "SearchIndex", {}}) +
      reference("virtualDiskManager", {"VirtualDiskManager", "virtualDiskManager", {}}) +
      (vcenter
           ? reference("vmCompatibilityChecker", {"VirtualMachineCompatibilityChecker", "checker", {}}) +
                 reference("storageResourceManager", {"StorageResourceManager", "StorageResourceManager", {}})
           : "");
  return ok(answer("RetrieveServiceContent", "<returnval>" + content + "</returnval>"));
}

Response FakeServer::login(const ReadRequestXml& request) {
  if (request.text("password") != password) {
    Response refused =
        faulty("InvalidLogin", "Cannot complete login due to an incorrect user name or password.");
    refused.headers.emplace_back("set-cookie", "vmware_soap_session=\"refused\"; Path=/; HttpOnly; Secure;");
    return refused;
  }
  // In double quotes, as a real server writes it; it must come back just so.
  const std::string cookie = "vmware_soap_session=\"e8e523a00" + std::to_string(100 + ++next_) + "f92d\"";
  const std::string key = "52bb85b0-" + std::to_string(next_);
  sessions_[cookie].key = key;
  Response response =
      ok(answer("Login", "<returnval><key>" + key + "</key><userName>" + escaped(request.text("userName")) +
                             "</userName><fullName>A Person</fullName><locale>en</locale></returnval>"));
  response.headers.emplace_back("set-cookie", cookie + "; Path=/; HttpOnly; Secure;");
  return response;
}

std::string FakeServer::viewContent(const Moref& view, const std::vector<std::string>& types) const {
  std::string list;
  const auto add = [&](const Moref& ref) {
    if (!matches(ref.type, types)) return;
    list += "<ManagedObjectReference type=\"" + ref.type + "\" xsi:type=\"ManagedObjectReference\">" +
            ref.value + "</ManagedObjectReference>";
  };
  for (const FakeObject& object : objects) add(object.ref);
  for (const Moref& ghost : ghosts) add(ghost);
  return "<objects>" + reference("obj", view) + property("view", "ArrayOfManagedObjectReference", list) +
         "</objects>";
}

std::string FakeServer::contentOf(const FakeObject& object, const std::vector<std::string>& paths) const {
  std::string content = "<objects>" + reference("obj", object.ref);
  std::set<std::string> told;
  for (const std::string& path : paths) {
    const auto value = object.properties.find(path);
    if (value != object.properties.end() && told.insert(path).second) content += value->second;
  }
  for (const auto& [path, type] : object.missing) {
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) continue;
    content += "<missingSet><path>" + escaped(path) + "</path><fault><fault xsi:type=\"" + type + "\">" +
               reference("object", object.ref) +
               "<privilegeId>System.Read</privilegeId></fault><localizedMessage>Permission to perform this "
               "operation "
               "was denied.</localizedMessage></fault></missingSet>";
  }
  return content + "</objects>";
}

void FakeServer::addOther(const Moref& ref, const std::vector<std::string>& paths,
                          std::vector<std::string>& contents) const {
  for (const FakeObject& object : others) {
    const bool below = ref.type == "ScheduledTaskManager" && object.ref.type == "ScheduledTask";
    if (object.ref == ref || below) contents.push_back(contentOf(object, paths));
  }
}

Response FakeServer::privileges(const ReadRequestXml& request, const Session& session) const {
  const auto refuse = [](const std::string& parameter) {
    return faulty("InvalidArgument", "A specified parameter was not correct: " + parameter,
                  "<invalidProperty>" + parameter + "</invalidProperty>");
  };
  if (request.text("sessionId") != session.key) return refuse("sessionId");
  const std::vector<std::string> ids = request.texts("privId");
  std::string content;
  for (const Moref& entity : request.references("entity")) {
    const auto rights = granted.find(entity);
    if (rights == granted.end()) {
      return faulty("ManagedObjectNotFound", "The object has already been deleted", reference("obj", entity));
    }
    content += "<returnval>" + reference("entity", entity);
    for (const std::string& id : ids) {
      if (!knownPrivileges.contains(id)) return refuse("privId");
      content += "<privAvailability><privId>" + id + "</privId><isGranted>" +
                 (rights->second.contains(id) ? "true" : "false") + "</isGranted></privAvailability>";
    }
    content += "</returnval>";
  }
  return ok(answer(request.method, content));
}

void FakeServer::addWalk(const ReadRequestXml& request, std::vector<std::string>& contents) const {
  // Those of the properties; those of the steps of the walk come after them.
  std::vector<std::string> types = request.texts("type");
  types.resize(request.texts("all").size());
  const std::vector<std::string> paths = request.texts("pathSet");
  for (const FakeObject& object : objects) {
    if (!matches(object.ref.type, types)) continue;
    contents.insert(contents.end(), walksTwice ? 2 : 1, contentOf(object, paths));
  }
}

Response FakeServer::retrieve(const ReadRequestXml& request, Session* session) {
  const std::vector<std::string> paths = request.texts("pathSet");
  std::vector<std::string> contents;
  for (const std::string& path : paths) {
    if (unknownPaths.contains(path)) {
      return faulty("InvalidProperty", "", "<name>" + escaped(path) + "</name>");
    }
  }
  for (const Moref& ref : request.references("obj")) {
    if (session == nullptr) {
      contents.push_back("<objects>" + reference("obj", ref) + "<missingSet><path>" + escaped(paths.at(0)) +
                         "</path><fault><fault xsi:type=\"NotAuthenticated\">" + reference("object", ref) +
                         "<privilegeId>System.View</privilegeId></fault><localizedMessage>The session is not "
                         "authenticated.</localizedMessage></fault></missingSet></objects>");
      continue;
    }
    if (ref.type == "ContainerView") {
      const auto view = session->views.find(ref.value);
      if (view == session->views.end()) {
        return faulty("ManagedObjectNotFound", "The object has already been deleted", reference("obj", ref));
      }
      contents.push_back(viewContent(ref, view->second));
      continue;
    }
    if (ref.type == "LicenseManager") {
      contents.push_back("<objects>" + reference("obj", ref) + licenses + "</objects>");
      continue;
    }
    if (!request.texts("selectSet").empty() && (ref == kRoot || ref.value == "ha-folder-root")) {
      addWalk(request, contents);
      continue;
    }
    const auto object =
        std::find_if(objects.begin(), objects.end(), [&](const FakeObject& one) { return one.ref == ref; });
    const std::size_t before = contents.size();
    addOther(ref, paths, contents);
    if (object != objects.end()) {
      contents.push_back(contentOf(*object, paths));
    } else if (!reportsMissing && contents.size() == before) {
      return faulty("ManagedObjectNotFound", "The object has already been deleted", reference("obj", ref));
    }
  }
  if (contents.empty()) return ok(answer(request.method, ""));
  Session none;
  return page(std::move(contents), session != nullptr ? *session : none, request.method);
}

Response FakeServer::page(std::vector<std::string> contents, Session& session, const std::string& method) {
  std::string token;
  if (contents.size() > serverPage) {
    token = "token-" + std::to_string(++next_);
    session.tokens[token].assign(contents.begin() + static_cast<std::ptrdiff_t>(serverPage), contents.end());
    contents.resize(serverPage);
  }
  std::string body = token.empty() ? "" : "<token>" + token + "</token>";
  for (const std::string& content : contents) body += content;
  return ok(answer(method, "<returnval>" + body + "</returnval>"));
}

Response FakeServer::wait(const ReadRequestXml& request, Session& session) {
  const auto collector = session.collectors.find(request.self.value);
  if (collector == session.collectors.end()) {
    return faulty("ManagedObjectNotFound", "The object has already been deleted",
                  reference("obj", request.self));
  }
  const std::string version = request.text("version");
  if (version != (collector->second.version == 0 ? "" : std::to_string(collector->second.version))) {
    return faulty("InvalidCollectorVersion", "");
  }
  if (updates.empty() || updates.front().empty()) {
    if (!updates.empty()) updates.pop_front();
    return ok(answer(request.method, ""));
  }
  const std::string content = updates.front();
  updates.pop_front();
  return ok(answer(request.method, "<returnval><version>" + std::to_string(++collector->second.version) +
                                       "</version>" + content + "</returnval>"));
}

Response FakeServer::dispatch(const ReadRequestXml& request, Session& session) {
  const std::string& method = request.method;
  const Response done = ok(answer(method, ""));
  const Response gone =
      faulty("ManagedObjectNotFound", "The object has already been deleted", reference("obj", request.self));
  if (method == "CreateContainerView") {
    const std::string id = "session[52bb85b0]view-" + std::to_string(++next_);
    session.views[id] = request.texts("type");
    return ok(answer(method, reference("returnval", {"ContainerView", id, {}})));
  }
  if (method == "DestroyView") return session.views.erase(request.self.value) > 0 ? done : gone;
  if (method == "ContinueRetrievePropertiesEx") {
    const auto rest = session.tokens.extract(request.text("token"));
    if (rest.empty()) return faulty("InvalidProperty", "", "<name>token</name>");
    return page(rest.mapped(), session, method);
  }
  if (method == "CancelRetrievePropertiesEx") {
    session.tokens.erase(request.text("token"));
    return done;
  }
  if (method == "CreatePropertyCollector") {
    const std::string id = "session[52bb85b0]collector-" + std::to_string(++next_);
    session.collectors[id] = {};
    return ok(answer(method, reference("returnval", {"PropertyCollector", id, {}})));
  }
  if (method == "CreateFilter") {
    if (!session.collectors.contains(request.self.value)) return gone;
    return ok(
        answer(method, reference("returnval", {"PropertyFilter", "filter-" + std::to_string(++next_), {}})));
  }
  if (method == "DestroyPropertyCollector")
    return session.collectors.erase(request.self.value) > 0 ? done : gone;
  if (method == "DestroyPropertyFilter") return done;
  if (method == "WaitForUpdatesEx") return wait(request, session);
  if (method == "QueryAssignedLicenses") return ok(answer(method, assignedLicenses));
  if (method == "HasPrivilegeOnEntities") return privileges(request, session);
  if (const auto known = answers.find(method); known != answers.end())
    return ok(answer(method, known->second));
  if (method == "CancelTask") return done;
  if (method == "FindAllByUuid") {
    std::string list;
    for (const Moref& ref : uuidHits) list += reference("returnval", ref);
    return ok(answer(method, list));
  }
  return faulty("NotSupported", "The operation is not supported on the object.");
}

std::vector<FakeObject> smallInventory(std::size_t vms) {
  std::vector<FakeObject> all;
  const Moref datacenter{"Datacenter", "datacenter-3", {}};
  const Moref vmFolder{"Folder", "group-v4", {}};
  const Moref hostFolder{"Folder", "group-h5", {}};
  const Moref cluster{"ClusterComputeResource", "domain-c8", {}};
  all.push_back(entity("Datacenter", "datacenter-3", "Berlin", kRoot));
  all.push_back(entity("Folder", "group-v4", "vm", datacenter));
  all.push_back(entity("Folder", "group-h5", "host", datacenter));
  all.push_back(entity("ClusterComputeResource", "domain-c8", "Cluster 1", hostFolder));
  all.push_back(entity("ResourcePool", "resgroup-9", "Resources", cluster));
  all.push_back(entity("StoragePod", "group-p7", "Pod", datacenter));
  for (const char* host : {"host-10", "host-11"}) all.push_back(entity("HostSystem", host, host, cluster));
  all.push_back(entity("Datastore", "datastore-12", "vmfs1", datacenter));
  all.push_back(entity("Network", "network-13", "VM Network", datacenter));
  all.push_back(entity("DistributedVirtualPortgroup", "dvportgroup-14", "dv", datacenter));
  for (std::size_t i = 0; i < vms; ++i) {
    FakeObject vm =
        entity("VirtualMachine", "vm-" + std::to_string(1000 + i), "vm" + std::to_string(i), vmFolder);
    vm.properties["runtime.powerState"] =
        property("runtime.powerState", "VirtualMachinePowerState", "poweredOn");
    all.push_back(std::move(vm));
  }
  return all;
}

ClientOptions optionsFor(const std::shared_ptr<Transport>& transport) {
  ClientOptions options;
  options.connection.url.host = "vc.example";
  options.transport = transport;
  // What the client sends is judged; what FakeServer answers is as short as a test needs it.
  options.recordDirectory = ::failback::test::recordFolder("client", "answers: foreign\n");
  return options;
}

Credentials credentialsOf(const FakeServer& server) {
  Credentials credentials;
  credentials.userName = "operator@vsphere.local";
  credentials.password = Secret(server.password);
  return credentials;
}

void Collected::object(InventoryObject&& object) {
  const Entity& entity = entityOf(object);
  names.push_back(entity.ref.str());
  byMoref.insert_or_assign(entity.ref.value, std::move(object));
}

}  // namespace failback::vsphere::test
