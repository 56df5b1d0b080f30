// SPDX-License-Identifier: GPL-2.0-or-later
// Roles and permissions: what follows from them, how they change, and what a user notices.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "mocks/authorization.h"
#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

const std::string manager = self("AuthorizationManager", "AuthorizationManager");
const std::string asr = "asr@vsphere.local";
constexpr std::int32_t taskEnd = 5;

// Administrator and another user of the scenario "permissions".
struct Two {
  explicit Two(const std::string& user, const std::string& scenario = "permissions")
      : f(scenario), admin(f.client), other(f.simulation) {
    BOOST_REQUIRE(admin.login().status == 200);
    BOOST_REQUIRE(other.login(user).status == 200);
  }
  std::string vm(const std::string& path) { return admin.id("DC1/vm/" + path); }

  Fixture f;
  SoapClient& admin;
  SoapClient other;
};

std::string textElement(std::string_view name, std::string_view text) {
  return fmt::format("<{0}>{1}</{0}>", name, text);
}

std::string permission(const std::string& principal, std::int32_t role, bool propagate = true,
                       bool group = false) {
  return fmt::format(
      "<permission><principal>{}</principal><group>{}</group><roleId>{}</roleId><propagate>{}</propagate></"
      "permission>",
      principal, group, role, propagate);
}

SoapReply addRole(SoapClient& client, const std::string& name, const std::vector<std::string>& privileges) {
  std::string body = manager + textElement("name", name);
  for (const std::string& each : privileges) body += textElement("privIds", each);
  return client.call("AddAuthorizationRole", body);
}

SoapReply setPermissions(SoapClient& client, std::string_view type, const std::string& entity,
                         const std::string& permissions) {
  return client.call("SetEntityPermissions", manager + ref("entity", type, entity) + permissions);
}

SoapReply read(SoapClient& client, std::string_view type, const std::string& id,
               const std::vector<std::string>& paths) {
  return client.call("RetrievePropertiesEx", oneObject(type, id, paths));
}

std::vector<std::string> roles(SoapClient& client, std::string_view type, const std::string& id) {
  return read(client, type, id, {"effectiveRole"}).all("//val/int");
}

