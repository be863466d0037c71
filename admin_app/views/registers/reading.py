"""One record: its page, its personal data in full, its history."""

from typing import Any

from flask import redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.database import db
from admin_app.models.fields import Field
from admin_app.models.registry import Parts, register_of
from admin_app.models.users import User
from admin_app.operations import deadlines, records, warnings
from admin_app.operations.lives import life_of
from admin_app.rules.dates import today
from admin_app.rules.deadlines import reproach
from admin_app.rules.refusals import NotNow
from admin_app.rules.steps import Step
from admin_app.views import entries
from admin_app.views.cells import Cell, cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.evidence import evidence
from admin_app.views.registers.page import RegisterPage
from admin_app.views.timeline import beside, timeline
from admin_app.views.typed import clean

LONGEST_REASON = 200
WARNED_OF = ("case", "find", "visit")


class Reading(RegisterPage):
    """One record, to be read. A register that shows more extends `template` and answers `more`."""

    template = "detail.html"

    def more(self, record: Any) -> dict[str, Any]:
        """What the register's own template shows beside; for subclasses."""
        return {}

    @expose("/<int:record_id>")
    @opens("open")
    def detail(self, record_id: int) -> str:
        """One record, masked."""
        return self._detail(self.find(record_id), unmasked=False)

    @expose("/<int:record_id>/unmask", methods=("GET", "POST"))
    @opens("sensitive")
    def unmask(self, record_id: int) -> Any:
        """The record with its personal data in full; who, what and why go into the history.

        Opened again without the form (the browser's reload), it leads back to the masked page.
        """
        record = self.find(record_id)
        if request.method != "POST":
            return redirect(self.url_of("detail", record_id=record_id))
        policy.demand(signed_in(), f"{self.word}.sensitive", record)
        reason = clean(request.form.get("reason"), LONGEST_REASON)
        if not reason:
            raise NotNow("请写明查看理由，再点“查看”。")
        history.note(db.session, history.Action.UNMASK, record=record, words=f"理由：{reason}")
        return self._detail(record, unmasked=True)

    def _detail(self, record: Any, *, unmasked: bool, step: dict[str, Any] | None = None) -> str:
        session, user = db.session, signed_in()
        fields = [each for each in self.register.fields if _told(each, record)]
        cells = {each.name: self.cell_of(record, each, unmasked=unmasked) for each in fields}
        may_unmask = not unmasked and policy.may(user, f"{self.word}.sensitive", record)
        unmask_url = self.url_of("unmask", record_id=record.id) if may_unmask else None
        sections: dict[str, list[dict[str, Any]]] = {}
        for each in fields:
            sections.setdefault(each.say.section, []).append(
                {
                    "label": each.label,
                    "cell": cells[each.name],
                    "wide": each.say.wide or each.kind == "long",
                    "unmask_url": unmask_url if cells[each.name].masked else None,
                }
            )
        return self.render(
            self.template,
            crumbs=self.crumbs(str(record)),
            register=self.head,
            title=str(record),
            subtitle=[each for each in cells.values() if each.tag and each.kind != "code"],
            sections=[{"label": label, "items": items} for label, items in sections.items()],
            parts=self._parts(record, unmasked=unmasked, unmask_url=unmask_url),
            warnings=records.warnings(session, record),
            remarks=[*_late(session, record), *_warned(session, user, record), *self.remarks(record)],
            step=step,
            timeline=timeline(session, user, record),
            beside=beside(session, user, record),
            evidence=evidence(session, user, record),
            tabs=self._tabs(record, "detail"),
            back_url=self.way_back(),
            **self._acts(user, record),
            **self.more(record),
        )

    def cell_of(self, record: Any, each: Field, *, unmasked: bool) -> Cell:
        """One value on the record's page; subclasses add what follows from it."""
        return cell(db.session, signed_in(), record, each, unmasked=unmasked)

    def _parts(self, record: Any, *, unmasked: bool, unmask_url: str | None) -> list[dict[str, Any]]:
        lists = [part for part in self.register.trail_lists() if getattr(record, part.name)]
        lists = [*self.register.part_lists(), *lists]
        return [self._part(record, part, unmasked, unmask_url) for part in lists]

    def _part(self, record: Any, part: Parts, unmasked: bool, unmask_url: str | None) -> dict[str, Any]:
        session, user = db.session, signed_in()
        rows = [
            [cell(session, user, line, each, unmasked=unmasked) for each in part.fields]
            for line in getattr(record, part.name)
        ]
        masked = any(each.masked for row in rows for each in row)
        return {
            "name": part.name,
            "label": part.label,
            "columns": [each.label for each in part.fields],
            "rows": rows,
            "mend_urls": self._mend_urls(user, record, part),
            "empty": f"还没有登记{part.label}。",
            "unmask_url": unmask_url if masked else None,
        }

    def _mend_urls(self, user: User, record: Any, part: Parts) -> list[str]:
        """The form of each line that a step has added, while the record is open to this person."""
        may_write = self.register.locked(record) is None and policy.may(user, f"{self.word}.edit", record)
        if not may_write or part not in self.register.open_lists():
            return []
        return [
            self.url_of("line", record_id=record.id, part=part.name, line_id=line.id)
            for line in getattr(record, part.name)
        ]

    def _acts(self, user: User, record: Any) -> dict[str, Any]:
        """The one obvious next act, and the others behind it: what is open to this person now."""
        may_write = self.register.locked(record) is None
        steps = self._steps(user, record)
        acts = [
            _linked(step.label, self.url_of("step", record_id=record.id, step=step.name)) for step in steps
        ]
        waits = bool(steps) and steps[0].name in self.later(record)
        if may_write and policy.may(user, f"{self.word}.edit", record):
            acts.insert(1, _linked("修改", self.url_of("edit", record_id=record.id)))  # beside the chief one
        acts += [
            _posted(act.label, act.url(record), act.confirm) | {"stays": getattr(act, "stays", False)}
            for act in self.extra_acts()
            if policy.may(user, f"{self.word}.{act.verb}", record)
        ]
        if may_write and policy.may(user, f"{self.word}.remove", record):
            confirm = "确定删除吗？删除后可以在回收站里恢复。"
            acts.append(_posted("删除", self.url_of("remove", record_id=record.id), confirm, "seal"))
        primary = acts.pop(0) if acts and not waits and "method" not in acts[0] else None
        return {"primary": primary, "more": acts}

    def _steps(self, user: User, record: Any) -> list[Step[Any]]:
        """The steps that are open to a person now: first what moves the life on, then the rest."""
        life = life_of(record)
        if life is None:
            return []
        stands = life.stands(record)
        open_now = [
            each
            for each in life.steps.values()
            if not each.led
            and stands in each.sources
            and policy.may(user, f"{self.word}.{each.name}", record)
        ]
        later = self.later(record)
        return sorted(open_now, key=lambda each: (each.name in later, each.to is None))

    def later(self, record: Any) -> set[str]:
        """Steps that are open but never the next thing to do; for subclasses."""
        return set()

    def remarks(self, record: Any) -> list[dict[str, Any]]:
        """Notes at the top of a record's page, [{sentence, links: [{label, url}], tone}]; for subclasses."""
        return []

    def extra_acts(self) -> list[Any]:
        """Acts of this register beyond those of all; for subclasses."""
        return []

    def tabs_of(self, record: Any) -> list[tuple[str, str]]:
        """The screens of one record: view and label; subclasses add theirs before the history."""
        tabs = [("detail", "内容")]
        if policy.may(signed_in(), f"{self.word}.history", record):
            tabs.append(("history", "修改记录"))
        return tabs

    def _tabs(self, record: Any, current: str) -> list[dict[str, Any]]:
        return [
            {
                "label": label,
                "url": self.url_of(name, record_id=record.id),
                "current": name == current,
                "count": None,
            }
            for name, label in self.tabs_of(record)
        ]

    @expose("/<int:record_id>/history")
    @opens("history")
    def history(self, record_id: int) -> str:
        """Who changed what, when: newest first."""
        session, user = db.session, signed_in()
        record = self.find(record_id)
        policy.demand(user, f"{self.word}.history", record)
        may_revert = policy.may(user, f"{self.word}.edit", record) and not self.register.locked(record)
        return self.render(
            "history.html",
            crumbs=[
                *self.crumbs(str(record))[:-1],
                (str(record), self.url_of("detail", record_id=record_id)),
                ("修改记录", None),
            ],
            title=str(record),
            entries=[
                entries.shown(session, each, revert=may_revert)
                for each in entries.of_record(session, self.word, record_id)
            ],
            tabs=self._tabs(record, "history"),
            pager=None,
            query=None,
        )


