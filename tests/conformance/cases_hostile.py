# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers that no vCenter gives: failback ends with a clear word, within its bounds."""

from __future__ import annotations

import json
import socketserver
from dataclasses import dataclass

import support
from cases_cli import DEADLINE, MALFORMED, UNREACHABLE, check_secret, listening
from hostile import (CONNECT, Hostile, Measured, Talk, Trick, bomb, cut, drip, flood, page, raw,
                     run_measured, says, silent)
from registry import Report, case
from support import Login, Setup, check, check_equal

VERSIONS = "vimServiceVersions.xml"
GREETING = "RetrieveServiceContent"
READ = "RetrievePropertiesEx"
NEXT = "ContinueRetrievePropertiesEx"
# Of the reads of a discovery: the licences, the list of the objects, containers, all else.
LIST, CONTAINERS = 2, 3

MIB = 1 << 20
# What an answer may cost beyond a good run of the same site, and what a run may take of a processor.
MORE_MEMORY = 100 * MIB
MOST_CPU = 20
# No case waits for that long: each ends by a bound or a deadline of failback's own.
SOON = 45


@dataclass(frozen=True)
class World:
    """A mock-vcenter behind a server that may misbehave."""

    setup: Setup
    login: Login
    good: Measured  # a discovery without trouble

    def discover(self, *arguments: str, expect: tuple[int, ...], words: tuple[str, ...] = (),
                 output: str = "json", env: dict[str, str] | None = None,
                 **trouble: object) -> tuple[Measured, Hostile]:
        """Runs failback against that trouble, and holds it to what it always promises."""
        command = [self.setup.program("failback"), "discover", "-o", output, *arguments]
        with Hostile(self.login, **trouble) as server:
            result = run_measured(command, server.environment(**(env or {})), SOON)
        result.expect(*expect)
        check_secret(self.login.password, result)
        check(not server.trick or server.played, "the server was never asked what the trick is for")
        check(result.cpu < MOST_CPU, f"took {result.cpu:.1f} s of a processor")
        check(result.peak < self.good.peak + MORE_MEMORY,
              f"took {result.peak // MIB} MiB, a good run {self.good.peak // MIB}")
        if 0 not in expect:
            if output != "jsonl":
                check_equal("", result.stdout, "standard output of a failed command")
            for word in (server.place, "  try: ", *words):
                check(word.lower() in result.stderr.lower(), f"{word!r} is not in:\n{result.stderr}")
        return result, server

    def goes_on(self, *arguments: str, **trouble: object) -> Hostile:
        """The same, where the trouble is overcome: the dump is the one without it."""
        result, server = self.discover(*arguments, expect=(0,), **trouble)
        check(without_address(result) == without_address(self.good), "another dump than without trouble")
        return server


def without_address(result: Measured) -> dict:
    dump = json.loads(result.stdout)
    dump["vcenter"].pop("url", None)
    return dump


class worlds:  # noqa: N801 (used as a function is)
    """with worlds(setup) as world: its server is a mock-vcenter's built-in site."""

    def __init__(self, setup: Setup):
        self._setup = setup

    def __enter__(self) -> World:
        self._mock = self._setup.mock("--no-tls")
        login = self._mock.__enter__().login
        with Hostile(login) as server:
            command = [self._setup.program("failback"), "discover", "-o", "json"]
            good = run_measured(command, server.environment(), SOON)
        good.expect(0)
        return World(self._setup, login, good)

    def __exit__(self, *error: object) -> None:
        self._mock.__exit__(*error)


def answer(body: bytes) -> Trick:
    """This body in a good HTTP answer."""
    def play(talk: Talk, known: object) -> bool:
        talk.send(known.head(len(body), status="200 OK") + body)
        return True
    return play


# Size ---------------------------------------------------------------------------------------------

