"""Verdicts 逐项结果 for people: what was asked, what there is, by how much it falls short, and whose records.

The same rows on the pages of dry runs, awards and evaluations (templates/_verdicts.html), and the same page
of the very records behind a number (templates/behind.html).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.rules.measures import MEANS, MEASURES, Evidence
from admin_app.rules.standards import CONDITIONS, Verdict, amount, plain, shortfall, wants
from admin_app.views.cells import cell
from admin_app.views.doors import Page, signed_in
from admin_app.views.pager import turned

SIZE = 50
MOST_COLUMNS = 8
REST = "rest"  # in the address: those that might have counted and do not
Link = Callable[[Verdict], str | None]


def rows(
    verdicts: Iterable[Verdict], names: dict[int, str], link: Link = lambda verdict: None
) -> list[dict[str, Any]]:
    """As `_verdicts.html` shows them. `names`: of the levels by their rank; `link`: to the records."""
    return [_row(each, names, link) for each in verdicts]


def _row(verdict: Verdict, names: dict[int, str], link: Link) -> dict[str, Any]:
    item = verdict.item
    words, tone = _result(verdict)
    return {
        "label": item.label,
        "level": names.get(item.level, "") if item.level is not None else "",
        "wants": wants(item),
        "means": f"{item.measure.label}：{MEANS[item.measure]}",
        "actual": actual(verdict),
        "result": words,
        "tone": tone,
        "points": "" if item.way in CONDITIONS else f"{plain(verdict.points)} 分",
        "url": link(verdict) if any(ids for _, ids in verdict.evidence.behind) else None,
    }


def actual(verdict: Verdict) -> str:
    """The number there is, and of a rate how many of how many."""
    spec, evidence = MEASURES[verdict.item.measure], verdict.evidence
    if verdict.value is None:
        return "还没有填" if not spec.behind else "没有可算的记录"
    number = amount(verdict.value, verdict.item.measure)
    return f"{number}（{evidence.hit}/{evidence.of}）" if spec.rate else number


def _result(verdict: Verdict) -> tuple[str, str]:
    """The words and their tone: passed, or by how much it is missed."""
    if verdict.item.way not in CONDITIONS:
        return "", ""
    if verdict.passed is None:
        return "待人工核定", "neutral"
    if verdict.passed:
        return "通过", "ok"
    return "不通过" if verdict.value is None else shortfall(verdict), "warn"


def behind_page(
    page: Page, evidence: Evidence, *, title: str, subtitle: str, crumbs: list[tuple[str, str | None]]
) -> str:
    """The page of the records behind a number, as far as the viewer may open them; the others are counted.

    Of a rate two lists: those that count, and the rest. `rest=1` in the address asks for the second.
    """
    groups = [(word, ids) for word, ids in evidence.behind if word in REGISTERS]
    turn = _group(groups)
    context: dict[str, Any] = {"title": title, "subtitle": subtitle, "crumbs": crumbs, "tabs": []}
    if len(groups) > 1:
        context["tabs"] = [_tab(index, ids, index == turn) for index, (_, ids) in enumerate(groups)]
    listed = _listed(db.session, signed_in(), *groups[turn]) if groups else {"total": 0}
    return page.render("behind.html", **context, **listed)


def _group(groups: list[tuple[str, tuple[int, ...]]]) -> int:
    """The list asked for; where nothing counts, the rest is what there is to see."""
    asked = REST in request.args
    empty = len(groups) > 1 and not groups[0][1] and bool(groups[1][1])
    return 1 if len(groups) > 1 and (asked or empty) else 0


def _tab(index: int, ids: Sequence[int], current: bool) -> dict[str, Any]:
    label = ("计入的", "没有计入的")[index]
    url = _here(rest=str(index) if index else "")
    return {"label": label, "url": url, "current": current, "count": len(ids)}


def _listed(session: Session, user: User, word: str, ids: Sequence[int]) -> dict[str, Any]:
    register = REGISTERS[word]
    fields = [each for each in register.fields if each.say.listed][:MOST_COLUMNS]
    model = register.model
    seen = (
        model.id.in_(bindparam("behind", list(ids), expanding=True, literal_execute=True, unique=True)),
        policy.visible(model, user, f"{word}.open"),
        model.removed_at.is_(None),
    )
    count = session.scalar(select(func.count()).select_from(model).where(*seen)) or 0
    found, older, newer = turned(select(model).where(*seen), model.id, SIZE)
    return {
        "noun": register.noun,
        "total": len(ids),
        "hidden": len(ids) - count,
        "heads": [each.label for each in fields],
        "rows": [
            {
                "title": str(each),
                "url": url_for(f"{word}.detail", record_id=each.id),
                "cells": [cell(session, user, each, one) for one in fields],
            }
            for each in found
        ],
        "pager": {
            "older_url": _here(before=str(found[-1].id)) if older else None,
            "newer_url": _here(after=str(found[0].id)) if newer else None,
        },
    }


def _here(**changed: str) -> str:
    """This page with another list or another part of it."""
    turns = {"before", "after", *changed}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in turns]
    query = urlencode([*kept, *((name, value) for name, value in changed.items() if value)])
    return f"{request.path}?{query}" if query else request.path
