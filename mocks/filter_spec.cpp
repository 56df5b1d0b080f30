// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/filter_spec.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <unordered_set>

#include "mocks/content_reader.h"
#include "mocks/fault.h"
#include "mocks/property_path.h"
#include "mocks/view.h"

namespace failback::mock {

namespace {

using Named = std::map<std::string, const Selection*, std::less<>>;

void collectNames(const std::vector<Selection>& select, Named& named) {
  for (const Selection& each : select) {
    if (!each.traversal) continue;
    if (!each.name.empty()) named.emplace(each.name, &each);
    collectNames(each.select, named);
  }
}

void validateSelections(const std::vector<Selection>& select, const Named& named) {
  for (const Selection& each : select) {
    if (!each.traversal) {
      if (!named.contains(each.name)) throw invalidArgument("specSet.objectSet.selectSet.name", each.name);
      continue;
    }
    const TypeInfo* type = TypeModel::get().find(each.type);
    if (!type || !type->managed) throw invalidArgument("specSet.objectSet.selectSet.type", each.type);
    if (!pathExists(*type, each.path)) throw invalidProperty(each.path);
    validateSelections(each.select, named);
  }
}

// The walk from one ObjectSpec.
class Walk {
 public:
  Walk(const Scope& scope, const FilterSpec& spec, std::vector<MoRef>& found,
       std::unordered_set<const ManagedObject*>& included)
      : scope_(scope), spec_(spec), found_(found), included_(included) {}

  void from(const ObjectSpec& start, const ManagedObject& object) {
    named_.clear();
    collectNames(start.select, named_);
    if (!start.skip) include(object);
    open_.push_back({&object, &start.select});
    while (!open_.empty()) {
      const Step step = open_.front();
      open_.pop_front();
      for (const Selection& each : *step.select) follow(*step.object, each);
    }
  }

 private:
  struct Step {
    const ManagedObject* object;
    const std::vector<Selection>* select;
  };

  void include(const ManagedObject& object) {
    if (isAsked(object.type()) && included_.insert(&object).second) found_.push_back(object.ref);
  }

  // Mostly one object is of the type of the one before.
  bool isAsked(const TypeInfo& type) {
    if (&type == last_) return lastAsked_;
    last_ = &type;
    lastAsked_ = std::any_of(spec_.properties.begin(), spec_.properties.end(),
                             [&](const PropertySpec& each) { return type.isA(each.type); });
    return lastAsked_;
  }

  // One step from the object along the selection. What it finds waits in open_: a walk may be as deep as the
  // inventory is large, so it must not use the stack.
  void follow(const ManagedObject& object, const Selection& selection) {
    const Selection* traversal = &selection;
    if (!selection.traversal) {
      const auto named = named_.find(selection.name);
      if (named == named_.end()) return;
      traversal = named->second;
    }
    if (!object.type().isA(traversal->type) || !walked_.insert({&object, traversal}).second) return;
    const SelectedObjects found = scope_.references(object, traversal->path);
    for (const MoRef& ref : *found) {
      const ManagedObject* next = scope_.find(ref);
      if (!next || !scope_.sees(ref.id)) continue;
      if (!traversal->skip) include(*next);
      if (!traversal->select.empty()) open_.push_back({next, &traversal->select});
    }
  }

