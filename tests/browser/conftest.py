"""`room("office")` sits a person of the world down before the panel, over a copy that the test may change.

`reading_room` is the same over one copy for a whole file, on SQLite: for tests that only look. Without a
Chromium the tests are skipped, unless HESHI_BROWSER_TESTS=required.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import URL

from tests.browser.site import FLAGS, PATIENCE, Room, Site, chromium, serve
from tests.databases import Ground
from tests.world import World

ABSENT = "no Chromium is here: install Debian's chromium, or name one with CHROMIUM"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One Chromium for a file; Playwright's event loop must be gone when the next begins."""
    executable = chromium()
    if executable is None:
        if os.environ.get("HESHI_BROWSER_TESTS") == "required":
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def site(database_url: URL, world: World) -> Iterator[Site]:
    """The panel over the test's own copy of the world."""
    with serve(database_url, world) as site:
        yield site


@pytest.fixture
def room(chrome: Browser, site: Site) -> Iterator[Room]:
    """The test's own browser."""
    room = Room(chrome, site)
    yield room
    assert room.close() == []


@pytest.fixture(scope="module")
def reading_site(ground: Ground) -> Iterator[Site]:
    """The panel over a copy of the world that a whole file reads."""
    with ground.world_url() as url, serve(url, ground.world) as site:
        yield site


@pytest.fixture
def reading_room(chrome: Browser, reading_site: Site) -> Iterator[Room]:
    """A browser before the shared panel."""
    room = Room(chrome, reading_site)
    yield room
    assert room.close() == []
