"""Numbers of records: a pattern that a bureau chooses, filled with year, unit and running number.

A pattern is text from a form, so it is never given to `str.format`: three placeholders are known, nothing
else is read. Sources: 卷号 "（ ）人调字第 号" (formats.md F-series); the rest are agreed ones (约定).
"""

import re
from unicodedata import normalize

from admin_app.rules.choices import Choice

LONGEST = 60  # characters of a number, as wide as the columns that hold one
LONGEST_LITERAL = 30  # of them the pattern's own: the rest is left to the unit's name
_BRACKETS = "()[]〔〕【】"
_PLACE = re.compile(r"\{(?:(year)|(unit)|n(?::0?([1-9]))?)\}", re.ASCII)


class Series(Choice):
    """What is numbered per unit and year, each in a run of its own."""

    CASE = "case", "案号"
    AGREEMENT = "agreement", "协议编号"
    REFERRAL = "referral", "转办编号"
    DOSSIER = "dossier", "卷号"
    LETTER = "letter", "移送函编号"
    URGING = "urging", "督办编号"
    AWARD = "award", "证书编号"


def pattern_fault(pattern: str) -> str | None:
    """Why a text is no pattern, as a sentence; None when it is one.

    The running number stands last and after a word of its own, so that what stands before it names one
    unit and one year: 桃园1 with 2 must not read like 桃园 with 12.
    """
    kinds = ["year" if found[1] else "unit" if found[2] else "n" for found in _PLACE.finditer(pattern)]
    literal = _PLACE.sub("", pattern)
    if "{" in literal or "}" in literal:
        return "大括号只能用来写 {year}（年份）、{unit}（单位）、{n} 或 {n:04}（序号）"
    if sorted(kinds) != ["n", "unit", "year"]:
        return "{year}（年份）、{unit}（单位）、{n}（序号）各要写一次，不能多也不能少"
    if kinds[-1] != "n":
        return "{n}（序号）要写在 {year} 和 {unit} 的后面"
    if "}{n" in pattern:
        return "{n}（序号）前面要有文字，如“第”"
    if len(literal) > LONGEST_LITERAL:
        return f"除了年份、单位和序号，文字最多 {LONGEST_LITERAL} 个"
    return None


def formatted(pattern: str, *, year: int, unit: str, n: int) -> str:
    """`（{year}）{unit}人调字第{n:04}号` → `（2026）湖头村人调字第0001号`."""

    def fill(found: re.Match[str]) -> str:
        return str(year) if found[1] else unit if found[2] else str(n).zfill(int(found[3] or 1))

    return _PLACE.sub(fill, pattern)


def ends(pattern: str, *, year: int, unit: str) -> tuple[str, str]:
    """What stands before and after the running number in all numbers of one unit and year."""
    place = next(found for found in _PLACE.finditer(pattern) if not (found[1] or found[2]))
    before, after = pattern[: place.start()], pattern[place.end() :]
    return formatted(before, year=year, unit=unit, n=0), after


def highest(numbers: list[str], before: str, after: str) -> int:
    """The highest running number among numbers with these ends; 0 when there is none."""
    run = re.compile(rf"{re.escape(before)}(\d{{1,9}}){re.escape(after)}", re.ASCII)
    return max((int(found[1]) for each in numbers if (found := run.fullmatch(each))), default=0)


def unit_word(chain: list[str], others: list[list[str]]) -> str:
    """What a unit is called in its numbers: its name, after those of its upper units while it is not alone.

    `chain` is its name and those of the units above it, from the bottom; `others` are the chains of the
    live units that bear the same name.
    """
    for height in range(1, len(chain)):
        word = _joined(chain, height)
        if all(_joined(other, height) != word for other in others):
            return word
    return _joined(chain, len(chain))


def _joined(chain: list[str], height: int) -> str:
    return "".join(reversed(chain[:height]))


def ways_to_write(text: str) -> set[str]:
    """How a number that somebody typed may be kept: without blanks, in any kind of brackets; else nothing."""
    plain = "".join(normalize("NFKC", text[:LONGEST]).split())
    if not any(each.isdigit() for each in plain):
        return set()
    return {
        plain.translate(str.maketrans(_BRACKETS, pair * 4)) for pair in ("()", "（）", "〔〕", "[]", "【】")
    }
