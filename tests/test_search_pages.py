"""The search box and the page of results: what they show is what the person sees in lists, and no more."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS
from admin_app.models.search import SEARCHED
from admin_app.models.users import User
from admin_app.operations.search import hits
from admin_app.rules.search import asked
from admin_app.views.found import lines_of
from tests.databases import Ground
from tests.web import Browser, named, open_app
from tests.world import PEOPLE, World

WHO = [who for who in PEOPLE if who not in ("inactive", "nobody")]
QUESTIONS = ("甲某", "zw", "zhang", "2345", "桃园", "人调字", "taoyuan", "330702", "丙")
NASTY = (
    "%",
    "_",
    '"',
    "'; DROP TABLE cases; --",
    "*",
    "张*",
    "AND",
    "NEAR(",
    "张 NEAR/2 伟",
    "-张",
    "words:张",
    "a" * 10_000,
    "张" * 10_000,
    "\x00\x07张",
    "<script>alert(1)</script>",
    "🀄👩‍⚖️",
    "\u202e张",
    ":* & | !",
    "\\",
    "９" * 50,
    " ",
)


@pytest.fixture(scope="module")
def app(ground: Ground) -> Iterator[Flask]:
    with ground.world_url() as url, open_app(url) as app:
        yield app


def box(here: Browser, question: str) -> dict:
    """What the box is told."""
    answer = here.client.get("/search/found", query_string={"q": question})
    assert answer.status_code == 200
    assert answer.json is not None
    return answer.json


def page(here: Browser, question: str) -> str:
    """The main part of the page of results."""
    answer = here.client.get("/search/", query_string={"q": question})
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def text(pieces: list) -> str:
    return "".join(part for part, _ in pieces)


def led_to(urls: list[str]) -> set[tuple[str, int]]:
    """The records behind addresses."""
    found = (re.fullmatch(r"/(\w+)/(\d+)", url) for url in urls)
    return {(each[1], int(each[2])) for each in found if each}


def urls_of(answer: dict) -> list[str]:
    return [line["url"] for group in answer["groups"] for line in group["lines"]]


def seen(app: Flask, user_id: int, question: str) -> set[tuple[str, int]]:
    """The records within a person's sight that have what is asked for."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        groups = asked(question)
        return {
            (word, number)
            for word, register in REGISTERS.items()
            if word in SEARCHED and policy.may(user, f"{word}.see") and groups
            for number in db.session.scalars(hits(db.session, user, register, groups))
        }


@pytest.mark.parametrize("who", WHO)
def test_everybody_finds_what_they_see_in_lists_and_nothing_else(app: Flask, world: World, who: str) -> None:
    here = named(app, world, who)
    for question in QUESTIONS:
        mine = seen(app, getattr(world, who), question)
        listed = led_to(re.findall(r'href="([^"?#]+)"', page(here, question)))
        answer = box(here, question)
        assert listed == mine, question
        assert led_to(urls_of(answer)) <= mine, question
        assert bool(answer["groups"]) or answer["note"]


@pytest.mark.parametrize("who", WHO)
def test_every_answer_opens(app: Flask, world: World, who: str) -> None:
    here = named(app, world, who)
    for question in ("登记", "hsz", "台账", "a", "z", "zw", "甲某", "导入"):
        for url in re.findall(r'<li><a href="([^"]+)"', page(here, question)):
            assert here.get(unescape(url)).status_code == 200, f"{who} {question} {url}"


