# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints DIGEST:FILE for each file that has no DIGEST in the folder of those found clean.

usage: tidy_todo.py CLEAN-FOLDER COMMON-FILE... -- FILE...

The digest is over the file, the headers below the repository's root that it includes, directly or not, and the
common files (checks, version of the tool).
"""

import hashlib
import pathlib
import re
import sys

INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


class Headers:
    """What a file includes of ours: digests of contents by path."""

    def __init__(self):
        self.known = {}

    def read(self, path):
        if path not in self.known:
            content = pathlib.Path(path).read_bytes()
            found = [name.decode() for name in INCLUDE.findall(content)]
            folder = pathlib.Path(path).parent
            included = [str(each) for name in found for each in (pathlib.Path(name), folder / name) if each.is_file()]
            self.known[path] = hashlib.sha256(content).hexdigest(), included
        return self.known[path]

    def closure(self, path):
        seen, open_ones = set(), [path]
        while open_ones:
            each = open_ones.pop()
            if each not in seen:
                seen.add(each)
                open_ones += self.read(each)[1]
        return sorted(seen)


def main(arguments):
    split = arguments.index("--")
    clean, common, files = pathlib.Path(arguments[0]), arguments[1:split], arguments[split + 1 :]
    # What gSOAP generates follows from these; a change there concerns all.
    common += sorted(str(each) for each in pathlib.Path("wsdl/generated").glob("*") if each.is_file())
    start = hashlib.sha256("".join(hashlib.sha256(pathlib.Path(each).read_bytes()).hexdigest() for each in common).encode())
    headers = Headers()
    for file in files:
        digest = start.copy()
        for each in headers.closure(file):
            digest.update(f"{each} {headers.read(each)[0]}\n".encode())
        key = digest.hexdigest()[:40]
        if not (clean / key).exists():
            print(f"{key}:{file}")


if __name__ == "__main__":
    main(sys.argv[1:])