@case("hostile-size")
def size(setup: Setup, report: Report) -> None:
    """3 GB, without an end, packed by a thousand: refused at the bound, and memory stays as it was."""
    start = page(b"")[:400]
    unending = flood(b"<a>x</a>", chunked=True, start=start)
    with worlds(setup) as world:
        seen = []
        for at, first in ((VERSIONS, 1), (GREETING, 1), (READ, LIST), (READ, CONTAINERS)):
            place = {"at": at, "first": first}
            bound = ("--max-answer-bytes", str(32 * MIB))
            for name, trick in (("3 GB", flood(b" " * 97, 3 << 30, start=start)),
                                ("endless", unending), ("gzip bomb", bomb(3 << 30))):
                result, server = world.discover(*bound, trick=trick, expect=(MALFORMED,), **place,
                                                words=(at, "larger than 33554432 bytes",
                                                       "--max-answer-bytes"))
                check(server.sent_by_tricks < 80 * MIB, f"{name}: read on to {server.sent_by_tricks}")
                seen.append(result.peak)
            # Without an option.
            for name, trick in (("3 GB", flood(b" " * 97, 3 << 30, start=start)),
                                ("gzip bomb", bomb(3 << 30))):
                result, _ = world.discover(trick=trick, expect=(MALFORMED,), words=(at,), **place)
                check("larger than" in result.stderr or "unpacks to" in result.stderr,
                      f"{name}: {result.stderr}")
                seen.append(result.peak)
        report.note(f"peak {max(seen) // MIB} MiB, of a good run {world.good.peak // MIB} MiB")


@case("hostile-headers")
def headers(setup: Setup, report: Report) -> None:
    """Headers without an end are refused; cookies without an end do not make requests longer."""
    def endless(talk: Talk, _: object) -> None:
        talk.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(10**7):
            talk.send(b"X-Header-%d: %s\r\n" % (number, b"y" * 100))

    def cookies(talk: Talk, known: object) -> bool:
        more = [f"Set-Cookie: c{id(known)}-{number}={'y' * 500}; Path=/" for number in range(200)]
        talk.send(known.head(len(known.body), *more) + known.body)
        return True

    with worlds(setup) as world:
        for at in (VERSIONS, "Login", READ):
            world.discover(at=at, trick=endless, expect=(MALFORMED,), words=("headers", "262144"))
        server = world.goes_on(at=NEXT, page_size=3, trick=cookies)
        longest = max(len(request.headers.get("cookie", "")) for request in server.requests)
        check(0 < longest < 50_000, f"a Cookie header of {longest} characters")


# Markup -------------------------------------------------------------------------------------------

def attributes(count: int) -> bytes:
    return b"".join(b" a%d='>'" % number for number in range(count))


ENTITIES = (b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (97 + i, b"&%c;" % (96 + i) * 10) for i in range(1, 12))
            + b"]>")
OBJECT = b"<objects><obj type='VirtualMachine'>vm-%d</obj></objects>"