def _late(session: Session, record: Any) -> list[dict[str, Any]]:
    """What is waited for on a record and has not come by its day: both sides read it, in red."""
    return [
        remark(reproach(each.kind, each.due_on, today()), tone="bad")
        for each in deadlines.open_of(session, record)
        if each.due_on < today()
    ]


def _warned(session: Session, user: User, record: Any) -> list[dict[str, Any]]:
    """The warnings that rest on a record and are not over."""
    word = register_of(type(record)).word
    found = warnings.about(session, word, record.id) if word in WARNED_OF else []
    return [
        remark(
            f"{each.severity.label}预警：",
            (each.words, url_for("warning.detail", record_id=each.id)),
            tone="warn",
        )
        for each in found
        if each.waits and policy.may(user, "warning.open", each)
    ]


def _told(each: Field, record: Any) -> bool:
    """What only a step gives is told once it is given: a page of dashes tells nothing."""
    return each.say.form in ("always", "create") or getattr(record, each.name) is not None


def remark(sentence: str, *links: tuple[str, str], tone: str = "") -> dict[str, Any]:
    """A note on a record's page; `links` are pairs of label and address."""
    return {"sentence": sentence, "links": [_linked(*each) for each in links], "tone": tone}


def _linked(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url}


def _posted(label: str, url: str, confirm: str, tone: str = "") -> dict[str, Any]:
    return {"label": label, "url": url, "method": "post", "confirm": confirm, "tone": tone}