  const Scope& scope_;
  const FilterSpec& spec_;
  std::vector<MoRef>& found_;
  std::unordered_set<const ManagedObject*>& included_;
  const TypeInfo* last_ = nullptr;
  bool lastAsked_ = false;
  Named named_;
  std::deque<Step> open_;
  std::set<std::pair<const ManagedObject*, const Selection*>> walked_;
};

// The view that a spec is about, when it asks for just what that shows and all of it is to be seen: then
// nothing needs to be walked.
const View* wholeView(const FilterSpec& spec, const Scope& scope) {
  if (spec.objects.size() != 1 || !scope.unrestricted()) return nullptr;
  const ObjectSpec& start = spec.objects.front();
  if (!start.skip || start.select.size() != 1) return nullptr;
  const Selection& way = start.select.front();
  const View* view = scope.view(start.object.id);
  if (!view || !way.traversal || way.path != "view" || way.skip || !way.select.empty()) return nullptr;
  const TypeModel& model = TypeModel::get();
  if (!model.need(view->ref.type).isA(way.type) || view->types.empty()) return nullptr;
  const auto isAsked = [&](const std::string& shown) {
    return std::any_of(spec.properties.begin(), spec.properties.end(),
                       [&](const PropertySpec& each) { return model.need(shown).isA(each.type); });
  };
  return std::all_of(view->types.begin(), view->types.end(), isAsked) ? view : nullptr;
}

}  // namespace

void validate(const FilterSpec& spec) {
  for (const PropertySpec& each : spec.properties) {
    const TypeInfo* type = TypeModel::get().find(each.type);
    if (!type || !type->managed) throw invalidArgument("specSet.propSet.type", each.type);
    if (each.all) continue;  // then paths mean nothing
    for (const std::string& path : each.paths) {
      if (!pathExists(*type, path)) throw invalidProperty(path);
    }
  }
  for (const ObjectSpec& each : spec.objects) {
    Named named;
    collectNames(each.select, named);
    validateSelections(each.select, named);
  }
}

SelectedObjects selectObjects(const FilterSpec& spec, const Scope& scope, std::vector<MoRef>& missing) {
  if (const View* view = wholeView(spec, scope)) return view->contents(scope.inventory());
  std::vector<MoRef> found;
  std::unordered_set<const ManagedObject*> included;  // a scope's pointers stay as long as it does
  for (const ObjectSpec& start : spec.objects) {
    const ManagedObject* object = scope.find(start.object);
    if (!object || !scope.sees(start.object.id)) {
      if (!spec.reportMissingObjects) throw objectNotFound(start.object);
      missing.push_back(start.object);
      continue;
    }
    Walk(scope, spec, found, included).from(start, *object);
  }
  return std::make_shared<const std::vector<MoRef>>(std::move(found));
}

AskedPaths pathsFor(const FilterSpec& spec, const TypeInfo& type) {
  std::vector<std::string> paths;
  const auto add = [&](std::string_view path) {
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.emplace_back(path);
  };
  for (const PropertySpec& each : spec.properties) {
    if (!type.isA(each.type)) continue;
    if (each.all) {
      for (const MemberInfo& property : type.members) add(property.name);
      continue;
    }
    for (const std::string& path : each.paths) add(path);
  }
  return std::make_shared<const std::vector<std::string>>(std::move(paths));
}

ObjectContent readObject(const ManagedObject& object, const AskedPaths& asked, const Scope& scope) {
  ObjectContent content;
  content.ref = object.ref;
  content.asked = asked;
  content.properties.reserve(asked->size());
  for (std::size_t i = 0; i < asked->size(); ++i) {
    const std::string& path = (*asked)[i];
    std::string_view privilege;
    if (!scope.reads(object, path, privilege)) {
      const Fault fault =
          scope.session() ? noPermission(object.ref, privilege) : notAuthenticated(object.ref, privilege);
      content.missing.push_back({path, fault.localized()});
      continue;
    }
    PathResult result = scope.read(object, path);
    if (result.status != PathStatus::found) continue;
    content.properties.push_back({i, std::move(result.value), result.declared});
  }
  return content;
}

void writeMissing(XmlWriter& writer, const std::vector<MissingEntry>& missing) {
  static const MemberInfo fault = TypeModel::get().declared("LocalizedMethodFault");
  for (const MissingEntry& each : missing) {
    writer.open("missingSet");
    writer.textElement("path", each.path);
    writer.member(fault, "fault", each.fault);
    writer.close("missingSet");
  }
}

void writeContent(XmlWriter& writer, std::string_view element, const ObjectContent& content) {
  writer.open(element);
  writer.refElement("obj", content.ref);
  if (content.answer) content.answer->write(writer, content.packed);
  for (const PropertyEntry& each : content.properties) {
    writer.property(content.nameOf(each), each.value, each.declared);
  }
  writeMissing(writer, content.missing);
  writer.close(element);
}

void writeMissingObject(XmlWriter& writer, const MoRef& ref) {
  static const MemberInfo fault = TypeModel::get().declared("LocalizedMethodFault");
  writer.open("missingSet");
  writer.refElement("obj", ref);
  writer.member(fault, "fault", objectNotFound(ref).localized());
  writer.close("missingSet");
}

}  // namespace failback::mock
