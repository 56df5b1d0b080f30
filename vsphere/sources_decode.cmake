# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of failback_vsphere that turn vSphere's answers into our values.
set(FAILBACK_VSPHERE_DECODE_SOURCES
    binding/decode_containers.cpp
    binding/decode_datastore.cpp
    binding/decode_devices.cpp
    binding/decode_disk.cpp
    binding/decode_guest.cpp
    binding/decode_host.cpp
    binding/decode_network.cpp
    binding/decode_object.cpp
    binding/decode_server.cpp
    binding/decode_snapshots.cpp
    binding/decode_task.cpp
    binding/decode_vm.cpp
    binding/fault_decoder.cpp
    binding/page_reader.cpp
    binding/quarantine.cpp
    binding/typed_page_decoder.cpp
    binding/values.cpp
    fault_names.cpp
    model/device.cpp
    model/virtual_machine.cpp
    property_table.cpp)
