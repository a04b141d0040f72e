"""Settings from the environment: defaults, what is refused, and the key that is made once."""

import stat
from pathlib import Path

import pytest

from catalog_api.settings import Settings, read_settings
from metadata.errors import Invalid, Unavailable


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MULU_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_defaults_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = read_settings()
    assert (settings.database, settings.search) == (f"sqlite:///{tmp_path}/data/mulu.db", f"tantivy://{tmp_path}/data/index")
    assert (settings.languages, settings.site_url, settings.upload_limit) == (
        ("zh", "en"),
        "http://127.0.0.1:8000",
        10 * 1024 * 1024,
    )
    assert not (tmp_path / "data").exists()  # reading settings makes nothing


def test_the_environment_and_a_file_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MULU_SITE_TITLE=From the file\nMULU_LANGUAGES=en\n", "utf-8")
    monkeypatch.setenv("MULU_LANGUAGES", "en, zh ,")
    monkeypatch.setenv("MULU_SITE_URL", "https://data.example/")
    settings = read_settings()
    assert (settings.site_title, settings.languages, settings.site_url) == (
        "From the file",
        ("en", "zh"),
        "https://data.example",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "data.example"),
        ("WORKERS", "0"),
        ("WORKERS", "x"),
        ("UPLOAD_LIMIT_MIB", "9999999"),
        ("LOG_JSON", "perhaps"),
        ("DOWNLOAD_LIMIT_MIB", "-1"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MULU_{name}", value)
    with pytest.raises(Invalid) as told:
        read_settings()
    assert told.value.place == f"MULU_{name}" and told.value.value == value and "\n" not in str(told.value)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = Settings(data_dir=tmp_path / "data").key
    assert len(first) >= 48 and Settings(data_dir=tmp_path / "data").key == first
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert Settings(data_dir=tmp_path / "data", secret_key="given").key == "given"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(Unavailable, match="MULU_DATA_DIR"):
        Settings(data_dir=tmp_path / "file" / "data").folder()
