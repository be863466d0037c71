"""The library 典型案例: drafted from a closed case, searched for whatever would tell whose it is (M22)."""

import re
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case, Party
from admin_app.models.codes import codebook
from admin_app.models.committees import Committee
from admin_app.models.dossiers import Dossier
from admin_app.models.fields import field_of
from admin_app.models.typical_cases import TypicalCase, TypicalCaseStep
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import records, steps, tidings
from admin_app.operations.steps import Life, Passing
from admin_app.rules import typical_cases as rules
from admin_app.rules.anonymity import (
    Kind,
    Leak,
    Secret,
    distinct,
    leaks,
    nameless,
    nobody,
    somewhere,
    stem_of,
)
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now, today
from admin_app.rules.duplicates import names_in
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow
from admin_app.rules.tiers import Tier, ancestors
from admin_app.rules.typical_cases import TEXTS, TypicalState

OVER = (Stage.CLOSED, Stage.ARCHIVED)
_PROVINCES = re.compile(r"^(浙江省)?")
_PERSON = "01"  # code table party_kind 自然人
_LEAST_STEM = 3


# ------------------------------------------------------------------ what must not be told


def secrets_of(session: Session, case: Case) -> list[Secret]:
    """Everything of a case that tells whose it is: people, firms, numbers, addresses, places, files."""
    return distinct(
        each
        for source in (
            _of_parties(session, case),
            _of_mediators(case),
            _of_files(case),
            _of_places(session, case),
        )
        for each in source
        if len(each.text.strip()) >= 2
    )


def _of_parties(session: Session, case: Case) -> Iterator[Secret]:
    homes = _known_homes(session, case)
    for number, party in enumerate(case.parties):
        instead = nobody(number) if party.kind == _PERSON else f"{nobody(number)}公司"
        kind = Kind.PERSON if party.kind == _PERSON else Kind.BODY
        what = "当事人姓名" if kind is Kind.PERSON else "当事人名称"
        for name in (party.name or "", _without(party.name or "", homes)):
            yield Secret(kind, name, what, instead)
        yield from _of_people_around(party, number)
        for phone in (party.phone, party.agent_phone):
            yield Secret(Kind.NUMBER, phone or "", "联系方式", "（电话略）")
        yield Secret(Kind.NUMBER, party.id_number or "", "证件号码", "（证件号略）")
        yield Secret(Kind.ADDRESS, _without(party.address or "", homes), "当事人住址", "某地")


def _of_people_around(party: Party, number: int) -> Iterator[Secret]:
    """Whoever speaks for a party."""
    for name, what in ((party.agent, "代理人"), (party.representative, "负责人")):
        for each in names_in(name or ""):
            yield Secret(Kind.PERSON, each, f"{what}姓名", f"{nobody(number)}的{what}")


def _of_mediators(case: Case) -> Iterator[Secret]:
    for number, line in enumerate(case.mediators):
        yield Secret(Kind.PERSON, line.mediator.name, "调解员姓名", f"调解员{number + 1}")
        yield Secret(Kind.NUMBER, line.mediator.phone or "", "调解员手机", "（电话略）")
    for held in case.sessions:
        for name in names_in(f"{held.asked or ''}、{held.recorder or ''}"):
            yield Secret(Kind.PERSON, name, "参加人姓名", "某某")


def _of_files(case: Case) -> Iterator[Secret]:
    for number, what in (
        (case.number, "案号"),
        (case.agreement_number, "协议编号"),
        (case.confirmation_number, "司法确认案号"),
        *((each.number, "卷号") for each in case.dossiers if isinstance(each, Dossier)),
    ):
        yield Secret(Kind.REFERENCE, number or "", what, "（编号略）")


def _of_places(session: Session, case: Case) -> Iterator[Secret]:
    """The township and whatever lies below; the county may be told."""
    committee = session.get_one(Committee, case.committee_id)
    yield Secret(Kind.BODY, committee.name, "调委会名称", "某调委会")
    for unit in _units(session, case):
        if unit.tier not in (Tier.CITY, Tier.COUNTY):
            yield Secret(Kind.PLACE, unit.name, "地名", somewhere(unit.name))
            if len(stem := stem_of(unit.name)) >= _LEAST_STEM:
                yield Secret(Kind.PLACE, stem, "地名", "某地")


def _units(session: Session, case: Case) -> list[Unit]:
    paths = (*ancestors(case.path), case.path)
    return list(session.scalars(select(Unit).where(Unit.path.in_(paths)).order_by(Unit.path)))


