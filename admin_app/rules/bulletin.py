"""The brief 简报 of a period: what its sentences, tables and charts say, made from figures.

The order of the sections follows bulletins that bureaus publish (黄石 2016, formats.md 2.1): how much in all,
by classes, place by place, what stands out. What is to be done next is left to who writes. Which growth
stands out is our own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from admin_app.rules import charts
from admin_app.rules.charts import Chart, Place, Span
from admin_app.rules.comparisons import FROM_NOTHING, NOTHING, figure_grown, grown, rate_moved
from admin_app.rules.figure_checks import RATES, percent
from admin_app.rules.figures import (
    BODIES,
    ENTRUSTED,
    FORMS,
    KINDS,
    PREVENTIONS,
    SOURCES,
    Figure,
    Number,
    Numbers,
)
from admin_app.rules.periods import Period

SUCCESS, HERE, DIFFICULT = RATES[:3]
FIRST = 3  # how many kinds and places are named
MORE, FASTER = 3, Decimal("0.3")  # cases and share by which a kind must have grown to stand out
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Facts:
    """What a brief is made from. `subject` is who did it: 婺城区各级人民调解组织."""

    unit: str
    subject: str
    period: Period
    now: Numbers
    before: Numbers | None
    year_before: Numbers | None
    places: tuple[Place, ...] = ()
    places_before: tuple[Place, ...] = ()
    spans: tuple[Span, ...] = ()
    trained: int = 0
    warned: "Warned | None" = None


@dataclass(frozen=True)
class Warned:
    """The early warnings of a period: how many of each severity and sign, how many are open and late."""

    severities: tuple[tuple[str, int], ...] = ()
    signs: tuple[tuple[str, int], ...] = ()
    unclosed: int = 0
    late: int = 0


@dataclass(frozen=True)
class Table:
    """A table of words; the first column names, the others are numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = str | Table | Chart


@dataclass(frozen=True)
class Section:
    """A numbered section: 一、总体情况."""

    heading: str
    parts: tuple[Part, ...]


def sections(facts: Facts) -> tuple[Section, ...]:
    """The whole brief in its order; without sub-units it tells of no places."""
    told = [("总体情况", tuple(_overall(facts)))]
    if facts.now["total"]:
        told.append(("纠纷分类情况", tuple(_classes(facts))))
    if len(facts.places) > 1:
        told.append(("各地情况", tuple(_places(facts))))
    told += [("突出问题和预警", tuple(_outstanding(facts))), ("下步工作", ("（由撰写单位填写）",))]
    return tuple(
        Section(f"{numeral}、{heading}", parts)
        for numeral, (heading, parts) in zip(NUMERALS, told, strict=False)
    )


# ------------------------------------------------------------------ 一、总体情况


def _overall(facts: Facts) -> Iterator[Part]:
    now = facts.now
    if not now["total"]:
        yield f"{facts.period.label}，{facts.subject}没有受理矛盾纠纷。{_earlier(facts)}"
    else:
        yield (
            f"{facts.period.label}，{facts.subject}共受理矛盾纠纷"
            f"{now['total']}件{_compared('total', facts)}；"
            f"调解成功{now['succeeded']}件{_compared('succeeded', facts)}，"
            f"调解成功率{percent(SUCCESS.of(now))}{_moved(facts)}。"
            f"涉及当事人{now['people']}人，协议涉及金额{wan(now['amount'])}万元{_compared('amount', facts)}。"
        )
        yield (
            f"其中，乡镇（街道）和村（社区）就地化解{now['settled_here']}件，就地化解率{percent(HERE.of(now))}；"
            f"受理疑难复杂纠纷{now['difficult']}件，占{percent(DIFFICULT.of(now))}。"
        )
    yield _prevented(now) + (f"调解员参加培训{facts.trained}人次。" if facts.trained else "")
    if facts.spans and any(each.numbers["total"] for each in facts.spans):
        yield charts.by_month(facts.spans, "近十二个月受理和调解成功")


def _earlier(facts: Facts) -> str:
    """What there was before, where now there is nothing."""
    told = [
        f"{words}受理{numbers['total']}件"
        for words, numbers in (("上期", facts.before), ("去年同期", facts.year_before))
        if numbers and numbers["total"]
    ]
    return f"{'，'.join(told)}。" if told else ""


