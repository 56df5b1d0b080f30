# SPDX-License-Identifier: GPL-2.0-or-later
"""failback reprotect, failback, status, journal: a machine with snapshots and a lost one come home."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import rule_pairs
import support
from cases_check import _login, _server
from registry import Report, case
from support import Server, Setup, check, check_equal, run

Json = dict[str, Any]
MT = rule_pairs.MT


def site() -> Json:
    """web-01 runs and has snapshots, db-01 is as it should be."""
    scenario = rule_pairs.site()
    made = rule_pairs.Site(scenario, {})
    made.web.update(powered=True, addresses=["10.0.0.5"],
                    snapshots=[{"name": "before-upgrade"}, {"name": "after-upgrade"}])
    return scenario


@dataclasses.dataclass
class Day:
    """A server, a plan of web-01 and db-01, and a store."""

    setup: Setup
    server: Server
    folder: pathlib.Path
    plan: pathlib.Path
    # Who confirms a failback has replicated before.
    replicates: bool = True

    def failback(self, *words: str, deadline: float = 120) -> support.Result:
        if self.replicates and words[0] == "failback" and "--confirm" in words:
            self.replicate()
        state = ["--state", str(self.folder / "state")]
        return run([self.setup.program("failback"), words[0], str(self.plan), *words[1:], *state],
                   env=_login(self.server).failback(), deadline=deadline)

    def mock(self, *words: str) -> support.Result:
        """An order to the mock: what happens at the site."""
        return run([self.setup.program("mock-vcenter"), "ctl", "--url-file", str(self.server.url_file), *words])

    def replicate(self) -> None:
        """The agent in the master target writes to all disks that it holds of others."""
        self.mock("replicate", MT).expect(0)

    def result(self, *words: str, code: int | None = 0) -> Json:
        result = self.failback(*words, "-o", "json", "--quiet")
        if code is not None:
            result.expect(code)
        return json.loads(result.stdout)

    def govc(self, *words: str) -> Any:
        result = run([self.setup.peer("govc"), words[0], "-json", *words[1:]], env=_login(self.server).govc()).expect(0)
        return json.loads(result.stdout)

    def vm(self, name: str) -> Json:
        found = self.govc("vm.info", name)["virtualMachines"]
        check_equal(1, len(found), f"VMs called {name}")
        return found[0]

    def disks(self, name: str) -> dict[str, str]:
        """UUID and file of each disk."""
        devices = self.vm(name)["config"]["hardware"]["device"]
        return {each["backing"]["uuid"]: each["backing"]["fileName"] for each in devices
                if "capacityInKB" in each}


@contextlib.contextmanager
def day(setup: Setup, scenario: Json | None = None, lose: str | None = "db-01") -> Iterator[Day]:
    with setup.folder() as folder, _server(setup, folder, scenario or site()) as server:
        plan = folder / "plan.yaml"
        run([setup.program("failback"), "plan", "init", "--quiet", "--machine", "web-01", "--machine", "db-01",
             "--master-target", MT, "--datastore", "vmfs-01", "--allow-power-off", "--allow-merge",
             "--out", str(plan)], env=_login(server).failback())
        check(plan.exists(), "no plan was made")
        # What is made here has no guest that could answer.
        text = plan.read_text(encoding="utf-8")
        for name, seconds in (("healthySeconds", 2), ("shutdownSeconds", 20)):
            text, count = re.subn(rf"{name}: \d+", f"{name}: {seconds}", text)
            check_equal(1, count, f"how often the plan says {name}")
        plan.write_text(text, encoding="utf-8")
        if lose:
            run([setup.peer("govc"), "vm.destroy", lose], env=_login(server).govc()).expect(0)
        yield Day(setup, server, folder, plan)


def _check_protected(today: Day, result: Json) -> None:
    check_equal("protected", result["state"], "the job's state")
    on_target = today.disks(MT)
    for machine in result["machines"]:
        check_equal("protected", machine["state"], machine["name"])
        home = today.vm(machine["vm"]["name"])
        check_equal("poweredOff", home["runtime"]["powerState"], machine["name"])
        check(not home.get("snapshot"), f"{machine['name']} has a snapshot")
        for disk in machine["disks"]:
            check_equal("attached", disk["state"], disk["id"])
            check_equal(disk["path"], on_target.get(disk["uuid"]), f"{machine['name']} {disk['id']} on {MT}")
            check_equal(disk["uuid"].lower().replace("-", ""), disk["serial"], "serial")
            check(disk["mt"]["unit"] != 7, "the controller's own unit")


@case("jobs-whole")
def jobs_whole(setup: Setup, report: Report) -> None:
    """One machine with snapshots and one that is lost: attached, asked about, home again, both running."""
    with day(setup) as today:
        before = today.disks(MT)
        foreseen = today.result("reprotect", "--dry-run")
        steps = [(each["machine"], each["step"]) for each in foreseen["steps"]]
        check_equal([("web-01", "powerOff"), ("web-01", "merge"), ("web-01", "adopt"), ("web-01", "attach"),
                     ("db-01", "create"), ("db-01", "attach")], steps, "what would be done")
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "a dry run changes nothing")

        result = today.result("reprotect", "--record", str(setup.records("jobs-reprotect")))
        check_equal(["olr", "alr"], [each["mode"] for each in result["machines"]], "modes")
        _check_protected(today, result)

        again = today.result("reprotect")
        check_equal(result["machines"], again["machines"], "a second call changes nothing")
        status = today.result("status")
        check_equal("protected", status["state"], "status")

        waiting = today.result("failback", code=3)
        check_equal({"waiting"}, {each["state"] for each in waiting["machines"]}, "nothing is confirmed")
        _check_protected(today, today.result("reprotect"))

        home = today.result("failback", "--confirm", "all", "--record", str(setup.records("jobs-failback")), code=3)
        check_equal("home", home["state"], "the job's state")
        check_equal(before, today.disks(MT), "disks of the master target")
        for name in ("web-01", "db-01"):
            vm = today.vm(name)
            check_equal("poweredOn", vm["runtime"]["powerState"], name)
            nics = [each["connectable"]["startConnected"] for each in vm["config"]["hardware"]["device"]
                    if "macAddress" in each]
            check_equal([True], nics, f"adapters of {name} at start")
        journal = today.result("journal")
        check_equal({"done"}, {each["state"] for each in journal["steps"]}, "steps of the journal")
        report.note(f"{len(journal['steps'])} steps")


def _closed(schema: Any) -> Any:
    """The schema with no room for members that it does not describe."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict):
        closed["additionalProperties"] = False
    return closed


