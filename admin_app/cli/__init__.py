"""The command line `heshi`: every command acts as a named user or as the system, and is in the history."""

from admin_app.cli import (
    briefs,
    databases,
    days,
    history,
    imports,
    ledgers,
    policy,
    search,
    seeds,
    tallies,
    users,
)
from admin_app.cli.gate import heshi

__all__ = [
    "briefs",
    "databases",
    "days",
    "heshi",
    "history",
    "imports",
    "ledgers",
    "policy",
    "search",
    "seeds",
    "tallies",
    "users",
]
