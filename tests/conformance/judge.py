#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judges recorded vim25 exchanges against the official schemas.

    judge.py [--version 8.0] [--must-cover FILE] [--json FILE] PATH...

PATH is a folder that is walked, or one file. Files are named NNN-Method.request.xml and
NNN-Method.response.xml (more words before or after are fine), as --record DIR writes them.

  NNN-Method.response.broken   beside an answer (or .request.broken beside a request): a test
                               ordered it to be broken; it is counted and not judged. Its text
                               says why.
  JUDGE                        in a folder, for all files below it: lines "requests: foreign" and
                               "answers: foreign" say that a program which is not ours wrote them.
                               They are counted apart and make no verdict, unless --judge-foreign.
                               A line "version: 6.5" names the release that the server speaks.

An answer whose .headers file says that the exchange ended midway (an interrupted program, a lost
connection) is only a beginning: it is counted and not judged.

Exit: 0 all valid, 1 a violation or a method not covered, 2 usage, 77 a peer is missing.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

try:
    from lxml import etree

    import vim_schema
    from vim_schema import SOAP, VIM, XSI
except ImportError as error:
    print(f"judge: {error}: run scripts/peers.sh, then the python of its venv", file=sys.stderr)
    sys.exit(77)

_FILE = re.compile(r"(?:^|.*-)(?P<number>\d{3,})-(?P<rest>.+)\.(?P<side>request|response)\.xml$")
_XSD_PREFIX = b'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'


@dataclass(frozen=True)
class Violation:
    line: int
    place: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}: {self.text}"


@dataclass
class Verdict:
    method: str
    violations: list[Violation] = field(default_factory=list)


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname


def _place(node: etree._Element) -> str:
    """A path that a person can follow, without namespaces: Body/Login/userName."""
    names: list[str] = []
    at: etree._Element | None = node
    while at is not None and isinstance(at.tag, str):
        name = _local(at)
        parent = at.getparent()
        if parent is not None:
            twins = [n for n in parent if n.tag == at.tag]
            if len(twins) > 1:
                name += f"[{twins.index(at) + 1}]"
        names.append(name)
        at = parent
    return "/".join(reversed(names[:-1] or names))


