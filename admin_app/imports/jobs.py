"""Long imports as jobs: the preview, the import itself, the undoing; each commits with the job's own end."""

from sqlalchemy.orm import Session

from admin_app.database import count_anew
from admin_app.imports.applying import carry_out, look, opened, options_of, summary
from admin_app.imports.marking import EXCEL, marked, marked_name
from admin_app.imports.planning import Fate
from admin_app.imports.sheet import SHEETS
from admin_app.models.import_batches import ImportBatch
from admin_app.models.jobs import Job
from admin_app.operations import imports
from admin_app.operations.files import store_of
from admin_app.operations.import_undo import undo
from admin_app.operations.jobs import Given, Kind, Progress, Result, register_kind
from admin_app.operations.results import results_of


def given(batch: ImportBatch) -> dict[str, int | str]:
    """What a job must know of its batch."""
    return {"batch": batch.id, "sheet": batch.sheet}


def _needs(asked: Given) -> str:
    return SHEETS[asked["sheet"]].action


def _batch(session: Session, job: Job) -> ImportBatch:
    return imports.find(session, job.user, job.given["batch"])


def _look(session: Session, job: Job, progress: Progress) -> Result:
    """Read, and only then write what was seen: meanwhile nobody waits."""
    batch = _batch(session, job)
    with store_of(session).open(batch.sha256) as file:
        content = file.read()
    book = opened(content)
    seen = look(session, job.user, SHEETS[batch.sheet], book, options_of(batch), progress)
    result = Result("预览做好了，请到“导入”里查看并确认")
    if seen.wrong:
        words = f"{seen.counts[Fate.WRONG]} 行有问题：请下载标出问题的表，改好以后重新上传"
        kept = results_of(session).keep(marked(content, book, seen.wrong))
        result = Result(words, kept, marked_name(batch), EXCEL)
    session.rollback()  # end of reading
    _batch(session, job).seen = {**summary(seen), "job": job.id}
    return result


def _import(session: Session, job: Job, progress: Progress) -> Result:
    session.rollback()  # it writes from the beginning: the plan must hold until it is carried out
    batch = _batch(session, job)
    carry_out(session, job.user, batch, progress)
    count_anew(session)  # an empty house may hold ten years now
    return Result(batch.words)


def _undo(session: Session, job: Job, progress: Progress) -> Result:
    session.rollback()
    batch = _batch(session, job)
    undo(session, job.user, batch, SHEETS[batch.sheet].label, progress)
    return Result("已撤销")


LOOK = register_kind(Kind("import_look", "导入的预览", _needs, _look))
IMPORT = register_kind(Kind("import", "导入", _needs, _import))
UNDO = register_kind(Kind("import_undo", "撤销导入", _needs, _undo))
