# SPDX-License-Identifier: GPL-2.0-or-later
"""failback check: every rule on two scenarios that differ in one fact."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import sqlite3
from collections.abc import Iterator
from typing import Any

import rule_pairs
import support
from registry import Report, case
from rule_pairs import Pair, Site
from support import Server, Setup, TestFailure, check, check_equal, run

Json = dict[str, Any]


@contextlib.contextmanager
def _server(setup: Setup, folder: pathlib.Path, scenario: Json) -> Iterator[Server]:
    file = folder / "scenario.json"
    file.write_text(json.dumps(scenario), encoding="utf-8")
    with setup.mock("--task-time", "20ms", scenario=str(file)) as server:
        yield server


def _login(server: Server) -> support.Login:
    """The account that may do everything."""
    return dataclasses.replace(server.login, username=rule_pairs.BOSS, password="secret-of-" + rule_pairs.BOSS)


def _plan_of(setup: Setup) -> Json:
    """Two machines of the site in which nothing is wrong, as plan init makes it."""
    with setup.folder() as folder, _server(setup, folder, rule_pairs.site()) as server:
        result = run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--machine", "web-01",
                      "--machine", "db-01", "--master-target", rule_pairs.MT, "--datastore", "vmfs-01"],
                     env=_login(server).failback()).expect(0)
        second = run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--machine", "web-01",
                      "--master-target", "mt-linux-02", "--datastore", "vmfs-01"],
                     env=_login(server).failback()).expect(0)
    plan = json.loads(result.stdout)
    plan["masterTargets"] += json.loads(second.stdout)["masterTargets"]
    return plan


def _act(setup: Setup, server: Server, pair: Pair) -> None:
    for words in pair.live:
        run([setup.program("mock-vcenter"), "ctl", "--url-file", str(server.url_file), *words]).expect(0)
    for words in pair.govc:
        # A task that hangs on order is not waited for.
        with contextlib.suppress(TestFailure):
            run([setup.peer("govc"), *words], env=_login(server).govc(), deadline=3)


def _checked(setup: Setup, pair: Pair, site: Site, finding: bool) -> tuple[int, Json]:
    """What the command says of one half of a pair."""
    with setup.folder() as folder, _server(setup, folder, site.scenario) as server:
        for each in site.plan.get("servers", {}):
            if site.plan["servers"][each] == "MOCK":
                site.plan["servers"][each] = f"{server.login.host}:{server.login.port}"
        file = folder / "plan.json"
        file.write_text(json.dumps(site.plan), encoding="utf-8")
        env = _login(server).failback()
        if finding:
            _act(setup, server, pair)
            if pair.env:
                pair.env(env)
        result = run([setup.program("failback"), "check", str(file), "--phase", pair.phase, "-o", "json",
                      "--all-findings", "--quiet"], env=env)
    check(result.stdout.startswith("{"), f"{pair.rule}: no report\n{result.transcript()}")
    return result.code, json.loads(result.stdout)


def _findings(report: Json, rule: str) -> list[Json]:
    return [each for each in report["findings"] if each["rule"] == rule]


def _judge(setup: Setup, pair: Pair, plan: Json) -> list[str]:
    """What is wrong with the two halves."""
    problems = []
    _, good = _checked(setup, pair, rule_pairs.made(pair, plan, False), False)
    seen = _findings(good, pair.rule)
    statuses = {each["status"] for each in seen}
    if statuses != ({pair.passes} if pair.passes else set()) and pair.passes:
        problems.append(f"{pair.rule} does not pass where nothing is wrong: {json.dumps(seen)}")
    code, bad = _checked(setup, pair, rule_pairs.made(pair, plan, True), True)
    found = [each for each in _findings(bad, pair.rule) if each["status"] in pair.finds.split("|")]
    if not found:
        problems.append(f"{pair.rule} finds nothing: {json.dumps(_findings(bad, pair.rule))}")
    for each in found:
        if not (each["value"] and each["remedy"] and each["property"] and each["object"]["name"]):
            problems.append(f"{pair.rule}: a finding without evidence or remedy: {json.dumps(each)}")
    if found and pair.word and not any(pair.word in each["value"] for each in found):
        problems.append(f"{pair.rule}: {pair.word!r} is not in {[each['value'] for each in found]}")
    if found and code not in pair.codes:
        problems.append(f"{pair.rule}: exit code {code}, not {pair.codes}; verdict {bad['verdict']}")
    return problems


def _run_pairs(setup: Setup, report: Report, pairs: tuple[Pair, ...]) -> None:
    plan = _plan_of(setup)
    problems = [problem for pair in pairs for problem in _judge(setup, pair, plan)]
    check(not problems, "\n".join(problems))
    report.note(f"{len(pairs)} pairs")


@case("check-pairs-environment")
def pairs_environment(setup: Setup, report: Report) -> None:
    """Each rule of the environment passes on one scenario and finds on another that differs in one fact."""
    _run_pairs(setup, report, rule_pairs.ENVIRONMENT)


@case("check-pairs-plan")
def pairs_plan(setup: Setup, report: Report) -> None:
    """Each rule of the plan, likewise."""
    _run_pairs(setup, report, rule_pairs.PLAN)


@case("check-pairs-master-target")
def pairs_master_target(setup: Setup, report: Report) -> None:
    """Each rule of the master target, likewise."""
    _run_pairs(setup, report, rule_pairs.MASTER_TARGET)


@case("check-pairs-home-vm")
def pairs_home_vm(setup: Setup, report: Report) -> None:
    """Each rule of the home VM, likewise."""
    _run_pairs(setup, report, rule_pairs.HOME_VM)


@case("check-pairs-creation")
def pairs_creation(setup: Setup, report: Report) -> None:
    """Each rule of creating a VM, and of failback as far as no ledger is needed, likewise."""
    _run_pairs(setup, report, rule_pairs.CREATION + rule_pairs.FAILBACK)


@case("check-telling")
def telling(setup: Setup, report: Report) -> None:
    """What the vendor's documentation warns of reads as a person would tell it."""
    _run_pairs(setup, report, rule_pairs.TELLING)


