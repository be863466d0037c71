"""The lines that steps add to a made-up case: what was said, prevented, asked, sent, filed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from admin_app.models.assistances import Assistance, AssistanceStep
from admin_app.models.dossiers import Dossier, DossierStep, Loan
from admin_app.models.follow_ups import FollowUp
from admin_app.models.hand_overs import HandOver, HandOverStep
from admin_app.models.preventions import Prevention
from admin_app.models.sessions import CaseSession
from admin_app.models.urgings import Urging, UrgingStep
from admin_app.rules import assistances, dossiers, hand_overs, urgings
from admin_app.rules.assistances import AssistanceState
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.dossiers import DossierState
from admin_app.rules.hand_overs import HandOverState, Way
from admin_app.rules.urgings import About, UrgingState
from seed.bulk import Row
from seed.codes import labels
from seed.drafts import Draft
from seed.frame import Frame, Taken, Whose
from seed.lives import Mark
from seed.places import Place

LONG, SHORT = "2", "1"  # table retention
TALK, INQUIRY = "01", "02"  # table session_kind
URGED_DAYS = 7  # rules.parameters: working days
_TALKS = (
    "调解员分别听取双方陈述，核对了有关材料，并到现场查看、拍照。{a}要求对方承担责任，{b}表示愿意协商。",
    "邀请村民代表参加调解。调解员讲明互谅互让的道理，双方意见有所接近，约定再谈一次。",
    "调解员向双方讲解有关法律规定，建议各让一步。{b}提出了方案，{a}表示回去和家人商量。",
    "双方对金额仍有差距。调解员请双方列出清单，逐项核对，确认了没有争议的部分。",
)
_LAST_TALK = "调解员就剩下的分歧再次做双方工作。经充分协商，{a}与{b}对处理办法都表示接受。"
_INQUIRY = "问：请说说事情的经过。答：那天我在场，看到双方为这件事争吵，没有动手。问：以上属实吗？答：属实。"
_PREVENTED = {"2": "01", "3": "02", "4": "03", "5": "04", "6": "02"}  # SYS105 → table prevention_kind
_PREVENTION = {
    "01": "发现当事人情绪低落，及时安排家属陪护并劝解，避免了意外。",
    "02": "双方情绪激动，调解员及时赶到劝开，避免了打架伤人。",
    "03": "当事人准备集体上访，经当面答复和解释，已打消念头。",
    "04": "双方亲属聚集，调解员会同派出所劝散，避免了械斗。",
}
_AGENCIES = {
    "3": ("01", "人民法院", "法调"),
    "4": ("02", "人民检察院", "检调"),
    "5": ("03", "公安局", "公调"),
    "6": ("04", "信访局", "信调"),
    "7": ("99", "综合行政执法局", "执调"),
}
_SITUATIONS = {
    "01": "双方对调解结果满意，协议已按约定办理，没有新的矛盾。",
    "02": "协议基本落实，个别细节还在协商，双方情绪平稳。",
    "03": "一方对履行进度不满意，已督促另一方尽快办理。",
}
_PURPOSES = ("案件评查", "法院调取材料", "信访核查", "业务学习")
_Line = Callable[[Draft, Mark, Frame, int | None], int]


def _session(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    chance, words = frame.chance, draft.words()
    marks = draft.life.marks
    ahead = next((each.name for each in marks[marks.index(mark) + 1 :]), "")
    inquiry = chance.random() < 0.08 and ahead != "settle"
    text = _INQUIRY if inquiry else words(_LAST_TALK if ahead == "settle" else chance.choice(_TALKS))
    row = {
        "case_id": draft.id,
        "kind": INQUIRY if inquiry else TALK,
        "held_on": mark.day,
        "place": draft.row["place"],
        "present": chance.choice((None, "村民代表", "网格员", "包村干部")),
        "asked": "现场目击的邻居" if inquiry else None,
        "record": text,
        "result": None if inquiry else {"settle": "1", "fail": "2"}.get(ahead, "3"),
        "recorder": frame.names[draft.staff[-1]],
    }
    return frame.book.note(CaseSession, row)


def _follow_up(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    satisfied = draft.row["satisfied"]
    row = {
        "case_id": draft.id,
        "visited_on": mark.day,
        "visited": draft.cast.applicant,
        "place": frame.chance.choice(("上门", "电话", "村委会")),
        "fulfilment": draft.row["fulfilment"],
        "satisfied": satisfied,
        "situation": _SITUATIONS[satisfied],
        "visitor": frame.names[draft.staff[0]],
    }
    return frame.book.note(FollowUp, row)


def _prevention(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    kind = _PREVENTED.get(draft.traits.risk, "02")
    row = {
        "case_id": draft.id,
        "kind": kind,
        "prevented_on": mark.day,
        "people": frame.chance.randint(1, 3) if kind in ("01", "02") else frame.chance.randint(5, 30),
        "situation": _PREVENTION[kind],
    }
    return frame.book.note(Prevention, row)


# ---------------------------------------------------------------- help


def _joined(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    helper = frame.neighbour(draft.holder(mark).place)
    task = "请派员参加调解，协助核实情况，做好你处当事人的工作。"
    answer = "已派员到场参加调解，并与当事人面谈，愿意配合调解方案。"
    who: Row = {"unit_id": helper.id, "expert_id": None, "leads": frame.chance.random() < 0.3}
    return _help(draft, mark, frame, frame.at(helper), who | {"task": task}, answer, actor)


def _consulted(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    adviser = frame.adviser(draft.holder(mark).place)
    people = frame.desk.experts.get(adviser.id)
    whose = Whose(adviser.place.id, adviser.place.path, None, (people,) if people else ())
    task = draft.words()("{a}与{b}的纠纷涉及专业问题，请就责任划分和赔偿标准提出意见。")
    answer = "从现有材料看，双方都有一定责任，建议按七三比例分担；赔偿标准可参照上年度统计数据。"
    who: Row = {"unit_id": None, "expert_id": adviser.id, "leads": None}
    return _help(draft, mark, frame, whose, who | {"task": task}, answer, actor, fee=adviser.fee)


def _help(
    draft: Draft,
    mark: Mark,
    frame: Frame,
    whose: Whose,
    who: Row,
    answer: str,
    actor: int | None,
    *,
    fee: int | None = None,
) -> int:
    """One request: answered within days, now and then taken back."""
    chance, back = frame.chance, frame.chance.random() < 0.06
    ended = frame.past(mark.day + timedelta(days=chance.randint(2, 8)))
    state = AssistanceState.ASKED
    if ended:
        state = AssistanceState.WITHDRAWN if back else AssistanceState.ANSWERED
    answered = state is AssistanceState.ANSWERED
    due_on = mark.day + timedelta(days=10)
    number = frame.book.note(
        Assistance,
        {
            "case_id": draft.id,
            **who,
            "due_on": due_on,
            "state": state,
            "answer": answer if answered else None,
            "fee": fee if answered else None,
            "asked_at": mark.at,
            "answered_at": ended if answered else None,
            "path": whose.path,
            "created_at": mark.at,
        },
    )
    if answered:
        taken = [("answer", ended, next(iter(whose.people), None), {"answer": answer})]
    else:
        taken = [("withdraw", ended, actor, {})]
    frame.passed(AssistanceStep, {"assistance_id": number}, assistances.STEP, AssistanceState.ASKED, taken)
    title = number, f"协同 协同（{state.label}）"
    frame.clock(DeadlineKind.ASSIST, "assistance", title, draft.id, whose, due_on, mark.at, ended)
    frame.news(whose.people, mark.at, f"请您协同办理一件案件：{who['task'][:60]}", "assistance", number)
    return number


# ---------------------------------------------------------------- letters


def _taken_over(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    kind, agency, word = _AGENCIES[draft.traits.source]
    closed = draft.life.last("close", "decline")
    place = draft.origin.place
    row = {
        "way": Way.IN,
        "agency_kind": kind,
        "agency": f"{place.county}{agency}",
        "number": f"{word}〔{mark.day.year}〕{draft.id % 400 + 1}号",
        "contact": None,
        "explanation": "现将该纠纷移送你处调解，请及时受理并反馈结果。",
        "enclosed": "当事人基本情况；接处警（受理）材料复印件",
        "agreed": True,
    }
    outcome = "已办结，调解情况见卷宗，双方情绪平稳。"
    answered = frame.past(closed.day + timedelta(days=2)) if closed else None
    return _letter(draft, mark, frame, row, outcome, answered)


def _handed_over(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    row = {
        "way": Way.OUT,
        "agency_kind": "01",
        "agency": f"{draft.holder(mark).place.county}人民法院",
        "number": mark.number,
        "contact": "立案庭",
        "explanation": "经多次调解未能达成协议，当事人同意移送你院处理。",
        "enclosed": "调解记录复印件；证据材料复印件",
        "agreed": True,
    }
    answered = frame.past(mark.day + timedelta(days=frame.chance.randint(10, 50)))
    return _letter(draft, mark, frame, row, "已登记立案，依法审理。", answered)


def _letter(
    draft: Draft, mark: Mark, frame: Frame, row: Row, answer: str, answered_at: datetime | None
) -> int:
    room = draft.holder(mark)
    due_on = mark.day + timedelta(days=45)
    facts = {"answer": answer, "answered_on": answered_at.date()} if answered_at else {}
    number = frame.book.note(
        HandOver,
        {
            "case_id": draft.id,
            **row,
            "sent_on": mark.day,
            "due_on": due_on,
            "state": HandOverState.ANSWERED if answered_at else HandOverState.OPEN,
            "answer": facts.get("answer"),
            "answered_on": facts.get("answered_on"),
            "unit_id": room.place.id,
            "path": room.place.path,
            "committee_id": room.id,
            "created_at": mark.at,
        },
    )
    taken: list[Taken] = [("feed_back", answered_at, frame.desk.actor(room), facts)]
    frame.passed(HandOverStep, {"hand_over_id": number}, hand_overs.STEP, HandOverState.OPEN, taken)
    title = number, f"移送 {row['number']}"
    whose = frame.holds(room)
    frame.clock(DeadlineKind.FEED_BACK, "hand_over", title, draft.id, whose, due_on, mark.at, answered_at)
    return number


# ---------------------------------------------------------------- supervision


def _urged(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    room = draft.holder(mark)
    superior, day = room.place.parent, mark.day
    assert superior is not None
    assert mark.number is not None
    answered = frame.past(day + timedelta(days=2 + draft.id % 3))
    closed = frame.past(day + timedelta(days=11 + draft.id % 5))
    due_on = frame.working.after(day, URGED_DAYS)
    answer = "已约双方当事人再次调解，分歧正在缩小，预计近日办结。"
    state = UrgingState.CLOSED if closed else UrgingState.ANSWERED if answered else UrgingState.ISSUED
    reason = "案情比较复杂、涉及面较广，请抓紧办理，并书面报告进展情况。"
    number = frame.book.note(
        Urging,
        {
            "number": mark.number,
            "about": About.CASE,
            "about_id": draft.id,
            "subject": draft.row["number"] or draft.row["names"],
            "case_id": draft.id,
            "unit_id": superior.id,
            "to_unit_id": room.place.id,
            "reason": reason,
            "due_on": due_on,
            "state": state,
            "answer": answer if answered else None,
            "issued_at": mark.at,
            "answered_at": answered,
            "path": superior.path,
            "to_path": room.place.path,
            "committee_id": room.id,
            "created_at": mark.at,
        },
    )
    director = frame.desk.actor(room)
    taken: list[Taken] = [("answer", answered, director, {"answer": answer}), ("close", closed, actor, {})]
    frame.passed(UrgingStep, {"urging_id": number}, urgings.STEP, UrgingState.ISSUED, taken)
    whose = frame.holds(room)
    title = number, f"督办 {mark.number}"
    frame.clock(DeadlineKind.URGE, "urging", title, draft.id, whose, due_on, mark.at, answered)
    people = (*whose.people, *frame.desk.at(room.place.id))
    frame.news(dict.fromkeys(people), mark.at, f"上级督办，请按期答复：{reason[:60]}", "urging", number)
    frame.news(frame.desk.at(superior.id), answered, f"督办已有答复：{mark.number}", "urging", number)
    return number


# ---------------------------------------------------------------- the file


def _filed(draft: Draft, mark: Mark, frame: Frame, actor: int | None) -> int:
    """One case, one dossier; a few have been lent, of the last ones some still are."""
    chance, room = frame.chance, draft.room
    assert mark.number is not None
    lent = frame.past(mark.day + timedelta(days=chance.randint(5, 40))) if chance.random() < 0.03 else None
    back = frame.past(lent.date() + timedelta(days=chance.randint(5, 120))) if lent else None
    number = frame.book.note(
        Dossier,
        {
            "case_id": draft.id,
            "number": mark.number,
            "title": (draft.cast.names + labels("dispute_kind")[draft.story.kind])[:300],
            "filer": frame.names[draft.staff[0]],
            "filed_on": mark.day,
            "checker": room.members[0][1].name,
            "retention": LONG if draft.traits.hard else SHORT,
            "pages": chance.randint(14, 60) if draft.traits.hard else chance.randint(8, 24),
            "place": _shelf(room.place, draft.id),
            "state": DossierState.LENT if lent and not back else DossierState.KEPT,
            "unit_id": room.place.id,
            "path": room.place.path,
            "committee_id": room.id,
            "created_at": mark.at,
        },
    )
    if lent:
        _lend(number, lent, back, frame, frame.desk.actor(room))
    return number


def _shelf(place: Place, case_id: int) -> str:
    return f"{place.short}档案柜{case_id % 6 + 1}号{case_id % 5 + 1}层"


def _lend(dossier_id: int, lent: datetime, back: datetime | None, frame: Frame, actor: int | None) -> None:
    loan = frame.book.note(
        Loan,
        {
            "dossier_id": dossier_id,
            "borrower": frame.chance.choice(sorted(frame.names.values())[:200]),
            "employer": "司法局人民参与和促进法治科",
            "purpose": frame.chance.choice(_PURPOSES),
            "lent_on": lent.date(),
            "due_on": lent.date() + timedelta(days=30),
            "returned_on": back.date() if back else None,
        },
    )
    taken: list[Taken] = [("lend", lent, actor, {"line": loan}), ("give_back", back, actor, {})]
    frame.passed(DossierStep, {"dossier_id": dossier_id}, dossiers.STEP, DossierState.KEPT, taken)


LINES: dict[str, _Line] = {
    "hold_session": _session,
    "follow_up": _follow_up,
    "prevent": _prevention,
    "join": _joined,
    "consult": _consulted,
    "take_over": _taken_over,
    "hand_over": _handed_over,
    "urge": _urged,
    "archive": _filed,
}
