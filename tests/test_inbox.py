"""The inbox: for every person and group, what is listed opens, its act is open, and nothing is left out."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.areas import posts_of
from admin_app.models.cases import Case
from admin_app.models.circulars import Receipt
from admin_app.models.deadlines import Deadline
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.referrals import Referral
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import clocks, deadlines, inbox, records
from admin_app.operations.inbox import ACT, GROUP, RECHECK_AHEAD, Group
from admin_app.operations.lives import LIVES
from admin_app.rules.cases import Stage
from admin_app.rules.circulars import CircularState
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.evaluations import EvaluationState as S
from admin_app.rules.referrals import ReferralState
from admin_app.rules.tiers import Tier, ancestors, tier_of
from admin_app.rules.visits import WAITING
from tests.web import Browser, named
from tests.world import PEOPLE, World

MOST = 1000
WORKERS = [who for who in PEOPLE if who not in ("inactive",)]


def stretch(session: Session, world: World) -> None:
    """Deadlines of every kind, late and near, near and far; and states that the world has none of."""
    for name, days in (("mediating_case", -4), ("far_case", -2), ("other_case", 1), ("township_case", 2)):
        case = session.get_one(Case, getattr(world, name))
        clocks.of_case(session, case, DeadlineKind.FINISH, today() + timedelta(days=days))
    settled = session.get_one(Case, world.settled_case)
    clocks.of_case(session, settled, DeadlineKind.FOLLOW_UP, today() - timedelta(days=1))
    clocks.of_case(session, settled, DeadlineKind.CONFIRM, today() + timedelta(days=3))
    gone = session.get_one(Case, world.removed_case)
    clocks.of_case(session, gone, DeadlineKind.FINISH, today() - timedelta(days=9))
    session.get_one(Case, world.township_case).mediators.clear()
    for name, kind in (("sent", "sign"), ("crossing", "sign"), ("far", "answer")):
        referral = session.get_one(Referral, getattr(world, f"{name}_referral"))
        clocks.of_referral(session, referral, DeadlineKind(kind), today() - timedelta(days=1))
    draft = session.get_one(Referral, world.draft_referral)
    setattr(draft, "state", ReferralState.ANSWERED)  # noqa: B010
    for word, name, kind in (
        ("assistance", "joint_assistance", clocks.of_assistance),
        ("assistance", "expert_assistance", clocks.of_assistance),
        ("hand_over", "hand_over", clocks.of_hand_over),
    ):
        kind(session, session.get_one(REGISTERS[word].model, getattr(world, name)), today())
    session.get_one(Visit, world.visit).opinion = WAITING
    clocks.of_urging(session, session.get_one(REGISTERS["urging"].model, world.urging))
    session.flush()


@pytest.fixture
def stretched(looking: Session, world: World) -> Session:
    stretch(looking, world)
    return looking


@pytest.fixture
def there(app: Flask, world: World) -> Flask:
    with app.app_context():
        stretch(db.session, world)
        db.session.commit()
    return app


# ------------------------------------------------------------------ counted again in memory


def live(session: Session, word: str) -> list[Any]:
    model = REGISTERS[word].model
    return list(session.scalars(select(model).where(model.removed_at.is_(None)).order_by(model.id)))


def takes(user: User, word: str, step: str, record: Any) -> bool:
    """Whether this person may take the step on this record now; own cases only for mediators."""
    if word == "visit":
        if record.opinion != WAITING or record.case_id is not None:
            return False
    elif (word, step) == ("circular", "read"):
        if record.state is not CircularState.SENT:
            return False
    elif step in LIVES[word].steps:
        if LIVES[word].stands(record) not in LIVES[word].steps[step].sources:
            return False
    elif record.stage not in (Stage.ACCEPTED, Stage.MEDIATING):
        return False
    own = word != "case" or policy.may(user, "case.edit", record)
    return own and policy.may(user, f"{word}.{step}", record)


def expected(session: Session, user: User, group: Group) -> list[int]:
    awaited = {
        (each.word, each.record_id, each.kind): each
        for each in session.scalars(select(Deadline).where(Deadline.done_at.is_(None)))
    }

    def late_elsewhere(record: Any) -> bool:
        kinds = (DeadlineKind.SIGN, DeadlineKind.ANSWER)
        rows = [awaited.get(("referral", record.id, kind)) for kind in kinds]
        late = any(row is not None and row.due_on < today() for row in rows)
        running = record.state in (ReferralState.SENT, ReferralState.RECEIVED)
        theirs = policy.may(user, "referral.close", record) and not policy.may(
            user, "referral.answer", record
        )
        return late and running and theirs

    def waits(record: Any) -> bool:
        if group.name == "elsewhere":
            return late_elsewhere(record)
        if not takes(user, group.word, group.step, record):
            return False
        match group.name:
            case "assign":
                return record.stage in (Stage.ACCEPTED, Stage.MEDIATING) and not record.mediators
            case "follow_up" | "confirm":
                row = awaited.get(("case", record.id, DeadlineKind(group.name)))
                return row is not None and (group.name == "follow_up" or row.due_on >= today())
            case "screen" | "settle_find":
                own = {post.committee_id for post in user.posts} - {None}
                offices = {post.unit_id for post in user.posts if post.committee_id is None}
                return record.committee_id in own or record.unit_id in offices
            case "review":
                return ancestors(record.path)[-1] in {post.path for post in user.posts}
            case "warned":
                held = list(posts_of(user))
                committees = {post.committee_id for post in held} - {None}
                offices = {post.unit_id for post in held if post.committee_id is None}
                here = record.committee_id in committees and record.owner_id == record.unit_id
                return here or record.owner_id in offices
            case "task":
                alone = record.person_id is None and record.unit_id in {post.unit_id for post in user.posts}
                return alone or record.person_id == user.id
            case "invited":
                mine = {post.unit_id for post in user.posts}
                asked = {each.unit_id for each in record.members} & mine
                return bool(asked) and record.held_on >= today() and not record.replies
            case "minute":
                return bool(record.held_on <= today())
            case "circular":
                owed = select(Receipt.unit_id).where(Receipt.circular_id == record.id)
                return bool({post.unit_id for post in user.posts} & set(session.scalars(owed)))
            case "train":
                return bool(record.held_until < today())
            case "grant":
                return record.notice_until is not None and record.notice_until < today()
            case "objection":
                return any(each.outcome is None for each in record.objections)
            case "resubmit":
                mine = [post.mediator_id for post in user.posts if post.mediator_id]
                led = [post.committee_id for post in user.posts if not post.mediator_id]
                return record.mediator_id in mine or record.committee_id in led
            case "recheck":
                row = awaited.get(("award", record.id, DeadlineKind.RECHECK))
                return row is not None and row.due_on <= today() + timedelta(days=RECHECK_AHEAD)
            case "self_score" | "to_score" | "to_appraise" | "publish_plan" | "close_plan":
                return evaluated(session, user, group.name, record)
        return True

    return [each.id for each in live(session, group.word) if waits(each)]


def evaluated(session: Session, user: User, name: str, record: Any) -> bool:
    """What waits in a round of evaluation: of an office all below it, of others the people of their unit."""
    if name == "close_plan":
        return bool(record.appeal_until < today())
    if name == "publish_plan":
        mine = (each for each in live(session, "evaluation") if each.plan_id == record.id)
        return all(each.state not in (S.DRAWN, S.SELF_SCORED) for each in mine)
    plan = session.get_one(EvaluationPlan, record.plan_id)
    asked = plan.self_until is not None and plan.self_until >= today()
    if name == "self_score":
        return record.state is S.DRAWN and asked
    low = (Tier.TOWNSHIP, Tier.VILLAGE)
    near = any(
        record.is_under(post.path) if tier_of(post.path) in low else record.unit_id == post.unit_id
        for post in user.posts
    )
    ready = record.state is S.SELF_SCORED or not asked
    return near and (record.state is S.REVIEWED if name == "to_appraise" else ready)


def expected_deadlines(session: Session, user: User, late: bool) -> set[int]:
    found = set()
    for each in session.scalars(select(Deadline).where(Deadline.done_at.is_(None))):
        left = (each.due_on - today()).days
        word, step = ACT[each.kind]
        if late and each.kind is DeadlineKind.CONFIRM:
            continue  # it is over, nobody is late
        record = deadlines.things(session, [each]).get(each.id)
        if (left < 0 if late else 0 <= left <= 3) and record and takes(user, word, step, record):
            found.add(each.id)
    return found


def test_the_inbox_holds_what_a_plain_recomputation_finds(
    stretched: Session, person: Callable[[str], User]
) -> None:
    filled = set()
    for who in WORKERS:
        user = person(who)
        counts = inbox.counts(stretched, user, MOST)
        for name, group in GROUP.items():
            wanted = expected(stretched, user, group)
            assert counts.get(name, 0) == len(wanted), (who, name)
            assert sorted(stretched.scalars(inbox.waiting(user, group)), key=lambda e: e.id) == [
                stretched.get_one(group.model, each) for each in wanted
            ]
            filled |= {name} if wanted else set()
        for name, query in (("late", inbox.late), ("soon", inbox.soon)):
            wanted_ids = expected_deadlines(stretched, user, name == "late")
            assert {each.id for each in stretched.scalars(query(user))} == wanted_ids, (who, name)
            assert counts[name] == len(wanted_ids)
            filled |= {name} if wanted_ids else set()
    rare = {"approve", "urging", "train", "objection", "resubmit", "publish", "recheck"}
    rare |= {"invited", "major_final", "warning", "typical"}
    rare |= {"self_score", "appealed", "to_appraise", "publish_plan", "close_plan"}
    rare |= {"subsidy_notice", "subsidy_pay", "subsidy_review"}
    assert {*GROUP, "late", "soon"} - filled <= rare, "the world fills too little"


def test_the_menu_counts_what_is_to_be_done_once(stretched: Session, person: Callable[[str], User]) -> None:
    for who in WORKERS:
        user = person(who)
        acts = sum(len(expected(stretched, user, each)) for each in GROUP.values() if not each.watches)
        ahead = expected_deadlines(stretched, user, True) | expected_deadlines(stretched, user, False)
        rows = [stretched.get_one(Deadline, each) for each in ahead]
        acts += sum(each.kind is DeadlineKind.FINISH for each in rows)
        assert inbox.total(stretched, user, MOST) == acts, who


def test_the_menu_follows_a_change_of_post_or_unit_at_once(
    stretched: Session, person: Callable[[str], User]
) -> None:
    """The question is kept while a person's standing is the same, and no longer."""
    user, other = person("office"), person("other_office")
    was = inbox.total(stretched, user, MOST)
    assert was not in (0, inbox.total(stretched, other, MOST))
    user.posts[0].unit = other.posts[0].unit
    stretched.flush()
    assert inbox.total(stretched, user, MOST) == inbox.total(stretched, other, MOST)
    user.active = False
    assert inbox.total(stretched, user, MOST) == 0


