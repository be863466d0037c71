"""One cell becomes one value: days in the ways clerks write them, money with its units, words as codes.

Reading forgives how a thing is written; what it cannot know for certain it refuses with a sentence.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from admin_app.imports.reader import Broken, Raw
from admin_app.imports.sheet import Item
from admin_app.models.fields import Field
from admin_app.rules.dates import parse_day, today

EXCEL_BEGINS = date(1899, 12, 30)
EXACT = 10**15  # from here on Excel has turned the last digits into noughts
NUL_WORDS = frozenset({"", "-", "--", "—", "——", "/", "\\", "／", "－", "N/A", "n/a", "NULL", "null"})
NOTHING = frozenset({"无", "没有", "不详", "未知", "暂无", "空"})  # for days and numbers

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
_DAY = re.compile(r"(\d{2}|\d{4})[-./年,](\d{1,2})[-./月,](\d{1,2})[日号]?")
_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?|(\d{4})(\d{2})")
_CLOCK = re.compile(r"[T\s]+\d{1,2}[:时]\d{1,2}.*$")
_MONEY = re.compile(r"([+-]?\d+(?:\.\d+)?)(万|亿|千)?(?:元整?|平方米|㎡|m2|学时|小时)?(?:/次)?", re.ASCII)
_WHOLE = re.compile(r"([+-]?\d+)(?:\.0*)?(?:人|件|次|个|户|页|份|台|部|平方米|岁|名|届)?", re.ASCII)
_HIDDEN = re.compile("[\u200b-\u200f\ufeff\u2060\u00ad]")
_NUMERALS = {char: str(index) for index, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_TIMES = {"": 1, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_YES = {
    "是": True,
    "有": True,
    "√": True,
    "✓": True,
    "✔": True,
    "对": True,
    "Y": True,
    "1": True,
    "TRUE": True,
}
_NO = {
    "否": False,
    "无": False,
    "没有": False,
    "×": False,
    "X": False,
    "N": False,
    "0": False,
    "FALSE": False,
}
_YES_NO = {**_YES, **_NO, "YES": True, "NO": False, "已": True, "未": False}


_REPEATED = frozenset({"code", "codes", "choice", "link", "date"})  # worth to be remembered


class Misread(ValueError):
    """A cell that cannot be read; `word` is (table, text) when a code for the text would mend it.

    `item` names the value it stood for, where the reader of a whole line says so.
    """

    def __init__(self, sentence: str, word: tuple[str, str] | None = None, item: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.word = word
        self.item = item


class Month(date):
    """A month of which the day is not told: it stands as its first, and any day of it is the same."""


class Reading:
    """Reads the cells of one import; what was read once is remembered.

    `code` finds the code for a word of a table on a day, `record` the id of a record that a link names.
    """

    def __init__(
        self,
        code: Callable[[str, str, date | None], str | None],
        record: Callable[[Field, str], Any],
    ) -> None:
        self._code = code
        self._record = record
        self._known: dict[Any, Any] = {}

    def value(self, item: Item, raw: Raw, day: date | None, times: int = 1) -> Any:
        """The value of a cell; None for a blank."""
        assert item.field is not None
        if item.field.kind not in _REPEATED:
            return self._read(item.field, raw, day, times)
        key = (item.name, type(raw), raw, day if item.field.kind in ("code", "codes") else None)
        if key not in self._known:
            if len(self._known) > 200_000:
                self._known.clear()
            try:
                self._known[key] = self._read(item.field, raw, day, times)
            except Misread as fault:
                self._known[key] = fault
        known = self._known[key]
        if isinstance(known, Misread):
            raise known
        return known

    def word(self, table: str, text: str, day: date | None = None) -> str:
        """The code of a word."""
        found = self._code(table, text, day)
        if found is None:
            raise Misread(f"“{text[:30]}”不是代码表里的说法", (table, text))
        return found

    def _read(self, field: Field, raw: Raw, day: date | None, times: int) -> Any:
        if isinstance(raw, Broken):
            raise Misread(raw.sentence)
        if raw is None or (isinstance(raw, str) and squeezed(raw) in NUL_WORDS):
            return None
        match field.kind:
            case "date" | "moment":
                return day_of(raw)
            case "money" | "decimal":
                return amount_of(raw, times)
            case "integer":
                return whole_of(raw)
            case "yes":
                return yes_of(raw)
            case "code":
                return self.word(field.say.codes, text_of(raw), day)
            case "codes":
                return [self.word(field.say.codes, each, day) for each in names_of(text_of(raw))]
            case "choice":
                assert field.choices is not None
                return self._choice(field, text_of(raw))
            case "link":
                return self._record(field, text_of(raw))
        text = text_of(raw)
        return field.say.tidy(text) if field.say.tidy else text

    def _choice(self, field: Field, text: str) -> Any:
        assert field.choices is not None
        for each in field.choices:
            if text in (each.label, each.value):
                return each
        found = self._code(field.choices.__name__, text, None)
        if found is None:
            words = "、".join(each.label for each in field.choices)
            raise Misread(f"“{text[:30]}”看不懂，请写：{words}")
        return field.choices(found)


def squeezed(text: str) -> str:
    """The text without blanks around, of any width, and without marks that nobody sees."""
    return _HIDDEN.sub("", text).strip()


def narrow(text: str) -> str:
    """Full-width digits and letters made narrow, all blanks out."""
    return "".join(normalize("NFKC", squeezed(text)).split())


def text_of(raw: Raw) -> str:
    """What stands in a cell as text; a number that Excel has cut short is refused."""
    match raw:
        case None:
            return ""
        case Broken():
            raise Misread(raw.sentence)
        case bool():
            return "是" if raw else "否"
        case float() | int():
            return _number_text(raw)
        case datetime() if (raw.hour, raw.minute, raw.second) == (0, 0, 0):
            return raw.date().isoformat()
        case datetime():
            return f"{raw:%Y-%m-%d %H:%M}"
        case date():
            return raw.isoformat()
        case time() | timedelta():
            return str(raw)
    text = squeezed(raw).replace("\r\n", "\n").replace("\r", "\n")
    if _SCIENTIFIC.fullmatch(text):
        raise Misread(_cut_short(text))
    return text


def _number_text(number: float) -> str:
    if abs(number) >= EXACT:
        raise Misread(_cut_short(f"{number:.5E}"))
    return str(int(number)) if number == int(number) else repr(number)


def _cut_short(text: str) -> str:
    return (
        f"号码被 Excel 变成了 {text}，后几位已经丢失："
        "请把这一列的格式改成“文本”，重新填写完整号码（前面加英文单引号 ' 也可以）"
    )


def day_of(raw: Raw) -> date | None:
    """A day: typed, a real date, Excel's running number, eight digits, with a year of two digits."""
    match raw:
        case datetime():
            return raw.date()
        case date():
            return raw
        case bool() | time() | timedelta():
            raise Misread("这不是日期")
        case float() | int():
            return _day_of_number(raw)
    text = _CLOCK.sub("", narrow_keeping_blanks(text_of(raw)))
    text = "".join(text.split())
    if not text or text in NOTHING:
        return None
    return _day_of_text(text)


