// SPDX-License-Identifier: GPL-2.0-or-later
// What one session can reach: the inventory, its own views and collectors, and the few properties that differ
// from session to session. Made for one request, under the World's lock.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "mocks/authorization.h"
#include "mocks/inventory.h"
#include "mocks/property_path.h"

namespace failback::mock {

struct Session;
class SessionStore;
struct User;
struct View;

class Scope {
 public:
  // `session` may be null: then nothing but anonymous properties can be read.
  Scope(const Inventory& inventory, const SessionStore& sessions, const Authorization& authorization,
        std::shared_ptr<const Session> session, std::string now);

  const Inventory& inventory() const { return inventory_; }
  const Session* session() const { return session_.get(); }

  // Null when there is no such object or it is another session's. The pointer lives as long as the scope and
  // no longer than the next change of the inventory.
  const ManagedObject* find(const MoRef& ref) const;
  // A view of the session; null when it has none of that id.
  const View* view(std::string_view id) const;
  // The references that a property holds, without building the list for views.
  std::shared_ptr<const std::vector<MoRef>> references(const ManagedObject& object,
                                                       std::string_view path) const;

  bool sees(std::string_view id) const;
  // Whether the user may do everything everywhere: then nothing needs to be asked.
  bool unrestricted() const { return everywhere_ && everywhere_->everything; }
  // May the property be read? `privilege` is what it would take, when it may not.
  bool reads(const ManagedObject& object, std::string_view path, std::string_view& privilege) const;
  // May the user do on the object what the privilege stands for? On managers that is asked of the root
  // folder.
  bool may(const MoRef& on, std::string_view privilege) const;
  // The object that NoPermission names when `may` says no.
  MoRef authorityFor(const MoRef& on) const;
  // What a property holds for the user: its own effectiveRole, and no references to what it may not see.
  PathResult read(const ManagedObject& object, std::string_view path) const;
  // Lists of references without the objects that the user may not see.
  Value visible(const Value& value) const;

  const std::shared_ptr<const AuthorizationState>& authority() const { return authority_; }
  // What the user has on an object, now or by an earlier state.
  const Rights& rights(const ManagedObject& object) const { return rights(*authority_, object); }
  const Rights& rights(const AuthorizationState& state, const ManagedObject& object) const;

 private:
  bool isOwn(const ManagedObject& object) const;
  bool isForeign(std::string_view id) const;
  const ManagedObject* overlay(const ManagedObject& object) const;
  const ManagedObject* remember(ManagedObject object) const;

  const Inventory& inventory_;
  const SessionStore& sessions_;
  std::shared_ptr<const Session> session_;
  std::string now_;
  std::shared_ptr<const AuthorizationState> authority_;
  const Rights* everywhere_ = nullptr;  // where all objects are alike to the user
  mutable std::map<std::string, ManagedObject, std::less<>> made_;
};

}  // namespace failback::mock
