"""What was done just now, done some days ago: for steps whose days must follow each other."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session


def aged(session: Session, record: Any, days: int) -> None:
    """Every step that a record has passed lies so many days further back."""
    session.refresh(record)
    for row in record.steps:
        row.at -= timedelta(days=days)
    session.flush()
