"""How pages and static files travel: pressed, kept for ever or not at all; nothing comes from outside."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from admin_app.application import static_url
from admin_app.views.pressing import STATIC, WORTHWHILE
from tests.web import named
from tests.world import World

HERE = STATIC.parent
FILES = sorted(each.relative_to(STATIC).as_posix() for each in STATIC.rglob("*") if each.is_file())
ON_SQLITE = pytest.mark.parametrize("ground", ["sqlite"], indirect=True)


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return static_url(name)


@ON_SQLITE
@pytest.mark.parametrize("name", FILES)
def test_a_static_file_goes_pressed_to_whoever_takes_it_so_and_is_kept_for_ever(
    app: Flask, name: str
) -> None:
    client, url = app.test_client(), address(app, name)
    assert re.fullmatch(r"/static/[0-9a-f]{12}/.+", url)
    plain, small = client.get(url), client.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert plain.data == (STATIC / name).read_bytes()
    assert plain.content_encoding is None
    assert small.content_encoding == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert small.content_length == len(small.data)
    for answer in (plain, small):
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in answer.headers
        again = client.get(url, headers={"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"})
        assert (again.status_code, again.data) == (304, b"")


@ON_SQLITE
def test_all_that_a_first_visit_loads_is_small(app: Flask) -> None:
    got = [app.test_client().get(address(app, name), headers={"Accept-Encoding": "gzip"}) for name in FILES]
    assert sum(len(each.data) for each in got) < 40 * 1024


@ON_SQLITE
@pytest.mark.parametrize(
    ("site", "pressed"),
    [("same-origin", True), ("none", True), ("same-site", False), ("cross-site", False), (None, False)],
)
def test_a_page_goes_pressed_only_where_no_stranger_has_asked_for_it(
    app: Flask, world: World, site: str | None, pressed: bool
) -> None:
    client = named(app, world, "office").client
    headers = {"Accept-Encoding": "gzip"} | ({"Sec-Fetch-Site": site} if site else {})
    answer = client.get("/case/", headers=headers)
    assert (answer.content_encoding == "gzip") is pressed
    page = gzip.decompress(answer.data) if pressed else answer.data
    assert b"</html>" in page
    assert len(page) > WORTHWHILE
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/case/", headers={"Sec-Fetch-Site": "same-origin"}).content_encoding is None


def test_nothing_is_fetched_from_outside() -> None:
    """Neither by a template, nor by a style, nor by a script."""
    sources = [*(HERE / "templates").rglob("*.html"), *STATIC.rglob("*.css"), *STATIC.rglob("*.js")]
    loads = re.compile(
        r"(?:\bsrc|\bsrcset|<link[^>]*\bhref)\s*=\s*[\"']?\s*(?:https?:)?//"
        r"|url\(\s*[\"']?(?:https?:)?//|@import|(?:import|fetch|from)\s*\(?\s*[\"'](?:https?:)?//"
    )
    assert len(sources) > 50
    assert not [
        (_name(each), found[0]) for each in sources for found in loads.finditer(each.read_text("utf-8"))
    ]


def _name(path: Path) -> str:
    return path.relative_to(HERE).as_posix()
