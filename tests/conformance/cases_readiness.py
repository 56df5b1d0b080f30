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
