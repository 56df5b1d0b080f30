# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs clients one after the other, and has bench-measured say what each took. Reads recordings of failback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import urllib.parse
import xml.etree.ElementTree as tree
from dataclasses import dataclass
from pathlib import Path

from server import Server

# What else is asked by the property collector, and is no part of the inventory.
_NOT_INVENTORY = re.compile(r"Manager$|View$|^Task$|^ScheduledTask$")


@dataclass
class Run:
    """What a client took."""

    cpu: float    # seconds, user and system
    wall: float   # seconds
    peak: int     # bytes
    calls: int    # as the server counted them
    output: str
    bytes: int = 0  # of answers, unpacked; 0: not known


class Runner:
    """Starts clients of one server."""

    def __init__(self, server: Server, bench: Path, mock: Path):
        self.server, self._measured, self._mock = server, bench / "bench-measured", mock

    def run(self, command: list[str | Path], codes: tuple[int, ...] = (0,), times: int = 1) -> Run:
        """The run of several that took the least CPU. Raises RuntimeError when one ends otherwise."""
        return min((self._once(command, codes) for _ in range(times)), key=lambda run: run.cpu)

    def _once(self, command: list[str | Path], codes: tuple[int, ...]) -> Run:
        self._calls(reset=True)
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as err:
            report, out = Path(folder) / "report", Path(folder) / "out"
            with out.open("wb") as file:
                code = subprocess.run([self._measured, report, *command], env=environment(self.server), stdout=file,
                                      stderr=err, stdin=subprocess.DEVNULL, check=False).returncode
            if code not in codes:
                err.seek(0)
                text = err.read().decode(errors="replace")
                raise RuntimeError(f"{' '.join(map(str, command))} ended with {code}\n{text[-2000:]}")
            said = json.loads(report.read_text(encoding="utf-8"))
            with out.open(encoding="utf-8", errors="replace") as file:
                head = file.read(1000)
        return Run(said["user"] + said["system"], said["wall"], said["peakBytes"], self._calls(), head)

    def _calls(self, reset: bool = False) -> int:
        command = [self._mock, "ctl", "--url-file", self.server.url_file, "calls", *(["--reset"] if reset else [])]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
        return int(json.loads(said)["calls"])


def environment(server: Server) -> dict[str, str]:
    """How failback, govc, govmomi and pyVmomi are told of the server; no certificate is checked."""
    parts = urllib.parse.urlsplit(server.url)
    address = parts._replace(netloc=f"{parts.hostname}:{parts.port}").geturl()
    user, password = (urllib.parse.unquote(text or "") for text in (parts.username, parts.password))
    steering = re.compile(r"(?i)^(failback|govc|govmomi)_|_proxy$|^xdg_")
    kept = {name: value for name, value in os.environ.items() if not steering.search(name)}
    return kept | {
        "FAILBACK_URL": address, "FAILBACK_USERNAME": user, "FAILBACK_PASSWORD": password, "FAILBACK_INSECURE": "true",
        "GOVC_URL": address, "GOVC_USERNAME": user, "GOVC_PASSWORD": password, "GOVC_INSECURE": "true",
        "GOVC_PERSIST_SESSION": "false",
    }


def _local(element: tree.Element) -> str:
    return element.tag.rpartition("}")[2]


def asked_paths(recording: Path) -> dict[str, list[str]]:
    """What a recorded discovery asked of each managed type."""
    paths: dict[str, list[str]] = {}
    for file in sorted(recording.glob("*-RetrievePropertiesEx*.request.xml")):
        for wanted in tree.parse(file).iter():
            if _local(wanted) != "propSet":
                continue
            kind = next(each.text or "" for each in wanted if _local(each) == "type")
            if _NOT_INVENTORY.search(kind):
                continue
            known = paths.setdefault(kind, [])
            known += [each.text for each in wanted
                      if _local(each) == "pathSet" and each.text and each.text not in known]
    return paths


def answered_bytes(recording: Path) -> int:
    """Of all SOAP answers of a recording, unpacked."""
    return sum(file.stat().st_size for file in recording.glob("*.response.xml")
               if "vimServiceVersions" not in file.name)


def pages(recording: Path) -> int:
    return sum(1 for _ in recording.glob("*RetrievePropertiesEx*.request.xml"))
