"""Search 搜索: the words that a text falls into, so that two characters, pinyin or digits find it.

A word is ASCII: its kind in the first letter, then what it says; characters stand as their code points. So
no tokenizer of a database need know Chinese, nor characters younger than itself. A record holds what is asked
if it has a word of every group of the question.

    h  two characters that follow each other, and a run's last one by itself: 张伟 → h5f20_4f1f h4f1f_
    p  a name's pinyin, in full and by its initials  张伟 → pzhangwei pzw
    w  a run of Latin letters                        ABC公司 → wabc
    n  a number without leading zeros                第0042号 → n42
    t  the last four digits of a telephone           138…4321 → t4321
    u c m  where it lies: unit, committee, mediator; they narrow, and nobody types them
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from unicodedata import category, normalize

from opencc import OpenCC

from admin_app.rules.choices import Choice
from admin_app.rules.tiers import ORDER, PATH_WIDTH, Tier

LONGEST_ASKED = 60  # characters of a question that are looked at
TAIL = 4
_RUN = re.compile(r"([a-z]+)|([0-9]+)|([^\sa-z0-9]+)")
_SIMPLER = OpenCC("t2s")


class Sought(Choice):
    """As what a field is searched."""

    NAME = "name", "名称"
    NUMBER = "number", "编号"
    PHONE = "phone", "电话"


@dataclass(frozen=True)
class Word:
    """One word of a question; a `stem` finds whatever begins with it."""

    text: str
    stem: bool = False


Group = tuple[Word, ...]


@lru_cache(maxsize=16384)
def _simple(character: str) -> str:
    """A traditional form as the simplified one. One by one: no phrase may fold a name in another way."""
    return str(_SIMPLER.convert(character))


def folded(text: str) -> str:
    """Full width, capitals and traditional forms as their plain counterparts; marks within a name go."""
    plain = normalize("NFKC", text).lower()
    return "".join(_simple(each) for each in plain if category(each)[0] not in "CMP" or each == " ")


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """The runs of Latin letters, of digits, and of anything else, each under its kind."""
    for latin, digits, other in _RUN.findall(folded(text)):
        yield ("w", latin) if latin else ("n", digits) if digits else ("h", other)


def _pairs(run: str) -> Iterator[str]:
    return (f"h{ord(one):x}_{ord(two):x}" for one, two in pairwise(run))


def _alone(character: str) -> str:
    return f"h{ord(character):x}_"


def _number(digits: str) -> str:
    return f"n{digits.lstrip('0') or '0'}"


# ---------------------------------------------------------------- what a record has


def words_of(text: str, sought: Sought, spellings: str = "") -> set[str]:
    """The words of one field; `spellings` is a name's pinyin, in full and by its initials."""
    if sought is Sought.PHONE:
        digits = "".join(run for kind, run in _runs(text) if kind == "n")
        return {f"t{digits[-TAIL:]}"} if len(digits) >= TAIL else set()
    found = {f"p{each}" for each in _latin(spellings)}
    for kind, run in _runs(text):
        match kind:
            case "n":
                found.add(_number(run))
            case "w":
                found.add(f"w{run}")
            case _:
                found.update(_pairs(run), [_alone(run[-1])])
    return found


def _latin(spellings: str) -> Iterator[str]:
    """Pinyin that can be typed; of a name with other characters, what is left of it."""
    for each in spellings.split():
        typed = re.sub("[^a-z]", "", normalize("NFKC", each).lower().replace("ü", "v"))
        if len(typed) >= 2:
            yield typed


def places_of(path: str, committee_id: int | None = None, mediators: Iterable[int] = ()) -> set[str]:
    """The words of where a record lies: each unit above it but the topmost, which narrows nothing."""
    found = {f"u{path[: PATH_WIDTH[tier]].rstrip('/').rpartition('/')[2]}" for tier in _below(path)}
    found |= {f"c{committee_id}"} if committee_id is not None else set()
    return found | {f"m{each}" for each in mediators}


def _below(path: str) -> Iterator[Tier]:
    return (tier for tier in ORDER[1:] if PATH_WIDTH[tier] <= len(path))


def unit_word(path: str) -> str | None:
    """The word of all that lies under a path; None under the topmost unit."""
    return f"u{path.rstrip('/').rpartition('/')[2]}" if len(path) > PATH_WIDTH[ORDER[0]] else None


# ---------------------------------------------------------------- what is asked


def asked(text: str) -> tuple[Group, ...]:
    """The groups of a question; none where nothing can be sought by it."""
    runs = list(_runs(text[:LONGEST_ASKED]))
    return tuple(dict.fromkeys(group for kind, run in runs for group in _groups(kind, run)))


def _groups(kind: str, run: str) -> Iterator[Group]:
    if kind == "w":
        if len(run) >= 2:
            yield Word(f"p{run}", stem=True), Word(f"w{run}", stem=True)
    elif kind == "n":
        tail = (Word(f"t{run[-TAIL:]}"),) if len(run) in (TAIL, 11) else ()
        yield (Word(_number(run), stem=len(run) > TAIL), *tail)
    elif len(run) == 1:
        yield (Word(_alone(run), stem=True),)
    else:
        for pair in _pairs(run):
            yield (Word(pair),)


def holds(words: set[str], groups: Iterable[Group]) -> bool:
    """Whether a record with these words is one that was asked for: what both databases must find too."""
    return all(any(_met(words, word) for word in group) for group in groups)


def _met(words: set[str], word: Word) -> bool:
    if not word.stem:
        return word.text in words
    return any(each.startswith(word.text) for each in words)
