"""The screenshots of the READMEs, made from the demo data: `make screenshots`.

A temporary database, the demo with one fixed password, the application on a free port in a thread, and the
system's Chromium. Run it again after a change of the screens, and look at the pictures before committing.
"""

import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from admin_app import history, migrations
from admin_app.application import create_app
from admin_app.database import db
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.committees import Committee
from admin_app.models.users import Post, User
from admin_app.rules.cases import Stage
from admin_app.settings import Settings
from seed.demo import load_demo

IMAGES = Path(__file__).parent / "images"
PASSWORD = "heshi-screenshots"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def chromium() -> str:
    """The system's Chromium; CHROMIUM names another one."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or sys.exit("没有找到 Chromium，请先安装（Debian：apt install chromium fonts-noto-cjk）。")


@contextmanager
def served(folder: Path) -> Iterator[tuple[Flask, str]]:
    """The demo on a free port, until the pictures are made."""
    app = create_app(
        Settings(database_url=f"sqlite:///{folder / 'heshi.db'}", secret_key=os.urandom(32).hex(), demo=True)
    )
    with app.app_context():
        migrations.upgrade(db.engine)
        history.act_as(db.session, None)
        load_demo(db.session, PASSWORD, folder / "accounts.md")
        db.session.commit()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield app, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def case_of(app: Flask, username: str) -> int:
    """A case that the mediator of this name is working on."""
    with app.app_context():
        query = (
            select(Case.id)
            .join(CaseMediator)
            .join(Post, Post.mediator_id == CaseMediator.mediator_id)
            .join(User)
            .where(User.username == username, Case.stage == Stage.MEDIATING)
            .order_by(Case.registered_on.desc())
        )
        found = db.session.scalars(query).first()
        assert found is not None, f"the demo gives {username} no case under mediation"
        return found


def signed_in(
    browser: Browser, address: str, username: str, size: dict[str, int], theme: str = "light"
) -> Page:
    """A window with one person signed in."""
    page = browser.new_context(viewport=size, locale="zh-CN", color_scheme=theme).new_page()  # type: ignore[arg-type]
    page.goto(f"{address}/sign-in/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{address}/")
    return page


def shoot(page: Page, name: str) -> None:
    """One picture of what is in the window."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled", caret="hide")


def save(page: Page, url: str, label: str, text: str) -> None:
    """Change one field of a record and save."""
    page.goto(f"{url}/edit")
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="保存").click()
    page.wait_for_load_state("networkidle")


def roster_of(app: Flask, username: str) -> bytes:
    """A small book of mediators, with one line that cannot be right."""
    with app.app_context():
        post = select(Post.committee_id).join(User).where(User.username == username)
        committee = db.session.scalars(select(Committee.name).where(Committee.id.in_(post))).one()
    rows = [
        ("姓名", "性别", "专兼职", "职务", "手机", "调委会"),
        ("钱小满", "女", "兼职", "委员", "13857900011", committee),
        ("孙立夏", "男", "专职", "调解员", "13857900012", committee),
        ("李芒种", "男", "不清楚", "调解员", "1385790", committee),
    ]
    return "\n".join(",".join(row) for row in rows).encode("gbk")


def preview(page: Page, address: str, roster: bytes) -> None:
    """What a book would do, before it is imported."""
    page.goto(f"{address}/imports/mediators")
    file = {"name": "人民调解员名册.csv", "mimeType": "text/csv", "buffer": roster}
    page.locator('[name="file"]').set_input_files(file)
    page.get_by_role("button", name="看预览").click()
    page.wait_for_load_state("networkidle")


def pictures(browser: Browser, address: str, case: str, roster: bytes) -> None:
    """All of them, in the order in which the READMEs show them."""
    office = signed_in(browser, address, "office", DESK)
    shoot(office, "home")
    office.goto(f"{address}/case/?size=10")
    shoot(office, "cases")
    office.goto(case)
    shoot(office, "case")
    office.goto(f"{address}/case/new")
    office.get_by_role("button", name="登记", exact=True).click()
    shoot(office, "form")

    # The mediator saves while the office has the same case open: nobody's words are lost.
    office.goto(f"{case}/edit")
    mediator = signed_in(browser, address, "mediator", DESK)
    save(mediator, case, "调解地点", "村文化礼堂二楼调解室")
    office.get_by_label("调解地点", exact=True).fill("司法所调解室")
    office.get_by_role("button", name="保存").click()
    shoot(office, "conflict")

    office.goto(f"{address}/ledgers/case-statistics")
    shoot(office, "ledger")
    office.goto(f"{address}/figures/")
    shoot(office, "statistics")
    office.goto(f"{address}/figures/charts")
    shoot(office, "charts")
    office.goto(f"{address}/figures/brief")
    shoot(office, "brief")
    preview(office, address, roster)
    shoot(office, "import")

    dark = signed_in(browser, address, "county", DESK, "dark")
    dark.goto(f"{case}/history")
    shoot(dark, "history-dark")

    phone = signed_in(browser, address, "mediator", PHONE)
    phone.goto(f"{address}/case/")
    shoot(phone, "phone")


def launch(playwright: Playwright) -> Browser:
    """Chromium will not run its sandbox as root, as in a container."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"] if root else [])


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="heshi-screenshots-") as folder,
        served(Path(folder)) as (app, address),
    ):
        case, roster = f"{address}/case/{case_of(app, 'mediator')}", roster_of(app, "director")
        with sync_playwright() as playwright:
            browser = launch(playwright)
            pictures(browser, address, case, roster)
            browser.close()
    for file in sorted(IMAGES.glob("*.png")):
        print(f"docs/images/{file.name}  {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
