# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that goes away in the middle of the reading: discovery goes on, or says what is missing."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import threading
from collections.abc import Iterator

import support
from cases_cli import UNREACHABLE, check_secret
from cases_hostile import NEXT, READ, SOON, without_address
from hostile import Hostile, Measured, run_measured
from registry import Report, case
from support import Server, Setup, check, check_equal


class Restartable:
    """A mock-vcenter that can be ended and started again as the same one, on the same port."""

    def __init__(self, setup: Setup, folder: pathlib.Path, scenario: str = "site", *arguments: str):
        self._command = [setup.program("mock-vcenter"), "--scenario", scenario, "--no-tls", "--state",
                         folder / "state", "--url-file", folder / "url", *arguments]
        self._folder = folder
        self._over = threading.Event()
        self.server = self._start("127.0.0.1:0")
        self.login = self.server.login

    def _start(self, listen: str) -> Server:
        server = Server([*self._command, "--listen", listen], self._folder / "url", self._folder / "log")
        return server.__enter__()

    def stop(self) -> None:
        self.server.stop()

    def restart(self, seconds: float) -> None:
        """Ends it now; it is back after so long."""
        self.stop()
        threading.Timer(seconds, self._come_back).start()

    def start_again(self) -> None:
        self.server = self._start(f"{self.login.host}:{self.login.port}")

    def _come_back(self) -> None:
        self.start_again()
        self._over.wait()  # a server ends with the thread that started it

    def close(self) -> None:
        self.stop()
        self._over.set()

    @property
    def pid(self) -> int:
        return self.server._process.pid


@contextlib.contextmanager
def restartable(setup: Setup) -> Iterator[Restartable]:
    with setup.folder() as folder:
        mock = Restartable(setup, folder)
        try:
            yield mock
        finally:
            mock.close()


def discover(setup: Setup, server: Hostile, *arguments: str, output: str = "json") -> Measured:
    command = [setup.program("failback"), "discover", "-o", output, *arguments]
    result = run_measured(command, server.environment(), SOON)
    check_secret(server.upstream.password, result)
    return result


def once(method: str, number: int, action) -> object:  # noqa: ANN001
    """Calls `action` before the n-th call of the method is made."""
    done = threading.Lock()

    def before(called: str, count: int) -> None:
        if called == method and count >= number and done.acquire(blocking=False):
            action()
    return before


@case("hostile-restart")
def restart(setup: Setup, report: Report) -> None:
    """vCenter is restarted between two pages: the reading goes on with a new session, nothing is missing."""
    with restartable(setup) as mock:
        with Hostile(mock.login, page_size=3) as server:
            good = discover(setup, server).expect(0)
        for method, number in ((NEXT, 1), (NEXT, 5), (READ, 2), (READ, 3), (READ, 4)):
            again = once(method, number, lambda: mock.restart(2))
            with Hostile(mock.login, page_size=3, before=again) as server:
                result = discover(setup, server).expect(0)
            support.wait_for(mock.server.alive, "the server to be back")
            check_equal(2, server.calls["Login"], "logins")
            check(without_address(result) == without_address(good), "another dump than without a restart")
            report.note(f"before {method} {number}: went on, after {result.seconds:.1f} s")


@case("hostile-gone")
def gone(setup: Setup, report: Report) -> None:
    """It does not come back: ended when patience ends, with what was read and what is missing."""
    for output in ("json", "jsonl"):
        with restartable(setup) as mock:
            with Hostile(mock.login, page_size=3, before=once(NEXT, 5, mock.stop)) as server:
                result = discover(setup, server, "--patience", "2s", output=output).expect(UNREACHABLE)
            for word in (server.place, "missing:", "objects", "try:"):
                check(word in result.stderr, f"{word!r} is not in:\n{result.stderr}")
            check(1.5 < result.seconds < 25, f"ended after {result.seconds:.1f} s of 2 s patience")
            if output == "json":
                check_equal("", result.stdout, "standard output")
            else:
                kinds = [json.loads(line)["kind"] for line in result.stdout.splitlines()]
                check(len(kinds) > 3 and "summary" not in kinds, f"lines of {kinds}")


@case("hostile-pause")
def pause(setup: Setup, report: Report) -> None:
    """vCenter is paused for longer than a stall deadline between two pages: the reading goes on."""
    with restartable(setup) as mock:
        with Hostile(mock.login, page_size=3) as server:
            good = discover(setup, server).expect(0)
        for method, number in ((NEXT, 4), (READ, 3)):
            def freeze() -> None:
                os.kill(mock.pid, signal.SIGSTOP)
                threading.Timer(3.5, os.kill, (mock.pid, signal.SIGCONT)).start()

            with Hostile(mock.login, page_size=3, before=once(method, number, freeze)) as server:
                result = discover(setup, server, "--stall-timeout", "1s", "--transfer-timeout", "2s")
            result.expect(0)
            check(without_address(result) == without_address(good), "another dump than without a pause")
            report.note(f"before {method} {number}: went on, after {result.seconds:.1f} s")


@case("hostile-session")
def session(setup: Setup, report: Report) -> None:
    """The session expires at any page: a new login, once, and nothing missing or told twice."""
    with setup.mock("--no-tls") as mock, Hostile(mock.login, page_size=3) as server:
        good = discover(setup, server).expect(0)
    pages = server.calls[NEXT]
    check(pages > 8, f"{pages} pages")
    for method, number in [(NEXT, call) for call in range(1, pages + 1, 2)] + [(READ, call) for call in (1, 2, 3, 4)]:
        with setup.folder() as folder:
            orders = folder / "orders.json"
            orders.write_text(json.dumps({"match": {"method": method}, "when": {"call": number},
                                          "do": {"sessions": "all"}}), encoding="utf-8")
            with setup.mock("--no-tls", "--faults", str(orders)) as mock, \
                    Hostile(mock.login, page_size=3) as server:
                result = discover(setup, server).expect(0)
        check_equal(2, server.calls["Login"], f"logins, {method} {number}")
        check(objects(result) == objects(good), f"another dump, {method} {number}")
    with setup.folder() as folder:
        orders = folder / "orders.json"
        orders.write_text(json.dumps({"match": {"method": NEXT}, "do": {"sessions": "all"}}), "utf-8")
        with setup.mock("--no-tls", "--faults", str(orders)) as mock, \
                Hostile(mock.login, page_size=3) as server:
            result = discover(setup, server).expect(UNREACHABLE)
        for word in (server.place, "session was lost", "missing:", "nothing was written"):
            check(word in result.stderr, f"{word!r} is not in:\n{result.stderr}")


def objects(result: Measured) -> dict:
    dump = without_address(result)
    dump.pop("vcenter")
    return dump
