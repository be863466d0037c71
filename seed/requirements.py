"""The requirements of `requirements.csv`: what the forms of 2010 name as 必须, and what was agreed (约定)."""

import csv
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.requirements import Requirement
from admin_app.rules.dossiers import Outcome
from seed.bulk import Row, add, fix_sequences

REQUIREMENTS = Path(__file__).with_name("requirements.csv")


def requirement_rows() -> list[Row]:
    """Every row of the file as a row of the table; a blank holds for all cases."""
    with REQUIREMENTS.open(encoding="utf-8", newline="") as file:
        rows = [{name: text or None for name, text in each.items()} for each in csv.DictReader(file)]
    return [{**row, "outcome": Outcome(row["outcome"]) if row["outcome"] else None} for row in rows]


def load_requirements(session: Session) -> int:
    """Put the requirements into a table that holds none, and tell how many. A bureau's own stay its own."""
    if session.scalar(select(Requirement.id).limit(1)) is not None:
        return 0
    rows = requirement_rows()
    add(session, Requirement, rows)
    fix_sequences(session)
    return len(rows)
