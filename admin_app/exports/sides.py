"""The parties as books have them: each side's 姓名, 性别, 年龄 …, several people one below the other."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Column, Group, Line, said
from admin_app.models.cases import RESIDENT_CARD, Party
from admin_app.rules.identity import age_on, birth_date

APPLICANT, OTHER = "01", "03"  # table party_side
_MARK = "（其他当事人）"  # stands on the respondents' side
_FACTS = ("side", "name", "sex", "ethnicity", "birth_on", "occupation", "id_kind", "id_number")


def sides(session: Session, case_ids: Sequence[int]) -> defaultdict[int, Line]:
    """What the columns below read, of each case: its "applicant"s, "respondent"s, all "people". One query."""
    found: defaultdict[int, Line] = defaultdict(lambda: {"applicant": [], "respondent": [], "people": []})
    columns = [getattr(Party, name) for name in (*_FACTS, "phone", "address")]
    query = select(Party.case_id, *columns).where(Party.case_id.in_(case_ids)).order_by(Party.side, Party.id)
    for person in session.execute(query):
        case = found[person.case_id]
        case["applicant" if person.side == APPLICANT else "respondent"].append(person)
        case["people"].append(person)
    return found


def age(birth_on: date | None, id_number: str | None, day: date) -> int | None:
    """Full years on a day, by the birth date or the number of the resident card."""
    born = birth_on or (birth_date(id_number) if id_number else None)
    return age_on(born, day) if born and born <= day else None


def _age(person: Any, day: date) -> int | None:
    return age(person.birth_on, person.id_number if person.id_kind == RESIDENT_CARD else None, day)


def name(person: Any) -> str:
    """The name; whoever stands on neither side is marked."""
    return f"{person.name}{_MARK}" if person.side == OTHER else str(person.name)


def columns(side: str, *wanted: tuple[str, str, float]) -> tuple[Column, ...]:
    """Columns of a side: (what, label, width); a line holds the people under `side`."""
    return tuple(_column(side, *each) for each in wanted)


def group(label: str, side: str, *wanted: tuple[str, str, float]) -> Group:
    """They under a heading."""
    return Group(label, columns(side, *wanted))


def _column(side: str, what: str, label: str, width: float) -> Column:
    if what == "name":
        return Column(label, lambda line: [name(each) for each in line[side]], width, stacked=True)
    if what == "age":
        return Column(
            label,
            lambda line: [_age(each, line["day"]) for each in line[side]],
            width,
            kind="integer",
            centred=True,
            stacked=True,
        )
    column = said(Party, what, width, label, stacked=True, centred=what in ("sex", "ethnicity"))
    return replace(column, value=lambda line: [getattr(each, what) for each in line[side]])
