"""Sums in capitals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.amounts import capital

# 支付结算办法 annex 1 gives the first six; where 仟 or 角 follow a nought, it leaves 零 to the writer.
WRITTEN = [
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角"),
    ("10", "壹拾元整"),
    ("12800.50", "壹万贰仟捌佰元伍角"),
    ("100000", "壹拾万元整"),
    ("100010000", "壹亿零壹万元整"),
    ("100000001", "壹亿零壹元整"),
    ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]


@pytest.mark.parametrize(("amount", "text"), WRITTEN)
def test_a_sum_is_written_as_the_bank_would(amount: str, text: str) -> None:
    assert capital(Decimal(amount)) == text


def read(text: str) -> Decimal:
    """The sum back, read as a person would: digit by digit with its place."""
    total, group, digit = Decimal(0), Decimal(0), Decimal(0)
    for c in text:
        if c in "零壹贰叁肆伍陆柒捌玖":
            digit = Decimal("零壹贰叁肆伍陆柒捌玖".index(c))
        elif c in "拾佰仟":
            group, digit = group + digit * 10 ** ("拾佰仟".index(c) + 1), Decimal(0)
        elif c in "万亿":
            total, group, digit = (
                total + (group + digit) * (10_000 if c == "万" else 10**8),
                Decimal(0),
                Decimal(0),
            )
        elif c == "元":
            total, group, digit = total + group + digit, Decimal(0), Decimal(0)
        elif c in "角分":
            total, digit = total + digit / (10 if c == "角" else 100), Decimal(0)
    return total


@given(st.decimals(0, Decimal("999999999999.99"), places=2))
def test_every_sum_reads_back(amount: Decimal) -> None:
    assert read(capital(amount)) == amount
    assert "零零" not in capital(amount)
