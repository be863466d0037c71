"""Enumerations that carry the word people read."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A fixed set of values that come from a regulation; sets that a bureau edits are code tables instead."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
