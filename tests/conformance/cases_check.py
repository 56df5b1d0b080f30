# SPDX-License-Identifier: GPL-2.0-or-later
"""failback check: every rule on two scenarios that differ in one fact."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
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
    have = {pair.rule for pair in rule_pairs.PAIRS} | set(rule_pairs.LATER)
    check_equal(sorted(each["id"] for each in rules), sorted(have), "rules with a pair")
    report.note(f"{len(rule_pairs.PAIRS)} rules with a pair, {len(rule_pairs.LATER)} for later")


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
