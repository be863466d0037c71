"""The network against Jinhua's targets: a city made to the text of S1, on the page and in the ledgers.

2018: 每个县（市、区）培育个人品牌调解工作室3个以上；2019: 10个以上；2020年底: 每个乡镇（街道）至少1个
专职1000名以上，其中政府购买服务300名；每个行专调委会3名以上，工作室1名以上，每个乡镇2名以上，30%以上的村1名以上
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin_app.exports import reading
from admin_app.exports.columns import labels
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.registry import REGISTERS
from admin_app.models.staffing_targets import StaffingTarget
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import network as net
from admin_app.operations import records, studios
from admin_app.operations.given import Given
from admin_app.operations.network import Line
from admin_app.rules.awards import AwardState
from admin_app.rules.committees import DIRECTOR, CommitteeStatus
from admin_app.rules.dates import today
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.refusals import NotAllowed, NotSeen, RecordRefused
from admin_app.rules.staffing import BRAND_STUDIO, TRADE, TRADE_STUDIO, Aim, Key
from admin_app.rules.standards import StandardKind
from admin_app.rules.tiers import Tier, path_of
from seed.bulk import add
from seed.staffing import TARGETS
from tests.web import browser, named
from tests.world import World

Person = Callable[[str], User]
TARGET = REGISTERS["staffing_target"]

COUNTIES = Key(Aim.STUDIOS, tier=Tier.COUNTY)
TOWN_STUDIOS = Key(Aim.STUDIOS, tier=Tier.TOWNSHIP)
TRADES = Key(Aim.EACH_COMMITTEE, TRADE)
IN_STUDIOS = Key(Aim.EACH_COMMITTEE, BRAND_STUDIO)
IN_TRADE_STUDIOS = Key(Aim.EACH_COMMITTEE, TRADE_STUDIO)
IN_TOWNS = Key(Aim.EACH_UNIT, tier=Tier.TOWNSHIP)
VILLAGES = Key(Aim.SHARE, tier=Tier.VILLAGE)
ALL, PURCHASED = Key(Aim.ALL), Key(Aim.PURCHASED)


@dataclass
class City:
    """A city by the text: `good` has all that is asked of a county, `poor` lacks one of everything."""

    top: Unit
    good: Unit
    poor: Unit
    towns: list[Unit]
    user: User
    rooms: dict[str, Committee]
    ids: dict[str, int]  # known without asking the database again


class _Builder:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.rooms: dict[str, Committee] = {}

    def unit(self, name: str, code: str, tier: Tier, parent: Unit | None) -> Unit:
        path = path_of(parent.path if parent else "", code)
        unit = Unit(name=name, code=code, tier=tier, parent_id=parent.id if parent else None, path=path)
        self.session.add(unit)
        self.session.flush()
        return unit

    def room(self, name: str, unit: Unit, kind: str, full: int = 0, part: int = 0, bought: int = 0) -> None:
        """A committee at work, with so many full-time people, of them purchased, and part-time ones."""
        room = Committee(name=name, unit_id=unit.id, path=unit.path, kind=kind, status=CommitteeStatus.ACTIVE)
        self.session.add(room)
        self.session.flush()
        self.rooms[name] = room
        for number in range(full + part):
            self.session.add(
                Mediator(
                    name=f"{name}{number}",
                    sex="1",
                    committee_id=room.id,
                    unit_id=unit.id,
                    path=unit.path,
                    status=MediatorStatus.APPOINTED,
                    full_time="01" if number < full else "02",
                    position=DIRECTOR if number == 0 else "01",
                    purchased=number < bought,
                )
            )


def build(session: Session) -> City:
    """Two counties of two townships of ten villages."""
    make = _Builder(session)
    top = make.unit("金市", "330900", Tier.CITY, None)
    counties = [make.unit(name, f"33090{n}", Tier.COUNTY, top) for n, name in ((1, "足县"), (2, "缺县"))]
    towns = []
    for county in counties:
        good = county is counties[0]
        make.room(f"{county.name}医调", county, TRADE, full=3)
        make.room(f"{county.name}物调", county, TRADE, full=3 if good else 2, part=5)
        make.room(f"{county.name}驻法院工作室", county, TRADE_STUDIO, full=1 if good else 0, part=1)
        for n in range(1, 9):
            make.room(f"{county.name}工作室{n}", county, BRAND_STUDIO, full=1 if good or n > 1 else 0)
        for n in (1, 2):
            town = make.unit(f"{county.name}{n}镇", f"{county.code}10{n}", Tier.TOWNSHIP, county)
            towns.append(town)
            make.room(f"{town.name}调委会", town, "03", full=2 if good or n == 1 else 1, part=3, bought=1)
            if good or n == 1:
                make.room(f"{town.name}工作室", town, BRAND_STUDIO, full=1)
            staffed = 3 if good or n == 1 else 2
            for v in range(10):
                village = make.unit(f"{town.name}{v}村", f"{town.code}{200 + v}", Tier.VILLAGE, town)
                make.room(f"{village.name}调委会", village, "01", full=1 if v < staffed else 0, part=1)
    user = User(username="jin", name="金", password_hash="x", must_change_password=False, session_stamp="jin")
    user.posts = [Post(role=Role.BUREAU, unit=top)]
    session.add(user)
    add(session, StaffingTarget, [{"unit_id": top.id, "path": top.path, **row} for row in TARGETS])
    session.flush()
    ids = {"top": top.id, "good": counties[0].id, "poor": counties[1].id, "user": user.id}
    session.commit()
    return City(top, counties[0], counties[1], towns, user, make.rooms, ids)


@pytest.fixture
def city(session: Session) -> City:
    return build(session)


def lines(session: Session, city: City, year: int, unit: Unit | None = None) -> dict[str, Line]:
    network = net.read(session, city.user, unit or city.top, year)
    return {each.label: each for each in net.lines(network)}


def told(line: Line) -> dict[Key, tuple[int, int, int]]:
    """Of how many it is said, how many have it, what is wanting."""
    return {each.key: (each.asked_of, each.reached, each.gap) for each in line.standings if each.needs}


# ---------------------------------------------------------------- the text of S1, year by year


def test_in_2018_every_county_fosters_three_studios(session: Session, city: City) -> None:
    assert told(lines(session, city, 2018)["合计"]) == {COUNTIES: (2, 2, 0)}


def test_in_2019_every_county_fosters_ten(session: Session, city: City) -> None:
    found = lines(session, city, 2019)
    assert told(found["合计"]) == {COUNTIES: (2, 1, 1)}
    assert told(found["缺县"]) == {COUNTIES: (1, 0, 1)}  # nine: eight of its own and its first township's


def test_by_the_end_of_2020_all_of_it_is_asked(session: Session, city: City) -> None:
    found = lines(session, city, 2020)
    assert told(found["合计"]) == {
        COUNTIES: (2, 1, 1),
        TOWN_STUDIOS: (4, 3, 1),
        TRADES: (4, 3, 1),
        IN_STUDIOS: (19, 18, 1),
        IN_TRADE_STUDIOS: (2, 1, 1),
        IN_TOWNS: (4, 3, 1),
        VILLAGES: (40, 11, 1),  # 30% of forty are twelve
        ALL: (1, 0, 1000 - 48),
        PURCHASED: (1, 0, 296),
    }


def test_a_county_that_has_everything_lacks_nobody(session: Session, city: City) -> None:
    found = lines(session, city, 2020)
    assert {gap for _, _, gap in told(found["足县"]).values()} == {0}
    assert found["足县"].people_short == 0
    assert told(found["缺县"]) == {
        COUNTIES: (1, 0, 1),
        TOWN_STUDIOS: (2, 1, 1),
        TRADES: (2, 1, 1),
        IN_STUDIOS: (9, 8, 1),
        IN_TRADE_STUDIOS: (1, 0, 1),
        IN_TOWNS: (2, 1, 1),
        VILLAGES: (20, 5, 1),  # six of twenty
    }
    assert found["缺县"].people_short == 5


def test_the_targets_go_on_after_the_plan(session: Session, city: City) -> None:
    now = lines(session, city, today().year)
    assert told(now["合计"]) == told(lines(session, city, 2020)["合计"])


def test_a_county_that_asks_more_of_itself_is_judged_by_that(session: Session, city: City) -> None:
    own = {"aim": Aim.EACH_UNIT, "tier": Tier.TOWNSHIP, "number": 3, "year": 2020, "least": 1}
    session.add(StaffingTarget(unit=city.good, path=city.good.path, **own))
    session.flush()
    found = lines(session, city, 2020)
    assert told(found["足县"])[IN_TOWNS] == (2, 0, 2)
    assert told(found["缺县"])[IN_TOWNS] == (2, 1, 1)


def test_whoever_is_off_the_roster_or_works_elsewhere_counts_for_nobody(session: Session, city: City) -> None:
    town = city.rooms["足县1镇调委会"]
    people = session.query(Mediator).filter_by(committee_id=town.id, full_time="01").order_by(Mediator.id)
    people[0].status = MediatorStatus.SUSPENDED
    session.flush()
    assert told(lines(session, city, 2020)["足县"])[IN_TOWNS] == (2, 1, 1)


def test_a_past_year_is_reckoned_from_the_appointments_of_then(session: Session, city: City) -> None:
    town = city.rooms["足县1镇调委会"]
    person = session.query(Mediator).filter_by(committee_id=town.id, full_time="01").first()
    assert person is not None
    person.appointments.append(Appointment(since=date(2022, 1, 1)))
    session.flush()
    assert told(lines(session, city, 2021)["足县"])[IN_TOWNS] == (2, 1, 1)
    assert told(lines(session, city, 2022)["足县"])[IN_TOWNS] == (2, 2, 0)


def test_a_dissolved_committee_asks_and_counts_nothing(session: Session, city: City) -> None:
    city.rooms["缺县物调"].status = CommitteeStatus.DISSOLVED
    session.flush()
    assert told(lines(session, city, 2020)["合计"])[TRADES] == (3, 3, 0)


# ---------------------------------------------------------------- who sees what


def test_an_office_sees_its_own_township_and_nothing_above(session: Session, city: City) -> None:
    city.user.posts[0].unit, city.user.posts[0].role = city.towns[3], Role.OFFICE
    session.flush()
    found = told(lines(session, city, 2020, city.towns[3])["合计"])
    assert found == {TOWN_STUDIOS: (1, 0, 1), IN_TOWNS: (1, 0, 1), VILLAGES: (10, 2, 1)}
    for unit in (city.top, city.poor, city.towns[2]):
        with pytest.raises(NotSeen):
            lines(session, city, 2020, unit)


# ---------------------------------------------------------------- the page


def rows_of(page: str) -> dict[str, list[str]]:
    """The rows of a page's tables by their first cell, in words."""
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S):
        cells = [
            re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", cell))).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        found.setdefault(cells[0], cells[1:])
    return found


def test_the_page_tells_what_the_text_asks(app: Flask, city: City) -> None:
    page = browser(app, city.ids["user"]).get("/network/?year=2020").text
    rows = rows_of(page)
    assert rows["每个乡镇（街道）的专职调解员"] == ["至少 2 人", "没达标", "1 人", "4", "3", "8 人", "7 人"]
    assert rows["每个行业性专业性调委会的专职调解员"][:4] == ["至少 3 人", "没达标", "1 人", "4"]
    assert rows["每个县（市、区）的个人品牌调解工作室"][2:] == ["1 个", "2", "1", "20 个", "19 个"]
    assert rows["有专职调解员的村（社区）"][2:] == ["1 个", "40", "11（27.5%）", "12 个", "11 个"]
    assert rows["专职调解员总数"][2:] == ["952 人", "1", "0", "1,000 人", "48 人"]
    assert rows["足县"][0] == "全部达标"
    assert rows["缺县"][0] == "还缺 5 人"


def test_before_its_year_a_target_is_told_as_one_to_come(app: Flask, city: City) -> None:
    page = browser(app, city.ids["user"]).get("/network/?year=2018").text
    assert "到 2020 年年底：每个乡镇（街道）的专职调解员，至少 2 人" in page
    assert "每个乡镇（街道）的专职调解员" not in rows_of(page)


def test_each_gap_leads_to_the_very_committees(app: Flask, city: City) -> None:
    seen = browser(app, city.ids["user"])
    page = unescape(seen.get(f"/network/?year=2020&unit={city.ids['poor']}").text)
    wanting = {}
    for url in dict.fromkeys(re.findall(r'class="seal" href="([^"]+)"', page)):
        if f"unit={city.ids['poor']}&" in url:
            rows = rows_of(seen.get(url).text)
            wanting[re.search(r"goal=([^&]+)", url)[1]] = list(rows)[1:]  # type: ignore[index]
    villages = [f"缺县{n}镇{v}村" for n in (1, 2) for v in range(10) if v >= (3 if n == 1 else 2)]
    assert wanting == {
        "each_committee.06.": ["缺县物调"],
        "each_committee.07.": ["缺县工作室1"],
        "each_committee.08.": ["缺县驻法院工作室"],
        "each_unit..township": ["缺县2镇"],
        "share..village": villages,
        "studios..county": ["缺县"],
        "studios..township": ["缺县2镇"],
    }


def test_a_goal_or_number_that_nobody_knows_is_404(app: Flask, city: City) -> None:
    seen = browser(app, city.ids["user"])
    for url in ("needs?goal=x", "needs?goal=studios..moon", "needs", "committees?figure=x", "?unit=99999999"):
        assert seen.get(f"/network/{url}").status_code == 404


def test_a_year_that_makes_no_sense_is_this_one(app: Flask, city: City) -> None:
    page = browser(app, city.ids["user"]).get("/network/?year=12345").text
    assert "看不懂" in page
    assert f"{today().year} 年要做到的" in page


def test_mediators_have_no_such_page(app: Flask, world: World) -> None:
    for who in ("owner", "director", "auditor", "sysadmin", "expert"):
        assert named(app, world, who).get("/network/").status_code == 403
    for who in ("office", "bureau_county", "inspector"):
        for page in ("", "studios", "norms"):
            assert named(app, world, who).get(f"/network/{page}").status_code == 200


# ---------------------------------------------------------------- the ledgers


def sheet(session: Session, city: City, name: str, **asked: object) -> list[dict[str, object]]:
    wish = Asked(unit=city.top, until=date(2020, 12, 31), **asked)  # type: ignore[arg-type]
    found = reading.read(session, city.user, LEDGERS[name], wish)
    heads = labels(found.ledger.columns)
    return [dict(zip(heads, row.cells, strict=True)) for row in reading.rows(found)]


def test_the_ledger_tells_the_same_as_the_page(session: Session, city: City) -> None:
    rows = {row["单位"]: row for row in sheet(session, city, "staffing")}
    assert list(rows) == ["足县", "缺县", "合计"]
    total, poor = rows["合计"], rows["缺县"]
    for said, numbers in (
        ("每个县（市、区）的个人品牌调解工作室", (2, 1, 1)),
        ("每个乡镇（街道）的个人品牌调解工作室", (4, 3, 1)),
        ("每个行业性专业性调委会的专职调解员", (4, 3, 1)),
        ("每个个人品牌调解工作室的专职调解员", (19, 18, 1)),
        ("每个乡镇（街道）的专职调解员", (4, 3, 1)),
        ("有专职调解员的村（社区）", (40, 11, 1)),
    ):
        assert tuple(total[f"{said}{what}"] for what in ("应达标", "已达标", "还缺")) == numbers
    totals = [total[f"专职调解员总数{what}"] for what in ("要求", "现有", "还缺")]
    assert totals == [1000, 48, 952]
    assert [total[f"其中政府购买服务{what}"] for what in ("要求", "现有", "还缺")] == [300, 4, 296]
    assert poor["专职调解员总数要求"] is None


def test_the_ledger_names_everybody_who_falls_short(session: Session, city: City) -> None:
    rows = sheet(session, city, "staffing-short")
    assert sum(1 for row in rows if row["目标"] == "有专职调解员的村（社区）") == 29
    assert [row["单位或调委会"] for row in rows if row["目标"] == "每个乡镇（街道）的专职调解员"] == [
        "缺县2镇"
    ]
    assert {row["还缺"] for row in rows if row["目标"] == "专职调解员总数"} == {952}


# ---------------------------------------------------------------- studios


def test_a_studio_shows_whether_its_founder_qualifies(
    session: Session, app: Flask, city: City, world: World
) -> None:
    """Four stars, five years, twenty cases a year: here the cases are wanting."""
    room = city.rooms["足县工作室1"]
    founder = session.query(Mediator).filter_by(committee_id=room.id, position=DIRECTOR).one()
    founder.started_on = today() - timedelta(days=6 * 366)
    like = session.get_one(AwardApplication, world.granted_award)
    star = AwardApplication(
        kind=StandardKind.STAR,
        whom=founder.name,
        standard_id=like.standard_id,
        mediator_id=founder.id,
        committee_id=room.id,
        unit_id=room.unit_id,
        path=room.path,
        level="四星",
        rank=4,
        state=AwardState.GRANTED,
        applied_on=today(),
        decided_path=room.path,
    )
    session.add(star)
    session.commit()
    network = net.read(session, city.user, city.good, today().year)
    [studio] = [
        each
        for each in studios.told(session, studios.of_network(network), today())
        if each.room.body.id == room.id
    ]
    assert [(each.name, each.met) for each in studio.conditions] == [
        ("stars", True),
        ("years", True),
        ("cases", False),
    ]
    assert not studio.qualifies
    name = founder.name
    session.rollback()
    rows = rows_of(browser(app, city.ids["user"]).get(f"/network/studios?unit={city.ids['good']}").text)
    assert rows["足县工作室1"] == [name, "不全符合", "4", "6", "0 ，不够", "1"]
    star.valid_until = today() - timedelta(days=1)
    session.flush()
    assert not studios.told(session, [studio.room], today())[0].conditions[0].met


# ---------------------------------------------------------------- 六统一 and terms


def test_the_six_unities_and_the_terms_are_counted_and_named(
    session: Session, app: Flask, city: City
) -> None:
    whole = list("123456")
    for room in city.rooms.values():
        room.unities, room.term_until = [f"0{n}" for n in whole], today() + timedelta(days=400)
    city.rooms["足县医调"].unities = ["01", "03", "04", "05", "06"]
    city.rooms["缺县医调"].term_until = today() - timedelta(days=1)
    city.rooms["缺县物调"].term_until = today() + timedelta(days=90)
    city.rooms["足县物调"].term_until = None
    session.commit()
    seen = browser(app, city.ids["user"])
    rows = rows_of(seen.get("/network/norms").text)
    assert rows["合计"] == ["69", "19", "68", "1", "1", "1", "1"]
    assert rows["缺县"] == ["34", "9", "34", "0", "1", "1", "0"]
    assert rows_of(seen.get("/network/committees?figure=uneven").text)["足县医调"][0] == "印章"
    for figure, name in (("over", "缺县医调"), ("ending", "缺县物调"), ("undated", "足县物调")):
        assert list(rows_of(seen.get(f"/network/committees?figure={figure}").text))[1:] == [name]
    [county] = [row for row in sheet(session, city, "network-norms") if row["单位"] == "缺县"]
    assert county["调委会和工作室"] == 34


# ---------------------------------------------------------------- setting targets


def given(world: World, **more: object) -> Given:
    values = {"unit_id": world.county, "aim": Aim.EACH_UNIT, "tier": Tier.TOWNSHIP, "number": 2, "year": 2026}
    return Given({**values, "least": 1, **more})


def test_a_bureau_sets_targets_for_its_own_units(session: Session, world: World, person: Person) -> None:
    target = records.create(session, person("bureau_county"), TARGET, given(world))
    assert target.path == session.get_one(Unit, world.county).path
    with pytest.raises((NotAllowed, RecordRefused)):
        records.create(session, person("bureau_county"), TARGET, given(world, unit_id=world.city))
    with pytest.raises(NotAllowed):
        records.create(session, person("office"), TARGET, given(world, unit_id=world.township))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"tier": None}, "tier"),
        ({"kind": TRADE}, "kind"),
        ({"number": 0}, "number"),
        ({"until_year": 2020}, "until_year"),
        ({"year": 1999}, "year"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_beside_its_field(
    session: Session, world: World, person: Person, more: dict[str, object], field: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        records.create(session, person("bureau_county"), TARGET, given(world, **more))
    assert [each.field for each in refused.value.findings] == [field]


def test_the_purchased_share_is_counted_among_the_full_time_alone(session: Session, city: City) -> None:
    part = session.query(Mediator).filter_by(committee_id=city.rooms["足县物调"].id, full_time="02").first()
    assert part is not None
    part.purchased = True
    session.flush()
    [whole] = [
        each for each in net.lines(net.read(session, city.user, city.top, 2020)) if each.label == "合计"
    ]
    [purchased] = [each for each in whole.standings if each.key == PURCHASED]
    assert purchased.there == 4
    assert Decimal(purchased.required) == 300
