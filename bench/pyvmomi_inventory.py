# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads what `failback discover` asks for with pyVmomi, page by page, and keeps it. bench/discovery.py measures it.

usage: pyvmomi_inventory.py PATHS.json

PATHS.json names the properties of each managed type. The server comes by GOVC_URL, GOVC_USERNAME and GOVC_PASSWORD.
Runs with the python of the peers' virtual environment. Prints one line: objects and pages.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
import urllib.parse
from typing import Any

from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import VmomiSupport, vim, vmodl

Collector = vmodl.query.PropertyCollector


def read(content: Any, paths: dict[str, list[str]]) -> tuple[list[Any], int]:
    kinds = {VmomiSupport.GetWsdlType("urn:vim25", kind): names for kind, names in paths.items()}
    view = content.viewManager.CreateContainerView(content.rootFolder, list(kinds), True)
    walk = Collector.TraversalSpec(name="view", type=vim.view.ContainerView, path="view", skip=False)
    wanted = Collector.FilterSpec(
        objectSet=[Collector.ObjectSpec(obj=view, skip=True, selectSet=[walk])],
        propSet=[Collector.PropertySpec(type=kind, pathSet=names) for kind, names in kinds.items()])
    kept: list[Any] = []
    pages = 0
    page = content.propertyCollector.RetrievePropertiesEx([wanted], Collector.RetrieveOptions(maxObjects=100))
    while page is not None:
        pages += 1
        kept.extend(page.objects)
        if not page.token:
            break
        page = content.propertyCollector.ContinueRetrievePropertiesEx(page.token)
    view.DestroyView()
    return kept, pages


def main() -> None:
    url = urllib.parse.urlsplit(os.environ["GOVC_URL"])
    service = SmartConnect(protocol=url.scheme, host=url.hostname, port=url.port or 443,
                           user=os.environ["GOVC_USERNAME"], pwd=os.environ["GOVC_PASSWORD"],
                           disableSslCertValidation=True)
    try:
        kept, pages = read(service.RetrieveContent(), json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8")))
        print(f"objects {len(kept)} pages {pages}")
    finally:
        Disconnect(service)


if __name__ == "__main__":
    main()
