# SPDX-License-Identifier: GPL-2.0-or-later
"""failback check --machine and --all: could these machines come home today?"""

from __future__ import annotations

import json
import pathlib
import shutil
from typing import Any

import cases_check
import rule_pairs
import support
from registry import Report, case
from support import Server, Setup, Skipped, check, check_equal, run

Json = dict[str, Any]
KINDS = ("web", "app", "db", "mail", "files", "erp", "auth", "build")


def big_site(machines: int) -> Json:
    """Many machines, some of them with what stands in the way."""
    scenario = rule_pairs.site()
    dc = scenario["datacenters"][0]
    for each in dc["datastores"]:
        each["capacity"] = "900TiB"
    for i in range(machines):
        vm = rule_pairs.machine(f"{KINDS[i % 8]}-{i // 8 + 10:03}", "40GiB", "100GiB")
        vm.update(powered=i % 5 != 0, addresses=[f"10.1.{i // 250}.{i % 250 + 1}"])
        if i % 8 == 1:
            vm.update(guestId="windows2019srv_64Guest")
        if i % 11 == 0:
            vm["snapshots"] = [{"name": "before-update"}]
        if i % 97 == 0:
            vm["datastore"] = "nfs-01"
        if i % 131 == 0:
            vm["encrypted"] = "kms/key-1"
        if i % 173 == 0:
            vm["disks"][0]["controller"] = "ide0"
        dc["vms"].append(vm)
    windows = rule_pairs._master_target("mt-win-01", "10.0.0.33")
    windows.update(guestId="windows2019srv_64Guest", scsi="lsisas", volumes=[
        {"path": "C:\\", "filesystem": "NTFS", "size": "56GiB", "free": "41GiB", "disk": 0},
        {"path": "R:\\", "filesystem": "NTFS", "size": "190GiB", "free": "188GiB", "disk": 1}])
    dc["vms"].append(windows)
    return scenario


def _asked(setup: Setup, env: dict[str, str], *words: str, codes: tuple[int, ...] = (0, 3, 4, 5)) -> Json:
    result = run([setup.program("failback"), "check", "-o", "json", "--quiet", *words], env=env,
                 deadline=240).expect(*codes)
    return json.loads(result.stdout)


def _valid(setup: Setup, document: Json) -> None:
    schema = support.ROOT / "docs" / "readiness.schema.json"
    judged = run([setup.python(), support.HERE / "check_schema.py", schema], stdin=json.dumps(document))
    check(judged.code == 0, f"{judged.stdout}{judged.stderr}")


@case("readiness-machines")
def machines(setup: Setup, report: Report) -> None:
    """One fact changes one cell of the matrix; what is asked wrongly is refused; the schema describes it."""
    printed = run([setup.program("failback"), "check", "--all", "--print-schema"]).expect(0).stdout
    check_equal((support.ROOT / "docs" / "readiness.schema.json").read_text(encoding="utf-8"), printed, "the schema")
    cells = []
    for keyed in (None, "kms/key-1"):
        scenario = rule_pairs.site()
        if keyed:
            next(vm for vm in scenario["datacenters"][0]["vms"] if vm["name"] == "web-01")["encrypted"] = keyed
        with setup.folder() as folder, cases_check._server(setup, folder, scenario) as server:
            env = cases_check._login(server).failback()
            asked = _asked(setup, env, "--machine", "web-*", "--machine", "db-01", "--record",
                           str(setup.records(f"readiness-{'keyed' if keyed else 'plain'}")))
            _valid(setup, asked)
            check_equal(["db-01", "web-01"], sorted(row["name"] for row in asked["machines"]), "the machines")
            cells.append({row["name"]: row["groups"]["Home VM"] for row in asked["machines"]})
            named = _asked(setup, env, "--machine", "web-01", "--master-target", "mt-linux-02")
            check_equal("mt-linux-02", named["machines"][0]["masterTarget"], "the master target that was named")
            for words in (("--machine", "nobody"), ("--all", "--machine", "web-01"), ("plan.yaml", "--all"),
                          ("--all", "-o", "sarif"), ("--master-target", "x", "plan.yaml")):
                refused = run([setup.program("failback"), "check", *words], env=env)
                check_equal(2, refused.code, f"{words}: {refused.stderr}")
    check_equal([{"web-01": "pass", "db-01": "pass"}, {"web-01": "block", "db-01": "pass"}], cells, "the cells")
    report.note("; ".join(str(each) for each in cells))


