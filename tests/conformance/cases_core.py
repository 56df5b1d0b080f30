# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that dies leaves no core file; and if it did, the password would not be in it."""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import re
import resource
import signal
import subprocess
import time

from cases_check import _login
from cases_jobs import Day, day
from registry import Report, case
from support import Setup, Skipped, check, check_equal, end_with_parent, run, wait_for

# The call in which it dies: after the login, and in the middle of the work.
CALLS = ("RetrievePropertiesEx", "ReconfigVM_Task")


def _unlimited() -> None:
    end_with_parent()
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@dataclasses.dataclass
class Death:
    core: bytes | None  # the file that it left
    memory: bytes       # of the living: what a core file would hold of it
    limits: str


def _memory(pid: int) -> bytes:
    """What the kernel would write into a core file: all that may be written, but pages that are to be left out."""
    parts = []
    with contextlib.suppress(PermissionError), open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        text = pathlib.Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8")
        for start, end, rights, rest in re.findall(r"^([0-9a-f]+)-([0-9a-f]+) (\S+) .*?^VmFlags:(.*?)$", text,
                                                   re.MULTILINE | re.DOTALL):
            if "w" not in rights or " dd" in rest:
                continue
            with contextlib.suppress(OSError, ValueError):
                memory.seek(int(start, 16))
                parts.append(memory.read(int(end, 16) - int(start, 16)))
    return b"".join(parts)


def _die(today: Day, call: str, preload: pathlib.Path | None) -> Death:
    """reprotect, ended by SIGABRT while it waits for the answer to a call."""
    run([today.setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "faults", "add",
         "--method", call, "--call", "1", "--delay", "30s"]).expect(0)
    place = today.folder / "place"
    place.mkdir()
    record = today.folder / "record"
    env = _login(today.server).failback()
    if preload:
        env["LD_PRELOAD"] = str(preload)
    with subprocess.Popen([str(today.setup.program("failback")), "reprotect", str(today.plan), "--verbose", "--record",
                           str(record), "--state", str(today.folder / "state")], env=env, cwd=place,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                          preexec_fn=_unlimited) as process:
        try:
            wait_for(lambda: record.is_dir() and any(record.glob("*-Login.response.xml")), "the login", 30)
            # One call before it may be delayed: whichever it is, all before it has ended.
            last, since = -1, time.monotonic()
            while time.monotonic() - since < 1.5:
                count = len(list(record.iterdir()))
                if count != last:
                    last, since = count, time.monotonic()
                time.sleep(0.05)
            check(process.poll() is None, f"it ended before {call}")
            limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text(encoding="utf-8")
            memory = _memory(process.pid)
        finally:
            process.send_signal(signal.SIGABRT)
            process.wait(30)
    check_equal(-signal.SIGABRT, process.returncode, "how it ended")
    cores = [each for each in place.iterdir() if each.name.startswith("core")]
    return Death(cores[0].read_bytes() if cores else None, memory, limits)


def _holds(memory: bytes, password: str) -> bool:
    return any(password.encode(coding) in memory for coding in ("utf-8", "utf-16-le"))


@case("jobs-password-core")
def jobs_password_core(setup: Setup, report: Report) -> None:
    """SIGABRT in the middle: no core file; where it can't be forbidden, the password is not in it."""
    library = setup.test_program("liblet_core.so")
    seen = 0
    for call in CALLS:
        with day(setup, lose=None) as today:
            guarded = _die(today, call, None)
            check(guarded.core is None, "a core file was left")
            check(re.search(r"Max core file size\s+0\s+0\s", guarded.limits), f"core files are not forbidden: {guarded.limits}")
        with day(setup, lose=None) as today:
            password = _login(today.server).password
            bare = _die(today, call, library)
            if not bare.memory:
                raise Skipped("no process may look into another here, and so none into failback")
            # The test would see it: what is known to be there is found.
            check(_holds(bare.memory, "FAILBACK_THUMBPRINT"), "the memory was not read")
            check(not _holds(bare.memory, password), f"the password is in the memory, outside of protected pages, at {call}")
            if bare.core is None:
                continue
            seen += 1
            check(_holds(bare.core, "FAILBACK_THUMBPRINT"), "the core file is not a whole one")
            check(not _holds(bare.core, password), f"the password is in the core file, at {call}")
    if seen == 0:
        pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text(encoding="utf-8").strip()
        report.note(f"NO CORE FILE could be had (core_pattern {pattern}, limit {resource.getrlimit(resource.RLIMIT_CORE)}): "
                    "only the living process's memory was looked through")
    report.note(f"{seen} core files and {len(CALLS)} memories without the password")
