# SPDX-License-Identifier: GPL-2.0-or-later
"""The list of conformance tests; each module of cases adds its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from support import Setup


@dataclass
class Report:
    """What a test wants to say beside passing, such as how much it compared."""

    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass(frozen=True)
class Case:
    name: str
    what: str
    function: Callable[[Setup, Report], None]
    alone: bool = False  # runs while no other test does (workers.py)


CASES: list[Case] = []


def case(name: str, *, alone: bool = False) -> Callable:
    """Registers a test. Its docstring is what it proves, in one sentence.

    alone: it compares times, or needs a port that it has given back to stay free.
    """
    def add(function: Callable[[Setup, Report], None]) -> Callable:
        if any(known.name == name for known in CASES):
            raise ValueError(f"two tests are named {name}")
        CASES.append(Case(name, (function.__doc__ or "").strip().splitlines()[0], function, alone))
        return function
    return add
