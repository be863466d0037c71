"""The READMEs tell the truth: what they name is there, and the two stand in step."""

import re
from pathlib import Path

import click
import pytest

from admin_app.cli import heshi
from admin_app.models.base import Base
from admin_app.models.users import Role
from admin_app.settings import Settings

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
READMES = (ENGLISH, CHINESE)
PAGES = (*READMES, *sorted(f"docs/manual/{each.name}" for each in (ROOT / "docs/manual").glob("*.md")))
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code_of(page: str) -> str:
    """Only what stands as code: prose may say "make" as it likes."""
    return "\n".join(CODE.findall(text_of(page)))


def made(page: str) -> set[str]:
    """Every `make X`."""
    return set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of(page)))


def said(page: str) -> set[tuple[str, ...]]:
    """Every `heshi X Y`, as far as its words are names of commands."""
    found = re.findall(r"(?:^|[`\s/\\])heshi ((?:[a-z]+(?![.\w]) ?)+)", code_of(page), re.MULTILINE)
    return {tuple(each.split()) for each in found}


def command(words: tuple[str, ...]) -> click.Command | None:
    """The command these words lead to; words behind a command that is no group are its arguments."""
    here: click.Command | None = heshi
    for word in words:
        if not isinstance(here, click.Group):
            break
        here = here.commands.get(word)
    return here


def commands(group: click.Group, before: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every command that does something."""
    found: set[tuple[str, ...]] = set()
    for name, each in group.commands.items():
        found |= commands(each, (*before, name)) if isinstance(each, click.Group) else {(*before, name)}
    return found


def headings(page: str) -> list[str]:
    """The levels of the headings, code left out."""
    return re.findall(r"^(#+) ", CODE.sub("", text_of(page)), re.MULTILINE)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_every_make_command_named_exists(page: str) -> None:
    assert made(page) <= targets()


@pytest.mark.parametrize("page", PAGES)
def test_every_heshi_command_named_exists(page: str) -> None:
    assert {words for words in said(page) if command(words) is None or command(words) is heshi} == set()


@pytest.mark.parametrize("page", READMES)
def test_every_command_there_is_stands_in_the_readme(page: str) -> None:
    named = said(page)
    assert {
        each for each in commands(heshi) if not any(words[: len(each)] == each for words in named)
    } == set()


@pytest.mark.parametrize("page", READMES)
def test_every_documented_target_stands_in_the_readme(page: str) -> None:
    documented = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE)) - {"help"}
    assert documented <= made(page)


@pytest.mark.parametrize("page", [*READMES, "docs/manual/05-管理员.md"])
def test_every_setting_is_explained_and_no_other(page: str) -> None:
    told = set(re.findall(r"^\| `HESHI_([A-Z_]+)`", text_of(page), re.MULTILINE))
    assert told == {name.upper() for name in Settings.model_fields}


def test_the_two_readmes_stand_in_step() -> None:
    assert headings(ENGLISH) == headings(CHINESE)
    assert (made(ENGLISH), said(ENGLISH)) == (made(CHINESE), said(CHINESE))
    blocks = [re.findall(r"^```(\w*)$", text_of(page), re.MULTILINE) for page in READMES]
    assert blocks[0] == blocks[1]


def test_the_glossary_has_every_noun_of_the_models() -> None:
    glossary = text_of(ENGLISH).partition("## Glossary")[2]
    missing = {m.class_.__name__ for m in Base.registry.mappers if f"`{m.class_.__name__}`" not in glossary}
    assert missing == set()
    assert {role.label for role in Role if role.label not in glossary} == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_file_linked_or_pictured_is_there(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text_of(page))
    here = (ROOT / page).parent
    missing = {link for pair in links for link in pair if link and not (here / link).exists()}
    assert {each for each in missing if "://" not in each} == set()


@pytest.mark.parametrize("page", READMES)
def test_every_python_file_named_is_there(page: str) -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)", text_of(page)))
    folders = [ROOT / each for each in ("admin_app", "seed", "tests", "bench", "docs")]
    known = [each.as_posix() for folder in folders for each in folder.rglob("*.py")]
    known += [each.as_posix() for each in ROOT.glob("*.py")]
    assert {name for name in named if not any(each.endswith(f"/{name}") for each in known)} == set()
