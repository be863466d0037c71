"""The tally 统计累计: which sums are kept for each committee and month, and what they answer.

A column for each sum that the figures ask (rules/figures.py); what the parameter of 疑难复杂案件 may choose
among is kept class by class. A sum that is not kept is counted from the cases.
"""

from dataclasses import replace

from admin_app.rules.figures import Among, Key, Measure, Of, every

CLASSES = ("1", "2", "3", "4")  # SYS112 难度级别


def _columns() -> dict[str, Key]:
    """Figures that ask only the committee share a sum; the first gives it its name."""
    asked = [each for each in every() if each.of is not Of.MONTH and each.name != "difficult"]
    names = {each.key: each.name for each in reversed(asked)}
    sums = {names[each.key]: each.key for each in asked}
    return sums | {f"difficulty_{code}": _of_class(code) for code in CLASSES}


def _of_class(code: str) -> Key:
    return Of.CASE, Measure.CASES, Among("difficulty", frozenset((code,)))


COLUMNS: dict[str, Key] = _columns()
_NAMES = {key: name for name, key in COLUMNS.items()}


def kept(key: Key) -> tuple[str, ...]:
    """The columns that together make a sum; none where the tally does not know it."""
    if key in _NAMES:
        return (_NAMES[key],)
    of, measure, when = key
    parts = [(of, measure, replace(when, these=frozenset((code,)))) for code in sorted(when.these)]
    return tuple(_NAMES[each] for each in parts) if all(each in _NAMES for each in parts) else ()
