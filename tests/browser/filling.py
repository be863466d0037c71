"""Filling a form as a person does: through each field's own widget, whatever register it belongs to."""

import re
from typing import Any

from playwright.sync_api import Locator, expect
from sqlalchemy.orm import Session

from admin_app.models.fields import Field
from admin_app.models.registry import Register
from admin_app.models.users import User
from tests.samples import Samples


def plan(session: Session, actor: User, register: Register) -> list[tuple[str, Field, Any]]:
    """What a person fills in: the name in the page, the field, and the value as text, tick or (id, title)."""
    samples = Samples(session, actor, register)
    given = samples.given()
    rows = [
        (each.name, each, given.values[each.name]) for each in register.fields if each.name in given.values
    ]
    for part in register.part_lists():
        values = given.lines[part.name][0].values
        rows += [
            (f"{part.name}-0-{each.name}", each, values[each.name])
            for each in part.fields
            if each.name in values
        ]
    return [(name, each, _typed(session, each, value)) for name, each, value in rows if value is not None]


def _typed(session: Session, field: Field, value: Any) -> Any:
    match field.kind:
        case "link":
            return value, str(session.get(field.target, value))  # type: ignore[arg-type]
        case "date":
            return f"{value:%Y%m%d}"  # as clerks type it
        case "choice":
            return value.value
        case "codes" | "yes" | "code":
            return value
        case _:
            return str(value)


def fill(form: Locator, name: str, field: Field, typed: Any) -> bool:
    """Put one value into its widget; False where it is asked only once what it depends on is known."""
    form.page.wait_for_load_state()
    box = form.locator(f'[name="{name}"]')
    if field.kind != "link" and box.first.is_disabled():
        return False
    match field.kind:
        case "link":
            choose(form, name, *typed)
        case "code" | "choice":
            box.select_option(typed)
        case "codes":
            for code in typed:
                form.locator(f'[name="{name}"][value="{code}"]').check()
        case "yes":
            box.set_checked(typed)
        case _ if box.evaluate("each => each.tagName") == "SELECT":
            box.select_option(typed)
        case _:
            box.fill(typed)
    return True


def choose(form: Locator, name: str, record_id: int, title: str, *, typed: str = "") -> None:
    """Choose a record by name: type two characters, walk down with the arrow, take it with Enter."""
    box = form.locator(f'.lookup:has(> [name="{name}"])').get_by_role("combobox")
    box.fill("")  # one's own committee stands there already
    box.press_sequentially(typed or title[:2])
    whole = re.compile(rf"^\s*{re.escape(title)}(\s|$)")  # an option ends with what tells it apart
    wanted = form.get_by_role("option", selected=True).filter(has_text=whole)
    expect(form.get_by_role("option").filter(has_text=whole).first).to_be_visible()
    for _ in range(20):
        box.press("ArrowDown")
        if wanted.count():
            break
    box.press("Enter")
    expect(box).to_have_value(title)
    expect(form.locator(f'[name="{name}"]')).to_have_value(str(record_id))
