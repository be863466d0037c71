"""Look-back evidence of the demo: what the steps of its cases have noted (M21)."""

from admin_app.models.lookbacks import Lookback
from admin_app.rules.lookbacks import Fault
from seed.drafts import Draft
from seed.frame import Frame
from seed.lives import Mark

_FINDINGS = (
    "已核查，承办人按程序办理，不予追究。",
    "已核查，属工作拖延，对承办人予以批评教育。",
    None,
    None,
)


def note_lookbacks(draft: Draft, frame: Frame) -> None:
    """Declined, sent back, reopened; and what was finished after its day."""
    for mark in draft.life.marks:
        if mark.name == "decline":
            _note(draft, mark, frame, Fault.DECLINED, "登记后不予受理。")
        if mark.name == "send_back":
            _note(draft, mark, frame, Fault.RETURNED, f"退回：{mark.note}")
        if mark.name == "reopen":
            _note(draft, mark, frame, Fault.REOPENED, f"结案后重新调解：{draft.row['reopen_reason']}")
    over, due_on = draft.life.last("settle", "fail", "end"), draft.row["due_on"]
    if over is not None and over.day > due_on:
        _note(draft, over, frame, Fault.LATE, f"办理期限 {due_on}，{over.day} 才办结。")


def _note(draft: Draft, mark: Mark, frame: Frame, fault: Fault, words: str) -> None:
    """On each mediator of whoever held the case then; on the committee alone where there was none."""
    room = draft.holder(mark)
    for mediator_id in draft.staff if room is draft.room and draft.staff else [None]:
        old = (frame.today - mark.day).days > 60
        frame.book.note(
            Lookback,
            {
                "fault": fault,
                "case_id": draft.id,
                "happened_on": mark.day,
                "explanation": words,
                "finding": frame.chance.choice(_FINDINGS) if old else None,
                "committee_id": room.id,
                "mediator_id": mediator_id,
                "unit_id": room.place.id,
                "path": room.place.path,
                "key": None,
                "created_at": mark.at,
            },
        )