def _known_homes(session: Session, case: Case) -> list[str]:
    """What every address begins with, and nobody is told by."""
    return [each.name for each in _units(session, case) if each.tier in (Tier.CITY, Tier.COUNTY)]


def _without(home: str, known: list[str]) -> str:
    home = _PROVINCES.sub("", home)
    for name in known:
        home = home.removeprefix(name)
    return home


# ------------------------------------------------------------------ drafting and checking


def draft(session: Session, actor: User, case: Case) -> TypicalCase:
    """Write down what the case says, nameless already; its own case once is enough."""
    policy.demand(actor, "case.tell", case)
    if case.stage not in OVER:
        raise NotNow(f"案件现在是“{case.stage.label}”，结案以后才能写成典型案例。")
    if of_case(session, case) is not None:
        raise NotNow("这件案件已经写成典型案例了，请到“典型案例”里修改。")
    typical = TypicalCase(
        case=case,
        committee_id=case.committee_id,
        unit_id=case.unit_id,
        path=case.path,
        kind=case.kind,
        state=TypicalState.DRAFT,
    )
    secrets = secrets_of(session, case)
    for name, text in told(session, case).items():
        longest = field_of(TypicalCase, name).max_length
        setattr(typical, name, nameless(text, secrets)[:longest])
    session.add(typical)
    with records.saved_once():
        session.flush()
    return typical


def of_case(session: Session, case: Case) -> TypicalCase | None:
    """The typical case that a case became."""
    query = select(TypicalCase).where(TypicalCase.case_id == case.id, TypicalCase.removed_at.is_(None))
    return session.scalars(query.order_by(TypicalCase.id)).first()


def told(session: Session, case: Case) -> dict[str, str]:
    """What the case itself says of the dispute, the way and the end."""
    kind = codebook(session).label("dispute_kind", case.kind, case.registered_on)
    way = [held.record for held in case.sessions] or ["调解员分别听取双方意见，查明事实，讲清法律和道理。"]
    ended = case.agreement or case.fail_reason or case.end_explanation or case.closing_report or ""
    return {
        "title": f"{kind}调解案",
        "keywords": kind,
        "brief": case.brief or "",
        "course": "\n".join(way),
        "result": f"双方达成协议：{ended}" if case.agreement else ended,
    }


def remaining(session: Session, typical: TypicalCase) -> dict[str, list[Leak]]:
    """Field by field, every place at which something of the case still stands."""
    secrets = secrets_of(session, typical.case)
    found = {name: leaks(getattr(typical, name) or "", secrets) for name in TEXTS}
    return {name: each for name, each in found.items() if each}


def sentences(found: dict[str, list[Leak]]) -> list[str]:
    """The places in words: 案情简介第 12 个字起“…”是当事人姓名，请换成“某甲”."""
    return [
        f"{field_of(TypicalCase, name).label}{leak.sentence}" for name, all_ in found.items() for leak in all_
    ]


def mend(session: Session, actor: User, typical: TypicalCase) -> None:
    """Replace all that was found by what was proposed."""
    policy.demand(actor, "typical_case.edit", typical)
    if typical.state is not TypicalState.DRAFT:
        raise NotNow(f"案例现在是“{typical.state.label}”，不能修改。")
    secrets = secrets_of(session, typical.case)
    for name in remaining(session, typical):
        longest = field_of(TypicalCase, name).max_length
        setattr(typical, name, nameless(getattr(typical, name), secrets)[:longest])
    typical.changed_at = now()
    with records.saved_once():
        session.flush()


# ------------------------------------------------------------------ its life


def _clean(passing: Passing) -> list[Finding]:
    """Nothing of the case may remain: neither when it is handed in, nor when it is published."""
    typical: TypicalCase = passing.record
    return [Finding("", each) for each in sentences(remaining(passing.session, typical))]


def _submitted(passing: Passing) -> None:
    typical: TypicalCase = passing.record
    typical.return_reason = None
    county = ancestors(typical.path)[1:2] or (typical.path,)
    tidings.to_superior(passing.session, typical, county[0], f"典型案例等您审核：{typical.title}")


def _published(passing: Passing) -> None:
    passing.record.published_on = today()


def _revived(passing: Passing) -> None:
    passing.record.published_on = passing.record.withdraw_reason = None


def _move(typical: TypicalCase, state: TypicalState) -> None:
    typical.state = state


LIFE = Life(
    word="typical_case",
    steps=rules.STEP,
    row=TypicalCaseStep,
    stands=lambda typical: typical.state,
    move=_move,
    checks={"submit": _clean, "publish": _clean},
    effects={"submit": _submitted, "publish": _published, "revive": _revived},
)

advance = partial(steps.advance, LIFE)
