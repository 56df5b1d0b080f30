// SPDX-License-Identifier: GPL-2.0-or-later
// PropertyCollector and PropertyFilter, and pyVmomi's Fetch.
#include <fmt/format.h>

#include "mocks/property_path.h"
#include "mocks/soap_convert.h"
#include "mocks/soap_service.h"

namespace failback::mock {

namespace {

constexpr std::chrono::minutes longestPoll{30};

// Several specs in one call: what each finds, one after the other; an object that two of them find comes
// once, with the properties of both.
FilterSpec merged(const std::vector<vim25__PropertyFilterSpec*>& specs) {
  if (specs.empty()) throw invalidArgument("specSet");
  FilterSpec all;
  for (const vim25__PropertyFilterSpec* each : specs) {
    FilterSpec one = toFilterSpec(each);
    validate(one);
    all.properties.insert(all.properties.end(), one.properties.begin(), one.properties.end());
    all.objects.insert(all.objects.end(), one.objects.begin(), one.objects.end());
    all.reportMissingObjects = all.reportMissingObjects || one.reportMissingObjects;
  }
  return all;
}

// Without a session nothing is looked up: every path of every object that was named comes back as not
// authenticated, save for what anybody may read.
Collector::Page anonymousPage(const FilterSpec& spec, const Scope& scope) {
  Collector::Page page;
  for (const ObjectSpec& each : spec.objects) {
    const ManagedObject* object = scope.inventory().find(each.object.id);
    ObjectContent content;
    if (object && !pathsFor(spec, object->type())->empty()) {
      content = readObject(*object, pathsFor(spec, object->type()), scope);
    } else {
      for (const PropertySpec& properties : spec.properties) {
        for (const std::string& path : properties.paths) {
          content.missing.push_back({path, notAuthenticated(each.object, "System.View").localized()});
        }
      }
    }
    content.ref = each.object;
    page.objects.push_back(std::move(content));
  }
  return page;
}

Answer pageAnswer(Collector::Page found) {
  if (found.objects.empty() && found.missing.empty() && found.token.empty()) return {};
  return {{}, [page = std::move(found)](XmlWriter& writer) {
            writer.open("returnval");
            if (!page.token.empty()) writer.textElement("token", page.token);
            for (const ObjectContent& each : page.objects) writeContent(writer, "objects", each);
            writer.close("returnval");
          }};
}

}  // namespace

int SoapService::Fetch(vim25__FetchRequestType* request, _vim25__FetchResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const std::string& path = needText(request->prop, "prop");
    if (!pathExists(call.self->type(), path)) throw invalidProperty(path);
    std::string_view privilege;
    if (!call.scope.reads(*call.self, path, privilege)) {
      if (!call.session) throw notAuthenticated(call.self->ref, privilege);
      throw noPermission(call.self->ref, privilege);
    }
    const PathResult result = call.scope.read(*call.self, path);
    if (!result.value.isSet()) return {};
    return {{}, [value = result.value, declared = result.declared](XmlWriter& writer) {
              writer.anyMember("returnval", value, &declared);
            }};
  });
}

int SoapService::RetrievePropertiesEx(vim25__RetrievePropertiesExRequestType* request,
                                      _vim25__RetrievePropertiesExResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const FilterSpec spec = merged(request->specSet);
    if (!call.session) return pageAnswer(anonymousPage(spec, call.scope));
    const std::int32_t asked = request->options ? request->options->maxObjects.value_or(0) : 0;
    if (asked < 0) throw invalidArgument("options.maxObjects");
    return pageAnswer(call.collector().retrieve(spec, call.scope, static_cast<std::size_t>(asked)));
  });
}

int SoapService::RetrieveProperties(vim25__RetrievePropertiesRequestType* request,
                                    _vim25__RetrievePropertiesResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const FilterSpec spec = merged(request->specSet);
    std::vector<ObjectContent> all;
    if (!call.session) {
      all = anonymousPage(spec, call.scope).objects;
    } else {
      // The call of the first API: no pages, everything at once.
      std::vector<MoRef> missing;
      ContentReader reader(spec);
      const SelectedObjects selected = selectObjects(spec, call.scope, missing);
      for (const MoRef& ref : *selected) {
        const ManagedObject* object = call.scope.find(ref);
        if (object) all.push_back(reader.read(*object, call.scope));
      }
    }
    return {{}, [all = std::move(all)](XmlWriter& writer) {
              for (const ObjectContent& each : all) writeContent(writer, "returnval", each);
            }};
  });
}

int SoapService::ContinueRetrievePropertiesEx(vim25__ContinueRetrievePropertiesExRequestType* request,
                                              _vim25__ContinueRetrievePropertiesExResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    Collector::Page page = call.collector().more(needText(request->token, "token"), call.scope);
    return {{}, [page = std::move(page)](XmlWriter& writer) {
              writer.open("returnval");
              if (!page.token.empty()) writer.textElement("token", page.token);
              for (const ObjectContent& each : page.objects) writeContent(writer, "objects", each);
              writer.close("returnval");
            }};
  });
}

