"""To save costs the same in a full house as in an empty one."""

from flask import Flask
from sqlalchemy.orm import Session

from admin_app.database import db
from tests.multiplying import multiply
from tests.test_page_costs import counted
from tests.web import Browser, form_data, named
from tests.world import World


def costs(app: Flask, browser: Browser, case: int) -> list[int]:
    """The queries of the form, of saving it, of the form of a new one, of a step's form."""
    with app.app_context():
        engine = db.engine
    found = []
    with counted(engine) as sent:
        form = browser.get(f"/case/{case}/edit")
    found.append(len(sent))
    assert form.status_code == 200
    data = form_data(form.text)
    with counted(engine) as sent:
        saved = browser.post(f"/case/{case}/edit", {**data, "remark": f"{data.get('remark', '')}又记一笔"})
    found.append(len(sent))
    assert saved.status_code == 302
    for page in ("/case/new", f"/case/{case}/step/accept"):
        with counted(engine) as sent:
            assert browser.get(page).status_code == 200, page
        found.append(len(sent))
    return found


def test_saving_asks_no_more_in_a_full_house(app: Flask, world: World) -> None:
    browser = named(app, world, "office")
    costs(app, browser, world.case)
    few = costs(app, browser, world.case)
    with app.app_context(), Session(db.engine) as session:
        multiply(session, 15)
        session.commit()
    many = costs(app, browser, world.case)
    assert all(most <= least for most, least in zip(many, few, strict=True)), (few, many)
    assert len(browser.get(f"/case/{world.case}/edit").data) < 60 * 1024
