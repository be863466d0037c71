"""Early warning 研判预警 (M24; S0, S1, S2, S3): which signs there are, and when a rule sees one.

No source gives numbers; the four colours are those of 突发事件应对法 63. Rules are data of the bureau.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from admin_app.rules.cases import NO_RISK
from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.periods import Period
from admin_app.rules.steps import Step, step
from admin_app.rules.tiers import PATH_WIDTH, Tier, covers


class Sign(Choice):
    """What a rule looks for."""

    RISK = "risk", "有激化苗头"
    PEOPLE = "people", "涉及人数多"
    AGAIN = "again", "同一当事人又起纠纷"
    VISITS = "visits", "同一人反复来访"
    KIND = "kind", "某类纠纷比平时多"
    PLACE = "place", "一地纠纷比平时多"


class Severity(Choice):
    """How grave it is, the gravest first."""

    RED = "red", "红色（特别严重）"
    ORANGE = "orange", "橙色（严重）"
    YELLOW = "yellow", "黄色（较重）"
    BLUE = "blue", "蓝色（一般）"


class WarningState(Choice):
    """Where a warning stands."""

    RAISED = "raised", "待处置"
    HANDLING = "handling", "处置中"
    CLOSED = "closed", "已关闭"


class Outcome(Choice):
    """Why a warning is closed."""

    RESOLVED = "resolved", "已化解"
    CASE = "case", "已转办案"
    WATCHED = "watched", "已稳住，持续关注"
    FALSE = "false", "误报"
    ESCALATED = "escalated", "矛盾已经激化"


_RAISED, _HANDLING, _CLOSED = WarningState
UNCLOSED = (_RAISED, _HANDLING)

STEPS: tuple[Step[WarningState], ...] = (
    step("handle", "处置", [_RAISED], _HANDLING, needs=("measures",), asks=("due_on",), batch=True),
    step("close", "关闭", UNCLOSED, _CLOSED, needs=("outcome",), asks=("result",), batch=True),
    step("report", "补充处置情况", [_HANDLING], None, needs=("measures",), asks=("due_on",)),
    step("reopen", "重新处置", [_CLOSED], _HANDLING, needs=("measures", "due_on")),
    step("urge", "督办", UNCLOSED, None, line="urgings"),
)
STEP: dict[str, Step[WarningState]] = {each.name: each for each in STEPS}

REPEATED = (Sign.AGAIN, Sign.VISITS)
SURGING = (Sign.KIND, Sign.PLACE)
# What each sign asks of its rule, beside the severity; the rest stays blank.
ASKS: dict[Sign, tuple[str, ...]] = {
    Sign.RISK: (),
    Sign.PEOPLE: ("least",),
    Sign.AGAIN: ("least", "days"),
    Sign.VISITS: ("least", "days"),
    Sign.KIND: ("least", "ratio", "months", "tier"),
    Sign.PLACE: ("least", "ratio", "months", "tier"),
}


@dataclass(frozen=True)
class Rule:
    """A rule 预警规则 of the unit at a path, for itself and all below it."""

    id: int
    path: str
    sign: Sign
    severity: Severity
    owner: Tier | None
    handle_days: int
    risk: str | None = None
    least: int = 1
    days: int = 1
    ratio: Decimal = Decimal(1)
    months: int = 1
    tier: Tier | None = None
    valid_from: date = date.min
    valid_until: date | None = None

    def holds(self, path: str, day: date) -> bool:
        """Whether it is said of a place, on a day."""
        return self.valid_from <= day <= (self.valid_until or day) and covers(self.path, path)

    def owner_path(self, path: str) -> str:
        """Whose it is to act on what happened at a path: the unit of the tier above it, or its own."""
        return path[: PATH_WIDTH[self.owner]] if self.owner else path


@dataclass(frozen=True)
class Person:
    """A party or a visitor, as known."""

    name: str
    id_number: str | None = None
    phone: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Under what one looks for the same person: a name alone is nobody in particular."""
        found = (self.id_number and f"#{self.id_number}", self.phone and f"{self.name}|{self.phone}")
        return tuple(each for each in found if each)

    def same(self, other: "Person") -> bool:
        """By the ID number where both are known, else by name and telephone."""
        if self.id_number and other.id_number:
            return self.id_number == other.id_number
        return self.phone is not None and (self.name, self.phone) == (other.name, other.phone)


@dataclass(frozen=True)
class Fact:
    """A case, a find or a visit, in so far as rules look at it; `root` is what the matter began as."""

    word: str
    id: int
    day: date
    path: str
    unit_id: int
    committee_id: int | None
    about: str
    risk: str = NO_RISK
    risk_label: str = ""
    people: int = 0
    persons: tuple[Person, ...] = ()
    root: str = ""

    @property
    def matter(self) -> str:
        """The same for a find and the case that came of it."""
        return self.root or f"{self.word}:{self.id}"


@dataclass(frozen=True)
class Evidence:
    """A record that a warning rests on, in a sentence."""

    word: str
    id: int
    words: str


@dataclass(frozen=True)
class Signal:
    """What a rule has seen: a warning to be raised, unless its key is known."""

    rule: Rule
    subject: str
    day: date
    words: str
    path: str
    unit_id: int
    committee_id: int | None = None
    evidence: tuple[Evidence, ...] = ()
    kind: str = ""

    @property
    def key(self) -> str:
        """The same evidence warns once by the same rule."""
        return f"{self.rule.id}:{self.subject}"


# ---------------------------------------------------------------- whose word holds