@case("jobs-schema")
def jobs_schema(setup: Setup, report: Report) -> None:
    """docs/job.schema.json describes every document and every line of progress, and nothing more."""
    schema = _closed(json.loads((support.ROOT / "docs" / "job.schema.json").read_text(encoding="utf-8")))
    with day(setup) as today:
        def valid(what: str, kind: str, document: Any) -> None:
            # As the kind of document that it is, not as just any of them.
            file = today.folder / "schema.json"
            wanted = {"$ref": f"#/$defs/{kind}"}
            if isinstance(document, list):
                wanted = {"type": "array", "minItems": 1, "items": wanted}
            file.write_text(json.dumps({"$defs": schema["$defs"], **wanted}), encoding="utf-8")
            judged = run([setup.python(), support.HERE / "check_schema.py", file], stdin=json.dumps(document))
            check(judged.code == 0, f"{what}: {judged.stdout}{judged.stderr}")

        valid("status before", "result", today.result("status", code=3))
        valid("dry run", "dryRun", today.result("reprotect", "--dry-run"))
        made = today.failback("reprotect", "-o", "json", "--progress", "jsonl").expect(0)
        valid("reprotect", "result", json.loads(made.stdout))
        events = [json.loads(line) for line in made.stderr.splitlines()]
        valid("progress", "event", events)
        check({"step", "done", "machine"} <= {each["event"] for each in events}, "kinds of events")
        check_equal(2, events[-1]["n"], "machines that are through, in the last line")
        valid("status while protected", "result", today.result("status"))
        waiting = today.result("failback", code=3)
        valid("waiting", "result", waiting)
        check_equal(["olr", "alr"], [each["mode"] for each in waiting["machines"]], "modes while they wait")

        lost = json.loads(made.stdout)["machines"][0]["disks"][0]["mt"]
        run([setup.peer("govc"), "device.remove", "-vm", MT, "-keep",
             f"disk-{lost['controllerKey']}-{lost['unit']}"], env=_login(today.server).govc()).expect(0)
        odd = today.result("status", code=3)
        valid("odd", "result", odd)
        check_equal("interrupted", odd["machines"][0]["state"], "with one of two disks")
        slot = f"was attached at scsi{lost['bus']}:{lost['unit']}"
        check(slot in odd["machines"][0]["why"], f"what is odd: {odd['machines'][0]}")
        check_equal("protected", today.result("reprotect")["state"], "it is attached again")

        valid("journal", "journal", today.result("journal"))
    report.note(f"{len(events)} lines of progress")