@case("check-pairs-complete")
def pairs_complete(setup: Setup, report: Report) -> None:
    """Every rule has its pair of scenarios."""
    rules = json.loads(run([setup.program("failback"), "rules", "-o", "json"]).expect(0).stdout)["rules"]
    have = {pair.rule for pair in rule_pairs.PAIRS} | set(rule_pairs.ELSEWHERE)
    check_equal(sorted(each["id"] for each in rules), sorted(have), "rules with a pair")
    report.note(f"{len(rule_pairs.PAIRS)} rules with a pair, {len(rule_pairs.ELSEWHERE)} elsewhere")


@case("check-budget")
def budget(setup: Setup, report: Report) -> None:
    """58 machines, and one that has to be created, are checked with at most ten SOAP calls, as the server counts."""
    scenario = rule_pairs.site()
    vms = scenario["datacenters"][0]["vms"]
    vms += [rule_pairs.machine(f"many-{number:02}", "10GiB") for number in range(58)]
    with setup.folder() as folder, _server(setup, folder, scenario) as server:
        env = _login(server).failback()
        plan = folder / "plan.json"
        run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--out", str(plan), "--machine",
             "many-*", "--master-target", rule_pairs.MT, "--datastore", "vmfs-01"], env=env).expect(0)
        report.note(_counted(setup, server, plan, "58 machines", setup.records("check-budget")))
        one = json.loads(plan.read_text(encoding="utf-8"))
        one["machines"][0]["source"].update(name="gone-01", instanceUuid="00000000-1111-2222-3333-444444444444",
                                            biosUuid="00000000-1111-2222-3333-555555555555")
        plan.write_text(json.dumps(one), encoding="utf-8")
        report.note(_counted(setup, server, plan, "57 and one gone", setup.records("check-budget-gone")))


