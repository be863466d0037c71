"""The digest 校验码 of a workbook: what its cells say, sheet by sheet, row by row, but for the last line.

It covers what is said and not the bytes, so that a file saved anew by another program still agrees.
"""

from collections.abc import Iterable
from hashlib import sha256

LETTERS = 20  # of the digest that people see: 80 bits
_CELL, _ROW = "\x1f", "\x1e"  # no cell can hold them


class Digest:
    """The digest in the making."""

    def __init__(self) -> None:
        self._sum = sha256()

    def row(self, said: Iterable[str]) -> None:
        """One row more; blank cells at its end and blank rows count for nothing."""
        text = _CELL.join(said).rstrip(_CELL)
        if text:
            self._sum.update(f"{text}{_ROW}".encode())

    def __str__(self) -> str:
        letters = self._sum.hexdigest()[:LETTERS].upper()
        return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))