def _vm(scenario: Json, name: str) -> Json:
    return next(vm for vm in scenario["datacenters"][0]["vms"] if vm["name"] == name)


def _of(document: Json, rule: str) -> dict[str, Json]:
    """Findings of a rule by the machines that they concern."""
    return {name: each for each in document["findings"] if each["rule"] == rule for name in each["machines"]}


@case("readiness-policy")
def policy(setup: Setup, report: Report) -> None:
    """A policy weighs rules of machines too, and refuses guests; what it silences is told as such."""
    scenario = rule_pairs.site()
    _vm(scenario, "web-01")["encrypted"] = "kms/key-1"
    with setup.folder() as folder, cases_check._server(setup, folder, scenario) as server:
        env = cases_check._login(server).failback()
        rules = folder / "policy.yaml"

        def judged(text: str) -> tuple[str, Json]:
            rules.write_text(text, encoding="utf-8")
            asked = _asked(setup, env, "--machine", "web-01", "--policy", str(rules))
            _valid(setup, asked)
            return asked["machines"][0]["groups"]["Home VM"], asked

        seen = [judged("severities: {}\n")[0], judged("severities: {VM-ENCRYPTED: warn}\n")[0]]
        cell, asked = judged("severities: {VM-ENCRYPTED: silent}\nrefusedGuests: [{id: 'debian*', reason: not with us}]\n")
        check_equal(["block", "warn", "pass"], [*seen, cell], "without, lowered, silenced")
        check(_of(asked, "VM-ENCRYPTED")["web-01"]["silenced"] is True, str(asked["findings"]))
        check("not with us" in _of(asked, "PLAN-GUEST-OS")["web-01"]["value"], str(asked["findings"]))
        table = run([setup.program("failback"), "check", "--quiet", "--machine", "web-01", "--policy", str(rules)],
                    env=env).expect(4).stdout
        check("VM-ENCRYPTED silent" in table, table)
        rules.write_text("severities:\n  MT-TOLS: warn\n", encoding="utf-8")
        refused = run([setup.program("failback"), "check", "--all", "--policy", str(rules)], env=env).expect(2)
        check("policy.yaml:2:3" in refused.stderr, refused.stderr)
        report.note(f"{[*seen, cell]}")


@case("readiness-unreachable")
def unreachable(setup: Setup, report: Report) -> None:
    """A server that can't be reached, is not trusted or refuses the login is a document that says so."""
    notes = []
    with setup.folder() as folder, cases_check._server(setup, folder, rule_pairs.site()) as server:
        env = cases_check._login(server).failback()
        for name, change, code in (("closed", {"FAILBACK_URL": "https://127.0.0.1:1/sdk"}, 6),
                                   ("thumbprint", {"FAILBACK_THUMBPRINT": ":".join(["00"] * 32)}, 7),
                                   ("password", {"FAILBACK_PASSWORD": "wrong"}, 8)):
            command = [setup.program("failback"), "check", "--all", "--quiet"]
            said = run([*command, "-o", "json"], env={**env, **change}).expect(code)
            document = json.loads(said.stdout)
            _valid(setup, document)
            check_equal(("block", [], ["ENV-REACHABLE"]),
                        (document["verdict"], document["machines"], [each["rule"] for each in document["findings"]]),
                        name)
            check(said.stderr.strip(), "the error is on standard error, too")
            page = folder / f"{name}.html"
            run([*command, "-o", "html", "--out", str(page)], env={**env, **change}).expect(code)
            check("ENV-REACHABLE" in page.read_text(encoding="utf-8"), f"{name}: the page")
            check_equal("", run(command, env={**env, **change}).expect(code).stdout, "for people the error says all")
            notes.append(f"{name}: {document['findings'][0]['value']}")
        # A name that is not there is a mistake of the call.
        check_equal("", run([setup.program("failback"), "check", "-o", "json", "--quiet", "--machine", "web-01",
                             "--master-target", "nobody"], env=env).expect(2).stdout, "a wrong name")
    report.note("; ".join(notes))


