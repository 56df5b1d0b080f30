# SPDX-License-Identifier: GPL-2.0-or-later
"""A client that does no more than it must: sends requests, counts the bytes of the answers, reads a token.

So what is measured is the server. No compression, one connection, plain HTTP or TLS with whoever answers.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import escape

HEAD = ('<?xml version="1.0"?><Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Body>')
TAIL = "</Body></Envelope>"


class VimLoad:
    """One session. Raises RuntimeError for an answer that is not 200."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=600)
        if parts.scheme == "https":
            trust = ssl.create_default_context()
            trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
            self._connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=600, context=trust)
        self._cookie = ""
        self.first_bytes: list[float] = []  # seconds from request to the answer's head, for each call
        self.bytes = 0
        content = self.call("RetrieveServiceContent", "ServiceInstance", "ServiceInstance")
        self._ids = dict(re.findall(rb"<(\w+) type=\"\w+\"[^>]*>([^<]+)</", content))
        self.call("Login", "SessionManager", self._id("sessionManager"),
                  f"<userName>{escape(unquote(parts.username))}</userName>"
                  f"<password>{escape(unquote(parts.password))}</password>")

    def _id(self, name: str) -> str:
        return self._ids[name.encode()].decode()

    def call(self, method: str, kind: str, target: str, parameters: str = "") -> bytes:
        body = (f'{HEAD}<{method} xmlns="urn:vim25"><_this type="{kind}">{target}</_this>'
                f"{parameters}</{method}>{TAIL}")
        headers = {"Content-Type": "text/xml", "SOAPAction": "urn:vim25/8.0.2.0"}
        if self._cookie:
            headers["Cookie"] = self._cookie
        start = time.perf_counter()
        self._connection.request("POST", "/sdk", body.encode(), headers)
        response = self._connection.getresponse()
        self.first_bytes.append(time.perf_counter() - start)
        answer = response.read()
        self.bytes += len(answer)
        cookie = response.getheader("Set-Cookie")
        if cookie:
            self._cookie = cookie.split(";")[0]
        if response.status != 200:
            raise RuntimeError(f"{method}: {response.status} {answer[:300]!r}")
        return answer

    def view(self, kind: str) -> str:
        answer = self.call("CreateContainerView", "ViewManager", self._id("viewManager"),
                           f'<container type="Folder">{self._id("rootFolder")}</container>'
                           f"<type>{kind}</type><recursive>true</recursive>")
        return re.search(rb">([^<>]+)</returnval>", answer)[1].decode()

    def read(self, view: str, kind: str, paths: list[str]) -> int:
        """All objects of a view, page by page. Returns how many pages."""
        collector = self._id("propertyCollector")
        wanted = "".join(f"<pathSet>{escape(path)}</pathSet>" for path in paths)
        answer = self.call(
            "RetrievePropertiesEx", "PropertyCollector", collector,
            f"<specSet><propSet><type>{kind}</type>{wanted}</propSet><objectSet>"
            f'<obj type="ContainerView">{view}</obj><skip>true</skip>'
            '<selectSet xsi:type="TraversalSpec"><type>ContainerView</type><path>view</path></selectSet>'
            "</objectSet></specSet><options></options>")
        pages = 1
        while token := re.search(rb"<token>([^<]+)</token>", answer[:2000]):
            answer = self.call("ContinueRetrievePropertiesEx", "PropertyCollector", collector,
                               f"<token>{token[1].decode()}</token>")
            pages += 1
        return pages