def narrow_keeping_blanks(text: str) -> str:
    """As `narrow`, with the blanks that part the day from the hour."""
    return normalize("NFKC", squeezed(text))


def _day_of_text(text: str) -> date:
    text = _arabic(text) if any(char in _NUMERALS or char == "十" for char in text) else text
    try:
        return parse_day(text)
    except ValueError:
        pass
    found = _DAY.fullmatch(text)
    month = _MONTH.fullmatch(text)
    try:
        if found:
            return date(_year(found[1]), int(found[2]), int(found[3]))
        if month and int(month[1] or month[3]) >= 1900:
            return Month(int(month[1] or month[3]), int(month[2] or month[4]), 1)
    except ValueError:
        raise Misread(f"没有“{text[:20]}”这一天，请核对") from None
    if text.isdecimal():
        return _day_of_number(int(text))
    raise Misread(f"日期“{text[:20]}”看不懂，请写成 2026-09-12 或 20260912")


def _day_of_number(number: float) -> date:
    if number != number or not 0 <= number < 10**9:
        raise Misread("日期看不懂，请写成 2026-09-12")
    whole = int(number)
    if 1900 <= whole <= 2100 and number == whole:
        raise Misread(f"只有年份 {whole}，请补全月和日")
    if 19000101 <= whole <= 21001231 or 190001 <= whole <= 210012:
        return _day_of_text(str(whole))
    if 60 < whole < 73_051:  # Excel's own count, 1900 to 2099
        return EXCEL_BEGINS + timedelta(days=whole)
    raise Misread(f"日期“{whole}”看不懂，请写成 2026-09-12")


