"""Bad input at every door: a clear Chinese sentence or 404/403/409/413/422, nothing saved, never a 500."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import URL, func, select
from sqlalchemy import text as text_of

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case, Party
from admin_app.models.codes import Code
from admin_app.models.committees import Committee, CommitteeMember
from admin_app.models.experts import Expert
from admin_app.models.fields import Field
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator, Sanction
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.users import Role, User
from admin_app.operations.lives import LIVES
from admin_app.operations.steps import Life, asked, line_fields
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.steps import Step
from admin_app.views.lists import parameters
from tests.databases import Ground
from tests.samples import BY_HAND, MASTER
from tests.web import Browser, browser, form_data, named, open_app
from tests.world import World

NASTY = {
    "nul": "a\x00b",
    "emoji": "调解👩‍⚖️成功",
    "right-to-left": "\u202eabc\u202c",
    "formula": '=HYPERLINK("http://x","y")',
    "markup": "<script>alert(1)</script>",
    "quote": "'; DROP TABLE cases; --",
    "percent": "%_%\\",
    "long": "长" * 30_000,
    "digits": "9" * 5000,
    "negative": "-1",
    "infinite": "1e999999",
    "nan": "NaN",
    "list": "[]",
    "full-width": "１２３",
    "surrogate": "\ud800",
    "lines": "a\r\nb\nc",
    "old date": "1800-01-01",
    "no date": "2026-02-30",
    "far id": str(2**63),
}


@pytest.fixture(scope="module")
def app(ground: Ground) -> Iterator[Flask]:
    with ground.world_url() as url, open_app(url) as app:
        yield app


@pytest.fixture
def own_app(database_url: URL) -> Iterator[Flask]:
    with open_app(database_url) as app:
        yield app


def keeper(app: Flask, world: World, word: str) -> Browser:
    return named(app, world, MASTER[word])


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def first_id(app: Flask, register: Register) -> int:
    with app.app_context():
        records = db.session.scalars(select(register.model).where(register.model.removed_at.is_(None)))
        return next(
            each.id for each in records if not register.locked(each) and getattr(each, "parent_id", 1)
        )


def encodable(text: str) -> str:
    """As a browser would send it: a lone surrogate cannot be written in UTF-8."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("word", REGISTERS)
def test_nasty_text_in_every_query_parameter_is_answered_calmly(app: Flask, world: World, word: str) -> None:
    here, faults = keeper(app, world, word), []
    fields = [field for field in REGISTERS[word].fields if field.say.queried]
    names = [*(name for field in fields for name in parameters(field)), "page", "size", "sort"]
    for nasty, given in NASTY.items():
        text = encodable(given)[:4000]
        for url, query, calm in (
            (f"/{word}/", dict.fromkeys(names, text), {200}),
            (f"/{word}/", {"unit": text}, {200, 404}),
            (f"/{word}/{text[:200]}", {}, {200, 404}),
        ):
            status = here.client.get(url, query_string=query).status_code
            if status not in calm:
                faults.append(f"{nasty} {url[:40]} {list(query)}: {status}")
    assert faults == []


@pytest.mark.parametrize("word", BY_HAND)
def test_nasty_text_in_every_field_is_refused(app: Flask, world: World, word: str) -> None:
    register, here, faults = REGISTERS[word], keeper(app, world, word), []
    before = count(app, register.model)
    for nasty, given in NASTY.items():
        text = encodable(given)
        data = {field.name: text for field in register.fields}
        for part in register.part_lists():
            data |= {f"{part.name}-0-{field.name}": text for field in part.fields}
        answer = here.post(f"/{word}/new", data)
        expected = 413 if len(urlencode(data)) > app.config["MAX_FORM_MEMORY_SIZE"] else 422
        if answer.status_code != expected or not ("处需要改" in answer.text or "太大" in answer.text):
            faults.append(f"{nasty}: {answer.status_code}, not {expected}")
    assert faults == []
    assert count(app, register.model) == before


