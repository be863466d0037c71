"""`python -m admin_app.documents` draws the supplied templates and the print page's sizes anew."""

from pathlib import Path

from admin_app.documents.drawing import draw_all
from admin_app.documents.pages import stylesheet

draw_all()
(Path(__file__).parent.parent / "static" / "papers.css").write_text(stylesheet(), encoding="utf-8")
