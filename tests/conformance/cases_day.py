# SPDX-License-Identifier: GPL-2.0-or-later
"""What an administrator does with govc in a day, on mock-vcenter."""

from __future__ import annotations

import json
import shlex

import govc_facts
from registry import Report, case
from support import HERE, Server, Setup, check, check_equal, run

# One command a line, in an order in which each makes sense. "!" before a command: it is refused.
MACHINES = """
vm.create -on=false -c 2 -m 1024 -ds vmfs-01 -net "VM Network" -g ubuntu64Guest -disk 10GB -pool Production new-vm
!vm.create -on=false -ds vmfs-01 -net "VM Network" -pool Production new-vm
vm.network.add -vm new-vm -net prod-100 -net.adapter e1000e
vm.network.change -vm new-vm -net prod-200 ethernet-0
vm.disk.create -vm new-vm -ds vmfs-01 -name new-vm/extra -size 1G
vm.disk.change -vm new-vm -disk.label "Hard disk 2" -size 2G
!vm.disk.change -vm new-vm -disk.label "Hard disk 2" -size 1G
device.scsi.add -vm new-vm -type lsilogic-sas
device.sata.add -vm new-vm
device.cdrom.add -vm new-vm
device.cdrom.insert -vm new-vm -device cdrom-3000 -ds vmfs-01 iso/none.iso
device.cdrom.eject -vm new-vm -device cdrom-3000
device.floppy.add -vm new-vm
device.serial.add -vm new-vm
device.usb.add -vm new-vm
device.clock.add -vm new-vm
device.ls -vm new-vm
device.info -vm new-vm
device.info -vm new-vm disk-*
device.boot -vm new-vm -delay 1000 -order cdrom,disk
device.disconnect -vm new-vm cdrom-3000
device.remove -vm new-vm floppy-8000
!device.remove -vm new-vm floppy-8000
vm.change -vm new-vm -c 4 -m 8192 -annotation changed -e guestinfo.a=b -nested-hv-enabled=true
vm.change -vm new-vm -name newer-vm
vm.upgrade -vm newer-vm
vm.power -on newer-vm
!vm.power -on newer-vm
!vm.change -vm newer-vm -c 8
vm.info -e -r -t newer-vm
vm.ip mt-linux-01
vm.migrate -host esx-02.site.example newer-vm
vm.migrate -ds vmfs-02 newer-vm
vm.migrate -pool Failback newer-vm
snapshot.create -vm newer-vm -m=false first
snapshot.create -vm newer-vm -m=false second
snapshot.tree -vm newer-vm -s -D -i -d
snapshot.revert -vm newer-vm first
snapshot.remove -vm newer-vm second
snapshot.remove -vm newer-vm *
!snapshot.revert -vm newer-vm first
vm.power -off -force newer-vm
vm.clone -vm newer-vm -on=false -ds vmfs-01 -pool Production copy-vm
vm.clone -vm newer-vm -on=false -ds vmfs-01 -pool Production -template copy-tpl
vm.clone -vm copy-tpl -ds vmfs-01 -pool Production -on=false from-tpl
vm.markastemplate copy-vm
!vm.power -on copy-vm
vm.markasvm -pool Production copy-vm
vm.unregister copy-vm
!vm.power -on copy-vm
vm.register -ds vmfs-01 -pool Production copy-vm/copy-vm.vmx
!vm.register -ds vmfs-01 -pool Production none/none.vmx
object.rename /DC1/vm/copy-vm renamed-vm
object.mv /DC1/vm/renamed-vm /DC1/vm/Templates
vm.disk.attach -vm from-tpl -ds vmfs-01 -disk copy-vm/copy-vm.vmdk -link=false
device.remove -vm from-tpl -keep disk-1000-1
vm.destroy from-tpl
!vm.info -json=false -vm.uuid 00000000-0000-0000-0000-000000000000 -fail
vm.option.ls
vm.option.ls -cluster Cluster-1
vm.option.info -cluster Cluster-1
vm.option.info -host esx-01.site.example -id vmx-13 ubuntu64Guest
vm.option.info -vm mt-linux-01
!vm.option.info -host none.site.example
vm.question -vm mt-linux-01
"""
PLACES = """
about
version
ls
ls -l /DC1/vm
find /
find / -type h -runtime.connectionState connected
tree /
datacenter.info
datacenter.create DC9
object.destroy /DC9
folder.create /DC1/vm/made
!folder.create /DC1/vm/made
folder.info /DC1/vm/made
pool.create /DC1/host/Cluster-1/Resources/made
pool.change -cpu.limit 100 /DC1/host/Cluster-1/Resources/made
pool.info /DC1/host/Cluster-1/Resources/made
pool.destroy /DC1/host/Cluster-1/Resources/made
cluster.change -drs-enabled Cluster-1
cluster.usage Cluster-1
cluster.override.change -vm web-01 -drs-mode manual
cluster.override.info
cluster.override.remove -vm web-01
cluster.group.create -cluster Cluster-1 -name made -vm web-01
cluster.group.ls -cluster Cluster-1
cluster.rule.create -cluster Cluster-1 -name made -enable -anti-affinity web-01 mt-linux-01
cluster.rule.ls -cluster Cluster-1
cluster.rule.info -cluster Cluster-1
cluster.rule.remove -cluster Cluster-1 -name made
cluster.group.remove -cluster Cluster-1 -name made
host.info -host esx-01.site.example
host.maintenance.enter esx-03.site.example
host.maintenance.exit esx-03.site.example
host.disconnect esx-03.site.example
host.reconnect esx-03.site.example
!cluster.add -cluster Cluster-1 -hostname esx-08.site.example -username root -password esx
!host.add -hostname esx-09.invalid -username root -password esx
datastore.info
datastore.ls -ds vmfs-01
datastore.cluster.info
datastore.cluster.change -drs-enabled VMFS-Cluster
datastore.create -type nfs -name made -remote-host nas.site.example -remote-path /made -mode readWrite esx-01.site.example
datastore.remove -ds made esx-01.site.example
permissions.set -principal readonly -role NoAccess /DC1
permissions.ls /DC1
permissions.remove -principal readonly /DC1
role.create made VirtualMachine.Interact.PowerOn
role.update -a made VirtualMachine.Interact.PowerOff
role.ls made
role.usage made
role.remove made
session.ls
session.login
events -n 5 /DC1/vm/Failback/mt-linux-01
events -type VmPoweredOnEvent -l
tasks
fields.add made
fields.set made yes /DC1/vm/Failback/mt-linux-01
fields.info -n made /DC1/vm/Failback/mt-linux-01
fields.rm made
license.ls
option.ls VirtualCenter.InstanceName
extension.info
object.collect /DC1/vm/Failback/mt-linux-01 summary.runtime.powerState
object.collect -type m / name
"""