@pytest.mark.parametrize("word", LIVES)
def test_nasty_text_in_every_fact_of_a_step_is_refused(app: Flask, world: World, word: str) -> None:
    register, life, faults, tried = REGISTERS[word], LIVES[word], [], 0
    here, before = named(app, world, "bureau_city"), count(app, Entry)
    for step in (each for each in life.steps.values() if not each.led):
        fields = [each.name for each in asked(register, step) if each.kind != "yes"]  # any text is a tick
        if step.line:
            fields += [f"{step.line}-0-{each.name}" for each in line_fields(register, step)]
        record = standing_at(app, register, life, step)
        if not fields or record is None:
            continue
        tried += 1
        for nasty in ("nul", "right-to-left"):
            data = {"version": str(record[1]), **dict.fromkeys(fields, NASTY[nasty])}
            answer = here.post(f"/{word}/{record[0]}/step/{step.name}", data)
            if answer.status_code != 422 or "处需要改" not in answer.text:
                faults.append(f"{step.name} {nasty}: {answer.status_code}")
    assert faults == []
    asks = any(each.line or asked(register, each) for each in life.steps.values() if not each.led)
    assert tried or not asks
    assert count(app, Entry) == before


def standing_at(app: Flask, register: Register, life: Life, step: Step[Any]) -> tuple[int, int] | None:
    """Id and version of a record from where a step starts, and on which the city's bureau may take it."""
    with app.app_context():
        city = db.session.scalars(select(User).where(User.username == "bureau_city")).one()
        live = db.session.scalars(select(register.model).where(register.model.removed_at.is_(None)))
        ready = (each for each in live if life.stands(each) in step.sources)
        action = f"{register.word}.{step.name}"
        return next(((each.id, each.version) for each in ready if policy.may(city, action, each)), None)


def inputs_of(register: Register, data: dict[str, Any]) -> Iterator[tuple[str, Field]]:
    """The inputs of an edit form that ask for a declared field; of a part, those of its first line."""
    own = {field.name: field for field in register.fields}
    parts = {part.name: {field.name: field for field in part.fields} for part in register.part_lists()}
    for name in data:
        part, first, rest = name.partition("-0-")
        fields = parts.get(part, {}) if first else own
        if (rest or part) in fields:
            yield name, fields[rest or part]


def stored(app: Flask, register: Register, record_id: int) -> tuple[int, dict[str, Any]]:
    """The version of a record, and its values under the names of its form."""
    with app.app_context():
        record = db.session.get_one(register.model, record_id)
        values = {field.name: getattr(record, field.name) for field in register.fields}
        for part in register.part_lists():
            for index, line in enumerate(getattr(record, part.name)):
                values |= {f"{part.name}-{index}-{f.name}": getattr(line, f.name) for f in part.fields}
        return record.version, values


NASTY_ALONE = ("a\x00b", "\u202eabc", "9" * 400, "长" * 21_000, "=1+1", "<b>粗</b>👩‍⚖️")
TEXTS = ("text", "long")


@pytest.mark.parametrize("word", REGISTERS)
def test_nasty_text_in_one_field_at_a_time_is_kept_or_refused_beside_it(
    own_app: Flask, world: World, word: str
) -> None:
    """In an otherwise good form: either the very text is stored, or 422, the error beside it, and nothing."""
    register, here, faults = REGISTERS[word], keeper(own_app, world, word), []
    record_id = first_id(own_app, register)
    url, kept = f"/{word}/{record_id}/edit", 0
    data, before = form_data(here.get(url).text), stored(own_app, register, record_id)
    for name, field in inputs_of(register, data):
        for text in NASTY_ALONE if field.kind in TEXTS else NASTY_ALONE[::3]:
            if field.kind == "yes":  # any text is a tick
                continue
            answer = here.post(url, {**data, name: text})
            after = stored(own_app, register, record_id)
            if answer.status_code == 302:
                kept += 1
                if after[1].get(name) != (field.say.tidy(text) if field.say.tidy else text):
                    faults.append(f"{name}: {text[:20]!r} became {str(after[1].get(name))[:20]!r}")
                if "-0-" in name:  # a line that was none has got its number
                    data = form_data(here.get(url).text)
                data |= {name: text, "version": str(after[0])}
            elif answer.status_code != 422 or f'id="{name}-error"' not in answer.text:
                faults.append(f"{name}: {text[:20]!r} got {answer.status_code}, and no error beside it")
            elif after != before:
                faults.append(f"{name}: {text[:20]!r} was refused, and something stored")
            before = after
    assert faults == []
    assert kept, "no text was ever stored: the form was refused for another reason"
    assert "<b>粗</b>" not in here.get(f"/{word}/{record_id}").text


