"""`heshi import`: what it would do, what it does, and the sentence it has for what it cannot."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, Engine, func, select

from admin_app.cli import heshi
from admin_app.models.mediators import Mediator
from tests.databases import SEAL, open_session
from tests.workbooks import xlsx

ROWS = [["姓名", "性别", "专兼职", "职务"], ["新一", "男", "兼职", "委员"], ["新二", "女", "专职", "主任"]]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: URL
) -> Iterator[Callable[..., Result]]:
    mask = os.umask(0o077)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HESHI_SECRET_KEY", SEAL.decode())
    monkeypatch.setenv("HESHI_FILES_DIR", str(tmp_path / "files"))
    monkeypatch.setenv("HESHI_DATABASE_URL", database_url.render_as_string(hide_password=False))
    yield lambda *words: CliRunner().invoke(heshi, ["import", *words])
    os.umask(mask)


def made(engine: Engine) -> int:
    with open_session(engine) as session:
        count = select(func.count()).select_from(Mediator).where(Mediator.name.startswith("新"))
        return session.scalar(count) or 0


def test_a_dry_run_tells_and_writes_nothing(
    run: Callable[..., Result], engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "名册.xlsx"
    file.write_bytes(xlsx(ROWS))
    place = ("--as", "director", "--committee", "桃园社区人民调解委员会")
    looked = run("mediators", str(file), "--dry-run", *place)
    assert (looked.exit_code, looked.output.strip()) == (0, "新增 2")
    assert made(engine) == 0
    done = run("mediators", str(file), *place)
    assert "第 1 批：新增 2 条，修改 0 条" in done.output
    assert made(engine) == 2
    assert run("mediators", str(file), *place).output.strip().startswith("没有变化 2")


def test_what_is_wrong_is_told_cell_by_cell(
    run: Callable[..., Result], engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "名册.xlsx"
    file.write_bytes(xlsx([*ROWS, ["新三", "不男不女", "兼职", "委员"]]))
    result = run("mediators", str(file), "--as", "director", "--committee", "桃园社区人民调解委员会")
    assert result.exit_code == 1
    assert "表1 B4：性别" in result.output
    assert made(engine) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing", "名册.xlsx", "--as", "director"), "没有导入表"),
        (("mediators", "名册.xlsx", "--as", "inspector"), "权限"),
        (("mediators", "名册.xlsx", "--as", "nobody-there"), "没有可用的用户"),
        (("mediators", "坏.xlsx", "--as", "director"), "打不开"),
    ],
)
def test_what_cannot_be_is_said(
    run: Callable[..., Result], tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "名册.xlsx").write_bytes(xlsx(ROWS))
    (tmp_path / "坏.xlsx").write_bytes(xlsx(ROWS)[:500])
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output
