# SPDX-License-Identifier: GPL-2.0-or-later
"""What every conformance test needs: programs with deadlines, servers that always end, recordings.

Only Python's standard library, so that the tests can be started by any python3.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

PASSWORD = "S3cret-of-the-test%42"  # looked for in every output: must occur nowhere
USERNAME = "anna"


class Skipped(Exception):
    """This test cannot run here; the text says what is missing."""


class TestFailure(AssertionError):
    """The text says what was expected and what came."""


def check(condition: object, text: str) -> None:
    if not condition:
        raise TestFailure(text)


def check_equal(want: object, got: object, what: str) -> None:
    if want != got:
        raise TestFailure(f"{what}: expected {want!r}, got {got!r}")


@dataclass(frozen=True)
class Result:
    """What a program did."""

    command: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    seconds: float

    def expect(self, *codes: int) -> Result:
        if self.code not in codes:
            wanted = " or ".join(str(code) for code in codes)
            raise TestFailure(f"{self.command[0].rsplit('/', 1)[-1]} ended with {self.code}, "
                              f"expected {wanted}\n{self.transcript()}")
        return self

    def transcript(self) -> str:
        return (f"$ {' '.join(self.command)}\n{_cut(self.stdout)}"
                f"--- stderr ---\n{_cut(self.stderr)}")


def _cut(text: str, limit: int = 3000) -> str:
    return text if len(text) <= limit else text[:limit] + f"\n... ({len(text)} characters)\n"


_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In the child: when the test run is killed, so is this program (Linux, PR_SET_PDEATHSIG)."""
    _libc.prctl(1, signal.SIGKILL)


def run(command: list[str | pathlib.Path], *, deadline: float = 60,
        env: dict[str, str] | None = None, stdin: str | None = None,
        keep: tuple[int, ...] = ()) -> Result:
    """Runs a program to its end; past the deadline (seconds) it is killed and that is a failure.

    keep: file descriptors that it inherits.
    """
    words = tuple(str(word) for word in command)
    start = time.monotonic()
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=env, start_new_session=True,
                               preexec_fn=end_with_parent, pass_fds=keep)
    try:
        out, err = process.communicate((stdin or "").encode(), timeout=deadline)
    except subprocess.TimeoutExpired:
        _kill_group(process)
        out, err = process.communicate()
        text = f"{words[0]} did not end within {deadline:g} s and was killed"
        shown = Result(words, -9, out.decode(errors="replace"), err.decode(errors="replace"), 0)
        raise TestFailure(f"{text}\n{shown.transcript()}") from None
    except BaseException:
        _kill_group(process)
        process.communicate()
        raise
    return Result(words, process.returncode, out.decode(errors="replace"),
                  err.decode(errors="replace"), time.monotonic() - start)


