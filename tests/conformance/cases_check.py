# SPDX-License-Identifier: GPL-2.0-or-later
"""failback check: every rule on two scenarios that differ in one fact."""

from __future__ import annotations

import contextlib
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
    with setup.mock(scenario=str(file)) as server:
        yield server


def _plan_of(setup: Setup) -> Json:
    """Two machines of the site in which nothing is wrong, as plan init makes it."""
    with setup.folder() as folder, _server(setup, folder, rule_pairs.site()) as server:
        result = run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--machine", "web-01",
                      "--machine", "db-01", "--master-target", rule_pairs.MT, "--datastore", "vmfs-01"],
                     env=server.login.failback()).expect(0)
        second = run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--machine", "web-01",
                      "--master-target", "mt-linux-02", "--datastore", "vmfs-01"],
                     env=server.login.failback()).expect(0)
    plan = json.loads(result.stdout)
    plan["masterTargets"] += json.loads(second.stdout)["masterTargets"]
    return plan


def _act(setup: Setup, server: Server, pair: Pair) -> None:
    for words in pair.live:
        run([setup.program("mock-vcenter"), "ctl", "--url", server.login.address, *words]).expect(0)
    for words in pair.govc:
        # A task that hangs on order is not waited for.
        with contextlib.suppress(TestFailure):
            run([setup.peer("govc"), *words], env=server.login.govc(), deadline=3)


def _checked(setup: Setup, pair: Pair, site: Site, finding: bool) -> tuple[int, Json]:
    """What the command says of one half of a pair."""
    with setup.folder() as folder, _server(setup, folder, site.scenario) as server:
        for each in site.plan.get("servers", {}):
            if site.plan["servers"][each] == "MOCK":
                site.plan["servers"][each] = f"{server.login.host}:{server.login.port}"
        file = folder / "plan.json"
        file.write_text(json.dumps(site.plan), encoding="utf-8")
        env = server.login.failback()
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


@case("check-pairs-complete")
def pairs_complete(setup: Setup, report: Report) -> None:
    """Every rule has its pair of scenarios."""
    rules = json.loads(run([setup.program("failback"), "rules", "-o", "json"]).expect(0).stdout)["rules"]
    have = {pair.rule for pair in rule_pairs.PAIRS} | set(rule_pairs.LATER)
    check_equal(sorted(each["id"] for each in rules), sorted(have), "rules with a pair")
    report.note(f"{len(rule_pairs.PAIRS)} rules with a pair, {len(rule_pairs.LATER)} for later")


@case("check-calls")
def calls(setup: Setup, report: Report) -> None:
    """58 machines are checked with at most ten SOAP calls, as the server counts them."""
    scenario = rule_pairs.site()
    vms = scenario["datacenters"][0]["vms"]
    vms += [rule_pairs._machine(f"many-{number:02}", "10GiB") for number in range(58)]
    with setup.folder() as folder, _server(setup, folder, scenario) as server:
        env = server.login.failback()
        plan = folder / "plan.json"
        run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--out", str(plan), "--machine",
             "many-*", "--master-target", rule_pairs.MT, "--datastore", "vmfs-01"], env=env).expect(0)
        run([setup.program("mock-vcenter"), "ctl", "--url", server.login.address, "calls", "--reset"]).expect(0)
        result = run([setup.program("failback"), "check", str(plan), "-o", "json", "--quiet", "--calls"],
                     env=env).expect(0, 3)
        counted = json.loads(run([setup.program("mock-vcenter"), "ctl", "--url", server.login.address,
                                  "calls"]).expect(0).stdout)
    check_document = json.loads(result.stdout)
    by_method = {each["method"]: each["calls"] for each in counted["methods"]} if isinstance(
        counted.get("methods"), list) else counted["methods"]
    login = {"RetrieveServiceContent", "Login", "Logout", "CurrentTime"}
    asked = sum(count for method, count in by_method.items()
                if method not in login and not method.startswith("Continue"))
    check(check_document["calls"] <= 10, f"{check_document['calls']} calls: {result.stderr}")
    check(asked - check_document["pages"] <= 10, f"the server counted {by_method}")
    report.note(f"{check_document['calls']} calls and {check_document['pages']} pages for 58 machines: {by_method}")


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
