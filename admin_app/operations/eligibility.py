"""Whether somebody qualifies: each item of a standard judged by its figures, live or as frozen (M28, M29).

Live figures move with the cases. At the first review they are frozen, line by line, with the item and the
ids behind it: whatever is published later is reckoned from those lines alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.awards import AwardApplication, AwardEvidence, AwardManual
from admin_app.models.standards import Standard, StandardLevel
from admin_app.operations.measuring import measure
from admin_app.rules import awards, standards
from admin_app.rules.awards import Attendance
from admin_app.rules.dates import today
from admin_app.rules.measures import BY_HAND, MEASURES, Evidence, Measure, Subject, rounded
from admin_app.rules.standards import CONDITIONS, Item, Level, PanelRule, Verdict, Way, plain
from admin_app.rules.tiers import PATH_WIDTH

Facts = Mapping[Measure, Evidence]


@dataclass(frozen=True)
class Reckoned:
    """What frozen evidence comes to: item by item, the panel's mean, and the whole."""

    verdicts: tuple[Verdict, ...]
    points: Decimal
    mean: Decimal
    score: Decimal


def facts_of(session: Session, standard: Standard, ids: Sequence[int], until: date) -> dict[int, Facts]:
    """The figures that a standard asks of many subjects at once, up to a day."""
    asked = {item.measure for item in standard.judged_by()} - BY_HAND
    since = standards.window(standard.months, until)
    return dict(measure(session, standard.subject, ids, asked, since, until))


def subject_of(award: AwardApplication, standard: Standard) -> int:
    """The id of whoever is judged."""
    subject = award.mediator_id if standard.subject is Subject.MEDIATOR else award.committee_id
    assert subject is not None
    return subject


def day_of(session: Session, award: AwardApplication) -> date:
    """Up to which day is counted: what was frozen, the season's day, or today."""
    if award.until is not None:
        return award.until
    return season.until if (season := award.season) is not None else today()


def live(session: Session, award: AwardApplication) -> tuple[Verdict, ...]:
    """Every item as the figures stand now."""
    standard = award.standard
    facts = facts_of(session, standard, [subject_of(award, standard)], day_of(session, award))
    return standards.judge(standard.judged_by(), facts.get(subject_of(award, standard), {}))


def provisional(standard: Standard, verdicts: Sequence[Verdict]) -> tuple[Decimal, Level | None]:
    """The points the figures alone give, and the level they reach before anybody has judged."""
    points = awards.total(standard.base, [each.points for each in verdicts], Decimal(0), most_of(standard))
    return points, standards.level_of(standard.ladder(), verdicts, points, pending=True)


def most_of(standard: Standard) -> Decimal:
    """The full marks; where a standard names none, as many as anybody may reach."""
    return standard.full if standard.full is not None else awards.MOST


def panel_most(standard: Standard) -> Decimal:
    """How many points a member of the panel may give."""
    return awards.panel_most(standard.judged_by(), standard.base, standard.full, standard.panel_least)


def by_panel(standard: Standard, item: Item) -> bool:
    """Whether the mean of the panel stands in the place of the item."""
    return item.way is Way.GIVEN and standard.panel_least > 0


# ---------------------------------------------------------------- levels


def level_names(standard: Standard) -> str:
    """The levels of a standard, the highest first."""
    return "、".join(each.name for each in sorted(standard.levels, key=lambda each: -each.rank))


def level_named(standard: Standard, name: str | None) -> StandardLevel | None:
    """A level by its name."""
    return next((each for each in standard.levels if each.name == name), None)


def offers(session: Session, standard: Standard, subject_id: int, until: date) -> list[tuple[str, str]]:
    """(level, how far somebody is from it as the figures stand), the highest first."""
    facts = facts_of(session, standard, [subject_id], until).get(subject_id, {})
    verdicts = standards.judge(standard.judged_by(), facts)
    points, _ = provisional(standard, verdicts)
    ladder = sorted(standard.ladder(), key=lambda each: -each.rank)
    return [(each.name, _distance(each, verdicts, points)) for each in ladder]


def _distance(level: Level, verdicts: Sequence[Verdict], points: Decimal) -> str:
    """What the figures lack of a level; points that only people give are not told as missing."""
    conditions, missing = standards.lacking(level, verdicts, points)
    words = [f"{each.item.label}{standards.shortfall(each)}" for each in conditions]
    by_people = any(each.item.measure in BY_HAND for each in verdicts)
    if missing and not by_people:
        words.append(f"还差 {plain(missing)} 分")
    return "；".join(words) or ("条件够得上，得分由评审定" if missing else "够得上")


def decided_path(standard: Standard, rank: int, path: str) -> str:
    """The subtree of the unit that decides on a level; where the standard says none, of its publisher."""
    level = next((each for each in standard.levels if each.rank == rank), None)
    if level is None or level.decider is None:
        return standard.path if path.startswith(standard.path) else path
    return path[: PATH_WIDTH[level.decider]]


