"""The register of users, with what only it has: a temporary password, told once."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.users import User
from admin_app.operations import users
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView


@dataclass(frozen=True)
class Act:
    """A button on a record's page beyond those of every register."""

    verb: str
    label: str
    confirm: str

    def url(self, record: Any) -> str:
        return url_for(f"user.{self.verb}", record_id=record.id)


class UserView(RegisterView):
    """Users and their posts."""

    def extra_acts(self) -> list[Any]:
        return [Act("reset", "重设密码", "确定重设这个人的密码吗？原来的密码马上失效。")]

    @expose("/<int:record_id>/reset", methods=("POST",))
    @opens("reset")
    def reset(self, record_id: int) -> str:
        """A temporary password that this page alone tells."""
        user = self.find(record_id)
        policy.demand(signed_in(), "user.reset", user)
        return self._tell_password(user)

    def made(self, record: Any) -> str:
        """A new user gets a temporary password at once: without one they could not sign in."""
        return self._tell_password(record)

    def _tell_password(self, user: User) -> str:
        password = users.reset_password(db.session, user)
        return self.render(
            "secret_once.html",
            crumbs=self.crumbs(str(user)),
            title=f"{user.name} 的临时密码",
            sentence="请把这个临时密码告诉本人。本人第一次登录时须改成自己的密码。",
            secret=password,
            back_url=self.url_of("detail", record_id=user.id),
        )
