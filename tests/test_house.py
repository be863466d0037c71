"""Guards of the whole house: what no reviewer should have to look for."""

import ast
import importlib.metadata
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.actions import STEP_ACTIONS
from admin_app.exports.ledger import LEDGERS
from admin_app.grants import GRANTS
from admin_app.imports import sheets as _sheets  # noqa: F401  (declaring them is the point)
from admin_app.imports.sheet import SHEETS
from admin_app.models.codes import Code, codebook
from admin_app.models.registry import REGISTERS
from admin_app.models.users import Role
from admin_app.operations.lives import LIVES

ROOT = Path(__file__).parent.parent
APP = ROOT / "admin_app"
FILES = sorted(each.relative_to(ROOT).as_posix() for each in APP.rglob("*.py"))
PROGRAM = [each for each in FILES if "/migrations/versions/" not in each]
# Each life moves its state in its own file, in its own `_move`; a case's state is called its stage.
MOVERS = {
    "stage": {"admin_app/operations/cases.py"},
    "state": {
        f"admin_app/operations/{life}.py"
        for life in (
            "referrals",
            "assistances",
            "hand_overs",
            "urgings",
            "dossiers",
            "evaluations",
            "evaluation_plans",
            "standards",
            "trainings",
            "screenings",
            "finds",
            "awards",
            "seasons",
            "subsidies",
            "meetings",
            "meeting_tasks",
            "circulars",
            "major_reports",
            "warnings",
            "assessments",
            "typical_cases",
        )
    },
}
EDGE = ("admin_app/views/", "admin_app/cli/", "admin_app/application.py", "admin_app/jobs.py")


def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), file)


def where(file: str, node: ast.AST) -> str:
    return f"{file}:{getattr(node, 'lineno', 0)}"


# ------------------------------------------------------------------ one door for each life


def writers(attribute: str, source: ast.AST) -> Iterator[ast.AST]:
    """Every way to set an attribute: plain, unpacked, in a loop, `setattr`, a keyword of `values`."""
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and node.attr == attribute:
            if isinstance(node.ctx, ast.Store | ast.Del):
                yield node
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            names = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if (called == "setattr" and attribute in names) or (
                called in ("values", "update") and attribute in [each.arg for each in node.keywords]
            ):
                yield node


@pytest.mark.parametrize("attribute", MOVERS)
def test_only_the_one_door_moves_a_life(attribute: str) -> None:
    found = {file for file in PROGRAM if any(writers(attribute, tree(file)))}
    assert found == MOVERS[attribute]


@pytest.mark.parametrize(("attribute", "file"), [(a, file) for a in MOVERS for file in sorted(MOVERS[a])])
def test_the_door_has_one_place_where_it_moves(attribute: str, file: str) -> None:
    source = tree(file)
    mover = next(n for n in source.body if isinstance(n, ast.FunctionDef) and n.name == "_move")
    assert len(list(writers(attribute, source))) == len(list(writers(attribute, mover))) == 1


def test_only_the_one_mover_of_all_lives_calls_a_move() -> None:
    """A life's `_move` is handed to its `Life`, and `Life.move` is called at one place."""
    by_name = [
        where(file, node)
        for file in PROGRAM
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_move"
    ]
    assert by_name == []
    called = [file for file in PROGRAM for _ in calls("move", tree(file))]
    assert called == ["admin_app/operations/steps.py"]


@pytest.mark.parametrize(
    "line",
    [
        "case.stage = other",
        "case.stage: Stage = other",
        "case.stage, x = other",
        "[case.stage, *y] = other",
        "for case.stage in other: pass",
        "with other as case.stage: pass",
        "setattr(case, 'stage', other)",
        "object.__setattr__(case, 'stage', other) or setattr(case, 'stage', 1)",
        "update(Case).values(stage=other)",
        "del case.stage",
        "case.stage += other",
    ],
)
def test_the_search_for_writers_sees_every_way_to_write(line: str) -> None:
    assert list(writers("stage", ast.parse(line)))


def test_stage_and_state_are_never_form_fields() -> None:
    assert {
        (word, each.name)
        for word, register in REGISTERS.items()
        for each in register.fields
        if each.name in MOVERS and each.say.form != "never"
    } == set()


# ------------------------------------------------------------------ the edge


