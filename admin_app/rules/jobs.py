"""Jobs 后台任务: how they stand, when a worker counts as dead, how often a job is tried, what is left."""

from datetime import datetime, timedelta

from admin_app.rules.choices import Choice

LEASE = timedelta(minutes=2)  # without a heartbeat for so long, a worker counts as dead
MOST_ATTEMPTS = 3


class Phase(Choice):
    """How a job stands."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    CANCELLED = "cancelled", "已取消"
    FAILED = "failed", "没有做成"


OPEN = (Phase.WAITING, Phase.RUNNING)


def dead(heartbeat: datetime | None, at: datetime) -> bool:
    """Whether whoever had this heartbeat last is given up at this moment."""
    return heartbeat is None or at - heartbeat > LEASE


def fate(phase: Phase, attempt: int, *, stop: bool, heartbeat: datetime | None, at: datetime) -> Phase | None:
    """What becomes of a job that a worker finds, after so many attempts; None: leave it alone.

    `stop` says that somebody has asked for it to be cancelled.
    """
    if phase not in OPEN or (phase is Phase.RUNNING and not dead(heartbeat, at)):
        return None
    if stop:
        return Phase.CANCELLED
    return Phase.FAILED if attempt >= MOST_ATTEMPTS else Phase.RUNNING


def seconds_left(done: int, total: int | None, seconds: float) -> float | None:
    """How long the rest takes if it goes on as it went; None while nobody can tell."""
    if not total or done <= 0 or seconds < 2:
        return None
    return max(total - done, 0) * seconds / done


def span(seconds: float) -> str:
    """A time to wait, in words, as exactly as anybody wants to know it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "不到 1 分钟"
    hours, rest = divmod(minutes, 60)
    return f"约 {rest} 分钟" if not hours else f"约 {hours} 小时" + (f" {rest} 分钟" if rest else "")
