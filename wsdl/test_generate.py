# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of the generator on a small API of its own. Run: python3 -m unittest discover -s wsdl"""

from __future__ import annotations

import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import generate  # noqa: E402
from generator import model, official, registry  # noqa: E402
from generator.model import GeneratorError  # noqa: E402


def schema(body: str) -> str:
    return f"""<schema targetNamespace="urn:vim25" xmlns="http://www.w3.org/2001/XMLSchema"
        xmlns:vim25="urn:vim25" xmlns:xsd="http://www.w3.org/2001/XMLSchema">{body}</schema>"""


def complex_type(name: str, base: str, *members: str) -> str:
    """members: 'name type [?] [*]'; ? optional, * a list."""
    elements = ""
    for text in members:
        n, t, *flags = text.split()
        kind = t if t.startswith("xsd:") else "vim25:" + t
        elements += f'<element name="{n}" type="{kind}"'
        elements += ' minOccurs="0"' if "?" in flags else ""
        elements += ' maxOccurs="unbounded"' if "*" in flags else ""
        elements += "/>"
    sequence = f"<sequence>{elements}</sequence>"
    if base:
        sequence = f'<complexContent><extension base="vim25:{base}">{sequence}</extension></complexContent>'
    return f'<complexType name="{name}">{sequence}</complexType>'


CORE = (
    complex_type("DynamicData", "")
    + complex_type("MethodFault", "", "faultCause LocalizedMethodFault ?")
    + complex_type("LocalizedMethodFault", "DynamicData", "fault MethodFault", "localizedMessage xsd:string ?")
    + complex_type("RuntimeFault", "MethodFault")
)


def vim_types(disk_members=("key xsd:int", "backing Backing ?", "notes Notes ?", "shares Shares ?"), more="") -> str:
    return (
        complex_type("Device", "DynamicData", *disk_members)
        + complex_type("Disk", "Device", "capacity xsd:long", "mode DiskMode ?")
        + complex_type("FlatDisk", "Disk")
        + complex_type("Backing", "DynamicData", "fileName xsd:string")
        + complex_type("Notes", "DynamicData", "text xsd:string")
        + complex_type("Shares", "DynamicData", "level xsd:int")
        + complex_type("Config", "DynamicData", "name xsd:string", "device Device ? *")
        + complex_type("Event", "DynamicData", "key xsd:int")
        + complex_type("VmEvent", "Event")
        + complex_type("VmOnEvent", "VmEvent")
        + '<simpleType name="DiskMode"><restriction base="xsd:string"><enumeration value="flat"/>'
        '<enumeration value="raw"/></restriction></simpleType>' + more
    )


