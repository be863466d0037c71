"""How days, sums and fields read on a paper; a blank is "".

Papers say a day as 2026年9月12日 and begin each paragraph two characters in.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.codes import codebook
from admin_app.models.fields import field_of
from admin_app.models.wording import wording

# XML has no place for these, and the Word filler gives some of them a meaning of its own.
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
INDENT = "　　"


def clean(text: str) -> str:
    """Without characters that no paper can hold; one kind of line end; no tag can begin in it."""
    kept = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept.strip()


def paragraphs(text: str) -> str:
    """A long text, each of its paragraphs begun two characters in."""
    found = (each.strip() for each in clean(text).split("\n"))
    return "\n".join(f"{INDENT}{each}" for each in found if each)


def sentences(*parts: str) -> str:
    """Several texts as sentences that follow each other, each with one full stop."""
    found = (clean(each).rstrip("。；") for each in parts)
    return "".join(f"{each}。" for each in found if each)


def day_words(day: date | None) -> str:
    """2026年9月12日."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def tick(chosen: bool) -> str:
    """A box, ticked or not: characters that every Chinese font has."""
    return "√" if chosen else "□"


@dataclass(frozen=True)
class Saying:
    """Reads the values of records for one paper: as of its day, with codes worded as the record has them."""

    session: Session
    day: date
    coded: date | None = None

    def of(self, thing: Any, name: str) -> str:
        """A declared field of a record or a line."""
        value = getattr(thing, name)
        if value is None or value == "":
            return ""
        field = field_of(type(thing), name)
        match field.kind:
            case "date":
                return day_words(value)
            case "long":
                return paragraphs(value)
            case _:
                return clean(wording(self.session, field, value, on=self.coded))

    def code(self, table: str, code: str | None) -> str:
        """A code in words."""
        return clean(codebook(self.session).label(table, code, self.coded)) if code else ""
