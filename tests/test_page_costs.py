"""What a page costs does not grow with the tables: neither its queries, nor its weight (decision 0029)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.registry import REGISTERS
from tests.multiplying import multiply
from tests.web import Browser, named
from tests.world import World

PEOPLE = ("bureau_county", "office", "director", "owner", "inspector", "sysadmin")
HEAVIEST = 60 * 1024
MOST = 40  # queries of a page
# The first page tells of everything at once: a query for each group of what waits, and for some of the
# few lines that it shows of a group their deadline. It grows up to there and no further.
MANY = {"/": 60}
SLACK = 4  # of them come only where there is anything: the links of a list that was empty


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that go to the database meanwhile."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def pages(app: Flask) -> list[str]:
    """Every page that needs no id."""
    rules = [each for each in app.url_map.iter_rules() if not each.arguments]
    rules = [each for each in rules if "GET" in (each.methods or ()) and "sign-" not in str(each)]
    return sorted({str(each) for each in rules})


def costs(app: Flask, browser: Browser) -> dict[str, tuple[list[str], int]]:
    """Of each page that opens: its queries, and its bytes."""
    found = {}
    with app.app_context():
        engine = db.engine
    for url in pages(app):
        with counted(engine) as sent:
            answer = browser.get(url)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[url] = sent, len(answer.data)
    return found


def growing(few: list[str], many: list[str]) -> list[str]:
    """The statements that come more often than before: where the lines of a list ask one by one."""
    return sorted({each[-200:] for each in many if many.count(each) > max(1, few.count(each))})


@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_asks_no_more_and_weighs_no_more_than_it_may(app: Flask, world: World, who: str) -> None:
    browser = named(app, world, who)
    costs(app, browser)  # what is asked once in a life of the process
    few = costs(app, browser)
    with app.app_context(), Session(db.engine) as session:
        multiply(session, 15)
        session.commit()
    many = costs(app, browser)
    assert len(many) > 5
    assert set(many) == set(few)
    more = {
        url: (len(few[url][0]), len(sent), growing(few[url][0], sent))
        for url, (sent, _) in many.items()
        if len(sent) > MANY.get(url, min(MOST, len(few[url][0]) + SLACK))
    }
    assert not more
    assert not {url: size for url, (_, size) in many.items() if size > HEAVIEST}


def test_there_are_pages_of_every_register(app: Flask) -> None:
    assert {f"/{word}/" for word in REGISTERS} <= set(pages(app))
