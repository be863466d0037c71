"""Search 搜索: the words that a text falls into, so that two characters, pinyin or digits find it.

A word is ASCII: as what its field is sought, its kind, then what it says; characters stand as their code
points. So no tokenizer of a database need know Chinese, nor characters younger than itself.

    h  two characters that follow each other, or one   张伟 → h5f20_4f1f h5f20_ h4f1f_
    p  a name's pinyin, in full and by its initials    张伟 → pzhangwei pzw
    w  a run of Latin letters                          ABC公司 → wabc
    n  a number without leading zeros                  第0042号 → n42
    t  the last four digits of a telephone             138…4321 → t4321

A question is runs of characters, letters or digits. A record is found if each run stands in one of its
fields. Words of where a record lies (its units, its committee, its mediators) narrow; nobody types them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category, normalize

from admin_app.rules.characters import simplified
from admin_app.rules.choices import Choice

LONGEST_ASKED = 60  # characters of a question that are looked at
TAIL = 4
_RUN = re.compile(r"([a-z]+)|([0-9]+)|([^\sa-z0-9]+)")
_NO_LETTER = re.compile("[^a-z]")
_NO_DIGIT = re.compile("[^0-9]")
_MARK = "\0"  # within a name it is passed over, between numbers it parts them
_WHOLE_PHONE = re.compile(r"\D*(1\d{2})\D?(\d{4})\D?(\d{4})\D*", re.ASCII)
_BETWEEN = frozenset("、,;/|")  # part one name from the next; any other mark stands within one
_STOCK = re.compile("[年人民调字第号]+")  # what nearly every number says, so that it finds none


class Sought(Choice):
    """As what a field is searched; a record has at most one field of each, or one in its lines."""

    NAME = "a", "名称"
    OTHER = "b", "另一名称"
    TITLE = "c", "标题"
    NUMBER = "d", "编号"
    PHONE = "e", "电话"


SPELT = (Sought.NAME, Sought.OTHER)  # found by their pinyin too


@dataclass(frozen=True)
class Word:
    """One word of a question; a `stem` finds whatever begins with it."""

    text: str
    stem: bool = False


Words = tuple[Word, ...]  # all of them
Group = tuple[Words, ...]  # one of these


# ---------------------------------------------------------------- reading a text


@lru_cache(maxsize=32768)
def _plain(character: str) -> str:
    """A character without width, case or traditional form; marks within a name go. One by one, so that no

    phrase folds a name in another way.
    """
    plain = ""
    for each in normalize("NFKC", character).lower():
        if each.isspace() or each in _BETWEEN:
            plain += " "
        elif category(each)[0] in "CMP":
            plain += _MARK
        else:
            plain += _typed(each) or simplified(each)
    return plain


def _typed(letter: str) -> str:
    """A Latin letter as a keyboard has it: pinyin's ü as v, tones and accents away; "" for anything else."""
    parts = normalize("NFD", letter)
    if not ("a" <= parts[0] <= "z"):
        return ""
    return "v" if parts[0] == "u" and "\u0308" in parts else parts[0]


def folded(text: str) -> str:
    """Full width, capitals and traditional forms as their plain counterparts."""
    return "".join(map(_plain, normalize("NFKC", text))).replace(_MARK, "")


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """The runs of Latin letters, of digits, and of anything else, each under its kind."""
    for latin, digits, other in _RUN.findall("".join(map(_plain, normalize("NFKC", text)))):
        run = ("w", latin) if latin else ("n", digits) if digits else ("h", other.replace(_MARK, ""))
        if run[1]:
            yield run


def _telling(run: str, sought: Sought) -> Iterator[str]:
    """The pieces of a run of characters that tell one record from another."""
    yield from filter(None, _STOCK.split(run)) if sought is Sought.NUMBER else (run,)


@lru_cache(maxsize=65536)
def _pair(one: str, two: str) -> str:
    return f"h{ord(one):x}_{ord(two):x}"


@lru_cache(maxsize=32768)
def _alone(character: str) -> str:
    return f"h{ord(character):x}_"


def _number(digits: str) -> str:
    return f"n{digits.lstrip('0') or '0'}"


# ---------------------------------------------------------------- what a record has


def words_of(text: str, sought: Sought, spellings: str = "") -> tuple[str, ...]:
    """The words of one field; `spellings` is how a name may be typed in pinyin."""
    return tuple(dict.fromkeys(sought.value + each for each in _words(text, sought, spellings)))


