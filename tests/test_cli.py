"""Every command: what it does, the line it leaves in the history, and the sentence it has for wrong input."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, Engine, func, select, update
from sqlalchemy.orm import Session

from admin_app import history, migrations
from admin_app.cli import heshi
from admin_app.history import Action
from admin_app.models.cases import Case
from admin_app.models.codes import Code
from admin_app.models.deadlines import Deadline
from admin_app.models.history import Entry
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.operations.daily import CHORES
from admin_app.operations.deadlines import fall_due
from admin_app.operations.users import sign_in
from admin_app.rules.dates import now, today
from admin_app.rules.deadlines import DeadlineKind
from tests.databases import SEAL, open_session
from tests.world import World

Run = Callable[..., Result]
CHINESE = re.compile(r"[\u4e00-\u9fff]{3,}")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[URL], Run]]:
    """`run(url)("policy")`: the command line on this database, in a folder of its own."""
    mask = os.umask(0o077)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HESHI_SECRET_KEY", SEAL.decode())
    monkeypatch.setenv("HESHI_FILES_DIR", str(tmp_path / "files"))

    def on(url: URL) -> Run:
        monkeypatch.setenv("HESHI_DATABASE_URL", url.render_as_string(hide_password=False))
        return lambda *words: CliRunner().invoke(heshi, [str(each) for each in words])

    yield on
    os.umask(mask)


@pytest.fixture
def on_world(run: Callable[[URL], Run], database_url: URL) -> Run:
    return run(database_url)


@pytest.fixture
def on_empty(run: Callable[[URL], Run], empty_engine: Engine) -> Run:
    return run(empty_engine.url)


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    """The sentence of a command that was refused: Chinese, with an exit code, and no traceback."""
    assert result.exit_code not in (0, None)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    assert CHINESE.search(result.output), result.output
    return result.output


def newest(session: Session) -> Entry:
    session.rollback()
    return session.scalars(select(Entry).order_by(Entry.place.desc()).limit(1)).one()


def made(session: Session, username: str) -> User:
    session.rollback()
    return session.scalars(select(User).where(User.username == username)).one()


def cases(session: Session) -> int:
    """How many there are; a session left open would keep the command from writing."""
    count = session.scalar(select(func.count()).select_from(Case))
    session.rollback()
    return count or 0


# ------------------------------------------------------------------ each leaves its line


@pytest.mark.parametrize(
    "words", ["db upgrade", "ledger list", "policy", "history verify", "seed demo", "daily"]
)
def test_a_command_leaves_its_name_in_the_history(on_world: Run, session: Session, words: str) -> None:
    done(on_world(*words.split()))
    line = newest(session)
    assert (line.action, line.title, line.actor_name) == (Action.COMMAND.value, f"heshi {words}", "系统")
    assert history.verify(session) == (history.count(session), None)


def test_a_database_without_tables_is_upgraded_and_the_line_is_its_first(
    on_empty: Run, empty_engine: Engine
) -> None:
    assert "已是最新" in done(on_empty("db", "upgrade"))
    with open_session(empty_engine) as session:
        line = session.scalars(select(Entry)).one()
        assert line.title == "heshi db upgrade"
        assert migrations.newest() in line.note


@pytest.mark.parametrize("words", [["policy"], ["ledger", "list"]])
def test_what_only_prints_needs_no_tables(on_empty: Run, words: list[str]) -> None:
    assert CHINESE.search(done(on_empty(*words)))


@pytest.mark.parametrize(
    "words",
    [
        ["history", "verify"],
        ["seed", "base"],
        ["daily"],
        ["worker"],
        ["seed", "demo"],
        ["user", "create", "a", "--name", "张三", "--role", "office", "--unit", "330702"],
        ["ledger", "export", "case-register", "--as", "county"],
    ],
)
def test_what_needs_tables_says_how_to_make_them(on_empty: Run, words: list[str]) -> None:
    assert "heshi db upgrade" in refused(on_empty(*words))


def test_the_policy_is_printed_for_every_role(on_world: Run) -> None:
    printed = done(on_world("policy"))
    assert all(role.label in printed for role in Role)
    assert "案件：查看 `case.see`" in printed


def test_the_ledgers_are_listed(on_world: Run) -> None:
    assert "case-register\t《调解案件登记册》" in done(on_world("ledger", "list"))


def test_a_broken_chain_is_told_and_the_telling_is_in_the_history(on_world: Run, session: Session) -> None:
    assert "全部完好" in done(on_world("history", "verify"))
    session.execute(update(Entry.__table__).where(Entry.place == 3).values(note="改了历史"))
    session.commit()
    assert "第 3 条被改动过" in refused(on_world("history", "verify"))
    assert newest(session).note == "第 3 条对不上"


# ------------------------------------------------------------------ seeds


def test_a_new_installation_gets_codes_and_units_once(on_empty: Run, empty_engine: Engine) -> None:
    done(on_empty("db", "upgrade"))
    assert "单位 3456 个" in done(on_empty("seed", "base"))
    assert "新装入代码 0 条，节假日 0 天，卷宗要求 0 条，单位 0 个" in done(on_empty("seed", "base"))
    with open_session(empty_engine) as session:
        assert session.scalar(select(func.count()).select_from(Unit)) == 3456
        assert session.scalar(select(func.count()).select_from(Code))
        assert newest(session).title == "装入代码表、节假日和单位"


def test_the_demo_is_not_put_over_data(on_world: Run, session: Session) -> None:
    before = cases(session)
    assert "已有数据" in done(on_world("seed", "demo"))
    assert cases(session) == before


def test_cases_for_measuring_are_made(on_world: Run, session: Session) -> None:
    before = cases(session)
    done(on_world("seed", "scale", "--cases", 20))
    line = newest(session)
    assert (line.title, line.note) == ("装入测速数据", "案件 20 件")
    assert cases(session) == before + 20


# ------------------------------------------------------------------ every day


def days_ago(count: int) -> date:
    return today() - timedelta(days=count)


def wait_for(session: Session, world: World, due_on: date) -> Deadline:
    """A case that should be finished by a day."""
    case = session.get_one(Case, world.mediating_case)
    deadline = fall_due(session, DeadlineKind.FINISH, case, due_on, unit_id=case.unit_id, path=case.path)
    session.commit()
    return deadline


def test_the_days_work_is_done_and_told(on_world: Run, session: Session, world: World) -> None:
    wait_for(session, world, days_ago(1))
    # The clocks that the world's records lack are made up for: of a training, of what a meeting asked for.
    did = {"补上期限": 2, "标出已超期": 1}
    words = f"{today()}：" + "，".join(f"{chore} {did.get(chore, 0)} 件" for chore in CHORES)
    assert words in done(on_world("daily"))
    line = newest(session)
    assert (line.title, line.note) == ("heshi daily", words)
    session.rollback()
    assert "标出已超期 0 件" in done(on_world("daily", "--date", today()))


def test_days_left_out_are_made_up_for(on_world: Run, session: Session, world: World) -> None:
    deadline = wait_for(session, world, days_ago(2))
    assert len(done(on_world("daily", "--from", days_ago(9))).splitlines()) == 10
    assert (deadline.warned_on, deadline.late_on) == (days_ago(5), days_ago(1))
    note = newest(session).note
    assert note.startswith(f"{days_ago(9)} 至 {today()}：")
    assert "提醒快到期 1 件，标出已超期 1 件" in note


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--date", "2999-01-01"), "不能晚于今天"),
        (("--to", "2026-01-01"), "也要写 --from"),
        (("--from", "2026-02-01", "--to", "2026-01-01"), "不能早于"),
        (("--from", "2020-02-01", "--to", "2026-01-01"), "最多补做一年"),
        (("--from", "2026-02-01", "--date", "2026-02-01"), "只写一种"),
        (("--date", "昨天"), "没有“昨天”这个日期"),
    ],
)
def test_a_wrong_day_is_refused_and_nothing_is_done(
    on_world: Run, session: Session, world: World, words: tuple[str, ...], sentence: str
) -> None:
    deadline = wait_for(session, world, days_ago(400))
    assert sentence in refused(on_world("daily", *words))
    assert deadline.late_on is None


# ------------------------------------------------------------------ users


def create(
    run: Run, *more: object, username: str = "newcomer", role: str = "office", unit: str = "330702"
) -> Result:
    return run("user", "create", username, "--name", "新来的", "--role", role, "--unit", unit, *more)


def test_a_user_made_by_the_system_signs_in_with_the_password_told(on_world: Run, session: Session) -> None:
    told = done(create(on_world))
    password = told.rsplit("：", 1)[1].strip()
    assert sign_in(session, "newcomer", password, now()).must_change_password
    session.rollback()
    assert newest(session).actor_name == "系统"


@pytest.mark.parametrize("who", [(), ("--as", "sysadmin")])
def test_a_directors_and_a_mediators_post_name_whom_they_serve(
    on_world: Run, session: Session, world: World, who: tuple[str, ...]
) -> None:
    unit, name = "330702001008", "桃园社区人民调解委员会"
    done(create(on_world, "--committee", name, *who, username="d", role="committee", unit=unit))
    done(
        create(
            *(on_world, "--committee", world.village_committee, "--mediator", world.mediator, *who),
            username="m",
            role="mediator",
            unit=unit,
        )
    )
    director, mediator = made(session, "d").posts[0], made(session, "m").posts[0]
    assert (director.role, director.committee_id, director.unit_id) == (
        Role.COMMITTEE,
        world.village_committee,
        world.village,
    )
    assert (mediator.committee_id, mediator.mediator_id) == (world.village_committee, world.mediator)
    assert newest(session).actor_name == (made(session, "sysadmin").name if who else "系统")


@pytest.mark.parametrize("who", [(), ("--as", "sysadmin")])
def test_a_post_without_what_its_role_needs_is_refused(
    on_world: Run, session: Session, world: World, who: tuple[str, ...]
) -> None:
    assert "调委会" in refused(create(on_world, *who, role="committee"))
    assert "调委会" in refused(create(on_world, *who, "--mediator", world.mediator, role="mediator"))
    only_committee = create(on_world, *who, "--committee", world.village_committee, role="mediator")
    assert "本人" in refused(only_committee)
    assert session.scalar(select(User.id).where(User.username == "newcomer")) is None


@pytest.mark.parametrize("who", [(), ("--as", "sysadmin")])
def test_a_name_that_is_taken_is_refused(on_world: Run, who: tuple[str, ...]) -> None:
    done(create(on_world, *who))
    assert "已经有" in refused(create(on_world, *who))


def test_who_may_not_make_users_may_not_here_either(on_world: Run) -> None:
    assert "没有这项权限" in refused(create(on_world, "--as", "office"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--unit", "999999"), "没有区划代码"),
        (("--unit", "\udcff"), "看得见"),
        (("--name", "长" * 51), "1 至 50"),
        (("--name", " "), "看得见"),
        (("--committee", "没有的调委会"), "没有编号或名称"),
        (("--committee", "99999"), "没有编号或名称"),
        (("--mediator", "99999"), "没有编号为 99999 的调解员"),
        (("--as", "谁也不是"), "没有可用的用户"),
        (("--as", "inactive"), "没有可用的用户"),
    ],
)
def test_wrong_input_for_a_user_is_refused_with_a_sentence(
    on_world: Run, more: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refused(create(on_world, *more))


# ------------------------------------------------------------------ the ledger


def export(run: Run, *more: object, ledger: str = "case-register", who: str = "bureau_county") -> Result:
    return run("ledger", "export", ledger, "--as", who, *more)


def test_a_ledger_is_written_and_the_download_is_the_users(
    on_world: Run, session: Session, tmp_path: Path
) -> None:
    book = tmp_path / "book.xlsx"
    done(export(on_world, "--unit", "330702", "--from", "2026-01-01", "--to", "2026年6月30日", "-o", book))
    assert book.read_bytes()[:2] == b"PK"
    line = newest(session)
    assert (line.action, line.actor_id) == (Action.EXPORT.value, made(session, "bureau_county").id)
    assert "2026年上半年" in line.note


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--from", "2026-02-30"), "没有“2026-02-30”这个日期"),
        (("--to", "明天"), "没有“明天”这个日期"),
        (("--from", "2026-06-30", "--to", "2026-01-01"), "截止日期不能早于起始日期"),
        (("--unit", "999999"), "没有区划代码"),
        (("--unit", "330703001001"), "不在您的管辖范围内"),
        (("--as", "nobody-at-all"), "没有可用的用户"),
        (("--as", "sysadmin"), "没有这项权限"),
        (("-o", "no/such/folder/book.xlsx"), "写不了"),
    ],
)
def test_a_wrong_wish_for_a_ledger_is_refused_and_leaves_no_file(
    on_world: Run, tmp_path: Path, more: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refused(export(on_world, *more))
    assert list(tmp_path.rglob("*.xlsx*")) == []


def test_an_unknown_ledger_is_refused(on_world: Run) -> None:
    assert "heshi ledger list" in refused(export(on_world, ledger="no-such-ledger"))


def test_a_ledger_file_is_checked(on_world: Run, session: Session, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    done(export(on_world, "-o", book))
    assert "与下载记录一致" in done(on_world("ledger", "verify", book))
    copy = openpyxl.load_workbook(book)
    copy.active["A1"] = "别的登记册"
    copy.save(book)
    assert "内容被改动过" in refused(on_world("ledger", "verify", book))
    book.write_text("nothing")
    assert "只能核对" in refused(on_world("ledger", "verify", book))
    assert newest(session).note == "book.xlsx：内容被改动过：和下载时的不一样。"


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize("words", [["policy"], ["db", "upgrade"], ["history", "verify"]])
def test_a_weak_key_is_refused(on_world: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("HESHI_SECRET_KEY", "weak")
    assert "HESHI_SECRET_KEY 太弱" in refused(on_world(*words))


@pytest.mark.parametrize(
    "url", ["nonsense", "postgresql://nobody@127.0.0.1:1/none", "sqlite:////no/such/x.db"]
)
def test_a_database_that_is_not_there_is_told(
    on_world: Run, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("HESHI_DATABASE_URL", url)
    assert "Traceback" not in refused(on_world("db", "upgrade"))


# ------------------------------------------------------------------ the brief


def test_a_brief_is_written_and_the_download_is_the_users(
    on_world: Run, session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "brief.docx"
    done(on_world("brief", "330702", "2026-03", "--as", "bureau_county", "-o", file))
    assert file.read_bytes()[:2] == b"PK"
    line = newest(session)
    assert (line.action, line.actor_id) == (Action.EXPORT.value, made(session, "bureau_county").id)
    assert "婺城区2026年3月人民调解工作简报" in line.note


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("330702", "2026-13"), "没有“2026-13”这个月份"),
        (("330702", "上个月"), "请写成 2026-10 这样"),
        (("999999", "2026-03"), "没有区划代码为“999999”的单位"),
    ],
)
def test_a_brief_of_nothing_is_refused(
    on_world: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    answer = on_world("brief", *words, "--as", "bureau_county", "-o", tmp_path / "brief.docx")
    assert sentence in answer.output
    assert answer.exit_code != 0
    assert list(tmp_path.rglob("*.docx")) == []
