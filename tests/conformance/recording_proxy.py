#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A small HTTP proxy in front of one vim25 server that records each exchange.

    recording_proxy.py --to URL --record DIR --url-file FILE [--listen 127.0.0.1:0]

It speaks plain HTTP to the client and HTTP or HTTPS (unverified: a test's server) to the server,
and writes NNN-Method.request.xml and NNN-Method.response.xml as --record DIR of our programs does.
It is for programs that cannot record themselves. Ends with its standard input.
"""

from __future__ import annotations

import argparse
import http.client
import http.server
import os
import pathlib
import re
import ssl
import sys
import threading
import urllib.parse

_METHOD = re.compile(rb"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)")
_SECRET = re.compile(rb"(<(?:\w+:)?password[^>]*>)[^<]*(<)")
_DROP = {"connection", "transfer-encoding", "content-length", "host", "keep-alive",
         "accept-encoding"}


class Recorder:
    """Numbers the exchanges and writes the files. Thread safe."""

    def __init__(self, folder: pathlib.Path):
        self._folder = folder
        self._lock = threading.Lock()
        self._next = 0
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, path: str, body: bytes) -> pathlib.Path:
        match = _METHOD.search(body)
        name = match[1].decode() if match else pathlib.PurePosixPath(path).name or "root"
        with self._lock:
            number = self._next
            self._next += 1
        base = self._folder / f"{number:03d}-{name}"
        base.with_name(base.name + ".request.xml").write_bytes(_SECRET.sub(rb"\1***\2", body))
        return base

    @staticmethod
    def end(base: pathlib.Path, body: bytes) -> None:
        base.with_name(base.name + ".response.xml").write_bytes(body)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120
    disable_nagle_algorithm = True
    wbufsize = -1
    recorder: Recorder
    target: urllib.parse.SplitResult

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            out = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                out += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return out
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self.target.hostname, self.target.port
        if self.target.scheme == "https":
            context = ssl._create_unverified_context()
            return http.client.HTTPSConnection(host, port, timeout=120, context=context)
        return http.client.HTTPConnection(host, port, timeout=120)

    def _forward(self) -> None:
        body = self._body()
        base = self.recorder.begin(self.path, body)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _DROP}
        upstream = self._connect()
        try:
            upstream.request(self.command, self.path, body or None, headers)
            answer = upstream.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            print(f"proxy: {self.command} {self.path}: {error}", file=sys.stderr)
            self.close_connection = True
            return
        finally:
            upstream.close()
        self.recorder.end(base, content)
        self.send_response_only(answer.status, answer.reason)
        for key, value in answer.getheaders():
            if key.lower() == "set-cookie":
                value = re.sub(r";\s*Secure", "", value)  # this side speaks plain HTTP
            if key.lower() not in _DROP:
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _forward


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="record vim25 traffic")
    parser.add_argument("--to", required=True, metavar="URL")
    parser.add_argument("--record", required=True, type=pathlib.Path, metavar="DIR")
    parser.add_argument("--url-file", required=True, type=pathlib.Path, metavar="FILE")
    parser.add_argument("--listen", default="127.0.0.1:0", metavar="ADDRESS:PORT")
    options = parser.parse_args(arguments)

    target = urllib.parse.urlsplit(options.to)
    Handler.target, Handler.recorder = target, Recorder(options.record)
    host, _, port = options.listen.rpartition(":")
    server = http.server.ThreadingHTTPServer((host, int(port)), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()

    login = target.netloc.rpartition("@")[0]
    url = f"http://{login + '@' if login else ''}{host}:{server.server_port}{target.path}"
    temporary = options.url_file.with_name(options.url_file.name + ".tmp")
    temporary.write_text(url + "\n", encoding="utf-8")
    os.replace(temporary, options.url_file)
    sys.stdin.buffer.read()  # until the parent closes it, or is gone
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
