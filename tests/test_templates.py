"""Templates of a bureau's own: what is refused, with which words, and which template an office uses."""

import shlex
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from flask import Flask
from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.documents import forms as _forms  # noqa: F401
from admin_app.documents.checking import template_findings
from admin_app.documents.drawing import template_of
from admin_app.documents.filler import fill
from admin_app.documents.form import FORMS
from admin_app.models.cases import Case
from admin_app.models.form_templates import FormTemplate
from admin_app.models.history import Entry
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import form_templates
from admin_app.operations.files import store_of
from admin_app.operations.form_templates import in_force
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from tests.web import make_app, named
from tests.world import World

Person = Callable[[str], User]
AGREEMENT = FORMS["agreement"]


def template(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    document = docx.Document()
    for each in paragraphs:
        document.add_paragraph(each)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def told(session: Session, *paragraphs: str) -> str:
    return "\n".join(each.sentence for each in template_findings(session, AGREEMENT, template(*paragraphs)))


# ------------------------------------------------------------------ what is taken


@pytest.mark.parametrize("word", FORMS)
def test_every_supplied_template_passes_its_own_check(looking: Session, word: str) -> None:
    assert template_findings(looking, FORMS[word], template_of(FORMS[word]).read_bytes()) == []


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("协议书", "地点：{{ place }}"),
        ("{%p for p in parties %}", "{{ loop.index }}. {{ p.name }}", "{%p endfor %}"),
        ("{% if amount %}{{ amount }}元{% else %}无{% endif %}",),
        ("{{ agreed_on|day }} {{ place|blank(6) }}",),
        ("{% if kind == '合同纠纷' and not place %}甲{% elif place %}乙{% endif %}",),
        ("{# 说明 #}没有标记也可以",),
    ],
)
def test_what_the_manual_teaches_is_taken(looking: Session, paragraphs: tuple[str, ...]) -> None:
    assert told(looking, *paragraphs) == ""


# ------------------------------------------------------------------ what is refused, and how it is said


@pytest.mark.parametrize(
    ("paragraph", "sentence"),
    [
        ("调解地点：{{ plaze }}", "“调解地点：{{ plaze }}”里的标记“{{ plaze }}”里没有“plaze”这个名称"),
        ("地点 {{ place", "“地点 {{ place”这里的“{{”没有配对"),
        ("地点 place }}", "这里的“}}”没有配对"),
        ("{{ }}", "写得不完整"),
        ("{{ place| }}", "写得不完整"),
        ("{{ place|upper }}", "“|upper”不能用"),
        ("{{ p.name }}", "“p”不在循环里"),
        ("{% for p in people %}{% endfor %}", "列表名只有：parties"),
        ("{% for p in parties %}{{ p.money }}{% endfor %}", "没有“p.money”这个名称"),
        ("{% for p in parties %}{{ p.name }}", "没有结束，少一个“endfor”"),
        ("{% endfor %}", "前面没有与它配对的开头"),
        ("{% if place %}{% endfor %}", "前面没有与它配对的开头"),
        ("{% set a = 1 %}", "不能用，只能用 for"),
        ("{% include 'x' %}", "不能用，只能用 for"),
    ],
)
def test_a_fault_is_told_with_its_place(looking: Session, paragraph: str, sentence: str) -> None:
    assert sentence in told(looking, "第一段", paragraph)


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ place.__class__ }}",
    "{{ place['x'] }}",
    "{{ place|attr('__class__') }}",
    "{{ place.format(place) }}",
    "{{ '%s'|format(place) }}",
    "{{ self.__init__ }}",
    "{{ loop.__class__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ range(999999999) }}",
    "{{ 'a' * 999999999 }}",
    "{{ 9 ** 99999999 }}",
    "{{ [1,2,3] }}",
    "{% for x in 'ab' %}{% endfor %}",
    "{% for p in parties recursive %}{% endfor %}",
    "{% macro a() %}{% endmacro %}",
    "{% import 'os' as o %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{{ place }}{{ request }}",
    "{{ config }}",
]


@pytest.mark.parametrize("tag", ESCAPES)
def test_nothing_of_python_can_be_reached(looking: Session, tag: str) -> None:
    assert told(looking, tag)


