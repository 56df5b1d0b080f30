// SPDX-License-Identifier: GPL-2.0-or-later
// ViewManager, the views, and SearchIndex.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/search_index.h"
#include "mocks/soap_convert.h"
#include "mocks/soap_service.h"

namespace failback::mock {

namespace {

MoRef newView(Call& call, View view, std::string type) {
  view.ref = {std::move(type), fmt::format("session[{}]{}", call.session->key, call.world.random.uuid())};
  MoRef ref = view.ref;
  call.session->views.emplace(ref.id, std::move(view));
  return ref;
}

View& viewOf(Call& call, View::Kind kind) {
  const auto found = call.session->views.find(call.self->ref.id);
  if (found == call.session->views.end() || found->second.kind != kind) throw objectNotFound(call.self->ref);
  return found->second;
}

// References without those that lead nowhere, which go to `unresolved`.
std::vector<MoRef> resolved(const Call& call, const std::vector<MoRef>& refs,
                            std::vector<Value>& unresolved) {
  std::vector<MoRef> found;
  for (const MoRef& ref : refs) {
    if (call.scope.inventory().find(ref.id) && call.scope.sees(ref.id)) {
      found.push_back(ref);
    } else {
      unresolved.emplace_back(ref);
    }
  }
  return found;
}

Answer listOrNothing(std::vector<Value> values) {
  if (values.empty()) return {};
  return {list(std::move(values)), {}};
}

Answer firstSeen(const Call& call, const std::vector<MoRef>& refs) {
  for (const MoRef& ref : refs) {
    if (call.scope.sees(ref.id)) return {ref, {}};
  }
  return {};
}

Answer allSeen(const Call& call, const std::vector<MoRef>& refs) {
  std::vector<Value> seen;
  for (const MoRef& ref : refs) {
    if (call.scope.sees(ref.id)) seen.emplace_back(ref);
  }
  return listOrNothing(std::move(seen));
}

std::optional<MoRef> optionalRef(const vim25__ManagedObjectReference* ref) {
  return ref ? std::optional<MoRef>(toRef(ref)) : std::nullopt;
}

template <typename Request>
std::vector<MoRef> search(const Call& call, const Request& request,
                          const std::function<bool(const ManagedObject&)>& matches) {
  return findEntities(call.scope.inventory(), request.vmSearch.value_or(false),
                      optionalRef(request.datacenter), matches);
}

template <typename Request>
std::vector<MoRef> searchUuid(const Call& call, const Request& request) {
  const std::string uuid = needText(request.uuid, "uuid");
  const bool instance = request.instanceUuid.value_or(false);
  return search(call, request, [&](const ManagedObject& object) { return hasUuid(object, uuid, instance); });
}

template <typename Request>
std::vector<MoRef> searchDns(const Call& call, const Request& request) {
  const std::string name = needText(request.dnsName, "dnsName");
  return search(call, request, [&](const ManagedObject& object) { return hasDnsName(object, name); });
}

template <typename Request>
std::vector<MoRef> searchIp(const Call& call, const Request& request) {
  const std::string address = needText(request.ip, "ip");
  return search(call, request, [&](const ManagedObject& object) { return hasAddress(object, address); });
}

}  // namespace

int SoapService::CreateContainerView(vim25__CreateContainerViewRequestType* request,
                                     _vim25__CreateContainerViewResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    View view;
    view.kind = View::Kind::container;
    view.container = needRef(request->container, "container");
    view.types = request->type;
    view.recursive = request->recursive.value_or(false);
    const ManagedObject* container = call.scope.find(view.container);
    if (!container) throw objectNotFound(view.container);
    constexpr std::array<std::string_view, 5> containers{"Folder", "Datacenter", "ComputeResource",
                                                         "ResourcePool", "HostSystem"};
    const bool fits = std::any_of(containers.begin(), containers.end(),
                                  [&](std::string_view type) { return container->type().isA(type); });
    if (!fits) throw invalidArgument("container");
    for (const std::string& type : view.types) {
      const TypeInfo* known = TypeModel::get().find(type);
      if (!known || !known->managed) throw invalidArgument("type", type);
    }
    return {newView(call, std::move(view), "ContainerView"), {}};
  });
}

int SoapService::CreateListView(vim25__CreateListViewRequestType* request, _vim25__CreateListViewResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    std::vector<Value> unresolved;
    View view;
    view.kind = View::Kind::list;
    view.listed = resolved(call, toRefs(request->obj), unresolved);
    return {newView(call, std::move(view), "ListView"), {}};
  });
}

int SoapService::CreateInventoryView(vim25__CreateInventoryViewRequestType* request,
                                     _vim25__CreateInventoryViewResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    View view;
    view.kind = View::Kind::inventory;
    const std::string root = call.world.serviceContent.at("rootFolder").asRef()->id;
    view.listed = {{"Folder", root}};
    return {newView(call, std::move(view), "InventoryView"), {}};
  });
}

