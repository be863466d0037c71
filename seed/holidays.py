"""The days of `holidays.csv`: 2024 to 2026 as the State Council's office announced them.

For 2027 nothing was announced yet: there stand only the days that the regulation itself names, with a remark
to check them against the notice when it comes.
"""

import csv
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.holidays import Holiday, Works
from seed.bulk import Row, add, fix_sequences

HOLIDAYS = Path(__file__).with_name("holidays.csv")


def holiday_rows() -> list[Row]:
    """Every row of the file as a row of the table."""
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        return [
            {**each, "day": date.fromisoformat(each["day"]), "works": Works(each["works"])}
            for each in csv.DictReader(file)
        ]


def load_holidays(session: Session) -> int:
    """Add the days that are missing and tell how many. What a bureau changed or removed stays so."""
    known = set(session.scalars(select(Holiday.day)))
    missing = [row for row in holiday_rows() if row["day"] not in known]
    add(session, Holiday, missing)
    fix_sequences(session)
    session.info.pop("calendar", None)  # the session has read the calendar as it was before
    return len(missing)