def _counted(setup: Setup, server: Server, plan: pathlib.Path, what: str, records: pathlib.Path) -> str:
    control = [setup.program("mock-vcenter"), "ctl", "--url-file", str(server.url_file), "calls"]
    run([*control, "--reset"]).expect(0)
    result = run([setup.program("failback"), "check", str(plan), "-o", "json", "--quiet", "--calls", "--record",
                  str(records)], env=_login(server).failback()).expect(0, 3, 4)
    said = json.loads(result.stdout)
    seen = {method: entry["calls"] for method, entry in json.loads(run(control).expect(0).stdout)["methods"].items()}
    apart = {"RetrieveServiceContent", "Login", "Logout", "CurrentTime", "CreatePropertyCollector", "CreateFilter",
             "WaitForUpdatesEx", "DestroyPropertyCollector", "ContinueRetrievePropertiesEx",
             "CancelRetrievePropertiesEx"}
    slices = said["pages"] - seen.get("ContinueRetrievePropertiesEx", 0)
    asked = sum(count for method, count in seen.items() if method not in apart) - slices
    check_equal(said["calls"], asked, f"calls, as the server counted them: {seen}")
    check(asked <= 10, f"{what}: {asked} calls: {result.stderr}")
    check(f"{asked} of them counted" in result.stderr, f"--calls names them: {result.stderr}")
    return f"{what}: {asked} calls, {said['pages']} pages: {seen}"


@case("check-schema")
def schema(setup: Setup, report: Report) -> None:
    """The published schema describes the reports, and is what check --print-schema prints."""
    file = support.ROOT / "docs" / "check.schema.json"
    printed = run([setup.program("failback"), "check", "--print-schema"]).expect(0).stdout
    check_equal(file.read_text(encoding="utf-8"), printed, "docs/check.schema.json")
    plan = _plan_of(setup)
    validate = [setup.python(), support.HERE / "check_schema.py", file]
    for pair in (Pair("MT-STATE"), Pair("ENV-REACHABLE", env=rule_pairs._closed),
                 Pair("NEW-NAME", gone=True), Pair("VM-POWER", phase="failback")):
        _, document = _checked(setup, pair, rule_pairs.made(pair, plan, True), True)
        judged = run(validate, stdin=json.dumps(document))
        check(judged.code == 0, f"{pair.rule}: {judged.stdout}{judged.stderr}")
        report.note(f"{pair.rule}: {len(document['findings'])} findings")


# At vcsim: what is done with govc, and the rule that then passes, or finds.
_VCSIM = (
    ("MT-SNAPSHOT", "pass", "fail", ("snapshot.create", "-vm", "DC0_C0_RP0_VM0", "-m=false", "nightly")),
    ("MT-UUID", "unknown", "pass", ("vm.change", "-vm", "DC0_C0_RP0_VM0", "-e", "disk.EnableUUID=TRUE")),
    ("MT-STATE", "pass", "fail", ("vm.power", "-off", "DC0_C0_RP0_VM0")),
    ("VM-POWER", "fail", "pass", ("vm.power", "-off", "DC0_C0_RP0_VM1")),
    ("VM-SNAPSHOT", "pass", "fail", ("snapshot.create", "-vm", "DC0_C0_RP0_VM1", "-m=false", "before")),
    ("VM-CHANGED", "pass", "fail", ("vm.disk.create", "-vm", "DC0_C0_RP0_VM1", "-name", "DC0_C0_RP0_VM1/more",
                                    "-size", "1G", "-ds", "LocalDS_0")),
    ("MT-HOST", "pass", "fail", ("host.maintenance.enter", "-timeout", "1", "/DC0/host/DC0_C0/HOST")),
)


@case("check-vcsim")
def vcsim(setup: Setup, report: Report) -> None:
    """On vcsim each of these rules changes its verdict with the one thing that govc changes."""
    with setup.vcsim("-vm", "3") as server, setup.folder() as folder:
        env = server.login.failback()
        plan = folder / "plan.json"
        run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--out", str(plan), "--machine",
             "DC0_C0_RP0_VM1", "--master-target", "DC0_C0_RP0_VM0", "--datastore", "LocalDS_0"],
            env=env).expect(0, 3)
        for number, (rule, before, after, words) in enumerate(_VCSIM):
            check_equal(before, _status(setup, plan, env, rule, number, "before"), f"{rule} before {words}")
            host = run([setup.peer("govc"), "object.collect", "-s", "/DC0/vm/DC0_C0_RP0_VM0", "runtime.host"],
                       env=server.login.govc()).expect(0).stdout.strip()
            name = run([setup.peer("govc"), "object.collect", "-s", host, "name"],
                       env=server.login.govc()).expect(0).stdout.strip()
            run([setup.peer("govc"), *(word.replace("HOST", name) for word in words)],
                env=server.login.govc()).expect(0)
            check_equal(after, _status(setup, plan, env, rule, number, "after"), f"{rule} after {words}")
        report.note(f"{len(_VCSIM)} rules: {', '.join(entry[0] for entry in _VCSIM)}")


