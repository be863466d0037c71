"""《等级、星级和荣誉台账》 as a book of what was granted on paper: each line enters granted, with no season.

A line that the panel knows already is compared and never changed: what passes its steps here is theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin_app import policy
from admin_app.exports.ledgers.awards import AWARD_REGISTER
from admin_app.imports.cells import Misread, Reading, narrow, text_of
from admin_app.imports.people import mediator_named
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Asking, Item, Sheet, Values, asked, declare, items
from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.fields import field_of
from admin_app.models.standards import Standard
from admin_app.operations.awards import arrived
from admin_app.operations.given import Given
from admin_app.rules.awards import ALONE, HELD, OldGrant
from admin_app.rules.dates import today
from admin_app.rules.measures import Subject
from admin_app.rules.standards import StandardKind, StandardState
from admin_app.rules.tiers import covers

KNOWN = "系统里已经有这一份，导入不能修改：请在它自己的页面上办理；导入错了的，撤销那一次导入再传"
_MADE_UP = frozenset({"standard", "whom", "kind"})


def _standard(reading: Reading, raw: Raw) -> Values:
    return {"standard": text_of(raw)}


def _key(values: Values) -> Any:
    names = ("whom", "committee_id", "standard", "applied_on", "granted_on")
    return values.get("number") or tuple(values.get(name) for name in names)


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By the certificate's number; else by whom, standard and the day of grant or of application."""
    numbers = {row["number"] for row in rows if row.get("number")}
    names = {row["whom"] for row in rows if row.get("whom")}
    visible = policy.visible(AwardApplication, asking.actor, "award.import")
    query = select(AwardApplication).where(
        AwardApplication.number.in_(numbers) | AwardApplication.whom.in_(names),
        visible,
        AwardApplication.removed_at.is_(None),
    )
    by_number: dict[Any, AwardApplication] = {}
    by_whom: dict[Any, list[AwardApplication]] = defaultdict(list)
    for each in asking.session.scalars(query.options(joinedload(AwardApplication.standard))):
        by_number[each.number] = each
        by_whom[each.whom].append(each)
    return [
        by_number.get(row["number"]) if row.get("number") else _one(row, by_whom[row.get("whom")])
        for row in rows
    ]


def _one(row: Values, same: list[AwardApplication]) -> AwardApplication | None:
    """Of one name's the one of the same committee and standard, granted or applied for on the same day."""
    day = "granted_on" if row.get("granted_on") else "applied_on"
    found = [
        each
        for each in same
        if row.get("committee_id") == each.committee_id
        and row.get("standard") in (each.standard.name, str(each.standard))
        and row.get(day) == getattr(each, day)
    ]
    return found[0] if len(found) == 1 else None


def _present(asking: Asking, award: Any, names: Iterable[str]) -> Values:
    return {name: _said(award, name) for name in names}


def _said(award: AwardApplication, name: str) -> Any:
    return award.standard.name if name == "standard" else getattr(award, name)


def _given(asking: Asking, values: Values, award: Any) -> Given:
    if award is not None:
        raise Misread(KNOWN)
    standard = _named(asking, values)
    plain = {name: value for name, value in values.items() if name not in _MADE_UP}
    plain["standard_id"] = standard.id
    if standard.subject is Subject.MEDIATOR:
        plain["mediator_id"] = mediator_named(asking, values["committee_id"], values["whom"], item="whom")
    return Given(plain)


def _named(asking: Asking, values: Values) -> Standard:
    """The standard of a name that holds at the committee: the nearest, in force on the day, the newest."""
    day, kind = values["granted_on"], values.get("kind")
    path = asking.session.get_one(Committee, values["committee_id"]).path
    fit = [
        each
        for each in _standards(asking).get(narrow(values["standard"]), [])
        if kind in (None, each.kind) and covers(each.path, path)
    ]
    if not fit:
        sentence = f"没有找到叫“{values['standard'][:40]}”的{kind.label if kind else ''}标准"
        raise Misread(f"{sentence}：请先在“评定标准”里建好并发布（已经不用的也可以停用）", item="standard")
    return max(fit, key=lambda each: (len(each.path), _in_force(each, day), each.edition))


def _in_force(standard: Standard, day: date) -> bool:
    """Whether it held on a day, though it may be retired by now."""
    return standard.valid_from is not None and standard.valid_from <= day <= (standard.valid_until or day)


