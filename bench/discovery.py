# SPDX-License-Identifier: GPL-2.0-or-later
"""What a discovery costs the client: failback beside its floor and beside other people's clients, on mock-vcenter.

usage: bench/discovery.py [--bin DIR] [--bench DIR] [--peers DIR] [--vms N,N,...] [--rtt TIME] [--repeat N] [--gzip]

Prints a table and how far the targets are; asserts nothing. bench/README.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from client_runs import Run, Runner, answered_bytes, asked_paths, pages
from server import Server
from vim_load import VimLoad

ROOT = Path(__file__).resolve().parent.parent
DONE = (0, 3)  # 3: something could not be read
WHOLE = ["config.hardware.device", "config.extraConfig", "layoutEx"]
MIB = 1 << 20
# bench/README.md: CPU against the floor, and MiB at a size with the whole inventory kept.
FLOOR_RATIO = 1.5
PEAKS = {1000: 20, 10000: 50, 45000: 150}
VARIANTS: dict[str, tuple[str, ...]] = {
    "discover": (), "discover -o jsonl": ("-o", "jsonl"), "discover --thin": ("--thin",),
    "discover --full": ("--full",)}


@dataclass
class Row:
    client: str
    vms: int
    run: Run
    floor: float = 0.0  # CPU seconds of curl + SAX2 on the same bytes; 0: there is none


@dataclass
class Bench:
    options: argparse.Namespace
    work: Path
    rows: list[Row] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def size(self, vms: int) -> None:
        """All clients at one size."""
        with self.server(vms) as server:
            print(f"bench: {vms} VMs", file=sys.stderr)
            server.wait_until_idle()
            runner = self.runner(server)
            asked: dict[str, list[str]] = {}
            floor = 0.0
            for name, words in VARIANTS.items():
                recording = self.record(runner, words)
                asked = asked or asked_paths(recording)
                if name in ("discover", "discover --thin", "discover --full"):
                    floor = self.floors(runner, vms, recording, name)
                run = self.add(f"failback {name}", vms, self.failback(runner, *words), floor)
                run.bytes = answered_bytes(recording)
                if name == "discover":
                    standard, read = run, pages(recording)
                    standard_floor = floor
                shutil.rmtree(recording)
            self.peers(runner, vms, asked, standard_floor)
            self.check(server, runner, vms)
        self.targets(vms, standard, standard_floor)
        self.distant(vms, standard, read)

    def server(self, vms: int, *options: str) -> Server:
        # The largest site of the targets has 2,500 hosts and 1,000 datastores.
        scenario = f"generate:hosts={max(1, vms // 18)},datastores={max(1, vms // 45)},vms={vms}"
        command = [str(self.options.bin / "mock-vcenter"), "--scenario", scenario, "--listen", "127.0.0.1:0", *options]
        return Server(command + ([] if self.options.gzip else ["--no-gzip"]), "--url-file")

    def runner(self, server: Server) -> Runner:
        return Runner(server, self.options.bench, self.options.bin / "mock-vcenter")

    def failback(self, runner: Runner, *words: str | Path) -> Run:
        return runner.run([self.options.bin / "failback", "discover", "--quiet", *words], DONE, self.options.repeat)

    def record(self, runner: Runner, words: tuple[str, ...]) -> Path:
        """A run that is not measured, because it writes down what it receives."""
        recording = self.work / "recording"
        runner.run([self.options.bin / "failback", "discover", "--quiet", "--record", recording, *words], DONE)
        return recording

    def floors(self, runner: Runner, vms: int, recording: Path, name: str) -> float:
        floor = 0.0
        url = runner.server.url_file
        kinds = (("curl", ["--discard"]), ("curl + SAX2", [])) if name == "discover" else (("curl + SAX2", []),)
        for kind, words in kinds:
            run = runner.run([self.options.bench / "bench-sax-floor", *words, url, recording],
                             times=self.options.repeat)
            run.bytes = int(re.search(r"bytes (\d+)", run.output)[1])
            suffix = name.removeprefix("discover").strip()
            self.rows.append(Row(f"{kind} {suffix}".strip(), vms, run))
            floor = run.cpu
        self.rows[-1].floor = floor
        return floor

    def add(self, client: str, vms: int, run: Run, floor: float) -> Run:
        self.rows.append(Row(client, vms, run, floor))
        return run

    def peers(self, runner: Runner, vms: int, asked: dict[str, list[str]], floor: float) -> None:
        peers, paths = self.options.peers, self.work / "paths.json"
        paths.write_text(json.dumps(asked), encoding="utf-8")
        commands: list[tuple[str, Path, list[str | Path]]] = [
            ("govmomi", peers / "bin" / "inventory", ["-keep", paths]),
            ("govmomi, pages dropped", peers / "bin" / "inventory", [paths]),
            ("govc object.collect -json, VMs only", peers / "bin" / "govc",
             ["object.collect", "-json", "-type", "VirtualMachine", "/", *asked["VirtualMachine"]]),
            ("pyVmomi", peers / "venv" / "bin" / "python", [ROOT / "bench" / "pyvmomi_inventory.py", paths]),
        ]
        for client, program, words in commands:
            if not program.is_file():
                note = f"LEFT OUT: {client}: {program} is missing: scripts/peers.sh --bench gets it"
                if note not in self.findings:
                    self.findings.append(note)
                continue
            run = self.add(client, vms, runner.run([program, *words]), floor)
            counted = re.search(r"bytes (\d+)", run.output)
            run.bytes = int(counted[1]) if counted else 0

    def check(self, server: Server, runner: Runner, vms: int) -> None:
        """What a check of one machine reads, against what it would be to ask the large properties of every VM."""
        load = VimLoad(server.url)
        view = load.view("VirtualMachine")
        load.bytes = 0
        load.read(view, "VirtualMachine", WHOLE)
        plan, recording = self.work / "plan.json", self.work / "check"
        failback = self.options.bin / "failback"
        names = list(self.names(runner))
        runner.run([failback, "plan", "init", "--quiet", "-o", "json", "--machine", names[0], "--master-target", names[1],
                    "--datastore", names[2], "--out", plan], DONE)
        run = runner.run([failback, "check", plan, "--quiet", "--record", recording], (0, 3, 4))
        read = answered_bytes(recording)
        shutil.rmtree(recording)
        plan.unlink()
        self.findings.append(
            f"{vms} VMs: a check of one machine reads {read / vms / 1e3:.2f} KB per VM in {run.calls} calls; "
            f"{', '.join(WHOLE)} of all are {load.bytes / vms / 1e3:.2f} KB per VM: 1/{load.bytes / read:.1f} "
            f"({_verdict(5 * read <= load.bytes)}: 1/5)")

    def names(self, runner: Runner) -> Iterator[str]:
        """Two machines and a datastore."""
        for kind in ("virtualMachine", "datastore"):
            out = self.work / "names.csv"
            runner.run([self.options.bin / "failback", "discover", "--thin", "--quiet", "--kind", kind, "-o", "csv",
                        "--out", out], DONE)
            head, *lines = out.read_text(encoding="utf-8").splitlines()
            column = head.split(",").index("name")
            yield from (line.split(",")[column] for line in lines[:2 if kind == "virtualMachine" else 1])
            out.unlink()

    def targets(self, vms: int, run: Run, floor: float) -> None:
        ratio = run.cpu / floor
        self.findings.append(f"{vms} VMs: failback discover takes {ratio:.2f} x the floor's CPU "
                             f"({_verdict(ratio <= FLOOR_RATIO)}: {FLOOR_RATIO})")
        if vms in PEAKS:
            self.findings.append(f"{vms} VMs: failback discover peaks at {run.peak / MIB:.0f} MiB "
                                 f"({_verdict(run.peak <= PEAKS[vms] * MIB)}: {PEAKS[vms]})")

    def distant(self, vms: int, near: Run, read: int) -> None:
        """The same with a server that answers later."""
        rtt = self.options.rtt
        if rtt <= 0:
            return
        with self.server(vms, "--delay", f"{rtt}ms") as server:
            server.wait_until_idle()
            run = self.add(f"failback discover, {rtt} ms away", vms, self.failback(self.runner(server)), 0.0)
            run.bytes = near.bytes
        allowed = near.wall + (10 + read / 4) * rtt / 1e3
        self.findings.append(f"{vms} VMs: {rtt} ms away failback discover takes {run.wall:.2f} s "
                             f"({_verdict(run.wall <= allowed)}: {near.wall:.2f} s as near by, and 10 + {read} pages / 4 "
                             f"round trips, are {allowed:.2f} s)")

    def table(self) -> list[list[str]]:
        lines = [["client", "VMs", "MB", "KB/VM", "calls", "CPU s", "x floor", "CPU/VM", "peak MiB", "wall s"]]
        first: dict[str, float] = {}
        for row in self.rows:
            run = row.run
            per_vm = run.cpu / row.vms
            growth = per_vm / first.setdefault(row.client, per_vm) if per_vm > 0 else 0.0
            lines.append([
                row.client, str(row.vms), f"{run.bytes / 1e6:.1f}" if run.bytes else "-",
                f"{run.bytes / 1e3 / row.vms:.2f}" if run.bytes else "-", str(run.calls), f"{run.cpu:.3f}",
                f"{run.cpu / row.floor:.2f}" if row.floor > 0 else "-", f"{growth:.2f}", f"{run.peak / MIB:.0f}",
                f"{run.wall:.2f}"])
        return lines


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def _print(lines: list[list[str]]) -> None:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(line, widths))).rstrip())


def _milliseconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)ms", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text} is no time such as 20ms")
    return int(match[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin")
    parser.add_argument("--bench", type=Path, default=ROOT / "build/release/bench")
    parser.add_argument("--peers", type=Path, default=ROOT / "build/peers", help="what scripts/peers.sh --bench got")
    parser.add_argument("--vms", default="1000,5000,10000,45000")
    parser.add_argument("--rtt", type=_milliseconds, default=20, help="delay of each answer in a run of its own; 0ms: none")
    parser.add_argument("--repeat", type=int, default=3, help="runs of failback and of the floor; the quickest counts")
    parser.add_argument("--gzip", action="store_true", help="let the server compress answers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="failback-bench-") as work:
        bench = Bench(options, Path(work))
        for text in options.vms.split(","):
            bench.size(int(text))
    _print(bench.table())
    print()
    for line in bench.findings:
        print(line)


if __name__ == "__main__":
    main()
