"""Many lively cases in the world's village committee, for tests and measurements of ledgers."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from admin_app import tally
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.committees import Committee
from admin_app.rules.cases import Stage
from seed.bulk import add, fix_sequences, next_id
from tests.world import World

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "秀英", "伟", "芳", "建国", "𬱟", "娜", "欧阳明", "志强", "丽", "喆"
PLACES = "桃园社区调解室", "城东街道矛盾纠纷调处化解中心三楼第二调解室", "村委会", "当事人家中"
REMARKS = None, None, "经三次调解", "双方系亲属，建议村干部定期走访，防止反复", None
SINCE = date(2026, 1, 1)


def fill_book(session: Session, world: World, count: int, *, since: date = SINCE, days: int = 181) -> None:
    """`count` accepted cases, two or three parties and one or two mediators each."""
    committee = session.get_one(Committee, world.village_committee)
    home = {"committee_id": committee.id, "unit_id": committee.unit_id, "path": committee.path}
    first = next_id(session, Case)
    for start in range(0, count, 5000):
        numbers = range(start, min(start + 5000, count))
        add(session, Case, [_case(n, first + n, since, days, count) | home for n in numbers])
        add(session, Party, [row for n in numbers for row in _parties(n, first + n)])
        add(session, CaseMediator, [row for n in numbers for row in _mediators(n, first + n, world)])
    fix_sequences(session)
    tally.mend(session)


def _case(n: int, case_id: int, since: date, days: int, count: int) -> dict[str, Any]:
    day = since + timedelta(days=n * days // count)
    done = n % 7 != 3
    return {
        "id": case_id,
        "number": f"（{day.year}）城东人调字第{n + 1:04d}号",
        "names": "某某",
        "kind": str(n % 18 + 1),
        "stage": Stage.CLOSED if done else Stage.MEDIATING,
        "registered_on": day,
        "source": str(n % 7 + 1),
        "difficulty": str(n % 4 + 1),
        "risk": "1",
        "people": n % 9 + 2,
        "amount": Decimal(n * 7919 % 5_000_000) + Decimal("0.50") if done else None,
        "brief": "因屋檐滴水发生争执",
        "accepted_on": day,
        "mediated_on": day + timedelta(days=5) if done else None,
        "place": PLACES[n % len(PLACES)] if done else None,
        "result": str(n % 2 + 1) if done else None,
        "form": str(n % 2 + 1) if done else None,
        "agreement_number": f"（{day.year}）城东人调协字第{n + 1:04d}号" if done else None,
        "performance": ("07", "06", "10", "09")[n % 4] if done else None,
        "perform_by": day + timedelta(days=40) if done else None,
        "fulfilment": f"{n % 6 + 1:02d}" if done else None,
        "confirmation": f"{n % 4 + 1:02d}" if done else None,
        "visited_on": day + timedelta(days=30) if done else None,
        "closed_on": day + timedelta(days=20) if done else None,
        "remark": REMARKS[n % len(REMARKS)],
    }


def _name(n: int) -> str:
    return SURNAMES[n % len(SURNAMES)] + GIVEN[n * 7 % len(GIVEN)]


def _parties(n: int, case_id: int) -> Iterator[dict[str, Any]]:
    for which in range(2 + n % 2):
        name = "金华市某某建设工程有限公司" if (n + which) % 11 == 5 else _name(n * 3 + which)
        yield {"case_id": case_id, "side": "1" if not which else "2", "kind": "01", "name": name}


def _mediators(n: int, case_id: int, world: World) -> Iterator[dict[str, Any]]:
    for each in (world.mediator, world.colleague_mediator)[: 1 + n % 2]:
        yield {"case_id": case_id, "mediator_id": each}
