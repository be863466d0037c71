"""What somebody types or a scanner reads at the door of a training: which number or name it is."""

import re
from dataclasses import dataclass
from unicodedata import normalize

from admin_app.rules.choices import Choice

LONGEST = 60
_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_ID = re.compile(r"\d{15}|\d{17}[\dX]", re.ASCII)
_PLACE = re.compile(r"0*([1-9]\d{0,8})", re.ASCII)  # the number of a record, with noughts before it or not


class Reads(Choice):
    """What a scan may be."""

    PHONE = "phone", "手机号"
    ID_NUMBER = "id_number", "身份证号"
    PLACE = "place", "调解员编号"
    NAME = "name", "姓名"


@dataclass(frozen=True)
class Scan:
    """A scan as it is looked for."""

    reads: Reads
    text: str


def read(text: str) -> Scan | None:
    """None where nothing was typed. Blanks and full-width characters are a keyboard's, not the number's."""
    narrow = re.sub(r"[\s\x00-\x1f\x7f]+", "", normalize("NFKC", text))[:LONGEST]
    if not narrow:
        return None
    digits = narrow.upper().replace("-", "")
    if _MOBILE.fullmatch(digits):
        return Scan(Reads.PHONE, digits)
    if _ID.fullmatch(digits):
        return Scan(Reads.ID_NUMBER, digits)
    place = _PLACE.fullmatch(digits)
    return Scan(Reads.PLACE, place[1]) if place else Scan(Reads.NAME, narrow)