def _status(setup: Setup, plan: pathlib.Path, env: dict[str, str], rule: str, number: int, when: str) -> str:
    records = setup.vcsim_records(f"check-vcsim-{number}-{when}")
    result = run([setup.program("failback"), "check", str(plan), "-o", "json", "--quiet", "--all-findings",
                  "--record", str(records)], env=env).expect(0, 3, 4, 5)
    statuses = {each["status"] for each in _findings(json.loads(result.stdout), rule)}
    for status in ("fail", "unknown", "pass"):
        if status in statuses:
            return status
    return "nothing"


@case("check-policy")
def policy(setup: Setup, report: Report) -> None:
    """A policy raises, lowers and silences rules, and names guest systems; a wrong one is refused with its place."""
    plan = _plan_of(setup)
    scenario = rule_pairs.site()
    scenario["datacenters"][0]["vms"][0].update(addresses=[], tools=False)
    with setup.folder() as folder, _server(setup, folder, scenario) as server:
        file, rules = folder / "plan.json", folder / "policy.yaml"
        file.write_text(json.dumps(plan), encoding="utf-8")
        command = [setup.program("failback"), "check", str(file), "-o", "json", "--quiet"]
        env = _login(server).failback()

        def judged(text: str) -> tuple[int, dict[str, Json]]:
            rules.write_text(text, encoding="utf-8")
            result = run([*command, "--policy", str(rules)], env=env)
            check(result.stdout.startswith("{"), result.transcript())
            return result.code, {each["rule"]: each for each in json.loads(result.stdout)["findings"]}

        code, found = judged("severities: {}\n")
        check_equal((4, "block", "warn"), (code, found["MT-TOOLS"]["verdict"], found["MT-IP"]["verdict"]), "without")
        code, found = judged("severities: {MT-TOOLS: warn, MT-RETENTION: warn, MT-IP: silent, mt-os: warn}\n")
        check_equal((3, "warn", "pass", True), (code, found["MT-TOOLS"]["verdict"], found["MT-IP"]["verdict"],
                                               found["MT-IP"]["silenced"]), "lowered and silenced")
        code, found = judged("severities: {MT-TOOLS: warn, MT-RETENTION: warn, MT-OS: warn, MT-IP: block}\n")
        check_equal((4, "block"), (code, found["MT-IP"]["verdict"]), "raised")
        code, found = judged("refusedGuests: [{id: 'debian*', reason: not with us}]\n")
        check("not with us" in found["PLAN-GUEST-OS"]["value"], str(found["PLAN-GUEST-OS"]))
        rules.write_text("severities:\n  MT-TOLS: warn\n", encoding="utf-8")
        refused = run([*command, "--policy", str(rules)], env=env).expect(2)
        check("policy.yaml:2:3" in refused.stderr and "MT-TOOLS" in refused.stderr, refused.stderr)
    report.note("lowered, raised, silenced, and a guest refused")


@case("check-split")
def split(setup: Setup, report: Report) -> None:
    """Where the slots of one master target do not suffice, a plan over several is written that passes."""
    scenario = rule_pairs.site()
    vms = scenario["datacenters"][0]["vms"]
    vms += [rule_pairs.machine(f"many-{number:02}", "10GiB", "10GiB") for number in range(40)]
    with setup.folder() as folder, _server(setup, folder, scenario) as server:
        env = _login(server).failback()
        plan, better = folder / "plan.json", folder / "better.yaml"
        run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--out", str(plan), "--machine",
             "many-*", "--master-target", rule_pairs.MT, "--datastore", "vmfs-01"], env=env).expect(0)
        check_command = [setup.program("failback"), "check", "-o", "json", "--quiet"]
        first = run([*check_command, str(plan), "--split", str(better)], env=env).expect(4)
        slots = _findings(json.loads(first.stdout), "MT-SLOTS")
        check_equal(["fail"], [each["status"] for each in slots], "80 disks on one master target")
        check("--split" in slots[0]["remedy"] and "mt-linux-02" in slots[0]["remedy"], slots[0]["remedy"])
        second = run([*check_command, str(better), "--all-findings"], env=env).expect(0, 3)
        slots = _findings(json.loads(second.stdout), "MT-SLOTS")
        check_equal(["pass", "pass"], [each["status"] for each in slots], "the split plan")
        again = run([*check_command, str(plan), "--split", str(better)], env=env).expect(2)
        check("is there already" in again.stderr, again.stderr)
        check_equal("", again.stdout, "a mistake of the call is no report of a server that can't be reached")
        report.note("; ".join(each["value"] for each in slots))


