"""Numbers that name a person, an organisation or a telephone, and how they are masked.

Check digits are warnings only (formats.md 7): old books hold 15-digit and mistyped numbers that must still
be kept. Sources: GB 11643 (resident identity number), GB 32100 (unified social credit code).
"""

import re
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from admin_app.rules.findings import Finding

_OLD_ID = re.compile(r"\d{15}", re.ASCII)
_NEW_ID = re.compile(r"\d{17}[\dX]", re.ASCII)
_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_LANDLINE = re.compile(r"(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?", re.ASCII)


def tidy_number(text: str) -> str:
    """Full-width digits and letters made ASCII, blanks dropped, x made X."""
    narrow = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return re.sub(r"\s+", "", narrow).upper()


def id_number(text: str) -> Finding | None:
    """GB 11643: 18 characters whose last is the check digit; 15 digits are of the old kind."""
    if _OLD_ID.fullmatch(text):
        return Finding("", "这是 15 位的旧身份证号，请有机会时换成 18 位", grave=False)
    if not _NEW_ID.fullmatch(text):
        return Finding("", "身份证号应为 18 位：17 位数字加一位数字或 X，请核对")
    expected = ric.calc_check_digit(text)
    if expected != text[17]:
        return Finding("", f"身份证号第 18 位应为 {expected}，请核对", grave=False)
    if birth_date(text) is None:
        return Finding("", "身份证号第 7 至 14 位不是真实的出生日期，请核对", grave=False)
    return None


def birth_date(text: str) -> date | None:
    """The birth date in an 18- or 15-digit identity number, or None."""
    digits = text[6:14] if len(text) == 18 else "19" + text[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex_code(text: str) -> str | None:
    """The sex in an identity number as GB/T 2261.1 code: odd sequence number is 1 (男), even is 2 (女)."""
    digit = text[16:17] if len(text) == 18 else text[14:15]
    return ("1" if int(digit) % 2 else "2") if digit.isdecimal() else None


def credit_code(text: str) -> Finding | None:
    """GB 32100: 18 characters of a set without I, O, S, V, Z, the last a check character."""
    if len(text) != 18:
        return Finding("", "统一社会信用代码应为 18 位，请核对")
    try:
        uscc.validate(text)
    except ValidationError:
        return Finding("", "统一社会信用代码的校验位不对，请核对", grave=False)
    return None


def phone(text: str) -> Finding | None:
    """A mobile of 11 digits or 区号-号码."""
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return None
    return Finding("", "电话应为 11 位手机号，或“区号-号码”，如 0579-82300000")


def mask(text: str) -> str:
    """Personal data as a stranger may read it: `330702********1234`, `138****5678`, `婺城区****`.

    Long numbers keep 6 and 4 characters, telephones with their area code 3 and 4, anything else its first 3
    (one when it is short, none of a single one).
    """
    if len(text) >= 15 and text.isascii():
        return f"{text[:6]}{'*' * (len(text) - 10)}{text[-4:]}"
    if len(text) >= 11 and text.replace("-", "").isdigit():
        return f"{text[:3]}****{text[-4:]}"
    kept = 3 if len(text) > 6 else min(len(text) - 1, 1)
    return text[:kept] + "****"


def age_on(birth: date, day: date) -> int:
    """Full years of age on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
