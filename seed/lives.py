"""How a made-up case lives: the steps of `rules.cases`, a few days apart, as far as the calendar has come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from admin_app.rules.cases import STEP, Stage
from admin_app.rules.dates import SHANGHAI, local
from admin_app.rules.referrals import ReferralState

_BACK = ("receive", "send_back")  # after these the case is at the stage it had before the transfer
_TALKS = (
    "分别听取双方陈述，查看现场并拍照。",
    "邀请村民代表参加，双方意见有所接近。",
    "向双方讲解有关法律规定，建议各让一步。",
    "双方对金额仍有差距，约定下次再谈。",
)
_DECLINED = "不属于人民调解受理范围，已告知可向有关行政机关反映。"
_FAILED = "双方分歧较大，未能达成协议，已告知可申请仲裁、行政处理或向人民法院起诉。"
_ENDED = "一方当事人不愿继续调解，依法终止。"
RETURNED = "情况不清，请补充材料后再报。"
WITHDRAWN = "当事人已自行协商，发出单位撤回。"
_BACK_WITH = {ReferralState.RETURNED: RETURNED, ReferralState.WITHDRAWN: WITHDRAWN}


@dataclass(frozen=True)
class Mark:
    """A step taken."""

    name: str
    at: datetime
    source: Stage
    target: Stage
    note: str


class Life:
    """The steps so far, and the stage they led to."""

    def __init__(self, chance: Random, registered_on: date, today: date) -> None:
        self.stage = Stage.REGISTERED
        self.marks: list[Mark] = []
        self.at = moment(registered_on)
        self._chance = chance
        self._today = today
        self._came_from = Stage.REGISTERED
        self._over = False

    def take(self, name: str, days: int, note: str = "") -> None:
        """Take a step some days on; once a day lies ahead, nothing more happens."""
        day = china_day(self.at) + timedelta(days=days)
        if self._over or day >= self._today:
            self._over = True
            return
        at = (moment(day) if days else self.at) + timedelta(
            minutes=self._chance.randint(5, 480 if days else 25)
        )
        step = STEP[name]
        step.check(self.stage)
        target = step.to or (self._came_from if name in _BACK else self.stage)
        self.marks.append(Mark(name, at, self.stage, target, note))
        self._came_from, self.stage, self.at = self.stage, target, at

    def day(self, name: str) -> date | None:
        """The day of the last such step."""
        at = next((mark.at for mark in reversed(self.marks) if mark.name == name), None)
        return china_day(at) if at else None

    def has(self, name: str) -> bool:
        return any(mark.name == name for mark in self.marks)


def moment(day: date) -> datetime:
    """Half past eight in the morning of a day in China."""
    return datetime.combine(day, time(8, 30), SHANGHAI).astimezone(UTC)


def china_day(at: datetime) -> date:
    """The day in China at a moment."""
    return local(at).date()


def tell(chance: Random, registered_on: date, today: date, fate: ReferralState | None = None) -> Life:
    """A life up to today; `fate` is how the referral of a case that has one stands."""
    life = Life(chance, registered_on, today)
    if fate is None and chance.random() < 0.02:
        life.take("decline", chance.randint(0, 2), _DECLINED)
        return life
    life.take("accept", chance.randint(0, 2) if fate is None else 0)
    if fate is not None and fate is not ReferralState.DRAFT:
        _move(life, chance, fate)
    if fate is ReferralState.SENT:
        return life
    life.take("start", chance.randint(0, 3))
    _talk(life, chance)
    if fate in (ReferralState.DRAFT, ReferralState.RECEIVED):
        return life
    if fate is None and _left_lying(chance, registered_on, today):
        return life
    _conclude(life, chance)
    return life


def _left_lying(chance: Random, registered_on: date, today: date) -> bool:
    """Some cases of the last months wait past their deadline, so that the demo shows late ones."""
    return (today - registered_on).days < 90 and chance.random() < 0.12


def _move(life: Life, chance: Random, fate: ReferralState) -> None:
    life.take("transfer", 1)
    if fate is ReferralState.SENT:
        return
    back = _BACK_WITH.get(fate)
    life.take("send_back" if back else "receive", chance.randint(1, 3), back or "")


def _talk(life: Life, chance: Random) -> None:
    """Sessions; when the thirty days run out, an extension."""
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3))):
        accepted = life.day("accept")
        late = accepted is not None and (china_day(life.at) - accepted).days > 15
        if late and not life.has("extend"):
            life.take("extend", 0, "经双方同意延期三十日。")
        life.take("hold_session", chance.randint(1, 9), chance.choice(_TALKS))


def _conclude(life: Life, chance: Random) -> None:
    name, note = chance.choices((("settle", ""), ("fail", _FAILED), ("end", _ENDED)), (88, 8, 4))[0]
    life.take(name, chance.randint(1, 6), note)
    life.take("close", chance.randint(1, 20))
    if chance.random() < 0.93:
        life.take("archive", chance.randint(7, 60))
