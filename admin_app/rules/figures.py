"""The numbers of the case statistics sheet 人民调解案件情况 (formats.md 2.1), and what is reckoned from them.

FIGURES is the sheet from column B to AX, in its order. A row says what one case adds to a number: a
measure (a case, its people, its sum) if a fact of the case is among certain codes. From the same rows come
the number of one case (`of_case`), the SQL over all cases, and the search for the cases behind a number.

Our own, for no text states it (docs/decisions/0014): a case counts on its day of acceptance 受理日期; one
that is only registered, declined or in the recycle bin does not. Codes a bureau adds count as 其他.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from admin_app.rules.cases import NOT_SUCCEEDED, ORAL, OWN_INITIATIVE, SUCCEEDED, WRITTEN, Stage
from admin_app.rules.choices import Choice
from admin_app.rules.periods import Period
from admin_app.rules.tiers import Tier

Number = int | Decimal
Numbers = Mapping[str, Number]


class Measure(Choice):
    """What is added up."""

    CASES = "cases", "件"
    PEOPLE = "people", "人"
    AMOUNT = "amount", "万元"
    TIMES = "times", "次"


class Of(Choice):
    """Whose numbers they are."""

    CASE = "case", "案件"
    PREVENTION = "prevention", "防止激化"
    MONTH = "month", "排查预防月报"


@dataclass(frozen=True)
class Among:
    """A fact's code is among `these`, or, where none is named, among any `but` those; perhaps not blank."""

    fact: str = ""
    these: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()
    given: bool = False

    def holds(self, facts: object) -> bool:
        """Whether it is so of these facts."""
        if not self.fact:
            return True
        code = getattr(facts, self.fact)
        if self.these:
            return code in self.these
        return code not in self.but and (code is not None or not self.given)


@dataclass(frozen=True)
class Figure:
    """One number: `when` asks the case (or its line), `at` the committee that holds it."""

    name: str
    label: str
    measure: Measure
    group: tuple[str, ...]
    when: Among = Among()
    at: Among = Among()
    of: Of = Of.CASE

    @property
    def unit(self) -> str:
        """The unit of the sheet's unit row."""
        return self.measure.label

    @property
    def key(self) -> "Key":
        """What is summed for it; those that ask only the committee share one sum."""
        return self.of, self.measure, self.when


Key = tuple[Of, Measure, Among]


def _among(fact: str, *codes: str) -> Among:
    return Among(fact, frozenset(codes))


def _any_but(fact: str, *codes: str) -> Among:
    return Among(fact, but=frozenset(codes))


_MEDIATION = "调解情况"
_TOP, _BODIES = (_MEDIATION,), (_MEDIATION, "不同主体调解情况")
_SOURCES, _KINDS = (_MEDIATION, "案件来源"), (_MEDIATION, "案件分类情况")
_FORMS, _PERFORMED = (_MEDIATION, "协议形式"), (_MEDIATION, "协议履行情况")
_PREVENTED, _OWN = ("排查预防纠纷",), ("工作指标",)

# SYS112: 3 重大, 4 疑难; which of them are 疑难复杂 is a parameter.
HARD = ("3", "4")
# SYS267, and 8 and 9 of SYS111; all the rest was entrusted by somebody (formats.md 2.3).
_APPLIED = ("1", "8", "9")
_ENTRUSTED = (
    ("court", "法院委托移送", "3"),
    ("procuratorate", "检察院委托移送", "4"),
    ("police", "公安机关委托移送", "5"),
    ("petition", "信访部门委托移送", "6"),
)
# SYS196. The sheet has no column for 06 行业性专业性: they and 99 stand with 社会团体和其他组织.
_BODY = (
    ("village", "村调委会", "01"),
    ("neighbourhood", "居调委会", "02"),
    ("township", "乡镇调委会", "03"),
    ("street", "街道调委会", "04"),
    ("company", "企事业单位调委会", "05"),
)
# SYS104, in the order of the sheet; the last takes whatever else there is.
_KIND = (
    "婚姻家庭纠纷",
    "邻里纠纷",
    "房屋宅基地纠纷",
    "合同纠纷",
    "生产经营纠纷",
    "损害赔偿纠纷",
    "山林土地纠纷",
    "征地拆迁纠纷",
    "环境污染纠纷",
    "拖欠农民工工资纠纷",
    "其他劳动争议纠纷",
    "旅游纠纷",
    "电子商务纠纷",
    "其他消费纠纷",
    "医疗纠纷",
    "道路交通事故纠纷",
    "物业纠纷",
)
_PREVENTION = (
    ("suicide", "防止民间纠纷引起自杀", "01"),
    ("crime", "防止民间纠纷转化为刑事案件", "02"),
    ("petitioning", "防止群体性上访", "03"),
    ("fight", "防止群体性械斗", "04"),
)
_PERFORMANCE = (
    ("performed", "协议已履行", "03"),
    ("confirmed", "司法确认", "05"),
    ("sued", "达成协议后起诉", "06"),
)


