"""How a Chinese name is typed: full pinyin and initials."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

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
    full = "".join(lazy_pinyin(name)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return f"{full} {initials}"[:600]


@lru_cache(maxsize=65536)
def readings(name: str) -> str:
    """Every way in which a name may be typed: `单伟` → `danwei dw shanwei sw`."""
    surname = _SURNAMES.get(name[:1])
    if surname is None or not 1 < len(name) <= _LONGEST_PERSON:
        return spellings(name)
    full, _, initials = spellings(name[1:]).partition(" ")
    return f"{spellings(name)} {surname}{full} {surname[0]}{initials}"


@lru_cache(maxsize=8192)
def syllables(name: str) -> list[str]:
    """`张伟` → [zhang, wei]: one for each character of a run without letters and digits."""
    return [each.lower() for each in lazy_pinyin(name, errors=list)]  # type: ignore[arg-type]
