"""Attachments 附件: a file is looked at, kept, and then hung on its case; and it is read back (M20).

Looking at a file and keeping it takes time and changes no record, so a screen does it before it begins to
write: `take_in`, then `hang`. `attach` does both for whoever has no such care.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, BinaryIO, cast

from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.attachments import Attachment
from admin_app.models.cases import Case
from admin_app.models.fields import fields_of
from admin_app.models.parameters import whole
from admin_app.models.registry import register_of
from admin_app.models.users import User
from admin_app.operations.checks import Giving
from admin_app.operations.files import store_of
from admin_app.operations.given import take_fields
from admin_app.rules.dates import now
from admin_app.rules.dossiers import OPEN_TO_UPLOADS
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused
from admin_app.rules.uploads import MEGABYTE, Accepted, inspect


@dataclass(frozen=True)
class Incoming:
    """A file that lies in the store and hangs on nothing yet."""

    looked_at: Accepted
    sha256: str
    size: int


def attach(
    session: Session,
    actor: User,
    case: Case,
    kind: str,
    title: str,
    upload_name: str,
    content: bytes | IO[bytes],
) -> Attachment:
    """Keep a file and hang it on a case. Without a title it is called as the file was, less its ending."""
    demand_open(actor, case)
    return hang(session, actor, case, kind, title, take_in(session, upload_name, content))


def demand_open(actor: User, case: Case) -> None:
    """403 without the right to upload to this case, 409 where nothing is taken in any more."""
    policy.demand(actor, "case.attach", case)
    if case.stage not in OPEN_TO_UPLOADS:
        raise NotNow(f"案件现在是“{case.stage.label}”，不能再上传。")


def take_in(
    session: Session, upload_name: str, content: bytes | IO[bytes], *, field: str = "file"
) -> Incoming:
    """Look at a file and keep it; 422 beside the field for one that is not taken."""
    file = BytesIO(content) if isinstance(content, bytes) else cast(BinaryIO, content)
    largest = whole(session, Setting.LARGEST_UPLOAD) * MEGABYTE
    looked_at = inspect(upload_name, file, largest=largest, field=field)
    file.seek(0)
    sha256 = store_of(session).keep(file, field=field)
    return Incoming(looked_at, sha256, file.tell())


def hang(session: Session, actor: User, case: Case, kind: str, title: str, incoming: Incoming) -> Attachment:
    """A kept file becomes a line of the case. Whoever archives the case comes before or after, not between.

    The version stays: a scan disturbs nobody who is editing the case's facts.
    """
    session.refresh(case, with_for_update=True)
    demand_open(actor, case)
    line = Attachment(
        size=incoming.size,
        media_type=incoming.looked_at.media_type,
        extension=incoming.looked_at.extension,
        sha256=incoming.sha256,
        uploaded_at=now(),
        uploader=actor.name,
    )
    name = incoming.looked_at.name
    title = title.strip() or name.removesuffix(name[-len(incoming.looked_at.extension) :]) or name
    _fill(session, actor, line, {"kind": kind, "title": title, "pages": incoming.looked_at.pages})
    case.attachments.append(line)
    history.note(session, history.Action.ATTACH, record=case, words=title)
    session.flush()
    return line


def _fill(session: Session, actor: User, line: Attachment, values: dict[str, object]) -> None:
    giving = Giving(session, actor, register_of(Case))
    fields = [each for each in fields_of(Attachment) if each.say.form != "never"]
    findings = take_fields(giving, line, fields, values, creating=True)
    if findings:
        raise RecordRefused([Finding(each.field, each.sentence) for each in findings])


def read(session: Session, actor: User, case: Case, line_id: int) -> tuple[Attachment, BinaryIO]:
    """An attachment and its content. Scans show ID cards: who may not see them in full may not open them."""
    policy.demand(actor, "case.sensitive", case)
    line = next((each for each in case.attachments if each.id == line_id), None)
    if line is None:
        raise NotSeen("没有找到这个附件，它可能已被移去。")
    file = store_of(session).open(line.sha256)
    history.note(session, history.Action.DOWNLOAD, record=case, words=line.title)
    return line, file