def _edit_plan(today: Day, pattern: str, text: str) -> None:
    changed, count = re.subn(pattern, text, today.plan.read_text(encoding="utf-8"))
    check_equal(1, count, f"how often the plan says {pattern}")
    today.plan.write_text(changed, encoding="utf-8")


def _marks(today: Day, name: str) -> list[str]:
    return [each["key"] for each in today.vm(name)["config"]["extraConfig"] if each["key"].startswith("failback.")]


@case("jobs-commit")
def jobs_commit(setup: Setup, report: Report) -> None:
    """A commit leaves nothing of ours, and is not made before the machines run."""
    with day(setup, lose=None) as today:
        _edit_plan(today, r"safetySnapshot: \w+", "safetySnapshot: true")
        today.result("reprotect")
        early = today.result("commit", code=3)
        check_equal({"waiting"}, {each["state"] for each in early["machines"]}, "commit before failback")
        today.result("failback", "--confirm", "all", "--record", str(setup.records("jobs-safety")), code=None)
        check(today.vm("web-01").get("snapshot"), "there is no safety snapshot")
        committed = today.result("commit", "--record", str(setup.records("jobs-commit")))
        check_equal("committed", committed["state"], "commit")
        for name in ("web-01", "db-01"):
            check_equal("poweredOn", today.vm(name)["runtime"]["powerState"], name)
            check(not today.vm(name).get("snapshot"), f"{name} has a snapshot")
            check_equal([], _marks(today, name), f"marks of {name}")
        check_equal([], _marks(today, MT), "marks of the master target")
        # Who has not seen the end may call again; nothing is done twice, and nothing is taken back any more.
        check_equal("committed", today.result("commit")["state"], "a second commit")
        today.failback("cancel").expect(2)
        today.failback("resume").expect(2)
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01")


@case("jobs-wrong-verb")
def jobs_wrong_verb(setup: Setup, report: Report) -> None:
    """A verb that would destroy what another one is about is refused, and changes nothing."""
    with day(setup, lose=None) as today:
        _edit_plan(today, r"safetySnapshot: \w+", "safetySnapshot: true")
        # The stale copy is never started.
        early = today.failback("failback", "--confirm", "all")
        check(early.code in (2, 4, 5), early.transcript())
        check_equal("poweredOff", today.vm("db-01")["runtime"]["powerState"], "db-01 before a reprotect")
        today.result("reprotect")
        # Nothing confirmed: it is a reprotect still, which a cancel would take back.
        today.result("failback", code=3)
        check_equal("protected", today.result("reprotect")["state"], "reprotect once more")
        today.result("failback", "--confirm", "all", code=None)
        before = today.disks(MT)
        refused = today.failback("reprotect")
        check_equal(13, refused.code, refused.transcript())
        check("commit it" in refused.stderr, refused.stderr)
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01 at home")
        check_equal(before, today.disks(MT), "disks of the master target")
        # What was confirmed of the first replication says nothing of the next.
        today.result("cancel")
        again = today.result("failback", code=3)
        check_equal({"waiting"}, {each["state"] for each in again["machines"]}, "old confirmations")


@case("jobs-cancel-failback")
def jobs_cancel_failback(setup: Setup, report: Report) -> None:
    """A failback is taken back only to the safety snapshot; without one, what has run is not attached again."""
    with day(setup, lose=None) as today:
        _edit_plan(today, r"safetySnapshot: \w+", "safetySnapshot: true")
        first = today.result("reprotect")
        today.result("failback", "--confirm", "all", code=None)
        back = today.result("cancel")
        check_equal("protected", back["state"], "cancel of a failback")
        _check_protected(today, back)
        files = [[disk["path"] for disk in each["disks"]] for each in first["machines"]]
        check_equal(files, [[disk["path"] for disk in each["disks"]] for each in back["machines"]], "files")
        today.result("failback", "--confirm", "all", code=None)
        today.result("commit")
    with day(setup, lose=None) as today:
        today.result("reprotect")
        before = today.disks(MT)
        today.result("failback", "--confirm", "all", code=None)
        detached = today.disks(MT)
        refused = today.result("cancel", code=13)
        check("no safety snapshot" in refused["machines"][0]["why"], refused["machines"][0]["why"])
        check_equal(detached, today.disks(MT), "nothing was attached")
        # What was shut down has run all the same.
        for name in ("web-01", "db-01"):
            run([setup.peer("govc"), "vm.power", "-off", "-force", name], env=_login(today.server).govc()).expect(0)
        refused = today.result("cancel", code=13)
        check("no safety snapshot" in refused["machines"][0]["why"], refused["machines"][0]["why"])
        check_equal(detached, today.disks(MT), "nothing was attached")
        check(before != detached, "the failback detached nothing")


