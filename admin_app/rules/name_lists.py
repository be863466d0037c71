"""A list of people who were at a training, as it is pasted from a sheet: one person a line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from admin_app.rules import scans
from admin_app.rules.scans import Reads, Scan
from admin_app.rules.trainings import Mark, hours_finding

MOST_LINES = 2000
LONGEST = 200_000  # characters of a pasted list
WORDS = {
    **{each.label: each for each in Mark},
    **dict.fromkeys(("到", "实到", "参加", "出席", "是", "√", "✓"), Mark.CAME),
    **dict.fromkeys(("未到", "旷课", "没到", "否", "×"), Mark.ABSENT),
    **dict.fromkeys(("事假", "病假"), Mark.EXCUSED),
}
HEADINGS = {
    "姓名",
    "调解员",
    "序号",
    "手机",
    "手机号",
    "联系电话",
    "电话",
    "身份证号",
    "身份证号码",
    "学时",
    "签到",
    "备注",
}
_BETWEEN = re.compile(r"[\t,，;；]+")
_PLACE = re.compile(r"调委会|调解委员会|村|社区|街道|镇|乡|司法")


@dataclass(frozen=True)
class Named:
    """Whom a line names and what it says of them; `fault` is why nobody can be looked for."""

    name: str = ""
    number: Scan | None = None
    place: str = ""
    mark: Mark | None = None
    hours: Decimal | None = None
    fault: str = ""


def lines(text: str) -> list[list[str]]:
    """The cells of a pasted text; where there is no tab and no comma, blanks part them."""
    found = []
    for line in text.splitlines():
        cells = _BETWEEN.split(line) if _BETWEEN.search(line) else line.split()
        found.append([normalize("NFKC", each).strip() for each in cells])
    return found


def is_heading(cells: Iterable[str]) -> bool:
    """A first line that names its columns."""
    return len({re.sub(r"\s", "", each) for each in cells} & HEADINGS) >= 2 or list(cells) == ["姓名"]


def named(cells: list[str]) -> Named:
    """What each cell can only be: a number of a person, a mark, hours, a committee, else the name."""
    name, number, place, mark, hours = "", None, "", None, None
    small: list[Decimal] = []
    for cell in filter(None, cells):
        scan = scans.read(cell)
        if scan is not None and scan.reads in (Reads.PHONE, Reads.ID_NUMBER):
            number = number if number and number.reads is Reads.ID_NUMBER else scan
        elif cell in WORDS:
            mark = WORDS[cell]
        elif (amount := _amount(cell)) is not None:
            small.append(amount)
        elif name and _PLACE.search(cell):
            place = cell
        elif not name:
            name = cell.replace(" ", "")
    # A running number stands before the name, the hours behind it.
    if small and not (len(small) == 1 and cells and _amount(cells[0]) is not None):
        hours = small[-1]
        found = hours_finding(hours)
        if found or hours != round(hours, 1):
            return Named(name, number, fault=found.sentence if found else "学时最多保留 1 位小数")
    if not name and number is None:
        return Named(fault="这一行没有姓名，也没有手机号或身份证号")
    return Named(name, number, place, mark, hours)


def _amount(cell: str) -> Decimal | None:
    try:
        amount = Decimal(re.sub(r"(学时|课时|小时)$", "", cell))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