def test_pages_beyond_the_end_become_the_last_one(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_city")
    for page in ("1000000000", "0", "-3", "abc", "1e9"):
        assert here.get(f"/case/?page={page}&size=10").status_code == 200


def test_unknown_parameters_and_orders_are_ignored_and_said(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_city").get("/case/?foo=1&sort=brief").text
    assert "不认识的条件“foo”" in page
    assert "不能按这一列排序" in page


def test_a_post_without_a_token_or_with_a_replayed_one_is_refused(app: Flask, world: World) -> None:
    here, other = named(app, world, "office"), named(app, world, "director")
    before = count(app, Entry)
    assert here.post(f"/case/{world.case}/remove", token=False).status_code == 400
    answer = here.post(f"/case/{world.case}/remove", {"csrf_token": other.token()}, token=False)
    assert answer.status_code == 400
    assert "已经失效" in answer.text
    assert count(app, Entry) == before


def test_ten_megabytes_in_a_field_are_too_much(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    answer = here.post("/case/new", {"brief": "x" * 10_000_000})
    assert answer.status_code == 413
    assert "太大" in answer.text


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_do_nothing(app: Flask, world: World, method: str) -> None:
    answer = getattr(named(app, world, "office").client, method)(f"/case/{world.case}")
    assert answer.status_code in (200, 405)
    assert len(answer.data) == 0 or answer.status_code == 405


@pytest.mark.parametrize("word", REGISTERS)
def test_ids_that_are_none_are_not_found(app: Flask, world: World, word: str) -> None:
    here = keeper(app, world, word)
    for record_id in ("0", "-1", str(2**31), str(2**63), "99999999999999999999", "1.0", "abc", "%00", "1;2"):
        for door in ("", "/edit", "/history"):
            assert here.get(f"/{word}/{record_id}{door}").status_code == 404


def test_a_back_address_cannot_lead_elsewhere(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    for back in (
        "_external=1&_scheme=javascript",
        "//evil.example",
        "https://evil.example/",
        "_anchor=x&a=b",
    ):
        page = here.client.get(f"/case/{world.case}", query_string={"back": back}).text
        assert 'href="javascript' not in page
        assert 'href="//evil' not in page
        assert 'href="https://evil' not in page


def test_a_stranger_to_the_panel_is_led_to_the_sign_in_page(app: Flask) -> None:
    stranger = browser(app)
    for url in (
        "/",
        "/case/",
        "/case/1",
        "/case/1/edit",
        "/log/",
        "/ledgers/case-register",
        "/case/look-up/committee_id",
    ):
        answer = stranger.get(url)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in/")


def test_a_thousand_lines_and_odd_line_numbers_are_read_or_refused(own_app: Flask, world: World) -> None:
    here = named(own_app, world, "office")
    lines = {f"parties-{index}-name": f"人{index}" for index in range(1000)}
    assert here.post("/case/new", lines).status_code == 422
    odd = {
        "parties-99999999-name": "a",
        "parties--1-name": "b",
        "parties-x-name": "c",
        "parties-0-record_id": "9" * 99,
    }
    assert here.post("/case/new", odd).status_code == 422


def test_a_line_of_another_case_is_neither_taken_nor_shown(own_app: Flask, world: World) -> None:
    with own_app.app_context():
        foreign = db.session.get_one(Case, world.far_case).parties[0]
        foreign.name, foreign.phone, foreign.occupation = "远方某", "13857922222", "石匠"
        db.session.commit()
        foreign_id = foreign.id
    here, url = named(own_app, world, "office"), f"/case/{world.township_case}/edit"
    for index in (0, 7):
        data = form_data(here.get(url).text)
        line = {"side": "01", "kind": "01", "name": "冒名者", "record_id": str(foreign_id)}
        forged = {**data, **{f"parties-{index}-{name}": value for name, value in line.items()}}
        pages = [here.post(url, {**forged, f"parties-{index}-name": ""}), here.post(url, forged)]
        assert pages[0].status_code == 422
        assert pages[1].status_code in (302, 422)
        pages.append(here.get(f"/case/{world.township_case}"))
        pages.append(here.get(f"/case/{world.township_case}/history"))
        for page in pages:
            assert not re.search("远方某|石匠|13857922222|138\\*{4}2222", page.text)
    with own_app.app_context():
        party = db.session.get_one(Party, foreign_id)
        told = (party.case_id, party.name, party.phone, party.occupation)
        assert told == (world.far_case, "远方某", "13857922222", "石匠")
        assert len(db.session.get_one(Case, world.far_case).parties) == 2


# ---------------------------------------------------------------- one bad thing at one door


def lines_of(app: Flask, action: str) -> list[Entry]:
    with app.app_context():
        return list(db.session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.place)))


def test_a_nul_in_the_log_or_in_a_reason_is_answered_calmly(own_app: Flask, world: World) -> None:
    auditor, office = named(own_app, world, "auditor"), named(own_app, world, "office")
    for query in ("register=%00&action=%00", "actor=%00", "since=%00", "before=%00"):
        assert auditor.get(f"/log/?{query}").status_code == 200
    answers = [
        office.post(f"/case/{world.case}/unmask", {"reason": "核对\x00身份"}),
        office.post("/ledgers/case-register", {"reason": "年度\x00检查"}),
        office.post(f"/case/{world.case}/unmask", {"reason": "\x00"}),
    ]
    assert [each.status_code for each in answers[:2]] == [200, 200]
    assert answers[2].status_code in (409, 422)
    notes = [line.note for action in ("unmask", "export") for line in lines_of(own_app, action)]
    assert len(notes) == 2
    assert not any("\x00" in note for note in notes)


@pytest.mark.parametrize("action", ["remove", "restore"])
def test_a_batch_with_ids_of_five_thousand_digits_is_refused(app: Flask, world: World, action: str) -> None:
    here, before = named(app, world, "office"), count(app, Entry)
    good = world.unassigned_case if action == "remove" else world.removed_case
    for ids in (["9" * 5000], [str(good), "9" * 5000], [str(good), str(2**31)], [str(good), "x"]):
        assert here.post("/case/batch", {"action": action, "ids": ids}).status_code in (404, 409), ids
    assert count(app, Entry) == before


def test_an_entry_with_a_number_of_twenty_five_digits_is_not_found(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    for number in ("9" * 25, str(2**31), str(2**63), "0"):
        assert here.post(f"/case/{world.case}/revert/{number}").status_code == 404


@pytest.mark.parametrize("text", ["12" + " " * 40 + "abc", "12" + " " * 20 + "3", "1" * 21, "1_0", "1.5"])
def test_a_number_with_something_behind_it_is_refused(own_app: Flask, world: World, text: str) -> None:
    here, url = named(own_app, world, "office"), f"/case/{world.case}/edit"
    answer = here.post(url, {**form_data(here.get(url).text), "people": text})
    assert answer.status_code == 422
    assert 'id="people-error"' in answer.text
    assert stored(own_app, REGISTERS["case"], world.case)[1]["people"] is None


@pytest.mark.parametrize("where", ["parties-0-name", "brief"])
def test_characters_that_turn_the_direction_are_refused_with_a_sentence(
    app: Flask, world: World, where: str
) -> None:
    here, url = named(app, world, "office"), f"/case/{world.case}/edit"
    data = form_data(here.get(url).text)
    for number in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)):
        answer = here.post(url, {**data, where: f"张{chr(number)}伟"})
        assert answer.status_code == 422, hex(number)
        assert re.search(rf'id="{where}-error">.*字符.*</p>', answer.text), hex(number)


def test_more_than_two_hundred_lines_are_kept_or_refused_and_never_cut(own_app: Flask, world: World) -> None:
    with own_app.app_context():
        case = db.session.get_one(Case, world.case)
        case.parties += [Party(side="01", kind="01", name=f"人{index}") for index in range(208)]
        db.session.commit()
    here, url = named(own_app, world, "office"), f"/case/{world.case}/edit"
    data = form_data(here.get(url).text)
    assert sum(name.endswith("-record_id") for name in data) >= 210
    answer = here.post(url, {**data, "brief": "改过的情况"})
    with own_app.app_context():
        case = db.session.get_one(Case, world.case)
        assert len(case.parties) == 210
        assert (case.brief == "改过的情况") == (answer.status_code == 302)
    assert answer.status_code == 302 or "最多" in answer.text or "太大" in answer.text


def test_a_retired_code_among_several_survives_a_save_of_another_field(own_app: Flask, world: World) -> None:
    with own_app.app_context():
        codes = db.session.scalars(select(Code).where(Code.table == "expert_field")).all()
        chosen = [codes[0].code, codes[1].code]
        db.session.get_one(Expert, world.township_expert).specialities = chosen
        codes[0].valid_until = date(2026, 1, 1)
        db.session.commit()
    here, url = named(own_app, world, "office"), f"/expert/{world.township_expert}/edit"
    data = form_data(here.get(url).text)
    assert here.post(url, {**data, "employer": "市第一医院"}).status_code == 302
    _, values = stored(own_app, REGISTERS["expert"], world.township_expert)
    assert (values["employer"], sorted(values["specialities"])) == ("市第一医院", sorted(chosen))
    other = f"/expert/{world.county_expert}/edit"
    bureau = named(own_app, world, "bureau_county")
    data = form_data(bureau.get(other).text)
    kept = stored(own_app, REGISTERS["expert"], world.county_expert)[1]["specialities"]
    assert kept == chosen[:1]  # there it stands alone, and stays
    assert bureau.post(other, {**data, "employer": "律师所"}).status_code == 302
    assert stored(own_app, REGISTERS["expert"], world.county_expert)[1]["specialities"] == kept


def test_taking_the_same_removal_of_a_line_back_twice_is_refused(own_app: Flask, world: World) -> None:
    """Of a committee: nothing of its own follows from its members, so only the line itself can tell."""
    with own_app.app_context():  # a fourth: three must stay
        committee = db.session.get_one(Committee, world.village_committee)
        committee.members.append(CommitteeMember(name="赵委员", sex="2", position="02"))
        db.session.commit()
    here, address = named(own_app, world, "office"), f"/committee/{world.village_committee}"
    data = form_data(here.get(f"{address}/edit").text)
    assert here.post(f"{address}/edit", {**data, "members-1-remove": "y"}).status_code == 302
    revert = re.search(rf"{address}/revert/\d+", here.get(f"{address}/history").text)
    assert revert
    statuses, names = [], []
    for _ in range(2):
        statuses.append(here.post(revert[0]).status_code)
        with own_app.app_context():
            committee = db.session.get_one(Committee, world.village_committee)
            names.append(sorted(each.name for each in committee.members))
    assert statuses == [302, 409]
    assert names == [sorted(["陈主任", "李委员", "王委员", "赵委员"])] * 2


# ---------------------------------------------------------------- two people at once


def test_what_the_other_added_stays_when_i_changed_something_else(own_app: Flask, world: World) -> None:
    office, director = named(own_app, world, "office"), named(own_app, world, "director")
    url = f"/case/{world.case}/edit"
    mine, theirs = form_data(office.get(url).text), form_data(director.get(url).text)
    added = {"parties-2-side": "01", "parties-2-kind": "01", "parties-2-name": "丙某"}
    assert director.post(url, {**theirs, **added}).status_code == 302
    answer = office.post(url, {**mine, "brief": "只改了情况"})
    assert answer.status_code == 409
    assert "丙某" in answer.text
    assert office.post(url, form_data(answer.text)).status_code == 302
    with own_app.app_context():
        case = db.session.get_one(Case, world.case)
        assert [each.name for each in case.parties] == ["甲某", "乙某", "丙某"]
        assert case.brief == "只改了情况"


def test_theirs_once_chosen_survives_an_error_in_another_field(own_app: Flask, world: World) -> None:
    office, director = named(own_app, world, "office"), named(own_app, world, "director")
    url = f"/case/{world.case}/edit"
    mine, theirs = form_data(office.get(url).text), form_data(director.get(url).text)
    changed = {"brief": "主任改的", "parties-0-name": "甲改名"}
    assert director.post(url, {**theirs, **changed}).status_code == 302
    given = {"brief": "司法所改的", "parties-0-name": "甲另名", "people": "2147483648"}
    answer = office.post(url, {**mine, **given})
    assert answer.status_code in (409, 422)
    if answer.status_code == 422:  # faults come before the comparison: mend, and be compared
        answer = office.post(url, {**form_data(answer.text), "people": "2147483648"})
    compared = form_data(answer.text)
    assert {"choose-brief", "choose-parties"} <= set(compared)
    answer = office.post(url, {**compared, "choose-brief": "theirs", "choose-parties": "theirs"})
    assert answer.status_code == 422
    assert 'id="people-error"' in answer.text
    assert office.post(url, {**form_data(answer.text), "people": "9"}).status_code == 302
    with own_app.app_context():
        case = db.session.get_one(Case, world.case)
        assert (case.brief, case.people) == ("主任改的", 9)
        assert [each.name for each in case.parties] == ["甲改名", "乙某"]


# ---------------------------------------------------------------- rights taken by a forged form


def test_a_mediator_neither_lifts_a_suspension_nor_deletes_a_sanction_of_their_own(
    own_app: Flask, world: World
) -> None:
    with own_app.app_context():
        mediator = db.session.get_one(Mediator, world.mediator)
        mediator.status = MediatorStatus.SUSPENDED
        mediator.sanctions = [Sanction(decided_on=date(2026, 3, 1), kind="1", reason="偏袒一方")]
        db.session.commit()
        line = mediator.sanctions[0].id
    url, office = f"/mediator/{world.mediator}/edit", named(own_app, world, "office")
    data = form_data(office.get(url).text)  # the whole form, as somebody with the right is given it
    owner = named(own_app, world, "owner")
    for forged in (
        {"status": "appointed"},
        {"sanctions-0-record_id": str(line), "sanctions-0-remove": "y"},
        {"sanctions-0-record_id": str(line), "sanctions-0-reason": "无"},
        {"status": "appointed", "sanctions-0-remove": "y", "phone": "13857900001"},
    ):
        answer = owner.post(url, {**data, "csrf_token": owner.token(), **forged})
        assert answer.status_code in (302, 403, 422)
        _, values = stored(own_app, REGISTERS["mediator"], world.mediator)
        assert values["status"] is MediatorStatus.SUSPENDED, forged
        assert values["sanctions-0-reason"] == "偏袒一方", forged


def test_a_sysadmin_neither_promotes_removes_nor_switches_off_themselves(
    own_app: Flask, world: World
) -> None:
    admin, me = named(own_app, world, "sysadmin"), world.sysadmin
    post = {"posts-5-role": "bureau", "posts-5-unit_id": str(world.city)}
    opened = admin.get(f"/user/{me}/edit")
    data = form_data(opened.text) if opened.status_code == 200 else {"version": "1", "name": "sysadmin 用户"}
    off = {name: value for name, value in data.items() if name != "active"}
    answers = [
        admin.post(f"/user/{me}/edit", {"active": "y", **data, **post}),
        admin.post(f"/user/{me}/edit", off),
        admin.post(f"/user/{me}/edit", {"active": "y", **data, "posts-0-remove": "y"}),
        admin.post(f"/user/{me}/remove"),
        admin.post("/user/batch", {"action": "remove", "ids": [str(world.nobody), str(me)]}),
    ]
    assert all(each.status_code in (403, 404, 409, 422) for each in answers), [a.status_code for a in answers]
    with own_app.app_context():
        user = db.session.get_one(User, me)
        assert [each.role for each in user.posts] == [Role.SYSADMIN]
        assert user.active
        assert user.removed_at is None
        assert db.session.get_one(User, world.nobody).removed_at is None


def test_signing_out_makes_the_old_cookie_worthless(own_app: Flask, world: World) -> None:
    here = named(own_app, world, "office")
    assert here.get("/case/").status_code == 200
    cookie = here.client.get_cookie(own_app.config["SESSION_COOKIE_NAME"])
    assert cookie
    thief = browser(own_app)
    thief.client.set_cookie(cookie.key, cookie.value)
    assert thief.get("/case/").status_code == 200
    assert here.post("/sign-in/out").status_code == 302
    thief.client.set_cookie(cookie.key, cookie.value)
    answer = thief.get("/case/")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in/")


# ---------------------------------------------------------------- what the log of errors holds

BREAK_THE_HISTORY = {
    "sqlite": "CREATE TRIGGER broken BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'broken'); END",
    "postgresql": "ALTER TABLE history ADD CONSTRAINT broken CHECK (register <> 'case') NOT VALID",
}


def test_the_log_of_a_database_error_holds_no_value(
    own_app: Flask, world: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    here, url = named(own_app, world, "office"), f"/case/{world.case}/edit"
    data = form_data(here.get(url).text)
    with own_app.app_context():
        db.session.execute(text_of(BREAK_THE_HISTORY[db.engine.dialect.name]))
        db.session.commit()
    given = {"parties-0-name": "隐名氏", "parties-0-phone": "13857933333", "brief": "不可外传"}
    answer = here.client.post(url, data={**data, **given})
    assert answer.status_code in (500, 503)
    logged = "".join(capfd.readouterr()) + caplog.text
    assert "unforeseen error" in logged, "the error was not logged at all"
    for secret in given.values():
        assert secret not in answer.text
        assert secret not in logged
        assert secret.encode("unicode_escape").decode() not in logged
