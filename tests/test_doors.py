"""Guards over the routes: every endpoint names an action of the policy, and refuses whoever lacks it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import URL
from werkzeug.routing import Rule

from admin_app import actions
from admin_app.exports.ledger import LEDGERS
from admin_app.grants import GRANTS
from admin_app.models.registry import REGISTERS
from admin_app.views.doors import PUBLIC, action_of_endpoint
from tests.databases import Ground
from tests.samples import BY_HAND
from tests.web import browser, make_app, named, open_app
from tests.world import World

# What a door may lead to without naming an action of its own; each with the reason.
SHUT = {"home.static": "Flask-Admin's own files: not needed, and refuse_unmarked keeps them shut"}

# A register without personal data has nothing to unmask: nobody is granted it.
NOTHING_TO_UNMASK = {
    f"{word}.sensitive"
    for word, register in REGISTERS.items()
    if not any(f.say.sensitive for part in (register, *register.all_lists()) for f in part.fields)
}

# What steps alone make has the common doors of a register, and nobody is granted those of making.
MADE_BY_STEPS = {
    f"{word}.{verb}" for word in REGISTERS if word not in BY_HAND for verb in ("create", "remove", "restore")
}


@pytest.fixture(scope="module")
def url(ground: Ground) -> Iterator[URL]:
    with ground.world_url() as url:
        yield url


@pytest.fixture(scope="module")
def app(url: URL) -> Iterator[Flask]:
    with open_app(url) as app:
        yield app


def filled(rule: Rule) -> str:
    """The address of a rule with some value for each of its variables."""
    values = {
        "link": "unit_id",
        "step": "accept",
        "group": "late",
        "part": "sessions",
        "book": "case-register",
        "sheet": "mediators",
        "form_word": "cover",
        "filename": "heshi.css",
    }
    address = re.sub(r"<int:\w+>", "1", rule.rule)
    for kind, name in re.findall(r"<(path:)?(\w+)>", address):
        address = address.replace(f"<{kind}{name}>", values[name])
    return address


def knock(app: Flask, rule: Rule, user_id: int | None) -> int:
    """The answer of a door to a person, with a valid token."""
    here = browser(app, user_id)
    if "POST" in rule.methods and "GET" not in rule.methods:
        return here.post(filled(rule)).status_code
    return here.get(filled(rule)).status_code


def test_every_endpoint_has_a_meaning_in_the_policy(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        action = action_of_endpoint(app, rule.endpoint)
        if rule.endpoint in SHUT:
            assert action == ""
        else:
            row = action.replace(".open", ".see")  # to open is to see or to follow
            known = action == PUBLIC or row in GRANTS or action in NOTHING_TO_UNMASK | MADE_BY_STEPS
            assert known, f"{rule.endpoint} → {action!r}"


def test_every_action_of_the_policy_stands_before_some_door(app: Flask) -> None:
    """A row that nothing asks would be a promise to the bureau that nobody keeps."""
    doors = {action_of_endpoint(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    asked_below = {
        "job.see",  # a card of the first page, and everybody's jobs
        "job.cancel",  # asked for somebody else's job
        "figure.own",  # a card of the first page
        "award.put_forward",  # asked of an application that is being made
        *(ledger.action for ledger in LEDGERS.values()),
        *actions.STEP_ACTIONS,
        *(f"{word}.{verb}" for word in REGISTERS for verb in ("sensitive", "import", "choose", "follow")),
    }
    assert set(GRANTS) <= doors | asked_below


def test_every_route_refuses_a_stranger(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if action_of_endpoint(app, rule.endpoint) != PUBLIC:
            assert knock(app, rule, None) in (302, 404), rule.rule


def test_every_route_refuses_a_person_without_a_post(app: Flask, world: World) -> None:
    for rule in app.url_map.iter_rules():
        if action_of_endpoint(app, rule.endpoint) != PUBLIC:
            assert knock(app, rule, world.nobody) in (403, 404), rule.rule


def test_an_inactive_user_is_a_stranger(app: Flask, world: World) -> None:
    for rule in app.url_map.iter_rules():
        if action_of_endpoint(app, rule.endpoint) != PUBLIC:
            assert knock(app, rule, world.inactive) in (302, 404), rule.rule


def test_the_menu_shows_nothing_that_would_be_refused(app: Flask, world: World) -> None:
    for who in ("owner", "office", "bureau_city", "inspector", "auditor", "sysadmin", "expert"):
        here = named(app, world, who)
        menu = re.search(r'<nav class="sidebar.*?</nav>', here.get("/").text, re.S)
        assert menu
        links = set(re.findall(r'<a href="(/[^"#]*)"', menu[0]))
        assert links
        for link in links:
            assert here.get(link).status_code == 200, f"{who} {link}"


def test_an_unmarked_endpoint_stays_shut(url: URL) -> None:
    app = make_app(url)
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert browser(app).get("/forgotten").status_code == 404


def test_every_answer_forbids_caching_but_static_files(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    assert here.get("/case/").headers["Cache-Control"] == "no-store"
    address = f"{app.static_url_path}/heshi.css"
    assert "immutable" in here.client.get(address).headers["Cache-Control"]


def test_cookies_are_kept_from_scripts(app: Flask) -> None:
    answer = browser(app).client.get("/sign-in/")
    cookie = answer.headers.get("Set-Cookie", "")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_sign_in_page_bears_a_probe_and_an_empty_form(app: Flask, world: World) -> None:
    stranger = browser(app)
    assert stranger.client.head("/sign-in/").status_code == 200
    assert stranger.post("/sign-in/").status_code == 403
    assert named(app, world, "office").post("/sign-in/password").status_code == 422
