"""Rules of early warning: a new edition from tomorrow on, and what a rule would have seen of late (M24)."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.fields import fields_of
from admin_app.models.users import User
from admin_app.models.warning_rules import WarningRule
from admin_app.operations.warning_signs import seen, surges
from admin_app.rules.dates import today
from admin_app.rules.refusals import NotNow
from admin_app.rules.warnings import SURGING, Signal

TRIED = timedelta(days=30)


def renew(session: Session, actor: User, rule: WarningRule) -> WarningRule:
    """The same rule from tomorrow on, to be changed; this one ends today and keeps what it raised."""
    policy.demand(actor, "warning_rule.copy", rule)
    day = today()
    if rule.valid_from > day:
        raise NotNow("这条规则还没有启用，直接修改就可以。")
    if rule.valid_until is not None and rule.valid_until < day:
        raise NotNow("这条规则已经停用，请新添一条。")
    new = WarningRule(**{each.name: getattr(rule, each.name) for each in fields_of(WarningRule)})
    new.path, new.valid_from, new.valid_until = rule.path, day + timedelta(days=1), None
    rule.valid_until = day
    session.add(new)
    session.flush()
    return new


def tried(session: Session, actor: User, rule: WarningRule, until: date) -> list[Signal]:
    """What a rule by itself would have seen in the last month, whenever it holds; the newest first."""
    policy.demand(actor, "warning_rule.try", rule)
    alone = replace(rule.rule(), valid_from=date.min, valid_until=None)
    since = until - TRIED
    if alone.sign in SURGING:
        days = [since + timedelta(days=ahead) for ahead in range(1, TRIED.days + 1)]
        found = surges(session, [alone], *days)
    else:
        found = seen(session, [alone], since + timedelta(days=1), until, still=False)
    by_key = {each.key: each for each in found}
    return sorted(by_key.values(), key=lambda each: (each.day, each.key), reverse=True)
