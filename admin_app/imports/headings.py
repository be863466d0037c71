"""Where a table's headings stand and which column each is: below title lines, in any order, merged or not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from admin_app.imports.reader import Raw, Table, letters
from admin_app.imports.sheet import Item, Sheet

DEPTHS = (1, 2, 3)
WITHIN = 25  # rows from the top in which headings begin
MARKED = "问题"  # the column in which a book went back with its faults
FEWEST = 2  # headings that must be known before a row is taken for one

_BRACKETS = re.compile(r"[(\[【].*?[)\]】]", re.DOTALL)
_MARKS = re.compile(r"[\s*:、/，,。.·;\-_()\[\]【】\"“”]|必填|选填")
_UNITS = frozenset(["件", "人", "元", "万元", "次", "个", "页", "份", "岁", "户"])
_FOOT = re.compile(r"合计|总计|小计|下级上报总计|本级上报总计")
_ASIDE = re.compile(
    r"填报单位|填报人|填表|制表|审核人|单位负责人|填报日期|本期没有符合条件的记录|说明|注：|注:|备注："
    r"|接待人[（(]签名"
)
_SAMPLE = re.compile(r"示例|样例|例[一二三1-9]|填写说明|填写要求|（示例")


@dataclass(frozen=True)
class Place:
    """A column of the table: where it stands, what it gives, by how much its numbers are multiplied."""

    index: int
    item: Item
    times: int = 1


@dataclass(frozen=True)
class Headings:
    """What was found in a table: the row after the headings, the columns, what is unknown or missing."""

    table: Table
    first: int
    places: tuple[Place, ...]
    unknown: tuple[str, ...]
    missing: tuple[Item, ...]

    @property
    def fits(self) -> bool:
        return not self.missing and len(self.places) >= FEWEST


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A heading without what people add for looks: blanks, stars, brackets' edges, full-width forms."""
    return _MARKS.sub("", normalize("NFKC", text)).lower()


def bare(text: str) -> str:
    """The same without what stands in brackets: 涉及金额（元） → 涉及金额."""
    return plain(_BRACKETS.sub("", normalize("NFKC", text))) or plain(text)


def known(sheet: Sheet) -> dict[str, Item]:
    """Every heading that a sheet understands; a column's own label stands over another's other name."""
    names: dict[str, Item] = {}
    own = [(spelt, each) for each in sheet.items for spelt in (plain(each.label), bare(each.label))]
    fields = [(plain(each.field.label), each) for each in sheet.items if each.field]
    others = [(plain(also), each) for each in sheet.items for also in each.also]
    for spelt, each in (*own, *others, *fields):
        names.setdefault(spelt, each)
    return names


def find(table: Table, sheet: Sheet, given: frozenset[str] = frozenset()) -> Headings:
    """The best reading of a table's headings; `given` are values that the upload itself has told."""
    names = known(sheet)
    rows = table.rows[: WITHIN + len(DEPTHS)]
    best: tuple[int, int, dict[int, list[str]]] = (0, 0, {})
    most = 0
    for first in range(min(WITHIN, len(rows))):
        for depth in DEPTHS:
            columns = _stacked(table, rows[first : first + depth], first)
            score = len({item.name or item.label for item in _matched(columns, names).values()})
            if score > most:
                most, best = score, (first, depth, columns)
    first, depth, columns = best
    matched = _matched(columns, names)
    places, taken, unknown = [], set(), []
    for index, texts in sorted(columns.items()):
        item = matched.get(index)
        if item is None and bare(texts[-1]) == MARKED:
            continue
        if item is None or (item.name and item.name in taken):
            unknown.append(f"{letters(index)} 列“{texts[-1]}”")
            continue
        taken.add(item.name)
        if not item.told:
            places.append(Place(index, item, 10_000 if "万元" in "".join(texts) else 1))
    told = taken | given | {name for place in places for name in place.item.gives}
    missing = tuple(each for each in sheet.items if each.needed and each.name not in told)
    after = _after(table.rows, first + depth) if most else 0
    return Headings(table, after, tuple(places), tuple(unknown), missing)


def _matched(columns: Mapping[int, Sequence[str]], names: Mapping[str, Item]) -> dict[int, Item]:
    found = {}
    for index, texts in columns.items():
        for spelt in _spellings(texts):
            if spelt in names:
                found[index] = names[spelt]
                break
    return found


def _spellings(texts: Sequence[str]) -> list[str]:
    """What a column may be called: with its groups, then alone."""
    joined = ["".join(texts[start:]) for start in range(len(texts))]
    return [each for text in joined for each in (plain(text), bare(text))]


def _stacked(table: Table, rows: Sequence[Sequence[Raw]], first: int) -> dict[int, list[str]]:
    """For each column its headings from the group down to its own, every one once."""
    width = max((len(row) for row in rows), default=0)
    grid = [[_text(row, index) for index in range(width)] for row in rows]
    merged_over = _spread(table, grid, first)
    for level, row in enumerate(grid[:-1]):
        for index in range(1, width):
            if not row[index] and grid[-1][index] and (level, index) not in merged_over:
                row[index] = row[index - 1]
    columns = {}
    for index in range(width):
        texts = list(dict.fromkeys(row[index] for row in grid if row[index]))
        if texts:
            columns[index] = texts
    return columns


def _spread(table: Table, grid: list[list[str]], first: int) -> set[tuple[int, int]]:
    """A merged cell's text stands in each of its cells; which cells that were."""
    spread = set()
    for (top, left), (bottom, right) in table.merged:
        if not first <= top < first + len(grid) or left >= len(grid[0] if grid else ()):
            continue
        text = grid[top - first][left]
        for row in range(top, min(bottom, first + len(grid) - 1) + 1):
            for index in range(left, min(right, len(grid[0]) - 1) + 1):
                if bottom < first + len(grid):
                    grid[row - first][index] = text
                    spread.add((row - first, index))
    return spread


def _text(row: Sequence[Raw], index: int) -> str:
    value = row[index] if index < len(row) else None
    return value.strip() if isinstance(value, str) else ""


def _after(rows: Sequence[Sequence[Raw]], first: int) -> int:
    """Past the rows of units and of column numbers that official forms have under their headings."""
    while first < len(rows) and (_is_units(rows[first]) or _is_numbers(rows[first])):
        first += 1
    return first


def _is_units(row: Sequence[Raw]) -> bool:
    texts = [each for each in row if each not in (None, "")]
    return bool(texts) and all(isinstance(each, str) and bare(each) in (_UNITS | {"单位"}) for each in texts)


def _is_numbers(row: Sequence[Raw]) -> bool:
    """1 2 3 4 … across the columns; a line of data hardly reads so."""
    numbers = [each for each in row if each not in (None, "", "甲", "乙")]
    if len(numbers) < 4:
        return False
    try:
        whole = [int(str(each).removesuffix(".0").strip("()（）")) for each in numbers]
    except ValueError:
        return False
    return whole == list(range(whole[0], whole[0] + len(whole))) and whole[0] <= 1


def passed_by(row: Sequence[Raw]) -> str:
    """Why a row below the headings is no line of the book: "blank", "foot", "sample"; "" for a line."""
    filled = [each for each in row if not (each is None or (isinstance(each, str) and not each.strip()))]
    if not filled:
        return "blank"
    opening = filled[0]
    if not isinstance(opening, str):
        return ""
    text = opening.strip()
    if _SAMPLE.match(text):
        return "sample"
    if _FOOT.match(text) or (len(filled) == 1 and _ASIDE.match(text.lstrip("（("))):
        return "foot"
    return ""
