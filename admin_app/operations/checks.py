"""Whether one value may stand in one field: blank, length, code in force, link within scope, own checks."""

from decimal import Decimal
from typing import Any
from unicodedata import category

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.models.registry import Register, register_of
from admin_app.models.users import User
from admin_app.rules.findings import Finding

LONGEST = 20_000  # characters of a long text: some twenty printed pages
LARGEST_INTEGER = 2**31 - 1


def value_findings(
    session: Session, actor: User, register: Register, field: Field, value: Any
) -> list[Finding]:
    """What is wrong with a new value of a field; each finding stands beside the field."""
    if value in (None, "", []):
        return [Finding(field.name, field.ask)] if field.required else []
    sentence = _misfit(session, actor, register, field, value)
    if sentence:
        return [Finding(field.name, sentence)]
    found = [check(value) for check in field.say.checks]
    return [Finding(field.name, each.sentence, each.grave) for each in found if each]


STARS = "**"  # what every mask has, and no number, address or account


def _misfit(session: Session, actor: User, register: Register, field: Field, value: Any) -> str | None:
    match field.kind:
        case "text" if field.say.sensitive and STARS in value:
            return f"{field.label}里不能有星号：要改就填完整的，不改就让它保持原样"
        case "text" | "long":
            return _text_misfit(value, field.max_length or LONGEST, field.label)
        case "integer" if not 0 <= value <= LARGEST_INTEGER:
            return f"{field.label}应在 0 至 {LARGEST_INTEGER} 之间"
        case "money":
            return _money_misfit(value, field)
        case "code" | "codes":
            known = dict(codebook(session).choices(field.say.codes))
            unknown = [each for each in ([value] if field.kind == "code" else value) if each not in known]
            return f"{field.label}里没有“{unknown[0]}”，请重新选择" if unknown else None
        case "link" if not chosen(session, actor, register, field, value):
            return f"所选的{field.label}不存在，或者不在您的管辖范围内"
    return None


def _money_misfit(amount: Decimal, field: Field) -> str | None:
    assert field.digits is not None
    whole, decimals = field.digits
    if not (amount.is_finite() and 0 <= amount < 10**whole):
        return f"{field.label}应在 0 至 {10**whole - 1} 之间，请核对"
    return None if amount == round(amount, decimals) else f"{field.label}最多保留 {decimals} 位小数"


def _text_misfit(text: str, longest: int, label: str) -> str | None:
    if len(text) > longest:
        return f"{label}太长了，最多 {longest} 个字，现在是 {len(text)} 个字"
    if any(category(char) in ("Cc", "Cs") and char not in "\r\n\t" for char in text):
        return f"{label}里有看不见的控制字符，请删去后重新填写"
    return None


def chosen(session: Session, actor: User, register: Register, field: Field, record_id: int) -> bool:
    """Whether the actor may choose this record for this link."""
    target: Any = field.target
    if not 0 < record_id <= LARGEST_INTEGER:
        return False
    query = select(target.id).where(
        target.id == record_id, target.removed_at.is_(None), choices(actor, register, field)
    )
    return session.scalar(query) is not None


def choices(actor: User, register: Register, field: Field) -> Any:
    """SQL: the records a link offers to this person: where they may create, or what they may see."""
    target: Any = field.target
    if field.say.places:
        return policy.visible(target, actor, f"{register.word}.create")
    word = register_of(target).word
    return or_(policy.visible(target, actor, f"{word}.see"), policy.visible(target, actor, f"{word}.choose"))