@case("check-role")
def role(setup: Setup, report: Report) -> None:
    """What an account lacks for a plan is told object by object, and a role made of it is enough."""
    plan = _plan_of(setup)
    site = Site(rule_pairs.site(), plan)
    rule_pairs._lesser_role(site)
    with setup.folder() as folder, _server(setup, folder, site.scenario) as server:
        file = folder / "plan.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        env = _login(server).failback()
        rule_pairs._user("low@example")(env)
        command = [setup.program("failback"), "role", "--plan", str(file)]
        lacks = json.loads(run([*command, "--missing", "-o", "json"], env=env).expect(9).stdout)
        check_equal(["VirtualMachine.Config.AddExistingDisk"], lacks["privileges"], "what the account lacks")
        check_equal({"mt-linux-01", "web-01", "db-01"}, {each["name"] for each in lacks["objects"]}, "on what")
        top = json.loads(run([setup.program("failback"), "role", "olr", "--missing", "-o", "json"],
                             env=env).expect(9).stdout)
        check("VirtualMachine.Config.AddExistingDisk" in [each["id"] for each in top["privileges"]], str(top))
        # With the role that is printed for the plan, nothing is missing any more.
        script = run([*command, "-o", "govc", "--name", "enough"], env=env).expect(0).stdout
        words = script.split("govc role.create", 1)[1].split("#", 1)[0].replace("\\", " ").replace("'", " ").split()
        run([setup.peer("govc"), "role.create", *words], env=_login(server).govc()).expect(0)
        run([setup.peer("govc"), "permissions.set", "-principal", "low@example", "-role", "enough",
             "-propagate=true", "/"], env=_login(server).govc()).expect(0)
        done = run([*command, "--missing"], env=env).expect(0)
        check("nothing is missing" in done.stderr, done.stderr)
        report.note(f"{len(words) - 1} privileges for the plan")


def _store_with_job(state: pathlib.Path) -> sqlite3.Connection:
    """A store in the folder with one open job, which has nothing yet."""
    database = sqlite3.connect(state / "failback.db")
    database.executescript(
        "CREATE TABLE job (id TEXT PRIMARY KEY, plan TEXT, kind TEXT, state TEXT, opened TEXT);"
        "CREATE TABLE machine (job TEXT, id TEXT, name TEXT, instanceUuid TEXT, folder TEXT);"
        "CREATE TABLE disk (job TEXT, machine TEXT, id TEXT, uuid TEXT, file TEXT, capacityBytes INTEGER,"
        " masterTarget TEXT, bus INTEGER, unit INTEGER, state TEXT, held INTEGER DEFAULT 1);"
        "PRAGMA user_version = 1;"
        "INSERT INTO job VALUES ('job-7', 'other-plan', 'reprotect', 'running', '2026-11-20T22:00:00Z');")
    return database


