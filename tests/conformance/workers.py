# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs tests side by side: each in a process of its own, so that none sees what another does to this one.

What they share is the folder of recordings, where each name is taken once, and the machine. A test that measures
time, or that needs a port to stay free, is registered as `alone`: it runs when no other does.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import multiprocessing.connection
import os
import pathlib
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import registry
import support

_fork = multiprocessing.get_context("fork")
# A terminated test ends its servers, each of which may take ten seconds twice.
UNWINDING = 30


@dataclass
class Outcome:
    """How a test ended."""

    case: registry.Case
    word: str = "failed"  # "passed", "failed" or "skipped"
    text: str = ""        # why
    notes: list[str] = field(default_factory=list)
    output: str = ""      # what it wrote to standard output and error itself
    seconds: float = 0
    cpu: float = 0        # seconds, of all its programs

    def show(self) -> None:
        word = {"passed": "ok     ", "failed": "FAILED ", "skipped": "SKIPPED"}[self.word]
        print(f"{word} {self.case.name:<28} {self.seconds:6.1f} s, CPU {self.cpu:5.1f} s  {self.case.what}")
        for part in (*self.notes, self.text, self.output):
            for line in part.splitlines():
                print(f"        {line}")
        sys.stdout.flush()


def _judged(case: registry.Case, setup: support.Setup, notes: list[str]) -> tuple[str, str]:
    report = registry.Report(notes)
    try:
        case.function(setup, report)
    except support.Skipped as error:
        if os.environ.get("FAILBACK_REQUIRE_CONFORMANCE") == "1":
            return "failed", f"cannot run, and FAILBACK_REQUIRE_CONFORMANCE=1: {error}"
        return "skipped", str(error)
    except support.TestFailure as error:
        return "failed", str(error)
    except Exception:  # a defect of the test is a failure of this test, not the end of the run
        return "failed", traceback.format_exc()
    return "passed", ""


def _used() -> float:
    of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in of)


def _work(case: registry.Case, setup: support.Setup, answers: multiprocessing.connection.Connection,
          output: pathlib.Path, parent: int) -> None:
    """In the worker."""
    # When the run is killed, so are its workers; they unwind, and their programs end with them.
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    if os.getppid() != parent:
        return
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout.reconfigure(line_buffering=True)  # so that it stands in the order in which it was said
    notes: list[str] = []
    try:
        word, text = _judged(case, setup, notes)
        sys.stdout.flush()
        answers.send((word, text, notes, _used()))
    finally:
        support.end_all()


@dataclass
class _Running:
    case: registry.Case
    process: multiprocessing.process.BaseProcess
    answers: multiprocessing.connection.Connection
    output: pathlib.Path
    began: float

    def outcome(self) -> Outcome:
        """Waits for the end."""
        done = Outcome(self.case)
        try:
            done.word, done.text, done.notes, done.cpu = self.answers.recv()
        except EOFError:
            done.text = "the test's process ended without a word"
        self.process.join(UNWINDING)
        self.process.kill()  # nothing, when it has ended
        self.process.join()
        done.seconds = time.monotonic() - self.began
        done.output = self.output.read_text(encoding="utf-8", errors="replace") if self.output.exists() else ""
        if self.process.exitcode != 0:
            done.word = "failed"
            done.text += f"\nthe test's process ended with {self.process.exitcode}"
        return done


def _start(case: registry.Case, setup: support.Setup, folder: pathlib.Path) -> _Running:
    ours, theirs = _fork.Pipe(duplex=False)
    output = folder / case.name
    process = _fork.Process(target=_work, args=(case, setup, theirs, output, os.getpid()), name=case.name)
    began = time.monotonic()
    process.start()
    theirs.close()  # so that the end of the worker is the end of the pipe
    return _Running(case, process, ours, output, began)


def _end(running: Iterable[_Running]) -> None:
    for each in running:
        each.process.terminate()
    for each in running:
        each.process.join(UNWINDING)
        each.process.kill()
        each.process.join()


def _phase(cases: list[registry.Case], jobs: int, setup: support.Setup, folder: pathlib.Path) -> Iterator[Outcome]:
    waiting, running = list(cases), []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_start(waiting.pop(0), setup, folder))
            ready = multiprocessing.connection.wait([each.answers for each in running])
            for each in [each for each in running if each.answers in ready]:
                yield each.outcome()
                running.remove(each)
    finally:
        _end(running)


def run(cases: list[registry.Case], jobs: int, setup: support.Setup,
        duration: Callable[[registry.Case], float]) -> Iterator[Outcome]:
    """All of them, as they end: the long ones first, those that are to run alone last."""
    together = sorted((case for case in cases if not case.alone), key=duration, reverse=True)
    with tempfile.TemporaryDirectory(dir=setup.work) as folder:
        yield from _phase(together, jobs, setup, pathlib.Path(folder))
        yield from _phase([case for case in cases if case.alone], 1, setup, pathlib.Path(folder))
