"""The scans in a closed case's dossier: what its contents ask for and no step has written (M20).

All of them are one blank page, kept once: made-up people have signed nothing.
"""

import struct
import zlib

from sqlalchemy.orm import Session

from admin_app.models.attachments import Attachment
from admin_app.operations.files import store_of
from admin_app.rules.cases import NOT_SUCCEEDED, SUCCEEDED, WRITTEN
from admin_app.rules.dossiers import FOLLOW_UP, IDENTITY, INQUIRY, RECORD
from seed.codes import labels
from seed.drafts import Draft
from seed.frame import Frame

EVIDENCE = "07"
_SIZE = 210, 297  # a page in millimetres, as many pixels


def blank_page() -> bytes:
    """A white page as a PNG."""
    width, height = _SIZE
    lines = (b"\x00" + b"\xff" * width) * height
    head = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def keep_page(session: Session) -> tuple[str, int]:
    """The page's hash and size."""
    page = blank_page()
    return store_of(session).keep(page), len(page)


def note_attachments(draft: Draft, frame: Frame, page: tuple[str, int]) -> None:
    """Uploaded on the day on which the case was closed."""
    closed = draft.life.last("close")
    if closed is None:
        return
    for kind in _wanted(draft):
        frame.book.note(
            Attachment,
            {
                "case_id": draft.id,
                "kind": kind,
                "title": f"{labels('document_kind')[kind]}（演示用空白页）",
                "pages": 1,
                "size": page[1],
                "media_type": "image/png",
                "extension": "png",
                "sha256": page[0],
                "uploaded_at": closed.at,
                "uploader": frame.names[draft.staff[0]],
            },
        )


def _wanted(draft: Draft) -> list[str]:
    """`seed/requirements.csv`: identity unless it was a simple oral agreement; more where it was hard."""
    result, hard = draft.row["result"], draft.traits.hard
    if result not in (SUCCEEDED, NOT_SUCCEEDED):
        return []
    plain = result == SUCCEEDED and draft.row["form"] != WRITTEN
    kinds = [] if plain else [IDENTITY, RECORD]
    settled = [FOLLOW_UP] if result == SUCCEEDED else []
    return kinds + ([INQUIRY, EVIDENCE, *settled] if hard else [])