def _work(govc: govc_facts.Govc, commands: str) -> int:
    wrong, done = [], 0
    for line in filter(None, commands.splitlines()):
        refused = line.startswith("!")
        result = govc.try_run(*shlex.split(line.removeprefix("!")), datacenter="DC1")
        done += 1
        if (result.code == 0) == refused:
            wrong.append(f"{line}: {result.code}: {(result.stderr or result.stdout).strip()[-200:]}")
    check(not wrong, "\n".join(wrong))
    return done


@case("govc-day-machines")
def govc_day_machines(setup: Setup, report: Report) -> None:
    """An administrator's day with machines: made, changed, moved, cloned, registered, removed."""
    program = setup.peer("govc")
    with setup.mock("--task-time", "10ms",
                    record=setup.records("govc-day-machines", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        report.note(f"{_work(govc, MACHINES)} commands")
        found = json.loads(govc.run("vm.info", "-json", "/DC1/vm/newer-vm"))["virtualMachines"][0]
        check_equal(4, found["config"]["hardware"]["numCPU"], "CPUs at the end")
        check(found["config"]["files"]["vmPathName"].startswith("[vmfs-02]"), "where it lies at the end")


@case("govc-day-places")
def govc_day_places(setup: Setup, report: Report) -> None:
    """An administrator's day with everything else."""
    program = setup.peer("govc")
    with setup.mock("--task-time", "10ms",
                    record=setup.records("govc-day-places", foreign=("requests",))) as server:
        report.note(f"{_work(govc_facts.Govc(program, server.login), PLACES)} commands")


VAPPS = """
ls -l /DC1/vm/Production
vapp.power -off shop
!vapp.power -off shop
vapp.power -on shop
!vapp.power -on shop
vapp.power -suspend shop
vapp.power -on shop
vapp.destroy shop
vapp.destroy shop
!vm.info -fail shop-db
"""


@case("govc-day-vapps")
def govc_day_vapps(setup: Setup, report: Report) -> None:
    """An administrator's day with a vApp: started, stopped, suspended, removed with its machines."""
    program = setup.peer("govc")
    with setup.mock("--task-time", "10ms", scenario="vapp",
                    record=setup.records("govc-day-vapps", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        report.note(f"{_work(govc, VAPPS)} commands")


@case("govc-day-hosts")
def govc_day_hosts(setup: Setup, report: Report) -> None:
    """Hosts are added as govc does it: the thumbprint comes from the first, refused try."""
    program = setup.peer("govc")
    with setup.mock("--task-time", "10ms",
                    record=setup.records("govc-day-hosts", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        for command, name, place in (
            (["cluster.add", "-cluster", "Cluster-1"], "esx-08.site.example", "/DC1/host/Cluster-1"),
            (["host.add"], "esx-09.site.example", "/DC1/host/esx-09.site.example"),
        ):
            command += ["-hostname", name, "-username", "root", "-password", "esx"]
            refused = govc.try_run(*command, datacenter="DC1")
            check("thumbprint=" in refused.stderr, f"{command[0]} names no thumbprint: {refused.stderr}")
            thumbprint = refused.stderr.rpartition("thumbprint=")[2].split()[0]
            added = govc.try_run(*command, "-thumbprint", thumbprint, datacenter="DC1")
            check_equal(0, added.code, f"{command[0]}: {added.stderr}")
            check(name in govc.run("ls", place), f"{name} is not in {place}")
        report.note("2 hosts")


def _everything(setup: Setup, server: Server) -> str:
    result = run([setup.python(), HERE / "pyvmomi_everything.py"], deadline=120, env=server.login.govc())
    return result.expect(0).stdout.strip()


@case("pyvmomi-everything")
def pyvmomi_everything(setup: Setup, report: Report) -> None:
    """Every property of every object of several sites can be read with pyVmomi, none with an error."""
    for scenario in ("site", "troubled", "devices", "vapp", "question", "esxi"):
        with setup.mock(scenario=scenario) as server:
            report.note(f"{scenario}: {_everything(setup, server)}")


@case("govc-save")
def govc_save(setup: Setup, report: Report) -> None:
    """govc object.save takes all objects with all properties away."""
    program = setup.peer("govc")
    with setup.folder() as folder, setup.mock() as server:
        saved = folder / "saved"
        govc = govc_facts.Govc(program, server.login)
        govc.run("object.save", "-d", str(saved), deadline=120)
        files = [file.name for file in saved.glob("*.xml")]
        machines = govc.run("find", "/", "-type", "m").split()
        check_equal(len(machines), sum("-VirtualMachine-" in name for name in files), "machines saved")
        text = next(saved.glob("*-VirtualMachine-*.xml")).read_text(encoding="utf-8")
        check("<name>config.hardware" in text or "<name>config</name>" in text, "no configuration was saved")
        report.note(f"{len(files)} objects")


@case("docs-example")
def docs_example(setup: Setup, report: Report) -> None:
    """The example of a test of one's own that the documentation shows does what it says."""
    program = HERE.parent.parent / "docs" / "examples" / "power_on_is_retried.py"
    result = run([setup.python(), program, setup.program("mock-vcenter")], deadline=60).expect(0)
    report.note(result.stdout.strip().splitlines()[-1])