int SoapService::OpenInventoryViewFolder(vim25__OpenInventoryViewFolderRequestType* request,
                                         _vim25__OpenInventoryViewFolderResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    View& view = viewOf(call, View::Kind::inventory);
    std::vector<Value> unresolved;
    std::vector<MoRef> open = view.listed;
    for (MoRef& ref : resolved(call, toRefs(request->entity), unresolved)) {
      if (std::find(open.begin(), open.end(), ref) == open.end()) open.push_back(std::move(ref));
    }
    view.relist(std::move(open));
    call.world.inventory.touch();
    return listOrNothing(std::move(unresolved));
  });
}

int SoapService::CloseInventoryViewFolder(vim25__CloseInventoryViewFolderRequestType* request,
                                          _vim25__CloseInventoryViewFolderResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    View& view = viewOf(call, View::Kind::inventory);
    std::vector<MoRef> open = view.listed;
    for (const MoRef& ref : toRefs(request->entity)) std::erase(open, ref);
    view.relist(std::move(open));
    call.world.inventory.touch();
    return {};
  });
}

int SoapService::ModifyListView(vim25__ModifyListViewRequestType* request, _vim25__ModifyListViewResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    View& view = viewOf(call, View::Kind::list);
    std::vector<Value> unresolved;
    std::vector<MoRef> listed = view.listed;
    for (const MoRef& ref : toRefs(request->remove)) std::erase(listed, ref);
    for (MoRef& ref : resolved(call, toRefs(request->add), unresolved)) {
      if (std::find(listed.begin(), listed.end(), ref) == listed.end()) listed.push_back(std::move(ref));
    }
    view.relist(std::move(listed));
    call.world.inventory.touch();
    return listOrNothing(std::move(unresolved));
  });
}

int SoapService::ResetListView(vim25__ResetListViewRequestType* request, _vim25__ResetListViewResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    std::vector<Value> unresolved;
    viewOf(call, View::Kind::list).relist(resolved(call, toRefs(request->obj), unresolved));
    call.world.inventory.touch();
    return listOrNothing(std::move(unresolved));
  });
}

int SoapService::DestroyView(vim25__DestroyViewRequestType* request, _vim25__DestroyViewResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    call.session->views.erase(call.self->ref.id);
    call.world.inventory.touch();
    return {};
  });
}

int SoapService::FindByUuid(vim25__FindByUuidRequestType* request, _vim25__FindByUuidResponse&) {
  return answer(request->_USCOREthis,
                [&](Call& call) -> Answer { return firstSeen(call, searchUuid(call, *request)); });
}

int SoapService::FindAllByUuid(vim25__FindAllByUuidRequestType* request, _vim25__FindAllByUuidResponse&) {
  return answer(request->_USCOREthis,
                [&](Call& call) -> Answer { return allSeen(call, searchUuid(call, *request)); });
}

int SoapService::FindByDnsName(vim25__FindByDnsNameRequestType* request, _vim25__FindByDnsNameResponse&) {
  return answer(request->_USCOREthis,
                [&](Call& call) -> Answer { return firstSeen(call, searchDns(call, *request)); });
}

int SoapService::FindAllByDnsName(vim25__FindAllByDnsNameRequestType* request,
                                  _vim25__FindAllByDnsNameResponse&) {
  return answer(request->_USCOREthis,
                [&](Call& call) -> Answer { return allSeen(call, searchDns(call, *request)); });
}

int SoapService::FindByIp(vim25__FindByIpRequestType* request, _vim25__FindByIpResponse&) {
  return answer(request->_USCOREthis,
                [&](Call& call) -> Answer { return firstSeen(call, searchIp(call, *request)); });
}

int SoapService::FindAllByIp(vim25__FindAllByIpRequestType* request, _vim25__FindAllByIpResponse&) {
  return answer(request->_USCOREthis,
                [&](Call& call) -> Answer { return allSeen(call, searchIp(call, *request)); });
}

int SoapService::FindByInventoryPath(vim25__FindByInventoryPathRequestType* request,
                                     _vim25__FindByInventoryPathResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const MoRef& root = *call.world.serviceContent.at("rootFolder").asRef();
    const auto found =
        findByPath(call.world.inventory, root, needText(request->inventoryPath, "inventoryPath"));
    return found ? firstSeen(call, {*found}) : Answer{};
  });
}

int SoapService::FindByDatastorePath(vim25__FindByDatastorePathRequestType* request,
                                     _vim25__FindByDatastorePathResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const std::string path = needText(request->path, "path");
    const MoRef datacenter = needRef(request->datacenter, "datacenter");
    return firstSeen(call, findEntities(call.world.inventory, true, datacenter, [&](const ManagedObject& vm) {
                       return vm.state.at("config.files.vmPathName").string() == path;
                     }));
  });
}

int SoapService::FindChild(vim25__FindChildRequestType* request, _vim25__FindChildResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const MoRef parent = needRef(request->entity, "entity");
    if (!call.scope.find(parent)) throw objectNotFound(parent);
    const auto found = findChildByName(call.world.inventory, parent, needText(request->name, "name"));
    return found ? firstSeen(call, {*found}) : Answer{};
  });
}

}  // namespace failback::mock
