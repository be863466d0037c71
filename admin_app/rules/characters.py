"""Traditional forms as simplified ones, character by character: no phrase may fold a name in another way."""

from functools import lru_cache

from opencc import OpenCC

_SIMPLER = OpenCC("t2s")


@lru_cache(maxsize=32768)
def simplified(character: str) -> str:
    """張 → 张; any other character as it is."""
    return str(_SIMPLER.convert(character))
