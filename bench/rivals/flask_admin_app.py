"""Plain Flask-Admin over cases, committees and units, with Flask-SQLAlchemy and Flask-Login.

After Flask-Admin's introduction, its page on customising ModelView and its example `auth-flask-login`.
"""

import os
from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import LoginManager, UserMixin, current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from admin_app.rules.cases import Stage

app = Flask(__name__)
app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=os.environ["BENCH_URL"])
db = SQLAlchemy(app)


class User(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(50))


class Unit(db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "units"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(100))

    def __str__(self) -> str:
        return str(self.name)


class Committee(db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "committees"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(100))

    def __str__(self) -> str:
        return str(self.name)


class Case(db.Model):  # type: ignore[name-defined, misc]
    __tablename__ = "cases"
    id = db.Column(db.Integer, primary_key=True)
    number = db.Column(db.String(40))
    names = db.Column(db.String(300))
    stage = db.Column(db.String(20))
    due_on = db.Column(db.Date)
    registered_on = db.Column(db.Date, nullable=False)
    kind = db.Column(db.String(20), nullable=False)
    source = db.Column(db.String(20), nullable=False)
    difficulty = db.Column(db.String(20), nullable=False)
    risk = db.Column(db.String(20), nullable=False)
    people = db.Column(db.Integer)
    amount = db.Column(db.Numeric(14, 2))
    brief = db.Column(db.Text, nullable=False)
    claims = db.Column(db.Text)
    risk_measures = db.Column(db.Text)
    police_told_on = db.Column(db.Date)
    remark = db.Column(db.String(500))
    committee_id = db.Column(db.Integer, db.ForeignKey("committees.id"), nullable=False)
    unit_id = db.Column(db.Integer, db.ForeignKey("units.id"), nullable=False)
    committee = db.relationship(Committee)
    unit = db.relationship(Unit)


FORM = (
    *("kind", "source", "difficulty", "risk", "people", "amount", "brief", "claims", "risk_measures"),
    *("police_told_on", "registered_on", "remark", "committee", "unit"),
)


class CaseView(ModelView):
    can_view_details = True
    named_filter_urls = True
    column_list = ("number", "names", "kind", "stage", "due_on", "committee")
    column_searchable_list = ("names", "number")
    column_filters = ("stage", "unit_id", "committee_id")
    column_default_sort = ("id", True)  # the newest first, off the primary key
    column_choices = {"stage": [(each.value, each.label) for each in Stage]}
    column_details_list = (*column_list, *FORM[:-2], "unit")
    form_columns = FORM

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated)


class AjaxCaseView(CaseView):
    """The remedy that the documents name for many related records."""

    form_ajax_refs = {"committee": {"fields": ("name",)}, "unit": {"fields": ("name",)}}


login = LoginManager(app)


@login.user_loader  # type: ignore[untyped-decorator]
def load_user(user_id: str) -> User | None:
    return db.session.get(User, int(user_id))


admin = Admin(app, name="bench")
admin.add_view(CaseView(Case, db, name="Cases", endpoint="case"))
admin.add_view(AjaxCaseView(Case, db, name="Cases by look-up", endpoint="case-ajax"))
admin.add_view(ModelView(Committee, db, name="Committees", endpoint="committee"))
admin.add_view(ModelView(Unit, db, name="Units", endpoint="unit"))

with app.app_context():
    engine = db.engine


@event.listens_for(engine, "connect")
def _as_ours(connection: Any, record: Any) -> None:
    """The same room for SQLite's cache as ours has."""
    if engine.dialect.name == "sqlite":
        for pragma in ("busy_timeout=15000", "synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")


def sign_in() -> dict[str, str]:
    """The cookie that `login_user` would leave."""
    with app.app_context():
        user_id = db.session.query(User.id).filter_by(username="city").scalar()
        engine.dispose()
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(_user_id=str(user_id), _fresh=True)
    cookie = client.get_cookie("session")
    assert cookie
    return {"session": cookie.value}
