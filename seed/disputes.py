"""What people quarrel about: the stories of `disputes.csv`, by kind of dispute (SYS104)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

DISPUTES = Path(__file__).with_name("disputes.csv")
# SYS197: what the committee of a trade mostly hears.
KINDS_OF_TRADE = {
    "01": ("16",),
    "02": ("15",),
    "03": ("10", "11"),
    "04": ("17",),
    "05": ("14",),
    "06": ("12",),
    "07": ("13",),
}


@dataclass(frozen=True)
class Story:
    """One way a dispute goes. `opponent` is what kind of organisation the other side is, "" for a person."""

    kind: str
    weight: int
    opponent: str
    least: int
    most: int
    way: str
    brief: str
    agreement: str

    def amount(self, chance: Random) -> int:
        """A sum in yuan as people agree on, small ones more often; 0 where none is at stake."""
        if not self.most or (not self.least and chance.random() < 0.4):
            return 0
        sum_ = self.least + (self.most - self.least) * chance.random() ** 3
        return max(round(sum_ / 100) * 100, 100)


@cache
def stories(trade: str | None = None) -> tuple[Story, ...]:
    """The stories that the committee of a trade hears; all of them where it has no kind of its own."""
    with DISPUTES.open(encoding="utf-8", newline="") as file:
        found = [_story(row) for row in csv.DictReader(file)]
    kinds = KINDS_OF_TRADE.get(trade or "")
    return tuple(story for story in found if kinds is None or story.kind in kinds)


def _story(row: dict[str, str]) -> Story:
    return Story(
        kind=row["kind"],
        weight=int(row["weight"]),
        opponent=row["opponent"],
        least=int(row["least"]),
        most=int(row["most"]),
        way=row["way"],
        brief=row["brief"],
        agreement=row["agreement"],
    )


def story(chance: Random, trade: str | None = None) -> Story:
    """One of them, by weight."""
    choices = stories(trade)
    return chance.choices(choices, [each.weight for each in choices])[0]