def calls(name: str, source: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


@pytest.mark.parametrize("name", ["commit", "begin_nested"])
def test_only_the_edge_commits_and_nobody_takes_savepoints(name: str) -> None:
    """Verbs flush. A savepoint rolled back would take the history of the whole transaction with it."""
    allowed = EDGE if name == "commit" else ()
    found = [
        where(file, call)
        for file in PROGRAM
        if not file.startswith(allowed)
        for call in calls(name, tree(file))
    ]
    assert found == []


def test_the_edge_does_commit() -> None:
    """Otherwise the guard above would guard nothing."""
    assert any(list(calls("commit", tree(file))) for file in PROGRAM if file.startswith(EDGE))


def imports(source: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from ((each.name, node) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node
            yield from ((f"{node.module}.{each.name}", node) for each in node.names)


def test_xlsxwriter_is_imported_by_the_one_writer_alone() -> None:
    found = {
        str(Path(file).parent)
        for file in PROGRAM
        for name, _ in imports(tree(file))
        if name.split(".")[0] == "xlsxwriter"
    }
    assert found == {"admin_app/exports/writing"}


def test_below_the_views_nobody_knows_who_is_signed_in() -> None:
    found = [
        where(file, node)
        for file in PROGRAM
        if not file.startswith("admin_app/views/")
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Name) and node.id == "current_user")
        or (isinstance(node, ast.Attribute) and node.attr == "current_user")
        or (isinstance(node, ast.alias) and node.name == "current_user")
    ]
    assert found == []


def role_questions(source: ast.AST) -> Iterator[ast.AST]:
    """Comparisons and matches that ask which role somebody has."""
    names = {each.name for each in Role} | {each.value for each in Role}

    def is_role(node: ast.AST) -> bool:
        return (isinstance(node, ast.Attribute) and node.attr == "role") or (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "Role"
            and node.attr in names
        )

    for node in ast.walk(source):
        if isinstance(node, ast.Compare):
            asked = [node.left, *node.comparators]
            asked += [
                item
                for each in asked
                if isinstance(each, ast.Tuple | ast.Set | ast.List)
                for item in each.elts
            ]
            if any(is_role(each) for each in asked):
                yield node
        elif isinstance(node, ast.Match) and is_role(node.subject):
            yield node


def test_nobody_but_the_policy_asks_for_a_role() -> None:
    found = [
        where(file, node)
        for file in PROGRAM
        if file not in ("admin_app/policy.py", "admin_app/grants.py")
        for node in role_questions(tree(file))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "user.role == Role.BUREAU",
        "post.role in (Role.BUREAU, Role.OFFICE)",
        "x = 1 if Role.OFFICE is role else 2",
        "match post.role:\n    case 'office': pass",
        "'bureau' != post.role",
    ],
)
def test_the_search_for_roles_sees_every_way_to_ask(line: str) -> None:
    assert list(role_questions(ast.parse(line)))


# ------------------------------------------------------------------ tables that must be whole


def test_every_step_has_a_row_in_the_policy() -> None:
    """A led step follows from a step of another life, which has its own."""
    steps = {
        f"{word}.{name}" for word, life in LIVES.items() for name, each in life.steps.items() if not each.led
    }
    assert len(LIVES) >= 7
    assert set(STEP_ACTIONS) == steps
    assert steps <= set(GRANTS)


def test_every_row_of_the_policy_is_asked_for_somewhere() -> None:
    """An action that no door asks for is a promise nobody keeps."""
    doors = {
        f"{word}.{door}" for word in REGISTERS for door in ("see", "create", "edit", "remove", "restore")
    }
    doors |= {f"{word}.{door}" for word in REGISTERS for door in ("history", "sensitive")} | set(STEP_ACTIONS)
    doors |= {ledger.action for ledger in LEDGERS.values()} | {sheet.action for sheet in SHEETS.values()}
    texts = [(ROOT / file).read_text(encoding="utf-8") for file in PROGRAM if file != "admin_app/policy.py"]
    texts += [each.read_text(encoding="utf-8") for each in (APP / "templates").rglob("*.html")]
    unasked = {
        action
        for action in set(GRANTS) - doors
        if not any(f'"{action}"' in text or f"'{action}'" in text for text in texts)
    }
    # Asked as f"{word}.choose" in links.py, and f"{word}.follow" for whoever opens a record.
    chosen = {f"{word}.choose" for word in ("committee", "mediator", "expert", "user")}
    assert unasked <= chosen | {"case.follow", "find.follow"}


def test_every_code_table_that_a_field_names_is_seeded(looking: Session) -> None:
    named = {
        each.say.codes
        for register in REGISTERS.values()
        for fields in (register.fields, *(part.fields for part in register.all_lists()))
        for each in fields
        if each.say.codes
    }
    assert len(named) > 20
    assert {table for table in named if not codebook(looking).choices(table)} == set()


def test_every_seeded_table_is_named_in_the_table_of_tables(looking: Session) -> None:
    tables = set(looking.scalars(select(Code.table)))
    assert tables - dict(codebook(looking).choices("code_table")).keys() == set()


# ------------------------------------------------------------------ how the house is kept


@pytest.mark.parametrize("file", FILES)
def test_every_module_says_what_it_is(file: str) -> None:
    assert (ast.get_docstring(tree(file)) or "").strip()


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "services"}
    found = {file for file in FILES if set(Path(file).with_suffix("").parts) & vague}
    assert found == set()


def test_every_function_below_the_views_is_annotated() -> None:
    found = [
        where(file, node)
        for file in PROGRAM
        if not file.startswith("admin_app/views/")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef) and node.returns is None
    ]
    assert found == []


def test_the_imports_go_down() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "0 broken" in done.stdout


def test_what_the_program_imports_is_declared() -> None:
    """A fresh installation has what the program needs, not what a developer happens to have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        each.split(";")[0].split("[")[0].split(">")[0].split("=")[0].strip().lower()
        for each in project["dependencies"]
    }
    known = importlib.metadata.packages_distributions()
    needed = {
        distribution.lower()
        for file in PROGRAM
        for name, node in imports(tree(file))
        if not (isinstance(node, ast.ImportFrom) and node.level)
        for distribution in known.get(name.split(".")[0], [])
    } - {"heshi"}
    # Flask brings these two; they are part of its face.
    assert needed - {"werkzeug", "markupsafe", "jinja2", "itsdangerous"} <= declared
