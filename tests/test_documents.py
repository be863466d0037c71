"""Papers: what stands on each, in which order, filled from any case, and opened by other programs."""

import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from io import BytesIO
from os import environ
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.oxml.ns import qn
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from admin_app.documents import forms as _forms  # noqa: F401
from admin_app.documents.case_facts import CASE
from admin_app.documents.contents import entries, in_order
from admin_app.documents.drawing import draw, template_of
from admin_app.documents.filler import fill, words
from admin_app.documents.form import FORMS, Form
from admin_app.documents.layout import texts
from admin_app.documents.pages import page, stylesheet
from admin_app.documents.papers import blanks, facts_of, file_name, paper, warm
from admin_app.documents.said import Saying
from admin_app.documents.sample import sample_of
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.circulars import Circular
from admin_app.models.codes import codebook
from admin_app.models.dossiers import Dossier
from admin_app.models.evaluations import Evaluation
from admin_app.models.follow_ups import FollowUp
from admin_app.models.hand_overs import HandOver
from admin_app.models.mediators import Mediator
from admin_app.models.meetings import Meeting
from admin_app.models.referrals import Referral
from admin_app.models.sessions import CaseSession
from admin_app.models.subsidies import Subsidy
from admin_app.models.visits import Visit
from admin_app.rules.hand_overs import Way
from admin_app.rules.referrals import Direction
from tests.papers_order import ORDER
from tests.world import World

STATIC = Path(__file__).parent.parent / "admin_app" / "static"
REQUIRED = environ.get("HESHI_BROWSER_TESTS") == "required"
HARD_NAMES = [
    "<w:p>&'\"",
    "{{ 7*7 }}",
    "{% endfor %}",
    "𬱟某",
    "欧阳😀",
    "阿依古丽·买买提",
    "a\x0bb\x00\ud800c",
    "李\n四",
]


def said(content: bytes) -> str:
    """All text of a Word file, in its order."""
    body = docx.Document(BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def in_this_order(text: str, wanted: str) -> str | None:
    """The first of the wanted words that does not follow those before it."""
    at = 0
    for word in wanted.split(" · "):
        found = text.find(word, at)
        if found < 0:
            return word
        at = found + len(word)
    return None


def whole_case(session: Session, world: World, parties: int) -> Case:
    """A case with everything from which a form can be drawn, and so many parties."""
    case = session.get_one(Case, world.settled_case)
    case.form, case.agreed_on, case.mediated_on = "2", date(2026, 9, 12), date(2026, 9, 8)
    case.agreement, case.performance, case.amount = "一、赔偿。\n二、和好。", "07", Decimal("12800.50")
    case.applied_on, case.closed_on, case.decline_reason = date(2026, 9, 20), date(2026, 9, 30), "99"
    case.parties = [
        Party(
            side=("01", "02", "03")[n % 3],
            kind="02" if n % 7 == 6 else "01",
            name=f"当事人{n}",
            agent="某代理",
        )
        for n in range(parties)
    ]
    case.mediators = case.mediators or [CaseMediator(mediator_id=world.mediator)]
    case.sessions = [
        CaseSession(kind=kind, held_on=date(2026, 9, 9), place="社区", record="问\n答" * 40)
        for kind in ("01", "02")
    ]
    case.follow_ups = [
        FollowUp(visited_on=date(2026, 10, 1), visited="甲", fulfilment="03", satisfied="01", situation="好")
    ]
    session.add(
        Referral(
            case=case, direction=Direction.UP, unit_id=case.unit_id, path=case.path,
            to_unit_id=world.township, to_path=case.path[:24], reason="02", committee_id=case.committee_id,
        )
    )  # fmt: skip
    for way in Way:
        session.add(
            HandOver(
                case=case, way=way, agency_kind="03", agency="派出所", sent_on=date(2026, 9, 2), agreed=True,
                unit_id=case.unit_id, path=case.path, committee_id=case.committee_id,
            )
        )  # fmt: skip
    session.flush()
    session.refresh(case, ["referrals", "hand_overs", "dossiers"])
    warm(session, case)
    return case


def drawn_from(session: Session, world: World, form: Form, case: Case) -> list[tuple[Case | None, Any]]:
    """Everything that a form can be drawn from; forms that do not apply are drawn all the same."""
    if form.source.alone:
        models: dict[str, Any] = {"visit": Visit, "award": AwardApplication, "mediator": Mediator}
        models |= {"evaluation": Evaluation, "subsidy": Subsidy, "meeting": Meeting, "circular": Circular}
        word = form.source.word
        which = {"certificate": world.granted_award, "award_notice": world.other_award}
        number = which.get(form.word) or getattr(world, word)
        record = session.get_one(models[word], number)
        if isinstance(record, Subsidy):
            set_committed_value(record, "items", [])
        return [(None, record)]
    return [(case, line) for line in (form.source.lines(case) if form.source.lines else [None])]


# ------------------------------------------------------------------ the layouts


def test_the_table_of_orders_names_every_form() -> None:
    assert set(ORDER) == set(FORMS)


@pytest.mark.parametrize("word", FORMS)
def test_the_words_stand_in_the_order_of_the_official_form(word: str) -> None:
    template = said(template_of(FORMS[word]).read_bytes())
    assert in_this_order(template, ORDER[word]) is None


@pytest.mark.parametrize("word", FORMS)
def test_the_supplied_template_is_what_the_program_draws(word: str) -> None:
    def document(content: bytes) -> bytes:
        return ZipFile(BytesIO(content)).read("word/document.xml")

    assert document(template_of(FORMS[word]).read_bytes()) == document(draw(FORMS[word]))


def test_no_template_lies_there_that_no_form_uses() -> None:
    folder = template_of(FORMS["cover"]).parent
    assert {each.stem for each in folder.glob("*.docx")} == set(FORMS)


def test_the_stylesheet_of_sizes_is_what_the_program_draws() -> None:
    assert (STATIC / "papers.css").read_text(encoding="utf-8") == stylesheet()


@pytest.mark.parametrize("word", FORMS)
def test_no_paper_calls_itself_official_and_the_screen_says_where_it_is_from(word: str) -> None:
    form = FORMS[word]
    assert form.basis
    assert not re.search("官方|部颁|司法部|参考格式", said(template_of(form).read_bytes()))
    assert form.official or "参考格式" in form.basis


@pytest.mark.parametrize("word", FORMS)
def test_every_name_on_a_form_is_a_fact_with_a_meaning(word: str) -> None:
    form = FORMS[word]
    known = {each.name for each in (*form.facts, *form.listings)}
    used = {n for _, text in texts(form.blocks) for n in re.findall(r"\{\{\s*([a-z_]+)", text)}
    assert used - known - {"p", "d"} == set()
    assert all(each.meaning for each in form.facts)
    assert len(known) == len(form.facts) + len(form.listings)


def test_the_sheet_and_its_margins_are_the_official_ones() -> None:
    section = docx.Document(BytesIO(template_of(FORMS["cover"]).read_bytes())).sections[0]
    sizes = (section.page_width, section.page_height)
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(each.mm) for each in (*sizes, *margins)] == [210, 297, 37, 26, 34, 28]