def _compared(name: str, facts: Facts) -> str:
    """，环比增长3.5%，同比下降15.5%; nothing where there is nothing to compare with."""
    before = figure_grown(name, facts.now, facts.before)
    year_before = figure_grown(name, facts.now, facts.year_before)
    return f"{_said('环比', before, '上期为0')}{_said('同比', year_before, '去年同期为0')}"


def _said(word: str, grown: str, from_nothing: str) -> str:
    if grown == NOTHING:
        return ""
    return f"，{from_nothing}" if grown == FROM_NOTHING else f"，{word}{_tight(grown)}"


def _moved(facts: Facts) -> str:
    told = [
        f"，{word}{_tight(points)}"
        for word, numbers in (("环比", facts.before), ("同比", facts.year_before))
        if (points := rate_moved(SUCCESS, facts.now, numbers)) != NOTHING
    ]
    return "".join(told)


def _tight(words: str) -> str:
    """As it stands in running text: 增长3.5%."""
    return words.replace(" ", "")


def _prevented(now: Numbers) -> str:
    pairs = [
        f"{cases.label}{now[cases.name]}件{now[people.name]}人"
        for cases, people in zip(PREVENTIONS[::2], PREVENTIONS[1::2], strict=True)
        if now[cases.name]
    ]
    kept = f"及时{'，'.join(pairs)}。" if pairs else "没有登记防止矛盾激化的案件。"
    if not now["screenings"]:
        return kept
    return f"{kept}开展矛盾纠纷排查{now['screenings']}次，预防纠纷{now['prevented']}件。"


def wan(number: Number) -> str:
    """A sum in 万元 with two decimals."""
    return f"{Decimal(number).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


# ------------------------------------------------------------------ 二、纠纷分类情况


def _classes(facts: Facts) -> Iterator[Part]:
    now = facts.now
    first = _largest(KINDS, now)[:FIRST]
    share = _share(sum(now[each.name] for each in first), now)
    together = f"，合计占{share}" if len(first) > 1 else ""
    many = f"居前{'两三'[len(first) - 2]}位的是" if len(first) > 1 else "全部是"
    yield f"从纠纷类型看，{many}{'、'.join(_with_share(each, now) for each in first)}{together}。"
    yield _table_of_kinds(facts)
    yield charts.by_kind(now)
    sources = "，".join(_with_share(each, now) for each in SOURCES if now[each.name])
    yield f"从案件来源看，{sources}{_entrusted(now)}。"
    bodies = "，".join(f"{each.label}{now[each.name]}件" for each in _largest(BODIES, now))
    yield f"从调解组织看，{bodies}。"
    if forms := [f"{each.label}{now[each.name]}件" for each in FORMS if now[each.name]]:
        yield f"达成协议的，{'，'.join(forms)}。"


def _largest(figures: Sequence[Figure], now: Numbers) -> list[Figure]:
    """Those there are, the largest first."""
    return sorted((each for each in figures if now[each.name]), key=lambda each: -now[each.name])


def _share(number: Number, now: Numbers) -> str:
    return percent(Decimal(number) / Decimal(now["total"]))


def _with_share(figure: Figure, now: Numbers) -> str:
    number = now[figure.name]
    return f"{figure.label}{number}件（占{_share(number, now)}）"


def _entrusted(now: Numbers) -> str:
    """Who entrusted them."""
    told = "、".join(f"{each.label}{now[each.name]}件" for each in _largest(ENTRUSTED, now))
    return f"；接受委托移送的，有{told}" if told else ""


def _table_of_kinds(facts: Facts) -> Table:
    now = facts.now
    rows = [
        (
            each.label,
            f"{now[each.name]}",
            _share(now[each.name], now),
            _tight(figure_grown(each.name, now, facts.before)),
            _tight(figure_grown(each.name, now, facts.year_before)),
        )
        for each in KINDS
        if now[each.name] or (facts.before and facts.before[each.name])
    ]
    whole = (
        "合计",
        f"{now['total']}",
        "100.0%",
        _tight(figure_grown("total", now, facts.before)),
        _tight(figure_grown("total", now, facts.year_before)),
    )
    return Table("纠纷类型", ("纠纷类型", "件数", "占比", "环比", "同比"), (*rows, whole))


