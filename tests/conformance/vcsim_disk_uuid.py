# SPDX-License-Identifier: GPL-2.0-or-later
"""vcsim shows a disk's own VM the UUID that the disk was to get, and all others one that it makes of the file's name.

A real server keeps the UUID in the disk's file and shows the same to all. This does what it takes on vcsim: the VM
is shown the file's. usage: vcsim_disk_uuid.py VM (server and account: GOVC_URL and so on)
"""

from __future__ import annotations

import os
import ssl
import sys
import urllib.parse

from pyVim.connect import Disconnect, SmartConnect
from pyVim.task import WaitForTask
from pyVmomi import vim


def main() -> int:
    url = urllib.parse.urlsplit(os.environ["GOVC_URL"])
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    service = SmartConnect(host=url.hostname, port=url.port, user=os.environ["GOVC_USERNAME"],
                           pwd=os.environ["GOVC_PASSWORD"], sslContext=trust)
    try:
        content = service.RetrieveContent()
        datacenter = content.rootFolder.childEntity[0]
        machine = next(each for each in datacenter.vmFolder.childEntity if each.name == sys.argv[1])
        changes = []
        for device in machine.config.hardware.device:
            if not isinstance(device, vim.vm.device.VirtualDisk):
                continue
            device.backing.uuid = content.virtualDiskManager.QueryVirtualDiskUuid(device.backing.fileName, datacenter)
            changes.append(vim.vm.device.VirtualDeviceSpec(operation="edit", device=device))
        WaitForTask(machine.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=changes)))
        print(f"{len(changes)} disks")
    finally:
        Disconnect(service)
    return 0


if __name__ == "__main__":
    sys.exit(main())