@case("readiness-store")
def store(setup: Setup, report: Report) -> None:
    """Machines that open jobs hold, and slots that they reserve, are not free; no store is made by looking."""
    with setup.folder() as folder, cases_check._server(setup, folder, rule_pairs.site()) as server:
        env = cases_check._login(server).failback()
        state = folder / "state"
        words = ("--machine", "web-01", "--machine", "db-01", "--master-target", rule_pairs.MT, "--state", str(state))
        asked = _asked(setup, env, *words)
        check(not state.exists() and not _of(asked, "PLAN-UNIQUE"), str(asked["findings"]))
        state.mkdir()
        file = state / "failback.db"
        file.write_text("no database at all, but long enough to be looked at as if it were one ....")
        broken = _of(_asked(setup, env, *words), "PLAN-UNIQUE")
        check_equal({"web-01": "unknown", "db-01": "unknown"},
                    {name: each["status"] for name, each in broken.items()}, "a store that can't be read")
        file.unlink()
        database = cases_check._store_with_job(state)
        database.execute("INSERT INTO machine VALUES ('job-7', 'd', 'DB-01', 'x', '/DC1/vm/Production')")
        plan = json.loads(run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", "--machine", "web-01",
                               "--master-target", rule_pairs.MT, "--datastore", "vmfs-01"], env=env).expect(0).stdout)
        for unit in range(57):
            database.execute("INSERT INTO disk VALUES ('job-7', 'd', ?, '', '', 1, ?, 3, ?, 'reserved', 1)",
                             [str(unit), plan["masterTargets"][0]["instanceUuid"], unit])
        database.commit()
        database.close()
        held = _asked(setup, env, *words)
        _valid(setup, held)
        taken, slots = _of(held, "PLAN-UNIQUE"), _of(held, "MT-SLOTS")
        check_equal((["db-01"], ["web-01"]), (sorted(taken), sorted(slots)), "the machine, and slots for two disks")
        check("job-7" in taken["db-01"]["value"] and "57" in slots["web-01"]["value"], f"{taken} {slots}")
        report.note(f"{taken['db-01']['value']}; {slots['web-01']['value']}")


@case("readiness-targets")
def targets(setup: Setup, report: Report) -> None:
    """Each machine is judged with the master target that reaches it, alone; twins are told."""
    scenario = rule_pairs.site()
    scenario["datacenters"][0]["clusters"][0]["drsBehavior"] = "fullyAutomated"
    for number, host in ((1, "esx-02.example"), (2, "esx-01.example")):
        next(each for each in scenario["datacenters"][0]["datastores"]
             if each["name"] == f"vmfs-0{number}")["readOnlyOn"] = [host]
    _vm(scenario, "mt-linux-02").update(host="esx-02.example", datastore="vmfs-02")
    _vm(scenario, "db-01").update(host="esx-02.example", datastore="vmfs-02")
    twin = "6000C29a-1111-2222-3333-444444444444"
    for name in ("web-01", "stranger-01"):
        _vm(scenario, name)["disks"][0]["uuid"] = twin
    with setup.folder() as folder, cases_check._server(setup, folder, scenario) as server:
        env = cases_check._login(server).failback()
        for words in ((), ("--master-target", rule_pairs.MT, "--master-target", "MT-LINUX-02")):
            asked = _asked(setup, env, "--all", *words)
            _valid(setup, asked)
            check_equal({"web-01": rule_pairs.MT, "stranger-01": rule_pairs.MT, "db-01": "mt-linux-02"},
                        {row["name"]: row["masterTarget"] for row in asked["machines"]}, "the master targets")
            check(not _of(asked, "VM-DATASTORE-RW"), str(asked["findings"]))
            # Each of them may move to a host that lacks its own datastore.
            moves = {name: each["value"] for name, each in _of(asked, "MT-VMOTION").items()}
            check("vmfs-01" in moves["web-01"] and "vmfs-02" not in moves["web-01"], str(moves))
            check("vmfs-02" in moves["db-01"] and "vmfs-01" not in moves["db-01"], str(moves))
            twins = _of(asked, "MT-CLONE")
            check_equal({"web-01": "warn", "stranger-01": "warn"},
                        {name: each["verdict"] for name, each in twins.items()}, "twins of each other")
        report.note(f"{moves['db-01']}; {twins['web-01']['value']}")


