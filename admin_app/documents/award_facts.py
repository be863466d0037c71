"""The facts of an application 评定申报: for its certificate and its public notice."""

from sqlalchemy import select

from admin_app.documents.facts import Fact, fact, of_field
from admin_app.documents.said import Saying, clean, day_words
from admin_app.models.awards import AwardApplication
from admin_app.models.units import Unit


def _decider(saying: Saying, award: AwardApplication) -> str:
    """The unit that decides; a made-up application stands nowhere."""
    if not award.decided_path:
        return clean(award.committee.unit.name)
    name = saying.session.scalar(select(Unit.name).where(Unit.path == award.decided_path))
    return clean(name or "")


def _valid(saying: Saying, award: AwardApplication) -> str:
    return day_words(award.valid_until) or "长期"


AWARD: tuple[Fact, ...] = (
    of_field(AwardApplication, "kind"),
    of_field(AwardApplication, "whom"),
    fact("committee", "所属调委会", lambda saying, award: clean(award.committee.name)),
    of_field(AwardApplication, "level"),
    fact("standard", "评定标准", lambda saying, award: clean(str(award.standard))),
    of_field(AwardApplication, "score"),
    of_field(AwardApplication, "notice_from"),
    of_field(AwardApplication, "notice_until"),
    fact("decider", "审定单位", _decider),
    of_field(AwardApplication, "number"),
    of_field(AwardApplication, "check_code"),
    of_field(AwardApplication, "granted_on"),
    fact("valid_until", "有效期至", _valid),
)
