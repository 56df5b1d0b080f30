# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that misbehaves on order: raw sockets, TLS or not, in front of a mock-vcenter.

It hands each request on and the answer back, as a vCenter would, until the call that a trick is for.
Bytes are written by hand, because no HTTP server would write what the tests need.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import support
from support import Login, Result

CONNECT = "connect"  # a trick at this place is played before anything is read


@dataclass
class Request:
    verb: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def method(self) -> str:
        """RetrievePropertiesEx, or a GET's file."""
        if self.verb == "GET":
            return self.path.rsplit("/", 1)[-1]
        match = re.search(rb"<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)", self.body)
        return match[1].decode() if match else "?"


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes  # unpacked

    def head(self, length: int | None = None, *more: str, status: str = "",
             content_type: str = "text/xml; charset=utf-8") -> bytes:
        """Status line and headers; a length of None leaves Content-Length out."""
        lines = [f"HTTP/1.1 {status or f'{self.status} said'}", f"Content-Type: {content_type}"]
        lines += [f"{name}: {value}" for name, value in self.headers
                  if name.lower() in ("set-cookie", "retry-after")]
        lines += [] if length is None else [f"Content-Length: {length}"]
        return ("\r\n".join([*lines, *more]) + "\r\n\r\n").encode()

    def whole(self) -> bytes:
        return self.head(len(self.body)) + self.body


class Gone(Exception):
    """The client has hung up, or the test is over."""