def _kill_group(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


_running: set[subprocess.Popen] = set()


@atexit.register
def end_all() -> None:
    """Kills the servers of this process that still run."""
    for process in _running:
        _kill_group(process)


class Server:
    """A server program that writes its URL to a file; ended on every way out of `with`."""

    def __init__(self, command: list[str | pathlib.Path], url_file: pathlib.Path,
                 log: pathlib.Path, deadline: float = 60, env: dict[str, str] | None = None):
        self._command = [str(word) for word in command]
        self.url_file = url_file
        self._log = log
        self._deadline = deadline
        self._env = env
        self._process: subprocess.Popen | None = None
        self.url = ""

    def __enter__(self) -> Server:
        self.url_file.unlink(missing_ok=True)
        with self._log.open("wb") as log:
            # Its standard input stays open as long as this process lives.
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=log,
                                             stderr=log, env=self._env, start_new_session=True,
                                             preexec_fn=end_with_parent)
        _running.add(self._process)
        try:
            self._await_url()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _await_url(self) -> None:
        assert self._process is not None
        end = time.monotonic() + self._deadline
        while not (self.url_file.is_file() and self.url_file.read_text().strip()):
            if self._process.poll() is not None:
                raise TestFailure(f"{self._command[0]} ended with {self._process.returncode} "
                                  f"before it was ready\n{self.log()}")
            if time.monotonic() > end:
                raise TestFailure(f"{self._command[0]} was not ready after {self._deadline:g} s"
                                  f"\n{self.log()}")
            time.sleep(0.02)
        self.url = self.url_file.read_text().strip()

    def stop(self) -> int | None:
        """Ends the server; returns its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.stdin:
            process.stdin.close()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            _kill_group(process)
            process.wait(10)
        _running.discard(process)
        return process.returncode

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def memory(self) -> int:
        """Resident memory in bytes."""
        assert self._process is not None
        status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text()
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(match[1]) * 1024 if match else 0

    def log(self) -> str:
        return _cut(self._log.read_text(errors="replace")) if self._log.exists() else ""

    @property
    def login(self) -> Login:
        return Login.parse(self.url)


@dataclass(frozen=True)
class Login:
    """A server's URL taken apart; the password is never put onto a command line."""

    scheme: str
    host: str
    port: int
    path: str
    username: str
    password: str

    @staticmethod
    def parse(url: str) -> Login:
        parts = urllib.parse.urlsplit(url)
        unquote = urllib.parse.unquote
        return Login(parts.scheme, parts.hostname or "", parts.port or 443, parts.path,
                     unquote(parts.username or ""), unquote(parts.password or ""))

    def with_password(self, password: str) -> Login:
        return dataclasses.replace(self, password=password)

    @property
    def address(self) -> str:
        """The URL without user and password."""
        return f"{self.scheme}://{self.host}:{self.port}{self.path}"

    def thumbprint(self, algorithm: str = "sha256") -> str:
        """The digest of the server's certificate as people write it: AA:BB:..."""
        import hashlib

        pem = ssl.get_server_certificate((self.host, self.port), timeout=10)
        digest = hashlib.new(algorithm, ssl.PEM_cert_to_DER_cert(pem)).hexdigest().upper()
        return ":".join(digest[i:i + 2] for i in range(0, len(digest), 2))

    def govc(self) -> dict[str, str]:
        return clean_environment() | {
            "GOVC_URL": self.address, "GOVC_USERNAME": self.username,
            "GOVC_PASSWORD": self.password, "GOVC_INSECURE": "true",
            "GOVC_PERSIST_SESSION": "false", "GOVMOMI_HOME": "/nonexistent",
        }

    def failback(self, **more: str) -> dict[str, str]:
        """An environment to run failback with: this server, its certificate pinned."""
        env = clean_environment() | {
            "FAILBACK_URL": self.address, "FAILBACK_USERNAME": self.username,
            "FAILBACK_PASSWORD": self.password,
        }
        if self.scheme == "https" and "FAILBACK_THUMBPRINT" not in more:
            env["FAILBACK_THUMBPRINT"] = self.thumbprint()
        return env | more


def clean_environment() -> dict[str, str]:
    """Without anything that steers a client: proxies, and settings of failback and govc."""
    steering = re.compile(r"(?i)^(failback|govc|govmomi)_|_proxy$|^xdg_")
    return {name: value for name, value in os.environ.items() if not steering.search(name)}