def test_counts_stop_just_beyond_what_is_shown(stretched: Session, person: Callable[[str], User]) -> None:
    assert inbox.counts(stretched, person("bureau_city"), 1)["accept"] == 2


def test_all_counts_cost_one_statement(stretched: Session, person: Callable[[str], User]) -> None:
    user, sent = person("bureau_county"), []
    assert user.posts
    connection = stretched.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: sent.append(given[2]))
    inbox.counts(stretched, user, MOST)
    inbox.total(stretched, user, MOST)
    assert len(sent) == 2


# ------------------------------------------------------------------ as the person meets it


def links(page: str) -> Iterator[tuple[str, str]]:
    """(address of the thing, address of the act) of every row."""
    for row in re.findall(r'<a class="thing".*?</li>', page, re.S):
        thing, act = re.findall(r'href="([^"]+)"', row)
        yield unescape(thing), unescape(act)


@pytest.mark.parametrize("who", WORKERS)
def test_every_row_opens_and_its_act_is_open(there: Flask, world: World, who: str) -> None:
    here = named(there, world, who)
    answer = here.get("/")
    if answer.status_code == 403:
        assert who == "nobody"
        return
    pages = [answer.text, here.get("/inbox/late").text, here.get("/inbox/soon").text]
    for thing, act in {each for page in pages for each in links(page)}:
        assert here.get(thing).status_code == 200, thing
        assert here.get(act).status_code == 200, act