def _year(text: str) -> int:
    """26 → 2026, 98 → 1998: a year of two digits is the nearest that is not to come."""
    if len(text) == 4:
        return int(text)
    year = 2000 + int(text)
    return year if year <= today().year + 1 else year - 100


def _arabic(text: str) -> str:
    """二〇二六年九月十二日 → 2026年9月12日."""

    def number(found: re.Match[str]) -> str:
        chars = found[0]
        if "十" not in chars:
            return "".join(_NUMERALS[char] for char in chars)
        tens, _, ones = chars.partition("十")
        return str(int(_NUMERALS.get(tens, "1")) * 10 + int(_NUMERALS.get(ones, "0")))

    return re.sub(r"[〇零○一二三四五六七八九十]+", number, text)


def amount_of(raw: Raw, times: int = 1) -> Decimal | None:
    """A sum in yuan: thousands separators, 元, 万元, ¥; `times` is the heading's own unit."""
    if isinstance(raw, bool | date | datetime | time | timedelta):
        raise Misread("这不是数字")
    if isinstance(raw, float | int):
        try:
            return _cents(Decimal(repr(raw)) * times)
        except InvalidOperation:
            raise Misread("这不是数字") from None
    text = narrow(text_of(raw)).replace(",", "").replace("，", "").lstrip("¥￥").removeprefix("人民币")
    if not text or text in NOTHING:
        return None
    found = _MONEY.fullmatch(text)
    if not found:
        raise Misread(f"“{text[:20]}”不是金额，请只写数字，例如 12345.60")
    unit = _TIMES[found[2] or ""]
    return _cents(Decimal(found[1]) * (unit if found[2] else times))


def _cents(amount: Decimal) -> Decimal:
    """Excel's own rounding noise (0.1 + 0.2) is taken away; real third decimals stay, to be refused."""
    near = round(amount, 2)
    return near if abs(amount - near) < Decimal("0.00001") else amount


def whole_of(raw: Raw) -> int | None:
    """A whole number, perhaps with 人, 件 or the like behind it."""
    if isinstance(raw, bool | date | datetime | time | timedelta):
        raise Misread("这不是整数")
    if isinstance(raw, float | int):
        if raw != raw or abs(raw) >= EXACT or raw != int(raw):
            raise Misread(f"“{raw}”不是整数")
        return int(raw)
    text = narrow(text_of(raw)).replace(",", "")
    if not text or text in NOTHING:
        return None
    found = _WHOLE.fullmatch(text)
    if not found or len(found[1]) > 12:
        raise Misread(f"“{text[:20]}”不是整数，请只写数字")
    return int(found[1])


def yes_of(raw: Raw) -> bool | None:
    """是 or 否, however it is ticked."""
    if isinstance(raw, bool):
        return raw
    text = narrow(text_of(raw)).upper()
    if not text:
        return None
    if text not in _YES_NO:
        raise Misread(f"“{text[:20]}”看不懂，请写“是”或“否”")
    return _YES_NO[text]


def names_of(text: str) -> list[str]:
    """张三、李四 → both: parted by stops, semicolons or a new line; blanks within a name are no parting."""
    return [each for part in re.split(r"[、，,;；/\n]+", text) if (each := part.strip())]
