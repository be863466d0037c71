"""A step is a row: what moves a life from one state to the next, and what must be known for it.

Buttons, forms, checks, the drawn diagram and the tests read these rows; none of them lists steps again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from admin_app.rules.choices import Choice
from admin_app.rules.refusals import NotNow

State = TypeVar("State", bound=Choice)


@dataclass(frozen=True)
class Step(Generic[State]):
    """One arrow of a life. `to` None means that the state stays; `back`, that the one it had before returns.

    `needs` and `asks` name fields of the record: those that must be known when the step is over, and those
    that may be given with it. `each` names one list of the record and the fields asked of each of its lines;
    `whole` a list given entire; `line` a list to which the step adds one line, and `of_line` the fields of
    such lines, where not all of them are asked. A `led` step is taken by the life of another thing. A `batch`
    step may be taken on several records at once. `lands` are the states one of which an old book tells.
    """

    name: str
    label: str
    sources: frozenset[State]
    to: State | None
    back: bool = False
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    each: tuple[str, tuple[str, ...]] | None = None
    whole: str = ""
    line: str = ""
    of_line: tuple[str, ...] = ()
    led: bool = False
    batch: bool = False
    lands: frozenset[State] = frozenset()

    def check(self, state: State) -> None:
        """Refuse with 409 when the life is not at a state from which this step starts."""
        if state not in self.sources:
            raise NotNow(f"现在是“{state.label}”，不能{self.label}。")


def step(name: str, label: str, sources: Iterable[State], to: State | None, **facts: Any) -> Step[State]:
    """A row of a table of steps."""
    return Step(name, label, frozenset(sources), to, **facts)
