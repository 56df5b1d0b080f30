#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs written with pyVmomi do to clusters and datastore clusters of the server that GOVC_URL names.

Prints one line per step; ends with an exception at the first that fails. Runs with the python of the
peers' virtual environment.
"""

from __future__ import annotations

from typing import Any

from pyVim.connect import Disconnect
from pyVim.task import WaitForTask
from pyVmomi import vim, vmodl

from pyvmomi_client import Client, same


class Places(Client):
    def __init__(self) -> None:
        super().__init__()
        self.cluster = self.view(vim.ClusterComputeResource)[0]
        self.vms = {vm.name: vm for vm in self.view(vim.VirtualMachine)}
        self.web, self.db = self.vms["web-01"], self.vms["db-01"]

    def change(self, **members: Any) -> None:
        spec = vim.cluster.ConfigSpecEx(**members)
        WaitForTask(self.cluster.ReconfigureComputeResource_Task(spec, True))


def fails(kind: type, call: Any) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError(f"expected {kind.__name__}")


def rules(places: Places) -> str:
    def rule(operation: str, **members: Any) -> vim.cluster.RuleSpec:
        return vim.cluster.RuleSpec(operation=operation, **members)

    apart = vim.cluster.AntiAffinityRuleSpec(name="apart", enabled=True, vm=[places.web, places.db])
    places.change(rulesSpec=[rule("add", info=apart)])
    found = places.cluster.FindRulesForVm(places.web)
    same(["apart"], [each.name for each in found], "rules of the machine")
    found[0].enabled = False
    places.change(rulesSpec=[rule("edit", info=found[0])])
    same([False], [each.enabled for each in places.cluster.configurationEx.rule], "enabled")
    places.change(rulesSpec=[rule("remove", removeKey=found[0].key)])
    same([], list(places.cluster.configurationEx.rule), "rules that are left")
    fails(vmodl.fault.InvalidArgument,
          lambda: places.change(rulesSpec=[rule("remove", removeKey=found[0].key)]))
    return "a rule was added, edited and removed"


def groups(places: Places) -> str:
    host = places.cluster.host[0]
    machines = vim.cluster.VmGroup(name="machines", vm=[places.web])
    racks = vim.cluster.HostGroup(name="racks", host=[host])
    pin = vim.cluster.VmHostRuleInfo(name="pin", enabled=True, mandatory=True, vmGroupName="machines",
                                     affineHostGroupName="racks")
    places.change(groupSpec=[vim.cluster.GroupSpec(operation="add", info=each) for each in (machines, racks)],
                  rulesSpec=[vim.cluster.RuleSpec(operation="add", info=pin)])
    same({"machines", "racks"}, {each.name for each in places.cluster.configurationEx.group}, "groups")
    return "a machine is pinned to a host"


def storage_drs(places: Places) -> str:
    pod = places.view(vim.StoragePod)[0]
    manager = places.content.storageResourceManager

    def change(operation: str, **members: Any) -> None:
        spec = vim.storageDrs.ConfigSpec(
            vmConfigSpec=[vim.storageDrs.VmConfigSpec(operation=operation, **members)])
        WaitForTask(manager.ConfigureStorageDrsForPod_Task(pod, spec, True))

    override = vim.storageDrs.VmConfigInfo(vm=places.web, enabled=False)
    change("add", info=override)
    change("add", info=override)
    same([places.web], [each.vm for each in pod.podStorageDrsEntry.storageDrsConfig.vmConfig], "overrides")
    change("remove", removeKey=places.web)
    same([], list(pod.podStorageDrsEntry.storageDrsConfig.vmConfig), "overrides that are left")
    return "a Storage DRS override was added twice, and removed"


def switches(places: Places) -> str:
    switch = places.view(vim.DistributedVirtualSwitch)[0]
    manager = places.content.dvSwitchManager
    same(switch, manager.QueryDvsByUuid(switch.uuid), "the switch")
    group = switch.portgroup[0]
    same(group, manager.DVSManagerLookupDvPortGroup(switch.uuid, group.key), "the port group")
    fails(vim.fault.NotFound, lambda: manager.QueryDvsByUuid("none"))
    return "a switch and a port group were found"


def main() -> None:
    places = Places()
    for step in (rules, groups, storage_drs, switches):
        print(step(places))
    Disconnect(places.service)


if __name__ == "__main__":
    main()
