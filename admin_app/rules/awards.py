"""The life of an application 评定申报, which grades, stars and honours share (lifecycle.md 5)."""

import hashlib
import hmac
from base64 import b32encode
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.measures import rounded
from admin_app.rules.standards import Item, StandardKind, Way, most_points
from admin_app.rules.steps import Step, step


class AwardState(Choice):
    """Where an application stands."""

    APPLIED = "applied", "待初审"
    RETURNED = "returned", "退回补正"
    REVIEWED = "reviewed", "待评审"
    SCORED = "scored", "待公示"
    NOTICED = "noticed", "公示中"
    GRANTED = "granted", "已授予"
    FILED = "filed", "已备案"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "已撤销"
    EXPIRED = "expired", "已到期"


class Attendance(Choice):
    """How a member took part in the panel."""

    PRESENT = "present", "到会评分"
    ABSENT = "absent", "缺席"
    AVOIDED = "avoided", "回避"


class Outcome(Choice):
    """What became of an objection."""

    UPHELD = "upheld", "异议成立"
    REJECTED = "rejected", "异议不成立"


class Recheck(Choice):
    """What a yearly review found."""

    KEPT = "kept", "保留等级"
    RAISED = "raised", "晋升等级"
    LOWERED = "lowered", "降低等级"


_A = AwardState
HELD = (_A.GRANTED, _A.FILED)
ENDED = frozenset({_A.REFUSED, _A.WITHDRAWN, _A.REVOKED, _A.EXPIRED})
UNDECIDED = frozenset({_A.APPLIED, _A.RETURNED, _A.REVIEWED, _A.SCORED, _A.NOTICED})
ALONE = frozenset({StandardKind.GRADE, StandardKind.STAR})  # a new one takes the place of the one held
OPEN_TO_APPLICANT = frozenset({_A.APPLIED, _A.RETURNED})

STEPS: tuple[Step[AwardState], ...] = (
    step("review", "初审通过", [_A.APPLIED], _A.REVIEWED, batch=True),
    step("send_back", "退回补正", [_A.APPLIED], _A.RETURNED, needs=("return_reason",)),
    step("refuse", "初审不通过", [_A.APPLIED], _A.REFUSED, needs=("refusal",)),
    step("resubmit", "重新申报", [_A.RETURNED], _A.APPLIED, asks=("statement",)),
    step("withdraw", "撤回申报", [_A.APPLIED, _A.RETURNED], _A.WITHDRAWN),
    step(
        "score",
        "登记评审",
        [_A.REVIEWED],
        _A.SCORED,
        asks=("panel_on", "panel_opinion"),
        whole="panel",
        each=("manuals", ("given",)),
    ),
    step("pass_on", "免评委评审", [_A.REVIEWED], _A.SCORED, batch=True),
    step("publish", "发布公示", [_A.SCORED], _A.NOTICED, batch=True),
    step(
        "object",
        "登记异议",
        [_A.NOTICED],
        None,
        line="objections",
        of_line=("raised_on", "raiser", "contact", "content"),
    ),
    step("answer", "答复异议", [_A.NOTICED], None, each=("objections", ("outcome", "answer"))),
    step("grant", "授予并发证", [_A.NOTICED], _A.GRANTED, batch=True),
    step("score_again", "退回重评", [_A.NOTICED], _A.REVIEWED, needs=("again_reason",)),
    step("fail", "评审不通过", [_A.REVIEWED, _A.SCORED, _A.NOTICED], _A.REFUSED, needs=("refusal",)),
    step("file", "上报备案", [_A.GRANTED], _A.FILED, needs=("filed_on", "filed_with"), batch=True),
    step("recheck", "年度复核", HELD, None, line="reviews", of_line=("outcome", "level", "opinion")),
    step("revoke", "撤销", HELD, _A.REVOKED, needs=("revoke_reason", "revoke_note")),
    step("expire", "到期", HELD, _A.EXPIRED, led=True),
    # What was granted on paper enters as the book tells it; nobody reviews it again.
    step(
        "import",
        "导入",
        [_A.APPLIED],
        None,
        led=True,
        lands=frozenset({*HELD, _A.EXPIRED, _A.REVOKED}),
    ),
)

STEP: dict[str, Step[AwardState]] = {each.name: each for each in STEPS}

MOST = Decimal(999_999)  # of points, where a standard names no full marks
OF_A_HUNDRED = Decimal(100)
LEAST_TO_TRIM = 3  # without the highest and the lowest somebody must be left


def average(points: Sequence[Decimal], *, trimmed: bool) -> Decimal:
    """The panel's mean; `trimmed` leaves out one highest and one lowest, where somebody is left then."""
    kept = sorted(points)
    if trimmed and len(kept) >= LEAST_TO_TRIM:
        kept = kept[1:-1]
    return rounded(Fraction(sum(kept, Decimal(0))) / len(kept)) if kept else Decimal(0)


def total(base: Decimal, reckoned: Iterable[Decimal], panel: Decimal, full: Decimal) -> Decimal:
    """Basic marks, the items' points and the panel's mean: never under nothing, nor over the full marks."""
    return rounded(Fraction(max(Decimal(0), min(base + sum(reckoned, Decimal(0)) + panel, full))))