# ------------------------------------------------------------------ the filling


@pytest.mark.parametrize("parties", [0, 2, 30])
def test_every_form_is_filled_from_any_case(looking: Session, world: World, parties: int) -> None:
    case = whole_case(looking, world, parties)
    for word, form in FORMS.items():
        for of, line in drawn_from(looking, world, form, case)[:3]:
            text = said(paper(looking, form, of, line))
            assert in_this_order(text, ORDER[word]) is None, word
            assert not re.search(r"None|nan\b|\{\{|\}\}|\{%|%\}", text), word


def test_where_nothing_is_known_there_is_a_line_to_write_on(looking: Session, world: World) -> None:
    case = looking.get_one(Case, world.case)
    warm(looking, case)
    text = said(paper(looking, FORMS["acceptance"], case))
    assert "　　　　年　　月　　日，人民调解委员会依当事人申请" in text
    assert "编号：＿＿＿＿＿＿＿＿＿＿" in said(paper(looking, FORMS["agreement"], case))


def test_what_is_still_blank_is_named(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 2)
    found = blanks(FORMS["agreement"], facts_of(looking, FORMS["agreement"], case))
    assert "履行方式、时限" not in found
    assert "当事人0的性别、民族、年龄、职业或职务、联系方式、单位或住址" in found
    assert "协议编号" in found


def test_an_organisation_is_not_asked_for_its_sex(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 2)
    case.parties[1].kind, case.parties[1].representative = "02", "王经理"
    found = blanks(FORMS["agreement"], facts_of(looking, FORMS["agreement"], case))
    assert "当事人1的联系方式、单位或住址" in found


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_name_of_any_characters_comes_through(looking: Session, world: World, name: str) -> None:
    case = whole_case(looking, world, 2)
    with looking.no_autoflush:
        case.parties[0].name = name
        text = said(paper(looking, FORMS["agreement"], case))
        kept = re.sub(r"[\x00-\x09\x0b\x0c\ud800]", "", name)
        assert kept.replace("\n", "") in text.replace("\n", "")
        assert "49" not in text.replace("0049", "")
        shown = "".join(
            str(each) for each in page(FORMS["agreement"], facts_of(looking, FORMS["agreement"], case))
        )
        assert "<w:p>" not in shown
        looking.expire(case.parties[0])


def test_money_and_days_read_as_on_paper(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 2)
    text = said(paper(looking, FORMS["closing_report"], case))
    assert "12,800.50元（大写：壹万贰仟捌佰元伍角）" in text
    assert "2026年9月30日" in text


def test_age_is_that_of_the_day_of_the_form(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 2)
    case.parties[0].birth_on = date(1960, 9, 12)
    aged = facts_of(looking, FORMS["agreement"], case)["parties"][0]["age"]
    case.agreed_on = date(2026, 9, 11)
    younger = facts_of(looking, FORMS["agreement"], case)["parties"][0]["age"]
    assert (aged, younger) == ("66", "65")


