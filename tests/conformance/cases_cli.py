# SPDX-License-Identifier: GPL-2.0-or-later
"""What failback's command line promises when things go wrong: exit codes, deadlines, secrecy."""

from __future__ import annotations

import contextlib
import http.server
import pathlib
import signal
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import govc_facts
import support
from registry import Report, case
from support import Login, Result, Server, Setup, check, check_equal, run, wait_for

# The exit codes of docs/exit-codes.md.
USAGE = 2
UNREACHABLE = 6
TLS_TRUST = 7
LOGIN_REFUSED = 8
DEADLINE = 10
MALFORMED = 11
INTERRUPTED = 12

# Longer than any promise, short enough to prove that nothing hangs.
SOON = 15


def discover(setup: Setup, env: dict[str, str], record: pathlib.Path, *arguments: object,
             deadline: float = 60) -> Result:
    output = () if "-o" in arguments else ("-o", "json")
    command = [setup.program("failback"), "discover", *output, "--record", record, *arguments]
    return run(command, deadline=deadline, env=env)


def check_secret(secret: str, result: Result, *folders: pathlib.Path) -> None:
    """The secret is in nothing that was printed or recorded, whole or percent-encoded."""
    import urllib.parse

    forms = {secret, urllib.parse.quote(secret, safe="")}
    texts = {"standard output": result.stdout, "standard error": result.stderr}
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                texts[str(file)] = file.read_text("utf-8", errors="replace")
    for place, text in texts.items():
        for form in forms:
            check(form not in text, f"the password stands in {place}")


def check_error(result: Result, code: int, *words: str) -> None:
    """One error: that exit code, nothing on stdout, each word on stderr."""
    result.expect(code)
    check_equal("", result.stdout, "standard output of a failed command")
    for word in words:
        check(word.lower() in result.stderr.lower(),
              f"{word!r} is not in the error:\n{result.stderr}")


def methods(folder: pathlib.Path) -> list[str]:
    return [f.name.split("-", 1)[1].removesuffix(".request.xml")
            for f in sorted(folder.glob("*.request.xml"))]


@contextlib.contextmanager
def servers(setup: Setup) -> Iterator[list[tuple[str, Server, Callable]]]:
    """Both servers: name, server, and what makes a folder for recordings of it."""
    with setup.mock() as mock, setup.vcsim("-vm", "2") as vcsim:
        yield [("mock", mock, setup.records), ("vcsim", vcsim, setup.vcsim_records)]


@case("cli-wrong-password")
def wrong_password(setup: Setup, report: Report) -> None:
    """A wrong password ends with 8 after one try, and stands in no output."""
    secret = "n0t-the/password%41"
    with servers(setup) as running:
        for name, server, records in running:
            record = records(f"wrong-password-{name}")
            env = server.login.failback(FAILBACK_PASSWORD=secret)
            result = discover(setup, env, record)
            check_error(result, LOGIN_REFUSED, server.login.username, server.login.host)
            check_equal(1, methods(record).count("Login"), f"logins tried on {name}")
            check_secret(secret, result, record)


@case("cli-no-password-anywhere")
def no_password(setup: Setup, report: Report) -> None:
    """A right password stands in no output either: dump, log, recording."""
    with setup.vcsim("-vm", "2") as server:
        for arguments in ((), ("--full",), ("--verbose",), ("--debug",)):
            record = setup.vcsim_records("secret" + "".join(arguments))
            result = discover(setup, server.login.failback(), record, *arguments)
            if result.code == USAGE and arguments in (("--verbose",), ("--debug",)):
                continue  # no such option
            result.expect(0, 3)
            check_secret(server.login.password, result, record)
        record = setup.vcsim_records("secret-in-url")
        env = server.login.failback(FAILBACK_URL=server.url)
        del env["FAILBACK_PASSWORD"], env["FAILBACK_USERNAME"]
        result = discover(setup, env, record).expect(0, 3)
        check_secret(server.login.password, result, record)


