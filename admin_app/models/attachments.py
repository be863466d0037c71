"""Attachments 附件: scans and files of a case's dossier (M20); the bytes lie in the store."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Moment, Part, fk
from admin_app.models.fields import code, field

if TYPE_CHECKING:
    from admin_app.models.cases import Case


class Attachment(Part, Base):
    """One file: which document of the dossier it is, what it is called, how many pages it has."""

    __tablename__ = "attachments"
    owner = "case"

    case_id: Mapped[int] = fk("cases.id")
    kind: Mapped[str] = code("文书种类", "document_kind", nullable=False)
    title: Mapped[str] = field("名称", String(150), nullable=False)
    pages: Mapped[int | None] = field("页数", Integer())
    size: Mapped[int] = field("大小（字节）", Integer(), nullable=False, form="never")
    media_type: Mapped[str] = mapped_column(String(100), nullable=False)
    extension: Mapped[str] = mapped_column(String(10), nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)
    uploaded_at: Mapped[datetime] = field("上传时间", Moment(), nullable=False, form="never")
    uploader: Mapped[str | None] = field("上传人", String(50), form="never")
    case: Mapped["Case"] = relationship(back_populates="attachments")

    def __str__(self) -> str:
        return self.title


Index("ix_attachments_sha256", Attachment.sha256)