@pytest.mark.parametrize("who", ["owner", "director", "office", "bureau_county", "expert", "two_posts"])
def test_a_group_leads_to_the_list_of_just_those(there: Flask, world: World, who: str) -> None:
    here = named(there, world, who)
    groups = re.findall(r'<a href="([^"]+)">(\S+) <span class="count">(\d+)</span>', here.get("/").text)
    assert groups
    for url, label, count in groups:
        if label == "通知未读":
            assert url == "/notices/?unread=1"
            continue
        page = here.get(unescape(url)).text
        if "/inbox/" in url:
            assert len(list(links(page))) == int(count)
        else:
            assert f"只列出<strong>{label}</strong>的" in page
            assert f"，共 {count} 条</caption>" in page


def test_the_menu_says_how_much(there: Flask, world: World) -> None:
    page = named(there, world, "office").get("/case/").text
    assert re.search(r'<a href="/">待办 <span class="count">\d+</span>', page)


def said(here: Browser, url: str) -> str | None:
    """What the menu of a page says beside 待办."""
    found = re.search(r'待办 <span class="count">(\d+)</span>', here.get(url).text)
    return found[1] if found else None


def removed(world: World, who: str) -> Callable[[Session], None]:
    """Somebody takes the case away for which another is waited."""

    def act(session: Session) -> None:
        records.remove(
            session, session.get_one(User, getattr(world, who)), session.get_one(Case, world.unassigned_case)
        )

    return act