@case("cli-thumbprint")
def thumbprint(setup: Setup, report: Report) -> None:
    """A wrong thumbprint ends with 7, shows both and how to pin; no credentials are sent."""
    wrong = ":".join(["AB"] * 32)
    with servers(setup) as running:
        for name, server, records in running:
            login = server.login
            for given, digest in ((wrong, "sha256"), (":".join(["CD"] * 20), "sha1")):
                record = records(f"thumbprint-{name}-{digest}")
                env = login.failback(FAILBACK_THUMBPRINT=given)
                result = discover(setup, env, record)
                check_error(result, TLS_TRUST, given, login.thumbprint("sha256"), "thumbprint")
                check("Login" not in methods(record), "credentials for a server not trusted")
            record = records(f"thumbprint-{name}-none")
            env = login.failback(FAILBACK_THUMBPRINT="")
            result = discover(setup, env, record)
            check_error(result, TLS_TRUST, login.thumbprint("sha256"), "thumbprint")
            for right in (login.thumbprint("sha256"), login.thumbprint("sha1"),
                          login.thumbprint("sha256").replace(":", "").lower()):
                record = records(f"thumbprint-{name}-{len(right)}")
                discover(setup, login.failback(FAILBACK_THUMBPRINT=right), record).expect(0, 3)


@case("cli-ca-file")
def ca_file(setup: Setup, report: Report) -> None:
    """A CA file vouches for the certificate, and the name that was called must be in it."""
    with setup.folder() as folder:
        with setup.vcsim("-vm", "1", "-ca-file", str(folder / "ca.pem")) as server:
            login = server.login
            env = login.failback(FAILBACK_THUMBPRINT="", FAILBACK_CA_FILE=str(folder / "ca.pem"))
            discover(setup, env, setup.vcsim_records("ca-file")).expect(0, 3)
            # vcsim's certificate is for 127.0.0.1, ::1 and example.com.
            env["FAILBACK_URL"] = login.address.replace(login.host, "localhost")
            record = setup.vcsim_records("ca-file-name")
            check_error(discover(setup, env, record), TLS_TRUST, "localhost")
            check("Login" not in methods(record), "credentials for a server of another name")
            env = login.failback(FAILBACK_THUMBPRINT="")
            record = setup.vcsim_records("ca-file-none")
            check_error(discover(setup, env, record), TLS_TRUST, login.thumbprint())


@case("cli-password-sources")
def password_sources(setup: Setup, report: Report) -> None:
    """The password from a file, from a descriptor, from standard input."""
    with setup.vcsim("-vm", "1") as server, setup.folder() as folder:
        env = server.login.failback()
        secret = env.pop("FAILBACK_PASSWORD")
        file = folder / "password"
        file.write_text(secret + "\n", encoding="utf-8")
        file.chmod(0o600)
        record = setup.vcsim_records("password-file")
        result = discover(setup, env, record, "--password-file", file).expect(0, 3)
        check_secret(secret, result, record)
        record = setup.vcsim_records("password-stdin")
        command = [setup.program("failback"), "discover", "-o", "json", "--record", record,
                   "--password-fd", "0"]
        check_secret(secret, run(command, env=env, stdin=secret + "\n").expect(0, 3), record)
        record = setup.vcsim_records("password-none")
        check_error(discover(setup, env, record), USAGE, "password")
        check_equal([], methods(record), "requests sent without a password")


@case("cli-stopped-server", alone=True)
def stopped_server(setup: Setup, report: Report) -> None:
    """A server that was stopped: 6, at once, with its address."""
    with setup.vcsim("-vm", "1") as server:
        env = server.login.failback()
        host, port = server.login.host, server.login.port
    result = discover(setup, env, setup.records("stopped"), deadline=SOON)
    check_error(result, UNREACHABLE, f"{host}:{port}")
    env["FAILBACK_URL"] = "https://no-such-host.invalid/sdk"
    result = discover(setup, env, setup.records("no-such-host"), deadline=60)
    check_error(result, UNREACHABLE, "no-such-host.invalid")


