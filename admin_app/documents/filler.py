"""The one filler: it alone knows docxtpl and Jinja's sandbox.

A template is a stranger's file even when a colleague has uploaded it: its tags see facts and nothing else,
and every value is escaped. A name that nobody knows is blank here; at the upload it was refused.
"""

from functools import lru_cache
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import ChainableUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from admin_app.documents.facts import Facts

LINE = "＿"
EMPTY_DAY = "　　　　年　　月　　日"
WIDEST = 40


def blank(value: Any, width: int = 4) -> Any:
    """The value, or a line to write on."""
    return value or LINE * max(1, min(int(width), WIDEST))


def day(value: Any) -> Any:
    """The day, or the places for year, month and day."""
    return value or EMPTY_DAY


FILTERS = {"blank": blank, "day": day}


def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox in which tags are read: two filters, no function, no test, no attribute of Python's."""
    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=ChainableUndefined)
    sandbox.globals.clear()
    sandbox.tests.clear()
    sandbox.filters.clear()
    sandbox.filters.update(FILTERS)
    return sandbox


_SANDBOX = environment()


def fill(template: bytes, facts: Facts) -> bytes:
    """The template with the facts in the places of its tags."""
    document = DocxTemplate(BytesIO(template))
    document.render(facts, environment(), autoescape=True)
    filled = BytesIO()
    document.save(filled)
    return filled.getvalue()


def words(text: str, facts: Facts) -> Markup:
    """One text of a layout with the facts in the places of its tags, escaped for a page."""
    return Markup(_compiled(text).render(facts))


@lru_cache(maxsize=2048)
def _compiled(text: str) -> Template:
    return _SANDBOX.from_string(text)