# The same API as pyVmomi's tables would hold it.
FAKE_PYVMOMI = '''
V1, V8, V9 = "vim.version.version11", "vim.version.v8_0_0_0", "vim.version.v9_0_0_0"
versionIdMap = {V1: "6.5", V8: "8.0.0.0", V9: "9.0.0.0"}
def GetInternedWsdlNamespace(version): return "urn:vim25"
def _data(*rows): return {r[0]: list(r) for r in rows}
_dataDefMap = _data(
  ("vim.Device", "Device", "vmodl.DynamicData", V1, [
    ("key", "int", V1, 0), ("backing", "vim.Backing", V1, 4), ("notes", "vim.Notes", V1, 4),
    ("group", "int", V9, 4), ("shares", "vim.Shares", V1, 4)]),
  ("vim.Disk", "Disk", "vim.Device", V1, [("capacity", "long", V1, 0), ("mode", "vim.DiskMode", V1, 4)]),
  ("vim.NvmeDisk", "NvmeDisk", "vim.Disk", V9, []),
  ("vim.Backing", "Backing", "vmodl.DynamicData", V1, [("fileName", "string", V1, 0)]),
  ("vim.Notes", "Notes", "vmodl.DynamicData", V1, [("text", "string", V1, 0)]),
  ("vim.Shares", "Shares", "vmodl.DynamicData", V1, [("level", "int", V1, 0)]),
  ("vim.Config", "Config", "vmodl.DynamicData", V1, [("name", "string", V1, 0), ("device", "vim.Device[]", V1, 4)]),
  ("vim.Event", "Event", "vmodl.DynamicData", V1, [("key", "int", V1, 0)]),
  ("vim.VmEvent", "VmEvent", "vim.Event", V1, []),
  ("vim.VmOnEvent", "VmOnEvent", "vim.VmEvent", V1, []),
)
_enumDefMap = {"vim.DiskMode": ["vim.DiskMode", "DiskMode", V1, ["flat", "raw"]]}
_managedDefMap = {
  "vim.Task": ["vim.Task", "Task", "vmodl.ManagedObject", V1, [], []],
  "vim.VM": ["vim.VM", "VM", "vmodl.ManagedObject", V1,
    [("config", "vim.Config", V1, 4, "System.Read"), ("host", "vim.VM", V9, 4, None)],
    [("rename", "Rename_Task", V1,
      (("newName", "string", V1, 0, None), ("pool", "vim.VM", V1, 4, "Resource.Assign"), ("hint", "int", V9, 4, None)),
      (0, "vim.Task", "vim.Config[]"), "VM.Rename", ["vmodl.RuntimeFault"]),
     ("newest", "Newest", V9, (), (0, "void", "void"), None, None)]],
}
'''

MANIFEST = """
[methods]
VM = ["Rename_Task"]
[properties]
VM = ["config.device.backing"]
[families]
names = ["Device"]
[events]
names = ["VmEvent"]
[schema_only]
families = ["Event"]
"""


class World:
    """The sources and the manifest of one test, in a folder of their own."""

    def __init__(self, test: unittest.TestCase):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for release in model.RELEASES:
            self.types(release, vim_types())
            (self.root / "xsd" / release / "core-types.xsd").write_text(schema(CORE))
            (self.root / "xsd" / release / "query-types.xsd").write_text(schema(""))
        package = self.root / "py" / "pyVmomi"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "_typeinfos.py").write_text("")
        self.registry(FAKE_PYVMOMI)
        self.manifest(MANIFEST)
        self.reviewed("")

    def types(self, release: str, body: str) -> None:
        path = self.root / "xsd" / release
        path.mkdir(parents=True, exist_ok=True)
        (path / "vim-types.xsd").write_text(schema(body))

    def registry(self, text: str) -> None:
        (self.root / "py" / "pyVmomi" / "VmomiSupport.py").write_text(text)

    def manifest(self, text: str) -> None:
        (self.root / "manifest.toml").write_text(text)

    def reviewed(self, text: str) -> None:
        (self.root / "disagreements.toml").write_text(text)

    def run(self) -> dict[str, str]:
        for name in [n for n in sys.modules if n.split(".")[0] == "pyVmomi"]:
            del sys.modules[name]
        sys.dont_write_bytecode = True
        files, _ = generate.generate(
            self.root / "xsd", self.root / "py", self.root / "manifest.toml", self.root / "disagreements.toml"
        )
        return files


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


