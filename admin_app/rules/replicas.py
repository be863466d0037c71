"""How a page tells that it was read from a replica 备用库, and how old that is."""

from datetime import datetime, timedelta

AWAY = "备用库暂时不能用，下面是主库现在的数。"


def lag_words(lag: timedelta) -> str:
    """刚刚, 约 5 秒前, 约 3 分钟前, 约 2 小时前."""
    seconds = round(lag.total_seconds())
    if seconds < 1:
        return "刚刚"
    return f"{_about(seconds)}前"


def _about(seconds: int) -> str:
    if seconds < 60:
        return f"约 {seconds} 秒"
    return f"约 {round(seconds / 60)} 分钟" if seconds < 3600 else f"约 {round(seconds / 3600)} 小时"


def read_at(local: datetime, lag: timedelta) -> str:
    """On the page, by China's clock."""
    return f"数据截至 {local:%H:%M}（{lag_words(lag)}）"


def behind(lag: timedelta) -> str:
    """When the replica lags too much."""
    return f"备用库晚了{_about(round(lag.total_seconds()))}，下面是主库现在的数。"
