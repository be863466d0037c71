"""The code tables of `codes.csv`: national codes where there are any, otherwise agreed ones (约定)."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.codes import Code
from seed.bulk import Row, add, fix_sequences

CODES = Path(__file__).with_name("codes.csv")


def code_rows() -> list[Row]:
    """Every row of the file as a row of the table; the position is the order in the file."""
    positions: Counter[str] = Counter()
    rows = []
    with CODES.open(encoding="utf-8", newline="") as file:
        for each in csv.DictReader(file):
            positions[each["table"]] += 1
            rows.append(
                {
                    "table": each["table"],
                    "code": each["code"],
                    "label": each["label"],
                    "position": positions[each["table"]],
                    "remark": each["source"],
                }
            )
    return rows


@cache
def labels(table: str) -> dict[str, str]:
    """The codes of a table in words."""
    return {row["code"]: row["label"] for row in code_rows() if row["table"] == table}


def load_codes(session: Session) -> int:
    """Add the codes that are missing and tell how many. What a bureau reworded, ended or removed stays so."""
    known = {(table, code) for table, code in session.execute(select(Code.table, Code.code))}
    missing = [row for row in code_rows() if (row["table"], row["code"]) not in known]
    add(session, Code, missing)
    fix_sequences(session)
    session.info.pop("codebook", None)  # the session has read the tables as they were before
    return len(missing)
