"""Dossiers 卷宗: what must be in one, its pages, its life once filed (M20; lifecycle.md 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from admin_app.rules.cases import EDITABLE, Stage
from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step


class DossierState(Choice):
    """Where a dossier is."""

    KEPT = "kept", "在库"
    LENT = "lent", "已借出"


STEPS: tuple[Step[DossierState], ...] = (
    step("lend", "借出", [DossierState.KEPT], DossierState.LENT, line="loans"),
    step("give_back", "归还", [DossierState.LENT], DossierState.KEPT),
)

STEP: dict[str, Step[DossierState]] = {each.name: each for each in STEPS}


class Outcome(Choice):
    """How mediation ended, as far as the papers depend on it."""

    SETTLED = "settled", "达成协议"
    FAILED = "failed", "调解不成"
    ENDED = "ended", "终止"


# Codes of `document_kind` that a rule knows by name (the contents of Xiamen, formats.md 1.1).
APPLICATION, IDENTITY, RIGHTS, INQUIRY = "01", "02", "05", "06"
RECORD, AGREEMENT, FOLLOW_UP, BACK_COVER, LETTER = "08", "09", "10", "13", "14"

# Uploads are open longer than editing: what was signed, paid or visited after closing belongs in, too.
OPEN_TO_UPLOADS = EDITABLE | {Stage.CLOSED}


@dataclass(frozen=True)
class Demand:
    """A row of the requirements ⚙: a kind of document, and the cases that need it; None means all of them."""

    kind: str
    difficulty: str | None = None
    form: str | None = None
    outcome: Outcome | None = None
    since: date = date.min
    until: date | None = None

    def asks(self, facts: "Facts", day: date) -> bool:
        """Whether a case of these facts needs the document on a day."""
        return (
            self.since <= day
            and (self.until is None or day < self.until)
            and self.difficulty in (None, facts.difficulty)
            and self.form in (None, facts.form)
            and self.outcome in (None, facts.outcome)
            and (self.kind != FOLLOW_UP or facts.follow_up_due)
            and (self.kind != LETTER or facts.handed_over)
        )


@dataclass(frozen=True)
class Facts:
    """What decides which documents a case needs."""

    difficulty: str
    form: str | None = None
    outcome: Outcome | None = None
    follow_up_due: bool = False
    handed_over: bool = False


def required(demands: Iterable[Demand], facts: Facts, day: date) -> list[str]:
    """The kinds of documents that a case must have, in the order of the contents (formats.md 1.1)."""
    return sorted({each.kind for each in demands if each.asks(facts, day)})


def missing(needed: Iterable[str], present: Iterable[str]) -> list[str]:
    """The kinds that are needed and not there, in the same order."""
    there = set(present)
    return [each for each in needed if each not in there]


# What brings a document that is missing, where it is more than an upload.
_ELSE = {
    APPLICATION: "请先办理“受理”，",
    RIGHTS: "请补填权利义务告知日期，",
    INQUIRY: "请先登记调查记录，",
    RECORD: "请先登记调解记录，",
    AGREEMENT: "请先办理“达成协议”，",
    FOLLOW_UP: "请先办理“回访”，",
}


def missing_finding(kind: str, label: str) -> Finding:
    """One document that is missing, and what to do."""
    return Finding(
        "", f"卷宗里还缺“{label}”：{_ELSE.get(kind, '')}{'或者' if kind in _ELSE else '请'}在“卷宗”里上传"
    )


@dataclass(frozen=True)
class Sheet:
    """One document of the dossier: its kind, its name, its pages; None where nobody can tell."""

    kind: str
    title: str
    pages: int | None


@dataclass(frozen=True)
class Entry:
    """A line of the contents 卷内目录 (F02: 序号, 文书名称, 页号, 备注)."""

    place: int
    title: str
    page: int
    pages: int
    known: bool


# Cover 封面 and contents 卷内目录 lie before the first document, the back cover 封底 behind the last.
COVERS = 3


def contents(sheets: Iterable[Sheet]) -> list[Entry]:
    """The contents with the page on which each document begins; an unknown number of pages counts as one."""
    entries, page = [], 1
    for place, each in enumerate(sorted(sheets, key=lambda sheet: sheet.kind), start=1):
        pages = each.pages or 1
        entries.append(Entry(place, each.title, page, pages, each.pages is not None))
        page += pages
    return entries


def whole_dossier(entries: Iterable[Entry]) -> int:
    """The pages of a dossier with its covers and its contents."""
    return COVERS + sum(each.pages for each in entries)


def own_papers(written: Mapping[str, int], uploaded: Iterable[str], labels: Mapping[str, str]) -> list[Sheet]:
    """The panel's own papers that no scan stands for yet; `written` tells how many of each kind there are."""
    scanned = set(uploaded)
    return [
        Sheet(kind, labels.get(kind, kind) + (f"（{number + 1}）" if count > 1 else ""), None)
        for kind, count in written.items()
        if kind not in scanned
        for number in range(count)
    ]


def loan_finding(due_on: date | None, day: date) -> Finding | None:
    """A dossier that is out longer than was agreed."""
    if due_on is None or due_on >= day:
        return None
    late = (day - due_on).days
    return Finding("", f"卷宗应在 {due_on:%Y-%m-%d} 归还，已超过 {late} 天，请催还。", grave=False)
