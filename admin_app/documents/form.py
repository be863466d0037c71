"""What a form 文书 is: its name and number, what it is drawn from, its layout, its place in the dossier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from admin_app.documents.award_facts import AWARD
from admin_app.documents.case_facts import CASE, PARTIES
from admin_app.documents.corps_facts import EVALUATION, SUBSIDY
from admin_app.documents.facts import Fact, Listing
from admin_app.documents.layout import Block
from admin_app.documents.line_facts import ADDRESSEE, FOLLOW_UP, HAND_OVER, REFERRAL, SESSION, VISIT
from admin_app.documents.mediator_facts import MEDIATOR
from admin_app.documents.meeting_facts import CIRCULAR, MEETING

FIRST = "00"  # before all document kinds
LAST = ("12", "13")  # 卷宗情况说明, 封底: after all of them


@dataclass(frozen=True)
class Source:
    """What a form is drawn from: a case, or one line of it; what stands `alone` hangs on no case."""

    word: str
    noun: str
    lines: Callable[[Any], Sequence[Any]] | None
    facts: tuple[Fact, ...]
    alone: bool = False


CASES = Source("case", "案件", None, ())
SESSIONS = Source("session", "记录", lambda case: case.sessions, SESSION)
FOLLOW_UPS = Source("follow_up", "回访", lambda case: case.follow_ups, FOLLOW_UP)
ADDRESSEES = Source("party", "当事人", lambda case: case.parties, ADDRESSEE)
REFERRALS = Source(
    "referral", "转办", lambda case: [each for each in case.referrals if not each.removed_at], REFERRAL
)
HAND_OVERS = Source("hand_over", "移送", lambda case: case.hand_overs, HAND_OVER)
VISITS = Source("visit", "来访", None, VISIT, alone=True)
AWARDS = Source("award", "评定申报", None, AWARD, alone=True)
MEDIATORS = Source("mediator", "调解员", None, MEDIATOR, alone=True)
EVALUATIONS = Source("evaluation", "考核", None, EVALUATION, alone=True)
SUBSIDIES = Source("subsidy", "补贴批次", None, SUBSIDY, alone=True)
MEETINGS = Source("meeting", "会议", None, MEETING, alone=True)
CIRCULARS = Source("circular", "通报", None, CIRCULAR, alone=True)


@dataclass(frozen=True)
class Form:
    """One form.

    `kind` is its place in the dossier (code table document_kind, FIRST for what stands before all), "" for
    what is not filed. `official` says that its layout stands in public samples of 司发通〔2010〕239号;
    all others are 参考格式. `applies` asks the case and the line whether there is anything to write, `files`
    the case whether the dossier takes it; `on` is its day, for ages. Names in `may_lack` are left to the pen
    without asking.
    """

    word: str
    title: str
    number: str
    source: Source
    blocks: tuple[Block, ...]
    kind: str = ""
    official: bool = False
    basis: str = ""
    applies: Callable[[Any, Any], bool] = lambda case, line: True
    files: Callable[[Any], bool] = lambda case: True
    on: Callable[[Any, Any], date | None] = lambda case, line: None
    may_lack: frozenset[str] = frozenset()
    lists: tuple[Listing, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The single names that its template may use."""
        return self.source.facts if self.source.alone else (*CASE, *self.source.facts)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The names of lists that its template may use."""
        return self.lists if self.source.alone else (*PARTIES, *self.lists)

    def lines(self, case: Any) -> list[Any]:
        """What it can be drawn from now: lines of the case, or [None] for the case itself; [] for nothing."""
        lines: Sequence[Any] = self.source.lines(case) if self.source.lines else [None]
        return [line for line in lines if self.applies(case, line)]


FORMS: dict[str, Form] = {}


def declare(form: Form) -> Form:
    """Put a form on the shelf under its word; a word stands once."""
    if form.word in FORMS:
        raise ValueError(f"a second form called {form.word}")
    FORMS[form.word] = form
    return form