# ---------------------------------------------------------------- frozen


def freeze(session: Session, award: AwardApplication) -> None:
    """The figures of now become the evidence; what people give is asked for by name."""
    award.until = day_of(session, award)
    standard, verdicts = award.standard, live(session, award)
    award.evidence[:] = [evidence_line(each) for each in verdicts]
    award.manuals[:] = [
        AwardManual(item_id=each.item.id, label=each.item.label, required=standards.wants(each.item))
        for each in verdicts
        if each.item.measure in BY_HAND and not by_panel(standard, each.item)
    ]


def evidence_line(verdict: Verdict) -> AwardEvidence:
    """A verdict as it is kept: the item and its evidence whole."""
    line = AwardEvidence(
        label=verdict.item.label,
        required=standards.wants(verdict.item),
        kept={"item": _kept(verdict.item), "evidence": verdict.evidence.written()},
    )
    tell(line, verdict)
    return line


def tell(line: AwardEvidence, verdict: Verdict) -> None:
    """What a line says of its verdict."""
    line.actual = actual(verdict)
    line.passed = verdict.passed
    line.short = short(verdict)
    line.points = None if verdict.item.way in CONDITIONS or verdict.value is None else verdict.points


def actual(verdict: Verdict) -> str:
    """What there is, in words: 「92 %（46/50）」."""
    if verdict.value is None:
        return "待评审认定" if verdict.item.measure in BY_HAND else "没有可算的数"
    spec = MEASURES[verdict.item.measure]
    counted = f"（{verdict.evidence.hit}/{verdict.evidence.of}）" if spec.rate else ""
    return f"{plain(verdict.value)} {spec.unit}".strip() + counted


def short(verdict: Verdict) -> str | None:
    """By how much a condition is missed, in words."""
    if verdict.passed is not False:
        return None
    unit = MEASURES[verdict.item.measure].unit
    way = "多" if verdict.item.way is Way.AT_MOST else "少"
    return f"{way} {plain(verdict.short)} {unit}".strip()


def _kept(item: Item) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(item).items()}


def item_of(kept: Mapping[str, Any]) -> Item:
    """An item as it was frozen."""
    numbers = {name: _number(kept[name]) for name in ("threshold", "cap")}
    return Item(
        id=kept["id"],
        label=kept["label"],
        measure=Measure(kept["measure"]),
        way=Way(kept["way"]),
        points=Decimal(kept["points"]),
        level=kept["level"],
        **numbers,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def frozen(award: AwardApplication) -> tuple[Verdict, ...]:
    """Every item judged by the frozen evidence, and by what people have given since."""
    items = [item_of(line.kept["item"]) for line in award.evidence]
    facts = {
        item.measure: Evidence.read(line.kept["evidence"])
        for item, line in zip(items, award.evidence, strict=True)
    }
    given = {line.item_id: line.given for line in award.manuals if line.given is not None}
    return standards.judge(items, facts, given)


def reckon(award: AwardApplication) -> Reckoned:
    """The score, from the frozen evidence and the members' own scores alone."""
    standard, verdicts = award.standard, frozen(award)
    scores = [
        each.points
        for each in award.panel
        if each.attendance is Attendance.PRESENT and each.points is not None
    ]
    mean = awards.average(scores, trimmed=standard.panel_rule is PanelRule.TRIMMED)
    if not panel_most(standard):
        mean = Decimal(0)
    own = [each.points for each in verdicts if not by_panel(standard, each.item)]
    points = rounded(Fraction(standard.base + sum(own, Decimal(0))))
    score = awards.total(standard.base, own, mean, most_of(standard))
    return Reckoned(verdicts, points, mean, score)


def reached(award: AwardApplication, reckoned: Reckoned) -> Level | None:
    """The highest level that is reached, not above the one applied for."""
    ladder = [each for each in award.standard.ladder() if each.rank <= award.rank]
    return standards.level_of(ladder, reckoned.verdicts, reckoned.score)


# ---------------------------------------------------------------- what has changed since


@dataclass(frozen=True)
class Compared:
    """One item as it was frozen and as it is now; `moved` says in words what has changed."""

    verdict: Verdict
    moved: str = ""


def compared(session: Session, award: AwardApplication) -> list[Compared]:
    """Every item as frozen, with what the figures of now say otherwise; before that, as the figures stand."""
    now = {each.item.id: each for each in live(session, award)}
    if not award.evidence:
        return [Compared(each) for each in now.values()]
    return [Compared(each, _moved(each, now.get(each.item.id))) for each in frozen(award)]


def _moved(before: Verdict, now: Verdict | None) -> str:
    if now is None or before.item.measure in BY_HAND:
        return ""
    if now.evidence == before.evidence:
        return ""
    if now.value == before.value:
        return "与冻结时不同：数字没变，背后的记录变了"
    return f"与冻结时不同：现在是 {actual(now)}"
