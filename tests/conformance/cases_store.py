# SPDX-License-Identifier: GPL-2.0-or-later
"""The store is lost or damaged at any time: it is noticed, kept aside, and the job goes on by the marks in vCenter."""

from __future__ import annotations

import json
import pathlib
import shutil
from collections.abc import Callable
from typing import Any

import cases_crash
import cases_jobs
import cases_protect
from cases_check import _login
from cases_crash import _facts
from cases_jobs import MT, Day, day
from registry import Report, case
from support import Setup, check, check_equal, run

Json = dict[str, Any]
WRITING = (("reprotect",), ("failback", "--confirm", "all"), ("cancel",), ("commit",), ("resume",))


def _database(today: Day) -> pathlib.Path:
    return today.folder / "state" / "failback.db"


def _lose(today: Day) -> None:
    shutil.rmtree(today.folder / "state")


def _all_garbage(file: pathlib.Path) -> None:
    file.write_bytes(b"x" * file.stat().st_size)


def _middle_garbage(file: pathlib.Path) -> None:
    content = bytearray(file.read_bytes())
    start = len(content) // 3
    content[start:2 * start] = b"\xa5" * start
    file.write_bytes(bytes(content))


def _cut_off(file: pathlib.Path) -> None:
    file.write_bytes(file.read_bytes()[:4096])


def _no_tables(file: pathlib.Path) -> None:
    import sqlite3

    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE step")
    database.close()


def _aside(today: Day) -> list[pathlib.Path]:
    return sorted(_database(today).parent.glob("failback.db.corrupt-*"))


def _end(today: Day) -> None:
    """All are at home and committed: nothing is left, and nothing was lost."""
    today.failback("commit", "--quiet").expect(0, 3)
    facts = _facts(today)
    for name in ("web-01", "db-01"):
        check_equal("poweredOn", facts[name]["power"], name)
        check_equal([True], facts[name]["nics"], f"adapters of {name} at start")
        check_equal([], facts[name]["marks"], f"marks of {name}")
    check_equal([], facts[MT]["marks"], "marks of the master target")


@case("jobs-lost-store-protected")
def lost_protected(setup: Setup, report: Report) -> None:
    """The store is deleted while disks are attached: told, not gone on with unasked, and home on the operator's word."""
    with day(setup) as today:
        before = today.disks(MT)
        made = today.result("reprotect")
        lock = json.loads(cases_protect._lock(today))
        old = today.folder / "old"
        shutil.copytree(today.folder / "state", old)
        _lose(today)

        status = today.result("status", code=3)
        check_equal(("reprotect", "protected", ""), (status["kind"], status["state"], status["job"]), "status")
        check_equal(made["machines"], status["machines"], "machines")
        check("--rebuild" in status["warnings"][0] and lock["store"] in status["warnings"][0], str(status["warnings"]))
        check(not (today.folder / "state").exists(), "a status made a store")
        dry = today.failback("reprotect", "--dry-run")
        check("--rebuild" in dry.stderr, dry.transcript())

        attached = _facts(today)
        for words in WRITING:
            refused = today.failback(*words, "--quiet").expect(14)
            for part in (lock["owner"], lock["store"], lock["until"], "--rebuild"):
                check(part in refused.stderr, f"{words}: {part} is not in {refused.stderr}")
        check_equal(attached, _facts(today), "what is there after the refusals")

        waiting = today.result("failback", "--rebuild", code=3)
        check_equal({"waiting"}, {each["state"] for each in waiting["machines"]}, "confirmations are not known any more")
        check(json.loads(cases_protect._lock(today))["store"] != lock["store"], "the lock is the old store's")
        # From now on the new store is the one; who still has the old one is refused.
        for words in WRITING[:4]:
            refused = run([setup.program("failback"), words[0], str(today.plan), *words[1:], "--quiet", "--state",
                           str(old)], env=_login(today.server).failback(), deadline=120)
            check_equal(14, refused.code, refused.transcript())
        stale = run([setup.program("failback"), "status", str(today.plan), "--state", str(old)],
                    env=_login(today.server).failback()).expect(3)
        check("out of date" in stale.stdout, stale.transcript())

        steps = cases_protect._steps(today, "rebuild")
        check_equal({"", "web-01", "db-01"}, {each["machine"] for each in steps}, "what was made again")
        check_equal({"done"}, {each["state"] for each in steps}, "steps of it")
        home = today.result("failback", "--confirm", "all", code=None)
        check_equal("home", home["state"], "the job")
        check_equal(before, today.disks(MT), "disks of the master target")
        files = [[disk["path"] for disk in each["disks"]] for each in made["machines"]]
        check_equal(files, [[disk["path"] for disk in each["disks"]] for each in home["machines"]], "files")
        _end(today)
        report.note(status["warnings"][0])