int SoapService::CancelRetrievePropertiesEx(vim25__CancelRetrievePropertiesExRequestType* request,
                                            _vim25__CancelRetrievePropertiesExResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    if (!call.collector().cancelRetrieval(needText(request->token, "token"))) throw invalidProperty("token");
    return {};
  });
}

int SoapService::CreatePropertyCollector(vim25__CreatePropertyCollectorRequestType* request,
                                         _vim25__CreatePropertyCollectorResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const MoRef ref{"PropertyCollector",
                    fmt::format("session[{}]{}", call.session->key, call.world.random.uuid())};
    call.session->collectors.emplace(ref.id, std::make_shared<Collector>(ref));
    return {ref, {}};
  });
}

int SoapService::DestroyPropertyCollector(vim25__DestroyPropertyCollectorRequestType* request,
                                          _vim25__DestroyPropertyCollectorResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    Collector& collector = call.collector();
    collector.cancelWaits();
    call.session->collectors.erase(collector.ref().id);
    call.world.inventory.touch();
    return {};
  });
}

int SoapService::CreateFilter(vim25__CreateFilterRequestType* request, _vim25__CreateFilterResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    FilterSpec spec = toFilterSpec(request->spec);
    validate(spec);
    std::vector<MoRef> missing;
    (void)selectObjects(spec, call.scope, missing);  // faults now, not in the waiting call
    const MoRef ref{"PropertyFilter",
                    fmt::format("session[{}]{}", call.session->key, call.world.random.uuid())};
    Value original = describe(spec);
    call.collector().addFilter(ref, std::move(spec), std::move(original),
                               request->partialUpdates.value_or(false));
    call.world.inventory.touch();  // wakes a wait that is under way
    return {ref, {}};
  });
}

int SoapService::DestroyPropertyFilter(vim25__DestroyPropertyFilterRequestType* request,
                                       _vim25__DestroyPropertyFilterResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    for (const auto& [id, collector] : call.session->collectors) {
      if (collector->removeFilter(call.self->ref.id)) return {};
    }
    throw objectNotFound(call.self->ref);
  });
}

int SoapService::waitForUpdates(const vim25__ManagedObjectReference* self, const std::string& version,
                                std::optional<std::int32_t> maxWaitSeconds, std::size_t limit) {
  return answer(self, [&](Call& call) -> Answer {
    if (maxWaitSeconds && *maxWaitSeconds < 0) throw invalidArgument("options.maxWaitSeconds");
    const auto written = [](UpdateSet set) -> Answer {
      return {{}, [set = std::move(set)](XmlWriter& writer) { writeUpdateSet(writer, "returnval", set); }};
    };
    if (auto set = call.collector().updates(version, call.scope, limit)) return written(std::move(*set));
    if (maxWaitSeconds == 0) return {};
    // The session's and the collector's lifetime may end before the wait does: look both up anew each time.
    World& world = call.world;
    const auto attempt = [&world, written, limit, cookie = call.session->cookie, id = call.self->ref,
                          generation = call.collector().waitGeneration(),
                          asked = version](bool expired) -> std::optional<Answer> {
      const auto session = world.sessions.find(cookie, world.scheduler().now());
      if (!session) throw notAuthenticated(id, "System.View");
      session->lastActive = world.scheduler().now();
      const auto collector = session->collectors.find(id.id);
      if (collector == session->collectors.end() || collector->second->waitGeneration() != generation) {
        throw makeFault("RequestCanceled", "The request was canceled.");
      }
      const Scope scope(world.inventory, world.sessions, world.authorization, session, world.now());
      if (auto set = collector->second->updates(asked, scope, limit)) return written(std::move(*set));
      if (expired) return Answer{};
      return std::nullopt;
    };
    const std::chrono::milliseconds longest =
        maxWaitSeconds
            ? std::min<std::chrono::milliseconds>(std::chrono::seconds(*maxWaitSeconds), longestPoll)
            : longestPoll;
    context_.parked = ParkedCall{attempt, longest};
    return {};
  });
}

int SoapService::WaitForUpdatesEx(vim25__WaitForUpdatesExRequestType* request,
                                  _vim25__WaitForUpdatesExResponse&) {
  std::optional<std::int32_t> maxWait;
  std::size_t limit = 0;
  if (request->options) {
    maxWait = request->options->maxWaitSeconds;
    limit = static_cast<std::size_t>(std::max(0, request->options->maxObjectUpdates.value_or(0)));
  }
  return waitForUpdates(request->_USCOREthis, request->version.value_or(""), maxWait, limit);
}

int SoapService::WaitForUpdates(vim25__WaitForUpdatesRequestType* request, _vim25__WaitForUpdatesResponse&) {
  return waitForUpdates(request->_USCOREthis, request->version.value_or(""), std::nullopt, 0);
}

int SoapService::CheckForUpdates(vim25__CheckForUpdatesRequestType* request,
                                 _vim25__CheckForUpdatesResponse&) {
  return waitForUpdates(request->_USCOREthis, request->version.value_or(""), 0, 0);
}

int SoapService::CancelWaitForUpdates(vim25__CancelWaitForUpdatesRequestType* request,
                                      _vim25__CancelWaitForUpdatesResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    call.collector().cancelWaits();
    call.world.inventory.touch();
    return {};
  });
}

}  // namespace failback::mock