def done(app: Flask, act: Callable[[Session], None]) -> None:
    with app.app_context():
        act(db.session)
        db.session.commit()


def test_the_menu_counts_anew_on_the_first_page(there: Flask, world: World) -> None:
    here = named(there, world, "office")
    was = said(here, "/case/")
    done(there, removed(world, "director"))
    assert said(here, "/case/") == was, "others' work shows a little later"
    less = said(here, "/")
    assert int(less or 0) == int(was or 0) - 1
    assert said(here, "/case/") == less


def test_the_menu_counts_anew_when_its_count_is_old(
    there: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = named(there, world, "office")
    was = said(here, "/case/")
    done(there, removed(world, "director"))
    monkeypatch.setattr("admin_app.views.inbox.COUNTED_SECONDS", 0)
    assert said(here, "/case/") != was


def test_the_menu_counts_anew_after_an_act_whichever_process_served_it(there: Flask, world: World) -> None:
    """A process knows nothing of what was done in another; the person carries when they acted last."""
    here = named(there, world, "office")
    was = said(here, "/case/")
    kept = dict(there.extensions["inbox"])
    assert here.post(f"/case/{world.unassigned_case}/remove").status_code == 302
    there.extensions["inbox"] = kept
    assert said(here, "/case/") != was


def test_an_empty_inbox_says_so_kindly(app: Flask, world: World) -> None:
    page = named(app, world, "auditor").get("/").text
    assert "眼下没有要办的事" in page
    assert not re.search(r'待办 <span class="count">', page)


def test_both_sides_of_a_late_referral_see_it_red(there: Flask, world: World) -> None:
    for who in ("director", "office"):
        page = named(there, world, who).get(f"/referral/{world.sent_referral}").text
        assert re.search(r'<p class="note bad">[^<]*签收期限', page), who
    page = named(there, world, "director").get("/").text
    group = re.search(r'<h2 id="inbox-elsewhere".*?</section>', page, re.S)
    assert group, "对方已超期 is not there"
    assert str(today() - timedelta(days=1)) in group[0], (
        "to be signed for by then, whenever it is to be answered"
    )


@pytest.mark.parametrize(
    ("url", "status"),
    [("/inbox/nothing", 404), ("/inbox/", 302), ("/inbox/receive", 302), ("/inbox/late?page=9", 200)],
)
def test_the_pages_of_the_inbox(there: Flask, world: World, url: str, status: int) -> None:
    assert named(there, world, "office").get(url).status_code == status


def test_a_group_of_another_register_or_right_is_ignored_and_said(there: Flask, world: World) -> None:
    def ignored(here: Browser, url: str) -> bool:
        return "没有这一类待办，已显示全部。" in here.get(url).text

    assert ignored(named(there, world, "office"), "/case/?todo=receive")
    assert ignored(named(there, world, "office"), "/case/?todo=%00")
    assert ignored(named(there, world, "inspector"), "/case/?todo=accept")
    assert not ignored(named(there, world, "office"), "/case/?todo=accept")
