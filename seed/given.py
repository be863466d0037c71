"""What somebody gave with each step of a made-up case, and what followed from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from admin_app.rules.cases import ENDING, NOT_SUCCEEDED, ORAL, SUCCEEDED, WRITTEN
from admin_app.rules.tiers import Tier
from seed.bulk import Row
from seed.disputes import Story
from seed.lives import APPLIED, CONFIRMED, GRAVE, KNOTTY, SIMPLE, Mark
from seed.places import Place

DUE_DAYS = 30  # rules.parameters
# Table fulfilment.
NOT_DUE, PARTLY, FULFILLED, NOT_FULFILLED, TO_COURT = "01", "02", "03", "04", "05"
_VILLAGE_PLACES = ("调解室", "文化礼堂", "纠纷现场", "当事人家中")
_UPPER_PLACES = ("矛调中心调解室", "矛调中心会议室", "调解室")
_DECLINED = {
    "01": "向有管辖权的行政机关申请处理",
    "02": "由已经受理的机关继续处理",
    "03": "向人民法院起诉",
    "04": "向公安机关报案",
}
_FAILED = (
    "双方对责任划分分歧较大，多次调解未能达成一致。",
    "双方对赔偿金额差距过大，一方不再让步。",
    "一方坚持通过诉讼解决，未能达成协议。",
)
_ENDED = {
    "01": "一方当事人表示不愿继续调解。",
    "02": "申请人书面撤回申请。",
    "03": "多次联系不上一方当事人。",
}
_REOPENED = (
    "一方反悔，双方又起争执，请求重新调解。",
    "履行中对数额理解不一，再次发生争吵。",
    "协议约定的事项没有做完，双方矛盾反复。",
)
_REPORTS = {
    "settle": "经调解，双方自愿达成协议，情绪平稳。已提醒双方按期履行，并安排回访。",
    "fail": "经多次调解未能达成协议，已告知仲裁、行政处理和诉讼途径，双方情绪平稳。",
    "end": "调解依法终止，已告知当事人其他解决途径，网格员继续留意。",
}


@dataclass(frozen=True)
class Facts:
    """A step being taken: of which story, on which case, where, and how its words are filled."""

    chance: Random
    story: Story
    row: Row
    place: Place
    oral: bool
    mark: Mark
    words: Callable[[str], str]

    @property
    def day(self) -> date:
        return self.mark.day


Given = tuple[Row, Row]  # what was given, and what followed


def _accept(step: Facts) -> Given:
    follows = {"number": step.mark.number, "due_on": step.day + timedelta(days=DUE_DAYS)}
    return {"accepted_on": step.day, "kin_checked": True}, follows


def _decline(step: Facts) -> Given:
    reason = "03" if step.row["id"] % 2 else step.chance.choice(("01", "02", "04"))
    return {"decline_reason": reason, "told_channel": _DECLINED[reason]}, {}


def _start(step: Facts) -> Given:
    return {"mediated_on": step.day, "place": place_of(step), "rights_told_on": step.day}, {}


def place_of(step: Facts) -> str:
    """Where it is talked about."""
    rooms = _VILLAGE_PLACES if step.place.tier is Tier.VILLAGE else _UPPER_PLACES
    return step.place.short + step.chance.choice(rooms)


def _extend(step: Facts) -> Given:
    days = step.chance.choice((15, 20, 30))
    due_on = step.row["due_on"] + timedelta(days=days)
    return {"extension_days": days, "extension_agreed": True}, {"due_on": due_on}


def _settle(step: Facts) -> Given:
    form = ORAL if step.oral else WRITTEN
    given = {
        "form": form,
        "agreed_on": step.day,
        "agreement": step.words(step.story.agreement),
        "responsibility": step.words("{a}、{b}均认可上述事实，按约定各自承担责任。"),
        "performance": step.story.way,
        "perform_by": step.day + timedelta(days=step.chance.choice((0, 0, 7, 15, 30, 90))),
        "rights_told_on": step.row["rights_told_on"],
        "amount": step.row["amount"],
        "effective_on": step.day,
    }
    return given, {"result": SUCCEEDED, "agreement_number": step.mark.number}


def _fail(step: Facts) -> Given:
    told = dict.fromkeys(("told_arbitration", "told_administrative", "told_court"), True)
    return {"fail_reason": step.chance.choice(_FAILED), **told}, {"result": NOT_SUCCEEDED}


def _end(step: Facts) -> Given:
    reason = step.chance.choice(sorted(_ENDED))
    return {"end_reason": reason, "end_explanation": _ENDED[reason]}, {}


def _close(step: Facts) -> Given:
    outcome = {SUCCEEDED: "settle", NOT_SUCCEEDED: "fail"}.get(step.row["result"] or "", "end")
    given: Row = {"closed_on": step.day, "closing_report": _REPORTS[outcome]}
    if outcome == "settle":
        given["fulfilment"] = fulfilment(step)
    return given, {}


def fulfilment(step: Facts) -> str:
    """How far the agreement is kept on the day of the step."""
    known = step.row["fulfilment"]
    if step.row["confirmation"] in (APPLIED, CONFIRMED):
        return TO_COURT
    if known == FULFILLED or (known == PARTLY and step.day < step.row["perform_by"]):
        return str(known)
    if step.day < step.row["perform_by"]:
        return step.chance.choice((NOT_DUE, NOT_DUE, PARTLY))
    return step.chance.choices((FULFILLED, PARTLY, NOT_FULFILLED), (94, 3, 3))[0]


def _fulfil(step: Facts) -> Given:
    if step.chance.random() < 0.9:
        return {"fulfilment": FULFILLED, "fulfilled_on": step.day}, {}
    return {"fulfilment": PARTLY}, {}


def _confirm(step: Facts) -> Given:
    state = step.mark.facts["confirmation"]
    given: Row = {"confirmation": state}
    if state == APPLIED:
        given["applied_on"] = step.day
    if state == CONFIRMED:
        number = f"（{step.day.year}）浙{step.place.code[2:6]}诉前调确{step.row['id']}号"
        given |= {"confirmed_on": step.day, "confirmation_number": number}
    return given, {}


def _triage(step: Facts) -> Given:
    difficulty = step.row["difficulty"]
    tier = {SIMPLE: Tier.VILLAGE, GRAVE: Tier.COUNTY, KNOTTY: Tier.COUNTY}.get(difficulty, Tier.TOWNSHIP)
    return {"difficulty": difficulty, "proper_tier": tier}, {}


def _assign(step: Facts) -> Given:
    return {"kin_checked": True}, {}


def _reopen(step: Facts) -> Given:
    wiped = dict.fromkeys((*ENDING, "result", "agreement_number", "visited_on", "satisfied"))
    follows = {**wiped, "due_on": step.day + timedelta(days=DUE_DAYS)}
    return {"reopen_reason": step.chance.choice(_REOPENED)}, follows


def _follow_up(step: Facts) -> Given:
    """What the visit finds out is written on the case, too."""
    satisfied = step.chance.choices(("01", "02", "03"), (85, 13, 2))[0]
    return {}, {"visited_on": step.day, "satisfied": satisfied, "fulfilment": fulfilment(step)}


GIVEN: dict[str, Callable[[Facts], Given]] = {
    "accept": _accept,
    "decline": _decline,
    "start": _start,
    "extend": _extend,
    "settle": _settle,
    "fail": _fail,
    "end": _end,
    "close": _close,
    "fulfil": _fulfil,
    "confirm": _confirm,
    "triage": _triage,
    "assign": _assign,
    "reopen": _reopen,
    "follow_up": _follow_up,
}