class Closure(unittest.TestCase):
    def setUp(self):
        self.world = World(self)

    def test_families_bring_all_subtypes_and_paths_keep_their_members(self):
        files = self.world.run()
        for name in ("Device", "Disk", "FlatDisk", "Backing", "Config", "VmEvent", "Event"):
            self.assertIn(f'complexType name="{name}"', files["vim25-binding.wsdl"])
        self.assertIn('name="backing" type="vim25:Backing"', files["vim25-binding.wsdl"])

    def test_what_is_left_out_is_listed(self):
        files = self.world.run()
        self.assertEqual(lines(files["dropped.txt"]), ["Device.notes: Notes", "Device.shares: Shares"])
        self.assertNotIn('name="notes"', files["vim25-binding.wsdl"])

    def test_keep_brings_a_member_back_and_takes_it_off_the_list(self):
        self.world.manifest(MANIFEST + '[keep]\nDevice = ["notes"]\n')
        files = self.world.run()
        self.assertEqual(lines(files["dropped.txt"]), ["Device.shares: Shares"])
        self.assertIn('name="notes" type="vim25:Notes"', files["vim25-binding.wsdl"])

    def test_a_member_that_the_schema_gains_is_seen_in_the_list(self):
        before = self.world.run()["dropped.txt"]
        more = complex_type("Extra", "DynamicData")
        self.world.types("8.0", vim_types(("key xsd:int", "extra Extra ?", "backing Backing ?", "notes Notes ?",
                                           "shares Shares ?"), more))
        self.world.reviewed('[[difference]]\nwhat = "Device.extra: only in official"\nreason = "test"\n')
        after = self.world.run()["dropped.txt"]
        self.assertEqual(set(lines(after)) - set(lines(before)), {"Device.extra: Extra"})

    def test_the_command_prints_what_is_newly_lost_or_gained(self):
        files = self.world.run()
        folder = self.world.root / "out"
        generate.write(files, folder)
        self.assertEqual(generate.dropped_changes(folder, files), [])
        self.world.manifest(MANIFEST + '[keep]\nDevice = ["notes"]\n')
        kept = self.world.run()
        self.assertEqual(generate.dropped_changes(folder, kept), ["gained: Device.notes: Notes"])
        generate.write(kept, folder)
        self.assertEqual(generate.dropped_changes(folder, files), ["lost:   Device.notes: Notes"])

    def test_a_file_that_is_no_longer_written_is_removed(self):
        folder = self.world.root / "out"
        folder.mkdir()
        (folder / "old.tsv").write_text("x")
        generate.write(self.world.run(), folder)
        self.assertFalse((folder / "old.tsv").exists())
        self.assertTrue((folder / "dropped.txt").exists())

    def test_a_task_result_and_a_list_on_a_path_get_their_wrappers(self):
        files = self.world.run()
        self.assertIn('complexType name="ArrayOfConfig"', files["vim25-binding.wsdl"])
        self.assertIn('complexType name="ArrayOfDevice"', files["vim25-binding.wsdl"])

    def test_two_runs_give_the_same_bytes(self):
        self.assertEqual(self.world.run(), self.world.run())


class Manifest(unittest.TestCase):
    def setUp(self):
        self.world = World(self)

    def stops(self, *texts: str):
        with self.assertRaises(GeneratorError) as caught:
            self.world.run()
        for text in texts:
            self.assertIn(text, str(caught.exception))

    def test_wrong_names_are_all_reported_with_the_nearest_right_one(self):
        self.world.manifest('[methods]\nVM = ["Rename_Tsk"]\n[types]\nnames = ["Bakcing"]\n[keep]\nDevice = ["notse"]\n')
        self.stops("Rename_Tsk", "Rename_Task", "Bakcing", "Backing", "notse", "notes")

    def test_a_path_that_does_not_resolve_stops(self):
        self.world.manifest('[properties]\nVM = ["config.device.bakcing", "nonsense"]\n')
        self.stops("config.device.bakcing", "no property 'nonsense'")

    def test_a_method_newer_than_the_schema_must_be_asked_for_by_name(self):
        self.world.manifest('[methods]\nVM = ["Newest"]\n')
        self.stops("Newest", "newer than 8.0", "from_registry")
        self.world.manifest('[methods]\nVM = ["Newest"]\n[from_registry]\nmethods = ["Newest"]\n')
        self.assertIn('element name="Newest"', self.world.run()["vim25.xsd"])

    def test_a_parameter_newer_than_the_schema_is_left_out(self):
        self.assertNotIn('name="hint"', self.world.run()["vim25.xsd"])

    def test_an_unknown_section_stops(self):
        self.world.manifest("[method]\n")
        self.stops("unknown section method")


