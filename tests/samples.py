"""A right value for any field, by its kind, so that tests of all registers are generated and not listed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import Post, User
from admin_app.operations.given import Given, Line
from admin_app.operations.links import choices
from admin_app.rules.assessments import RiskLevel
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.parameters import Setting
from admin_app.rules.rates import SubsidyKind
from admin_app.rules.staffing import Aim
from admin_app.rules.standards import StandardKind, StandardState
from admin_app.rules.tiers import Tier, ancestors
from admin_app.rules.warnings import Sign

# Who may do everything in a register, from the first record to the last.
# Set-up: kept by whoever runs the system; it lives at no unit, and stands once under its key.
SETUP = frozenset({"user", "code", "holiday", "parameter", "requirement"})
MASTER = {word: "sysadmin" if word in SETUP else "bureau_city" for word in REGISTERS}

# Registers in which people make records; of the others only steps do, and nobody removes them.
BY_HAND = [word for word, each in REGISTERS.items() if each.making]


def _standard_of_all(session: Session) -> int | None:
    """A published standard that holds everywhere."""
    query = select(Standard.id).join(Unit, Unit.id == Standard.unit_id)
    return session.scalar(
        query.where(Standard.state == StandardState.PUBLISHED, Unit.parent_id.is_(None)).order_by(Standard.id)
    )


def _a_township(session: Session) -> int | None:
    """The last of the townships: nobody has been made responsible for it."""
    return session.scalar(select(Unit.id).where(Unit.tier == Tier.TOWNSHIP).order_by(Unit.path.desc()))


def _an_officer(session: Session) -> int | None:
    """Somebody who works under the same superior as that township, and whom the city may choose."""
    unit = session.scalars(select(Unit).where(Unit.tier == Tier.TOWNSHIP).order_by(Unit.path.desc())).first()
    near = Post.unit_id.in_(select(Unit.id).where(Unit.under(ancestors(unit.path)[-1]))) if unit else false()
    return session.scalar(select(Post.user_id).where(near).order_by(Post.user_id))


# Where the law or the tree of units narrows what the kind alone allows: first and second value.
NARROWED: dict[tuple[str, str], tuple[Any, Any]] = {
    ("meeting", "members.unit_id"): (_a_township, _a_township),  # not the one that leads
    ("meeting", "held_on"): (date(2026, 9, 8), date(2026, 9, 9)),
    ("meeting_rule", "valid_from"): (date(2026, 9, 8), date(2026, 9, 9)),
    ("meeting_rule", "valid_until"): (date(2026, 9, 10), date(2026, 9, 11)),
    ("area", "unit_id"): (_a_township, _a_township),
    ("area", "user_id"): (_an_officer, _an_officer),
    ("area", "valid_from"): (date(2026, 9, 8), date(2026, 9, 9)),
    ("area", "valid_until"): (date(2026, 9, 10), date(2026, 9, 11)),
    ("unit", "code"): ("330726", "330727"),
    ("committee", "status"): (CommitteeStatus.PREPARING, CommitteeStatus.DISSOLVED),
    ("mediator", "birth_on"): (date(1980, 2, 29), date(1981, 3, 1)),
    ("expert", "birth_on"): (date(1980, 2, 29), date(1981, 3, 1)),
    ("rate", "kind"): (SubsidyKind.STIPEND, SubsidyKind.STIPEND),
    **{("rate", name): (None, None) for name in ("difficulty", "form", "outcome", "share", "valid_until")},
    ("training", "held_from"): (date(2026, 9, 8), date(2026, 9, 9)),
    ("training", "held_until"): (date(2026, 9, 10), date(2026, 9, 11)),
    ("subsidy", "kind"): (SubsidyKind.STIPEND, SubsidyKind.STIPEND),
    ("subsidy", "committee_id"): (None, None),
    ("subsidy", "year"): (2025, 2025),
    ("warning_rule", "sign"): (Sign.PEOPLE, Sign.RISK),
    ("parameter", "setting"): (Setting.DUE_DAYS, Setting.ANSWER_DAYS),
    ("parameter", "value"): ("20", "25"),
    ("staffing_target", "aim"): (Aim.EACH_UNIT, Aim.EACH_UNIT),
    ("staffing_target", "kind"): (None, None),
    ("staffing_target", "tier"): (Tier.TOWNSHIP, Tier.VILLAGE),
    ("staffing_target", "year"): (2024, 2025),
    ("staffing_target", "until_year"): (2026, 2027),
    ("assessment", "risk"): (RiskLevel.LOW, RiskLevel.LOW),
    ("season", "standard_id"): (_standard_of_all, _standard_of_all),
    ("season", "level"): ("四级", "三级"),
    ("award", "standard_id"): (_standard_of_all, _standard_of_all),
    ("award", "season_id"): (None, None),
    ("award", "level"): ("四级", "三级"),
    ("standard", "threshold"): (Decimal(2), Decimal(3)),
}
# A link that takes only some of what its register offers.
FITTING: dict[tuple[str, str], tuple[Any, ...]] = {
    ("evaluation_plan", "standard_id"): (
        Standard.kind == StandardKind.EVALUATION,
        Standard.state == StandardState.PUBLISHED,
    ),
}
BY_KIND: dict[str, tuple[Any, ...]] = {
    "text": ("样本甲", "样本乙", "13857900000", "0579-82300000", "33070219750607121X", "91330700MA28D00G4X"),
    "long": ("样本甲的长文\n第二行", "样本乙的长文"),
    "integer": (7, 8, 2024, 2025),
    "money": (Decimal("88.50"), Decimal(99)),
    "decimal": (Decimal("88.50"), Decimal(99)),
    "date": (date(2026, 9, 10), date(2026, 9, 11)),
    "yes": (True, False),
}


class Samples:
    """Right values for the fields of one register, as its master would give them."""

    def __init__(self, session: Session, actor: User, register: Register) -> None:
        self.session, self.actor, self.register = session, actor, register

    def value(self, field: Field, turn: int = 0, part: str = "") -> Any:
        """The first (`turn` 0) or the second (1) right value of a field; the last one there is otherwise.

        None where this person has nothing to choose from. `part` names the list in whose line it stands.
        """
        for name in (f"{part}.{field.name}", field.name):
            if (self.register.word, name) in NARROWED:
                value = NARROWED[self.register.word, name][turn]
                return value(self.session) if callable(value) else value
        found = list(self._values(field))
        return found[min(turn, len(found) - 1)] if found else None

    def _values(self, field: Field) -> Iterator[Any]:
        match field.kind:
            case "code":
                yield from (code for code, _ in codebook(self.session).choices(field.say.codes))
            case "codes":
                yield from ([code] for code, _ in codebook(self.session).choices(field.say.codes))
            case "choice":
                assert field.choices is not None
                yield from field.choices
            case "link":
                target: Any = field.target
                allowed = choices(self.actor, self.register, field)
                query = select(target.id).where(target.removed_at.is_(None), allowed)
                query = query.where(*FITTING.get((self.register.word, field.name), ()))
                yield from self.session.scalars(query.order_by(target.id))
            case kind:
                yield from (v for v in BY_KIND[kind] if not any(check(v) for check in field.say.checks))

    def values(
        self, fields: tuple[Field, ...], forms: tuple[str, ...], turn: int = 0, part: str = ""
    ) -> dict[str, Any]:
        return {each.name: self.value(each, turn, part) for each in fields if each.say.form in forms}

    def given(self, turn: int = 0) -> Given:
        """A whole new record with one line of each part."""
        return Given(
            self.values(self.register.fields, ("always", "create"), turn),
            {
                part.name: [Line(None, self.values(part.fields, ("always", "create"), turn, part.name))]
                for part in self.register.part_lists()
            },
        )