class Talk:
    """One connection, as a trick sees it."""

    def __init__(self, sock: socket.socket, stop: threading.Event):
        self._sock = sock
        self._stop = stop
        self.sent = 0
        self.request: Request | None = None  # the one that is being answered

    def send(self, data: bytes) -> None:
        try:
            self._sock.sendall(data)
        except OSError:
            raise Gone from None
        self.sent += len(data)

    def wait(self, seconds: float = 3600) -> None:
        """Says nothing for so long, and no longer than the test lasts."""
        if self._stop.wait(seconds):
            raise Gone

    def reset(self) -> None:
        """Ends the connection by a TCP reset."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def read(self) -> Request | None:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self._receive()
            if not piece:
                return None
            head += piece
        head, _, body = head.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        verb, path, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip()
                   for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            piece = self._receive()
            if not piece:
                return None
            body += piece
        self.request = Request(verb, path, headers, body)
        return self.request

    def _receive(self) -> bytes:
        try:
            return self._sock.recv(262144)
        except OSError:
            return b""


# Plays with the connection; what it returns says whether the connection may be used again.
Trick = Callable[[Talk, Answer], object]


@dataclass
class Hostile:
    """`trick` is played on calls of `at` from the `first` on, `times` times (0: each of them).

    `page_size`: the server gives no more objects at once than that, whatever it is asked for.
    `rewrite`: what becomes of an answer's body on its way.
    """

    upstream: Login | None = None
    trick: Trick | None = None
    at: str | tuple[str, ...] = CONNECT
    first: int = 1
    times: int = 0
    tls: ssl.SSLContext | None = None
    page_size: int = 0
    rewrite: Callable[[str, bytes], bytes] | None = None
    before: Callable[[str, int], None] | None = None  # told each call before it is made
    calls: Counter = field(default_factory=Counter)
    played: int = 0
    sent_by_tricks: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Hostile:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        """What failback needs to talk to it."""
        user = self.upstream or Login("http", "", 0, "/sdk", support.USERNAME, support.PASSWORD)
        return support.clean_environment() | {
            "FAILBACK_URL": f"{'https' if self.tls else 'http'}://{self.place}/sdk",
            "FAILBACK_USERNAME": user.username, "FAILBACK_PASSWORD": user.password} | more

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        plain = sock
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._mine(CONNECT):
                self._play(Talk(sock, self._stop), Answer(200, [], b""))
                return
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
            self._converse(Talk(sock, self._stop))
        except (Gone, OSError, http.client.HTTPException):
            pass
        finally:
            with self._lock:
                self._open.discard(plain)
            # Without unwrap(): TLS ends without notice.
            with contextlib.suppress(OSError):
                sock.close()

    def _converse(self, talk: Talk) -> None:
        upstream = None
        if self.upstream:
            upstream = http.client.HTTPConnection(self.upstream.host, self.upstream.port, timeout=60)
        with contextlib.closing(upstream) if upstream else contextlib.nullcontext():
            while request := talk.read():
                mine = self._mine(request.method)
                with self._lock:
                    self.requests.append(request)
                if self.before:
                    self.before(request.method, self.calls[request.method])
                answer = self._ask(upstream, request) if upstream else Answer(200, [], b"")
                if not mine:
                    talk.send(answer.whole())
                elif not self._play(talk, answer):
                    return

    def _mine(self, method: str) -> bool:
        with self._lock:
            self.calls[method] += 1
            number = self.calls[method]
            places = (self.at,) if isinstance(self.at, str) else self.at
            return (self.trick is not None and method in places and number >= self.first
                    and (self.times == 0 or number < self.first + self.times))

    def _play(self, talk: Talk, answer: Answer) -> object:
        with self._lock:
            self.played += 1
        before = talk.sent
        try:
            return self.trick(talk, answer)
        finally:
            with self._lock:
                self.sent_by_tricks += talk.sent - before

    def _ask(self, upstream: http.client.HTTPConnection, request: Request) -> Answer:
        body = request.body
        if self.page_size:
            body = re.sub(rb"(<(?:\w+:)?maxObjects>)\d+", rb"\g<1>%d" % self.page_size, body)
        headers = {name: value for name, value in request.headers.items()
                   if name in ("content-type", "soapaction", "cookie")}
        upstream.request(request.verb, request.path, body or None, headers)
        response = upstream.getresponse()
        content = response.read()
        if self.rewrite:
            content = self.rewrite(request.method, content)
        return Answer(response.status, response.getheaders(), content)


# Tricks -------------------------------------------------------------------------------------------

def raw(data: bytes) -> Trick:
    """These bytes, and the end of the connection."""
    return lambda talk, answer: talk.send(data)


def says(status: str, body: bytes = b"", *headers: str,
         content_type: str = "text/html") -> Trick:
    """A whole HTTP answer of that status."""
    def play(talk: Talk, answer: Answer) -> bool:
        talk.send(answer.head(len(body), *headers, status=status, content_type=content_type) + body)
        return True
    return play


def silent(talk: Talk, answer: Answer) -> None:
    """Nothing, until the client has had enough."""
    talk.wait()


def cut(at: Callable[[int], int] | int, *, length: bool = True) -> Trick:
    """The answer as far as that byte of it; without notice. `length`: says how long it would be."""
    def play(talk: Talk, answer: Answer) -> None:
        data = answer.head(len(answer.body) if length else None) + answer.body
        talk.send(data[:at(len(data)) if callable(at) else at])
    return play


def drip(seconds: float) -> Trick:
    """The answer, one byte at a time."""
    def play(talk: Talk, answer: Answer) -> None:
        data = answer.whole()
        for at in range(len(data)):
            talk.send(data[at:at + 1])
            talk.wait(seconds)
    return play


def flood(piece: bytes, total: int | None = None, *, start: bytes = b"",
          chunked: bool = False) -> Trick:
    """`start`, then `piece` again and again: `total` bytes of it, or without an end."""
    def play(talk: Talk, answer: Answer) -> None:
        block = piece * max(1, (1 << 20) // len(piece))
        if chunked:
            talk.send(answer.head(None, "Transfer-Encoding: chunked"))
            wrap = lambda data: b"%x\r\n%s\r\n" % (len(data), data)  # noqa: E731
        else:
            talk.send(answer.head(None if total is None else len(start) + total))
            wrap = lambda data: data  # noqa: E731
        if start:
            talk.send(wrap(start))
        left = total
        while left is None or left > 0:
            data = block if left is None else block[:left]
            talk.send(wrap(data))
            left = left if left is None else left - len(data)
    return play


def bomb(total: int) -> Trick:
    """An answer of blanks that is small while it is packed."""
    def play(talk: Talk, answer: Answer) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        start = packer.compress(answer.body[:200]) + packer.flush(zlib.Z_FULL_FLUSH)
        # Behind a full flush the same bytes mean the same blanks again.
        blanks = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
        data = b"\x1f\x8b\x08" + bytes(7) + start + blanks * (total >> 20) + packer.flush()
        talk.send(answer.head(len(data), "Content-Encoding: gzip") + data)
    return play


def page(objects: bytes, token: str = "") -> bytes:
    """An answer to RetrievePropertiesEx with these objects."""
    told = f"<token>{token}</token>".encode() if token else b""
    return (PAGE_START + told + objects + PAGE_END)


PAGE_START = (b'<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv='
              b'"http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
              b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
              b'<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval>')
PAGE_END = b'</returnval></RetrievePropertiesExResponse></soapenv:Body></soapenv:Envelope>'


# Running failback ---------------------------------------------------------------------------------

@dataclass(frozen=True)
class Measured(Result):
    """What a program did, and what it took."""

    peak: int = 0  # bytes of memory
    cpu: float = 0  # seconds


# Started by a small process: the kernel counts what a process was before its exec, too.
_MEASURE = """
import os, sys
pid = os.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
os.write(int(sys.argv[1]), b"%d %d %f" % (os.waitstatus_to_exitcode(status),
                                          usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime))
"""


def run_measured(command: list, env: dict[str, str], deadline: float) -> Measured:
    """As support.run, with the peak of the process's memory and its CPU time."""
    words = [str(word) for word in command]
    read, write = os.pipe()
    with os.fdopen(read) as numbers:
        try:
            helper = [sys.executable, "-I", "-S", "-c", _MEASURE, str(write), *words]
            result = support.run(helper, env=env, deadline=deadline, keep=(write,))
        finally:
            os.close(write)
        code, peak, cpu = numbers.read().split()
    return Measured(tuple(words), int(code), result.stdout, result.stderr, result.seconds,
                    int(peak), float(cpu))


# Certificates -------------------------------------------------------------------------------------

def openssl(*arguments: object, cwd: str) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], cwd=cwd, capture_output=True,
                          timeout=60, check=False)
    support.check(done.returncode == 0, f"openssl {arguments[0]}: {done.stderr.decode()}")


def context(certificate: object, key: object) -> ssl.SSLContext:
    """A TLS server's, for any certificate, however weak."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("DEFAULT@SECLEVEL=0")
    made.load_cert_chain(str(certificate), str(key))
    return made