@case("jobs-lost-store-cancel")
def lost_cancel(setup: Setup, report: Report) -> None:
    """The store is deleted after a reprotect, and a cancel takes back all that the reprotect has done."""
    with day(setup, cases_protect.moving_site(), lose=None) as today:
        before = _facts(today)
        today.result("reprotect")
        _lose(today)
        done = today.result("cancel", "--rebuild", code=3)
        check_equal("cancelled", done["state"], "the job")
        # What was there before is not known: not guessed, but told.
        told = [each for each in done["warnings"] if "stays" in each]
        check_equal(cases_protect.HELD, {name for name in cases_protect.HELD if any(name in each for each in told)},
                    "overrides that are told to stay")
        check_equal(cases_protect.HELD, cases_protect._off(cases_protect._storage(today)), "overrides")
        after = _facts(today)
        for name, facts in before.items():
            # That its snapshots are merged is not taken back.
            for what in ("nics", "marks") if name == "web-01" else ("disks", "nics", "marks"):
                check_equal(facts[what], after[name][what], f"{what} of {name}")
        check_equal("", cases_protect._lock(today), "the lock")
        # It is over: the next one is a new job.
        check_equal("protected", today.result("reprotect", code=None)["state"], "a new reprotect")
        report.note(f"{len(told)} overrides")


@case("jobs-lost-store-garbage")
def lost_garbage(setup: Setup, report: Report) -> None:
    """The database is garbage while disks are attached: kept aside as it is, and the job goes on, unasked."""
    ways: tuple[Callable[[pathlib.Path], None], ...] = (_all_garbage, _middle_garbage, _cut_off, _no_tables)
    for spoil in ways:
        with day(setup) as today:
            before = today.disks(MT)
            today.result("reprotect")
            store = json.loads(cases_protect._lock(today))["store"]
            spoil(_database(today))
            damaged = _database(today).read_bytes()

            status = today.failback("status", "-o", "json").expect(3)
            check("failback.db" in status.stderr, f"{spoil.__name__}: {status.transcript()}")
            seen = json.loads(status.stdout)
            check_equal(("reprotect", "protected"), (seen["kind"], seen["state"]), f"status, {spoil.__name__}")
            journal = today.failback("journal").expect(1)
            check("failback.db" in journal.stderr, journal.transcript())
            checked = today.failback("check", "--phase", "failback").expect(5)
            check("failback.db" in checked.stdout, checked.transcript())
            check_equal(damaged, _database(today).read_bytes(), "the file after who only looks")
            check_equal([], _aside(today), "files aside after who only looks")

            home = today.failback("failback", "--confirm", "all", "-o", "json").expect(0, 3)
            aside = _aside(today)
            check_equal(damaged, aside[0].read_bytes(), "the file that was put aside")
            check(str(aside[0]) in home.stderr, f"the file's place is not told: {home.stderr}")
            check_equal("home", json.loads(home.stdout)["state"], f"the job, {spoil.__name__}")
            check_equal(store, json.loads(cases_protect._lock(today))["store"], "the store's id")
            check_equal(before, today.disks(MT), "disks of the master target")
            _end(today)
    report.note(f"{len(ways)} ways")


@case("jobs-lost-store-newer")
def lost_newer(setup: Setup, report: Report) -> None:
    """A store of a newer version is refused, and stays where it is."""
    import sqlite3

    with day(setup, lose=None) as today:
        today.result("reprotect")
        with sqlite3.connect(_database(today)) as database:
            database.execute("PRAGMA user_version = 99")
        database.close()
        attached = _facts(today)
        for words in (*WRITING, ("journal",), ("status",)):
            refused = today.failback(*words).expect(2)
            check("version 99" in refused.stderr, refused.transcript())
        check_equal([], _aside(today), "files aside")
        check_equal(attached, _facts(today), "what is there")


@case("jobs-lost-store-home")
def lost_home(setup: Setup, report: Report) -> None:
    """The store is lost after a failback: no verb shuts a machine down, or attaches what it has written since."""
    for safety in (False, True):
        with day(setup, lose=None) as today:
            cases_jobs._edit_plan(today, r"safetySnapshot: \w+", f"safetySnapshot: {str(safety).lower()}")
            today.result("reprotect")
            today.result("failback", "--confirm", "all", code=None)
            _all_garbage(_database(today))
            running = _facts(today)
            refused = today.failback("reprotect", "--quiet").expect(13)
            check("no reprotect" in refused.stderr, refused.transcript())
            check_equal(running, _facts(today), "what is there after a reprotect")
            if safety:
                _all_garbage(_database(today))
                check_equal("protected", today.result("cancel")["state"], "cancel to the safety snapshot")
                today.result("failback", "--confirm", "all", code=None)
            else:
                # Off, too: that it has run is not to be seen any more, and counts.
                for name in ("web-01", "db-01"):
                    cases_jobs._act_govc(today, "vm.power", "-off", "-force", name)
                _all_garbage(_database(today))
                stopped = today.result("cancel", code=13)
                check("no safety snapshot" in stopped["machines"][0]["why"], str(stopped["machines"][0]))
                for name in ("web-01", "db-01"):
                    cases_jobs._act_govc(today, "vm.power", "-on", name)
            _all_garbage(_database(today))
            _end(today)
            check(len(_aside(today)) >= 3, f"files aside: {_aside(today)}")


