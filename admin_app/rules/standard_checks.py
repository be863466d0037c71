"""What is wrong with a standard 标准 as a whole: what contradicts itself, and what is still missing.

A draft may be saved unfinished, so what is missing is a warning until the standard is published.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from admin_app.rules.findings import Finding
from admin_app.rules.measures import BY_HAND, MEASURES, Subject
from admin_app.rules.standards import (
    CONDITIONS,
    JUDGED,
    MEASURED,
    Item,
    Level,
    StandardKind,
    Way,
    most_points,
    plain,
)

BY_SCORE = frozenset({StandardKind.EVALUATION})  # their levels follow from the score alone


def findings(
    kind: StandardKind,
    subject: Subject,
    levels: Sequence[Level],
    items: Sequence[Item],
    *,
    base: Decimal,
    full: Decimal | None,
) -> list[Finding]:
    """What contradicts itself."""
    found = [*_levels(levels), *_items(subject, levels, items)]
    if full is not None and base > full:
        found.append(Finding("base", f"基本分不能超过满分（{plain(full)} 分）"))
    return [*found, *_marks(levels, items, base, full)]


def day_findings(valid_from: date | None, valid_until: date | None) -> list[Finding]:
    """It ends before it begins."""
    if valid_from and valid_until and valid_until < valid_from:
        return [Finding("valid_until", f"停用日期不能早于生效日期（{valid_from.isoformat()}）")]
    return []


def gaps(kind: StandardKind, levels: Sequence[Level], items: Sequence[Item], *, grave: bool) -> list[Finding]:
    """What a standard needs before it is published."""
    found = []
    if not levels:
        found.append(Finding("levels", "还没有等级（等次）：至少要有一个", grave))
    if not items:
        found.append(Finding("items", "还没有评分项目：至少要有一项", grave))
    if kind in BY_SCORE:
        found += [
            Finding(f"levels-{index}-least_score", f"{each.name}：考核等次要写明最低得分", grave)
            for index, each in enumerate(levels)
            if each.least_score is None
        ]
    return found


def _levels(levels: Sequence[Level]) -> Iterator[Finding]:
    ranks, names = (Counter(getattr(each, of) for each in levels) for of in ("rank", "name"))
    for index, each in enumerate(levels):
        if ranks[each.rank] > 1:
            yield Finding(f"levels-{index}-rank", f"序位 {each.rank} 用了两次，每个等级的序位要不同")
        if names[each.name] > 1:
            yield Finding(f"levels-{index}-name", f"“{each.name}”写了两次，每个等级的名称要不同")
    ordered = [each for each in sorted(levels, key=lambda one: one.rank) if each.least_score is not None]
    for lower, higher in pairwise(ordered):
        assert lower.least_score is not None
        assert higher.least_score is not None
        if higher.least_score < lower.least_score:
            index = levels.index(higher)
            sentence = f"{higher.name}的最低得分不能低于{lower.name}的（{plain(lower.least_score)} 分）"
            yield Finding(f"levels-{index}-least_score", sentence)


def _items(subject: Subject, levels: Sequence[Level], items: Sequence[Item]) -> Iterator[Finding]:
    ranks = {each.rank for each in levels}
    for index, each in enumerate(items):
        for field, sentence in _item(subject, ranks, each):
            yield Finding(f"items-{index}-{field}", f"{each.label}：{sentence}")


def _item(subject: Subject, ranks: set[int], item: Item) -> Iterator[tuple[str, str]]:
    spec, name = MEASURES[item.measure], item.measure.label
    if subject not in spec.subjects:
        yield "measure", f"“{name}”不能用来评{subject.label}，请换一个指标"
    if item.level is not None and item.level not in ranks:
        yield "level", f"没有序位为 {item.level} 的等级，请先在“等级”里写上，或者留空（所有等级都要求）"
    if item.level is not None and item.way not in CONDITIONS:
        yield "level", "计分的项目对所有等级都一样，“用于等级”请留空"
    if item.way in JUDGED and item.measure not in BY_HAND:
        yield "way", f"“{name}”由系统统计，不能人工评分：指标请选“人工评分”或“民主评议”"
    yield from _threshold(item)
    if item.way not in CONDITIONS and not item.points:
        yield "points", "请填写分值"


def _threshold(item: Item) -> Iterator[tuple[str, str]]:
    spec = MEASURES[item.measure]
    if item.way in JUDGED:
        return
    if item.threshold is None:
        yield "threshold", "请填写要求值"
    elif item.way in MEASURED - {Way.BAND} and item.threshold == 0:
        yield "threshold", "要求值要大于 0"
    elif item.threshold > spec.most:
        yield "threshold", f"要求值太大：“{item.measure.label}”最多是 {plain(spec.most)} {spec.unit}"


def _marks(
    levels: Sequence[Level], items: Sequence[Item], base: Decimal, full: Decimal | None
) -> Iterator[Finding]:
    """Whether the points can reach what the levels ask. Without points a panel decides."""
    if all(each.way in CONDITIONS for each in items):
        return
    most = most_points(items, base)
    top = full if most is None else most if full is None else min(most, full)
    for index, each in enumerate(levels):
        if top is not None and each.least_score is not None and each.least_score > top:
            sentence = (
                f"{each.name}：各项加起来最高只有 {plain(top)} 分，永远达不到 {plain(each.least_score)} 分"
            )
            yield Finding(f"levels-{index}-least_score", sentence)
    if full is not None and most is not None and most != full:
        yield Finding(
            "full", f"各项加起来最高 {plain(most)} 分，与满分 {plain(full)} 分不一致，请核对", False
        )