@case("hostile-markup")
def markup(setup: Setup, report: Report) -> None:
    """Depth, attributes, entities, long tags, elements without end: refused before they cost anything."""
    with worlds(setup) as world:
        def into(text: bytes) -> Trick:
            """The true answer with this in the middle of it."""
            def play(talk: Talk, known: object) -> bool:
                place = known.body.index(b"<returnval>") + len(b"<returnval>")
                return answer(known.body[:place] + text + known.body[place:])(talk, known)
            return play

        def before(text: bytes) -> Trick:
            def play(talk: Talk, known: object) -> bool:
                return answer(b'<?xml version="1.0"?>' + text + known.body.split(b"?>", 1)[-1])(talk, known)
            return play

        deep = b"<zz>" * 100_000 + b"</zz>" * 100_000
        wide = b"<zz" + attributes(200_000) + b"/>"
        long = b"<zz a='" + b">" * 2_000_000 + b"'/>"
        for at, first in ((GREETING, 1), (READ, LIST), (READ, CONTAINERS), (NEXT, 1)):
            place = {"at": at, "first": first, "page_size": 3}
            world.discover(trick=into(deep), expect=(MALFORMED,), words=(at, "nested"), **place)
            world.discover(trick=into(wide), expect=(MALFORMED,), words=(at,), **place)
            world.discover(trick=into(long), expect=(MALFORMED,), words=(at,), **place)
            world.discover(trick=before(ENTITIES), expect=(MALFORMED,), words=(at,), **place)
        text = b"<objects><obj type='VirtualMachine'>" + b"x" * (20 * MIB) + b"</obj></objects>"
        world.discover(at=READ, first=CONTAINERS, trick=into(text), expect=(MALFORMED,), words=(READ,))
        # The file of versions is a help only: one that can't be read is passed over.
        versions = {"at": VERSIONS, "trick": before(ENTITIES)}
        world.goes_on(**versions)
        world.goes_on(at=VERSIONS, trick=answer(b"<namespaces>" + wide))
        listed = b"".join(b"<ManagedObjectReference type='VirtualMachine'>vm-%d</ManagedObjectReference>"
                          % number for number in range(600_000))
        many = lambda talk, known: answer(  # noqa: E731
            known.body.replace(b"</val>", listed + b"</val>"))(talk, known)
        world.discover(at=READ, first=LIST, trick=many, expect=(MALFORMED,),
                       words=(READ, "more than 500000 elements"))


@case("hostile-pages")
def pages(setup: Setup, report: Report) -> None:
    """Pages without an end: refused when they bring nothing new, whatever they hold."""
    with worlds(setup) as world:
        for what in (b"", OBJECT % 1):  # nothing, or a machine that nobody asked for
            def more(talk: Talk, known: object, what: bytes = what) -> bool:
                body = page(what, "again")
                if talk.request.method == NEXT:
                    body = body.replace(READ.encode() + b"R", NEXT.encode() + b"R")
                # The list of the objects is the true one.
                lists = b"ContainerView" in talk.request.body or b"licenses" in talk.request.body
                return answer(known.body if lists else body)(talk, known)

            _, server = world.discover(at=(READ, NEXT), trick=more, expect=(MALFORMED,),
                                       words=("do not end",))
            check(10 <= server.calls[NEXT] < 50, f"{server.calls[NEXT]} pages were asked for")


# Time ---------------------------------------------------------------------------------------------

@case("hostile-slow")
def slow(setup: Setup, report: Report) -> None:
    """A byte now and then, or silence: ended by the deadline that is for it, of which there are four."""
    with worlds(setup) as world:
        for at, first in ((VERSIONS, 1), ("Login", 1), (READ, LIST), (READ, CONTAINERS)):
            place = {"at": at, "first": first}
            # Each byte is progress: what ends it is the deadline of the call ...
            result, _ = world.discover("--transfer-timeout", "2s", trick=drip(0.1), expect=(DEADLINE,),
                                       words=(at, "transfer deadline of 2 s"), **place)
            check(1.9 < result.seconds < 10, f"took {result.seconds:.1f} s")
            # ... and that of the command.
            result, _ = world.discover("--timeout", "2s", trick=drip(0.1), expect=(DEADLINE,),
                                       words=(at, "total deadline of 2 s"), **place)
            check(1.9 < result.seconds < 10, f"took {result.seconds:.1f} s")
            result, _ = world.discover("--stall-timeout", "1s", "--patience", "1s", trick=silent,
                                       expect=(DEADLINE,), words=(at, "1 s (stall deadline)"), **place)
            check(0.9 < result.seconds < 15, f"took {result.seconds:.1f} s")
        result, _ = world.discover("--connect-timeout", "1s", at=CONNECT, trick=silent, tls=None,
                                   env={"FAILBACK_STALL_TIMEOUT": "1s"}, expect=(DEADLINE,))
        # TLS that never begins.
        with Hostile(None, trick=silent) as server:
            env = server.environment(FAILBACK_URL=f"https://{server.place}/sdk")
            result = run_measured([setup.program("failback"), "discover", "--connect-timeout", "500ms"],
                                  env, SOON).expect(UNREACHABLE)
            for word in (server.place, "connect deadline of 0.5 s", "TLS handshake"):
                check(word in result.stderr, f"{word!r} is not in:\n{result.stderr}")