class Disagreement(unittest.TestCase):
    WHAT = "Disk.capacity: optional official=false registry=true"

    def setUp(self):
        self.world = World(self)
        self.changed = FAKE_PYVMOMI.replace('("capacity", "long", V1, 0)', '("capacity", "long", V1, 4)')

    def test_sources_that_agree_pass_and_newer_members_are_no_difference(self):
        self.world.run()

    def test_an_unreviewed_difference_stops_and_names_itself(self):
        self.world.registry(self.changed)
        with self.assertRaises(GeneratorError) as caught:
            self.world.run()
        self.assertIn(self.WHAT, str(caught.exception))

    def test_a_reviewed_difference_passes_and_the_official_schema_is_followed(self):
        self.world.registry(self.changed)
        self.world.reviewed(f'[[difference]]\nwhat = "{self.WHAT}"\nreason = "made optional later"\n')
        self.assertIn('<xsd:element name="capacity" type="xsd:long"/>', self.world.run()["vim25.xsd"])

    def test_a_review_without_a_reason_stops(self):
        self.world.registry(self.changed)
        self.world.reviewed(f'[[difference]]\nwhat = "{self.WHAT}"\n')
        self.assertRaises(GeneratorError, self.world.run)

    def test_a_reviewed_difference_that_is_gone_stops(self):
        self.world.reviewed(f'[[difference]]\nwhat = "{self.WHAT}"\nreason = "made optional later"\n')
        with self.assertRaises(GeneratorError) as caught:
            self.world.run()
        self.assertIn("no longer exist", str(caught.exception))

    def test_base_order_type_and_arity_are_compared(self):
        for old, new, what in (
            ('"vim.Disk", "Disk", "vim.Device"', '"vim.Disk", "Disk", "vim.Backing"', "Disk: base"),
            ('("capacity", "long", V1, 0), ("mode", "vim.DiskMode", V1, 4)',
             '("mode", "vim.DiskMode", V1, 4), ("capacity", "long", V1, 0)', "Disk: member order"),
            ('("capacity", "long", V1, 0)', '("capacity", "int", V1, 0)', "Disk.capacity: type"),
            ('("capacity", "long", V1, 0)', '("capacity", "long[]", V1, 0)', "Disk.capacity: list"),
            ('("capacity", "long", V1, 0), ', "", "Disk.capacity: only in official"),
            ('("capacity", "long", V1, 0)', '("capacity", "long", V1, 0), ("size", "int", V8, 4)',
             "Disk.size: only in registry"),
        ):
            with self.subTest(what):
                self.assertIn(old, FAKE_PYVMOMI)
                self.world.registry(FAKE_PYVMOMI.replace(old, new))
                with self.assertRaises(GeneratorError) as caught:
                    self.world.run()
                self.assertIn(what, str(caught.exception))