@case("check-store")
def store(setup: Setup, report: Report) -> None:
    """Open jobs of other plans hold machines and slots; no store is made by looking; a broken one is not known."""
    plan = _plan_of(setup)
    with setup.folder() as folder, _server(setup, folder, rule_pairs.site()) as server:
        file, state = folder / "plan.json", folder / "state"
        file.write_text(json.dumps(plan), encoding="utf-8")
        command = [setup.program("failback"), "check", str(file), "-o", "json", "--quiet", "--all-findings",
                   "--state", str(state)]
        env = _login(server).failback()
        run(command, env=env).expect(0)
        check(not state.exists(), "check makes no store")
        state.mkdir()
        (state / "failback.db").write_text("no database at all, but long enough to be looked at as if it were one ....")
        broken = json.loads(run(command, env=env).expect(5).stdout)
        found = [each for each in _findings(broken, "PLAN-UNIQUE") if each["status"] == "unknown"]
        check(found and "failback.db" in found[0]["value"], str(found))
        (state / "failback.db").unlink()
        database = _store_with_job(state)
        uuid = plan["machines"][0]["source"]["instanceUuid"]
        database.execute("INSERT INTO machine VALUES ('job-7', 'w', 'old-name', ?, '/')", [uuid])
        database.execute("INSERT INTO machine VALUES ('job-7', 'd', 'DB-01', 'x', '/DC1/vm/Production')")
        target = plan["masterTargets"][0]["instanceUuid"]
        for unit in range(56):
            database.execute("INSERT INTO disk VALUES ('job-7', 'w', ?, '', '', 1, ?, 3, ?, 'reserved', 1)",
                             [str(unit), target, unit])
        database.commit()
        database.close()
        held = json.loads(run(command, env=env).expect(4).stdout)
        taken = [each["value"] for each in _findings(held, "PLAN-UNIQUE") if each["status"] == "fail"]
        check(taken and "job-7" in taken[0] and "2026-11-20 22:00" in taken[0], str(taken))
        check_equal({"web-01", "db-01"}, {each["machine"] for each in _findings(held, "PLAN-UNIQUE")
                                          if each["status"] == "fail"}, "by UUID, and by name and folder")
        slots = [each["value"] for each in _findings(held, "MT-SLOTS") if each["status"] == "fail"]
        check(slots and "56 are reserved by other jobs" in slots[0], str(slots))
        report.note(f"{taken[0]}; {slots[0]}")


@case("check-forms")
def forms(setup: Setup, report: Report) -> None:
    """The table, JUnit and SARIF say what the JSON says."""
    import xml.etree.ElementTree as tree

    plan = _plan_of(setup)
    site = rule_pairs.made(Pair("MT-SNAPSHOT", rule_pairs._mt(snapshots=[{"name": "before <update> & more"}])),
                           plan, True)
    with setup.folder() as folder, _server(setup, folder, site.scenario) as server:
        file = folder / "plan.json"
        file.write_text(json.dumps(site.plan), encoding="utf-8")
        env = _login(server).failback()
        command = [setup.program("failback"), "check", str(file), "--quiet"]
        said = json.loads(run([*command, "-o", "json", "--all-findings"], env=env).expect(4).stdout)
        text = run(command, env=env).expect(4).stdout
        lines = text.splitlines()
        check(lines[0].startswith("Reprotect of 2 machines: blocked (1 blocking"), lines[0])
        check("MT-SNAPSHOT" in lines[2] and "before <update> & more" in lines[2], lines[2])
        check("Delete the master target's snapshots" in lines[3], lines[3])
        cases = tree.fromstring(run([*command, "-o", "junit"], env=env).expect(4).stdout).findall(".//testcase")
        check_equal(len(said["findings"]), len(cases), "cases of JUnit")
        failed = [each for each in cases if each.find("failure") is not None]
        check_equal(["before <update> & more" in each.find("failure").get("message") for each in failed], [True],
                    "failures of JUnit")
        out = folder / "check.sarif"
        run([*command, "-o", "sarif", "--out", str(out)], env=env).expect(4)
        results = json.loads(out.read_text(encoding="utf-8"))["runs"][0]["results"]
        check_equal(sorted(each["rule"] for each in said["findings"] if each["status"] != "pass"),
                    sorted(each["ruleId"] for each in results), "results of SARIF")
        report.note(f"{len(cases)} cases, {len(results)} results")


@case("check-consented")
def consented(setup: Setup, report: Report) -> None:
    """A machine that runs and one with snapshots are no obstacle when the plan allows what has to be done."""
    plan = _plan_of(setup)
    for machine in plan["machines"]:
        machine["consents"] = {"powerOff": True, "mergeSnapshots": True}
    scenario = rule_pairs.site()
    vms = {vm["name"]: vm for vm in scenario["datacenters"][0]["vms"]}
    vms["web-01"].update(powered=True, addresses=["10.0.0.5"])
    vms["db-01"].update(snapshots=[{"name": "before-upgrade"}])
    code, said = _checked(setup, Pair("VM-POWER"), Site(scenario, plan), False)
    bad = [f"{each['rule']}: {each['value']}" for each in said["findings"] if each["verdict"] in ("block", "unknown")]
    check(code == 3 and not bad, f"exit code {code}: {bad}")
    done = {each["rule"] for each in said["findings"] if each["verdict"] == "warn"}
    check_equal({"VM-POWER", "VM-SNAPSHOT"}, done, "what the job does itself")
