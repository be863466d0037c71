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
PROGRAM = Path(__file__).parent.resolve()


class Settings(BaseSettings):
    """What an administrator may set; the manual for administrators explains each line."""

    model_config = SettingsConfigDict(env_prefix="HESHI_", extra="ignore")

    database_url: str = f"sqlite:///{(INSTANCE / 'heshi.db').resolve()}"
    secret_key: str = ""
    seal_key: str = ""  # seals the history and must never change; the secret key when not given
    files_dir: Path = (INSTANCE / "files").resolve()  # uploads, under their hashes
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
        if self.database_url.startswith("postgresql://"):
            self.database_url = self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
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

    def _beside_the_database(self) -> str:
        shared = self.database_url.startswith("postgresql")
        return self.database_url if shared else f"sqlite:///{(INSTANCE / 'jobs.db').resolve()}"


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
