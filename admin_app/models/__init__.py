"""The nouns: what is kept. Each field is said once, here; forms, lists, filters, ledgers and history read it.

Importing this package declares every table and every register.
"""

from admin_app.models import (  # noqa: F401  (declaring them is the point)
    assistances,
    attachments,
    cases,
    codes,
    committees,
    counters,
    deadlines,
    dossiers,
    evaluations,
    experts,
    follow_ups,
    form_templates,
    hand_overs,
    history,
    holidays,
    import_batches,
    job_runs,
    jobs,
    lookbacks,
    mediators,
    monthly,
    notices,
    parameters,
    preferences,
    preventions,
    referrals,
    requirements,
    sessions,
    units,
    urgings,
    users,
    visits,
)
