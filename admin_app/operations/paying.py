"""One at a time take up cases to be paid for: draws of batches, and payments on paper with their imports.

Each takes many cases, in an order of its own: without a queue two of them could wait for each other.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = 330701  # any fixed number; the history's own comes after it, always


def queue(session: Session) -> None:
    """Wait for whoever is at it, until the end of the transaction; on SQLite there is one writer anyway.

    What others took is seen by what is asked from now on.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
