"""The whole dossier of a case as one archive: every form and scan, named in the order of the file."""

from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy.orm import Session

from admin_app.documents.contents import Entry, entries
from admin_app.documents.papers import paper, safe
from admin_app.models.cases import Case
from admin_app.operations.files import store_of
from admin_app.operations.form_templates import content_of, in_force


def pack(session: Session, case: Case, file: BinaryIO) -> int:
    """Write the archive; how many documents it holds."""
    count = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in _documents(session, case):
            archive.writestr(name, content)
            count += 1
    return count


def _documents(session: Session, case: Case) -> Iterator[tuple[str, bytes]]:
    for ordinal, entry in enumerate(entries(case), start=1):
        yield _name(ordinal, entry), _content(session, case, entry)


def _name(ordinal: int, entry: Entry) -> str:
    extension = entry.attachment.extension if entry.attachment else ".docx"
    title = entry.title.removesuffix(extension)
    return f"{ordinal:02d} {safe(title) or '附件'}{extension}"


def _content(session: Session, case: Case, entry: Entry) -> bytes:
    if entry.attachment:
        with store_of(session).open(entry.attachment.sha256) as file:
            return file.read()
    assert entry.form is not None
    own = in_force(session, case.path, entry.form.word)
    template = content_of(session, own) if own else None
    return paper(session, entry.form, case, entry.line, template=template)