# Cut ----------------------------------------------------------------------------------------------

@case("hostile-cut")
def cut_anywhere(setup: Setup, report: Report) -> None:
    """An answer that ends too early, at a dozen places: asked again, and told when it stays so."""
    with worlds(setup) as world:
        places = [lambda n, part=part: max(0, min(n - 1, n * part // 11)) for part in range(12)]
        for at, first in ((GREETING, 1), (READ, LIST), (READ, CONTAINERS), (NEXT, 2)):
            for length in (True, False):
                where = {"at": at, "first": first, "page_size": 3}
                for place in places[::1 if at == READ else 4]:
                    trick = cut(place, length=length)
                    world.goes_on(trick=trick, times=1, **where) if length else None
                if at == NEXT and length:
                    # What such a page would have held is asked for anew, and comes with a first page.
                    world.goes_on(trick=cut(places[6]), **where)
                    continue
                for place in places[6 if at == NEXT else 0::6]:
                    result, _ = world.discover("--patience", "1s", trick=cut(place, length=length),
                                               expect=(MALFORMED, UNREACHABLE), words=(at,), **where)
                    check("cut" in result.stderr or "closed the connection" in result.stderr,
                          f"nothing of a cut in:\n{result.stderr}")
        # A login that was perhaps made is not made again.
        _, server = world.discover(at="Login", trick=cut(lambda n: n // 2),
                                   expect=(MALFORMED, UNREACHABLE), words=("Login",))
        check_equal(1, server.calls["Login"], "logins")


@case("hostile-lines")
def lines(setup: Setup, report: Report) -> None:
    """-o jsonl when the server breaks off: whole lines, no summary, and what is missing."""
    with worlds(setup) as world:
        result, _ = world.discover(output="jsonl", at=NEXT, first=4, page_size=3,
                                   trick=cut(lambda n: n // 2), expect=(MALFORMED, UNREACHABLE),
                                   words=("missing:", "summary"))
        check(result.stdout.endswith("\n"), "a line that is not whole")
        kinds = [json.loads(line)["kind"] for line in result.stdout.splitlines()]
        check(len(kinds) > 3 and "summary" not in kinds, f"lines of {kinds}")
        result, _ = world.discover(at=NEXT, first=4, page_size=3, trick=cut(lambda n: n // 2),
                                   expect=(MALFORMED, UNREACHABLE), words=("missing:", "nothing was written"))


# Something else -----------------------------------------------------------------------------------

@case("hostile-foreign")
def foreign(setup: Setup, report: Report) -> None:
    """A login page, a redirect, a 500 without a fault, garbage: named as what it is."""
    login_page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>proxy</body></html>"
    asked = []

    class Portal(socketserver.BaseRequestHandler):  # where a redirect leads
        def handle(self) -> None:
            asked.append(self.request.recv(65536))

    with worlds(setup) as world, listening(Portal) as port:
        target = f"http://127.0.0.1:{port}/sdk"
        answers = (
            ("login page", says("200 OK", login_page), MALFORMED, ("a web page", "proxy", "Sign in")),
            ("redirect", says("302 Found", b"", f"Location: {target}"), MALFORMED,
             ("302", target, "not followed")),
            ("307", says("307 Temporary Redirect", b"", f"Location: {target}"), MALFORMED,
             ("307", target, "not followed")),
            ("500", says("500 Internal Server Error", b"<html>Oops</html>"), MALFORMED,
             ("500", "a web page")),
            ("500 of text", says("500 Internal Server Error", b"stack trace", content_type="text/plain"),
             MALFORMED, ("500", "not SOAP", "stack trace")),
            ("500 of nothing", says("500 Internal Server Error"), MALFORMED, ("500", "empty")),
            ("403", says("403 Forbidden", login_page), MALFORMED, ("403", "proxy")),
            ("404", says("404 Not Found", login_page), MALFORMED, ("404", "/sdk")),
            ("407", says("407 Proxy Authentication Required", login_page), UNREACHABLE,
             ("407", "https_proxy")),
            ("other XML", says("200 OK", b"<feed><entry/></feed>"), MALFORMED, ("XML, but not SOAP",)),
            ("nothing", says("200 OK", b""), MALFORMED, ("empty",)),
            ("other protocol", raw(b"SSH-2.0-OpenSSH_9.2\r\n"), MALFORMED, ("not HTTP",)),
            ("garbage", raw(bytes(range(128, 256)) * 40), MALFORMED, ("not HTTP",)),
            ("broken chunks", raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx"),
             MALFORMED, ()),
            ("no gzip", raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nno gzip!!"),
             MALFORMED, ("unpacked",)),
        )
        for at, first in ((GREETING, 1), ("Login", 1), (READ, LIST), (READ, CONTAINERS), (NEXT, 1)):
            for name, trick, code, words in answers:
                if name == "broken chunks" and at == NEXT:
                    continue  # a cut, which is overcome there
                _, server = world.discover(at=at, first=first, page_size=3, trick=trick, expect=(code,),
                                           words=words)
                # What may be a cut, or pass by itself, is tried again.
                again = name == "broken chunks" and at != "Login"
                check(server.played == 1 or again, f"{name} to {at}: asked {server.played} times")
        check_equal([], asked, "requests that followed a redirect")
        # What helps only is done without.
        for name, trick, code, words in answers[:11]:
            world.goes_on(at=VERSIONS, trick=trick)


@case("hostile-content-type")
def content_type(setup: Setup, report: Report) -> None:
    """Good SOAP is read whatever content type it claims; what it is decides, not what is said of it."""
    with worlds(setup) as world:
        for claimed in ("text/html", "application/octet-stream", "application/soap+xml", "text/plain"):
            def play(talk: Talk, known: object, claimed: str = claimed) -> bool:
                talk.send(known.head(len(known.body), content_type=claimed) + known.body)
                return True
            for at in (GREETING, "Login", READ):
                world.goes_on(at=at, trick=play)


# Busy ---------------------------------------------------------------------------------------------

@case("hostile-busy")
def busy(setup: Setup, report: Report) -> None:
    """503 with Retry-After: waited for as asked, or told when that is too long."""
    with worlds(setup) as world:
        for at, first in ((GREETING, 1), (READ, LIST), (READ, CONTAINERS)):
            place = {"at": at, "first": first}
            once = says("503 Service Unavailable", b"busy", "Retry-After: 2")
            server = world.goes_on(trick=once, times=1, **place)
            check(server.played == 1, "the 503 was not met")
            result, server = world.discover(expect=(UNREACHABLE,), **place, words=(
                at, "503", "7200 s"), trick=says("503 Service Unavailable", b"", "Retry-After: 7200"))
            check_equal(1, server.played, f"times that {at} was sent")
            check(result.seconds < 10, f"took {result.seconds:.1f} s")
            # Longer than the whole command may take: not begun.
            result, _ = world.discover("--timeout", "5s", expect=(UNREACHABLE,), words=(at, "503"),
                                       trick=says("503 Service Unavailable", b"", "Retry-After: 30"),
                                       **place)
            check(result.seconds < 4, f"took {result.seconds:.1f} s")
        result, server = world.discover("--patience", "3s", expect=(UNREACHABLE,), at=READ, first=LIST,
                                        words=("503",), trick=says("503 Service Unavailable"))
        check(2 < result.seconds < 20, f"took {result.seconds:.1f} s of 3 s patience")
        # A page that may have been handed on is not asked for twice; the read is begun anew.
        world.goes_on(at=NEXT, first=2, times=1, page_size=3, trick=says("503 Service Unavailable"))
        # A login is never repeated.
        _, server = world.discover(at="Login", expect=(UNREACHABLE,), words=("Login", "503"),
                                   trick=says("503 Service Unavailable", b"", "Retry-After: 1"))
        check_equal(1, server.played, "logins tried")


@case("hostile-kept-alive")
def kept_alive(setup: Setup, report: Report) -> None:
    """Connections that are dead before they are used again, closed or reset without a word: no trouble."""
    def closes(talk: Talk, known: object) -> bool:
        talk.send(known.whole())
        return False

    def resets(talk: Talk, known: object) -> bool:
        talk.send(known.whole())
        talk.wait(0.05)  # for the answer to be read
        talk.reset()
        return False

    with worlds(setup) as world:
        for trick in (closes, resets):
            for at in (VERSIONS, "Login", "CurrentTime", READ, NEXT, "CreateContainerView"):
                server = world.goes_on(at=at, trick=trick, page_size=3)
                check_equal(1, server.calls["Login"], "logins")


# Versions -----------------------------------------------------------------------------------------

@case("hostile-versions")
def versions(setup: Setup, report: Report) -> None:
    """A server of 5.5 is refused before it gets a password; one of 9.x, with news in it, is read."""
    import re

    def old(method: str, body: bytes) -> bytes:
        if method == VERSIONS:
            return (b'<namespaces version="1.0"><namespace><name>urn:vim25</name><version>5.5</version>'
                    b"<priorVersions><version>5.1</version></priorVersions></namespace></namespaces>")
        return re.sub(rb"<(version|apiVersion)>[^<]*", rb"<\1>5.5", body)

    def older(method: str, body: bytes) -> bytes:
        return b"" if method == VERSIONS else old(method, body)

    def new(method: str, body: bytes) -> bytes:
        if method == VERSIONS:
            return re.sub(rb"<version>[^<]*</version>(\s*<priorVersions>)",
                          rb"<version>9.1.0.0</version>\1<version>9.0.0.0</version>"
                          rb"<version>8.0.2.0</version>", body, count=1)
        body = re.sub(rb"<apiVersion>[^<]*", b"<apiVersion>9.1.0.0", body)
        body = re.sub(rb"<version>8[^<]*", b"<version>9.1.0", body)
        body = body.replace(b"<apiType>", b"<ofNine>x</ofNine><apiType>")
        return body.replace(b"<propSet><name>name</name>",
                            b"<propSet><name>ofNine</name><val xsi:type='OfNine'><a>1</a></val></propSet>"
                            b"<propSet><name>name</name>")

    def newest(method: str, body: bytes) -> bytes:
        body = new(method, body)
        return re.sub(rb"<priorVersions>.*</priorVersions>", b"", body, flags=re.DOTALL)

    with worlds(setup) as world:
        for rewrite in (old, older):
            result, server = world.discover(rewrite=rewrite, expect=(4,), words=(
                "5.5", "too old", "6.5", "upgrade"))
            check_equal(0, server.calls["Login"], "logins at a server that is too old")
        for rewrite in (new, newest):
            result, server = world.discover(rewrite=rewrite, expect=(0, 3))
            dump, good = json.loads(result.stdout), json.loads(world.good.stdout)
            check("9.1.0" in json.dumps(dump["vcenter"]), f"{dump['vcenter']}")
            for kind in ("virtualMachines", "datastores", "networks"):
                check_equal(good[kind], dump[kind], f"{kind} of 9.1")
            check_equal(len(good["hosts"]), len(dump["hosts"]), "hosts of 9.1")
            action = next(r.headers["soapaction"] for r in server.requests if r.method == READ)
            check("8.0.2.0" in action, f"spoke {action}")
