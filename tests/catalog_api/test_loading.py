"""What a command loads: itself and what it needs, and nothing of the others."""

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

import catalog_api.commands
from catalog_api.cli import COMMANDS, main
from catalog_api.commands.places import Places

HEAVY = (
    *("fastapi", "starlette", "granian", "jinja2", "alembic", "mako"),
    *("pyoxigraph", "lxml", "openpyxl", "tantivy", "cryptography", "charset_normalizer", "elasticsearch", "numpy"),
    *("rjieba", "pypinyin", "argon2", "babel", "prometheus_client"),
)
OF_A_HARVEST = """
from catalog_api.cli import main
from catalog_api.commands.profiles import load
from catalog_api.logs import start_logging
from harvesters.table import PROTOCOLS
from standards.table import STANDARDS
main.commands["harvest"], PROTOCOLS.get("dcat_us"), load()
[STANDARDS.get(name) for name in ("dcat_us_1_1", "dcat_us_1_1_non_federal", "dcat_us_3")]
"""


def loaded(program: str, environment: dict[str, str]) -> set[str]:
    """The packages and modules that a new interpreter has after a program."""
    told = f"{program}\nimport sys\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", told], env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n"))


@pytest.fixture
def environment(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("MULU_DATA_DIR", str(tmp_path))
    return {name: value for name, value in os.environ.items() if not name.startswith("COV_")}


def test_a_harvest_loads_nothing_that_it_does_not_need(environment: dict[str, str]) -> None:
    there = loaded(OF_A_HARVEST, environment)
    assert "harvesters.dcat_us" in there and "standards.dcat_us_1_1" in there
    assert not there & set(HEAVY)
    others = {one.partition(":")[0] for one, _ in COMMANDS.values()} - {"harvesting", "profiles"}
    assert not there & {f"catalog_api.commands.{one}" for one in others}
    assert {
        name for name in there if name.startswith("harvesters.") and name[11:] in ("ckan", "csw", "waf", "spreadsheet")
    } == set()


def test_help_and_version_load_no_command(environment: dict[str, str]) -> None:
    for word in ("--help", "--version"):
        there = loaded(
            f"from catalog_api.cli import main\ntry:\n    main(['{word}'])\nexcept SystemExit:\n    pass", environment
        )
        assert "click" in there and not there & {"sqlalchemy", "pydantic", "rich", "structlog", *HEAVY}


def written() -> Iterator[tuple[str, str]]:
    """Every command that a module of the folder defines and no group holds, by its name and place."""
    places = {}
    for module in pkgutil.iter_modules(catalog_api.commands.__path__):
        brought = vars(importlib.import_module(f"catalog_api.commands.{module.name}"))
        for word, one in brought.items():
            if isinstance(one, click.Command) and one.callback and one.callback.__module__.endswith(f".{module.name}"):
                places[one] = (str(one.name), f"{module.name}:{word}")
    inner = {command for group in places if isinstance(group, click.Group) for command in group.commands.values()}
    return iter(pair for command, pair in places.items() if command not in inner)


def test_the_table_names_exactly_the_commands_there_are() -> None:
    assert sorted(written()) == sorted((name, place) for name, (place, _) in COMMANDS.items())
    assert all(name == command.name for name, command in main.commands.items())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_table_says_what_the_command_says(name: str) -> None:
    assert main.commands[name].get_short_help_str(1000).rstrip(".") == COMMANDS[name][1].rstrip(".")


def test_help_lists_every_command_with_its_words() -> None:
    told = CliRunner().invoke(main, ["--help"], terminal_width=200).output
    for name, (_, words) in COMMANDS.items():
        assert any(line.split()[:1] == [name] and line.endswith(words) for line in told.splitlines()), name


@pytest.mark.parametrize("module", sorted({place.partition(":")[0] for place, _ in COMMANDS.values()}))
def test_each_module_of_commands_loads_by_itself(module: str, environment: dict[str, str]) -> None:
    assert f"catalog_api.commands.{module}" in loaded(f"import catalog_api.commands.{module}", environment)


def test_a_group_is_loaded_where_it_is_asked_for() -> None:
    places = Places({"run": "catalog_api.commands.curating:run"})
    assert "run" in places and list(places) == ["run"] and len(places) == 1
    own = click.Command("own")
    places["own"] = own
    assert places["own"] is own and list(places) == ["run", "own"]
    assert places["run"] is main.commands["run"]
    del places["run"]
    assert places.get("run") is None and len(places) == 1
