"""Whether one value may stand in one field: blank, length, code in force, link within scope, own checks."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import Base
from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.models.registry import Register
from admin_app.models.users import User
from admin_app.operations.links import chosen
from admin_app.rules.findings import Finding

LONGEST = 20_000  # characters of a long text: some twenty printed pages
LARGEST_INTEGER = 2**31 - 1
STARS = "**"  # what every mask has, and no number, address or account
# They turn the order of what follows, so that a name reads as another one.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Unicode's Cc and Cs, but for the ends of lines and the tab.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Giving:
    """Who gives values, to which register, for a record of which day."""

    session: Session
    actor: User
    register: Register
    day: date | None = None
    recalled: bool = False  # values that stood there before, taken back from the history
    aside: bool = False  # new things go into the tables by `bulk.add`: the session need not track them
    # What was chosen in this transaction already: it is held, and need not be asked for or read again.
    chosen: dict[tuple[str, str, int], Any] = field(default_factory=dict, compare=False)

    def may_choose(self, link: Field, record_id: Any) -> bool:
        """Whether the actor may choose this record for this link.

        One that comes with the same file has no id yet: it was checked when it was drawn up.
        """
        if isinstance(record_id, Base):
            return policy.may(self.actor, f"{self.register.word}.create", record_id)
        key = (self.register.word, link.name, record_id)
        if self.chosen.get(key) is None:
            self.chosen[key] = chosen(self.session, self.actor, self.register, link, record_id)
        return self.chosen[key] is not None


def value_findings(giving: Giving, field: Field, value: Any, present: Any = None) -> list[Finding]:
    """What is wrong with a new value of a field; each finding stands beside the field.

    A code that is `present` already may stay, though it is no longer in force.
    """
    if value in (None, "", []):
        return [Finding(field.name, field.ask)] if field.required else []
    sentence = _misfit(giving, field, value, present)
    if sentence:
        return [Finding(field.name, sentence)]
    if not field.say.checks:
        return []
    found = [check(value) for check in field.say.checks]
    return [Finding(field.name, each.sentence, each.grave) for each in found if each]


def blank_finding(field: Field, value: Any) -> Finding | None:
    """A fact that must be known; a tick must be set."""
    if field.kind == "yes":
        return None if value else Finding(field.name, f"请核对后打勾：{field.label}")
    return Finding(field.name, field.ask) if value in (None, "", []) else None


def _misfit(giving: Giving, field: Field, value: Any, present: Any) -> str | None:
    match field.kind:
        case "text" if field.say.sensitive and STARS in value:
            return f"{field.label}里不能有星号：要改就填完整的，不改就让它保持原样"
        case "text" | "long":
            return _text_misfit(value, field.max_length or LONGEST, field.label)
        case "integer" if not 0 <= value <= LARGEST_INTEGER:
            return f"{field.label}应在 0 至 {LARGEST_INTEGER} 之间"
        case "money" | "decimal":
            return _number_misfit(value, field)
        case "code":
            return _code_misfit(giving, field, [value], [present])
        case "codes":
            return _code_misfit(giving, field, value, present or [])
        case "link" if not giving.may_choose(field, value):
            return f"所选的{field.label}不存在，或者不在您的管辖范围内"
    return None


def _code_misfit(giving: Giving, field: Field, codes: list[str], present: list[str]) -> str | None:
    """A code must be in force on the record's day, or stand there already, or have stood there before."""
    book, table = codebook(giving.session), field.say.codes
    for code in codes:
        if (
            not book.in_force(table, code, giving.day)
            and code not in present
            and not (giving.recalled and book.knows(table, code))
        ):
            return f"{field.label}里没有“{code}”，请重新选择"
    return None


def _number_misfit(amount: Decimal, field: Field) -> str | None:
    assert field.digits is not None
    whole, decimals = field.digits
    if not (amount.is_finite() and 0 <= amount < 10**whole):
        return f"{field.label}应在 0 至 {10**whole - 1} 之间，请核对"
    return None if amount == round(amount, decimals) else f"{field.label}最多保留 {decimals} 位小数"


def _text_misfit(text: str, longest: int, label: str) -> str | None:
    if len(text) > longest:
        return f"{label}太长了，最多 {longest} 个字，现在是 {len(text)} 个字"
    if text.isprintable():  # has neither; quickly told of most
        return None
    if CONTROLS.search(text):
        return f"{label}里有看不见的控制字符，请删去后重新填写"
    if TURNING.search(text):
        return f"{label}里有改变文字方向的字符，请删去后重新填写"
    return None
