"""What a case's dossier 卷宗 holds, in the order of the file: its forms, and the scans in their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from admin_app.documents.facts import Fact, Listing
from admin_app.documents.form import FIRST, FORMS, LAST, Form
from admin_app.documents.said import clean
from admin_app.models.attachments import Attachment
from admin_app.models.cases import Case


@dataclass(frozen=True)
class Entry:
    """One document of the dossier: a form drawn from the case or a line of it, or a file that was added."""

    kind: str
    title: str
    form: Form | None = None
    line: Any = None
    attachment: Attachment | None = None

    @property
    def pages(self) -> int | None:
        """How many pages it has; a form's are known when it is printed."""
        return self.attachment.pages if self.attachment else None


def place(kind: str) -> tuple[bool, str]:
    """Where a kind of document stands in the file: by its code, what closes the file after all."""
    return kind in LAST, kind


def in_order() -> list[Form]:
    """All forms as they stand in the file; those that are not filed come last."""
    return sorted(FORMS.values(), key=lambda form: (not form.kind, place(form.kind), form.number, form.word))


def entries(case: Case) -> list[Entry]:
    """Everything the dossier of this case holds now."""
    found = [*_forms(case), *_files(case)]
    return sorted(found, key=lambda entry: (place(entry.kind), entry.form is None))


def _forms(case: Case) -> Iterator[Entry]:
    for form in in_order():
        lines = form.lines(case) if form.kind and form.files(case) else []
        for line in lines:
            yield Entry(form.kind, line_title(form, line, alone=len(lines) == 1), form, line)


def _files(case: Case) -> Iterator[Entry]:
    for each in case.attachments:
        yield Entry(each.kind, clean(each.title), attachment=each)


def line_title(form: Form, line: Any, *, alone: bool) -> str:
    """The form's title, and of which line where there are several."""
    return form.title if line is None or alone else f"{form.title}（{clean(str(line))}）"


def _listed(case: Case) -> list[dict[str, str]]:
    """The lines of 卷内目录. A page number is known as long as all pages before it are."""
    listed, page = [], 1
    known = True
    for ordinal, entry in enumerate([each for each in entries(case) if each.kind != FIRST], start=1):
        listed.append(
            {
                "ordinal": str(ordinal),
                "title": entry.title,
                "page": str(page) if known else "",
                "remark": f"{entry.pages}页" if entry.pages else "",
            }
        )
        known = known and entry.pages is not None
        page += entry.pages or 0
    return listed


def _key(name: str, meaning: str) -> Fact:
    return Fact(name, meaning, lambda saying, line: line[name])


DOCUMENTS = Listing(
    "documents",
    "卷内文书",
    _listed,
    (_key("ordinal", "序号"), _key("title", "文书名称"), _key("page", "页号"), _key("remark", "备注")),
)
