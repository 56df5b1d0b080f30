# SPDX-License-Identifier: GPL-2.0-or-later
"""mock-vcenter at several sizes, and vcsim beside it at one that it can do. Prints a table; asserts nothing.

usage: bench/mock.py [--bin DIR] [--vcsim FILE] [--vms N,N,...] [--vcsim-vms N]
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from server import Server
from vim_load import VimLoad

ROOT = Path(__file__).resolve().parent.parent
WHOLE = ["config", "layoutEx", "summary"]
NAME = ["name"]


def discover_paths() -> list[str]:
    """What `failback discover` asks of a VM, from the table that it asks by."""
    table = (ROOT / "vsphere/property_table.cpp").read_text()
    rows = re.findall(r'^\s*\{"(?:VirtualMachine|ManagedEntity)", "((?:[^"\\]|\\.)*)", (thin|standard), "([^"]*)"',
                      table, re.MULTILINE)
    return [path.replace('\\"', '"') for path, _, since in rows if since in ("", "6.5", "6.7")]


@dataclass
class Row:
    server: str
    vms: int
    up: float
    made: float  # until it did nothing more on its own: it makes machines of a large site while it answers
    memory: float
    asked: str
    bytes: int
    cpu: float
    first: float  # of the first page, which selects the objects
    later: float  # worst of the later pages

    @property
    def rate(self) -> float:
        return self.bytes / 1e6 / self.cpu if self.cpu > 0 else 0.0


def measure(name: str, vms: int, command: list[str], url_option: str) -> list[Row]:
    rows = []
    with Server(command, url_option) as server:
        made = server.wait_until_idle()
        load = VimLoad(server.url)
        view = load.view("VirtualMachine")
        for asked, paths in (("name", NAME), ("discover", discover_paths()), ("whole", WHOLE),
                             ("whole again", WHOLE)):
            load.bytes, load.first_bytes = 0, []
            before = server.cpu_seconds()
            load.read(view, "VirtualMachine", paths)
            rows.append(Row(name, vms, server.up_seconds, made, 0.0, asked, load.bytes,
                            server.cpu_seconds() - before, load.first_bytes[0],
                            max(load.first_bytes[1:], default=0.0)))
        for row in rows:
            row.memory = server.peak_mebibytes()
    return rows


def print_table(rows: list[Row], reference: dict[str, float]) -> None:
    head = ["server", "VMs", "up s", "idle s", "peak MiB", "asked", "MB", "KB/VM", "CPU s", "MB/s/core", "first ms", "page ms",
            "x vcsim"]
    lines = [head]
    for row in rows:
        against = reference.get(row.asked, 0.0)
        ratio = f"{row.rate / against:.1f}" if against > 0 and row.rate > 0 else "-"
        rate = f"{row.rate:.0f}" if row.rate > 0 else "-"  # less CPU time than the kernel counts
        lines.append([row.server, str(row.vms), f"{row.up:.2f}", f"{row.made:.2f}", f"{row.memory:.0f}", row.asked, f"{row.bytes / 1e6:.1f}",
                      f"{row.bytes / 1e3 / max(row.vms, 1):.1f}", f"{row.cpu:.2f}", rate,
                      f"{row.first * 1e3:.1f}", f"{row.later * 1e3:.1f}", ratio])
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        print("  ".join(cell.ljust(width) if i in (0, 4) else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(line, widths))).rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin")
    parser.add_argument("--vcsim", type=Path, help="vcsim of tests/conformance/govmomi; left out when absent")
    parser.add_argument("--vms", default="1000,10000,45000")
    parser.add_argument("--vcsim-vms", type=int, default=1000)
    options = parser.parse_args()
    rows: list[Row] = []
    reference: dict[str, float] = {}
    if options.vcsim and options.vcsim.exists():
        rows += measure("vcsim", options.vcsim_vms,
                        [str(options.vcsim), "-tls=false", "-vm", str(options.vcsim_vms), "-standalone-host", "0"],
                        "-url-file")
        reference = {row.asked: row.rate for row in rows}
    for vms in (int(text) for text in options.vms.split(",")):
        hosts, datastores = max(1, vms // 18), max(1, vms // 45)
        scenario = f"generate:hosts={hosts},datastores={datastores},vms={vms}"
        rows += measure("mock-vcenter", vms,
                        [str(options.bin / "mock-vcenter"), "--scenario", scenario, "--listen", "127.0.0.1:0",
                         "--no-tls", "--no-gzip"], "--url-file")
    print_table(rows, reference)


if __name__ == "__main__":
    main()
