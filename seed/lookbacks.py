"""Look-back evidence of the demo: what the steps of its cases have noted (M21); clocks note what is late."""

from admin_app.rules.lookbacks import Fault
from seed.drafts import Draft
from seed.frame import Frame


def note_lookbacks(draft: Draft, frame: Frame) -> None:
    """Declined, sent back, reopened."""
    noted = {
        "decline": (Fault.DECLINED, "登记后不予受理。"),
        "send_back": (Fault.RETURNED, "退回：{note}"),
        "reopen": (Fault.REOPENED, "结案后重新调解：{reason}"),
    }
    for mark in draft.life.marks:
        if mark.name in noted:
            fault, words = noted[mark.name]
            room = draft.holder(mark)
            whose = frame.holds(room, draft.staff if room is draft.room else ())
            explanation = words.format(note=mark.note, reason=draft.row["reopen_reason"])
            frame.blame(fault, draft.id, whose, mark.day, explanation)
