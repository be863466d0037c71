"""What the pages of 统计 are asked for: whose numbers, of which days, as of when."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules import periods
from admin_app.rules.dates import SHANGHAI, parse_day, today
from admin_app.rules.periods import Period
from admin_app.views.typed import clean, whole
from admin_app.views.widgets import LookupField

TYPED = {"data-date": True, "inputmode": "numeric", "placeholder": "年-月-日"}
PARTS = {
    "year": "全年",
    **{f"half{n}": f"{word}半年" for n, word in ((1, "上"), (2, "下"))},
    **{f"quarter{n}": f"第{word}季度" for n, word in enumerate("一二三四", 1)},
    **{f"month{n}": f"{n} 月" for n in range(1, 13)},
}
ALWAYS_NOW = "“我承办的案件”只有现在的数，“截至哪天”没有用上。"
_MADE = {"half": periods.half, "quarter": periods.quarter, "month": periods.month}


class FigureForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})
    part = SelectField("期间", choices=[SelectChoice(*each) for each in PARTS.items()], validate_choice=False)
    as_of = StringField("截至哪天的数", render_kw=TYPED)
    since = StringField("或者：从哪天起", render_kw=TYPED)
    until = StringField("到哪天止", render_kw=TYPED)


class BriefForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})
    part = SelectField("期间", choices=[SelectChoice(*each) for each in PARTS.items()], validate_choice=False)
    issue = StringField("第几期", render_kw={"inputmode": "numeric"})


class OrganisationForm(Form):
    unit = LookupField("单位")
    day = StringField("哪一天", render_kw=TYPED)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, cleaned; `notices` tell what was ignored."""

    unit: Unit
    period: Period
    as_of: date | None
    notices: tuple[str, ...] = ()
    mine: bool = False

    @property
    def whose(self) -> Unit | None:
        """The unit; None for the cases that are the person's own."""
        return None if self.mine else self.unit

    @property
    def title(self) -> str:
        """Whose numbers they are, in words."""
        return "我承办的案件" if self.mine else str(self.unit)

    @property
    def moment(self) -> datetime | None:
        """The end of the day asked for; None: now."""
        if self.as_of is None:
            return None
        return datetime.combine(self.as_of + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)

    def pairs(self, **more: Any) -> list[tuple[str, str]]:
        """As a query that another page of this view reads."""
        days = {"since": self.period.since, "until": self.period.until, "as_of": self.as_of}
        whose = {"mine": 1} if self.mine else {"unit": self.unit.id}
        asked = {**whose, **days, **more}
        return [(name, str(value)) for name, value in asked.items() if value]


def running(asked: Asked) -> bool:
    """Whether the period is not over yet, so that it is less than one before."""
    return asked.period.until is not None and asked.period.until >= today()


def read(session: Session, user: User) -> Asked:
    """What the address asks; without a word the person's own unit and this year."""
    notices: list[str] = []
    unit = unit_asked(session, user)
    since, until, as_of = (day_asked(name, notices) for name in ("since", "until", "as_of"))
    period = Period(since, until) if since or until else _period(notices)
    if as_of and as_of >= today():
        as_of = None  # the numbers of today are those of now
    return Asked(unit, period, as_of, tuple(notices))


def read_charts(session: Session, user: User) -> Asked:
    """The same for the charts: a mediator who names no unit asks for the cases assigned to them."""
    asked = read(session, user)
    named = whole(request.args.get("unit"))
    if request.args.get("mine") != "1" and (named or not policy.may(user, "figure.own")):
        return asked
    notices = (*asked.notices, ALWAYS_NOW) if asked.as_of else asked.notices
    return replace(asked, mine=True, as_of=None, notices=notices)


def read_cases(session: Session, user: User) -> Asked:
    """The same for the cases behind a number, of which the address says all."""
    asked = read(session, user)
    return replace(asked, mine=True, as_of=None) if request.args.get("mine") == "1" else asked


def read_brief(session: Session, user: User) -> Asked:
    """What a brief is asked for: without a word, of the last month."""
    asked, day = read(session, user), today()
    named = any(request.args.get(each) for each in ("part", "since", "until"))
    if named and asked.period.since and asked.period.until:
        return replace(asked, as_of=None)
    last = month_before(day)
    return replace(asked, period=last, as_of=None)


def month_before(day: date) -> Period:
    """The last month that is over."""
    end = day.replace(day=1) - timedelta(days=1)
    return periods.month(end.year, end.month)


def issue_asked(asked: Asked) -> int:
    """The number of the issue; without a word that of its month."""
    given = whole(request.args.get("issue"))
    since = asked.period.since
    return given if given and given < 10_000 else since.month if since else 1


def brief_form(asked: Asked) -> Any:
    """The query bar of the brief as it was asked."""
    since, named = asked.period.since, request.args.get("part")
    form = BriefForm(
        data={
            "unit": asked.unit.id,
            "year": f"{since.year}" if since else "",
            "part": named or (f"month{since.month}" if since else "year"),
            "issue": f"{issue_asked(asked)}",
        }
    )
    return aimed(form, asked.unit)


def charts_at_home(session: Session, user: User) -> Asked:
    """What the charts of the first page are about: this month, of one's unit or of one's own cases."""
    day = today()
    whose = home_of(session, user), periods.month(day.year, day.month)
    return Asked(*whose, None, mine=policy.may(user, "figure.own"))


def unit_asked(session: Session, user: User) -> Unit:
    """The unit asked for; else that of the person's highest post."""
    chosen = whole(request.args.get("unit"))
    return policy.find(session, user, Unit, chosen) if chosen else home_of(session, user)


def home_of(session: Session, user: User) -> Unit:
    """The unit of the person's highest post."""
    highest = min(policy.paths(user, "figure.see"), key=len)
    return session.scalars(select(Unit).where(Unit.path == highest)).one()


def day_asked(name: str, notices: list[str]) -> date | None:
    text = clean(request.args.get(name), 20)
    if not text:
        return None
    try:
        day = parse_day(text)
    except ValueError:
        day = None
    if day is None or not 1949 <= day.year <= 2999:
        notices.append(f"日期“{text}”看不懂，已忽略。请写成 2026-09-12 或 20260912。")
        return None
    return day


def _period(notices: list[str]) -> Period:
    text, part = clean(request.args.get("year"), 10), request.args.get("part", "year")
    year = (whole(text) or 0) if text else today().year
    if not 1949 <= year <= 2999:
        notices.append(f"年度“{text}”看不懂，已按今年统计。")
        year = today().year
    for word, made in _MADE.items():
        if part in PARTS and part.startswith(word):
            return made(year, int(part.removeprefix(word)))
    return periods.year(year)


def query_form(asked: Asked) -> Any:
    """The query bar as it was asked."""
    form = FigureForm(
        data={
            "unit": None if asked.mine else asked.unit.id,
            "year": clean(request.args.get("year"), 10) or str(today().year),
            "part": request.args.get("part", "year"),
            **{name: clean(request.args.get(name), 20) for name in ("since", "until", "as_of")},
        }
    )
    return aimed(form, asked.whose)


def aimed(form: Any, unit: Unit | None) -> Any:
    """With its look-up of units."""
    form.unit.url, form.unit.title = url_for("figures.units"), str(unit or "")
    return form
