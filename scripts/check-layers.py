#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the direction of the dependencies: a file may include headers of its own folder and of those below it.

It also holds that generated vim25 code is included only where it may be seen: in wsdl/, in vsphere/'s
implementation (never in its public headers) and in mocks/.
"""
import pathlib
import re
import sys

BELOW = {
    "wsdl": [],
    "vsphere": ["wsdl"],
    "discovery": ["vsphere", "wsdl"],
    "provisioning": ["discovery", "vsphere", "wsdl"],
    "cli": ["provisioning", "discovery", "vsphere"],
    "daemon": ["provisioning", "discovery", "vsphere"],
    "mocks": ["wsdl"],
    "tests": ["cli", "daemon", "provisioning", "discovery", "vsphere", "wsdl", "mocks"],
    "bench": ["vsphere", "wsdl"],
}
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]')
GENERATED = re.compile(r"(^|/)(soapH|soapStub|vim_?[A-Za-z]*Service|soapVim\w*)\.h$")
MAY_SEE_GENERATED = {"wsdl", "mocks", "tests"}


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    errors = []
    count = 0
    for folder, below in BELOW.items():
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in {".h", ".cpp"}:
                continue
            count += 1
            relative = path.relative_to(root)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                target = match.group(1)
                top = target.split("/")[0]
                if top in BELOW and top != folder and top not in below:
                    errors.append(f"{relative}:{number}: {folder}/ may not include {target}: "
                                  f"it may use {', '.join(below) or 'nothing'} only")
                if GENERATED.search(target) and not (
                        folder in MAY_SEE_GENERATED or relative.parts[:2] == ("vsphere", "binding")
                        or (folder == "vsphere" and path.suffix == ".cpp")):
                    errors.append(f"{relative}:{number}: generated vim25 types are not seen here ({target})")
    for error in errors:
        print(error, file=sys.stderr)
    print(f"layers: {count} files, {len(errors)} violations")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
