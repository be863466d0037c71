"""Settings, from the environment (`HESHI_…`); nonsense is refused at the start."""

import importlib.util
import secrets
import shlex
from pathlib import Path
from typing import Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_KEY = 32
INSTANCE = Path("instance")
NUMBERS = (
    "pool_overflow",
    "pool_recycle",
    "statement_seconds",
    "lock_seconds",
    "idle_seconds",
    "replica_lag",
)
PROGRAM = Path(__file__).parent.resolve()


class Settings(BaseSettings):
    """What an administrator may set; the manual for administrators explains each line."""

    model_config = SettingsConfigDict(env_prefix="HESHI_", extra="ignore")

    database_url: str = f"sqlite:///{(INSTANCE / 'heshi.db').resolve()}"
    secret_key: str = ""
    seal_key: str = ""  # seals the history and must never change; the secret key when not given
    files_dir: Path = (INSTANCE / "files").resolve()  # uploads, under their hashes
    pool_size: int = 5  # connections that a process keeps; a thread needs one
    pool_overflow: int = 5  # and may open beside them
    pool_seconds: int = 10  # that a page waits for one
    pool_recycle: int = 1800  # seconds after which a connection is made anew
    statement_seconds: int = 30  # that one query of a page may take; 0: no limit, here and below
    lock_seconds: int = 15  # that a page waits for somebody else who is saving
    idle_seconds: int = 120  # that a page may keep a transaction open without asking anything
    replica_url: str = ""  # a reading replica of the database, for ledgers and figures
    replica_lag: int = 60  # seconds by which it may lag
    jobs_url: str = ""  # where the queue of jobs is kept; beside the database when not given
    scan_command: str = ""  # is given the path of an upload as its last word; anything but exit 0 refuses it
    demo: bool = False
    demo_password: str = ""
    session_minutes: int = 120
    secure_cookies: bool = False
    proxies: int = 0  # how many servers of our own stand before us and tell the address of who asks
    largest_request: int = 64 * 1024 * 1024  # bytes, files and all: three uploads of the largest size
    largest_form: int = 8 * 1024 * 1024  # bytes of it that are not files

    @model_validator(mode="after")
    def _refuse_nonsense(self) -> Self:
        if not self.secret_key and self.demo:
            self.secret_key = _demo_key()
        if len(self.secret_key) < SHORTEST_KEY or len(set(self.secret_key)) < 10:
            raise ValueError(
                f"HESHI_SECRET_KEY 太弱：至少 {SHORTEST_KEY} 个不规则的字符。"
                "可用命令生成：python -c 'import secrets; print(secrets.token_hex(32))'"
            )
        self.seal_key = self.seal_key or self.secret_key
        self.database_url, self.replica_url = _driven(self.database_url), _driven(self.replica_url)
        self._refuse_numbers()
        self._refuse_replica()
        self.jobs_url = self.jobs_url or self._beside_the_database()
        _refuse_unknown_queue(self.jobs_url)
        self.files_dir = self.files_dir.resolve()
        if self.files_dir.is_relative_to(PROGRAM) or PROGRAM.is_relative_to(self.files_dir):
            raise ValueError("HESHI_FILES_DIR 不能是程序所在的文件夹：网页会从那里取文件。请另外指定一个。")
        try:
            shlex.split(self.scan_command)
        except ValueError:
            raise ValueError("HESHI_SCAN_COMMAND 的引号没有成对，请照手册改好。") from None
        return self

    def _refuse_numbers(self) -> None:
        if self.pool_size < 1 or self.pool_seconds < 1:
            raise ValueError("HESHI_POOL_SIZE 和 HESHI_POOL_SECONDS 至少是 1，请照手册改好。")
        for name in NUMBERS:
            if getattr(self, name) < 0:
                raise ValueError(f"HESHI_{name.upper()} 不能是负数，请照手册改好。")

    def _refuse_replica(self) -> None:
        shared = self.database_url.startswith("postgresql+psycopg://")
        if self.replica_url and not (shared and self.replica_url.startswith("postgresql+psycopg://")):
            raise ValueError(
                "HESHI_REPLICA_URL 只用于 PostgreSQL：它和 HESHI_DATABASE_URL 都要以 postgresql:// 开头。"
            )
        if self.replica_url == self.database_url != "":
            raise ValueError("HESHI_REPLICA_URL 和 HESHI_DATABASE_URL 一样：要写备用库的地址，没有就不要写。")

    def _beside_the_database(self) -> str:
        shared = self.database_url.startswith("postgresql")
        return self.database_url if shared else f"sqlite:///{(INSTANCE / 'jobs.db').resolve()}"


def _driven(url: str) -> str:
    """The address with our driver named."""
    return (
        url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url
    )


def _refuse_unknown_queue(url: str) -> None:
    if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "redis://", "rediss://")):
        raise ValueError("HESHI_JOBS_URL 要以 sqlite:///、postgresql:// 或 redis:// 开头，请照手册改好。")
    if url.startswith("redis") and importlib.util.find_spec("redis") is None:
        raise ValueError("HESHI_JOBS_URL 写的是 redis://，要先装上它的程序包：pip install 'heshi[redis]'")


def _demo_key() -> str:
    """The demo's own random key, kept beside its database so that sessions survive a restart."""
    file = INSTANCE / "demo-key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(secrets.token_hex(32))
        file.chmod(0o600)
    return file.read_text().strip()