class Judge:
    """Judges single messages. Not thread safe: libxml2 keeps the last errors in the schema."""

    def __init__(self, version: str = "8.0"):
        self.messages = vim_schema.load(version)
        self._versions_file = etree.XMLSchema(etree.fromstring(vim_schema.VERSIONS_FILE_XSD))
        # A message is data from the network: nothing is fetched, no entity is expanded.
        self._parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )

    def judge(self, data: bytes, side: str, foreign: bool = False) -> Verdict:
        """Judges one message; side is "request" or "response".

        foreign: it was written by a program that is not ours, so two habits of other clients that
        every server accepts are forgiven, and our own rules of style are left out.
        """
        try:
            root = etree.fromstring(self._forgive(data) if foreign else data, self._parser)
        except etree.XMLSyntaxError as error:
            return Verdict("(unreadable)", [Violation(error.lineno or 0, "document", str(error))])
        if _local(root) == "namespaces":
            return Verdict("(versions)", self._by_schema(self._versions_file, root))
        body = root.find(f"{{{SOAP}}}Body")
        child = body[0] if body is not None and len(body) else None
        if child is None:
            return Verdict("(none)", self._by_schema(self.messages.schema, root))
        method = self._method(child, side)
        known = self._unknown(child, side, method)
        if known:
            return Verdict(method, known)
        if foreign:
            for node in root.iter(etree.Element):
                node.attrib.pop("versionId", None)
        found = self._by_schema(self.messages.schema, root)
        found += self._own_rules(root, child)
        if not foreign and side == "response":
            found += self._style_of_answers(root, child)
        return Verdict(method, found)

    @staticmethod
    def _forgive(data: bytes) -> bytes:
        # govc writes xsi:type="xsd:string" without declaring xsd.
        if b"xsd:" in data and b"xmlns:xsd=" not in data:
            return re.sub(rb"(<(?:[\w.-]+:)?Envelope)\b", rb"\1 " + _XSD_PREFIX, data, count=1)
        return data

    @staticmethod
    def _method(child: etree._Element, side: str) -> str:
        name = _local(child)
        if side == "response" and child.tag != f"{{{SOAP}}}Fault":
            return name.removesuffix("Response")
        return name

    def _unknown(self, child: etree._Element, side: str, method: str) -> list[Violation]:
        """Names that the schema could only report as 'no declaration found'."""
        if child.tag == f"{{{SOAP}}}Fault":
            if side == "request":
                return [Violation(child.sourceline, _place(child), "a fault as a request")]
            return []
        if method not in self.messages.methods:
            why = self.messages.dropped.get(method, "no vim25 method has that name")
            return [Violation(child.sourceline, _place(child), f"unknown method {method}: {why}")]
        if side == "response" and _local(child) != method + "Response":
            text = f"expected {method}Response, or a Fault"
            return [Violation(child.sourceline, _place(child), text)]
        if side == "request" and _local(child) != method:
            return [Violation(child.sourceline, _place(child), f"expected {method}")]
        return []

    @staticmethod
    def _by_schema(schema: etree.XMLSchema, root: etree._Element) -> list[Violation]:
        if schema.validate(root):
            return []
        found = []
        for entry in schema.error_log:
            text = entry.message.replace(f"{{{VIM}}}", "").replace(f"{{{SOAP}}}", "soap:")
            found.append(Violation(entry.line, _readable_path(root, entry.path), text))
        return found

    def _own_rules(self, root: etree._Element, child: etree._Element) -> list[Violation]:
        """What every real server does and a schema cannot say."""
        found = []
        for node in root.iter(f"{{{VIM}}}val", f"{{{VIM}}}returnval"):
            if _local(node) == "returnval" and _local(child) != "FetchResponse":
                continue
            if f"{{{XSI}}}type" not in node.attrib:
                found.append(Violation(node.sourceline, _place(node), "any value without xsi:type"))
        for node in root.iter(f"{{{VIM}}}propSet"):
            found += self._asked_paths(node)
        for node in root.iter(f"{{{VIM}}}selectSet"):
            found += self._asked_paths(node)
        detail = child.find("detail") if child.tag == f"{{{SOAP}}}Fault" else None
        if detail is not None and len(detail):
            found += self._fault(detail[0])
        return found

    def _asked_paths(self, node: etree._Element) -> list[Violation]:
        """A PropertySpec (type, pathSet) or a TraversalSpec (type, path) of a request."""
        kind = node.findtext(f"{{{VIM}}}type")
        if kind is None:
            return []
        found = []
        for part in node.iter(f"{{{VIM}}}pathSet", f"{{{VIM}}}path"):
            if part.getparent() is not node:
                continue
            problem = self.messages.paths.problem(kind, part.text or "")
            if problem:
                found.append(Violation(part.sourceline, _place(part), f"{kind}: {problem}"))
        return found

    def _fault(self, node: etree._Element) -> list[Violation]:
        place = _place(node)
        written = node.get(f"{{{XSI}}}type")
        if written is None:
            return [Violation(node.sourceline, place, "a fault without xsi:type")]
        prefix, _, name = written.rpartition(":")
        space = node.nsmap.get(prefix or None)
        if space != VIM or name not in self.messages.faults:
            text = f"xsi:type {written} (namespace {space}) is no fault of this release"
            return [Violation(node.sourceline, place, text)]
        return []

    @staticmethod
    def _style_of_answers(root: etree._Element, child: etree._Element) -> list[Violation]:
        """How real servers write, where clients are known to depend on it (our answers only)."""
        found = []
        for node in root.iter(etree.Element):
            for prefix, space in node.nsmap.items():
                if space == XSI and prefix != "xsi":
                    text = f"prefix {prefix} for xsi: some clients look for the letters xsi:type"
                    return [Violation(node.sourceline, _place(node), text)]
        detail = child.find("detail") if child.tag == f"{{{SOAP}}}Fault" else None
        if detail is not None and len(detail):
            name = (detail[0].get(f"{{{XSI}}}type") or "").split(":")[-1]
            if _local(detail[0]) != name + "Fault":
                text = f"expected the element's name to be {name}Fault"
                found.append(Violation(detail[0].sourceline, _place(detail[0]), text))
        return found


