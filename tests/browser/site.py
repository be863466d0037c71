"""The panel served on this machine, and people who sit at a real browser before it."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect
from sqlalchemy import URL
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web import open_app
from tests.world import World

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WIDE: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
PATIENCE = 15_000  # milliseconds; two busy cores are slow now and then


def chromium() -> str | None:
    """The system's Chromium, or the one that CHROMIUM names."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


class _Silent(WSGIRequestHandler):
    """Keeps connections open, as a page of many small scripts wants, and does not log."""

    protocol_version = "HTTP/1.1"

    def log(self, *args: object) -> None: ...


@contextmanager
def serve(url: URL, world: World) -> Iterator["Site"]:
    """The real application over this database, on a free port of the loopback."""
    # In a thread of its own: where Playwright's event loop runs, Flask's contexts cannot
    with ThreadPoolExecutor(1) as thread:
        lent = open_app(url)
        app = thread.submit(lent.__enter__).result()
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
        server.daemon_threads = True
        thread.submit(server.serve_forever, 0.02)
        try:
            yield Site(app, f"http://127.0.0.1:{server.port}", world)
        finally:
            server.shutdown()
            server.server_close()
            thread.submit(lent.__exit__, None, None, None).result()


@dataclass(frozen=True)
class Site:
    """The served panel."""

    app: Flask
    url: str
    world: World

    def cookie(self, who: str) -> dict[str, Any]:
        """The cookie of a person of the world who has signed in: the password is typed in one test only."""
        identity = f"{getattr(self.world, who)}:{who}"  # in the world a person's stamp is their name
        signed = {"_user_id": identity, "_fresh": True, "_permanent": True}
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        return {"name": "session", "value": serializer.dumps(signed), "url": self.url}


@dataclass
class Desk:
    """One person's browser window, watched: a fault on any of its pages fails the test at its end."""

    site: Site
    page: Page
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        refused_page = message.text.startswith("Failed to load resource")  # _response judges these
        if message.type in ("error", "warning") and not refused_page:
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site.url}/", "data:")):
            self.faults.append(f"asked elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        bound = 500 if response.request.is_navigation_request() else 400
        if response.status >= bound:
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> Response:
        """Go to an address of the panel."""
        response = self.page.goto(f"{self.site.url}{path}")
        assert response is not None
        return response

    def path(self) -> str:
        """Where the person is now, with the query."""
        return self.page.url.removeprefix(self.site.url)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Click a button or a link that looks like one, by its whole name."""
        place = within or self.page
        button = place.get_by_role("button", name=name, exact=True)
        link = place.get_by_role("link", name=name, exact=True)
        self.ready(button.or_(link)).click()

    def ready(self, thing: Locator) -> Locator:
        """The thing, once it is there and the page's scripts have started; people are no quicker."""
        thing.wait_for()
        self.page.wait_for_load_state()
        return thing

    def agree(self, name: str) -> None:
        """Say yes in the question that has just been asked."""
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        self.press(name, within=dialog)

    def sees(self, text: str) -> None:
        """The words stand in the page's main part."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def told(self, text: str) -> None:
        """The panel says so after an act."""
        expect(self.page.locator(".note").filter(has_text=text).first).to_be_visible()


@dataclass
class Room:
    """The browser of a test: everybody who sits down gets a window of their own."""

    browser: Browser
    site: Site
    desks: list[Desk] = field(default_factory=list)

    def __call__(self, who: str | None, *, dark: bool = False, **screen: Any) -> Desk:
        """A desk for a person of the world, or for a stranger who has not signed in (None)."""
        context = self.browser.new_context(
            **(screen or DESK),
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        if who is not None:
            context.add_cookies([self.site.cookie(who)])
        desk = Desk(self.site, context.new_page())
        self.desks.append(desk)
        return desk

    def close(self) -> list[str]:
        """Everybody leaves; what went wrong unseen."""
        for desk in self.desks:
            desk.page.context.close()
        return [fault for desk in self.desks for fault in desk.faults]