def _content(today: Day, name: str) -> list[str]:
    return [each["backing"]["contentId"] for each in today.vm(name)["config"]["hardware"]["device"]
            if "capacityInKB" in each]


@case("jobs-nothing-replicated")
def jobs_nothing_replicated(setup: Setup, report: Report) -> None:
    """Without one byte replicated nothing is detached; who writes after that stops the start; a word goes before."""
    with day(setup, lose=None) as today:
        today.replicates = False
        today.result("reprotect")
        before = today.disks(MT)
        idle = today.result("failback", "--confirm", "all", code=13)
        for machine in idle["machines"]:
            check("nothing was replicated home" in machine["why"], f"{machine['name']}: {machine['why']}")
            check("--accept-content" in machine["remedy"], machine["remedy"])
        check_equal(before, today.disks(MT), "disks of the master target")
        check_equal("poweredOff", today.vm("web-01")["runtime"]["powerState"], "web-01")
        # Of one machine that is as it should be; the other one was replicated to meanwhile.
        today.replicate()
        today.result("failback", "--confirm", "all", code=None)
        check_equal("home", today.result("status", code=None)["state"], "after replication")
    with day(setup, lose=None) as today:
        today.replicates = False
        today.result("reprotect")
        today.result("failback", "--confirm", "all", "--accept-content", "web-01", code=13)
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01, which was accepted")
        check_equal("poweredOff", today.vm("db-01")["runtime"]["powerState"], "db-01, which was not")
        # The word holds for later calls.
        again = today.result("failback", code=13)
        check_equal(["home", "failed"], [each["state"] for each in again["machines"]], "called again")
    with day(setup, lose=None) as today:
        today.result("reprotect")
        today.replicate()
        # The power-on fails, and somebody attaches a disk of it to another VM and writes.
        today.mock("faults", "add", "--method", "PowerOnVM_Task", "--fault", "InvalidState").expect(0)
        today.result("failback", "--confirm", "all", code=13)
        today.mock("faults", "clear").expect(0)
        file = next(iter(today.disks("web-01").values()))
        _act_govc(today, "vm.disk.attach", "-vm", MT, "-link=false", "-disk", file.split("] ")[1],
                  "-ds", file[1:file.index("]")])
        today.replicate()
        _act_govc(today, "device.remove", "-vm", MT, "-keep", _last_disk(today))
        changed = _content(today, "web-01")
        refused = today.result("failback", code=13)
        check("somebody has written to disk" in refused["machines"][0]["why"], refused["machines"][0]["why"])
        check_equal("poweredOff", today.vm("web-01")["runtime"]["powerState"], "web-01")
        check_equal("poweredOn", today.vm("db-01")["runtime"]["powerState"], "db-01, which nobody wrote to")
        today.result("failback", "--accept-content", "web-01", code=None)
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01 with the operator's word")
        check(len(changed) == 2, "web-01 has two disks")


