"""A step is a row: what moves a life from one state to the next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from admin_app.rules.choices import Choice
from admin_app.rules.refusals import NotNow

State = TypeVar("State", bound=Choice)


@dataclass(frozen=True)
class Step(Generic[State]):
    """One arrow of a life. `to` None means that the state stays, or that it goes back to the one before."""

    name: str
    label: str
    sources: frozenset[State]
    to: State | None

    def check(self, state: State) -> None:
        """Refuse with 409 when the life is not at a state from which this step starts."""
        if state not in self.sources:
            raise NotNow(f"现在是“{state.label}”，不能{self.label}。")


def step(name: str, label: str, sources: Iterable[State], to: State | None) -> Step[State]:
    """A row of a table of steps."""
    return Step(name, label, frozenset(sources), to)