def _words(text: str, sought: Sought, spellings: str) -> Iterator[str]:
    if sought is Sought.PHONE:
        digits = _NO_DIGIT.sub("", normalize("NFKC", text))
        if len(digits) >= TAIL:
            yield f"t{digits[-TAIL:]}"
        return
    for each in _latin(spellings):
        yield f"p{each}"
    for kind, run in _runs(text):
        if kind == "n":
            yield _number(run)
        elif kind == "w":
            yield f"w{run}"
        else:
            for piece in _telling(run, sought):
                yield from map(_alone, piece)
                yield from map(_pair, piece, piece[1:])


def _latin(spellings: str) -> Iterator[str]:
    """Pinyin that can be typed; of a name with other characters, what is left of it. 吕 is lv, lu or lyu."""
    for each in spellings.split():
        typed = each if each.isascii() and each.isalpha() else _NO_LETTER.sub("", folded(each))
        if len(typed) >= 2:
            yield typed
            if "v" in typed:
                yield from (typed.replace("v", "u"), typed.replace("v", "yu"))


@lru_cache(maxsize=16384)
def places_of(path: str | None) -> tuple[str, ...]:
    """The words of where a record lies: each unit above it but the topmost, which narrows nothing."""
    return tuple(f"u{code}" for code in (path or "").rstrip("/").split("/")[1:])


def unit_word(path: str) -> str | None:
    """The word of all that lies under a path; None under the topmost unit."""
    return next(reversed(places_of(path)), None)


# ---------------------------------------------------------------- what is asked


def asked(text: str, among: Collection[Sought] = tuple(Sought)) -> tuple[Group, ...]:
    """What must be met, group by group; none where the text says too little to be sought by.

    `among` are the fields that are asked.
    """
    phone = _WHOLE_PHONE.fullmatch(normalize("NFKC", text))
    runs = [("n", "".join(phone.groups()))] if phone else list(_runs(text[:LONGEST_ASKED]))
    numbered = any(kind == "n" for kind, _ in runs)
    groups = (_group(kind, run, among, numbered) for kind, run in runs)
    return tuple(dict.fromkeys(each for each in groups if each is not None))


def _group(kind: str, run: str, among: Collection[Sought], numbered: bool) -> Group | None:
    """The ways in which a run may be met; None where it asks for nothing: 号 in 42号, or a single letter."""
    ways = [(each, way) for each in Sought if each in among for way in _WAYS[kind](run, each)]
    telling = [(each, way) for each, way in ways if way]
    stock = len(telling) < len(ways) and (numbered or not telling)
    if stock or (kind == "w" and len(run) < 2):
        return None
    return tuple(tuple(Word(f"{each.value}{word.text}", word.stem) for word in way) for each, way in telling)


def _by_letters(run: str, sought: Sought) -> Iterator[Words]:
    if sought in SPELT:
        yield (Word(f"p{run}", stem=True),)
    if sought is not Sought.PHONE:
        yield (Word(f"w{run}", stem=True),)


def _by_digits(run: str, sought: Sought) -> Iterator[Words]:
    if sought is not Sought.PHONE:
        yield (Word(_number(run), stem=len(run) > TAIL),)
    elif len(run) in (TAIL, 11):
        yield (Word(f"t{run[-TAIL:]}"),)


def _by_characters(run: str, sought: Sought) -> Iterator[Words]:
    if sought is not Sought.PHONE:
        yield tuple(word for piece in _telling(run, sought) for word in _of_piece(piece))


def _of_piece(piece: str) -> Iterator[Word]:
    pairs = [Word(each) for each in map(_pair, piece, piece[1:])]
    yield from pairs or [Word(_alone(piece))]


_WAYS: dict[str, Callable[[str, Sought], Iterator[Words]]] = {
    "w": _by_letters,
    "n": _by_digits,
    "h": _by_characters,
}


def holds(words: Collection[str], groups: Iterable[Group]) -> bool:
    """Whether a record with these words is one that was asked for: what both databases must find too."""
    return all(any(all(_met(words, word) for word in way) for way in group) for group in groups)


def _met(words: Collection[str], word: Word) -> bool:
    if not word.stem:
        return word.text in words
    return any(each.startswith(word.text) for each in words)
