"""Taking the next number of a series, unit and year: without a gap and never twice.

The counter moves in the caller's own transaction, so a number that is not used after all is given back by
the rollback. Its row stays locked until then: take a number as late in a verb as can be.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin_app.models import parameters
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.counters import Counter
from admin_app.models.dossiers import Dossier
from admin_app.models.hand_overs import HandOver
from admin_app.models.referrals import Referral
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.rules import numbers
from admin_app.rules.numbers import LONGEST, Series
from admin_app.rules.parameters import PATTERN_OF
from admin_app.rules.refusals import NotNow
from admin_app.rules.tiers import ancestors

# Where the numbers of a series stand; whatever keeps another series adds its column here.
HELD: dict[Series, InstrumentedAttribute[str | None]] = {
    Series.CASE: Case.number,
    Series.AGREEMENT: Case.agreement_number,
    Series.REFERRAL: Referral.number,
    Series.LETTER: HandOver.number,
    Series.URGING: Urging.number,
    Series.DOSSIER: Dossier.number,
    Series.AWARD: AwardApplication.number,
}
_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_LAST = "\U0010ffff"  # no character comes after it


@dataclass(frozen=True)
class Run:
    """One run of numbers, and how they are written."""

    series: Series
    unit_id: int
    year: int
    pattern: str
    word: str

    def number(self, n: int) -> str:
        return numbers.formatted(self.pattern, year=self.year, unit=self.word, n=n)

    @property
    def row(self) -> ColumnElement[bool]:
        """SQL: the counter of this run."""
        return and_(Counter.series == self.series, Counter.unit_id == self.unit_id, Counter.year == self.year)


def take(session: Session, series: Series, unit: Unit, day: date) -> str:
    """The next number of a unit in the year of a day, in the pattern of that day.

    A run begins after the highest number that came in by another way (an import, a form), and leaps over
    such a number when it meets one later.
    """
    with session.no_autoflush:  # the record that gets the number may not be fit to be written yet
        pattern = parameters.text(session, PATTERN_OF[series], day)
        run = Run(series, unit.id, day.year, pattern, unit_word(session, unit))
        number = run.number(_next(session, run) or _first(session, run))
        if _stands(session, run, number):
            number = run.number(_next(session, run, after=_highest(session, run)))
    if len(number) > LONGEST:
        raise NotNow(f"编号“{number}”太长了，最多 {LONGEST} 个字，请系统管理员在“参数”里缩短编号格式。")
    return number


def unit_word(session: Session, unit: Unit) -> str:
    """What a unit is called in its numbers; see `rules.numbers.unit_word`."""
    same = select(Unit.path).where(Unit.name == unit.name, Unit.id != unit.id, Unit.removed_at.is_(None))
    others = list(session.scalars(same))
    if not others:
        return unit.name
    above = {each for path in (unit.path, *others) for each in ancestors(path)}
    rows = session.execute(select(Unit.path, Unit.name).where(Unit.path.in_(above)))
    names = {row.path: row.name for row in rows}

    def chain(path: str) -> list[str]:
        return [unit.name, *(names[each] for each in reversed(ancestors(path)))]

    return numbers.unit_word(chain(unit.path), [chain(path) for path in others])


def _next(session: Session, run: Run, after: int = 0) -> int:
    """Move the counter on, past `after` at least; 0 when there is none yet."""
    at_least = case((Counter.last < after, after), else_=Counter.last)
    move = update(Counter).where(run.row).values(last=at_least + 1).returning(Counter.last)
    return session.scalar(move, execution_options={"synchronize_session": False}) or 0


def _first(session: Session, run: Run) -> int:
    """Begin the run, or find that somebody else has just begun it: the insert waits for them."""
    begin = _INSERT[session.get_bind(mapper=Counter).dialect.name](Counter).values(
        series=run.series, unit_id=run.unit_id, year=run.year, last=_highest(session, run)
    )
    session.execute(begin.on_conflict_do_nothing())
    return _next(session, run)


def _highest(session: Session, run: Run) -> int:
    """The highest number of this run that stands anywhere, in the recycle bin too."""
    if run.series not in HELD:
        return 0
    before, after = numbers.ends(run.pattern, year=run.year, unit=run.word)
    standing = session.scalars(beginning_with(HELD[run.series], before))
    return numbers.highest([each for each in standing if each], before, after)


def beginning_with(column: InstrumentedAttribute[str | None], before: str) -> Select[str | None]:
    """The numbers with this beginning, as a range that the column's index serves on both databases."""
    return select(column).where(column >= before, column < before + _LAST)


def _stands(session: Session, run: Run, number: str) -> bool:
    column = HELD.get(run.series)
    return column is not None and session.scalar(select(column).where(column == number).limit(1)) is not None
