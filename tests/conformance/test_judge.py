#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of the judge itself: right messages pass, and each kind of wrong one is found."""

from __future__ import annotations

import contextlib
import io
import pathlib
import tempfile
import unittest

import judge

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"\n'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"\n'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{header}'
    "<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
)

LOGIN = ('<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this>'
         "<userName>anna</userName><password>***</password></Login>")

RETRIEVE = ('<RetrievePropertiesEx xmlns="urn:vim25">'
            '<_this type="PropertyCollector">propertyCollector</_this>'
            "<specSet><propSet><type>VirtualMachine</type>{specification}</propSet>"
            '<objectSet><obj type="VirtualMachine">vm-42</obj><skip>false</skip></objectSet>'
            "</specSet><options><maxObjects>100</maxObjects></options></RetrievePropertiesEx>")

PROPERTIES = ('<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects>'
              '<obj type="VirtualMachine">vm-42</obj>{properties}</objects></returnval>'
              "</RetrievePropertiesExResponse>")

RUNTIME = ('<propSet><name>runtime</name><val xsi:type="VirtualMachineRuntimeInfo">'
           "<connectionState>connected</connectionState><powerState>{power}</powerState>"
           "{rest}</val></propSet>")
RUNTIME_REST = ("<faultToleranceState>notConfigured</faultToleranceState>"
                "<toolsInstallerMounted>false</toolsInstallerMounted>"
                "<numMksConnections>0</numMksConnections>"
                "<recordReplayState>inactive</recordReplayState>"
                "<onlineStandby>false</onlineStandby>"
                "<consolidationNeeded>false</consolidationNeeded>")

FAULT = ("<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>no</faultstring>"
         "<detail>{detail}</detail></soapenv:Fault>")


def message(body: str, header: str = "") -> bytes:
    return ENVELOPE.format(body=body, header=header).encode()


def runtime(power: str = "poweredOn", rest: str = RUNTIME_REST) -> bytes:
    return message(PROPERTIES.format(properties=RUNTIME.format(power=power, rest=rest)))


