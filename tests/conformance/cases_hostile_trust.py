# SPDX-License-Identifier: GPL-2.0-or-later
"""Certificates that are not to be trusted: each refused with its own word, before a password leaves."""

from __future__ import annotations

import pathlib
import ssl

from cases_cli import TLS_TRUST, UNREACHABLE, check_secret
from hostile import Hostile, context, openssl, run_measured
from registry import Report, case
from support import Login, Setup, check, check_equal

SOON = 45
LATER = ("-days", 30)


class Authority:
    """A CA of the test's own, and what it signs; files in a folder."""

    def __init__(self, folder: pathlib.Path, name: str):
        self._folder, self._name = folder, name
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", *LATER, "-subj",
                f"/CN={name} CA", "-keyout", f"{name}.key", "-out", f"{name}.pem", cwd=folder)

    @property
    def file(self) -> pathlib.Path:
        return self._folder / f"{self._name}.pem"

    def signs(self, name: str, *, names: str = "IP:127.0.0.1", key: str = "rsa:2048",
              digest: str = "sha256", start: str = "", end: str = "") -> tuple[pathlib.Path, pathlib.Path]:
        """The certificate and the key of a server."""
        folder = self._folder
        openssl("req", "-newkey", key, "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
                "-out", f"{name}.csr", cwd=folder)
        (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n", encoding="utf-8")
        if start:
            self._signs_for(name, digest, start, end)
        else:
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{self._name}.pem", "-CAkey",
                    f"{self._name}.key", f"-{digest}", *LATER, "-extfile", f"{name}.ext",
                    "-out", f"{name}.pem", cwd=folder)
        return folder / f"{name}.pem", folder / f"{name}.key"

    def _signs_for(self, name: str, digest: str, start: str, end: str) -> None:
        """For a time of its own, which only `openssl ca` can say."""
        (self._folder / "index").write_text("", encoding="utf-8")
        (self._folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=here\n[here]\ndatabase=index\nrand_serial=yes\npolicy=any\n"
            "new_certs_dir=.\n[any]\ncommonName=supplied\n", encoding="utf-8")
        openssl("ca", "-batch", "-config", "ca.cnf", "-cert", f"{self._name}.pem", "-keyfile",
                f"{self._name}.key", "-in", f"{name}.csr", "-md", digest, "-startdate", start,
                "-enddate", end, "-extfile", f"{name}.ext", "-out", f"{name}.pem", cwd=self._folder)


def self_signed(folder: pathlib.Path, name: str) -> tuple[pathlib.Path, pathlib.Path]:
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", *LATER, "-subj", f"/CN={name}", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", f"{name}.key", "-out", f"{name}.pem", cwd=folder)
    return folder / f"{name}.pem", folder / f"{name}.key"


def thumbprint(certificate: pathlib.Path, digest: str = "sha256") -> str:
    import hashlib
    import ssl

    der = ssl.PEM_cert_to_DER_cert("-----BEGIN" + certificate.read_text().split("-----BEGIN", 1)[1])
    text = hashlib.new(digest, der).hexdigest().upper()
    return ":".join(text[at:at + 2] for at in range(0, len(text), 2))


def discover(setup: Setup, login: Login, files: tuple[pathlib.Path, pathlib.Path],
             **env: str) -> tuple[object, Hostile]:
    with Hostile(login, tls=context(*files)) as server:
        if "FAILBACK_URL" in env:
            env["FAILBACK_URL"] = env["FAILBACK_URL"].format(port=server.port)
        if "known" in env:
            file = pathlib.Path(env.pop("known"))
            file.write_text(file.read_text().replace("HERE", server.place), encoding="utf-8")
            env["GOVC_TLS_KNOWN_HOSTS"] = str(file)
        result = run_measured([setup.program("failback"), "discover", "-o", "json"],
                              server.environment(**env), SOON)
    check_secret(login.password, result)
    return result, server


