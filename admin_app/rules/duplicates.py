"""When two registrations may be the same dispute: same kind, near in time, and a party in common.

A hint, never a bar: two neighbours may well quarrel twice in a month.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_BETWEEN = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True)
class Sought:
    """What another registration is compared with; `kind` "" where it is not known yet."""

    day: date
    names: frozenset[str]
    numbers: frozenset[str] = frozenset()
    kind: str = ""

    def window(self, days: int) -> tuple[date, date]:
        """From which day to which one looks."""
        return self.day - timedelta(days=days), self.day + timedelta(days=days)

    def shared(self, names: Iterable[str], numbers: Iterable[str | None]) -> str:
        """What another registration has in common with this one, in words; "" for nothing."""
        same = sorted(self.names.intersection(names))
        if same:
            return f"当事人都有{'、'.join(same)}"
        return "有当事人证件号码相同" if self.numbers.intersection(filter(None, numbers)) else ""


def sought(day: date, names: Iterable[str | None], numbers: Iterable[str | None], kind: str | None) -> Sought:
    """What to look for, without blanks."""
    return Sought(
        day,
        frozenset(each.strip() for each in names if each and each.strip()),
        frozenset(each for each in numbers if each),
        kind or "",
    )


def names_in(text: str | None) -> list[str]:
    """The persons named in one line: 「王某、李某」."""
    return [each for each in _BETWEEN.split(text or "") if each]