@case("readiness-vcsim")
def vcsim(setup: Setup, report: Report) -> None:
    """All machines of vcsim are judged, each in its row."""
    with setup.vcsim("-vm", "3") as server:
        asked = _asked(setup, server.login.failback(), "--all", "--record", str(setup.vcsim_records("readiness-vcsim")))
        _valid(setup, asked)
        rows = len(asked["machines"]) + len(asked["leftOut"])
        report.note(f"{rows} rows, {asked['verdict']}, {len(asked['findings'])} findings")
        check(rows >= 5, f"{rows} rows")


def _browser() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return name
    raise Skipped("there is no Chromium here: apt-get install chromium")


@case("readiness-page")
def page(setup: Setup, report: Report) -> None:
    """The page of 2,000 machines holds what the JSON says, loads nothing, and shows in a browser and on paper."""
    with setup.folder() as folder, cases_check._server(setup, folder, big_site(2000)) as server:
        env = cases_check._login(server).failback()
        asked = _asked(setup, env, "--all")
        _valid(setup, asked)
        file = folder / "readiness.html"
        run([setup.program("failback"), "check", "--all", "-o", "html", "--out", str(file), "--quiet"], env=env,
            deadline=240).expect(4)
        text = file.read_text(encoding="utf-8")
        for word in ("src=", "href=", "url(", "@import", "<script"):
            check(word not in text, f"{word} in the page")
        check_equal(len(asked["machines"]), text.count("<tr><td>"), "rows of the page")
        report.note(f"{len(asked['machines'])} machines, {len(text) // 1024} KiB, {asked['counts']}, "
                    f"{asked['calls']} calls and {asked['pages']} pages")
        _in_browser(folder, file, asked, report)


def _in_browser(folder: pathlib.Path, file: pathlib.Path, asked: Json, report: Report) -> None:
    browser = [_browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
               "--hide-scrollbars",
               f"--user-data-dir={folder / 'profile'}"]
    shot, paper = folder / "page.png", folder / "page.pdf"
    run([*browser, "--window-size=1280,1600", f"--screenshot={shot}", file.as_uri()], deadline=240)
    check(shot.is_file() and shot.stat().st_size > 20_000, "a screenshot")
    run([*browser, f"--print-to-pdf={paper}", file.as_uri()], deadline=240)
    check(paper.is_file() and paper.read_bytes().startswith(b"%PDF"), "a print")
    seen = run([*browser, "--dump-dom", file.as_uri()], deadline=240).stdout
    check_equal(len(asked["machines"]), seen.count("<tr><td>"), "rows in the browser")
    for row in asked["machines"][:3]:
        check(f"<td>{row['name']}<small>" in seen, f"{row['name']} in the browser")
    report.note(f"screenshot {shot.stat().st_size // 1024} KiB, print {paper.stat().st_size // 1024} KiB")
