#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A test of a tool of one's own against mock-vcenter: needs pyVmomi, and mock-vcenter's path as argument.

The "tool" here is start(): it powers a machine on, and tries again when a file of it is locked. The test
orders just that trouble for the first call, and then asks the server what it was asked.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse
from typing import Iterator

from pyVim.connect import Disconnect, SmartConnect
from pyVim.task import WaitForTask
from pyVmomi import vim


def start(machine: vim.VirtualMachine, tries: int = 3) -> None:
    """What is being tested."""
    for attempt in range(tries):
        try:
            WaitForTask(machine.PowerOnVM_Task())
            return
        except vim.fault.FileLocked:
            if attempt + 1 == tries:
                raise
            time.sleep(0.1)


@contextlib.contextmanager
def vcenter(program: str, scenario: str) -> Iterator[tuple[str, str]]:
    """A server for one test: its URL, and the file with it that `mock-vcenter ctl` wants."""
    with tempfile.TemporaryDirectory() as folder:
        url_file = pathlib.Path(folder, "url")
        server = subprocess.Popen([program, "--scenario", scenario, "--listen", "127.0.0.1:0",
                                   "--task-time", "20ms", "--url-file", url_file])
        try:
            while not url_file.exists():  # it is never half written
                if server.poll() is not None:
                    raise RuntimeError(f"mock-vcenter ended with {server.returncode}")
                time.sleep(0.02)
            yield url_file.read_text().strip(), str(url_file)
        finally:
            server.terminate()
            server.wait(10)


def main(program: str) -> None:
    with vcenter(program, "site") as (url, url_file):
        def ctl(*words: str) -> dict:
            command = [program, "ctl", "--url-file", url_file, *words]
            return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

        where = urllib.parse.urlsplit(url)
        service = SmartConnect(host=where.hostname, port=where.port,
                               user=urllib.parse.unquote(where.username or ""),
                               pwd=urllib.parse.unquote(where.password or ""),
                               disableSslCertValidation=True)
        machine = service.content.searchIndex.FindByInventoryPath("DC1/vm/Production/Linux/db-01")
        assert machine.runtime.powerState == "poweredOff"

        file = machine.config.files.vmPathName
        ctl("faults", "add", "--method", "PowerOnVM_Task", "--object", "db-01", "--call", "1",
            "--fault", "FileLocked", "--member", f"file={file}")
        start(machine)
        assert machine.runtime.powerState == "poweredOn"

        asked = ctl("calls")["methods"]["PowerOnVM_Task"]
        assert asked["calls"] == 2, asked
        Disconnect(service)
    print("started, at the second try")


if __name__ == "__main__":
    main(sys.argv[1])
