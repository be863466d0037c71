"""The public window 群众窗口 (M11): how often a stranger may knock, and what they are told.

Nothing that somebody has written is told: of an application a stranger hears which unit has it and, in the
words of these tables, how far it has come.
"""

from dataclasses import dataclass
from datetime import timedelta
from unicodedata import normalize

from admin_app.rules.cases import Stage
from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.visits import ACCEPTED, ANSWERED, ELSEWHERE, PASSED_ON, WAITING

RECEIVER = "群众窗口（网上申请）"
CODE_DIGITS, TAIL_DIGITS = 12, 4


class Knock(Choice):
    """What a stranger comes for; each is counted by the address of their computer."""

    APPLY = "apply", "申请"
    ASK = "ask", "查询"
    MISS = "miss", "答错"


WITHIN = timedelta(hours=1)
# How often in an hour; how often somebody may apply is a parameter.
MOST: dict[Knock, int] = {Knock.ASK: 30, Knock.MISS: 10}
TOO_OFTEN = "这台电脑或这个网络一小时里来的次数太多了，请过一会儿再试；急事请直接到调委会，或者打电话。"


@dataclass(frozen=True)
class Standing:
    """How far an application has come, and what to do about it."""

    words: str
    advice: str


_WAIT = "请保持电话畅通，调解组织会和您联系。"
_CALL = "想知道详细情况，请联系下面的调解组织。"
_BY_OPINION = {
    WAITING: Standing("已收到，等待处理", _WAIT),
    ACCEPTED: Standing("已受理，正在登记", _WAIT),
    PASSED_ON: Standing("已转有关单位办理", _CALL),
    ELSEWHERE: Standing("建议走其他途径解决", _CALL),
    ANSWERED: Standing("已经答复", _CALL),
}
_BY_STAGE = {
    Stage.REGISTERED: Standing("已登记为调解案件，等待受理", _WAIT),
    Stage.ACCEPTED: Standing("已受理，等待调解", _WAIT),
    Stage.MEDIATING: Standing("正在调解", _WAIT),
    Stage.SETTLED: Standing("已达成调解协议", "请双方按协议履行。"),
    Stage.FAILED: Standing("没有调解成功", "可以依法申请仲裁、行政裁决，或者向法院起诉。"),
    Stage.ENDED: Standing("调解已终止", _CALL),
    Stage.DECLINED: Standing("不予受理", "可以依法走其他途径；" + _CALL),
    Stage.IN_TRANSFER: Standing("正在转给别的调解组织", _WAIT),
    Stage.CLOSED: Standing("已经结案", _CALL),
    Stage.ARCHIVED: Standing("已经结案", _CALL),
}


def standing(opinion: str, stage: Stage | None) -> Standing:
    """Of an application with this opinion and, once it has become a case, of its stage.

    A code that a bureau has added reads as one that waits.
    """
    return _BY_STAGE[stage] if stage is not None else _BY_OPINION.get(opinion, _BY_OPINION[WAITING])


def digits(text: str) -> str:
    """The digits that somebody has typed, full-width ones and gaps forgiven."""
    return "".join(each for each in normalize("NFKC", text) if each.isascii() and each.isdigit())


def spaced(code: str) -> str:
    """A query code as people read it out: in fours."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def asked_findings(code: str, tail: str) -> list[Finding]:
    """What cannot be a query code, or the end of a telephone number."""
    found = []
    if len(code) != CODE_DIGITS:
        found.append(Finding("code", f"查询码是 {CODE_DIGITS} 位数字，请照申请时给您的填写"))
    if len(tail) != TAIL_DIGITS:
        found.append(Finding("tail", f"请填申请时留的电话号码的最后 {TAIL_DIGITS} 位数字"))
    return found


def phone_finding(phone: str | None) -> Finding | None:
    """The telephone is how one is called back, and how one asks."""
    if len(digits(phone or "")) >= TAIL_DIGITS:
        return None
    return Finding("phone", "请填联系电话：调解组织要和您联系，您查询时也要用到")
