"""Templates that a bureau puts in place of the supplied ones: putting in place, going back, finding."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.form_templates import FormTemplate
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.files import store_of
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.rules.tiers import Tier, ancestors

LARGEST = 2 * 1024 * 1024  # a template is text; a picture or two may be in its head
BUREAUS = (Tier.CITY, Tier.COUNTY)


def put_in_place(
    session: Session, actor: User, unit: Unit, *, word: str, title: str, name: str, sha256: str, note: str
) -> FormTemplate:
    """Use a kept upload that has been checked in the unit and below from now on."""
    demand_bureau(actor, unit)
    template = FormTemplate(
        word=word,
        title=title,
        unit=unit,
        path=unit.path,
        active=True,
        file_name=name,
        sha256=sha256,
        uploaded_at=now(),
        note=note or None,
    )
    for each in _own(session, unit, word):
        each.active = False
    session.add(template)
    session.flush()
    return template


def demand_bureau(actor: User, unit: Unit) -> None:
    """403 without the right to rule for this unit, 422 beside it where no bureau is."""
    policy.demand(actor, "form_template.edit", FormTemplate(unit_id=unit.id, path=unit.path))
    if unit.tier not in BUREAUS:
        raise RecordRefused([Finding("unit", "模板由市、县（区）司法局统一规定，请选择市或县（区）")])


def go_back(session: Session, actor: User, template: FormTemplate) -> None:
    """From now on the supplied template, or the superior bureau's, is used again."""
    policy.demand(actor, "form_template.edit", template)
    if not template.active:
        raise NotNow("这个模板已经停用。")
    template.active = False
    session.flush()


def in_force(session: Session, path: str, word: str) -> FormTemplate | None:
    """The template that the offices at a path use for a form; None: the supplied one."""
    where = (
        FormTemplate.path.in_((*ancestors(path), path)),
        FormTemplate.active,
        FormTemplate.removed_at.is_(None),
    )
    found = session.scalars(select(FormTemplate).where(FormTemplate.word == word, *where)).all()
    return max(found, key=lambda each: (len(each.path), each.id), default=None)


def content_of(session: Session, template: FormTemplate) -> bytes:
    """The uploaded file."""
    with store_of(session).open(template.sha256) as file:
        return file.read()


def _own(session: Session, unit: Unit, word: str) -> list[FormTemplate]:
    query = select(FormTemplate).where(
        FormTemplate.word == word, FormTemplate.path == unit.path, FormTemplate.active
    )
    return list(session.scalars(query))