@pytest.mark.parametrize(
    "tag", ["{{ ''.__class__ }}", "{{ lipsum }}", "{{ range }}", "{{ nobody.knows.me }}", "{{ a }}"]
)
def test_at_the_filling_an_unknown_name_is_blank_and_an_escape_shows_nothing(tag: str) -> None:
    filled = docx.Document(BytesIO(fill(template(f"[{tag}]"), {})))
    assert [each.text for each in filled.paragraphs] == ["[]"]


def test_a_tag_where_nobody_sees_it_is_refused(looking: Session) -> None:
    document = docx.Document()
    document.add_paragraph("正文")
    document.core_properties.title = "{{ ''.__class__ }}"
    file = BytesIO()
    document.save(file)
    assert "文件属性" in template_findings(looking, AGREEMENT, file.getvalue())[0].sentence


def test_headers_and_tables_are_read_too(looking: Session) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{ nowhere }}"
    document.sections[0].header.paragraphs[0].text = "{{ neither }}"
    file = BytesIO()
    document.save(file)
    sentences = "".join(each.sentence for each in template_findings(looking, AGREEMENT, file.getvalue()))
    assert "“nowhere”" in sentences
    assert "“neither”" in sentences


def test_a_tag_that_word_has_cut_into_runs_is_one_tag(looking: Session) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for part in ("{", "{ pl", "ace", " }}"):
        paragraph.add_run(part)
    file = BytesIO()
    document.save(file)
    assert template_findings(looking, AGREEMENT, file.getvalue()) == []


def test_what_is_no_word_file_is_said_so(looking: Session) -> None:
    assert "打不开" in template_findings(looking, AGREEMENT, b"PK\x03\x04 no")[0].sentence


def test_not_everything_is_told_at_once(looking: Session) -> None:
    assert len(template_findings(looking, AGREEMENT, template(*["{{ x }}"] * 50))) <= 8


# ------------------------------------------------------------------ which template is used


def put(session: Session, actor: User, unit: int, text: str = "{{ place }}") -> FormTemplate:
    return form_templates.put_in_place(
        session,
        actor,
        session.get_one(Unit, unit),
        word="agreement",
        title="人民调解协议书",
        name="协议书.docx",
        sha256=store_of(session).keep(template(text)),
        note="",
    )


def test_the_nearest_bureaus_template_is_used(session: Session, world: World, person: Person) -> None:
    path = session.get_one(Case, world.case).path
    far = session.get_one(Case, world.far_case).path
    assert in_force(session, path, "agreement") is None
    city = put(session, person("bureau_city"), world.city, "市")
    assert in_force(session, path, "agreement") is city
    county = put(session, person("bureau_county"), world.county, "区")
    assert in_force(session, path, "agreement") is county
    assert in_force(session, far, "agreement") is city
    assert in_force(session, path, "cover") is None
    form_templates.go_back(session, person("bureau_county"), county)
    assert in_force(session, path, "agreement") is city


def test_a_second_upload_takes_the_place_of_the_first(session: Session, world: World, person: Person) -> None:
    first = put(session, person("bureau_county"), world.county)
    second = put(session, person("bureau_county"), world.county)
    assert (first.active, second.active) == (False, True)
    with pytest.raises(NotNow):
        form_templates.go_back(session, person("bureau_county"), first)


def test_only_a_bureau_rules_and_only_at_home(session: Session, world: World, person: Person) -> None:
    for who, unit in (("office", world.county), ("bureau_far", world.county), ("bureau_county", world.city)):
        with pytest.raises(NotAllowed):
            put(session, person(who), unit)
    with pytest.raises(RecordRefused):
        put(session, person("bureau_county"), world.township)


# ------------------------------------------------------------------ the screens


def upload(
    app: Flask, world: World, who: str, content: bytes, *, name: str = "新协议书.docx", unit: str = ""
) -> str:
    here = named(app, world, who)
    data = {"unit": unit or str(world.county), "note": "依据新文件", "file": (BytesIO(content), name)}
    answer = here.post("/templates/agreement", data)
    page = here.get(answer.location).text if answer.status_code == 302 else answer.text
    return f"{answer.status_code} {page}"