class SingleMessages(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.judge = judge.Judge("8.0")

    def assertValid(self, data: bytes, side: str, foreign: bool = False) -> None:
        found = self.judge.judge(data, side, foreign).violations
        self.assertEqual([], [str(violation) for violation in found])

    def assertWrong(self, data: bytes, side: str, *words: str, foreign: bool = False) -> None:
        found = self.judge.judge(data, side, foreign).violations
        self.assertTrue(found, "the judge found nothing wrong")
        text = "\n".join(str(violation) for violation in found)
        for word in words:
            self.assertIn(word, text)

    def test_right_requests(self) -> None:
        self.assertValid(message(LOGIN), "request")
        self.assertEqual("Login", self.judge.judge(message(LOGIN), "request").method)
        self.assertValid(
            message(LOGIN, "<soapenv:Header><operationID>7f-1</operationID></soapenv:Header>"),
            "request")
        paths = "<pathSet>name</pathSet><pathSet>runtime</pathSet>"
        self.assertValid(message(RETRIEVE.format(specification=paths)), "request")

    def test_right_answers(self) -> None:
        self.assertValid(runtime(), "response")
        name = '<propSet><name>name</name><val xsi:type="xsd:string">web &amp; co</val></propSet>'
        self.assertValid(message(PROPERTIES.format(properties=name)), "response")
        empty = ('<propSet><name>datastore</name>'
                 '<val xsi:type="ArrayOfManagedObjectReference"/></propSet>')
        self.assertValid(message(PROPERTIES.format(properties=empty)), "response")
        self.assertValid(message('<LogoutResponse xmlns="urn:vim25"/>'), "response")
        self.assertValid(message('<RetrievePropertiesExResponse xmlns="urn:vim25"/>'), "response")

    def test_lists_as_results(self) -> None:
        self.assertValid(message('<FindAllByUuidResponse xmlns="urn:vim25"/>'), "response")
        self.assertWrong(message('<CurrentTimeResponse xmlns="urn:vim25"/>'), "response",
                         "returnval")

    def test_wrong_order(self) -> None:
        swapped = LOGIN.replace("<userName>anna</userName><password>***</password>",
                                "<password>***</password><userName>anna</userName>")
        self.assertWrong(message(swapped), "request", "Body/Login/password", "Expected is",
                         "userName")
        backwards = "<pathSet>name</pathSet><all>false</all>"
        self.assertWrong(message(RETRIEVE.format(specification=backwards)), "request", "all")

    def test_wrong_order_inside_a_value(self) -> None:
        rest = ("<faultToleranceState>notConfigured</faultToleranceState>"
                "<numMksConnections>0</numMksConnections>"
                "<toolsInstallerMounted>false</toolsInstallerMounted>")
        self.assertWrong(runtime(rest=rest), "response", "propSet/val")

    def test_empty_enumeration(self) -> None:
        self.assertWrong(runtime(power=""), "response", "val/powerState", "''", "poweredOff")

    def test_missing_mandatory_member(self) -> None:
        self.assertWrong(message(LOGIN.replace("<password>***</password>", "")), "request",
                         "Body/Login", "Missing child element", "password")
        rest = ("<faultToleranceState>notConfigured</faultToleranceState>"
                "<toolsInstallerMounted>false</toolsInstallerMounted>")
        self.assertWrong(runtime(rest=rest), "response", "numMksConnections")

    def test_property_without_value(self) -> None:
        bare = "<propSet><name>guest</name></propSet>"
        self.assertWrong(message(PROPERTIES.format(properties=bare)), "response", "propSet", "val")

    def test_value_without_type(self) -> None:
        untyped = "<propSet><name>name</name><val>web</val></propSet>"
        self.assertWrong(message(PROPERTIES.format(properties=untyped)), "response",
                         "propSet/val", "without xsi:type")

    def test_unknown_type_of_a_value(self) -> None:
        odd = '<propSet><name>name</name><val xsi:type="NoSuchThing">web</val></propSet>'
        self.assertWrong(message(PROPERTIES.format(properties=odd)), "response", "NoSuchThing")

    def test_unknown_method_and_member(self) -> None:
        unknown = '<LogMeIn xmlns="urn:vim25"><_this type="SessionManager">x</_this></LogMeIn>'
        self.assertWrong(message(unknown), "request", "unknown method LogMeIn")
        extra = LOGIN.replace("</Login>", "<locale>en</locale><again>x</again></Login>")
        self.assertWrong(message(extra), "request", "Body/Login/again")

    def test_newer_method_is_named_as_such(self) -> None:
        old = judge.Judge("6.5")
        call = ('<CheckVmConfig_Task xmlns="urn:vim25">'
                '<_this type="VirtualMachineProvisioningChecker">x</_this><spec/>'
                "</CheckVmConfig_Task>")
        found = old.judge(message(call), "request").violations
        self.assertIn("newer than this release", str(found[0]))
        self.assertValid(message(call), "request")

    def test_types_that_came_with_a_later_build(self) -> None:
        answer = ('<QueryFileLockInfoResponse xmlns="urn:vim25"><returnval><lockInfo>{member}'
                  "</lockInfo></returnval></QueryFileLockInfoResponse>")
        members = ("<filePath>[ds] a/a.vmdk</filePath><host>10.0.0.1</host><mac>00:50:56:00:00:01"
                   "</mac><id>1</id><worldName>vmx</worldName><lockMode>exclusive</lockMode>"
                   "<acquired>2026-01-01T00:00:00Z</acquired><heartbeat>2026-01-01T00:00:00Z"
                   "</heartbeat><refCount>1</refCount>")
        self.assertValid(message(answer.format(member=members)), "response")
        self.assertWrong(message(answer.format(member="<mac/>")), "response", "filePath")

    def test_request_and_answer_are_not_mixed_up(self) -> None:
        self.assertWrong(message(LOGIN), "response", "expected LoginResponse")
        answer = message('<LogoutResponse xmlns="urn:vim25"/>')
        self.assertWrong(answer, "request", "unknown method")
        self.assertWrong(message(FAULT.format(detail="")), "request", "a fault as a request")

    def test_faults_by_type(self) -> None:
        right = '<InvalidLoginFault xmlns="urn:vim25" xsi:type="InvalidLogin"/>'
        self.assertValid(message(FAULT.format(detail=right)), "response")
        self.assertValid(message(FAULT.format(detail="")), "response")
        full = ('<NoPermissionFault xmlns="urn:vim25" xsi:type="NoPermission">'
                '<object type="Datastore">datastore-1</object>'
                "<privilegeId>System.Read</privilegeId></NoPermissionFault>")
        self.assertValid(message(FAULT.format(detail=full)), "response")

    def test_wrong_faults(self) -> None:
        untyped = '<InvalidLoginFault xmlns="urn:vim25"/>'
        self.assertWrong(message(FAULT.format(detail=untyped)), "response", "without xsi:type")
        unknown = '<OddFault xmlns="urn:vim25" xsi:type="Odd"/>'
        self.assertWrong(message(FAULT.format(detail=unknown)), "response", "Odd", "is no fault")
        data = '<AboutInfoFault xmlns="urn:vim25" xsi:type="AboutInfo"/>'
        self.assertWrong(message(FAULT.format(detail=data)), "response", "is no fault")
        incomplete = '<InvalidPropertyFault xmlns="urn:vim25" xsi:type="InvalidProperty"/>'
        self.assertWrong(message(FAULT.format(detail=incomplete)), "response", "name")
        misnamed = '<Fault xmlns="urn:vim25" xsi:type="InvalidLogin"/>'
        self.assertWrong(message(FAULT.format(detail=misnamed)), "response", "InvalidLoginFault")
        self.assertValid(message(FAULT.format(detail=misnamed)), "response", foreign=True)

    def test_letters_of_the_xsi_prefix(self) -> None:
        other = runtime().replace(b"xmlns:xsi=", b"xmlns:i=").replace(b"xsi:type", b"i:type")
        self.assertWrong(other, "response", "prefix i")
        self.assertValid(other, "response", foreign=True)

    def test_habits_of_other_clients(self) -> None:
        versioned = LOGIN.replace("<userName>", '<userName versionId="5.5">')
        self.assertWrong(message(versioned), "request", "versionId")
        self.assertValid(message(versioned), "request", foreign=True)
        undeclared = message(
            '<UpdateOptions xmlns="urn:vim25"><_this type="OptionManager">x</_this><changedValue>'
            '<key>a</key><value xsi:type="xsd:string">b</value></changedValue></UpdateOptions>'
        ).replace(b' xmlns:xsd="http://www.w3.org/2001/XMLSchema"\n', b"")
        self.assertWrong(undeclared, "request", "xsd:string")
        self.assertValid(undeclared, "request", foreign=True)

    def test_fetch_of_pyvmomi(self) -> None:
        call = ('<Fetch xmlns="urn:vim25"><_this type="Folder">group-d1</_this>'
                "<prop>name</prop></Fetch>")
        self.assertValid(message(call), "request")
        answer = ('<FetchResponse xmlns="urn:vim25"><returnval xsi:type="xsd:string">a</returnval>'
                  "</FetchResponse>")
        self.assertValid(message(answer), "response")
        self.assertWrong(message(answer.replace(' xsi:type="xsd:string"', "")), "response",
                         "without xsi:type")

    def test_property_paths(self) -> None:
        def asks(*paths: str) -> bytes:
            text = "".join(f"<pathSet>{path}</pathSet>" for path in paths)
            return message(RETRIEVE.format(specification=text))

        self.assertValid(asks("config.hardware.device[2000]", "runtime.host", "guest.net",
                              'config.extraConfig["a.b"].value', "summary.config.name"), "request")
        for path, why in (("config.hardwear", "no property hardwear"),
                          ("config.hardware.device.key", "device is a list"),
                          ("runtime.host.name", "reference to another object"),
                          ("runtime[1]", "is no list"), ("", "no property path"),
                          ("name.", "no property path"), ("config..name", "no property path")):
            self.assertWrong(asks("name", path), "request", "pathSet[2]", why)
        other = asks("name").replace(b"<type>VirtualMachine", b"<type>VirtualMaschine")
        self.assertWrong(other, "request", "no managed object type VirtualMaschine")

    def test_property_paths_of_an_old_release(self) -> None:
        request = message(RETRIEVE.format(specification="<pathSet>config.createDate</pathSet>"))
        self.assertValid(request, "request")
        found = judge.Judge("6.5").judge(request, "request").violations
        self.assertIn("createDate is newer than this release", str(found[0]))

    def test_traversal_paths(self) -> None:
        walk = ('<selectSet xsi:type="TraversalSpec"><type>ContainerView</type><path>{path}</path>'
                "<skip>false</skip></selectSet></objectSet>")
        request = message(RETRIEVE.format(specification="<pathSet>name</pathSet>"))
        for path in ("view", "vieww"):
            asked = request.replace(b"</objectSet>", walk.format(path=path).encode())
            if path == "view":
                self.assertValid(asked, "request")
            else:
                self.assertWrong(asked, "request", "selectSet/path", "no property vieww")

    def test_not_xml(self) -> None:
        self.assertWrong(b"<html><body>503", "response", "document")
        self.assertWrong(message(LOGIN)[:-40], "request", "document")

    def test_versions_file(self) -> None:
        right = (b'<?xml version="1.0"?><namespaces version="1.0"><namespace><name>urn:vim25</name>'
                 b"<version>8.0.3.0</version><priorVersions><version>8.0.2.0</version>"
                 b"</priorVersions></namespace></namespaces>")
        self.assertValid(right, "response")
        self.assertWrong(right.replace(b"<name>urn:vim25</name>", b""), "response", "name")


class Folders(unittest.TestCase):
    def setUp(self) -> None:
        self._temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self._temporary.cleanup)
        self.folder = pathlib.Path(self._temporary.name)

    def write(self, name: str, content: bytes | str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def run_judge(self, *arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = judge.main([*arguments, str(self.folder)])
        return code, out.getvalue()

    def test_counts_and_exit_code(self) -> None:
        self.write("a/000-Login.request.xml", message(LOGIN))
        self.write("a/001-RetrievePropertiesEx.response.xml", runtime())
        code, text = self.run_judge()
        self.assertEqual(0, code, text)
        self.assertIn("requests 1/1 valid, answers 1/1 valid, 0 broken by order", text)
        self.write("b/000-RetrievePropertiesEx.response.xml", runtime(power=""))
        code, text = self.run_judge()
        self.assertEqual(1, code, text)
        self.assertIn("answers 1/2 valid", text)
        self.assertIn("b/000-RetrievePropertiesEx.response.xml", text)

    def test_broken_by_order(self) -> None:
        self.write("000-Login.request.xml", message(LOGIN))
        self.write("000-Login.response.xml", b"<html>")
        self.write("000-Login.response.broken", "truncated by fault injection\n")
        code, text = self.run_judge()
        self.assertEqual(0, code, text)
        self.assertIn("1 broken by order", text)

    def test_cut_off(self) -> None:
        self.write("000-Login.request.xml", message(LOGIN))
        self.write("000-Login.response.xml", message(LOGIN)[:80])
        self.write("000-Login.headers", "status 200\n> SOAPAction: x\n")
        self.assertEqual(1, self.run_judge()[0])
        self.write("000-Login.headers", "status 200\nended before the whole answer had come\n")
        code, text = self.run_judge()
        self.assertEqual(0, code, text)
        self.assertIn("1 cut off", text)

    def test_foreign_folders(self) -> None:
        self.write("x/JUDGE", "# vcsim wrote these\nanswers: foreign\n")
        self.write("x/y/000-RetrievePropertiesEx.response.xml", runtime(power=""))
        self.write("x/y/000-Login.request.xml", message(LOGIN))
        code, text = self.run_judge()
        self.assertEqual(0, code, text)
        self.assertIn("other servers' answers 0/1 valid", text)
        self.assertEqual(1, self.run_judge("--judge-foreign")[0])
        self.write("x/y/001-Login.request.xml", message(LOGIN.replace("userName", "user")))
        self.assertEqual(1, self.run_judge()[0], "our own requests are judged there all the same")

    def test_folder_of_an_older_release(self) -> None:
        request = message(RETRIEVE.format(specification="<pathSet>config.createDate</pathSet>"))
        self.write("x/000-RetrievePropertiesEx.request.xml", request)
        self.assertEqual(0, self.run_judge()[0])
        self.write("x/JUDGE", "version: 6.5\n")
        self.assertEqual(1, self.run_judge()[0])

    def test_coverage(self) -> None:
        self.write("000-Login.request.xml", message(LOGIN))
        listed = self.folder / "methods.txt"
        listed.write_text("Login  # by every command\n\n", encoding="utf-8")
        self.assertEqual(0, self.run_judge("--must-cover", str(listed))[0])
        listed.write_text("Login\nLogout\n", encoding="utf-8")
        code, text = self.run_judge("--must-cover", str(listed))
        self.assertEqual(1, code)
        self.assertIn("Logout: the product can send it, no recorded request does", text)
        listed.write_text("# none\n", encoding="utf-8")
        code, text = self.run_judge("--must-cover", str(listed))
        self.assertEqual(1, code)
        self.assertIn("Login: was sent, but is not in the list", text)

    def test_requests_of_others_cover_nothing(self) -> None:
        self.write("JUDGE", "requests: foreign\n")
        self.write("000-Login.request.xml", message(LOGIN))
        listed = self.folder / "methods.txt"
        listed.write_text("Login\n", encoding="utf-8")
        self.assertEqual(1, self.run_judge("--must-cover", str(listed))[0])

    def test_nothing_recorded_is_no_success(self) -> None:
        code, text = self.run_judge()
        self.assertEqual(1, code)
        self.assertIn("nothing was judged", text)


class Releases(unittest.TestCase):
    def test_every_release_compiles_and_judges(self) -> None:
        for version in ("6.5", "6.7", "7.0", "8.0"):
            with self.subTest(version):
                found = judge.Judge(version).judge(message(LOGIN), "request").violations
                self.assertEqual([], found)


if __name__ == "__main__":
    unittest.main()
