"""One of many processes that take numbers at once; imported by them, so it imports little."""

import time
from datetime import date
from typing import Any

from sqlalchemy import make_url

from admin_app.models.units import Unit
from admin_app.operations.numbers import take
from admin_app.rules.numbers import Series
from tests.databases import open_engine, open_session

EACH = 6
DAY = date(2026, 11, 22)


def take_some(url: str, unit_id: int, place: int, start: Any, results: Any) -> None:
    """Take several numbers, give every third back by a rollback, and tell which were kept."""
    engine = open_engine(make_url(url))
    kept = []
    start.wait()
    for turn in range(EACH):
        with open_session(engine) as session:
            number = take(session, Series.CASE, session.get_one(Unit, unit_id), DAY)
            time.sleep(0.002)  # the rest of the verb
            if (place + turn) % 3 == 0:
                session.rollback()
            else:
                session.commit()
                kept.append(number)
    engine.dispose()
    results.put(kept)
