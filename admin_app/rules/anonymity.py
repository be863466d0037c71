"""Whether a text still tells who it is about, and what to say instead (M22; 人民调解法 4, 保密).

A secret is looked for in every spelling that people read as the same: full width, traditional forms, spaces,
dashes and dots between the characters, numbers in Chinese digits, and half masked with asterisks. What is
found has its place in the text, so that a person sees where. It may find too much, never too little
(docs/decisions/0024).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from admin_app.rules.characters import simplified
from admin_app.rules.choices import Choice


class Kind(Choice):
    """What a secret is; numbers are compared by their digits, words by their letters."""

    PERSON = "person", "姓名"
    BODY = "body", "单位名称"
    PLACE = "place", "地名"
    ADDRESS = "address", "住址"
    NUMBER = "number", "号码"
    REFERENCE = "reference", "编号"


@dataclass(frozen=True)
class Secret:
    """Something of a case that must not stand in the library, and what stands there instead."""

    kind: Kind
    text: str
    whose: str
    instead: str


@dataclass(frozen=True, order=True)
class Leak:
    """A place of a text, from `start` up to `end`, at which a secret stands."""

    start: int
    end: int
    secret: Secret
    text: str

    @property
    def sentence(self) -> str:
        """What is said of it."""
        return f"第 {self.start + 1} 个字起“{self.text}”是{self.secret.whose}，请换成“{self.secret.instead}”"


# Read past: what people put between the characters of a name or a number.
_BETWEEN = frozenset("-_—–‐‑‒―·•・‧∙.*＊/\\|~'\"“”‘’`^+=#")
_MASKS = frozenset("*＊x×○●■某")
_CHINESE = {
    **{each: str(n) for n, each in enumerate("零一二三四五六七八九")},
    "〇": "0",
    "幺": "1",
    "两": "2",
}
_CHINESE |= {each: str(n) for n, each in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_SHORT = 7  # so many digits in a row of a phone or an ID number tell whose it is
_VISIBLE = 6  # so many digits that are left of a masked one
_PART = 6  # so many characters in a row of an address
_NOBODY = "□"  # stands in no secret and joins nothing
_COMMON = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司|集团|合作社|经营部|个体工商户)$")
_ROUNDS = 4


@dataclass(frozen=True)
class _Plain:
    """A text as it is compared: characters, and where each of them stands in the text."""

    chars: str
    places: tuple[int, ...]

    def leak(self, start: int, end: int, secret: Secret, text: str) -> Leak:
        first, last = self.places[start], self.places[end - 1] + 1
        return Leak(first, last, secret, text[first:last])


def _letters(text: str) -> _Plain:
    """Letters and digits alike, narrow and small; what people put between them is read past."""
    return _plain(text, lambda each: "" if _silent(each) else each)


def _silent(each: str) -> bool:
    return each in _BETWEEN or each.isspace() or unicodedata.category(each)[0] in "CZM"


def _digits(text: str, *, masks: bool = False) -> _Plain:
    """Digits (and the X of an ID number); any other letter ends a number, anything else is read past."""

    def kept(each: str) -> str:
        digit = _CHINESE.get(each) or (str(unicodedata.digit(each)) if each.isdigit() else "")
        if digit:
            return digit
        if masks and each in _MASKS:
            return "*"
        if each == "x":
            return "x"
        return "|" if each.isalpha() or each == _NOBODY else ""

    return _plain(text, kept)


def _plain(text: str, kept: object) -> _Plain:
    assert callable(kept)
    chars: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(text):
        for each in unicodedata.normalize("NFKC", raw).casefold():
            for one in kept(simplified(each)):
                chars.append(one)
                places.append(place)
    return _Plain("".join(chars), tuple(places))


# ------------------------------------------------------------------ finding


def leaks(text: str, secrets: Iterable[Secret]) -> list[Leak]:
    """Every place at which something of a secret stands; of two that overlap, the longer one."""
    words, numbers, masked = _letters(text), _digits(text), _digits(text, masks=True)
    found = [
        plain.leak(start, end, secret, text)
        for secret in secrets
        for plain, start, end in _found(secret, words, numbers, masked, text)
    ]
    return _longest(found)


def _found(
    secret: Secret, words: _Plain, numbers: _Plain, masked: _Plain, text: str
) -> Iterator[tuple[_Plain, int, int]]:
    if secret.kind in (Kind.NUMBER, Kind.REFERENCE):
        digits = _digits(secret.text).chars.replace("|", "")
        if secret.kind is Kind.NUMBER and len(digits) >= _SHORT:
            yield from _each(numbers, _windows(digits, _SHORT))
            yield from ((masked, *span) for span in _half_masked(masked.chars, digits))
            return
    wanted = _letters(secret.text).chars
    for word in _words(secret.kind, wanted):
        yield from _each(words, [word])
    if secret.kind is Kind.PERSON:
        yield from ((_as_is(text), *span) for span in _half_named(_as_is(text).chars, wanted))


def _words(kind: Kind, wanted: str) -> list[str]:
    """What of a secret is looked for: all of it; of an address any stretch, of a firm its own name too."""
    if kind is Kind.ADDRESS:
        return _windows(wanted, _PART)
    own = _COMMON.sub("", wanted)
    if kind is Kind.BODY and len(own) >= 3:
        return [wanted, own]
    return [wanted] if wanted else []


def _windows(text: str, size: int) -> list[str]:
    """Every stretch of so many characters; the whole where it is shorter."""
    if len(text) <= size:
        return [text] if text else []
    return [text[at : at + size] for at in range(len(text) - size + 1)]


def _each(plain: _Plain, words: Sequence[str]) -> Iterator[tuple[_Plain, int, int]]:
    for word in words:
        start = plain.chars.find(word)
        while start >= 0:
            yield plain, start, start + len(word)
            start = plain.chars.find(word, start + 1)


def _half_masked(chars: str, digits: str) -> Iterator[tuple[int, int]]:
    """138****5678: as long as the number, every digit that shows in its place, and enough of them."""
    size = len(digits)
    for start in range(len(chars) - size + 1):
        shown = [
            (mine, its) for mine, its in zip(chars[start : start + size], digits, strict=True) if mine != "*"
        ]
        if len(shown) < size and len(shown) >= _VISIBLE and all(mine == its for mine, its in shown):
            yield start, start + size


def _as_is(text: str) -> _Plain:
    """Letters with masks kept: 王*明."""
    return _plain(text, lambda each: "*" if each in _MASKS else "" if _silent(each) else each)


def _half_named(chars: str, name: str) -> Iterator[tuple[int, int]]:
    """王*明, *小明: a name of three characters or more of which one is masked. 王某 is nobody."""
    size = len(name)
    if size < 3:
        return
    for start in range(len(chars) - size + 1):
        piece = chars[start : start + size]
        shown = sum(mine != "*" for mine in piece)
        if shown == size - 1 and all(mine in ("*", its) for mine, its in zip(piece, name, strict=True)):
            yield start, start + size


def _longest(found: Iterable[Leak]) -> list[Leak]:
    """Stretches of one number are one place."""
    kept: list[Leak] = []
    for leak in sorted(found, key=lambda each: (each.start, -each.end)):
        last = kept[-1] if kept else None
        if last is None or leak.start >= last.end:
            kept.append(leak)
        elif leak.end > last.end and leak.secret == last.secret:
            kept[-1] = Leak(last.start, leak.end, last.secret, last.text + leak.text[last.end - leak.start :])
        elif leak.end > last.end:
            kept.append(leak)
    return kept


# ------------------------------------------------------------------ replacing


def nameless(text: str, secrets: Sequence[Secret]) -> str:
    """The text with everything replaced that `leaks` would find.

    A replacement may make a new spelling with what stands beside it, or be somebody's very name (某甲):
    then a blank square stands instead, which joins nothing.
    """
    for turn in range(_ROUNDS):
        found = leaks(text, secrets)
        if not found:
            return text
        text = _replaced(text, found, blank=turn > 0)
    while found := leaks(text, secrets):
        text = _replaced(text, found, blank=True)
    return text


def _replaced(text: str, found: Sequence[Leak], *, blank: bool) -> str:
    pieces, at = [], 0
    for leak in found:
        if leak.end <= at:
            continue
        pieces += [text[at : max(at, leak.start)], _NOBODY if blank else leak.secret.instead]
        at = leak.end
    return "".join(pieces) + text[at:]


# ------------------------------------------------------------------ naming

_STEMS = "甲乙丙丁戊己庚辛壬癸"


def nobody(number: int) -> str:
    """某甲, 某乙 … for the first, the second person."""
    turn, stem = divmod(number, len(_STEMS))
    return f"某{_STEMS[stem]}{turn + 1 if turn else ''}"


def somewhere(name: str) -> str:
    """某村, 某街道: what kind of place it is, and not which."""
    for end in ("街道", "社区", "新区", "开发区", "村", "镇", "乡", "区", "县", "市"):
        if name.endswith(end):
            return f"某{end}"
    return "某地"


def stem_of(name: str) -> str:
    """What a place is called in talk: 桃园社区 is 桃园 too, where enough is left to tell."""
    own = re.sub(r"(街道|社区|新区|开发区|行政村|村|镇|乡|区|县|市)$", "", name)
    return own if len(own) >= 2 else name


def distinct(secrets: Iterable[Secret]) -> list[Secret]:
    """Each text once, the longest first, so that a whole address goes before the village in it."""
    found: dict[tuple[Kind, str], Secret] = {}
    for each in secrets:
        if each.text.strip():
            found.setdefault((each.kind, each.text.strip()), each)
    return sorted(found.values(), key=lambda each: -len(each.text))


def joined(*groups: Iterable[Secret]) -> list[Secret]:
    """The secrets of several sources."""
    return distinct(chain.from_iterable(groups))
