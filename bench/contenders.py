"""Who is measured beside whom, and how each is asked for the same thing: the addresses of its own pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import quote

from bench.desks import Facts

STAGE = "archived"
MISSING = (
    "Not beside ours, as not installed: {}. `make bench` installs them into .venv-bench; "
    "by hand: pip install --require-hashes -r requirements-bench.lock"
)


@dataclass(frozen=True)
class Task:
    """Something a clerk does, of which every contender has a page; `shows` must stand in the answer."""

    key: str
    label: str
    shows: Callable[[Facts], str] = lambda facts: ""
    sized: bool = False


def _number(facts: Facts) -> str:
    return facts.number


EDIT, SAVE, LOOKED_UP, TURNED = "edit", "save", "looked-up", "turned"
TASKS = (
    Task("first", "list, first page", lambda facts: "测字第"),
    Task(TURNED, "list, a deep page, turned to", lambda facts: "测字第"),
    Task("deep", "list, a deep page, by its number", lambda facts: "测字第"),
    Task("name", "search, two characters of a name", lambda facts: facts.name),
    Task("number", "search, part of a number", _number),
    Task("filter", "filter by stage and unit", lambda facts: "测字第"),
    Task(EDIT, "edit form", sized=True),
    Task(LOOKED_UP, "edit form, the rivals' with look-ups", sized=True),
    Task(SAVE, "save"),
)


@dataclass(frozen=True)
class Contender:
    """An application: its module, the address of each task, and the form in which it edits a case."""

    label: str
    module: str  # holds the WSGI application `app`, and `sign_in`
    needs: str  # the package without which there is none of it
    pages: Mapping[str, str]
    form: Mapping[str, str | None]  # the attributes by which its edit form is known
    anew: tuple[str, ...] = ()  # fields that differ after every save
    onward: str = ""  # the pattern of the link to the next page, where it says more than its number
    more: Mapping[str, str] = field(default_factory=dict)  # what the pressed button adds

    @property
    def installed(self) -> bool:
        return find_spec(self.needs) is not None

    def url(self, task: str, facts: Facts, case: int | None = None) -> str:
        """The address of a task's page, of this case or the newest that is open."""
        values = {"name": quote(facts.name), "number": quote(facts.number), "unit": facts.township}
        return self.pages[task].format(
            **values,
            stage=STAGE,
            page=facts.page,
            before=facts.page - 1,
            after=facts.page + 1,
            case=case or facts.open[0],
        )


OURS = Contender(
    "ours",
    "bench.rivals.ours",
    "admin_app",
    {
        "home": "/",
        "first": "/case/",
        TURNED: "/case/?page={page}",
        "deep": "/case/?page={page}",
        "name": "/case/?names={name}",
        "number": "/case/?number={number}",
        "filter": "/case/?unit={unit}&stage={stage}",
        "detail": "/case/{case}",
        EDIT: "/case/{case}/edit",
        LOOKED_UP: "/case/{case}/edit",
    },
    {"data-main": None},
    anew=("version", "csrf_token"),
    onward=r'<a href="([^"]+)" rel="next"',
)
FLASK_ADMIN = Contender(
    "Flask-Admin",
    "bench.rivals.flask_admin_app",
    "flask_sqlalchemy",
    {
        "home": "/admin/",
        "first": "/admin/case/",
        TURNED: "/admin/case/?page={page}",
        "deep": "/admin/case/?page={before}",
        "name": "/admin/case/?search={name}",
        "number": "/admin/case/?search={number}",
        "filter": "/admin/case/?flt0_stage_equals={stage}&flt1_unit_id_equals={unit}",
        "detail": "/admin/case/details/?id={case}",
        EDIT: "/admin/case/edit/?id={case}",
        LOOKED_UP: "/admin/case-ajax/edit/?id={case}",
    },
    {"class": "admin-form"},
)
DJANGO = Contender(
    "Django admin",
    "bench.rivals.django_app.wsgi",
    "django",
    {
        "home": "/admin/",
        "first": "/admin/django_app/case/",
        TURNED: "/admin/django_app/case/?p={after}",
        "deep": "/admin/django_app/case/?p={page}",
        "name": "/admin/django_app/case/?q={name}",
        "number": "/admin/django_app/case/?q={number}",
        "filter": "/admin/django_app/case/?stage__exact={stage}&unit__id__exact={unit}",
        # It has no page to read a case but its form; this one is spared the long selects.
        "detail": "/admin/django_app/lookedupcase/{case}/change/",
        EDIT: "/admin/django_app/case/{case}/change/",
        LOOKED_UP: "/admin/django_app/lookedupcase/{case}/change/",
    },
    {"method": "post"},
    more={"_save": "Save"},
)
CONTENDERS = (OURS, FLASK_ADMIN, DJANGO)


def present() -> list[Contender]:
    """Ours, and the rivals that are installed."""
    return [each for each in CONTENDERS if each.installed]


def missing() -> str:
    """The sentence that tells who is left out; nothing if nobody is."""
    absent = [each.label for each in CONTENDERS if not each.installed]
    return MISSING.format(", ".join(absent)) if absent else ""
