"""What rules of early warning see, day by day: facts are gathered here, the rules judge (M24)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.codes import codebook
from admin_app.models.units import Unit
from admin_app.operations import warning_facts as facts
from admin_app.operations.warning_facts import Counts, Look
from admin_app.rules.periods import Period
from admin_app.rules.warnings import (
    SURGING,
    Evidence,
    Fact,
    Rule,
    Sign,
    Signal,
    crowded,
    nearest,
    repeated,
    risky,
    surge,
    unusual,
    windows,
)

Judge = Callable[[Iterable[Rule], Fact], Signal | None]


def seen(session: Session, rules: Sequence[Rule], since: date, until: date, *, still: bool) -> list[Signal]:
    """All that these rules see in what happened from one day to another.

    `still`: also what is older and waits yet. What is above its usual level is told of the last day alone.
    """
    by_sign: dict[Sign, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_sign[rule.sign].append(rule)
    return [
        *_alone(session, by_sign[Sign.RISK], by_sign[Sign.PEOPLE], since, until, still=still),
        *_again(session, by_sign[Sign.AGAIN], since, until),
        *_visits(session, by_sign[Sign.VISITS], since, until),
        *surges(session, [*by_sign[Sign.KIND], *by_sign[Sign.PLACE]], until),
    ]


def _look(rules: Iterable[Rule], since: date, until: date, *, still: bool = False) -> Look:
    return Look(facts.topmost(each.path for each in rules), since, until, still)


def _judged(judge: Judge, rules: Sequence[Rule], given: Iterable[Fact]) -> list[Signal]:
    return [found for each in given if (found := judge(rules, each)) is not None]


def _alone(
    session: Session, risks: list[Rule], crowds: list[Rule], since: date, until: date, *, still: bool
) -> list[Signal]:
    """What one record shows by itself."""
    if not (risks or crowds):
        return []
    look = _look([*risks, *crowds], since, until, still=still)
    least = min((each.least for each in crowds), default=0)
    told = [*facts.cases(session, look, crowd=least), *facts.finds(session, look)]
    came = facts.visits(session, look) if crowds else []
    return _judged(risky, risks, told) + _judged(crowded, crowds, [*told, *came])


def _again(session: Session, rules: list[Rule], since: date, until: date) -> list[Signal]:
    """Cases of which a party was in others before."""
    if not rules:
        return []
    longest = timedelta(days=max(each.days for each in rules))
    new = facts.with_parties(session, facts.cases(session, _look(rules, since, until)))
    around = facts.with_same_parties(session, new, _look(rules, since - longest, until))
    return [found for each in new if (found := repeated(rules, each, around[each.id])) is not None]


def _visits(session: Session, rules: list[Rule], since: date, until: date) -> list[Signal]:
    """Visitors who have come before."""
    if not rules:
        return []
    longest = timedelta(days=max(each.days for each in rules))
    came = [
        each for each in facts.visits(session, _look(rules, since - longest, until)) if each.persons[0].keys
    ]
    new = [each for each in came if each.day >= since]
    around = facts.grouped(new, came)
    return [found for each in new if (found := repeated(rules, each, around[each.id])) is not None]


# ---------------------------------------------------------------- above the usual level


def surges(session: Session, rules: Sequence[Rule], *days: date) -> list[Signal]:
    """Where a day finds more cases than is usual; of several days, each surge on the first of them."""
    found: dict[str, Signal] = {}
    if not rules:
        return []
    widest = max(each.months for each in rules)
    paths = facts.topmost(each.path for each in rules)
    look = Look(paths, windows(min(days), widest)[-1].since or min(days), max(days))
    for tier in {each.tier for each in rules if each.tier}:
        own = [each for each in rules if each.tier is tier]
        counts = facts.counted(session, look, tier)
        for day in sorted(days):
            for signal in _surging(session, own, counts, day):
                found.setdefault(signal.key, signal)
    return list(found.values())


def _surging(session: Session, rules: Sequence[Rule], counts: Counts, day: date) -> Iterator[Signal]:
    """One day, every place and kind: the numbers of its windows against the rule that holds there."""
    places: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for (path, _), numbers in counts.items():
        for on, number in numbers.items():
            places[path][on] += number
    for sign, subjects in (
        (Sign.KIND, counts),
        (Sign.PLACE, {(path, ""): numbers for path, numbers in places.items()}),
    ):
        own = [each for each in rules if each.sign is sign]
        for (path, kind), numbers in subjects.items():
            found = (
                _told(session, r, path, kind, day, numbers, places[path]) for r in nearest(own, path, day)
            )
            yield from [each for each in found if each is not None][:1]


def _told(
    session: Session,
    rule: Rule,
    path: str,
    kind: str,
    day: date,
    numbers: Mapping[date, int],
    known: Mapping[date, int],
) -> Signal | None:
    """One place and kind by one rule; where nothing was before, nobody knows what is usual."""
    held = windows(day, rule.months)
    sums = [_sum(numbers, each) for each in held]
    if not unusual(sums[0], sums[1:], rule) or not any(_sum(known, each) for each in held[1:]):
        return None
    unit = session.scalars(select(Unit).where(Unit.path == path)).one()
    what = codebook(session).label("dispute_kind", kind, day) if kind else "纠纷"
    words = surge(rule, day, sums, what, unit.name)
    return Signal(rule, f"{unit.id}:{kind}:{day:%Y-%m}", day, words, path, unit.id, kind=kind)


def evidence_of(session: Session, signal: Signal) -> tuple[Evidence, ...]:
    """The records behind a signal; those of a surge are asked for only when it is told."""
    if signal.rule.sign not in SURGING:
        return signal.evidence
    of = facts.of_window(session, signal.path, signal.kind, signal.day.replace(day=1), signal.day)
    return tuple(Evidence(each.word, each.id, f"{each.day}：{each.about}") for each in of)


def _sum(numbers: Mapping[date, int], period: Period) -> int:
    return sum(number for on, number in numbers.items() if period.holds(on))
