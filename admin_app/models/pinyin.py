"""How a Chinese name is typed: full pinyin and initials."""

from functools import lru_cache

from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

_LONGEST_PERSON = 4  # characters; longer names are those of places and bodies
# Characters that read otherwise as a surname.
_SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "盖": "ge",
    "缪": "miao",
    "朴": "piao",
    "覃": "qin",
    "召": "shao",
    "洗": "xian",
    "乐": "yue",
    "员": "yun",
    "黑": "he",
    "种": "chong",
    "秘": "bi",
    "折": "she",
    "繁": "po",
    "翟": "zhai",
    "牟": "mu",
    "句": "gou",
    "卜": "bu",
    "祭": "zhai",
    "隗": "wei",
    "郇": "xun",
    "阚": "kan",
    "都": "du",
}


@lru_cache(maxsize=8192)
def spellings(name: str) -> str:
    """`张伟` → `zhangwei zw`; other characters stay as they are, in lower case."""
    syllables = lazy_pinyin(name)
    full = "".join(syllables).lower()
    initials = "".join(each if each in name else each[0] for each in syllables).lower()
    return f"{full} {initials}"[:600]


def readings(name: str) -> str:
    """Every way in which a name may be typed: `单伟` → `danwei dw shanwei sw`.

    A person's surname and given name are read apart: given names come again and again.
    """
    if not 1 < len(name) <= _LONGEST_PERSON:
        return spellings(name)
    full, _, initials = spellings(name[1:]).partition(" ")
    surnames = {spellings(name[0]).partition(" ")[0], _SURNAMES.get(name[0], "")} - {""}
    found = [f"{each}{full} {each[:1]}{initials}" for each in sorted(surnames)]
    if any(name[:length] in PHRASES_DICT for length in range(2, len(name) + 1)):  # 重庆市, 万俟伟
        found.append(spellings(name))
    return " ".join(found)


@lru_cache(maxsize=8192)
def syllables(name: str) -> list[str]:
    """`张伟` → [zhang, wei]: one for each character of a run without letters and digits."""
    return [each.lower() for each in lazy_pinyin(name, errors=list)]  # type: ignore[arg-type]