class _Silent(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while self.request.recv(65536):
                pass


@contextlib.contextmanager
def listening(handler: type) -> Iterator[int]:
    """A server of this process on any free port."""
    class Threads(socketserver.ThreadingMixIn, socketserver.TCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

    with Threads(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(10)


def environment(url: str) -> dict[str, str]:
    login = Login.parse(url)
    return support.clean_environment() | {
        "FAILBACK_URL": login.address, "FAILBACK_USERNAME": "anna",
        "FAILBACK_PASSWORD": support.PASSWORD, "FAILBACK_THUMBPRINT": ":".join(["00"] * 32),
    }


@case("cli-silent-server")
def silent_server(setup: Setup, report: Report) -> None:
    """A server that never answers, at whatever point it falls silent: 10, at the deadline."""
    with listening(_Silent) as port:
        for scheme in ("https", "http"):
            record = setup.records(f"silent-{scheme}")
            env = environment(f"{scheme}://127.0.0.1:{port}/sdk")
            result = discover(setup, env, record, "--timeout", "2s", deadline=SOON)
            check_error(result, DEADLINE, f"127.0.0.1:{port}")
            check(result.seconds >= 1.5, f"gave up after {result.seconds:.1f} s of 2 s")
            check_secret(support.PASSWORD, result, record)
    for method in ("RetrieveServiceContent", "Login", "RetrievePropertiesEx"):
        with setup.vcsim("-vm", "1", "-method-delay", f"{method}=60000") as server:
            record = setup.vcsim_records(f"silent-{method}")
            result = discover(setup, server.login.failback(), record, "--timeout", "2s",
                              deadline=SOON)
            check_error(result, DEADLINE)
            check(result.seconds >= 1.5, f"gave up after {result.seconds:.1f} s of 2 s")


def _web_server(status: int, content_type: str, body: bytes) -> type:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self.rfile.read(length)
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@case("cli-no-vcenter")
def no_vcenter(setup: Setup, report: Report) -> None:
    """Something else answers at that address: 11 and never a guess, or 6 when it refuses."""
    page = b"<html><head><title>Welcome</title></head><body>portal</body></html>"
    answers = {
        "html": (200, "text/html", page, (MALFORMED,)),
        "empty": (200, "text/xml", b"", (MALFORMED,)),
        "cut": (200, "text/xml", b'<?xml version="1.0"?><namespaces version="1.0"><name',
                (MALFORMED,)),
        "missing": (404, "text/html", page, (MALFORMED, UNREACHABLE)),
    }
    for name, (status, content_type, body, codes) in answers.items():
        with listening(_web_server(status, content_type, body)) as port:
            record = setup.records(f"no-vcenter-{name}", foreign=("answers",))
            result = discover(setup, environment(f"http://127.0.0.1:{port}/sdk"), record,
                              "--timeout", "20s")
            result.expect(*codes)
            check_equal("", result.stdout, "standard output of a failed command")
            check(f"127.0.0.1:{port}" in result.stderr, f"no address in: {result.stderr}")
            check_secret(support.PASSWORD, result, record)


@case("cli-interrupt", alone=True)
def interrupt(setup: Setup, report: Report) -> None:
    """Ctrl-C while the server is slow: 12 within seconds, and the session is logged out."""
    with setup.vcsim("-vm", "2", "-method-delay", "CreateContainerView=3000",
                     "-method-delay", "RetrievePropertiesEx=3000") as server:
        for sent in (signal.SIGINT, signal.SIGTERM):
            record = setup.vcsim_records(f"interrupt-{sent.name}")
            command = [str(setup.program("failback")), "discover", "-o", "json", "--record",
                       str(record)]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       stdin=subprocess.DEVNULL, env=server.login.failback(),
                                       preexec_fn=support.end_with_parent)
            try:
                wait_for(lambda: any(record.glob("*-Login.response.xml"))
                         or process.poll() is not None, "a login", 20)
                time.sleep(0.5)  # in the middle of the read that follows
                check(process.poll() is None, f"it ended before it was interrupted: "
                                              f"{process.returncode}")
                start = time.monotonic()
                process.send_signal(sent)
                out, err = process.communicate(timeout=SOON)
                seconds = time.monotonic() - start
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()
            report.note(f"{sent.name}: ended after {seconds:.1f} s")
            check_equal(INTERRUPTED, process.returncode,
                        f"exit code after {sent.name} ({err.decode(errors='replace')})")
            check_equal(b"", out, "standard output of an interrupted command")
            check(seconds < 8, f"took {seconds:.1f} s to end")
        govc = govc_facts.Govc(setup.peer("govc"), server.login)
        wait_for(lambda: govc.sessions(server.login.username) == 0, "all sessions logged out", 20)


@case("cli-sessions")
def sessions(setup: Setup, report: Report) -> None:
    """Whatever ends a command, no session is left on the server."""
    with servers(setup) as running:
        for name, server, records in running:
            env = server.login.failback()
            with setup.folder() as folder:
                for what, arguments, codes in (
                        ("ok", (), (0, 3)),
                        ("jsonl", ("-o", "jsonl"), (0, 3)),
                        ("no-such-name", ("--name", "no such vm"), tuple(range(15))),
                        ("unwritable", ("--out", folder / "none" / "x.json"), tuple(range(1, 15)))):
                    record = records(f"sessions-{name}-{what}")
                    discover(setup, env, record, *arguments).expect(*codes)
            govc = govc_facts.Govc(setup.peer("govc"), server.login)
            check_equal(0, govc.sessions(server.login.username), f"sessions left on {name}")


@case("cli-govc-environment")
def govc_environment(setup: Setup, report: Report) -> None:
    """GOVC_URL and friends are understood; GOVC_INSECURE connects, with a warning."""
    with setup.vcsim("-vm", "2") as server:
        record = setup.vcsim_records("govc-environment")
        env = server.login.govc()
        result = discover(setup, env, record).expect(0, 3)
        check("insecure" in result.stderr.lower() or "not verified" in result.stderr.lower(),
              f"no warning about an unverified certificate:\n{result.stderr}")
        check_secret(server.login.password, result, record)
        both = env | server.login.failback(FAILBACK_USERNAME="nobody")
        record = setup.vcsim_records("govc-environment-second")
        check_error(discover(setup, both, record), LOGIN_REFUSED, "nobody")


@case("cli-usage")
def usage(setup: Setup, report: Report) -> None:
    """Mistakes on the command line end with 2 before anything is sent."""
    program = setup.program("failback")
    env = environment("https://127.0.0.1:9/sdk")
    bare = {k: v for k, v in env.items() if not k.startswith("FAILBACK_")}
    for arguments, surroundings in (
            (("discover", "--no-such-option"), env), (("no-such-verb",), env),
            (("discover", "-o", "yaml"), env), (("discover", "--timeout", "soon"), env),
            (("discover", "--kind", "unicorn"), env), (("discover",), bare),
            (("discover",), env | {"FAILBACK_URL": "https://"}),
            (("discover",), env | {"FAILBACK_THUMBPRINT": "xyz"})):
        result = run([program, *arguments], env=surroundings, deadline=SOON)
        check_error(result, USAGE)
        check_secret(support.PASSWORD, result)
    for arguments in (("--help",), ("discover", "--help"), ("--version",)):
        result = run([program, *arguments], env=bare, deadline=SOON).expect(0)
        check(result.stdout.strip(), f"{' '.join(arguments)} prints nothing")
        check_equal("", result.stderr, f"standard error of {' '.join(arguments)}")


@case("mock-command-line")
def mock_command_line(setup: Setup, report: Report) -> None:
    """mock-vcenter writes its URL, refuses what it does not know, and ends when told."""
    program = setup.program("mock-vcenter")
    for arguments in (("--no-such-option",), ("--scenario", "no-such-scenario"),
                      ("--listen", "nonsense")):
        result = run([program, *arguments], deadline=SOON)
        check(result.code != 0 and result.stderr.strip(),
              f"mock-vcenter {' '.join(arguments)}: {result.transcript()}")
    with setup.mock() as server:
        login = server.login
        check(login.username and login.password, f"no credentials in {login.address}")
        check_equal("/sdk", login.path, "path of the URL")
        with socket.create_connection((login.host, login.port), 5):
            pass
        check_equal(0, server.stop(), "exit code of mock-vcenter after SIGTERM")
