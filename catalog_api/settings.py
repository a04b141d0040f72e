"""Settings, read once from the environment (`MULU_…`). Each has a heading in docs/settings.md."""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from metadata.errors import Invalid, Unavailable
from search.elastic_access import Access, redacted
from search.habits import Habits
from search.ranking import ranking


class Settings(BaseSettings):
    """What an operator chooses. Paths are relative to the folder Mulu is started in."""

    model_config = SettingsConfigDict(env_prefix="MULU_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default=Path("data"), description="Folder of the database, the index and spooled downloads.")
    database_url: str = Field(default="", description="`sqlite:///file` or `postgresql://…`; default: in the data folder.")
    search_url: str = Field(
        default="", description="`tantivy:///folder`, or `http(s)://host:9200` for Elasticsearch; default: in the data folder."
    )
    search_api_key: str = Field(default="", description="API key for Elasticsearch, as it gave it (encoded).")
    search_user: str = Field(default="", description="User at Elasticsearch, when there is no API key.")
    search_password: str = Field(default="", description="That user's password.")
    search_ca_file: str = Field(default="", description="Certificates of the authority that signed Elasticsearch's.")
    search_verify: bool = Field(default=True, description="Check Elasticsearch's certificate.")
    search_timeout_seconds: float = Field(default=10.0, gt=0, le=600, description="Seconds that Elasticsearch may take.")
    search_shards: int = Field(default=1, ge=1, le=1024, description="Shards of an index that is built from now on.")
    search_replicas: int = Field(default=1, ge=0, le=32, description="Copies of each shard, where there are nodes for them.")
    ranking: str = Field(default="", description="Weights of the score that are not the usual ones: `title=10 freshness=0`.")
    synonyms: str = Field(default="", description="File of words that mean the same, beside those that come with Mulu.")
    semantic_model: str = Field(default="", description="Folder of a sentence model, for the search by meaning.")
    site_url: str = Field(default="http://127.0.0.1:8000", description="The catalogue's address, for links.")
    site_title: str = Field(default="目录 Mulu", description="The catalogue's title, on pages and in exports.")
    languages: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("zh", "en"), description="Languages of the pages, best first."
    )
    secret_key: str = Field(default="", description="Key for signed values; made and kept in the data folder when not given.")
    workers: int = Field(default=1, ge=1, le=64, description="Web processes of `mulu serve`.")
    runs_at_once: int = Field(default=2, ge=1, le=64, description="Harvests that one worker runs at the same time.")
    runs_per_host: int = Field(default=4, ge=1, le=64, description="Harvests at the same host at the same time.")
    upload_limit_mib: int = Field(default=10, ge=1, le=1024, description="Largest description that may be uploaded, in MiB.")
    download_limit_mib: int = Field(default=4096, ge=1, description="Largest answer taken from a source, in MiB.")
    verify_hours: int = Field(
        default=24, ge=0, le=8760, description="Hours between two comparisons of store and index; 0: never."
    )
    statistics_days: int = Field(default=90, ge=1, le=3650, description="Days that statistics of the search are kept.")
    slow_search_ms: int = Field(default=500, ge=1, description="From how many milliseconds on a search counts as slow.")
    smtp_url: str = Field(
        default="", description="`smtp://user:password@host:port` or `smtps://…`; without it no mail is sent."
    )
    mail_from: str = Field(default="", description="The sender of mails; default: no-reply at the catalogue's host.")
    alert_minutes: int = Field(default=60, ge=1, le=10_080, description="Least minutes between two messages of a saved search.")
    internal_webhooks: bool = Field(default=False, description="Webhooks may lead to private addresses.")
    log_json: bool = Field(default=False, description="Log as JSON lines instead of text.")

    @field_validator("languages", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("site_url")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("an address starts with http:// or https://")
        return value.rstrip("/")

    @property
    def database(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'mulu.db'}"

    @property
    def search(self) -> str:
        """The engine's URL, the default filled in."""
        return self.search_url or f"tantivy://{self.data_dir.resolve() / 'index'}"

    @property
    def habits(self) -> Habits:
        """What is chosen of the search. Raises `Invalid` for weights that are none."""
        return Habits(ranking(self.ranking), Path(self.synonyms) if self.synonyms else None)

    @property
    def search_access(self) -> Access:
        """How Elasticsearch is reached."""
        return Access(
            self.search_api_key,
            self.search_user,
            self.search_password,
            Path(self.search_ca_file) if self.search_ca_file else None,
            self.search_verify,
            self.search_timeout_seconds,
            self.search_shards,
            self.search_replicas,
        )

    @property
    def spool_dir(self) -> Path:
        """Folder for downloads on their way in."""
        return self.folder() / "spool"

    @property
    def upload_limit(self) -> int:
        """The upload limit in bytes."""
        return self.upload_limit_mib * 1024 * 1024

    def folder(self) -> Path:
        """The data folder, made when it is not there. Raises `Unavailable` when it cannot be."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            remedy = "Set MULU_DATA_DIR to a folder that can be written."
            raise Unavailable(
                f"the data folder cannot be made: {problem.strerror}", place=str(self.data_dir), remedy=remedy
            ) from problem
        return self.data_dir

    @cached_property
    def key(self) -> str:
        """The secret key: as set, or one made once and kept in the data folder, readable by its owner only."""
        if self.secret_key:
            return self.secret_key
        path = self.folder() / "secret_key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        return path.read_text(encoding="utf-8")


def read_settings() -> Settings:
    """The settings of this environment. Raises `Invalid`, naming the variable, when one cannot be used."""
    try:
        return Settings()
    except ValidationError as problem:
        first = problem.errors()[0]
        name = "MULU_" + str(first["loc"][0]).upper() if first["loc"] else "MULU_…"
        secret = any(word in name for word in ("SECRET", "PASSWORD", "KEY"))
        shown = None if secret else redacted(str(first.get("input")))
        raise Invalid(
            f"this setting cannot be used: {first['msg']}", place=name, value=shown, remedy="See docs/settings.md."
        ) from None
