#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The runner of tests tells every failure, keeps apart what must be, and leaves nothing running."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import registry
import support
import workers


class Workers(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)
        self.setup = support.Setup(self.work, self.work, self.work / "records", self.work)
        self.log = self.work / "log"
        self.log.touch()
        os.environ.pop("FAILBACK_REQUIRE_CONFORMANCE", None)

    def run_cases(self, *cases: registry.Case, jobs: int = 3, durations: dict[str, float] | None = None,
                  ) -> dict[str, workers.Outcome]:
        return {done.case.name: done for done in workers.run(
            list(cases), jobs, self.setup, lambda case: (durations or {}).get(case.name, 0))}

    def note(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(text + "\n")

    def noting(self, name: str, alone: bool = False, seconds: float = 0.2) -> registry.Case:
        def function(setup: support.Setup, report: registry.Report) -> None:
            self.note(f"+{name}")
            time.sleep(seconds)
            self.note(f"-{name}")
        return registry.Case(name, "", function, alone)

    def test_every_end_is_told(self) -> None:
        def passes(setup: support.Setup, report: registry.Report) -> None:
            report.note("three things")
            print("said by the test")
            os.write(2, b"said by its program\n")

        def fails(setup: support.Setup, report: registry.Report) -> None:
            report.note("noted before")
            support.check(False, "one is not two")

        def breaks(setup: support.Setup, report: registry.Report) -> None:
            raise KeyError("a defect")

        def skips(setup: support.Setup, report: registry.Report) -> None:
            raise support.Skipped("no such peer")

        def dies(setup: support.Setup, report: registry.Report) -> None:
            print("last words", flush=True)
            os._exit(0)

        def is_killed(setup: support.Setup, report: registry.Report) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        def leaves(setup: support.Setup, report: registry.Report) -> None:
            sys.exit(0)

        functions = (passes, fails, breaks, skips, dies, is_killed, leaves)
        seen = self.run_cases(*(registry.Case(each.__name__, "", each) for each in functions))
        self.assertEqual({"passes": "passed", "fails": "failed", "breaks": "failed", "skips": "skipped",
                          "dies": "failed", "is_killed": "failed", "leaves": "failed"},
                         {name: done.word for name, done in seen.items()})
        self.assertEqual(["three things"], seen["passes"].notes)
        self.assertEqual("said by the test\nsaid by its program\n", seen["passes"].output)
        self.assertEqual(("one is not two", ["noted before"]), (seen["fails"].text, seen["fails"].notes))
        self.assertIn("KeyError: 'a defect'", seen["breaks"].text)
        self.assertEqual("no such peer", seen["skips"].text)
        self.assertEqual(("last words\n", "the test's process ended without a word"),
                         (seen["dies"].output, seen["dies"].text))
        self.assertIn("-9", seen["is_killed"].text)

    def test_required_ones_are_not_skipped(self) -> None:
        os.environ["FAILBACK_REQUIRE_CONFORMANCE"] = "1"

        def skips(setup: support.Setup, report: registry.Report) -> None:
            raise support.Skipped("no such peer")

        self.assertEqual("failed", self.run_cases(registry.Case("skips", "", skips))["skips"].word)

    def test_order(self) -> None:
        self.run_cases(self.noting("a"), self.noting("b"), self.noting("c"), jobs=1, durations={"c": 9, "b": 5})
        self.assertEqual(["+c", "-c", "+b", "-b", "+a", "-a"], self.log.read_text(encoding="utf-8").split())

    def test_alone(self) -> None:
        self.run_cases(self.noting("x", alone=True), self.noting("y", alone=True), self.noting("a"), self.noting("b"))
        told = self.log.read_text(encoding="utf-8").split()
        self.assertEqual({"+a", "+b"}, set(told[:2]), "side by side")
        self.assertEqual(["+x", "-x", "+y", "-y"], told[4:], "alone")

    def test_one_name_of_a_recording(self) -> None:
        def records(setup: support.Setup, report: registry.Report) -> None:
            setup.records("same")

        seen = self.run_cases(*(registry.Case(name, "", records) for name in ("one", "two")))
        self.assertEqual(["failed", "passed"], sorted(done.word for done in seen.values()))
        self.assertIn("two recordings are named same", "".join(done.text for done in seen.values()))

    def test_servers_of_a_test_that_leaves_them(self) -> None:
        def leaves(setup: support.Setup, report: registry.Report) -> None:
            url = setup.work / "url"
            server = support.Server(["sh", "-c", f"echo x >{url}; exec sleep 60"], url, setup.work / "server")
            server.__enter__()
            self.note(str(server._process.pid if server._process else 0))

        self.run_cases(registry.Case("leaves", "", leaves))
        self.assert_ends(int(self.log.read_text(encoding="utf-8")))

    def test_killed_run(self) -> None:
        """The run itself is killed: its workers end, and their servers."""
        for sent in (signal.SIGKILL, signal.SIGTERM):
            self.log.write_text("", encoding="utf-8")
            program = (f"import sys; sys.path.insert(0, {str(support.HERE)!r})\n"
                       "import test_workers as t, pathlib, signal\n"
                       "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
                       f"t.serve_for_ever(pathlib.Path({str(self.work)!r}))\n")
            with subprocess.Popen([sys.executable, "-c", program]) as process:
                support.wait_for(lambda: len(self.log.read_text(encoding="utf-8").split()) == 4, "servers and workers")
                process.send_signal(sent)
                process.wait(20)
            for pid in self.log.read_text(encoding="utf-8").split():
                self.assert_ends(int(pid))

    def assert_ends(self, pid: int) -> None:
        def ended() -> bool:
            state = pathlib.Path(f"/proc/{pid}/stat")
            try:
                return state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
            except FileNotFoundError:
                return True
        support.wait_for(ended, f"the end of {pid}", 20)


def serve_for_ever(work: pathlib.Path) -> None:
    """Two tests that have a server each; all four processes are noted."""
    def serves(setup: support.Setup, report: registry.Report) -> None:
        with setup.folder() as folder:
            url = folder / "url"
            with support.Server(["sh", "-c", f"echo x >{url}; exec sleep 60"], url, folder / "server") as server:
                with (work / "log").open("a", encoding="utf-8") as log:
                    log.write(f"{os.getpid()} {server._process.pid if server._process else 0}\n")
                time.sleep(60)

    setup = support.Setup(work, work, work / "records", work)
    for _ in workers.run([registry.Case(name, "", serves) for name in ("one", "two")], 2, setup, lambda _: 0):
        pass


if __name__ == "__main__":
    unittest.main()