def panel_most(items: Sequence[Item], base: Decimal, full: Decimal | None, least: int) -> Decimal:
    """How many points each member of a panel may give: those of the items left to them, else what remains.

    A standard of conditions alone leaves all the marks to the panel; one whose figures may reach the full
    marks leaves none, and so does one without a panel.
    """
    if not least:
        return Decimal(0)
    given = sum((each.points for each in items if each.way is Way.GIVEN), Decimal(0))
    most = most_points(items, base)
    if given or most is None:
        return given
    return max((OF_A_HUNDRED if full is None else full) - most, Decimal(0))


@dataclass(frozen=True)
class Judge:
    """A member of the panel as written down; `own` says that it is the applicant in person."""

    name: str
    attendance: Attendance
    points: Decimal | None
    reason: str
    own: bool = False


def panel_findings(judges: Sequence[Judge], least: int, most_points: Decimal) -> list[Finding]:
    """Whether a panel may judge: enough members, nobody their own judge, everyone's points in bounds."""
    found = [finding for index, each in enumerate(judges) for finding in _judge(index, each, most_points)]
    names = [each.name for each in judges]
    found += [
        Finding(f"panel-{index}-name", f"评委“{name}”写了两次，请删去一条")
        for index, name in enumerate(names)
        if name in names[:index]
    ]
    present = sum(each.attendance is Attendance.PRESENT for each in judges)
    if present < least:
        found.append(Finding("panel", f"到会评分的评委至少 {least} 人，现在是 {present} 人"))
    return found


def _judge(index: int, judge: Judge, most: Decimal) -> list[Finding]:
    at = f"panel-{index}"
    if judge.own and judge.attendance is not Attendance.AVOIDED:
        return [Finding(f"{at}-name", "申报人不能评自己：请选“回避”，或者换一名评委")]
    if judge.attendance is Attendance.PRESENT:
        if judge.points is None:
            return [Finding(f"{at}-points", f"请填写{judge.name}的评分")] if most else []
        if not 0 <= judge.points <= most:
            return [Finding(f"{at}-points", f"评分应在 0 至 {most.normalize():f} 之间")]
        return []
    if judge.points is not None:
        return [Finding(f"{at}-points", f"{judge.attendance.label}的评委不打分，请清空评分")]
    if not judge.reason:
        return [Finding(f"{at}-reason", f"请写明{judge.attendance.label}的原因")]
    return []


def grant_refusal(until: date | None, day: date, outcomes: Sequence[Outcome | None]) -> str | None:
    """Why nothing may be granted on a day: an objection stands in the way, or the notice still runs.

    What somebody can mend is said first; days pass by themselves. `until` is the last day of the notice;
    `outcomes` those of the objections to it.
    """
    if until is None:
        return "还没有公示，不能授予。"
    if any(each is None for each in outcomes):
        return "还有没答复的异议，请先点“答复异议”。"
    if any(each is Outcome.UPHELD for each in outcomes):
        return "有异议成立，不能授予：请“退回重评”，或者“评审不通过”。"
    if day <= until:
        return f"公示到 {until:%Y-%m-%d} 为止，要等公示期满（第二天起）才能授予。"
    return None


@dataclass(frozen=True)
class OldGrant:
    """What a book tells of something granted on paper."""

    applied_on: date
    granted_on: date
    valid_until: date | None = None
    filed_on: date | None = None
    ended_on: date | None = None
    revoked: bool = False

    def state(self, day: date) -> AwardState:
        """Where it stands on a day: revoked, past its term or its end, filed, or granted."""
        if self.revoked:
            return AwardState.REVOKED
        if self.ended(day):
            return AwardState.EXPIRED
        return AwardState.FILED if self.filed_on else AwardState.GRANTED

    def ended(self, day: date) -> date | None:
        """From which day on it is borne no more; None while it still is."""
        over = self.valid_until is not None and self.valid_until < day
        return self.ended_on or (self.valid_until + timedelta(days=1) if self.valid_until and over else None)

    def findings(self, day: date) -> list[Finding]:
        """Whether its days follow each other, up to today."""
        since = self.granted_on
        told = (
            ("granted_on", since > day, "授予日期不能晚于今天"),
            ("applied_on", self.applied_on > since, "申报日期不能晚于授予日期"),
            ("valid_until", self.valid_until and self.valid_until < since, "有效期不能早于授予日期"),
            (
                "filed_on",
                self.filed_on and not since <= self.filed_on <= day,
                "备案日期应在授予日期和今天之间",
            ),
            (
                "ended_on",
                self.ended_on and not since <= self.ended_on <= day,
                "失效日期应在授予日期和今天之间",
            ),
            ("ended_on", self.revoked and not self.ended_on, "撤销的请写明失效日期"),
        )
        return [Finding(name, sentence) for name, wrong, sentence in told if wrong]


def months_after(day: date, months: int) -> date:
    """The same day some months later; the last of the month where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def check_code(seal: bytes, number: str, subject: str, granted_on: date) -> str:
    """What a certificate bears so that a made-up one is found out: only the seal's holder can reckon it."""
    words = "|".join((number, subject, granted_on.isoformat())).encode()
    short = b32encode(hmac.new(seal, words, hashlib.sha256).digest())[:12].decode()
    return "-".join(short[at : at + 4] for at in (0, 4, 8))


def tidy_code(text: str) -> str:
    """A typed check code as it stands on the paper: it has no 0 and no 1, so that O and I are meant."""
    plain = "".join(each for each in text.upper() if each.isascii() and each.isalnum())
    plain = plain.replace("0", "O").replace("1", "I")
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