def nearest(rules: Iterable[Rule], path: str, day: date) -> list[Rule]:
    """Of rules on the same sign, those of the nearest superior hold, the gravest first."""
    held = [each for each in rules if each.holds(path, day)]
    longest = max((len(each.path) for each in held), default=0)
    return sorted((each for each in held if len(each.path) == longest), key=_gravity)


def _gravity(rule: Rule) -> tuple[int, int, int]:
    return list(Severity).index(rule.severity), -rule.least, rule.id


def _first(rules: Iterable[Rule], fact: Fact, sees: Callable[[Rule, Fact], Signal | None]) -> Signal | None:
    """The gravest rule that sees something."""
    found = (sees(rule, fact) for rule in nearest(rules, fact.path, fact.day))
    return next((each for each in found if each is not None), None)


# ---------------------------------------------------------------- one record by itself


def risky(rules: Iterable[Rule], fact: Fact) -> Signal | None:
    """SYS105 案件预测 of a case or a find: crime, suicide, petition, fight."""
    return _first(rules, fact, _risk)


def crowded(rules: Iterable[Rule], fact: Fact) -> Signal | None:
    """Many people in one matter: ten or more are a group (M24)."""
    return _first(rules, fact, _crowd)


def _risk(rule: Rule, fact: Fact) -> Signal | None:
    wanted = fact.risk == rule.risk if rule.risk else fact.risk != NO_RISK
    return _alone(rule, fact, f"{fact.risk}:", fact.risk_label) if wanted else None


def _crowd(rule: Rule, fact: Fact) -> Signal | None:
    return _alone(rule, fact, "", f"涉及 {fact.people} 人") if fact.people >= rule.least else None


def _alone(rule: Rule, fact: Fact, mark: str, words: str) -> Signal:
    return _signal(rule, fact, f"{mark}{fact.matter}", f"{fact.about}，{words}", (fact,))


def _signal(rule: Rule, fact: Fact, subject: str, words: str, facts: Iterable[Fact]) -> Signal:
    evidence = tuple(Evidence(each.word, each.id, f"{each.day}：{each.about}") for each in facts)
    return Signal(rule, subject, fact.day, words, fact.path, fact.unit_id, fact.committee_id, evidence)


# ---------------------------------------------------------------- the same person again


def repeated(rules: Iterable[Rule], fact: Fact, around: Sequence[Fact]) -> Signal | None:
    """Somebody in a record was in so many before it, within some days. `around` holds them, itself too."""

    def sees(rule: Rule, fact: Fact) -> Signal | None:
        found = {person: _earlier(rule, fact, person, around) for person in fact.persons}
        often = {person: facts for person, facts in found.items() if len(facts) >= rule.least}
        if not often:
            return None
        times = "次来访" if rule.sign is Sign.VISITS else "件纠纷"
        told = "；".join(f"{who.name} {rule.days} 天里 {len(facts)} {times}" for who, facts in often.items())
        every = {(each.day, each.id): each for facts in often.values() for each in facts}
        return _signal(rule, fact, fact.matter, told, (every[key] for key in sorted(every)))

    return _first(rules, fact, sees)


def _earlier(rule: Rule, fact: Fact, person: Person, around: Sequence[Fact]) -> list[Fact]:
    since = fact.day - timedelta(days=rule.days)
    return [
        each
        for each in around
        if since < each.day
        and (each.day, each.id) <= (fact.day, fact.id)
        and covers(rule.path, each.path)
        and any(person.same(other) for other in each.persons)
    ]


# ---------------------------------------------------------------- more than is usual


def windows(day: date, months: int) -> list[Period]:
    """From the first of the month to a day, and the same days of the months before, the last one first."""
    first = day.replace(day=1)
    found = [Period(first, day)]
    for _ in range(months):
        end = first - timedelta(days=1)
        first = end.replace(day=1)
        found.append(Period(first, end.replace(day=min(day.day, end.day))))
    return found


def usual(before: Sequence[int]) -> Decimal:
    """The mean of the months before."""
    return Decimal(sum(before)) / len(before)


def unusual(now: int, before: Sequence[int], rule: Rule) -> bool:
    """Above the usual level by the ratio; a small number is never unusual."""
    return now >= rule.least and now >= rule.ratio * usual(before)


def surge(rule: Rule, day: date, numbers: Sequence[int], what: str, where: str) -> str:
    """The sentence of a surge, from the numbers of the windows."""
    days = f"{day.month} 月 1 日至 {day.day} 日" if day.day > 1 else f"{day.month} 月 1 日"
    mean = usual(numbers[1:])
    return f"{where} {days}{what} {numbers[0]} 件，前 {rule.months} 个月同期平均 {mean:.1f} 件"


# ---------------------------------------------------------------- what a bureau may not write


def rule_findings(sign: Sign | None, given: dict[str, object]) -> list[Finding]:
    """A rule says what its sign needs, and nothing that its sign does not read."""
    if sign is None:
        return []
    words = {
        "least": "请填至少几个（人、件、次）才预警",
        "days": "请填在多少天以内",
        "ratio": "请填是平时的几倍才预警",
        "months": "请填和前几个月比",
        "tier": "请选择按哪一级单位统计",
    }
    found = [Finding(name, words[name]) for name in ASKS[sign] if given.get(name) is None]
    if sign in REPEATED and given.get("least") == 1:
        found.append(Finding("least", "反复出现至少是 2 次"))
    return found


def outcome_findings(outcome: Outcome | None, result: str | None) -> list[Finding]:
    """A warning is not closed without a word, unless it was none."""
    if outcome is None or outcome is Outcome.FALSE or result:
        return []
    return [Finding("result", "请写明处置结果：做了什么、现在怎样")]