def test_the_tick_says_how_the_case_came(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 2)
    for source, expected in (
        ("1", "√ ①当事人申请　　□ ②"),
        ("2", "□ ①当事人申请　　√ ②"),
        ("5", "□ ①当事人申请　　□ ②"),
    ):
        case.source = source
        assert expected in said(paper(looking, FORMS["acceptance"], case))


def test_codes_read_as_they_were_worded_then(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 2)
    label = codebook(looking).label("dispute_kind", case.kind, case.registered_on)
    assert label in said(paper(looking, FORMS["cover"], case))


def test_the_pages_say_what_the_word_files_say(looking: Session, world: World) -> None:
    case = whole_case(looking, world, 3)
    for word, form in FORMS.items():
        facts = facts_of(looking, form, *drawn_from(looking, world, form, case)[0])
        assert letters(told(page(form, facts))) == letters(
            said(fill(template_of(form).read_bytes(), facts))
        ), word


def letters(text: str) -> str:
    """Without blanks, the strokes of a cutting line, and mark-up."""
    return re.sub(r"[\s-]|<[^>]*>", "", text)


def told(blocks: Any) -> str:
    """All text of a page's blocks, in its order."""
    if isinstance(blocks, dict):
        shown = ("label", "text", "rows", "gaps", "cells", "sides")
        return "".join(told(each) for name, each in blocks.items() if name in shown)
    return "".join(map(told, blocks)) if isinstance(blocks, list) else str(blocks)


def test_a_file_name_is_one_that_every_system_takes(looking: Session) -> None:
    assert file_name(FORMS["visit"], 'a/b\\c:"<>|?*\n甲') == "来访登记表 abc甲.docx"
    assert len(file_name(FORMS["visit"], "长" * 500)) <= 90


# ------------------------------------------------------------------ the dossier


def test_the_dossier_begins_with_the_cover_and_ends_with_the_back_cover(
    looking: Session, world: World
) -> None:
    found = [each.title for each in entries(whole_case(looking, world, 2))]
    assert found[:3] == ["卷宗封面", "卷内目录", "人民调解申请书"]
    assert found[-2:] == ["卷宗情况说明", "封底"]
    assert found.index("人民调解记录") < found.index("人民调解协议书") < found.index("人民调解回访记录")


def test_forms_that_are_not_filed_come_after_those_that_are() -> None:
    filed = [bool(form.kind) for form in in_order()]
    assert filed == sorted(filed, reverse=True)


def test_the_samples_touch_nothing(looking: Session) -> None:
    for form in FORMS.values():
        paper(looking, form, *sample_of(form))
    assert not looking.new
    assert not looking.dirty


def test_the_dossier_fields_come_from_the_filed_dossier(looking: Session, world: World) -> None:
    case = looking.get_one(Case, world.archived_case)
    warm(looking, case)
    dossier = looking.get_one(Dossier, world.dossier)
    facts = facts_of(looking, FORMS["back_cover"], case)
    assert facts["filer"] == dossier.filer
    assert facts["dossier_number"] == dossier.number


# ------------------------------------------------------------------ another program


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)  # the files are the same on both
@pytest.mark.skipif(not shutil.which("soffice") and not REQUIRED, reason="LibreOffice is not installed")
def test_another_program_opens_and_prints_every_form(looking: Session, world: World, tmp_path: Path) -> None:
    case = whole_case(looking, world, 30)
    for word, form in FORMS.items():
        of, line = drawn_from(looking, world, form, case)[0]
        (tmp_path / f"{word}.docx").write_bytes(paper(looking, form, of, line))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    files = [tmp_path / f"{word}.docx" for word in FORMS]
    subprocess.run(
        ["soffice", "--headless", home, "--convert-to", "pdf", "--outdir", tmp_path, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    assert {each.stem for each in tmp_path.glob("*.pdf")} == set(FORMS)
    done = subprocess.run(["pdftotext", tmp_path / "agreement.pdf", "-"], capture_output=True, check=True)
    assert "当事人29" in done.stdout.decode().replace(" ", "")


def test_a_text_of_a_layout_reads_facts_and_nothing_else() -> None:
    assert (
        words("{{ a }}{{ b.c.d }}{{ a|blank(2) }}{{ b|blank(2) }}", {"a": "<甲>"})
        == "&lt;甲&gt;&lt;甲&gt;＿＿"
    )


@pytest.mark.parametrize(
    ("claims", "lines"),
    [
        (None, ["", "", ""]),
        ("改装檐沟", ["改装檐沟", "", ""]),
        ("甲\n\n乙\n 丙 \n丁", ["甲", "乙", "丙；丁"]),
    ],
)
def test_what_the_applicant_asks_stands_line_by_line(
    session: Session, claims: str | None, lines: list[str]
) -> None:
    facts = {each.name: each for each in CASE}
    saying, case = Saying(session, date(2026, 3, 1)), Case(claims=claims)
    names = ("first_claim", "second_claim", "other_claims")
    assert [facts[name].read(saying, case) for name in names] == lines
