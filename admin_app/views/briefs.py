"""The brief 简报: shown on a page, and sent as a Word file."""

import io
from typing import Any

from flask import send_file
from sqlalchemy.orm import Session

from admin_app import history, replica
from admin_app.documents.briefs import TITLE, draw
from admin_app.documents.papers import safe
from admin_app.exports.writing.native_charts import native
from admin_app.models.users import User
from admin_app.operations.briefs import facts
from admin_app.rules.bulletin import Facts, Part, Table, sections
from admin_app.rules.charts import Chart
from admin_app.rules.dates import today
from admin_app.views.charts import behind_of, drawn
from admin_app.views.figure_asked import Asked
from admin_app.views.papers import WORD


def shown(told: Facts, asked: Asked) -> list[dict[str, Any]]:
    """Each section with its parts, for the page; marks lead to their cases."""
    return [
        {"heading": each.heading, "parts": [_part(part, asked) for part in each.parts]}
        for each in sections(told)
    ]


def _part(part: Part, asked: Asked) -> dict[str, Any]:
    if isinstance(part, Chart):
        return {"chart": drawn(part, behind_of(asked))}
    return {"table": part} if isinstance(part, Table) else {"text": part}


def made(told: Facts, issue: int) -> bytes:
    """The Word file."""
    day, since = today(), told.period.since
    number = f"{since.year if since else day.year}年第{issue}期"
    return draw(told.unit, told.period.label, number, day, sections(told), native)


def title_of(told: Facts) -> str:
    """What its file and its line in the history are called."""
    return f"{told.unit}{told.period.label}{TITLE}"


def noted(session: Session, actor: User, told: Facts) -> None:
    """The line in the history: who took which brief."""
    parts = f"{actor.name}下载简报：{title_of(told)}", replica.told(session)
    words = "；".join(filter(None, parts))
    history.note(session, history.Action.EXPORT, title=f"《{TITLE}》", words=words)


def sent(session: Session, actor: User, asked: Asked, issue: int) -> Any:
    """The file for the browser."""
    told = facts(session, actor, asked.unit, asked.period)
    content = made(told, issue)
    noted(session, actor, told)
    name = f"{safe(title_of(told))}.docx"
    return send_file(io.BytesIO(content), WORD, as_attachment=True, download_name=name)
