"""A bureau's own Word templates 文书模板 in place of the supplied ones. The file lies in the store."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from admin_app.models.base import Base, Kept, Located, Moment
from admin_app.models.fields import field, link
from admin_app.models.registry import register


@register("form_template", "文书模板", "系统设置", order=("-id",), making="")
class FormTemplate(Located, Kept, Base):
    """One upload: for which form, in whose offices. The newest active one of the nearest bureau is used."""

    __tablename__ = "form_templates"
    __table_args__ = (Index("ix_form_templates_word", "word", "path"),)

    title: Mapped[str] = field("文书", String(100), nullable=False, listed=True, queried=True, form="never")
    unit_id: Mapped[int] = link("适用单位", "units.id", nullable=False, listed=True, form="never")
    active: Mapped[bool] = field(
        "启用", Boolean(), nullable=False, required=False, default=True, listed=True, form="never"
    )
    file_name: Mapped[str] = field("文件名", String(150), nullable=False, listed=True, form="never")
    uploaded_at: Mapped[datetime] = field("上传时间", Moment(), nullable=False, listed=True, form="never")
    note: Mapped[str | None] = field("说明", String(200), listed=True, help="改了什么、依据哪份文件")
    word: Mapped[str] = mapped_column(String(40), nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)

    def __str__(self) -> str:
        return f"{self.title}（{self.file_name}）"