def test_the_questions_find_something(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_city")
    assert [each for each in QUESTIONS if not led_to(urls_of(box(here, each)))] == []


@pytest.mark.parametrize("who", ["sysadmin", "expert", "auditor"])
def test_whoever_has_no_case_finds_none_but_screens(app: Flask, world: World, who: str) -> None:
    here = named(app, world, who)
    assert not any(url.startswith("/case/") for url in urls_of(box(here, "甲某")))
    assert "/sign-in/password" in urls_of(box(here, "修改密码"))
    assert "/sign-in/password" in urls_of(box(here, "xgmm"))


def test_screens_are_found_by_characters_pinyin_and_initials(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    for question, url in (
        ("登记案件", "/case/new"),
        ("djaj", "/case/new"),
        ("dengji anjian", "/case/new"),
        ("转办", "/referral/"),
        ("zhuanban", "/referral/"),
        ("回收站", "/case/bin"),
        ("快速登记", "/case/quick"),
        ("调解案件登记册", "/ledgers/case-register"),
        ("djc", "/ledgers/case-register"),
    ):
        assert url in re.findall(r'<li><a href="([^"]+)"', page(here, question)), question
    assert urls_of(box(here, "转办"))[0] == "/referral/"
    assert "/case/new" not in page(named(app, world, "inspector"), "登记案件")


def test_the_record_of_a_whole_number_stands_before_everything(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_city")
    with app.app_context():
        number = db.session.get_one(Case, world.archived_case).number
    for typed in (number, number.translate(str.maketrans("（）", "()")), f" {number} "):
        assert urls_of(box(here, typed))[0] == f"/case/{world.archived_case}"
    assert urls_of(box(here, "330702"))[0] == f"/unit/{world.county}"
    for who in ("sysadmin", "other_office", "bureau_far"):
        assert f"/case/{world.archived_case}" not in urls_of(box(named(app, world, who), number))


def test_what_was_found_is_marked_and_masked(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    (line,) = [
        each
        for group in box(here, "13857912345")["groups"]
        for each in group["lines"]
        if each["url"] == f"/mediator/{world.mediator}"
    ]
    assert "138****2345" in text(line["hint"])
    assert ["2345", True] in line["hint"]
    shown = page(here, "2345")
    assert "138****<mark>2345</mark>" in shown
    assert "13857912345" not in shown
    assert "<mark>张伟</mark>" in page(here, "zw")
    assert "电话后四位相符" in page(here, "1111")  # a party's, which no list shows


def test_a_removed_record_is_not_found(app: Flask, world: World) -> None:
    for who in ("office", "bureau_city"):
        assert ("case", world.removed_case) not in seen(app, getattr(world, who), "甲某")
        assert f'"/case/{world.removed_case}"' not in page(named(app, world, who), "甲某")


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_whatever_is_typed_is_answered(app: Flask, world: World, nasty: str) -> None:
    here = named(app, world, "office")
    answer = box(here, nasty)
    assert answer["groups"] or answer["note"]
    assert "<script>alert" not in page(here, nasty)


def test_the_words_stay_in_the_box_and_the_page_says_what_can_be_typed(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    assert 'value="查无此人"' in page(here, "查无此人")
    assert "没有找到“查无此人”" in page(here, "查无此人")
    assert "请再输入一些" in page(here, "%")
    for words in ("两个字", "拼音或首字母", "编号", "手机号后四位"):
        assert words in page(here, "")
    assert box(here, "")["groups"] == []


def test_a_search_leaves_no_trace(app: Flask, world: World) -> None:
    def lines() -> int:
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(Entry)) or 0

    before = lines()
    page(named(app, world, "office"), "甲某")
    box(named(app, world, "office"), "甲某")
    assert lines() == before


def test_the_box_asks_the_database_a_few_times_for_each_kind(app: Flask, world: World) -> None:
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    here = named(app, world, "bureau_city")
    with app.app_context():
        engine = db.engine
    box(here, "人民调解")  # what a process asks but once
    event.listen(engine, "before_cursor_execute", note)
    answer = box(here, "人民调解")
    event.remove(engine, "before_cursor_execute", note)
    assert len(urls_of(answer)) >= 5
    assert len(told) <= 30, told


@pytest.mark.parametrize("word", SEARCHED)
def test_every_kind_of_record_reads_as_a_line_that_tells_it_apart(
    app: Flask, world: World, word: str
) -> None:
    register = REGISTERS[word]
    with app.test_request_context():
        db.session.expunge_all()
        records = list(db.session.scalars(select(register.model)))
        lines = lines_of(db.session, register, records, "甲")
    assert records
    for record, line in zip(records, lines, strict=True):
        assert line.url == f"/{word}/{record.id}"
        assert text(line.label)
        assert text(line.hint)


@pytest.mark.parametrize("who", ["office", "owner", "bureau_city"])
def test_a_list_is_narrowed_to_what_was_found(app: Flask, world: World, who: str) -> None:
    here = named(app, world, who)
    for question in ("甲某", "zhang", "桃园"):
        mine = seen(app, getattr(world, who), question)
        for word in {each for each, _ in mine}:
            answer = here.client.get(f"/{word}/", query_string={"q": question, "size": "100"})
            listed = led_to(re.findall(r'<th scope="row">\s*<a href="([^"?#]+)', answer.text))
            assert listed == {each for each in mine if each[0] == word}, f"{word} {question}"
            assert f"只列出搜索“<strong>{question}</strong>”找到的" in answer.text


def test_the_ledger_of_a_searched_list_has_its_question(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    answer = here.client.get("/case/", query_string={"q": "张伟李四王五"})
    assert "没有符合条件的案件" in answer.text
    ledger = here.client.get("/ledgers/case-register", query_string={"q": "甲某"})
    assert "搜索：甲某" in ledger.text


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_a_list_ignores_what_cannot_be_sought(app: Flask, world: World, nasty: str) -> None:
    here = named(app, world, "office")
    for path in ("/case/", "/case/bin", "/evaluation/"):  # the last is not searched
        assert here.client.get(path, query_string={"q": nasty}).status_code == 200
