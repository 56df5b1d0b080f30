# SPDX-License-Identifier: GPL-2.0-or-later
"""A server as a child process, and what the kernel says of it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path


class Server:
    """Starts the command with --url-file (spelled as the command wants it) and waits until it serves."""

    def __init__(self, command: list[str], url_option: str, timeout: float = 300):
        self._folder = tempfile.TemporaryDirectory()
        self.url_file = url_file = Path(self._folder.name) / "url"
        start = time.perf_counter()
        self._process = subprocess.Popen([*command, url_option, str(url_file)], stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not url_file.exists():
            if self._process.poll() is not None or time.perf_counter() - start > timeout:
                self.stop()
                raise RuntimeError(f"{command[0]} did not start")
            time.sleep(0.005)
        self.up_seconds = time.perf_counter() - start
        self.url = url_file.read_text().strip()

    def cpu_seconds(self) -> float:
        """User and system, of all threads, since the start."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_until_idle(self, limit: float = 120) -> float:
        """Until it has used no CPU for a while. Returns the seconds since it served."""
        start = quiet = time.perf_counter()
        before = self.cpu_seconds()
        while (now := time.perf_counter()) - quiet < 0.5 and now - start < limit:
            time.sleep(0.05)
            used = self.cpu_seconds()
            if used - before > 0.01:
                quiet, before = now, used
        return quiet - start

    def peak_mebibytes(self) -> float:
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._folder.cleanup()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
