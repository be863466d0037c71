"""What the ledgers need beyond the world, so that no book is empty: near the village, and far away."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.dossiers import Loan
from admin_app.models.follow_ups import FollowUp
from admin_app.models.referrals import Referral
from admin_app.models.subsidies import Subsidy, SubsidyItem, SubsidyShare
from tests.world import World

SENT = datetime(2026, 9, 3, 1, tzinfo=UTC)
ORAL = {
    "form": "1",
    "agreed_on": date(2026, 9, 12),
    "agreement_number": "（2026）桃园人调协字第0001号",
    "agreement": "乙某三日内改装落水管",
    "performance": "07",
    "perform_by": date(2026, 9, 20),
}


def fill_library(session: Session, world: World) -> None:
    """Past the history and the versions: it is the world that is as if all this had happened before."""
    run = session.connection().execute
    for case in (world.settled_case, world.far_case):
        run(update(table(Case)).where(table(Case).c.id == case).values(ORAL))
        run(insert(table(FollowUp)).values(case_id=case, **_VISIT))
    sent = (world.sent_referral, world.crossing_referral, world.far_referral)
    for number, each in enumerate(sent, start=1):
        facts = {"sent_at": SENT, "number": f"（2026）转字第{number:04d}号", "due_on": date(2026, 9, 25)}
        run(update(table(Referral)).where(table(Referral).c.id == each).values(facts))
    run(insert(table(Loan)).values(dossier_id=world.dossier, **_LOAN))
    _fill_subsidies(session, world)
    session.expire_all()


def _fill_subsidies(session: Session, world: World) -> None:
    """Of each county a case and a month that are paid for."""
    run = session.connection().execute
    run(update(table(Subsidy)).values(counted=1, total=100))
    month = {
        "month": date(2026, 9, 1),
        "tier": "village",
        "full_time": "01",
        "days": 30,
        "of_days": 30,
        "standard": 1350,
        "amount": 1350,
    }
    case = {"outcome": "settled", "standard": 120, "amount": 120, "cut": 20, "cut_reason": "材料不全"}
    for number, (subsidy, what, committee, mediator) in enumerate(
        (
            (world.subsidy, {**case, "case_id": world.closed_case}, world.village_committee, world.mediator),
            (world.far_subsidy, {**case, "case_id": world.far_case}, world.far_committee, world.far_mediator),
            (world.town_subsidy, month, world.village_committee, world.mediator),
            (world.far_stipends, month, world.far_committee, world.far_mediator),
        ),
        start=1,
    ):
        facts = {"id": number, "subsidy_id": subsidy, "committee_id": committee, "standing": "due"}
        facts |= {"reasons": [], "coefficient": 1, "cut": 0, **what}
        if "month" in what:
            facts["mediator_id"] = mediator
            run(update(table(Subsidy)).where(table(Subsidy).c.id == subsidy).values(kind="stipend", period=9))
        run(insert(table(SubsidyItem)).values(facts))
        share = {"subsidy_id": subsidy, "committee_id": committee, "mediator_id": mediator}
        paid = facts["amount"] - facts["cut"]
        run(insert(table(SubsidyShare)).values(item_id=number, amount=paid, **share))


def table(model: Any) -> Any:
    return model.__table__


_VISIT = {
    "visited_on": date(2026, 10, 8),
    "visited": "甲某",
    "place": "上门",
    "fulfilment": "03",
    "satisfied": "1",
    "situation": "协议已经履行，双方没有新的矛盾",
    "visitor": "张伟",
}
_LOAN = {
    "borrower": "钱某",
    "employer": "婺城区司法局",
    "purpose": "案卷评查",
    "lent_on": date(2026, 10, 9),
    "due_on": date(2026, 11, 9),
}
