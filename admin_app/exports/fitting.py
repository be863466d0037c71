"""What fits into a cell: characters that Excel can hold, and how high a row must be for its text.

Not every program that opens a sheet finds the height of a wrapped row by itself, so it is said here.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

CELL_CHARACTERS = 32_767  # Excel's limit
CUT = "……（内容过长，此处截断，全文见系统）"
HIGHEST = 409.0  # points, Excel's limit for a row
LINE_HEIGHT = 14.25  # points that a line in 10.5 takes

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# What stays together when a line is broken: a word or number, with the brackets and stops that lean on it.
_TOKEN = re.compile(r"[（《“【]*(?:[!-~]+|[^\n])[，。、；：）》”！？】]*")
_DIGITS = str.maketrans("123456789", "0" * 9)
_HAN = re.compile(r"[\u3400-\u9fff]")


def clean(text: str) -> str:
    """The text without characters that XML forbids, cut where Excel's cell ends."""
    if text.isprintable() and len(text) * 2 <= CELL_CHARACTERS:
        return text
    kept = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(kept) * 2 <= CELL_CHARACTERS or _units(kept) <= CELL_CHARACTERS:
        return kept
    room = CELL_CHARACTERS - _units(CUT)
    return kept.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT


def _units(text: str) -> int:
    """Excel counts UTF-16 units: a rare character or an emoji is two."""
    return len(text) + sum(c > "\uffff" for c in text)


def height(lines: int) -> float:
    """The height of a row with this many lines of text."""
    return min(lines * LINE_HEIGHT + 5, HIGHEST)


def text_lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters; a Chinese character is two wide."""
    if "\n" not in text and (len(text) * 2 <= width or _breadth(text) <= width):
        return 1
    return _shape_lines(_HAN.sub("中", text.translate(_DIGITS)), width)


@lru_cache(maxsize=4096)
def _shape_lines(text: str, width: float) -> int:
    """The same of a text's shape: one digit is as wide as another, one character too, so few shapes occur."""
    return sum(_paragraph_lines(paragraph, width) for paragraph in text.split("\n"))


def broken(label: str, width: float) -> str:
    """A heading too wide for its column, broken where a reader would: before its bracket, after a stroke."""
    return label if _breadth(label) <= width else label.replace("（", "\n（").replace("/", "/\n")


def gap(texts: Sequence[str], width: float) -> str:
    """Full-width blanks that spread some texts over a line."""
    free = width * 0.95 - sum(_breadth(each) for each in texts)
    return "　" * max(2, int(free / 2 / (len(texts) - 1)))


def _paragraph_lines(text: str, width: float) -> int:
    if _breadth(text) <= width:
        return 1
    lines, used = 1, 0.0
    for token in _TOKEN.findall(text):
        size = _breadth(token)
        if used and used + size > width:
            lines, used = lines + 1, 0.0
        used += size
        while used > width:
            lines, used = lines + 1, used - width
    return lines


def _breadth(text: str) -> float:
    """A Chinese character takes three bytes and counts as two."""
    return len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "surrogatepass"))) / 2