def _standards(asking: Asking) -> dict[str, list[Standard]]:
    """The standards that were ever published, by name and by name with edition; read once for an import."""
    if "standards" not in asking.kept:
        found: dict[str, list[Standard]] = defaultdict(list)
        query = select(Standard).where(
            policy.visible(Standard, asking.actor, "standard.see"),
            Standard.kind != StandardKind.EVALUATION,
            Standard.state != StandardState.DRAFT,
            Standard.removed_at.is_(None),
        )
        for each in asking.session.scalars(query.order_by(Standard.id)):
            for name in {narrow(each.name), narrow(str(each))}:
                found[name].append(each)
        asking.kept["standards"] = found
    known: dict[str, list[Standard]] = asking.kept["standards"]
    return known


def _taken(asking: Asking, rows: Sequence[Values]) -> list[tuple[str, str] | None]:
    """A number stands once; and nobody bears two grades, or two stars, at a time."""
    numbers = {row["number"] for row in rows if row.get("number")}
    taken = set(
        asking.session.scalars(select(AwardApplication.number).where(AwardApplication.number.in_(numbers)))
    )
    bearers = _bearers(asking, {row["whom"] for row in rows if row.get("whom")})
    return [_fault(asking, row, taken, bearers) for row in rows]


def _fault(asking: Asking, row: Values, taken: set[str | None], bearers: set[Any]) -> tuple[str, str] | None:
    if row.get("number") in taken and row.get("number"):
        return "number", "这个证书编号不能用，请核对（系统里已经有这个编号）"
    standard = _standards(asking).get(narrow(row.get("standard", "")), [])
    if not standard or standard[0].kind not in ALONE or not row.get("granted_on") or not _still_held(row):
        return None
    key = row.get("committee_id"), row.get("whom"), standard[0].kind
    before = asking.kept.setdefault("held", set())
    if key in bearers or key in before:
        return "granted_on", "同一个人（调委会）已经有一份还有效的：旧的那一份请写明有效期或者失效日期"
    before.add(key)
    return None


def _still_held(row: Values) -> bool:
    old = OldGrant(
        row["granted_on"],
        row["granted_on"],
        row.get("valid_until"),
        ended_on=row.get("ended_on"),
        revoked="revoke_reason" in row,
    )
    return old.state(today()) in HELD


def _bearers(asking: Asking, names: set[str]) -> set[Any]:
    rows = select(AwardApplication.committee_id, AwardApplication.whom, AwardApplication.kind).where(
        AwardApplication.whom.in_(names),
        AwardApplication.state.in_(HELD),
        AwardApplication.removed_at.is_(None),
    )
    return {(row.committee_id, row.whom, row.kind) for row in asking.session.execute(rows)}


def _enters(asking: Asking, award: Any, words: str) -> None:
    arrived(asking.session, asking.actor, award, note=words)


AWARDS = declare(
    Sheet(
        name="awards",
        label="等级、星级和荣誉台账",
        word="award",
        items=items(
            AWARD_REGISTER.columns,
            *asked(AwardApplication, "filed_with", "ended_on", "revoke_note"),
            needed=("whom", "standard", "level", "committee_id", "granted_on"),
            also={
                "kind": ("评定类别", "种类"),
                "whom": ("姓名", "姓名（名称）", "调解员", "调解员姓名", "获评人", "获评调委会"),
                "level": ("等级", "星级", "评定等级", "获评等级", "荣誉称号"),
                "committee_id": ("调委会", "所在调委会", "所属人民调解委员会"),
                "standard": ("评定依据", "标准", "评定办法"),
                "granted_on": ("授予时间", "评定日期", "评定时间", "发证日期", "颁发日期"),
                "number": ("证书号", "证号", "编号"),
                "valid_until": ("有效期", "有效期限", "有效期截止"),
                "filed_on": ("备案时间",),
                "ended_on": ("撤销日期", "终止日期"),
            },
            told=("状态",),
            read={
                "评定标准": Item("standard", "评定标准", take=_standard),
                "所属调委会": Item("committee_id", "所属调委会", field_of(AwardApplication, "committee_id")),
            },
        ),
        key=_key,
        find=_find,
        given=_given,
        present=_present,
        taken=_taken,
        enters=_enters,
        note="登记以前在纸面上已经授予的等级、星级和荣誉：一行一份，导入后就是“已授予”（写了备案日期的是“已备案”，"
        "过了有效期或写了失效日期的是“已到期”，写了撤销原因的是“已撤销”），不再走初审、评审和公示。"
        "按证书编号认；没有编号的，按姓名、调委会、标准和授予日期认。系统里已有的不会被改动。",
        examples=(
            {
                "whom": "张某某",
                "committee_id": "某某村人民调解委员会",
                "standard": "人民调解员等级评定标准",
                "level": "三级",
                "granted_on": "2023年6月1日",
                "number": "（2023）某某区调评字第0001号",
                "valid_until": "2027-05-31",
            },
        ),
    )
)