def _readable_path(root: etree._Element, path: str | None) -> str:
    """libxml2 says /soapenv:Envelope/soapenv:Body/*/*[2]; a person wants the names."""
    if not path:
        return "document"
    spaces = {p: s for n in root.iter(etree.Element) for p, s in n.nsmap.items() if p}
    try:
        nodes = root.getroottree().xpath(path, namespaces=spaces)
    except etree.XPathError:
        return path
    return _place(nodes[0]) if nodes else path


@dataclass
class Tally:
    """What a walk over recordings found."""

    valid: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    total: dict[str, Counter] = field(default_factory=lambda: defaultdict(Counter))
    broken: int = 0
    cut: int = 0
    bad_files: list[tuple[str, list[Violation]]] = field(default_factory=list)

    def counts(self, kind: str) -> tuple[int, int]:
        return sum(self.valid[kind].values()), sum(self.total[kind].values())


@dataclass(frozen=True)
class _Note:
    """What a JUDGE file says of the recordings in its folder."""

    foreign: frozenset[str]  # "request", "response"
    version: str

    @staticmethod
    def read(file: pathlib.Path, version: str) -> _Note:
        sides = {"requests": "request", "answers": "response"}
        foreign = set()
        for line in read_list(file):
            name, _, value = (part.strip() for part in line.partition(":"))
            if name in sides and value == "foreign":
                foreign.add(sides[name])
            elif name == "version" and value in vim_schema.VERSIONS:
                version = value
            else:
                raise SystemExit(f"judge: {file}: cannot read {line!r}")
        return _Note(frozenset(foreign), version)


class Walk:
    """Judges every recorded file below some paths."""

    def __init__(self, version: str):
        self._version = version
        self._judges: dict[str, Judge] = {}
        self._seen: dict[tuple[bytes, str, bool, str], Verdict] = {}
        self._notes: dict[pathlib.Path, _Note] = {}
        self.tally = Tally()

    def run(self, paths: list[pathlib.Path], judge_foreign: bool) -> Tally:
        for path in paths:
            files = sorted(path.rglob("*.xml")) if path.is_dir() else [path]
            for file in files:
                match = _FILE.match(file.name)
                if match:
                    self._file(file, match["side"], match["rest"], judge_foreign)
        return self.tally

    def _note(self, folder: pathlib.Path) -> _Note:
        """What the nearest JUDGE file, here or above, says."""
        if folder not in self._notes:
            file = folder / "JUDGE"
            if file.is_file():
                self._notes[folder] = _Note.read(file, self._version)
            elif folder.parent == folder:
                self._notes[folder] = _Note(frozenset(), self._version)
            else:
                self._notes[folder] = self._note(folder.parent)
        return self._notes[folder]

    def _judge(self, data: bytes, side: str, foreign: bool, version: str) -> Verdict:
        key = (data, side, foreign, version)
        if key not in self._seen:
            if version not in self._judges:
                self._judges[version] = Judge(version)
            self._seen[key] = self._judges[version].judge(data, side, foreign)
        return self._seen[key]

    def _file(self, file: pathlib.Path, side: str, named: str, judge_foreign: bool) -> None:
        data = file.read_bytes()
        if not data.strip() and named.startswith("vimServiceVersions"):
            return  # a GET has no body
        if file.with_suffix(".broken").exists():
            self.tally.broken += 1
            return
        if side == "response" and _ended_midway(file):
            self.tally.cut += 1
            return
        note = self._note(file.parent.resolve())
        foreign = side in note.foreign
        verdict = self._judge(data, side, foreign, note.version)
        kind = ("foreign " if foreign else "") + side
        self.tally.total[kind][verdict.method] += 1
        if not verdict.violations:
            self.tally.valid[kind][verdict.method] += 1
        elif not foreign or judge_foreign:
            self.tally.bad_files.append((str(file), verdict.violations))