@case("jobs-lost-store-taken-back")
def lost_taken_back(setup: Setup, report: Report) -> None:
    """The store is lost after a failback was taken back: that the machines were started counts, until reprotected anew."""
    with day(setup, lose=None) as today:
        cases_jobs._edit_plan(today, r"safetySnapshot: \w+", "safetySnapshot: true")
        today.result("reprotect")
        today.result("failback", "--confirm", "all", code=None)
        today.result("cancel")
        _all_garbage(_database(today))
        refused = today.failback("failback", "--confirm", "all").expect(4)
        check("VM-STAYS-OFF" in refused.stderr, refused.transcript())
        check_equal("cancelled", today.result("cancel")["state"], "cancel")
        today.result("reprotect")
        today.result("failback", "--confirm", "all", code=None)
        _end(today)


@case("jobs-lost-store-half-way")
def lost_half_way(setup: Setup, report: Report) -> None:
    """failback is ended anywhere, and its database is garbage when it is called again: it ends as if nothing had been."""
    library = setup.test_program("libkill_at.so")
    killed = points = 0

    def prepared(today: Day, before: tuple[tuple[str, ...], ...]) -> None:
        for each in before:
            today.failback(*each, "--quiet").expect(0)
        if before:
            today.replicate()

    for before, words in (((), ("reprotect",)), ((("reprotect",),), ("failback", "--confirm", "all"))):
        with day(setup) as today:
            prepared(today, before)
            syncs, sends = cases_crash._count(today, words, library)
            wanted = _facts(today)
        for point in cases_crash._points("sync", syncs) + cases_crash._points("after", sends):
            points += 1
            with day(setup) as today:
                prepared(today, before)
                killed += cases_crash._killed(today, words, point, library) == -9
                for part in ("-wal", "-shm"):
                    pathlib.Path(f"{_database(today)}{part}").unlink(missing_ok=True)
                # What was just being made is empty: lost, not damaged.
                if _database(today).exists():
                    _all_garbage(_database(today))
                again = today.failback(*words, "--quiet")
                check(again.code in (0, 3), f"{words} ended at {point}, then: {again.code}\n{again.transcript()}")
                check_equal(wanted, _facts(today), f"what is there after {words} ended at {point}")
    check(killed > 0, "no run was ended")
    report.note(f"{killed} of {points} runs were ended")


@case("jobs-lost-store-resume")
def lost_resume(setup: Setup, report: Report) -> None:
    """resume goes on with a job whose record is lost; where there is none it says so, and makes nothing."""
    with day(setup, lose=None) as today:
        before = _facts(today)
        today.failback("resume", "--rebuild", "--quiet").expect(2)
        check(not _database(today).exists(), "a store was made")
        today.result("reprotect")
        for lose in (lambda: _all_garbage(_database(today)), lambda: _lose(today)):
            lose()
            check_equal("protected", today.result("resume", "--rebuild")["state"], "resume")
        today.result("cancel")
        after = _facts(today)
        for name in (MT, "db-01"):
            check_equal(before[name]["disks"], after[name]["disks"], f"disks of {name}")
        check_equal({name: facts["marks"] for name, facts in before.items()},
                    {name: facts["marks"] for name, facts in after.items()}, "marks")


@case("jobs-lost-store-second")
def lost_second(setup: Setup, report: Report) -> None:
    """A second store is refused while the first one lives, by every verb, and changes nothing."""
    with day(setup, lose=None) as today:
        today.result("reprotect")
        attached = _facts(today)
        lock = cases_protect._lock(today)
        for words in WRITING:
            refused = run([setup.program("failback"), words[0], str(today.plan), *words[1:], "--quiet", "--state",
                           str(today.folder / "second")], env=_login(today.server).failback(), deadline=120)
            check_equal(14, refused.code, refused.transcript())
            check(json.loads(lock)["store"] in refused.stderr, refused.stderr)
        check_equal((attached, lock), (_facts(today), cases_protect._lock(today)), "what is there")
        today.result("failback", "--confirm", "all", code=None)
        _end(today)
        report.note(f"{len(WRITING)} verbs")