def _cases(
    name: str, label: str, group: tuple[str, ...], when: Among = Among(), at: Among = Among()
) -> Figure:
    return Figure(name, label, Measure.CASES, group, when, at)


BODIES = (
    *(_cases(f"by_{name}", label, _BODIES, at=_among("body", code)) for name, label, code in _BODY),
    _cases(
        "by_others", "社会团体和其他组织调委会", _BODIES, at=_any_but("body", *(code for _, _, code in _BODY))
    ),
)
ENTRUSTED = (
    *(_cases(name, label, _SOURCES, _among("source", code)) for name, label, code in _ENTRUSTED),
    _cases(
        "other_agency",
        "其他部门委托移送",
        _SOURCES,
        _any_but("source", *_APPLIED, OWN_INITIATIVE, *(code for _, _, code in _ENTRUSTED)),
    ),
)
SOURCES = (
    _cases("own_initiative", "主动调解", _SOURCES, _among("source", OWN_INITIATIVE)),
    _cases("on_application", "依申请调解", _SOURCES, _among("source", *_APPLIED)),
    _cases("entrusted", "接受委托移送调解", _SOURCES, _any_but("source", *_APPLIED, OWN_INITIATIVE)),
)
_KIND_CODES = tuple(str(number) for number in range(1, len(_KIND) + 1))
KINDS = (
    *(
        _cases(f"kind_{code}", label, _KINDS, _among("kind", code))
        for code, label in zip(_KIND_CODES, _KIND, strict=True)
    ),
    _cases("kind_18", "其他纠纷", _KINDS, _any_but("kind", *_KIND_CODES)),
)
FORMS = (
    _cases("oral", "口头协议", _FORMS, _among("form", ORAL)),
    _cases("written", "书面协议", _FORMS, _among("form", WRITTEN)),
)
SCREENING = (
    Figure("screenings", "排查纠纷", Measure.TIMES, _PREVENTED, of=Of.MONTH),
    Figure("prevented", "预防纠纷", Measure.CASES, _PREVENTED, of=Of.MONTH),
)
PREVENTIONS = tuple(
    Figure(f"{name}_{measure.value}", label, measure, _PREVENTED, _among("kind", code), of=Of.PREVENTION)
    for name, label, code in _PREVENTION
    for measure in (Measure.CASES, Measure.PEOPLE)
)
FIGURES: tuple[Figure, ...] = (
    _cases("total", "调解案件总数", _TOP),
    Figure("people", "涉及当事人数", Measure.PEOPLE, _TOP),
    _cases("succeeded", "调解成功", _TOP, _among("result", SUCCEEDED)),
    _cases("difficult", "疑难复杂案件", _TOP, _among("difficulty", *HARD)),
    Figure("amount", "协议涉及金额", Measure.AMOUNT, _TOP, Among("form", given=True)),
    *BODIES,
    *SOURCES,
    *ENTRUSTED,
    *KINDS,
    *FORMS,
    *SCREENING,
    *PREVENTIONS,
)

