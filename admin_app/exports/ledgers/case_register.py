"""《调解案件登记册》 E3: the book of cases taken up (formats.md 3.1; no public sample was found: [C])."""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, asked_of, column, ordinal, said
from admin_app.exports.joining import mediator_names, party_names, terms
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.rules.cases import Stage

COLUMNS = (
    ordinal(),
    said(Case, "number", 14.2),
    said(Case, "accepted_on", 10.2),
    column("parties", "当事人", 12),
    Group(
        "纠纷情况",
        (
            said(Case, "kind", 8.5),
            said(Case, "source", 8.5),
            said(Case, "difficulty", 4.8, centred=True),
            said(Case, "people", 4.8),
        ),
    ),
    Group(
        "调解情况",
        (
            column("mediators", "人民调解员", 9.6),
            said(Case, "mediated_on", 10.2),
            said(Case, "place", 11),
            said(Case, "result", 4.8, centred=True),
        ),
    ),
    Group(
        "调解协议",
        (
            said(Case, "form", 8, "协议形式（口头/书面）", centred=True),
            said(Case, "agreement_number", 14.2),
            said(Case, "amount", 11.5, summed=True),
            column("terms", "履行方式、时限", 13),
        ),
    ),
    Group(
        "履行与结案",
        (
            said(Case, "fulfilment", 8.6),
            said(Case, "confirmation", 8.6),
            said(Case, "visited_on", 10.2),
            said(Case, "closed_on", 10.2),
        ),
    ),
    said(Case, "remark", 11),
)

# What the columns say, and what 履行方式、时限 and the wording of the day are made of.
_FACTS = (*asked_of(Case, COLUMNS), Case.id, Case.registered_on, Case.performance, Case.perform_by)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these cases: three queries, however many cases."""
    parties, mediators = party_names(session, ids), mediator_names(session, ids)
    cases = session.execute(select(*_FACTS).where(Case.id.in_(ids)))
    names = tuple(cases.keys())
    return {
        case.id: {
            **dict(zip(names, case, strict=True)),
            "day": case.registered_on,
            "parties": parties[case.id],
            "mediators": mediators[case.id],
            "terms": terms(session, case),
        }
        for case in cases
    }


# A case stands in this book from its acceptance 受理 on, under its day of acceptance. Without that day, or
# while the stage says 已登记, it has not been taken up yet, and 不予受理 never is: such cases have no place.
# None of the columns is sensitive: names, place and sums are what the book is for, and the numbers,
# telephones and addresses of the parties are not in it.
CASE_REGISTER = declare(
    Ledger(
        name="case-register",
        label="调解案件登记册",
        word="case",
        source=Records(
            load=load,
            period=Case.accepted_on,
            order=(Case.accepted_on, Case.id),
            belongs=and_(
                Case.accepted_on.is_not(None), Case.stage.not_in((Stage.REGISTERED, Stage.DECLINED))
            ),
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="件"),
        note="已受理的调解案件，按受理日期排列；未受理的案件不列入。未见公开的官方样式，栏目为参考格式。",
    )
)