@case("jobs-delete-created")
def jobs_delete_created(setup: Setup, report: Report) -> None:
    """A VM that the job made goes with a cancel that says so, if no data has come to it; foreign disks never."""
    with day(setup) as today:
        before = today.disks(MT)
        today.result("reprotect")
        # Somebody has put a disk of another machine into the VM that was made.
        _act_govc(today, "datastore.disk.create", "-ds", "vmfs-01", "-size", "1G", "foreign.vmdk")
        _act_govc(today, "vm.disk.attach", "-vm", "db-01", "-link=false", "-disk", "foreign.vmdk", "-ds", "vmfs-01")
        check_equal(2, len(today.disks("db-01")), "disks of db-01")
        gone = today.result("cancel", "--delete-created", "--record", str(setup.records("jobs-delete-created")))
        check_equal("cancelled", gone["state"], "the job's state")
        check("was deleted" in gone["machines"][1]["note"], f"{gone['machines'][1]}")
        check("db-01" not in _names(today), f"machines: {_names(today)}")
        check_equal(before, today.disks(MT), "disks of the master target")
        _act_govc(today, "vm.disk.attach", "-vm", "web-01", "-link=false", "-disk", "foreign.vmdk", "-ds", "vmfs-01")
        check_equal([], _marks(today, MT), "marks of the master target")
        again = today.result("reprotect")
        check_equal("alr", again["machines"][1]["mode"], "it can be made anew")
        today.replicate()
        kept = today.result("cancel", "--delete-created")
        check("data has come to disk" in kept["machines"][1]["note"], f"{kept['machines'][1]}")
        check("db-01" in _names(today), f"machines: {_names(today)}")
    with day(setup) as today:
        today.result("reprotect")
        kept = today.result("cancel")
        check("db-01" in _names(today), "without the word it stays")
        check("note" not in kept["machines"][0], f"{kept['machines'][0]}")


def _names(today: Day) -> list[str]:
    return [each.rsplit("/", 1)[1] for each in today.govc("find", "/", "-type", "m") or []]


def _last_disk(today: Day) -> str:
    devices = today.govc("device.ls", "-vm", MT)["devices"]
    return str([each["name"] for each in devices if each["name"].startswith("disk-")][-1])


@case("jobs-home-vm-gone")
def jobs_home_vm_gone(setup: Setup, report: Report) -> None:
    """The home VM was unregistered while its disks were attached: a cancel still detaches them, and no others."""
    with day(setup, lose=None) as today:
        before = today.disks(MT)
        today.result("reprotect")
        _act_govc(today, "vm.unregister", "web-01")
        cancelled = today.result("cancel", code=None)
        check_equal("cancelled", cancelled["state"], f"{cancelled}")
        check_equal(before, today.disks(MT), "disks of the master target")
        check_equal([], _marks(today, MT), "marks of the master target")


@case("jobs-two-at-once")
def jobs_two_at_once(setup: Setup, report: Report) -> None:
    """Two processes with one plan: one works, the other says who."""
    with day(setup, lose=None) as today:
        command = [str(setup.program("failback")), "reprotect", str(today.plan), "--quiet", "--state",
                   str(today.folder / "state")]
        env = _login(today.server).failback()
        # The first one waits for the server long enough.
        run([setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "faults", "add",
             "--method", "RetrievePropertiesEx", "--call", "1", "--delay", "4s"]).expect(0)
        first = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lock = today.folder / "state" / "locks"
        for _ in range(200):
            if lock.is_dir() and any(each.stat().st_size for each in lock.iterdir()):
                break
            time.sleep(0.05)
        second = run(command, env=env)
        out, err = first.communicate(timeout=60)
        check_equal((0, 14), (first.returncode, second.code), f"exit codes\n{out}{err}{second.transcript()}")
        said = second.stderr
        check("process" in said and "reprotect of plan" in said, said)


@case("jobs-edited-plan")
def jobs_edited_plan(setup: Setup, report: Report) -> None:
    """What was begun with one plan does not go on with another; an approval names one."""
    with day(setup, lose=None) as today:
        today.failback("reprotect", "--approve", "0" * 64).expect(2)
        today.result("reprotect")
        _edit_plan(today, r"taskSeconds: \d+", "taskSeconds: 77")
        refused = today.failback("failback", "--confirm", "all")
        check_equal(13, refused.code, refused.transcript())
        check("the plan was edited" in refused.stderr, refused.stderr)


def _act_govc(today: Day, *words: str) -> None:
    run([today.setup.peer("govc"), *words], env=_login(today.server).govc(), deadline=20).expect(0)


def _snapshot(today: Day) -> None:
    _act_govc(today, "snapshot.create", "-m=false", "-vm", MT, "nightly")


def _detach(today: Day) -> None:
    _act_govc(today, "device.remove", "-vm", MT, "-keep", _last_disk(today))


def _move(today: Day) -> None:
    today.mock("move", MT, "vmfs-02").expect(0)


def _lose_store(today: Day) -> None:
    shutil.rmtree(today.folder / "state")