// Names of the machines that a container view over the whole inventory shows.
std::vector<std::string> machines(SoapClient& client) {
  const std::string view =
      client
          .call("CreateContainerView", self("ViewManager", "ViewManager") +
                                           ref("container", "Folder", "group-d1") +
                                           "<type>VirtualMachine</type><recursive>true</recursive>")
          .one("//returnval");
  auto names =
      client
          .call("RetrievePropertiesEx", self("PropertyCollector", "propertyCollector") + "<specSet>" +
                                            overView("ContainerView", view, "VirtualMachine", {"name"}) +
                                            "</specSet><options></options>")
          .all("//propSet/val");
  std::sort(names.begin(), names.end());
  return names;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(authorization)

BOOST_AUTO_TEST_CASE(names_of_principals_are_compared_as_a_directory_does) {
  BOOST_TEST(samePrincipal("VSPHERE.LOCAL\\Administrator", "administrator@vsphere.local"));
  BOOST_TEST(samePrincipal("root", "ROOT"));
  BOOST_TEST(!samePrincipal("root@a", "root@b"));
}

BOOST_AUTO_TEST_CASE(predefined_roles_are_those_of_a_vcenter) {
  Fixture f;
  f.client.login();
  const SoapReply reply = read(f.client, "AuthorizationManager", "AuthorizationManager",
                               {"roleList", "privilegeList", "description"});
  const auto id = [&](const std::string& name) {
    return reply.one("//AuthorizationRole[*[local-name()='name' and .='" + name + "']]/roleId");
  };
  BOOST_TEST(id("Admin") == "-1");
  BOOST_TEST(id("ReadOnly") == "-2");
  BOOST_TEST(id("View") == "-3");
  BOOST_TEST(id("Anonymous") == "-4");
  BOOST_TEST(id("NoAccess") == "-5");
  BOOST_TEST(id("NoCryptoAdmin") == "-6");
  BOOST_TEST(id("VirtualMachinePowerUser") == "4");
  BOOST_TEST(reply.count("//AuthorizationPrivilege") > 400U);
  BOOST_TEST(reply.one("//AuthorizationPrivilege[*[.='VirtualMachine.Config.AddNewDisk']]/privGroupName") ==
             "VirtualMachine.Config");
  BOOST_TEST(reply.one("//AuthorizationPrivilege[*[.='VirtualMachine.Config.AddNewDisk']]/name") ==
             "AddNewDisk");
  // An administrator's role has every privilege.
  BOOST_TEST(reply.count("//AuthorizationRole[*[.='Admin']]/privilege") ==
             reply.count("//AuthorizationPrivilege"));
  BOOST_TEST(reply.count("//AuthorizationRole[*[.='NoCryptoAdmin']]/privilege[.='Cryptographer.Access']") ==
             0U);
}

BOOST_AUTO_TEST_CASE(a_role_is_added_changed_and_removed) {
  Fixture f;
  f.client.login();
  const std::string id = addRole(f.client, "Starter", {"VirtualMachine.Interact.PowerOn"}).one("//returnval");
  BOOST_TEST(std::stoi(id) > 0);
  BOOST_TEST(addRole(f.client, "starter", {}).faultType() == "AlreadyExists");
  BOOST_TEST(addRole(f.client, "", {}).faultType() == "InvalidName");
  BOOST_TEST(addRole(f.client, "Other", {"No.Such"}).faultType() == "InvalidArgument");
  const auto privileges = [&] {
    return read(f.client, "AuthorizationManager", "AuthorizationManager", {"roleList"})
        .all("//AuthorizationRole[*[local-name()='roleId' and .='" + id + "']]/privilege");
  };
  // Every role has the three of the system.
  BOOST_TEST(joined(privileges()) ==
             "System.Anonymous System.Read System.View VirtualMachine.Interact.PowerOn");
  const std::string changed = manager + textElement("roleId", id) + "<newName>Stopper</newName>" +
                              "<privIds>VirtualMachine.Interact.PowerOff</privIds>";
  BOOST_TEST(f.client.call("UpdateAuthorizationRole", changed).status == 200);
  BOOST_TEST(joined(privileges()) ==
             "System.Anonymous System.Read System.View VirtualMachine.Interact.PowerOff");
  for (const std::string system : {"-1", "-2", "-5"}) {
    BOOST_TEST(f.client
                   .call("UpdateAuthorizationRole",
                         manager + textElement("roleId", system) + "<newName>Mine</newName>")
                   .faultType() == "InvalidArgument");
    BOOST_TEST(f.client
                   .call("RemoveAuthorizationRole",
                         manager + textElement("roleId", system) + "<failIfUsed>true</failIfUsed>")
                   .faultType() == "InvalidArgument");
  }
  const std::string removal = manager + textElement("roleId", id) + "<failIfUsed>true</failIfUsed>";
  BOOST_TEST(f.client.call("RemoveAuthorizationRole", removal).status == 200);
  BOOST_TEST(f.client.call("RemoveAuthorizationRole", removal).faultType() == "NotFound");
}

BOOST_AUTO_TEST_CASE(a_role_in_use_goes_only_with_its_permissions) {
  Two t("readonly");
  const std::string id = addRole(t.admin, "Starter", {"VirtualMachine.Interact.PowerOn"}).one("//returnval");
  const std::string dc = t.admin.id("DC1");
  BOOST_REQUIRE(setPermissions(t.admin, "Datacenter", dc, permission("readonly", std::stoi(id))).status ==
                200);
  const auto remove = [&](bool failIfUsed) {
    return t.admin.call(
        "RemoveAuthorizationRole",
        manager + textElement("roleId", id) + fmt::format("<failIfUsed>{}</failIfUsed>", failIfUsed));
  };
  BOOST_TEST(remove(true).faultType() == "RemoveFailed");
  BOOST_TEST(joined(roles(t.other, "Datacenter", dc)) == id);
  BOOST_TEST(remove(false).status == 200);
  BOOST_TEST(joined(roles(t.other, "Datacenter", dc)) == "-2");
}

BOOST_AUTO_TEST_CASE(permissions_move_to_another_role) {
  Two t(asr);
  const std::string id = addRole(t.admin, "Starter", {"VirtualMachine.Interact.PowerOn"}).one("//returnval");
  const auto source = [&](const std::string& name) {
    return t.f.simulation.world().authorization.now().findRole(name)->id;
  };
  const auto merge = [&](std::int32_t from, const std::string& to) {
    return t.admin.call(
        "MergePermissions",
        manager + fmt::format("<srcRoleId>{}</srcRoleId><dstRoleId>{}</dstRoleId>", from, to));
  };
  BOOST_TEST(merge(source("Azure_Site_Recovery"), id).status == 200);
  BOOST_TEST(joined(roles(t.other, "Datacenter", t.admin.id("DC1"))) == id);
  BOOST_TEST(
      t.admin.call("RetrieveRolePermissions", manager + textElement("roleId", id)).one("//principal") == asr);
  BOOST_TEST(merge(-1, id).faultType() == "InvalidArgument");
  BOOST_TEST(merge(source("Starter"), "-3").faultType() == "InvalidArgument");
  BOOST_TEST(merge(source("Starter"), "999999").faultType() == "NotFound");
}

BOOST_AUTO_TEST_CASE(the_vendors_role_on_one_datacenter_reaches_no_further) {
  Two t(asr);
  BOOST_TEST(joined(machines(t.admin)) == "db-01 lab-01 mt-linux-01 payroll web-01");
  BOOST_TEST(joined(machines(t.other)) == "db-01 mt-linux-01 payroll web-01");
  BOOST_TEST(t.other.id("DC2").empty());
  const std::string dc2 = t.admin.id("DC2");
  BOOST_TEST(t.other.call("Rename_Task", self("Datacenter", dc2) + "<newName>x</newName>").faultType() ==
             "ManagedObjectNotFound");
  // The root is there to find the way, and no more.
  const SoapReply root =
      read(t.other, "Folder", "group-d1", {"name", "childEntity", "effectiveRole", "permission"});
  BOOST_TEST(root.count("//val/ManagedObjectReference") == 1U);
  BOOST_TEST(root.one("//val/int") == "-3");
  BOOST_TEST(root.one("//missingSet/path") == "permission");
  BOOST_TEST(root.one("//missingSet/fault/fault/privilegeId") == "System.Read");
  // Privileges of managers are asked of the root folder.
  const SoapReply denied = addRole(t.other, "Mine", {});
  BOOST_TEST(denied.faultType() == "NoPermission");
  BOOST_TEST(denied.one("//detail/NoPermissionFault/object") == "group-d1");
  BOOST_TEST(denied.one("//detail/NoPermissionFault/privilegeId") == "Authorization.ModifyRoles");
  BOOST_TEST(denied.one("//missingPrivileges/entity") == "group-d1");
  BOOST_TEST(denied.one("//missingPrivileges/privilegeIds") == "Authorization.ModifyRoles");
  const std::string web = t.vm("Production/web-01");
  BOOST_TEST(t.other.call("PowerOffVM_Task", self("VirtualMachine", web)).status == 200);
  BOOST_TEST(t.other.call("Rename_Task", self("Datacenter", t.admin.id("DC1")) + "<newName>x</newName>")
                 .one("//detail/NoPermissionFault/privilegeId") == "Datacenter.Rename");
}

BOOST_AUTO_TEST_CASE(a_task_of_ones_own_can_be_read_without_rights_at_the_root) {
  Two t(asr);
  const std::string web = t.vm("Production/web-01");
  const std::string task = t.other.call("PowerOffVM_Task", self("VirtualMachine", web)).one("//returnval");
  t.f.simulation.scheduler().advance(std::chrono::seconds(taskEnd));
  BOOST_TEST(read(t.other, "Task", task, {"info.state"}).one("//val") == "success");
}

BOOST_AUTO_TEST_CASE(a_machine_inherits_from_its_folder_and_from_its_pool) {
  Two t("outsider@vsphere.local");
  const std::string payroll = t.vm("Secret/payroll");
  BOOST_TEST(joined(machines(t.other)) == "db-01 lab-01 mt-linux-01 web-01");
  BOOST_TEST(t.other.id("DC1/vm/Secret").empty());
  // Lifting one of the two is enough.
  const std::string pool = t.admin.id("DC1/host/Cluster-1/Resources/Vault");
  BOOST_REQUIRE(
      t.admin
          .call("RemoveEntityPermission", manager + ref("entity", "ResourcePool", pool) +
                                              "<user>OUTSIDER@vsphere.local</user><isGroup>false</isGroup>")
          .status == 200);
  BOOST_TEST(joined(machines(t.other)) == "db-01 lab-01 mt-linux-01 payroll web-01");
  BOOST_TEST(joined(roles(t.other, "VirtualMachine", payroll)) == "-5 -1");
  BOOST_TEST(t.other.id("DC1/vm/Secret").empty());
  // Its folder stays unseen, also where a property names it.
  BOOST_TEST(read(t.other, "VirtualMachine", payroll, {"parent"}).count("//propSet") == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_hidden_is_nowhere) {
  Two t("outsider@vsphere.local");
  const std::string payroll = t.vm("Secret/payroll");
  BOOST_TEST(t.other.call("PowerOffVM_Task", self("VirtualMachine", payroll)).faultType() ==
             "ManagedObjectNotFound");
  BOOST_TEST(read(t.other, "VirtualMachine", payroll, {"name"}).faultType() == "ManagedObjectNotFound");
  const std::string search =
      self("SearchIndex", "SearchIndex") + "<ip>10.20.100.31</ip><vmSearch>true</vmSearch>";
  BOOST_TEST(t.admin.call("FindByIp", search).one("//returnval") == payroll);
  BOOST_TEST(t.other.call("FindByIp", search).count("//returnval") == 0U);
  const std::string store = t.admin.id("DC1/datastore/vmfs-01");
  BOOST_TEST(read(t.admin, "Datastore", store, {"vm"}).count("//val/ManagedObjectReference") == 4U);
  BOOST_TEST(read(t.other, "Datastore", store, {"vm"}).count("//val/ManagedObjectReference") == 3U);
  // Also as the parameter of a call.
  const std::string folder = t.admin.id("DC1/vm/Secret");
  BOOST_TEST(t.other
                 .call("FindChild", self("SearchIndex", "SearchIndex") + ref("entity", "Folder", folder) +
                                        "<name>payroll</name>")
                 .faultType() == "ManagedObjectNotFound");
  BOOST_TEST(t.other
                 .call("CreateContainerView", self("ViewManager", "ViewManager") +
                                                  ref("container", "Folder", folder) +
                                                  "<recursive>true</recursive>")
                 .faultType() == "ManagedObjectNotFound");
}

BOOST_AUTO_TEST_CASE(with_view_alone_an_object_is_there_and_its_properties_are_not) {
  Two t("viewer@vsphere.local");
  BOOST_TEST(joined(machines(t.other)) == "web-01");
  const std::string web = t.vm("Production/web-01");
  const SoapReply reply = read(t.other, "VirtualMachine", web, {"name", "config.uuid", "runtime.powerState"});
  BOOST_TEST(reply.one("//propSet/name") == "name");
  BOOST_TEST(joined(reply.all("//missingSet/path")) == "config.uuid runtime.powerState");
  BOOST_TEST(reply.all("//missingSet/fault/fault/object").front() == web);
  BOOST_TEST(reply.all("//missingSet/fault/fault/privilegeId").front() == "System.Read");
  const SoapReply permissions =
      t.other.call("RetrieveEntityPermissions",
                   manager + ref("entity", "VirtualMachine", web) + "<inherited>false</inherited>");
  BOOST_TEST(permissions.one("//detail/NoPermissionFault/privilegeId") == "System.Read");
  BOOST_TEST(permissions.one("//detail/NoPermissionFault/object") == web);
}

BOOST_AUTO_TEST_CASE(a_group_gives_its_members_rights_and_a_users_own_come_first) {
  Two t("operator@vsphere.local");
  const std::string web = t.vm("Production/web-01");
  const std::string folder = t.admin.id("DC1/vm/Production");
  BOOST_TEST(joined(machines(t.other)) == "db-01 web-01");
  BOOST_TEST(joined(roles(t.other, "VirtualMachine", web)) == "5");
  const auto snapshot = [&] {
    return t.other.call(
        "CreateSnapshot_Task",
        self("VirtualMachine", web) + "<name>s</name><memory>false</memory><quiesce>false</quiesce>");
  };
  BOOST_TEST(snapshot().one("//detail/NoPermissionFault/privilegeId") ==
             "VirtualMachine.State.CreateSnapshot");
  // Nearer than the group's: replaces it, for this machine.
  BOOST_REQUIRE(
      setPermissions(t.admin, "VirtualMachine", web, permission("operator@vsphere.local", -2)).status == 200);
  BOOST_TEST(joined(roles(t.other, "VirtualMachine", web)) == "-2");
  BOOST_TEST(t.other.call("PowerOffVM_Task", self("VirtualMachine", web)).faultType() == "NoPermission");
  // On the same object as the group's: replaces it, too.
  BOOST_REQUIRE(setPermissions(t.admin, "Folder", folder, permission("operator@vsphere.local", -5)).status ==
                200);
  BOOST_TEST(joined(machines(t.other)) == "web-01");
}

BOOST_AUTO_TEST_CASE(several_groups_of_a_user_add_up_on_one_object) {
  ScenarioSpec scenario = loadScenario("permissions");
  scenario.groups = {{"a", {{"DC1", "VirtualMachineUser"}}}, {"b", {{"DC1", "DatastoreConsumer"}}}};
  UserSpec user{"both"};
  user.groups = {"a", "b"};
  user.password = "own";
  scenario.users = {{"administrator@vsphere.local"}, user};
  Simulation simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual);
  SoapClient client(simulation);
  BOOST_TEST(client.login("both", "secret").faultType() == "InvalidLogin");
  BOOST_REQUIRE(client.login("both", "own").status == 200);
  BOOST_TEST(joined(roles(client, "Datacenter", client.id("DC1"))) == "5 8");
}

BOOST_AUTO_TEST_CASE(a_permission_that_does_not_propagate_stays_where_it_is) {
  Two t(asr);
  const std::string dc = t.admin.id("DC1");
  BOOST_REQUIRE(setPermissions(t.admin, "Datacenter", dc, permission(asr, -2, false)).status == 200);
  BOOST_TEST(joined(machines(t.other)).empty());
  BOOST_TEST(joined(roles(t.other, "Datacenter", dc)) == "-2");
}

BOOST_AUTO_TEST_CASE(who_has_no_permission_at_all_cannot_log_in) {
  Two t(asr);
  const std::string body = manager + ref("entity", "Datacenter", t.admin.id("DC1")) +
                           textElement("user", asr) + "<isGroup>false</isGroup>";
  BOOST_REQUIRE(t.admin.call("RemoveEntityPermission", body).status == 200);
  BOOST_TEST(t.admin.call("RemoveEntityPermission", body).faultType() == "NotFound");
  const SoapReply denied = t.other.login(asr);
  BOOST_TEST(denied.faultType() == "NoPermission");
  BOOST_TEST(denied.one("//detail/NoPermissionFault/privilegeId") == "System.View");
  BOOST_TEST(denied.one("//detail/NoPermissionFault/object") == "group-d1");
}

BOOST_AUTO_TEST_CASE(permissions_that_make_no_sense_are_refused) {
  Two t("readonly", "site");
  const std::string dc = t.admin.id("DC1");
  const auto set = [&](const std::string& text) {
    return setPermissions(t.admin, "Datacenter", dc, text).faultType();
  };
  BOOST_TEST(set(permission("nobody", -2)) == "UserNotFound");
  BOOST_TEST(set(permission("readonly", -3)) == "InvalidArgument");
  BOOST_TEST(set(permission("readonly", -4)) == "InvalidArgument");
  BOOST_TEST(set(permission("readonly", 4711)) == "NotFound");
  // The last administrator stays.
  BOOST_TEST(setPermissions(t.admin, "Folder", "group-d1", permission("administrator@vsphere.local", -2))
                 .faultType() == "AuthMinimumAdminPermission");
  BOOST_TEST(
      t.admin.call("ResetEntityPermissions", manager + ref("entity", "Folder", "group-d1")).faultType() ==
      "AuthMinimumAdminPermission");
  const SoapReply denied = setPermissions(t.other, "Datacenter", dc, permission("readonly", -1));
  BOOST_TEST(denied.one("//detail/NoPermissionFault/privilegeId") == "Authorization.ModifyPermissions");
  BOOST_TEST(denied.one("//detail/NoPermissionFault/object") == dc);
}

BOOST_AUTO_TEST_CASE(nobody_grants_what_it_does_not_have) {
  Two t(asr);
  const std::string dc = t.admin.id("DC1");
  const std::string id =
      addRole(t.admin, "Granter", {"Authorization.ModifyPermissions", "VirtualMachine.Interact.PowerOn"})
          .one("//returnval");
  BOOST_REQUIRE(setPermissions(t.admin, "Datacenter", dc, permission(asr, std::stoi(id))).status == 200);
  const std::string web = t.vm("Production/web-01");
  BOOST_TEST(setPermissions(t.other, "VirtualMachine", web, permission("readonly", std::stoi(id))).status ==
             200);
  BOOST_TEST(setPermissions(t.other, "VirtualMachine", web, permission("readonly", 4)).faultType() ==
             "NoPermission");
}

BOOST_AUTO_TEST_CASE(the_permissions_of_an_entity_are_its_own_and_those_from_above) {
  Two t("readonly");
  const std::string web = t.vm("Production/web-01");
  const auto principals = [&](SoapClient& client, bool inherited) {
    auto found =
        client
            .call("RetrieveEntityPermissions", manager + ref("entity", "VirtualMachine", web) +
                                                   fmt::format("<inherited>{}</inherited>", inherited))
            .all("//principal");
    std::sort(found.begin(), found.end());
    return joined(found);
  };
  BOOST_TEST(principals(t.admin, false) == "viewer@vsphere.local");
  BOOST_TEST(
      principals(t.admin, true) ==
      "administrator@vsphere.local asr@vsphere.local operators@vsphere.local outsider@vsphere.local readonly "
      "viewer@vsphere.local");
  BOOST_TEST(read(t.other, "VirtualMachine", web, {"permission"}).one("//Permission/roleId") == "-3");
  // All that the user sees, and no more.
  BOOST_TEST(t.admin.call("RetrieveAllPermissions", manager).count("//returnval") == 8U);
  SoapClient viewer(t.f.simulation);
  BOOST_REQUIRE(viewer.login("viewer@vsphere.local").status == 200);
  // Those on the root, the datacenter, the folder and the machine: what leads to it is seen.
  BOOST_TEST(viewer.call("RetrieveAllPermissions", manager).count("//returnval") == 6U);
}

BOOST_AUTO_TEST_CASE(privileges_can_be_asked_for) {
  Two t(asr);
  const std::string key =
      read(t.other, "SessionManager", "SessionManager", {"currentSession"}).one("//val/key");
  const std::string web = t.vm("Production/web-01"), dc = t.admin.id("DC1");
  const std::string entities = ref("entity", "VirtualMachine", web) + ref("entity", "Datacenter", dc);
  const std::string asked = textElement("sessionId", key) +
                            "<privId>VirtualMachine.Interact.PowerOn</privId><privId>System.View</privId>"
                            "<privId>Host.Inventory.EditCluster</privId>";
  BOOST_TEST(joined(t.other.call("HasPrivilegeOnEntities", manager + entities + asked).all("//isGranted")) ==
             "true true false true true false");
  // Asking takes System.Read on the object.
  BOOST_TEST(t.other.call("HasPrivilegeOnEntities", manager + ref("entity", "Folder", "group-d1") + asked)
                 .one("//detail/NoPermissionFault/privilegeId") == "System.Read");
  BOOST_TEST(joined(t.other.call("HasPrivilegeOnEntity", manager + ref("entity", "Datacenter", dc) + asked)
                        .all("//returnval")) == "true true false");
  BOOST_TEST(t.other
                 .call("HasPrivilegeOnEntity", manager + ref("entity", "Datacenter", dc) +
                                                   textElement("sessionId", key) + "<privId>No.Such</privId>")
                 .faultType() == "InvalidArgument");
  BOOST_TEST(joined(t.admin
                        .call("HasUserPrivilegeOnEntities",
                              manager + ref("entities", "Datacenter", t.admin.id("DC2")) +
                                  textElement("userName", asr) + "<privId>System.View</privId>")
                        .all("//isGranted")) == "false");
  const SoapReply fetched =
      t.admin.call("FetchUserPrivilegeOnEntities",
                   manager + ref("entities", "Datacenter", dc) + textElement("userName", "readonly"));
  BOOST_TEST(joined(fetched.all("//privileges")) == "System.Anonymous System.Read System.View");
}

BOOST_AUTO_TEST_CASE(changes_show_as_updates_at_once) {
  Two t(asr);
  const std::string view =
      t.other
          .call("CreateContainerView", self("ViewManager", "ViewManager") +
                                           ref("container", "Folder", "group-d1") +
                                           "<type>VirtualMachine</type><recursive>true</recursive>")
          .one("//returnval");
  BOOST_REQUIRE(t.other
                    .call("CreateFilter", self("PropertyCollector", "propertyCollector") + "<spec>" +
                                              overView("ContainerView", view, "VirtualMachine",
                                                       {"effectiveRole", "permission", "config.uuid"}) +
                                              "</spec><partialUpdates>false</partialUpdates>")
                    .status == 200);
  std::string version;
  const auto updates = [&] {
    const SoapReply reply = t.other.call(
        "WaitForUpdatesEx", self("PropertyCollector", "propertyCollector") + textElement("version", version) +
                                "<options><maxWaitSeconds>0</maxWaitSeconds></options>");
    if (const std::string now = reply.one("//returnval/version"); !now.empty()) version = now;
    return reply;
  };
  BOOST_TEST(updates().count("//objectSet") == 4U);
  const std::string web = t.vm("Production/web-01"), db = t.vm("Production/db-01");
  BOOST_REQUIRE(setPermissions(t.admin, "VirtualMachine", web, permission(asr, -2)).status == 200);
  const SoapReply changed = updates();
  BOOST_TEST(changed.one("//objectSet/kind") == "modify");
  BOOST_TEST(changed.one("//objectSet/obj") == web);
  BOOST_TEST(changed.one("//changeSet[*[.='effectiveRole']]/val/int") == "-2");
  BOOST_TEST(changed.count("//changeSet[*[.='permission']]/val/Permission") == 2U);
  BOOST_REQUIRE(setPermissions(t.admin, "VirtualMachine", db, permission(asr, -5)).status == 200);
  const SoapReply left = updates();
  BOOST_TEST(left.one("//objectSet/kind") == "leave");
  BOOST_TEST(left.one("//objectSet/obj") == db);
  // A role that loses nothing but what the filter does not show is no news.
  const Role& role = *t.f.simulation.world().authorization.now().findRole("Azure_Site_Recovery");
  BOOST_REQUIRE(t.admin
                    .call("UpdateAuthorizationRole",
                          manager + fmt::format("<roleId>{}</roleId><newName>Less</newName>", role.id))
                    .status == 200);
  BOOST_TEST(updates().count("//objectSet") == 0U);
  BOOST_TEST(t.other.call("PowerOffVM_Task", self("VirtualMachine", t.vm("mt-linux-01"))).faultType() ==
             "NoPermission");
}

BOOST_AUTO_TEST_CASE(changes_are_events) {
  Two t("readonly");
  const std::string dc = t.admin.id("DC1");
  const std::string id = addRole(t.admin, "Starter", {"VirtualMachine.Interact.PowerOn"}).one("//returnval");
  const std::string roleId = textElement("roleId", id);
  t.admin.call(
      "UpdateAuthorizationRole",
      manager + roleId + "<newName>Stopper</newName><privIds>VirtualMachine.Interact.PowerOff</privIds>");
  setPermissions(t.admin, "Datacenter", dc, permission("readonly", -1));
  setPermissions(t.admin, "Datacenter", dc, permission("readonly", std::stoi(id), false));
  t.admin.call("RemoveAuthorizationRole", manager + roleId + "<failIfUsed>false</failIfUsed>");
  std::vector<std::string> types;
  const auto& events = t.f.simulation.world().events.items();
  std::map<std::string, Value> byType;
  for (const auto& [key, each, entity, within] : events) {
    const std::string type(each.asObject()->type().name);
    if (!each.asObject()->type().isA("AuthorizationEvent")) continue;
    types.push_back(type);
    byType[type] = each;
  }
  BOOST_TEST(
      joined(types) ==
      "RoleAddedEvent RoleUpdatedEvent PermissionAddedEvent PermissionUpdatedEvent PermissionRemovedEvent "
      "RoleRemovedEvent");
  BOOST_TEST(byType["RoleUpdatedEvent"].at("prevRoleName").string() == "Starter");
  BOOST_TEST(byType["RoleUpdatedEvent"].at("privilegesAdded").asList()->items.front().string() ==
             "VirtualMachine.Interact.PowerOff");
  BOOST_TEST(byType["PermissionUpdatedEvent"].at("prevRole.name").string() == "Admin");
  BOOST_TEST(byType["PermissionUpdatedEvent"].at("entity.name").string() == "DC1");
  BOOST_TEST(byType["PermissionRemovedEvent"].at("principal").string() == "readonly");
  BOOST_TEST(byType["RoleRemovedEvent"].at("userName").string() == "administrator@vsphere.local");
}

BOOST_AUTO_TEST_CASE(users_and_groups_can_be_looked_up) {
  Two t("readonly");
  const auto find = [&](const std::string& who, bool users, bool groups, const std::string& member = {}) {
    return t.admin.call(
        "RetrieveUserGroups",
        self("UserDirectory", "UserDirectory") + who + member +
            fmt::format("<exactMatch>false</exactMatch><findUsers>{}</findUsers><findGroups>{}</findGroups>",
                        users, groups));
  };
  const std::string domain = "<domain>vsphere.local</domain>";
  BOOST_TEST(joined(find(domain + "<searchStr>op</searchStr>", true, false).all("//principal")) ==
             "operator");
  BOOST_TEST(joined(find(domain + "<searchStr>op</searchStr>", false, true).all("//principal")) ==
             "operators");
  BOOST_TEST(joined(find("<searchStr></searchStr>", true, true).all("//principal")) == "readonly");
  BOOST_TEST(find("<domain>nowhere</domain><searchStr></searchStr>", true, true).faultType() == "NotFound");
  const std::string member = "<belongsToGroup>operators@vsphere.local</belongsToGroup>";
  BOOST_TEST(joined(find(domain + "<searchStr></searchStr>", true, false, member).all("//principal")) ==
             "operator");
}

BOOST_AUTO_TEST_CASE(a_scenario_names_what_it_does_not_know) {
  const auto problem = [](const std::string& json) -> std::string {
    try {
      Simulation simulation(parseScenario(json, "test"), "secret", {}, {}, Scheduler::Clock::manual);
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return {};
  };
  BOOST_TEST(problem(R"({"users": [{"name": "a", "role": "Boss"}]})").find("no role 'Boss'") !=
             std::string::npos);
  BOOST_TEST(problem(R"({"users": [{"name": "a", "permissions": [{"entity": "DC9", "role": "Admin"}]}]})")
                 .find("DC9") != std::string::npos);
  BOOST_TEST(problem(R"({"roles": [{"name": "r", "privileges": ["Fly.*"]}]})").find("Fly.*") !=
             std::string::npos);
  BOOST_TEST(problem(R"({"roles": [{"name": "Admin"}]})").find("already") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rights_of_many_objects_are_one_and_looking_for_them_makes_nothing) {
  ScenarioSpec scenario = loadScenario("generate:hosts=10,datastores=10,vms=500");
  scenario.users = {{"administrator@vsphere.local"}, {"limited"}};
  scenario.users.back().permissions = {{scenario.datacenters.front().name, "ReadOnly"}};
  Simulation simulation(scenario, "secret", {}, {}, Scheduler::Clock::manual);
  const World& world = simulation.world();
  const AuthorizationState& state = world.authorization.now();
  BOOST_TEST(state.everywhere("administrator@vsphere.local", {})->everything);
  BOOST_TEST(!state.everywhere("limited", {}));
  std::set<const Rights*> different;
  for (const ManagedObject* vm : world.inventory.all("VirtualMachine")) {
    const Rights& rights = state.rights(world.inventory, "limited", {}, *vm);
    BOOST_REQUIRE(rights.reads);
    BOOST_REQUIRE(!vm->properties().membersMade());
    different.insert(&rights);
  }
  BOOST_TEST(different.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