@dataclass
class Setup:
    """Where the programs are, and where this run may write."""

    bin: pathlib.Path
    peers: pathlib.Path
    record_root: pathlib.Path
    work: pathlib.Path

    def program(self, name: str) -> pathlib.Path:
        path = self.bin / name
        if not path.is_file():
            raise Skipped(f"{path} is not built")
        return path

    def test_program(self, name: str) -> pathlib.Path:
        """One that is built for tests only: in build/.../tests, beside bin."""
        path = self.bin.parent / "tests" / name
        if not path.is_file():
            raise Skipped(f"{path} is not built")
        return path

    def peer(self, name: str) -> pathlib.Path:
        path = self.peers / "bin" / name
        if not path.is_file():
            raise Skipped(f"{name} is not in {self.peers / 'bin'}: scripts/peers.sh gets it")
        return path

    def python(self) -> pathlib.Path:
        path = self.peers / "venv" / "bin" / "python"
        if not path.is_file():
            raise Skipped(f"no pyVmomi and no schemas in {self.peers}: scripts/peers.sh gets them")
        return path

    def records(self, name: str, *, foreign: tuple[str, ...] = (),
                version: str = "") -> pathlib.Path:
        """A new folder for recordings.

        foreign: the sides ("requests", "answers") that are not ours. version: the release that the
        server speaks, where it is not the judge's usual one.
        """
        taken = self.work / "names-of-recordings"
        taken.mkdir(exist_ok=True)
        try:  # a file, because tests run in several processes
            (taken / name).touch(exist_ok=False)
        except FileExistsError:
            raise TestFailure(f"two recordings are named {name}") from None
        folder = self.record_root / "conformance" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        lines = [f"{side}: foreign\n" for side in foreign]
        lines += [f"version: {version}\n"] if version else []
        (folder / "JUDGE").write_text("".join(lines), encoding="utf-8")
        return folder

    def vcsim_records(self, name: str) -> pathlib.Path:
        """For recordings of ours against vcsim, which is a vSphere 6.5."""
        return self.records(name, foreign=("answers",), version="6.5")

    @contextlib.contextmanager
    def folder(self) -> Iterator[pathlib.Path]:
        with tempfile.TemporaryDirectory(dir=self.work) as name:
            yield pathlib.Path(name)

    @contextlib.contextmanager
    def vcsim(self, *arguments: str, username: str = USERNAME,
              password: str = PASSWORD) -> Iterator[Server]:
        """vcsim over TLS on any free port, with a user of ours."""
        program = self.peer("vcsim")
        with self.folder() as folder:
            command = [program, "-url-file", folder / "url", "-ca-file", folder / "ca.pem",
                       "-username", username, "-password", password, "-die-with-stdin",
                       *arguments]
            env = clean_environment() | {"TMPDIR": str(folder)}  # its datastores are folders
            with Server(command, folder / "url", folder / "log", env=env) as server:
                yield server

    @contextlib.contextmanager
    def mock(self, *arguments: str, record: pathlib.Path | None = None,
             scenario: str = "site") -> Iterator[Server]:
        """Our mock-vcenter on any free port."""
        program = self.program("mock-vcenter")
        with self.folder() as folder:
            command = [program, "--scenario", scenario, "--listen", "127.0.0.1:0",
                       "--url-file", folder / "url", *arguments]
            if record:
                command += ["--record", record]
            with Server(command, folder / "url", folder / "log") as server:
                yield server

    @contextlib.contextmanager
    def proxy(self, target: Server, record: pathlib.Path) -> Iterator[Server]:
        """A recording proxy (plain HTTP) in front of a server."""
        with self.folder() as folder:
            command = [sys.executable, HERE / "recording_proxy.py", "--to", target.url,
                       "--record", record, "--url-file", folder / "url"]
            with Server(command, folder / "url", folder / "log") as server:
                yield server

    def discover(self, server: Server, *arguments: str, record: pathlib.Path,
                 codes: tuple[int, ...] = (0, 3)) -> dict:
        """failback discover -o json: the dump, and the check that stdout holds nothing else."""
        command = [self.program("failback"), "discover", "-o", "json", "--record", record,
                   *arguments]
        result = run(command, deadline=120, env=server.login.failback()).expect(*codes)
        try:
            return json.loads(result.stdout)
        except ValueError as error:
            raise TestFailure(f"stdout is not JSON: {error}\n{result.transcript()}") from None


def wait_for(condition: Callable[[], object], what: str, deadline: float = 10) -> None:
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise TestFailure(f"{what}: not within {deadline:g} s")
        time.sleep(0.05)
