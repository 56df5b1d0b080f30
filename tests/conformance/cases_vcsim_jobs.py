# SPDX-License-Identifier: GPL-2.0-or-later
"""Jobs on vcsim, which somebody else wrote: what changes, and what is there in the end, as govc sees it.

What vcsim can't show of a site that brings machines home is written into its inventory before it is loaded: a
datastore of type VMFS, and hosts that say how many VMs they take.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import re
import time
from collections.abc import Iterator
from typing import Any

from registry import Report, case
from support import HERE, Server, Setup, check, check_equal, run

Json = dict[str, Any]
MT = "mt-01"
POOL, STORE = "/DC0/host/DC0_C0/Resources", "LocalDS_0"


@dataclasses.dataclass
class Vcsim:
    setup: Setup
    server: Server
    folder: pathlib.Path
    recorded: int = 0

    def govc(self, *words: str) -> str:
        return run([self.setup.peer("govc"), *words], env=self.server.login.govc()).expect(0).stdout

    def vms(self, name: str) -> list[Json]:
        return json.loads(self.govc("vm.info", "-json", name))["virtualMachines"] or []

    def vm(self, name: str) -> Json:
        found = self.vms(name)
        check_equal(1, len(found), f"VMs called {name}")
        return found[0]

    def facts(self, name: str) -> Json:
        vm = self.vm(name)
        devices = vm["config"]["hardware"]["device"]
        return {
            "power": vm["runtime"]["powerState"],
            "snapshot": bool(vm.get("snapshot")),
            "disks": sorted(each["backing"]["fileName"] for each in devices if "capacityInKB" in each),
            "nics": [each["connectable"]["startConnected"] for each in devices if "macAddress" in each],
            "marks": sorted(each["key"] for each in vm["config"]["extraConfig"] if each["key"].startswith("failback.")),
        }

    def plan(self, name: str) -> pathlib.Path:
        plan = self.folder / f"{name}.yaml"
        run([self.setup.program("failback"), "plan", "init", "--quiet", "--machine", name, "--master-target", MT,
             "--datastore", STORE, "--allow-power-off", "--allow-merge", "--out", str(plan)],
            env=self.server.login.failback()).expect(0, 3)
        text = plan.read_text(encoding="utf-8")
        for word, value in (("healthySeconds", "2"), ("shutdownSeconds", "2"), ("safetySnapshot", "true")):
            text, count = re.subn(rf"{word}: \w+", f"{word}: {value}", text)
            check_equal(1, count, f"how often the plan says {word}")
        plan.write_text(text, encoding="utf-8")
        return plan

    def failback(self, verb: str, plan: pathlib.Path, *words: str, code: int | tuple[int, ...] = 0) -> Json:
        self.recorded += 1
        record = self.setup.vcsim_records(f"jobs-vcsim-{plan.stem}-{self.recorded}-{verb}")
        result = run([self.setup.program("failback"), verb, str(plan), *words, "-o", "json", "--quiet", "--state",
                      str(self.folder / "state"), "--record", str(record)], env=self.server.login.failback(),
                     deadline=120)
        return json.loads(result.expect(*(code if isinstance(code, tuple) else (code,))).stdout)


def _edited(folder: pathlib.Path) -> None:
    """The inventory of a vcsim, as one with a VMFS datastore."""
    datastores = hosts = 0
    for file in folder.rglob("*.xml"):
        text = file.read_text(encoding="utf-8")
        changed, count = re.subn(">OTHER<", ">VMFS<", text)
        datastores += count
        changed, count = re.subn("<maxSupportedVmMemory>", "<maxSupportedVcpus>128</maxSupportedVcpus>"
                                 "<maxRegisteredVMs>1024</maxRegisteredVMs><maxSupportedVmMemory>", changed)
        hosts += count
        file.write_text(changed, encoding="utf-8")
    check(datastores > 0 and hosts > 0, f"{datastores} datastores and {hosts} hosts were changed")


@contextlib.contextmanager
def _site(setup: Setup) -> Iterator[Vcsim]:
    """A master target, web-01 that runs and has a snapshot, db-01 that is off."""
    with setup.folder() as folder:
        saved = folder / "saved"
        with setup.vcsim("-vm", "0") as empty:
            run([setup.peer("govc"), "object.save", "-d", saved], env=empty.login.govc()).expect(0)
        _edited(saved)
        with setup.vcsim("-load", str(saved)) as server:
            site = Vcsim(setup, server, folder)
            for name in (MT, "web-01", "db-01"):
                site.govc("vm.create", "-on=false", "-c", "2", "-m", "1024", "-g", "debian12_64Guest", "-disk", "10GB",
                          "-disk.controller", "lsilogic", "-net", "VM Network", "-ds", STORE, "-pool", POOL, name)
            site.govc("vm.disk.create", "-vm", "web-01", "-name", "web-01/data", "-size", "2G", "-ds", STORE)
            tools = {"toolsRunningStatus": "guestToolsRunning", "toolsVersionStatus2": "guestToolsCurrent",
                     "guestState": "running", "ipAddress": "10.0.0.1"}
            site.govc("vm.change", "-vm", MT, "-e", "disk.EnableUUID=TRUE",
                      *(word for name, value in tools.items() for word in ("-e", f"SET.guest.{name}={value}")))
            for name in (MT, "web-01"):
                site.govc("vm.power", "-on", name)
            site.govc("snapshot.create", "-vm", "web-01", "-m=false", "before")
            # A job is dated by the second: what was started in the very same one would count as started since.
            time.sleep(1.1)
            yield site


@case("jobs-vcsim")
def jobs_vcsim(setup: Setup, report: Report) -> None:
    """On vcsim a machine with a snapshot is reprotected, fails back, is taken back, comes home, and is committed."""
    with _site(setup) as site:
        plan = site.plan("web-01")
        target, home = site.facts(MT), site.facts("web-01")
        checked = run([setup.program("failback"), "check", str(plan), "--quiet"], env=site.server.login.failback())
        check_equal(3, checked.code, checked.transcript())
        steps = [each["step"] for each in site.failback("reprotect", plan, "--dry-run")["steps"]]
        check_equal(["powerOff", "merge", "adopt", "attach"], steps, "what would be done")

        made = site.failback("reprotect", plan)
        disks = {disk["uuid"]: disk["path"] for disk in made["machines"][0]["disks"]}
        check_equal(2, len(disks), "disks")
        on_target = {each["backing"]["uuid"]: each["backing"]["fileName"]
                     for each in site.vm(MT)["config"]["hardware"]["device"] if "capacityInKB" in each}
        check(disks.items() <= on_target.items(), f"{disks} on {MT}: {on_target}")
        protected = site.facts("web-01")
        check_equal(("poweredOff", False, [False]), (protected["power"], protected["snapshot"], protected["nics"]),
                    "web-01 while it is protected")
        check_equal(home["disks"], protected["disks"], "its disks")
        check({"failback.plan", "failback.machine", "failback.instance"} <= set(protected["marks"]), "its marks")
        check_equal(2, len(site.facts(MT)["marks"]), "lock and ledger")
        check_equal(made["machines"], site.failback("reprotect", plan)["machines"], "a second call changes nothing")
        check_equal("protected", site.failback("status", plan)["state"], "status")

        # The record is made again from vcsim's marks, too.
        (site.folder / "state" / "failback.db").write_bytes(b"no database")

        # It can't look healthy: nothing runs in it.
        check_equal("home", site.failback("failback", plan, "--confirm", "all", code=3)["state"], "failback")
        check_equal(target["disks"], site.facts(MT)["disks"], "the master target's disks")
        running = site.facts("web-01")
        check_equal(("poweredOn", True, [True]), (running["power"], running["snapshot"], running["nics"]), "at home")

        check_equal("protected", site.failback("cancel", plan)["state"], "cancel of the failback")
        again = site.facts("web-01")
        check_equal(("poweredOff", False), (again["power"], again["snapshot"]), "web-01 after the cancel")
        check_equal(sorted(target["disks"] + home["disks"]), site.facts(MT)["disks"], "attached again")

        site.failback("failback", plan, "--confirm", "all", code=3)
        check_equal("committed", site.failback("commit", plan)["state"], "commit")
        check_equal(target, site.facts(MT), "the master target in the end")
        check_equal(home | {"snapshot": False}, site.facts("web-01"), "web-01 in the end")
        events = site.govc("events", "-n", "100", "/DC0/vm/web-01")
        check("VmPoweredOffEvent" in events or "powered off" in events, "vcsim knows that it was powered off")
        report.note(f"{site.recorded} calls of failback")


@case("jobs-vcsim-lost")
def jobs_vcsim_lost(setup: Setup, report: Report) -> None:
    """On vcsim a machine that is lost is created once, stopped while its disk has two UUIDs there, and then comes home."""
    with _site(setup) as site:
        plan = site.plan("db-01")
        target, lost = site.facts(MT), site.facts("db-01")
        site.govc("vm.destroy", "db-01")
        check_equal([], site.vms("db-01"), "db-01")
        steps = [each["step"] for each in site.failback("reprotect", plan, "--dry-run")["steps"]]
        check_equal(["create", "attach"], steps, "what would be done")
        # A disk is known by UUID and file: where they disagree it must not go on.
        for _ in range(2):
            result = site.failback("reprotect", plan, code=13)
            machine = result["machines"][0]
            check("its UUID there is" in machine["why"], str(machine))
            check_equal(["twin"], [disk["state"] for disk in machine["disks"]], "the disk")
            made = site.facts("db-01")  # one, however often it is called
            check_equal(("poweredOff", lost["disks"]), (made["power"], made["disks"]), "what was made")
            check("failback.created" in made["marks"], str(made["marks"]))
        run([setup.python(), HERE / "vcsim_disk_uuid.py", "db-01"], env=site.server.login.govc()).expect(0)
        protected = site.failback("reprotect", plan)
        check_equal(("alr", "protected"), (protected["machines"][0]["mode"], protected["state"]), "reprotect")
        check_equal(sorted(target["disks"] + lost["disks"]), site.facts(MT)["disks"], "attached")
        site.failback("failback", plan, "--confirm", "all", code=3)
        check_equal("committed", site.failback("commit", plan)["state"], "commit")
        check_equal(target, site.facts(MT), "the master target in the end")
        home = site.facts("db-01")
        check_equal(("poweredOn", lost["disks"], [True], []), (home["power"], home["disks"], home["nics"], home["marks"]),
                    "db-01 in the end")
        report.note("vcsim shows a disk with two UUIDs until it is told otherwise")
