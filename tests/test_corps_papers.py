"""The form of an evaluation and the notice of a subsidy batch, as Word files, for whoever may see them."""

from io import BytesIO

import docx
from flask import Flask

from admin_app.database import db
from admin_app.models.evaluations import Evaluation
from admin_app.models.history import Entry
from admin_app.models.subsidies import Subsidy
from admin_app.models.users import User
from admin_app.operations.lives import take_step
from admin_app.rules.dates import today
from admin_app.rules.subsidies import SubsidyState
from tests.test_subsidies import close
from tests.web import Browser, named
from tests.world import World


def words_of(content: bytes) -> str:
    paper = docx.Document(BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in paper.paragraphs] + cells)


def asked(browser: Browser, url: str) -> tuple[int, str]:
    answer = browser.post(url)
    return answer.status_code, words_of(answer.data) if answer.status_code == 200 else answer.text


def test_an_evaluation_has_a_form_with_its_result(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    assert "下载考核表（Word）" in bureau.get(f"/evaluation/{world.evaluation}").text
    status, words = asked(bureau, f"/papers/evaluation/{world.evaluation}/evaluation_form.docx")
    assert status == 200
    with app.app_context():
        evaluation = db.session.get_one(Evaluation, world.evaluation)
        for told in (evaluation.who, evaluation.level or "", str(evaluation.year)):
            assert told in words
        assert db.session.query(Entry).filter(Entry.record_id == world.evaluation).count()
    assert asked(bureau, f"/papers/evaluation/{world.far_evaluation}/evaluation_form.docx")[0] == 404
    assert asked(bureau, f"/papers/evaluation/{world.evaluation}/mediator_file.docx")[0] == 404


def test_a_batch_has_a_notice_without_a_party_s_name(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    url = f"/papers/subsidy/{world.subsidy}/subsidy_notice.docx"
    assert asked(bureau, url)[0] == 409
    with app.app_context():
        case = close(db.session, world.archived_case)
        number, names = case.number, case.names.split("、")
        subsidy = db.session.get_one(Subsidy, world.subsidy)
        director = db.session.get_one(User, world.director)
        take_step(db.session, director, subsidy, "draw")
        subsidy.state, subsidy.noticed_on, subsidy.notice_until = SubsidyState.NOTICED, today(), today()
        db.session.commit()
    status, words = asked(bureau, url)
    assert status == 200
    assert number in words
    assert "张伟" in words
    assert "100.00" in words
    assert not any(name in words for name in names)
    assert "下载公示（Word）" in bureau.get(f"/subsidy/{world.subsidy}").text