@case("jobs-behind-our-back")
def jobs_behind_our_back(setup: Setup, report: Report) -> None:
    """What others do to the master target while disks are attached stops a failback before anything is detached."""
    ways = {_snapshot: (4, "nightly"), _detach: (4, "does not have it"), _move: (4, "was moved to [vmfs-02]"),
            _lose_store: (14, "--rebuild")}
    for change, (code, said) in ways.items():
        with day(setup, lose=None) as today:
            today.result("reprotect")
            change(today)
            before = today.disks(MT)
            result = today.failback("failback", "--confirm", "all")
            check_equal(code, result.code, f"{change.__name__}: {result.transcript()}")
            check(said in result.stderr, f"{change.__name__}: {result.transcript()}")
            check_equal(before, today.disks(MT), f"disks of the master target after {change.__name__}")
    report.note(f"{len(ways)} ways")


@case("jobs-password")
def jobs_password(setup: Setup, report: Report) -> None:
    """The password is in no output, store, lock or journal."""
    with day(setup) as today:
        password = _login(today.server).password
        outputs = [today.failback("reprotect", "--verbose"), today.failback("status"),
                   today.failback("journal", "-o", "json"), today.failback("failback", "--confirm", "all")]
        texts = [each.stdout + each.stderr for each in outputs]
        texts += [each.read_bytes().decode("latin-1") for each in sorted(today.folder.rglob("state/**/*"))
                  if each.is_file()]
        check(len(texts) > 6, f"only {len(texts)} texts were looked at")
        for each in texts:
            check(password not in each, "the password was written")


@case("jobs-calls")
def jobs_calls(setup: Setup, report: Report) -> None:
    """At most 10 calls and 6 per machine, beside pages, waits and the login: 58 machines on one target."""
    scenario = rule_pairs.site()
    made = rule_pairs.Site(scenario, {})
    made.dc["vms"] = [each for each in made.dc["vms"] if each["name"] not in ("web-01", "db-01")]
    names = [f"node-{number:02}" for number in range(58)]
    for name in names:
        node = rule_pairs.machine(name, "10GiB")
        node.update(powered=True, addresses=["10.0.1.1"], snapshots=[{"name": "before"}])
        made.dc["vms"].append(node)
    with setup.folder() as folder, _server(setup, folder, scenario) as server:
        plan = folder / "plan.yaml"
        run([setup.program("failback"), "plan", "init", "--quiet", *(word for name in names for word in ("--machine", name)),
             "--master-target", MT, "--datastore", "vmfs-01", "--allow-power-off", "--allow-merge", "--out", str(plan)],
            env=_login(server).failback())
        today = Day(setup, server, folder, plan)
        result = today.failback("reprotect", "-o", "json", "--quiet", "--calls", "--record",
                                str(setup.records("jobs-calls")), deadline=200).expect(0)
        machines = json.loads(result.stdout)["machines"]
        check_equal({"protected"}, {each["state"] for each in machines}, "machines")
        places = {(disk["mt"]["bus"], disk["mt"]["unit"]) for each in machines for disk in each["disks"]}
        check_equal(58, len(places), "slots")
        found = re.search(r"(\d+) of them counted", result.stderr)
        check(found is not None, result.stderr[-2000:])
        calls = int(found.group(1)) if found else 0
        check(calls <= 10 + 6 * 58, f"{calls} calls")
        report.note(f"{calls} calls, of {10 + 6 * 58}")


@case("check-pairs-ledger")
def check_pairs_ledger(setup: Setup, report: Report) -> None:
    """The rules that need a job's record: each passes after a reprotect, and finds what one change makes wrong."""
    ways = {"FB-LEDGER": _detach, "FB-SVMOTION": _move, "FB-LEFTOVERS": _lose_store, "MT-SNAPSHOT": _snapshot}
    for rule, change in ways.items():
        with day(setup, lose=None) as today:
            today.result("reprotect")
            statuses = []
            for each in (None, change):
                if each:
                    each(today)
                found = today.result("check", "--phase", "failback", "--all-findings", code=None)["findings"]
                statuses.append({finding["status"] for finding in found if finding["rule"] == rule})
            check_equal({"pass"}, statuses[0], f"{rule} after a reprotect")
            check("fail" in statuses[1], f"{rule} finds nothing: {statuses[1]}")
    report.note(f"{len(ways)} rules")
