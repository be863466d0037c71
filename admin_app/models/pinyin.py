"""How a Chinese name is typed: full pinyin and initials."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=8192)
def spellings(name: str) -> str:
    """`张伟` → `zhangwei zw`; other characters stay as they are, in lower case."""
    full = "".join(lazy_pinyin(name)).lower()
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return f"{full} {initials}"[:600]