# 协议履行情况 [C]: a block after 协议形式 that a parameter switches on. Each agreement stands in one of
# them. 法院判决维持 of SYS106 is no code of ours, and would stand among 其他.
PERFORMANCE = (
    *(_cases(name, label, _PERFORMED, _among("performance", code)) for name, label, code in _PERFORMANCE),
    _cases(
        "otherwise",
        "其他履行情况",
        _PERFORMED,
        Among("performance", but=frozenset(code for _, _, code in _PERFORMANCE), given=True),
    ),
)
# For the indicators (M31); no column of the sheet.
SETTLED_HERE = _cases(
    "settled_here",
    "就地化解",
    _OWN,
    _among("result", SUCCEEDED),
    _among("tier", Tier.TOWNSHIP, Tier.VILLAGE, Tier.GRID),
)
# For charts, of which every mark leads to its cases; no columns of the sheet either.
OUTCOMES = (
    _cases("succeeded", "调解成功", _TOP, _among("result", SUCCEEDED)),
    _cases("failed", "调解不成功", _OWN, _among("result", NOT_SUCCEEDED)),
    _cases("undecided", "还没有结果", _OWN, _any_but("result", SUCCEEDED, NOT_SUCCEEDED)),
)
TIERS = tuple(
    _cases(f"tier_{tier.value}", tier.label, _OWN, at=_among("tier", tier)) for tier in reversed(Tier)
)
EVERY: tuple[Figure, ...] = (*FIGURES, *PERFORMANCE, SETTLED_HERE, *OUTCOMES[1:], *TIERS)
NAMES = tuple(each.name for each in EVERY)
FIGURE: dict[str, Figure] = {each.name: each for each in EVERY}


def columns(*, performance: bool = False) -> tuple[Figure, ...]:
    """The sheet from column B on: FIGURES, and after 协议形式 the block 协议履行情况 if it is wanted."""
    if not performance:
        return FIGURES
    place = FIGURES.index(FORMS[-1]) + 1
    return (*FIGURES[:place], *PERFORMANCE, *FIGURES[place:])


@cache
def every(hard: tuple[str, ...] = HARD) -> tuple[Figure, ...]:
    """EVERY, with these classes of difficulty as 疑难复杂."""
    return tuple(
        replace(each, when=_among("difficulty", *hard)) if each.name == "difficult" else each
        for each in EVERY
    )


# ------------------------------------------------------------------ what one case adds


@dataclass(frozen=True)
class Prevented:
    """One line of 防止激化."""

    kind: str
    people: int


@dataclass(frozen=True)
class CaseFacts:
    """What decides the numbers of one case, with the kind and the tier of the committee that holds it."""

    accepted_on: date | None
    stage: Stage
    kind: str
    source: str
    difficulty: str
    result: str | None
    form: str | None
    fulfilment: str | None
    people: int
    amount: Decimal
    body: str
    tier: Tier
    removed: bool = False
    preventions: tuple[Prevented, ...] = ()

    @property
    def performance(self) -> str | None:
        """What became of the agreement: "" where nobody has said yet, None where there is none."""
        return None if self.form is None else self.fulfilment or ""


# Neither taken up yet nor ever: 已登记, 不予受理.
NOT_TAKEN_UP = (Stage.REGISTERED, Stage.DECLINED)


def heads(people: int | None, headcounts: Iterable[int | None]) -> int:
    """涉及当事人数 of a case: as it says, else the heads of its parties, of whom each is one at least."""
    return people if people is not None else sum(each or 1 for each in headcounts)


def counts(facts: CaseFacts, period: Period) -> bool:
    """Whether a case stands in the statistics of a period."""
    taken_up = facts.accepted_on is not None and facts.stage not in NOT_TAKEN_UP and not facts.removed
    return taken_up and facts.accepted_on is not None and period.holds(facts.accepted_on)


def of_case(facts: CaseFacts, figures: tuple[Figure, ...] = EVERY) -> Numbers:
    """What a case that counts adds to each number."""
    return {each.name: _adds(each, facts) for each in figures}


def _adds(figure: Figure, facts: CaseFacts) -> Number:
    if figure.of is Of.PREVENTION:
        lines = [line for line in facts.preventions if figure.when.holds(line)]
        return sum(line.people for line in lines) if figure.measure is Measure.PEOPLE else len(lines)
    if figure.of is Of.MONTH or not (figure.when.holds(facts) and figure.at.holds(facts)):
        return 0
    match figure.measure:
        case Measure.PEOPLE:
            return facts.people
        case Measure.AMOUNT:
            return in_wan(facts.amount)
        case _:
            return 1


def in_wan(yuan: Decimal) -> Decimal:
    """元 as 万元, to the last fen; the sheet rounds when it shows."""
    return yuan.scaleb(-4)


def fen(number: int | None) -> Decimal:
    """A sum in 分 as 元."""
    return Decimal(int(number or 0)).scaleb(-2)


def total(lines: Iterable[Numbers], names: tuple[str, ...] = NAMES) -> dict[str, Number]:
    """The sum of several lines, each number for itself; every name stands in it."""
    kept = list(lines)
    return {name: sum((line.get(name, 0) for line in kept), 0) for name in names}