def test_a_bureau_uploads_previews_and_goes_back(app: Flask, world: World, session: Session) -> None:
    here = named(app, world, "bureau_county")
    assert "人民调解协议书" in here.get("/templates/").text
    assert "{{ agreed_on }}" in here.get("/templates/agreement").text
    page = upload(app, world, "bureau_county", template("本地版 {{ place }}"))
    assert page.startswith("302")
    assert "已启用新的《人民调解协议书》模板" in page
    mine = in_place(session)
    preview = docx.Document(BytesIO(here.get(f"/templates/own/{mine}/sample.docx").data))
    assert preview.paragraphs[0].text == "本地版 样例社区调解室"
    assert "本地版" in docx.Document(BytesIO(here.get(f"/templates/own/{mine}.docx").data)).paragraphs[0].text
    assert here.post(f"/templates/own/{mine}/go-back").status_code == 302
    assert here.post(f"/templates/own/{mine}/go-back").status_code == 409
    told = session.scalars(select(Entry).where(Entry.register == "form_template").order_by(Entry.id))
    assert [each.action for each in told][-2:] == ["create", "edit"]


def test_a_slow_virus_check_keeps_nobody_from_saving(database_url: URL, world: World) -> None:
    """On SQLite one writes at a time: while the check runs, another must be able to begin."""
    check = "true"
    if database_url.get_backend_name() == "sqlite":
        begin = f"sqlite3.connect({database_url.database!r}, timeout=0).execute('BEGIN IMMEDIATE')"
        check = shlex.join([sys.executable, "-c", f"import sqlite3; {begin}"])
    app = make_app(database_url, scan_command=check)
    assert upload(app, world, "bureau_county", template("本地版 {{ place }}")).startswith("302")
    with app.app_context():
        db.engine.dispose()


def in_place(session: Session) -> int:
    """The id of the one template in use."""
    found = session.scalars(select(FormTemplate.id).where(FormTemplate.active)).one()
    session.rollback()
    return found


def test_the_office_below_uses_the_bureaus_template(app: Flask, world: World, session: Session) -> None:
    upload(app, world, "bureau_county", template("本地版 {{ party_names }}"))
    session.get_one(FormTemplate, in_place(session)).word = "cover"
    session.commit()
    here = named(app, world, "office")
    word = here.post(f"/papers/case/{world.case}/cover.docx")
    assert docx.Document(BytesIO(word.data)).paragraphs[0].text == "本地版 甲某、乙某"
    assert here.post(f"/papers/case/{world.case}/cover").status_code == 409
    assert "本地模板" in here.get(f"/case/{world.case}/papers").text


def bomb() -> bytes:
    """A small file that unpacks to a very large one."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(template("x"))) as good,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, good.read(name))
        bad.writestr("word/media/big.bin", b"\0" * (40 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (template("{{ nowhere }}"), "a.docx", "没有“nowhere”这个名称"),
        (template("x"), "a.pdf", "结尾"),
        (b"%PDF-1.4", "a.docx", "内容"),
        (b"", "a.docx", "空的"),
        (bomb(), "a.docx", "大得不正常"),
        (b"x" * (2 * 1024 * 1024 + 1), "a.docx", "太大"),
    ],
)
def test_a_bad_upload_is_refused_with_a_sentence(
    app: Flask, world: World, content: bytes, name: str, sentence: str
) -> None:
    page = upload(app, world, "bureau_county", content, name=name)
    assert page.startswith("422")
    assert sentence in page


def test_an_upload_without_a_file_or_for_another_unit_is_refused(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    assert here.post("/templates/agreement", {"unit": str(world.county)}).status_code == 422
    good = template("{{ place }}")
    assert upload(app, world, "bureau_county", good, unit=str(world.city)).startswith("403")
    assert upload(app, world, "bureau_county", good, unit=str(world.far_county)).startswith("403")
    assert upload(app, world, "bureau_county", good, unit=str(world.far_township)).startswith("404")
    assert upload(app, world, "bureau_county", good, unit="x").startswith("404")


@pytest.mark.parametrize("who", ["office", "owner", "director", "inspector", "auditor", "expert"])
def test_whoever_is_no_bureau_finds_no_templates(app: Flask, world: World, who: str) -> None:
    here = named(app, world, who)
    for path in ("/templates/", "/templates/agreement", "/templates/agreement/supplied.docx"):
        assert here.get(path).status_code == 403


def test_another_bureaus_template_is_not_found(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    assert here.get(f"/templates/own/{world.far_form_template}.docx").status_code == 404
    assert here.post(f"/templates/own/{world.far_form_template}/go-back").status_code == 404
    assert here.get("/templates/nothing").status_code == 404
    assert here.get("/templates/cover/sample.docx").status_code == 200
    assert here.get("/templates/cover/supplied.docx").data == template_of(FORMS["cover"]).read_bytes()
