"""Our own application in the same place as the rivals': everything is in it, nothing switched off."""

import os

from sqlalchemy import make_url, select

from admin_app.database import db
from admin_app.models.users import User
from tests.web import browser, make_app

app = make_app(make_url(os.environ["BENCH_URL"]))


def sign_in() -> dict[str, str]:
    """The bureau of the city, who sees every case."""
    with app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.username == "city")).one()
        db.engine.dispose()
    cookie = browser(app, user_id).client.get_cookie("session")
    assert cookie
    return {"session": cookie.value}
