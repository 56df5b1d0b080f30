// SPDX-License-Identifier: GPL-2.0-or-later
// Managed entities as operations make, name, list and remove them. Called under the World's lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/world.h"

namespace failback::mock {

// A reference that no object has or had: vCenter numbers all kinds of objects by one count.
MoRef freshRef(World& world, std::string type, std::string_view prefix);

// A boolean that is set, and true.
bool isTrue(const Value& value);
// What a list holds; nothing when it is none.
std::vector<Value> itemsOf(const Value& value);
// Its "name"; the object must be there.
std::string nameOf(const World& world, const MoRef& ref);

// The references in a list, and a list of references.
std::vector<MoRef> refsOfList(const Value& value);
Value listOfRefs(const std::vector<MoRef>& refs);
bool holds(const std::vector<MoRef>& refs, const MoRef& ref);
// Puts a reference into the list property at `path` of an object, or takes it out. An object that is not
// there, a reference that is there already (or not): nothing happens.
void addRef(World& world, const MoRef& holder, std::string_view path, const MoRef& ref);
void dropRef(World& world, const MoRef& holder, std::string_view path, const MoRef& ref);

// The machines below an object: of a folder, a pool, a host, a compute resource.
std::vector<MoRef> machinesBelow(World& world, const MoRef& container);
std::optional<MoRef> parentOf(const World& world, const MoRef& entity);
bool isBelow(const World& world, const MoRef& entity, const MoRef& ancestor);

// ---- names, as vCenter keeps them: '/', '\' and a '%' that starts no escape are kept escaped
std::string storedName(std::string_view name);
// Whether two names are the same to vCenter: without case, escapes resolved.
bool sameName(std::string_view a, std::string_view b);
// Throws InvalidName for an empty one or one of more than 80 characters.
void needGoodName(std::string_view name, const std::optional<MoRef>& entity = {});
// Throws DuplicateName with the object when the parent has another child of that name. For datastores the
// whole datacenter is the parent.
void needFreeName(World& world, const MoRef& parent, std::string_view type, std::string_view name,
                  const std::optional<MoRef>& except = {});

// Renames; throws InvalidName and DuplicateName. All that shows the name follows; posts the event.
void renameEntity(World& world, const MoRef& entity, const std::string& newName);
// A datastore's name in all paths of the machines that use it, their layouts and snapshots included.
void renameDatastore(World& world, const MoRef& datastore, const std::string& newName);
// The value with "[old]" at the beginning of paths replaced, and old names of datastores in URL pairs.
Value withDatastoreName(const Value& value, const std::string& oldName, const std::string& newName);

bool isEsxi(const World& world);  // a host without a vCenter

// Takes a machine out of the inventory: from its folder, pool, host, datastores, networks, and the overrides
// and rules of its cluster and datastore clusters. Its files stay.
void forgetMachine(World& world, const MoRef& vm);

}  // namespace failback::mock
