"""Marking 标出: which characters of a text a question has found, by themselves, by pinyin or by a number."""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate, groupby, pairwise

from admin_app.rules.search import TAIL, folded

Piece = tuple[str, bool]
Syllables = Callable[[str], list[str]]  # of a run of characters, one each

_TAILED = (TAIL, 11)  # digits of a question that may be the end of a telephone, or all of it
_ASKED = re.compile(r"[a-z]+|[0-9]+|[^\sa-z0-9]+")
_DIGITS = re.compile(r"[0-9]+")
_NAME = re.compile(r"[^\sa-z0-9]+")


class _Plain:
    """A text folded as the search folds it, and where each of its characters came from."""

    def __init__(self, text: str) -> None:
        marked = [(each, place) for place, one in enumerate(text) for each in folded(one) or "\n"]
        self.text = "".join(each for each, _ in marked)
        self.places = [place for _, place in marked]

    def at(self, begin: int, length: int) -> Iterator[int]:
        return iter(self.places[begin : begin + length])


def asks_for_tail(question: str) -> bool:
    """Whether a question may be asking for a telephone."""
    return any(run.isdigit() and len(run) in _TAILED for run in _ASKED.findall(folded(question)))


def pieces(text: str, question: str, syllables: Syllables) -> list[Piece]:
    """The text cut into parts that were found and parts that were not, in their order."""
    plain, runs = _Plain(text), _ASKED.findall(folded(question))
    found = {place for run in runs for place in _found(plain, run, syllables)}
    parts = groupby(range(len(text)), key=found.__contains__)
    return [("".join(text[place] for place in places), hit) for hit, places in parts]


def _found(plain: _Plain, run: str, syllables: Syllables) -> Iterator[int]:
    if run.isdigit() and run.isascii():
        return _numbers(plain, run)
    if run.isascii():
        return _latin(plain, run, syllables)
    return _characters(plain, run)


def _characters(plain: _Plain, run: str) -> Iterator[int]:
    """The run itself; where it does not stand as a whole, every two of its characters that do."""
    sought = [run] if run in plain.text else ["".join(pair) for pair in pairwise(run)]
    for each in sought:
        for hit in re.finditer(re.escape(each), plain.text):
            yield from plain.at(hit.start(), len(each))


def _numbers(plain: _Plain, run: str) -> Iterator[int]:
    """A number, whatever zeros lead it; a long one by its beginning; a telephone by its end."""
    value, tail = run.lstrip("0"), run[-TAIL:] if asks_for_tail(run) else None
    for hit in _DIGITS.finditer(plain.text):
        here = hit[0].lstrip("0")
        if here == value or (len(run) > TAIL and here.startswith(value)):
            yield from plain.at(hit.start(), len(hit[0]) - len(here) + len(value))
        elif tail and hit[0].endswith(tail):
            yield from plain.at(hit.end() - TAIL, TAIL)


def _latin(plain: _Plain, run: str, syllables: Syllables) -> Iterator[int]:
    """Letters as they stand, and the names whose pinyin or initials begin with them."""
    for hit in re.finditer(rf"(?<![a-z]){run}", plain.text):
        yield from plain.at(hit.start(), len(run))
    for hit in _NAME.finditer(plain.text):
        spelled = syllables(hit[0])
        if "".join(each[:1] for each in spelled).startswith(run):
            yield from plain.at(hit.start(), len(run))
        elif "".join(spelled).startswith(run):
            before = sum(end < len(run) for end in accumulate(map(len, spelled)))
            yield from plain.at(hit.start(), before + 1)
