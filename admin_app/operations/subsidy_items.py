"""The items of a batch as its pages show them: a page of each standing, with who gets what."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from admin_app.models.mediators import Mediator
from admin_app.models.subsidies import Subsidy, SubsidyItem, SubsidyShare
from admin_app.rules.refusals import NotSeen
from admin_app.rules.subsidies import LIVE, ItemState

SIZE = 50
MOST_NOTICED = 5000


def counts(session: Session, subsidy: Subsidy) -> dict[ItemState, int]:
    """How many items stand how."""
    query = (
        select(SubsidyItem.standing, func.count())
        .where(SubsidyItem.subsidy_id == subsidy.id)
        .group_by(SubsidyItem.standing)
    )
    found = dict(session.execute(query).tuples().all())
    return {each: found[each] for each in ItemState if each in found}


def page(session: Session, subsidy: Subsidy, standing: ItemState, number: int) -> list[SubsidyItem]:
    """One page of the items that stand so, committee by committee."""
    query = _items(subsidy).where(SubsidyItem.standing == standing)
    return list(session.scalars(query.offset((number - 1) * SIZE).limit(SIZE)))


def live(session: Session, subsidy: Subsidy) -> list[SubsidyItem]:
    """What the public notice lists."""
    query = _items(subsidy).where(SubsidyItem.standing.in_(LIVE)).limit(MOST_NOTICED)
    return list(session.scalars(query))


def _items(subsidy: Subsidy) -> Select[SubsidyItem]:
    return (
        select(SubsidyItem)
        .where(SubsidyItem.subsidy_id == subsidy.id)
        .options(
            joinedload(SubsidyItem.case),
            joinedload(SubsidyItem.mediator),
            joinedload(SubsidyItem.committee),
            selectinload(SubsidyItem.shares).joinedload(SubsidyShare.mediator),
        )
        .order_by(SubsidyItem.committee_id, SubsidyItem.id)
    )


def find(session: Session, subsidy: Subsidy, item_id: int) -> SubsidyItem:
    """An item of this very batch."""
    query = _items(subsidy).where(SubsidyItem.id == item_id)
    item = session.scalars(query).one_or_none() if 0 < item_id < 2**31 else None
    if item is None:
        raise NotSeen("没有找到这一项，可能已经重新提取。")
    return item


def payees(session: Session, subsidy: Subsidy) -> Sequence[tuple[str, int, str]]:
    """(name, number of items, sum) of each who gets something."""
    total = func.sum(SubsidyShare.amount)
    query = (
        select(Mediator.name, func.count(), total)
        .join(SubsidyShare, SubsidyShare.mediator_id == Mediator.id)
        .where(SubsidyShare.subsidy_id == subsidy.id, SubsidyShare.amount > 0)
        .group_by(Mediator.id, Mediator.name)
        .order_by(Mediator.id)
    )
    return [(name, count, f"{amount:,.2f}") for name, count, amount in session.execute(query)]