@case("hostile-certificate")
def certificates(setup: Setup, report: Report) -> None:
    """Expired, of tomorrow, for another host, of an unknown CA, self-signed, weak: what and what to do."""
    with setup.mock("--no-tls") as mock, setup.folder() as folder:
        ours, theirs = Authority(folder, "ours"), Authority(folder, "theirs")
        ca = {"FAILBACK_CA_FILE": str(ours.file)}
        good = ours.signs("good")
        discover(setup, mock.login, good, **ca)[0].expect(0)
        cases = (
            ("expired", ours.signs("expired", start="20200101000000Z", end="20210101000000Z"), ca,
             ("expired on 2021-01-01", "renew")),
            ("of tomorrow", ours.signs("tomorrow", start="20900101000000Z", end="20910101000000Z"), ca,
             ("valid only from 2090-01-01", "clocks")),
            ("another host", ours.signs("other", names="DNS:vc.example,IP:10.0.0.7"), ca,
             ("is not for 127.0.0.1 but for vc.example, 10.0.0.7", "by a name that its certificate holds")),
            ("another name", good, ca | {"FAILBACK_URL": "https://localhost:{port}/sdk"},
             ("is not for localhost but for 127.0.0.1",)),
            ("unknown CA", theirs.signs("unknown"), ca,
             ("issued by a CA that is not in", str(ours.file), "theirs CA", "--ca-file")),
            ("unknown CA, system's store", theirs.signs("unknown2"), {},
             ("issued by a CA that is not in the system's store", "/certs/download.zip")),
            ("self-signed", self_signed(folder, "own"), {}, ("is self-signed", "--ca-file")),
            ("self-signed, beside a CA", self_signed(folder, "own2"), ca, ("is self-signed",)),
            ("weak key", ours.signs("weak", key="rsa:1024"), ca, ("too weak a key", "renew")),
            ("weak signature", ours.signs("sha1", digest="sha1"), ca, ("too weak a", "signature", "renew")),
        )
        for name, files, env, words in cases:
            result, server = discover(setup, mock.login, files, **env)
            result.expect(TLS_TRUST)
            check_equal("", result.stdout, f"standard output, {name}")
            seen = thumbprint(files[0])
            for word in (f":{server.port}", seen, f"--thumbprint {seen}", "subject CN=", *words):
                check(word in result.stderr, f"{name}: {word!r} is not in:\n{result.stderr}")
            check_equal([], server.requests, f"requests to a server that is not trusted: {name}")
            # The way out that each of them names.
            if name not in ("another name",):
                discover(setup, mock.login, files, FAILBACK_THUMBPRINT=seen)[0].expect(0)


@case("hostile-certificate-changed")
def changed(setup: Setup, report: Report) -> None:
    """A certificate that is not the one noted last time: both thumbprints, where it was noted, what to do."""
    with setup.mock("--no-tls") as mock, setup.folder() as folder:
        before, now = self_signed(folder, "before"), self_signed(folder, "now")
        for digest in ("sha256", "sha1"):
            noted = folder / f"known_hosts_{digest}"
            noted.write_text(f"vc.example {'AB:' * 19}AB\nHERE {thumbprint(before[0], digest)}\n",
                             encoding="utf-8")
            result, server = discover(setup, mock.login, now, known=str(noted))
            result.expect(TLS_TRUST)
            for word in (server.place, "has changed since it was noted in", str(noted),
                         thumbprint(before[0], digest), thumbprint(now[0], digest), "replace"):
                check(word in result.stderr, f"{word!r} is not in:\n{result.stderr}")
            check_equal([], server.requests, "requests to a server that is not trusted")
            noted.write_text(f"HERE {thumbprint(now[0], digest)}\n", encoding="utf-8")
            discover(setup, mock.login, now, known=str(noted))[0].expect(0)
        result, server = discover(setup, mock.login, now, FAILBACK_THUMBPRINT=thumbprint(before[0]))
        result.expect(TLS_TRUST)
        check("is not the pinned one" in result.stderr, result.stderr)


@case("hostile-handshake")
def handshakes(setup: Setup, report: Report) -> None:
    """A trusted server whose key exchange is too weak, or whose ciphers are none of ours: reached, and what is wrong."""
    with setup.mock("--no-tls") as mock, setup.folder() as folder:
        ours = Authority(folder, "ours")
        files = ours.signs("server")
        openssl("dhparam", "-dsaparam", "-out", "dh.pem", "1024", cwd=folder)
        weak, foreign = context(*files), context(*files)
        for made, ciphers in ((weak, "DHE:@SECLEVEL=0"), (foreign, "eNULL:@SECLEVEL=0")):
            made.maximum_version = ssl.TLSVersion.TLSv1_2
            made.set_ciphers(ciphers)
        weak.load_dh_params(str(folder / "dh.pem"))
        for tls, words in ((weak, ("key too small", "its TLS is too old to be safe")),
                           (foreign, ("no cipher or key type in common",))):
            with Hostile(mock.login, tls=tls) as server:
                result = run_measured([setup.program("failback"), "discover", "-o", "json"],
                                      server.environment(FAILBACK_CA_FILE=str(ours.file)), SOON)
            check_secret(mock.login.password, result)
            result.expect(UNREACHABLE)
            for word in (server.place, "the TLS handshake with", "the server was reached", *words):
                check(word in result.stderr, f"{word!r} is not in:\n{result.stderr}")
            check("firewalls" not in result.stderr, result.stderr)
            check_equal([], server.requests, "requests before the handshake has ended")