# ------------------------------------------------------------------ 三、各地情况


def _places(facts: Facts) -> Iterator[Part]:
    held = sorted(
        (each for each in facts.places if each.numbers["total"]), key=lambda each: -each.numbers["total"]
    )
    if held:
        first = "、".join(f"{each.label}{each.numbers['total']}件" for each in held[:FIRST])
        yield f"受理矛盾纠纷较多的是{first}。{_most_grown(facts)}{_empty(facts)}"
        yield _table_of_places(facts)
        yield charts.by_unit(facts.places)
    else:
        yield "各单位都没有受理矛盾纠纷。"


def _before_of(facts: Facts) -> dict[tuple[int, bool], Numbers]:
    return {(each.unit_id, each.level): each.numbers for each in facts.places_before}


def _most_grown(facts: Facts) -> str:
    """Where there are most more than before, in cases: shares of small numbers mislead."""
    before = _before_of(facts)
    more = [
        (each.numbers["total"] - before[each.unit_id, each.level]["total"], each.label)
        for each in facts.places
        if (each.unit_id, each.level) in before
    ]
    most = sorted((each for each in more if each[0] >= MORE), key=lambda each: -each[0])[:FIRST]
    told = "、".join(f"{label}（增加{number}件）" for number, label in most)
    return f"比上期增加较多的是{told}。" if told else ""


def _empty(facts: Facts) -> str:
    empty = [each.label for each in facts.places if not each.numbers["total"] and not each.level]
    if not empty:
        return ""
    named = f"：{'、'.join(empty)}" if len(empty) <= 10 else ""
    return f"没有受理的有{len(empty)}个单位{named}。"


def _table_of_places(facts: Facts) -> Table:
    before = _before_of(facts)
    rows = [
        (each.label, *_row(each.numbers, before.get((each.unit_id, each.level)))) for each in facts.places
    ]
    whole = ("合计", *_row(facts.now, facts.before))
    heads = ("单位", "受理", "环比", "调解成功", "成功率", "疑难复杂", "协议金额（万元）")
    return Table("各单位调解情况", heads, (*rows, whole))


def _row(now: Numbers, before: Numbers | None) -> tuple[str, ...]:
    return (
        f"{now['total']}",
        _tight(grown(now["total"], None if before is None else before["total"])),
        f"{now['succeeded']}",
        percent(SUCCESS.of(now)),
        f"{now['difficult']}",
        wan(now["amount"]),
    )


# ------------------------------------------------------------------ 四、突出问题和预警


def _outstanding(facts: Facts) -> Iterator[Part]:
    now, found = facts.now, False
    if rising := list(_rising(facts)):
        found = True
        yield f"增长较快的纠纷：{'；'.join(rising)}，需要分析原因，有针对性地开展排查。"
    if now["failed"]:
        found = True
        yield f"调解不成功{now['failed']}件，要做好引导，防止矛盾激化。"
    if now["undecided"]:
        found = True
        yield f"还有{now['undecided']}件没有调解结果，要在期限内办结。"
    if facts.warned and facts.warned.severities:
        found = True
        yield _warned(facts.warned)
    if not found:
        yield "从本期数据看，没有需要特别说明的情况。"


def _warned(warned: Warned) -> str:
    """预警 by severity, the commonest sign, and what became of them."""
    raised = sum(number for _, number in warned.severities)
    severities = "、".join(f"{label}{number}条" for label, number in warned.severities)
    sign, number = max(warned.signs, key=lambda each: each[1])
    late = f"，其中超期{warned.late}条，要抓紧处置" if warned.late else ""
    closed = f"还有{warned.unclosed}条没有关闭{late}" if warned.unclosed else "已经全部处置完毕"
    return f"发出预警{raised}条：{severities}；最多的是“{sign}”{number}条。{closed}。"


def _rising(facts: Facts) -> Iterator[str]:
    """The kinds that have grown by several cases and by a good share; from nothing, by several cases."""
    if facts.before is None:
        return
    for each in _largest(KINDS, facts.now):
        now, before = facts.now[each.name], facts.before[each.name]
        if now - before >= MORE and Decimal(now) >= Decimal(before) * (1 + FASTER):
            yield f"{each.label}{now}件{_said('环比', grown(now, before), '上期为0')}"
