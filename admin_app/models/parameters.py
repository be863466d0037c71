"""Parameters 参数: values of the rules that a bureau sets otherwise, each from a day on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, String, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept
from admin_app.models.fields import enum, field
from admin_app.models.registry import register
from admin_app.rules.dates import EARLIEST, plausible_term, today
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import SETTINGS, Setting, Value, read, value_findings


def _rules(parameter: "Parameter") -> list[Finding]:
    return value_findings(parameter.setting, parameter.value)


@register(
    "parameter",
    "参数",
    "系统设置",
    order=("setting", "valid_from"),
    rules=_rules,
    unique=("setting", "valid_from"),
    making="添加",
)
class Parameter(Kept, Base):
    """The value of one parameter from a day on, until a later row; before the first its default holds."""

    __tablename__ = "parameters"

    setting: Mapped[Setting] = field(
        "参数",
        enum(Setting, length=40),
        nullable=False,
        listed=True,
        form="create",
        sortable=True,
        queried=True,
    )
    value: Mapped[str] = field(
        "值",
        String(200),
        nullable=False,
        listed=True,
        help="天数、人数、金额填数字；可以不可以填“是”或“否”；编号格式照现行的样子改",
    )
    valid_from: Mapped[date] = field(
        "启用日期",
        Date(),
        nullable=False,
        default=EARLIEST,
        listed=True,
        sortable=True,
        checks=(plausible_term,),
        help="从这天起按新的值办；已经定下的期限和编号不变",
    )
    remark: Mapped[str | None] = field("依据", String(200), listed=True)

    def __str__(self) -> str:
        return self.setting.label


Index("uq_parameters_value", Parameter.setting, Parameter.valid_from, unique=True)


@dataclass(frozen=True)
class InForce:
    """The value of a parameter on a day, and the row it comes from; no row: the default."""

    value: Value
    since: date | None = None
    record_id: int | None = None


class Parameters:
    """All parameters that have been set, read once per session."""

    def __init__(self, rows: Iterable[tuple[int, Setting, str, date]]) -> None:
        self._rows: dict[Setting, list[InForce]] = defaultdict(list)
        for record_id, setting, text, since in rows:
            self._rows[setting].append(InForce(read(setting, text), since, record_id))

    def on(self, setting: Setting, day: date | None = None) -> InForce:
        """What holds on a day (today if None)."""
        day = day or today()
        past = [row for row in self._rows[setting] if row.since is not None and row.since <= day]
        return past[-1] if past else InForce(SETTINGS[setting].default)

    def next(self, setting: Setting) -> InForce | None:
        """What will hold after today's value, if that is known already."""
        day = today()
        return next((row for row in self._rows[setting] if row.since is not None and row.since > day), None)


def parameters(session: Session) -> Parameters:
    """The session's parameters; sessions live for one request, so a change is seen by the next."""
    if "parameters" not in session.info:
        rows = session.execute(
            select(Parameter.id, Parameter.setting, Parameter.value, Parameter.valid_from)
            .where(Parameter.removed_at.is_(None))
            .order_by(Parameter.valid_from)
        )
        session.info["parameters"] = Parameters(rows)
    found: Parameters = session.info["parameters"]
    return found


def setting(session: Session, which: Setting, on: date | None = None) -> Value:
    """The value of a parameter in force on a day; its default when nobody has set it by then."""
    return parameters(session).on(which, on).value


def whole(session: Session, which: Setting, on: date | None = None) -> int:
    """`setting` of a whole number: days, people, megabytes."""
    value = setting(session, which, on)
    assert isinstance(value, int), which
    return value


def yes(session: Session, which: Setting, on: date | None = None) -> bool:
    """`setting` of a yes or no."""
    value = setting(session, which, on)
    assert isinstance(value, bool), which
    return value


def money(session: Session, which: Setting, on: date | None = None) -> Decimal:
    """`setting` of a sum."""
    value = setting(session, which, on)
    assert isinstance(value, Decimal), which
    return value


def text(session: Session, which: Setting, on: date | None = None) -> str:
    """`setting` of a code or a pattern."""
    value = setting(session, which, on)
    assert isinstance(value, str), which
    return value
