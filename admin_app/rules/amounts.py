"""Sums of money as they are written on papers: 大写 (支付结算办法, annex 1)."""

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("万亿", "亿", "万", "")


def capital(amount: Decimal) -> str:
    """12800.50 → 壹万贰仟捌佰元伍角; whole yuan end with 整. For sums from 0 to 16 digits of yuan."""
    cents = int((amount * 100).to_integral_value())
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    tail = (f"{_DIGITS[jiao]}角" if jiao else "") + (f"{_DIGITS[fen]}分" if fen else "")
    if not tail:
        return f"{_whole(yuan) or '零'}元整"
    gap = "零" if yuan and not jiao else ""
    return f"{_whole(yuan)}元{gap}{tail}" if yuan else tail


def _whole(yuan: int) -> str:
    """The yuan in groups of four digits; a gap of noughts between two digits is read once."""
    text, gap = "", False
    for index, name in enumerate(_GROUPS):
        group = yuan // 10 ** (4 * (3 - index)) % 10_000
        if not group:
            gap = bool(text)
            continue
        text += ("零" if text and (gap or group < 1000) else "") + _group(group) + name
        gap = False
    return text


def _group(group: int) -> str:
    text, gap = "", False
    for place, digit in zip(_PLACES, f"{group:04d}", strict=True):
        if digit == "0":
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return text
