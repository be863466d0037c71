"""Standards as they live: drafted, tried, published, locked, copied; and who may what."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.jobs import work_off
from admin_app.models.cases import Case
from admin_app.models.jobs import Job
from admin_app.models.parameters import Parameter
from admin_app.models.registry import REGISTERS
from admin_app.models.standards import Standard, StandardLevel
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import records, standards, trials
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.policy import find, visible
from admin_app.rules.cases import Stage
from admin_app.rules.dates import today
from admin_app.rules.jobs import Phase
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused
from admin_app.rules.standards import StandardKind, StandardState, Way
from tests.web import named
from tests.world import World

Person = Callable[[str], User]


def drafted(session: Session, actor: User, unit: int, **more: object) -> Standard:
    given = Given(
        {
            "name": "年度考核办法",
            "kind": StandardKind.EVALUATION,
            "subject": Subject.MEDIATOR,
            "unit_id": unit,
            "base": Decimal(100),
            **more,
        }
    )
    made: Standard = records.create(session, actor, REGISTERS["standard"], given)
    return made


def whole(session: Session, actor: User, standard: Standard) -> None:
    levels = [Line(None, {"name": "合格", "rank": 1, "least_score": Decimal(60)})]
    values = {"measure": Measure.LATE, "way": Way.DEDUCT, "threshold": Decimal(1), "points": Decimal(3)}
    items = [Line(None, {"label": "超期", **values}), Line(None, {"label": "反复", **values, "position": 1})]
    given = Given({}, {"levels": levels, "items": items})
    records.edit(session, actor, standard, given, version=standard.version)
    session.commit()
    session.expire_all()


def test_a_draft_may_be_unfinished_and_is_published_only_whole(
    session: Session, person: Person, world: World
) -> None:
    actor = person("bureau_county")
    standard = drafted(session, actor, world.county)
    session.commit()
    assert standard.state is StandardState.DRAFT
    assert len(records.warnings(session, standard)) == 2
    with pytest.raises(RecordRefused) as refused:
        take_step(session, actor, standard, "publish", Given({"valid_from": today()}))
    assert {each.field for each in refused.value.findings} == {"levels", "items"}
    session.rollback()
    whole(session, actor, standard)
    take_step(session, actor, standard, "publish", Given({"valid_from": today()}))
    session.commit()
    assert standard.is_in_force(today())
    assert not standard.is_in_force(today() - timedelta(days=1))
    assert session.scalar(select(Standard.id).where(Standard.in_force(today()), Standard.id == standard.id))
    with pytest.raises(NotNow):
        records.edit(session, actor, standard, Given({"remark": "改"}), version=standard.version)
    with pytest.raises(NotNow):
        records.remove(session, actor, standard)


def test_items_keep_their_own_order_and_blank_places_come_last(
    session: Session, person: Person, world: World
) -> None:
    actor = person("bureau_county")
    standard = drafted(session, actor, world.county)
    whole(session, actor, standard)
    assert [(each.label, each.position) for each in standard.items] == [("反复", 1), ("超期", 2)]


def test_a_new_edition_has_every_line_and_ends_the_one_before(
    session: Session, person: Person, world: World
) -> None:
    actor, old = person("bureau_county"), session.get_one(Standard, world.standard)
    new = standards.copy(session, actor, old)
    session.commit()
    assert (new.edition, new.copied_from_id, new.state) == (2, old.id, StandardState.DRAFT)
    assert new.judged_by() != old.judged_by()  # other lines, of the same words
    assert [(e.label, e.measure, e.way, e.threshold, e.level) for e in new.items] == [
        (e.label, e.measure, e.way, e.threshold, e.level) for e in old.items
    ]
    assert new.ladder() == old.ladder()
    assert standards.copy(session, actor, old).edition == 3
    begins = today() + timedelta(days=10)
    take_step(session, actor, new, "publish", Given({"valid_from": begins}))
    session.commit()
    assert old.valid_until == begins - timedelta(days=1)
    assert old.is_in_force(today())
    assert not new.is_in_force(today())
    assert new.is_in_force(begins)
    assert not old.is_in_force(begins)
    assert [each.edition for each in standards.editions(session, actor, new)] == [3, 2, 1]


def test_everybody_of_the_region_reads_what_is_published_and_the_bureau_its_drafts(
    looking: Session, person: Person, world: World
) -> None:
    def seen(who: str) -> set[int]:
        found = looking.scalars(select(Standard.id).where(visible(Standard, person(who)))).all()
        return ours & set(found)

    ours = {world.draft_standard, world.city_standard, world.standard, world.far_standard}
    near = {world.city_standard, world.standard}
    for who in ("owner", "director", "office", "inspector", "stranger"):
        assert seen(who) == near
    assert seen("bureau_county") == {*near, world.draft_standard}
    assert seen("bureau_city") == {*near, world.draft_standard, world.far_standard}
    assert seen("bureau_far") == {world.city_standard, world.far_standard}
    for who in ("expert", "auditor", "nobody", "inactive"):
        assert seen(who) == set()
    with pytest.raises(NotSeen):
        find(looking, person("office"), Standard, world.draft_standard)
    with pytest.raises(NotAllowed):
        standards.copy(looking, person("bureau_county"), looking.get_one(Standard, world.city_standard))


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"way": Way.GIVEN}, "way"),
        ({"measure": Measure.UNITIES}, "measure"),
        ({"level": 9}, "level"),
        ({"threshold": None}, "threshold"),
    ],
)
def test_what_contradicts_itself_is_refused_beside_its_field(
    looking: Session, person: Person, world: World, line: dict[str, object], field: str
) -> None:
    actor, standard = person("bureau_county"), looking.get_one(Standard, world.draft_standard)
    values = {"label": "办案", "measure": Measure.CASES_CLOSED, "way": Way.AT_LEAST, "threshold": Decimal(5)}
    given = Given({}, {"items": [Line(None, {**values, **line})]})
    with pytest.raises(RecordRefused) as refused:
        records.edit(looking, actor, standard, given, version=standard.version)
    assert f"items-0-{field}" in {each.field for each in refused.value.findings}


# ------------------------------------------------------------------ the dry run


def settle(session: Session, *ids: int) -> None:
    """These cases are over, with success."""
    for each in ids:
        case = session.get_one(Case, each)
        case.stage, case.result, case.closed_on = Stage.CLOSED, "1", date(2026, 10, 1)


def test_a_dry_run_tells_who_reaches_what_and_what_the_next_level_lacks(
    looking: Session, person: Person, world: World
) -> None:
    settle(looking, world.closed_case, world.other_case)
    looking.flush()
    standard, county = looking.get_one(Standard, world.draft_standard), looking.get_one(Unit, world.county)
    actor = person("bureau_county")
    found = trials.dry_run(looking, actor, standard, county, date(2026, 11, 1))
    reached = {each.id: each.level.name if each.level else None for each in found}
    assert reached == {
        world.colleague_mediator: "四级",
        world.other_mediator: "四级",
        world.mediator: None,
        world.township_mediator: None,
    }
    lacks = {each.id: each.lacks for each in found}
    assert lacks[world.colleague_mediator] == "三级：结案还差 49 件"
    assert lacks[world.mediator] == "四级：结案还差 1 件"
    assert len(found) == trials.count(looking, actor, standard, county)
    with pytest.raises(NotAllowed):
        trials.dry_run(looking, person("director"), standard, county, date(2026, 11, 1))


def test_an_office_tries_its_own_people_alone(looking: Session, person: Person, world: World) -> None:
    standard, county = looking.get_one(Standard, world.city_standard), looking.get_one(Unit, world.county)
    found = trials.dry_run(looking, person("office"), standard, county, today())
    assert {each.id for each in found} == {
        world.mediator,
        world.colleague_mediator,
        world.township_mediator,
    }


def test_committees_are_tried_too(looking: Session, person: Person, world: World) -> None:
    standard = looking.get_one(Standard, world.city_standard)
    standard.subject = Subject.COMMITTEE
    looking.flush()
    city = looking.get_one(Unit, world.city)
    found = trials.dry_run(looking, person("bureau_city"), standard, city, today())
    assert {world.village_committee, world.far_committee} <= {each.id for each in found}


# ------------------------------------------------------------------ the pages


def links(page: str, label: str) -> list[str]:
    return [unescape(each) for each in re.findall(rf'href="([^"]+)"[^>]*>{label}</a>', page)]


def settled(app: Flask, *ids: int) -> None:
    with app.app_context():
        settle(db.session, *ids)
        db.session.commit()


def test_from_the_dry_run_down_to_the_very_case(app: Flask, world: World) -> None:
    settled(app, world.closed_case)
    here = named(app, world, "bureau_county")
    page = here.get(f"/standard/{world.draft_standard}/trial?until=2026-11-01").text
    assert "三级：结案还差 49 件" in page
    [one] = links(page, "刘洋")
    page = here.get(one).text
    assert "还差 49 件" in page
    assert "不低于 50 件" in page
    behind = links(page, "看记录")[0]
    page = here.get(behind).text
    assert f'href="/case/{world.closed_case}"' in page


def test_a_level_of_the_dry_run_lists_its_people(app: Flask, world: World) -> None:
    settled(app, world.closed_case)
    here = named(app, world, "bureau_county")
    page = here.get(f"/standard/{world.draft_standard}/trial?until=2026-11-01&level=1").text
    assert "刘洋" in page
    assert "张伟" not in page
    page = here.get(f"/standard/{world.draft_standard}/trial?until=2026-11-01&level=0").text
    assert "张伟" in page


def test_what_lies_outside_the_viewers_scope_is_counted_and_not_shown(app: Flask, world: World) -> None:
    """A mediator has helped with a case that another township holds now."""
    with app.app_context():
        settle(db.session, world.closed_case)
        case = db.session.get_one(Case, world.closed_case)
        other = db.session.get_one(Case, world.other_case)
        case.committee_id, case.unit_id, case.path = other.committee_id, other.unit_id, other.path
        db.session.commit()
    here = named(app, world, "office")
    standard = f"/standard/{world.city_standard}/trial"
    [one] = links(here.get(f"{standard}?until=2026-11-01").text, "刘洋")
    page = here.get(links(here.get(one).text, "看记录")[0]).text
    assert "其中 1 条不在您的管辖范围内" in page
    assert f"/case/{world.closed_case}" not in page


def test_a_rate_shows_those_that_count_and_the_rest(app: Flask, world: World) -> None:
    settled(app, world.closed_case, world.mediating_case)
    with app.app_context():
        db.session.get_one(Case, world.mediating_case).result = "2"
        item = db.session.get_one(Standard, world.draft_standard).items[1]
        item.measure, item.threshold = Measure.SUCCESS_RATE, Decimal(85)
        number = item.id
        db.session.commit()
    here = named(app, world, "bureau_county")
    base = f"/standard/{world.draft_standard}/trial/{world.colleague_mediator}"
    assert "50%（1/2）" in here.get(f"{base}?until=2026-11-01").text
    page = here.get(f"{base}/{number}?until=2026-11-01").text
    assert f"/case/{world.closed_case}" in page
    assert f"/case/{world.mediating_case}" not in page
    rest = here.get(f"{base}/{number}?until=2026-11-01&rest=1").text
    assert f"/case/{world.mediating_case}" in rest


def test_doors_of_the_dry_run(app: Flask, world: World) -> None:
    director = named(app, world, "director")
    assert director.get(f"/standard/{world.standard}/trial").status_code == 403
    office = named(app, world, "office")
    assert office.get(f"/standard/{world.draft_standard}/trial").status_code == 404
    here = f"/standard/{world.standard}/trial"
    assert office.get(here).status_code == 200
    assert office.get(f"{here}/{world.other_mediator}").status_code == 404
    assert office.get(f"{here}/{world.mediator}/999999").status_code == 404
    assert office.get(f"{here}?unit={world.far_county}").status_code == 404
    assert "看不懂" in office.get(f"{here}?until=昨天").text


def test_the_sheet_of_a_dry_run(app: Flask, world: World) -> None:
    settled(app, world.closed_case)
    here = named(app, world, "bureau_county")
    here.get(f"/standard/{world.draft_standard}/trial")
    answer = here.post(f"/standard/{world.draft_standard}/trial/sheet?until=2026-11-01")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "调解员,所属单位,得分,达到等级,下一级还差什么,结案,结案（三级）,矛盾激化"
    assert lines[1].startswith("刘洋,桃园社区人民调解委员会,0,四级,三级：结案还差 49 件,1,1,0")
    assert len(lines) == 5


def test_many_are_tried_by_the_worker(app: Flask, world: World) -> None:
    with app.app_context():
        db.session.add(Parameter(setting=Setting.JOB_ROWS, value="1", valid_from=date(2020, 1, 1)))
        db.session.commit()
    here = named(app, world, "bureau_county")
    page = here.get(f"/standard/{world.standard}/trial").text
    assert "交给后台试算" in page
    answer = here.post(f"/standard/{world.standard}/trial/sheet")
    assert answer.status_code == 302
    work_off(app)
    with app.app_context():
        job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert job is not None
        assert (job.phase, job.words) == (Phase.DONE, "未达到 4")
        number = job.id
    sheet = here.post(f"/jobs/{number}/file")
    assert len(sheet.data.decode("utf-8-sig").splitlines()) == 5


def test_a_standard_reads_in_sentences_and_tells_its_editions(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    page = here.get(f"/standard/{world.standard}").text
    assert "不低于 50 件" in page
    assert "已结案、已归档，结案日期在统计期间的案件" in page
    answer = here.post(f"/standard/{world.standard}/copy")
    assert answer.status_code == 302
    with app.app_context():
        new = db.session.scalars(select(Standard).order_by(Standard.id.desc())).first()
        assert new is not None
        number = new.id
    page = here.get(f"/standard/{number}").text
    assert "这是第 2 版，由第 1 版另存" in page
    assert f'href="/standard/{world.standard}' in page
    assert "到这一版生效的前一天为止" in here.get(f"/standard/{number}/step/publish").text


def test_two_levels_are_told_apart_in_the_draft(app: Flask, world: World) -> None:
    """The form says beside the field what is wrong."""
    with app.app_context():
        standard = db.session.get_one(Standard, world.draft_standard)
        standard.levels.append(StandardLevel(name="二级", rank=3))
        db.session.commit()
    here = named(app, world, "bureau_county")
    page = here.get(f"/standard/{world.draft_standard}").text
    assert "二级" in page
