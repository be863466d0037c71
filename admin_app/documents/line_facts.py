"""The facts of what hangs on a case: sessions, follow-ups, referrals, hand-overs; and those of a visit."""

from admin_app.documents.case_facts import PARTY
from admin_app.documents.facts import Fact, fact, of_field
from admin_app.documents.said import Saying, clean, day_words, paragraphs, sentences, tick
from admin_app.models.cases import Party
from admin_app.models.follow_ups import FollowUp
from admin_app.models.hand_overs import HandOver
from admin_app.models.referrals import Referral
from admin_app.models.sessions import CaseSession
from admin_app.models.visits import Visit
from admin_app.rules.dates import local
from admin_app.rules.hand_overs import LINKED, Way
from admin_app.rules.identity import age_on

SUCCEEDED, FAILED, PENDING = "1", "2", "3"  # code table mediation_result (SYS110)


def _result(code: str, name: str, meaning: str) -> Fact:
    return fact(name, meaning, lambda saying, line: tick(line.result == code))


SESSION: tuple[Fact, ...] = (
    of_field(CaseSession, "held_on"),
    of_field(CaseSession, "place", "held_at"),
    of_field(CaseSession, "present"),
    of_field(CaseSession, "asked"),
    of_field(CaseSession, "record"),
    of_field(CaseSession, "recorder"),
    _result(SUCCEEDED, "tick_settled", "调解成功的方框"),
    _result(FAILED, "tick_failed", "调解不成的方框"),
    _result(PENDING, "tick_pending", "有待继续调解的方框"),
)


def _situation(saying: Saying, line: FollowUp) -> str:
    """Fulfilment, contentment, and what was found (formats.md F10)."""
    heads = f"履行情况：{saying.of(line, 'fulfilment')}。满意程度：{saying.of(line, 'satisfied')}。"
    return paragraphs(f"{heads}\n{line.situation or ''}")


FOLLOW_UP: tuple[Fact, ...] = (
    of_field(FollowUp, "visited_on", "visited_on"),
    of_field(FollowUp, "visited"),
    of_field(FollowUp, "place", "visited_at"),
    fact("follow_up", "回访情况（含履行、满意程度）", _situation),
    of_field(FollowUp, "visitor"),
)


# The letter to one party says "你方与…": who the party is, and who all the others are.
def _against(saying: Saying, party: Party) -> str:
    return "、".join(clean(each.name) for each in party.case.parties if each is not party)


ADDRESSEE: tuple[Fact, ...] = (
    *(Fact(f"party_{each.name}", f"本人：{each.meaning}", each.read) for each in PARTY),
    fact("against", "对方当事人的姓名", _against),
)


def _reason(saying: Saying, referral: Referral) -> str:
    return sentences(saying.of(referral, "reason"), referral.explanation or "")


def _demand(saying: Saying, referral: Referral) -> str:
    until = f"请于{day_words(referral.due_on)}前办结并反馈" if referral.due_on else ""
    return sentences(referral.demand or "", until)


REFERRAL: tuple[Fact, ...] = (
    of_field(Referral, "number", "referral_number"),
    fact("from_unit", "转办单位", lambda saying, referral: clean(referral.unit.name)),
    fact("to_unit", "承办单位", lambda saying, referral: clean(referral.to_unit.name)),
    fact("referral_reason", "转办理由", _reason),
    fact("demand", "办理要求及期限", _demand),
    fact(
        "sent_on",
        "转办日期",
        lambda saying, referral: day_words(local(referral.sent_at).date() if referral.sent_at else None),
    ),
    fact(
        "received_on",
        "签收日期",
        lambda saying, referral: day_words(
            local(referral.received_at).date() if referral.received_at else None
        ),
    ),
    of_field(Referral, "answer", "answer"),
    fact(
        "answered_on",
        "反馈日期",
        lambda saying, referral: day_words(
            local(referral.answered_at).date() if referral.answered_at else None
        ),
    ),
)


def _linked(saying: Saying, hand_over: HandOver) -> str:
    return LINKED.get(hand_over.agency_kind) or saying.of(hand_over, "agency_kind")


def _from(saying: Saying, hand_over: HandOver) -> str:
    return clean(hand_over.agency if hand_over.way is Way.IN else hand_over.case.committee.name)


def _to(saying: Saying, hand_over: HandOver) -> str:
    return clean(hand_over.case.committee.name if hand_over.way is Way.IN else hand_over.agency)


HAND_OVER: tuple[Fact, ...] = (
    of_field(HandOver, "number", "letter_number"),
    fact("from_body", "移送单位", _from),
    fact("to_body", "接收单位", _to),
    fact("linked", "移送类别", _linked),
    of_field(HandOver, "explanation", "situation"),
    fact("tick_agreed", "当事人同意的方框", lambda saying, line: tick(line.agreed is True)),
    fact("tick_not_agreed", "当事人不同意的方框", lambda saying, line: tick(line.agreed is False)),
    of_field(HandOver, "enclosed"),
    of_field(HandOver, "due_on", "feed_back_by"),
    of_field(HandOver, "contact"),
    of_field(HandOver, "sent_on", "letter_on"),
    of_field(HandOver, "answer", "feed_back"),
    of_field(HandOver, "answered_on", "fed_back_on"),
)


def _visitor_age(saying: Saying, visit: Visit) -> str:
    return str(age_on(visit.birth_on, visit.visited_on)) if visit.birth_on else ""


VISIT: tuple[Fact, ...] = (
    of_field(Visit, "committee_id", "committee"),
    of_field(Visit, "visited_on"),
    of_field(Visit, "name"),
    of_field(Visit, "sex"),
    fact("age", "年龄", _visitor_age),
    of_field(Visit, "id_number"),
    of_field(Visit, "address"),
    of_field(Visit, "phone"),
    of_field(Visit, "people"),
    of_field(Visit, "kind"),
    of_field(Visit, "matter"),
    of_field(Visit, "counterpart"),
    of_field(Visit, "receiver"),
    of_field(Visit, "opinion"),
    of_field(Visit, "outcome"),
    of_field(Visit, "remark"),
)
