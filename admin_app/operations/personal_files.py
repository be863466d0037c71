"""A mediator's file 一人一档: the photo, and what the registers know of one person (M04; lifecycle.md 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.evaluations import Evaluation
from admin_app.models.mediators import Mediator
from admin_app.models.parameters import whole
from admin_app.models.payments import Payment
from admin_app.models.subsidies import Subsidy, SubsidyShare
from admin_app.models.users import User
from admin_app.operations.files import store_of
from admin_app.operations.records import saved_once
from admin_app.rules.cases import NOT_SUCCEEDED, SUCCEEDED
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import RecordRefused
from admin_app.rules.subsidies import SubsidyState
from admin_app.rules.uploads import MEGABYTE, inspect

PHOTO_TYPES = ("image/jpeg", "image/png")
MOST_PIXELS = 40_000_000  # the cameras of telephones have less; more would fill the server's memory
SIZE = (480, 640)  # what a file and its paper need
MOST_CASES = 10
NO_PHOTO = "照片只能是 JPG 或 PNG 图片，请重新选择。"
TOO_LARGE = "这张照片像素太多了，请缩小或者用手机重新拍一张再传。"


@dataclass
class CaseYear:
    """One year's cases of a mediator."""

    year: int
    accepted: int = 0
    succeeded: int = 0
    failed: int = 0


def taken_in(session: Session, upload_name: str, content: BinaryIO) -> str:
    """A photo, looked at, made small and kept, without what a telephone writes into it (place, owner).

    422 beside the field for anything that is no photo.
    """
    largest = whole(session, Setting.LARGEST_UPLOAD) * MEGABYTE
    looked_at = inspect(upload_name, content, largest=largest, field="photo")
    if looked_at.media_type not in PHOTO_TYPES:
        raise RecordRefused([Finding("photo", NO_PHOTO)])
    return store_of(session).keep(_small(content.read(largest)), field="photo")


def _small(content: bytes) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise RecordRefused([Finding("photo", TOO_LARGE)])
            picture.draft("RGB", (SIZE[0] * 2, SIZE[1] * 2))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail(SIZE)
            made = BytesIO()
            upright.save(made, "JPEG", quality=88)
    except RecordRefused:
        raise
    except Exception:  # a stranger's bytes: whatever the library stumbles over, it is no photo
        raise RecordRefused([Finding("photo", NO_PHOTO)]) from None
    return made.getvalue()


def hang(session: Session, actor: User, mediator: Mediator, sha256: str | None) -> None:
    """The kept photo is the mediator's; None takes it away. The history tells that, not what it shows."""
    policy.demand(actor, "mediator.edit", mediator)
    mediator.photo, mediator.changed_at = sha256, now()
    mediator.photo_type = PHOTO_TYPES[0] if sha256 else None
    words = "更换照片" if sha256 else "移去照片"
    history.note(session, history.Action.ATTACH, record=mediator, words=words)
    with saved_once():
        session.flush()


def photo_of(session: Session, actor: User, mediator: Mediator) -> bytes | None:
    """The photo: personal data like the ID number, for whoever may see that."""
    policy.demand(actor, "mediator.sensitive", mediator)
    if mediator.photo is None:
        return None
    with store_of(session).open(mediator.photo) as file:
        return file.read()


def case_years(session: Session, actor: User, mediator: Mediator) -> list[CaseYear]:
    """How many cases were accepted in each year, and how they ended; only what the actor may see."""
    rows = session.execute(_cases(actor, mediator).with_only_columns(Case.accepted_on, Case.result))
    years: dict[int, CaseYear] = {}
    for accepted_on, result in rows:
        if accepted_on is None:
            continue
        year = years.setdefault(accepted_on.year, CaseYear(accepted_on.year))
        year.accepted += 1
        year.succeeded += result == SUCCEEDED
        year.failed += result == NOT_SUCCEEDED
    return [years[each] for each in sorted(years, reverse=True)]


def recent_cases(session: Session, actor: User, mediator: Mediator) -> Sequence[Case]:
    """The newest of them."""
    query = _cases(actor, mediator).order_by(Case.registered_on.desc(), Case.id.desc())
    return session.scalars(query.limit(MOST_CASES)).all()


def _cases(actor: User, mediator: Mediator) -> Select[Case]:
    mine = select(CaseMediator.case_id).where(CaseMediator.mediator_id == mediator.id)
    return select(Case).where(Case.id.in_(mine), Case.removed_at.is_(None), policy.visible(Case, actor))


def evaluations(session: Session, actor: User, mediator: Mediator) -> Sequence[Evaluation]:
    """The results of evaluations that the actor may see, the newest first."""
    query = select(Evaluation).where(
        Evaluation.mediator_id == mediator.id,
        Evaluation.removed_at.is_(None),
        policy.visible(Evaluation, actor),
    )
    return session.scalars(query.order_by(Evaluation.year.desc(), Evaluation.id.desc())).all()


def grades(session: Session, actor: User, mediator: Mediator) -> Sequence[AwardApplication]:
    """Grades, stars and honours that were granted, the newest first; those revoked or expired too."""
    query = select(AwardApplication).where(
        AwardApplication.mediator_id == mediator.id,
        AwardApplication.granted_on.is_not(None),
        AwardApplication.removed_at.is_(None),
        policy.visible(AwardApplication, actor),
    )
    return session.scalars(query.order_by(AwardApplication.granted_on.desc(), AwardApplication.id)).all()


def earnings(session: Session, mediator: Mediator) -> list[tuple[str, Decimal]]:
    """What was paid, batch by batch, the newest first, and before that on paper, year by year.

    The caller has asked for the personal data.
    """
    batches = (
        select(Subsidy.title, func.sum(SubsidyShare.amount))
        .join(SubsidyShare, SubsidyShare.subsidy_id == Subsidy.id)
        .where(
            SubsidyShare.mediator_id == mediator.id,
            SubsidyShare.amount > 0,
            Subsidy.state == SubsidyState.PAID,
            Subsidy.removed_at.is_(None),
        )
        .group_by(Subsidy.id, Subsidy.title)
        .order_by(Subsidy.id.desc())
    )
    on_paper = select(Payment.paid_on, Payment.amount).where(
        Payment.mediator_id == mediator.id, Payment.removed_at.is_(None)
    )
    sums = {title: Decimal(amount) for title, amount in session.execute(batches)}
    for paid_on, amount in session.execute(on_paper.order_by(Payment.paid_on.desc())):
        title = f"{paid_on.year} 年发的补贴（系统启用以前，补录）"
        sums[title] = sums.get(title, Decimal(0)) + amount
    return list(sums.items())
