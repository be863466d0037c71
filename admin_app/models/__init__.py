"""The nouns: what is kept. Each field is said once, here; forms, lists, filters, ledgers and history read it.

Importing this package declares every table and every register.
"""

from admin_app.models import (  # noqa: F401  (declaring them is the point)
    cases,
    codes,
    committees,
    counters,
    deadlines,
    evaluations,
    experts,
    history,
    holidays,
    mediators,
    notices,
    parameters,
    preferences,
    referrals,
    units,
    users,
)
