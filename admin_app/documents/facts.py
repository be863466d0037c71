"""Facts: what a template may name, what each name means, and where it is read.

The list of names for whoever writes a template, the sample filling and the filling itself come from these
rows. Facts of lines and of things beside the case stand in files of their own (`line_facts.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from admin_app.documents.said import Saying
from admin_app.models.base import Base
from admin_app.models.fields import field_of

Facts = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One name of a template: what it means to a reader, and how it is read from a thing."""

    name: str
    meaning: str
    read: Callable[[Saying, Any], str]


@dataclass(frozen=True)
class Listing:
    """A name that stands for several things, each with facts of its own; never fewer than `least`."""

    name: str
    meaning: str
    things: Callable[[Any], Sequence[Any]]
    facts: tuple[Fact, ...]
    least: int = 0

    def read(self, saying: Saying, thing: Any) -> list[dict[str, str]]:
        found = [read_all(self.facts, saying, each) for each in self.things(thing)]
        empty = {each.name: "" for each in self.facts}
        return found + [dict(empty) for _ in range(self.least - len(found))]


def of_field(model: type[Base], name: str, called: str = "") -> Fact:
    """A fact that is a declared field: it means what the field's label says."""
    return Fact(called or name, field_of(model, name).label, lambda saying, thing: saying.of(thing, name))


def fact(name: str, meaning: str, read: Callable[[Saying, Any], str]) -> Fact:
    """A fact put together from several fields."""
    return Fact(name, meaning, read)


def read_all(facts: Sequence[Fact], saying: Saying, thing: Any) -> dict[str, str]:
    """The facts of one thing, by name."""
    return {each.name: each.read(saying, thing) for each in facts}