class Output(unittest.TestCase):
    def setUp(self):
        self.world = World(self)

    def test_the_binding_is_lax_and_without_enums_the_public_schema_is_not(self):
        files = self.world.run()
        self.assertIn('<xsd:element name="capacity" type="xsd:long" minOccurs="0"/>', files["vim25-binding.wsdl"])
        self.assertIn('<xsd:element name="mode" type="xsd:string" minOccurs="0"/>', files["vim25-binding.wsdl"])
        self.assertNotIn("xsd:enumeration", files["vim25-binding.wsdl"])
        self.assertIn('<xsd:element name="capacity" type="xsd:long"/>', files["vim25.xsd"])
        self.assertIn('<xsd:element name="mode" type="vim25:DiskMode" minOccurs="0"/>', files["vim25.xsd"])
        self.assertIn('<xsd:enumeration value="raw"/>', files["vim25.xsd"])

    def test_a_task_method_answers_with_the_reference_not_with_what_the_task_will_hold(self):
        xsd = self.world.run()["vim25.xsd"]
        response = xsd[xsd.index('element name="Rename_TaskResponse"'):]
        self.assertIn('name="returnval" type="vim25:ManagedObjectReference"', response[:400])

    def test_request_members_stand_in_the_order_of_the_registry_behind_this(self):
        xsd = self.world.run()["vim25.xsd"]
        request = xsd[xsd.index('complexType name="RenameRequestType"'):][:500]
        self.assertLess(request.index('"_this"'), request.index('"newName"'))
        self.assertLess(request.index('"newName"'), request.index('"pool"'))

    def test_types_outside_the_subset_know_their_nearest_ancestor(self):
        table = dict(line.split("\t") for line in lines(self.world.run()["nearest.tsv"]))
        self.assertEqual(table["NvmeDisk"], "Disk")  # newer than the schema
        self.assertEqual(table["VmOnEvent"], "VmEvent")
        self.assertEqual(table["DiskMode"], "xsd:string")
        self.assertEqual(table["Notes"], "DynamicData")

    def test_privileges_of_method_and_parameter_are_written(self):
        rows = lines(self.world.run()["privileges.tsv"])
        self.assertEqual(rows, ["Rename_Task\t-\tVM.Rename", "Rename_Task\tpool\tResource.Assign"])

    def test_the_release_that_brought_a_member_is_told(self):
        self.world.types("6.5", vim_types(("key xsd:int", "shares Shares ?")))
        text = self.world.run()["types_table.cpp"]
        self.assertIn('{"key", "xsd:int", false, false, true, Since::k65}', text)
        self.assertIn('{"backing", "Backing", false, true, true, Since::k67}', text)
        # Not in the class, but known to the table.
        self.assertIn('{"notes", "Notes", false, true, false, Since::k67}', text)

    def test_what_only_the_table_knows_has_no_class(self):
        files = self.world.run()
        self.assertIn('{"VmOnEvent", "VmEvent", Kind::kObject, Since::k65, false, {}, {}}', files["types_table.cpp"])
        self.assertNotIn("VmOnEvent", files["vim25-binding.wsdl"])

    def test_properties_newer_than_the_schema_are_left_out(self):
        text = self.world.run()["managed_table.cpp"]
        self.assertIn('"config"', text)
        self.assertNotIn('"host"', text)


class Versions(unittest.TestCase):
    def test_development_versions_belong_to_the_release_that_followed(self):
        for version, release in (("2.5u2", "6.5"), ("6.5", "6.5"), ("6.7", "6.7"), ("6.7.1", "7.0"), ("6.9.1", "7.0"),
                                 ("7.0.0.0", "7.0"), ("7.0.3.2", "8.0"), ("8.0.0.0", "8.0"), ("8.0.0.1", "later"),
                                 ("8.0.2.0", "later"), ("9.1.0.0", "later")):
            self.assertEqual(model.release_of(version), release, version)


class Sources(unittest.TestCase):
    def test_a_missing_schema_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(GeneratorError) as caught:
            official.read_official(Path(folder))
        self.assertIn("refresh.sh", str(caught.exception))

    def test_a_missing_registry_says_what_to_do(self):
        for name in [n for n in sys.modules if n.split(".")[0] == "pyVmomi"]:
            del sys.modules[name]
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(GeneratorError) as caught:
            registry.read_registry(Path(folder))
        self.assertIn("refresh.sh", str(caught.exception))

    def test_the_pins_name_a_version_and_a_digest_each(self):
        text = textwrap.dedent((HERE / "pins.txt").read_text())
        entries = [e for e in text.replace("\\\n", " ").splitlines() if e.strip() and not e.startswith("#")]
        self.assertEqual(len(entries), 2)
        for entry in entries:
            self.assertRegex(entry, r"^[a-z.]+==[0-9.]+ +--hash=sha256:[0-9a-f]{64}$")


if __name__ == "__main__":
    unittest.main()
