"""One of many processes that take numbers at once; imported by them, so it imports little."""

import time
from datetime import date
from typing import Any

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import OperationalError

from admin_app.models.units import Unit
from admin_app.operations.numbers import take
from admin_app.rules.numbers import Series
from tests.databases import open_engine, open_session

EACH = 3
TRIES = 20
DAY = date(2026, 11, 22)


def take_some(url: str, unit_id: int, place: int, start: Any, results: Any) -> None:
    """Take several numbers, give every third back by a rollback, and tell which were kept or what failed."""
    engine = open_engine(make_url(url))
    start.wait()
    try:
        taken = [_patiently(engine, unit_id, keep=bool((place + turn) % 3)) for turn in range(EACH)]
        results.put([number for number in taken if number])
    except Exception as fault:
        results.put([repr(fault)])
    engine.dispose()


def _patiently(engine: Engine, unit_id: int, *, keep: bool) -> str | None:
    """On a very busy machine SQLite gives up waiting for its turn; then a clerk presses again."""
    for _ in range(TRIES):
        try:
            return _take(engine, unit_id, keep=keep)
        except OperationalError as busy:
            last = busy
    raise last


def _take(engine: Engine, unit_id: int, *, keep: bool) -> str | None:
    with open_session(engine) as session:
        number = take(session, Series.CASE, session.get_one(Unit, unit_id), DAY)
        time.sleep(0.002)  # the rest of the verb
        if keep:
            session.commit()
            return number
        session.rollback()
        return None