def _ended_midway(answer: pathlib.Path) -> bool:
    headers = answer.with_name(answer.name.removesuffix(".response.xml") + ".headers")
    if not headers.is_file():
        return False
    text = headers.read_text("utf-8", errors="replace")
    return text.startswith("failed ") or "ended before the whole answer had come" in text


def read_list(path: pathlib.Path) -> list[str]:
    """Lines of a file without comments and blanks."""
    lines = (line.split("#", 1)[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line]


def coverage(tally: Tally, must: list[str]) -> list[str]:
    """Complaints about methods that were never sent, or sent and not in the list."""
    sent = {name for name, n in tally.total["request"].items() if n and not name.startswith("(")}
    complaints = [f"{name}: the product can send it, no recorded request does" for name in must
                  if name not in sent]
    complaints += [f"{name}: was sent, but is not in the list of what the product sends"
                   for name in sorted(sent - set(must))]
    return complaints


def report(tally: Tally, limit: int) -> None:
    for file, violations in tally.bad_files:
        print(file)
        for violation in violations[:limit]:
            print(f"  {violation}")
        if len(violations) > limit:
            print(f"  ... and {len(violations) - limit} more")
    names = sorted({name for counter in tally.total.values() for name in counter})
    if names:
        print(f"{'method':<36} {'requests':>11} {'answers':>11} {'other clients':>14} "
              f"{'other servers':>14}")
    for name in names:
        cells = []
        for kind in ("request", "response", "foreign request", "foreign response"):
            total = tally.total[kind][name]
            cells.append(f"{tally.valid[kind][name]}/{total}" if total else "-")
        print(f"{name:<36} {cells[0]:>11} {cells[1]:>11} {cells[2]:>14} {cells[3]:>14}")


def summary(tally: Tally) -> str:
    words = {
        "request": "requests", "response": "answers",
        "foreign request": "other clients' requests", "foreign response": "other servers' answers",
    }
    parts = []
    for kind, word in words.items():
        valid, total = tally.counts(kind)
        if total or not kind.startswith("foreign"):
            parts.append(f"{word} {valid}/{total} valid")
    return "judge: " + ", ".join(parts) + f", {tally.broken} broken by order, {tally.cut} cut off"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="judge recorded vim25 messages")
    parser.add_argument("--version", choices=vim_schema.VERSIONS, default="8.0")
    parser.add_argument("--must-cover", type=pathlib.Path, metavar="FILE",
                        help="methods that the product can send, one a line")
    parser.add_argument("--judge-foreign", action="store_true",
                        help="violations of other programs count too")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write the counts here")
    parser.add_argument("--limit", type=int, default=20, help="violations shown per file")
    parser.add_argument("paths", nargs="+", type=pathlib.Path, metavar="PATH")
    options = parser.parse_args(arguments)
    for path in options.paths:
        if not path.exists():
            parser.error(f"{path}: no such file or folder")

    tally = Walk(options.version).run(options.paths, options.judge_foreign)
    report(tally, options.limit)
    complaints = coverage(tally, read_list(options.must_cover)) if options.must_cover else []
    for complaint in complaints:
        print(f"coverage: {complaint}")
    if options.json:
        counts = {kind: {"valid": tally.counts(kind)[0], "total": tally.counts(kind)[1],
                         "methods": dict(tally.total[kind])} for kind in tally.total}
        counts |= {"broken": tally.broken, "cut": tally.cut}
        options.json.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    print(summary(tally))
    if not any(sum(counter.values()) for counter in tally.total.values()):
        print("judge: nothing was judged: no recorded file found", file=sys.stderr)
        return 1
    return 1 if tally.bad_files or complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
