// SPDX-License-Identifier: GPL-2.0-or-later
// A plan as somebody may write it, for tests to change.
#pragma once

#include <string>

namespace failback::provisioning {

inline const std::string planText = R"(# The web shop comes home.
version: 1
id: 5f1c7d52-3a64-4d2b-9a52-0c1d2e3f4a5b
vcenter:
  instanceUuid: 11111111-2222-3333-4444-555555555555
masterTargets:
  - name: mt-linux-01
    instanceUuid: 52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7c55
    retention:
      path: /mnt/retention/
machines:
  - id: web-01
    masterTarget: mt-linux-01
    source:
      name: web-01
      instanceUuid: 502e71fa-1a00-759b-e40f-ce778e915f16
      osFamily: linux
      guestId: ubuntu64Guest
      cpus: 4
      coresPerSocket: 2
      memoryMB: 8192
      firmware: efi
      secureBoot: true
      disks:
        - id: system
          capacityBytes: 21474836480
          uuid: 6000C29a-5c1d-8f0e-3b7a-2d4e6f8091a3
          controller: {type: pvscsi, bus: 0}
          unit: 0
        - id: data
          capacityBytes: 107374182400
          controller: {type: pvscsi, bus: 0}
          unit: 1
      nics:
        - id: eth0
          mac: 00:50:56:9a:01:02
          network: VM Network
    home:
      datastore: vmfs-01
      networks: {"VM Network": "prod # 7"}
    consents:
      powerOff: true
)";

inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  return at == std::string::npos ? std::string("no such text: ") + what : text.replace(at, what.size(), with);
}

}  // namespace failback::provisioning
