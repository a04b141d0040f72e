"""The guide against the code: what outsiders meet is documented, and what is documented is there.

Commands, options, settings, protocols, standards, facets, actions and addresses are compared in both directions; links,
images, anchors and the commands in code blocks are looked up. Each failure says what to add to, or take out of, which page.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
import pytest
from fastapi import FastAPI
from pydantic_core import PydanticUndefined
from starlette.routing import Match

from catalog_api.app import create
from catalog_api.auth import SCOPES
from catalog_api.ckan.table import READING
from catalog_api.cli import main
from catalog_api.routers.reply import run_json
from catalog_api.routers.sources import SourceBody
from catalog_api.run_fields import RUN_FIELDS
from catalog_api.settings import Settings
from harvesters.table import PROTOCOLS
from metadata.errors import NotFound
from metadata.registry import Registry
from metadata.tables import Run
from search.facets import FACETS
from search.order import ORDERS
from standards.table import STANDARDS, rule

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FIRST_CELL = re.compile(r"^\| *(`[^|]+`[^|]*?) *\|", re.MULTILINE)
_ADDRESS = re.compile(r"`(GET|POST|PUT|DELETE|PATCH) (/[^`\s]*)`")
_ASKED = re.compile(r"http://127\.0\.0\.1:800\d(/[^\s'\"`)?]*)?")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """The page without its code blocks."""
    return _FENCE.sub("", read(path))


def sections(path: Path) -> dict[str, str]:
    """Heading (without backticks) → what stands under it, up to the next heading of any level."""
    text = prose(path)
    marks = list(_HEADING.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return {mark[2].replace("`", ""): text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)}


def first_cells(text: str) -> set[str]:
    """All code words in the first column of the tables in a text."""
    return {word for cell in _FIRST_CELL.findall(text) for word in _CODE.findall(cell)}


def settings_in(text: str) -> set[str]:
    """The code words in the first column of those tables whose first column is called `setting`."""
    tables = re.findall(r"^\| *setting *\|.*\n((?:\|.*\n?)+)", text, re.MULTILINE)
    return {word for table in tables for word in first_cells(table)}


def shell_lines(path: Path) -> Iterator[str]:
    """The lines of the page's shell blocks, continued lines joined, comments off."""
    for language, block in _FENCE.findall(read(path)):
        if language in ("sh", "bash", "shell"):
            yield from filter(None, (line.strip() for line in block.replace("\\\n", " ").split("\n")))


def compared(there: set[str], told: set[str], page: str, what: str) -> None:
    """Fails when one side has what the other lacks."""
    missing, invented = sorted(there - told), sorted(told - there)
    assert not missing, f"{page} says nothing of {what} {missing}: add it there"
    assert not invented, f"{page} tells of {what} {invented}, which does not exist: take it out, or mend its name"


# Commands


def commands(group: click.Command = main, words: tuple[str, ...] = ("mulu",)) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(group, click.Group):
        yield " ".join(words), group
        return
    for name, command in group.commands.items():
        yield from commands(command, (*words, name))


COMMANDS = dict(commands())


def options(command: click.Command) -> set[str]:
    return {word for one in command.params if isinstance(one, click.Option) for word in (*one.opts, *one.secondary_opts)}


def test_every_command_has_a_heading() -> None:
    told = {heading for heading in sections(DOCS / "commands.md") if heading.startswith("mulu ")}
    compared(set(COMMANDS), told, "docs/commands.md", "the command (as a heading)")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_has_a_row(name: str) -> None:
    section = sections(DOCS / "commands.md").get(name, "")
    told = {word for word in first_cells(section) if word.startswith("-")}
    compared(options(COMMANDS[name]), told, f"docs/commands.md, under `{name}`,", "the option (in a table's first column)")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_explains_itself(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, f"`{name} --help` says nothing: give the function a docstring"


def test_the_scopes_of_tokens_are_told() -> None:
    compared(set(SCOPES), first_cells(sections(DOCS / "api.md")["Tokens"]), "docs/api.md, under Tokens,", "the scope")


# Settings


def test_every_setting_has_a_heading() -> None:
    there = {f"MULU_{name.upper()}" for name in Settings.model_fields}
    told = {heading for heading in sections(DOCS / "settings.md") if heading.startswith("MULU_")}
    compared(there, told, "docs/settings.md", "the setting (as a heading)")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_default_of_every_setting_is_told(name: str) -> None:
    field = Settings.model_fields[name]
    shown = ",".join(field.default) if isinstance(field.default, tuple) else str(field.default)
    shown = shown.lower() if isinstance(field.default, bool) else shown
    section = sections(DOCS / "settings.md").get(f"MULU_{name.upper()}", "")
    assert field.default in ("", PydanticUndefined) or f"`{shown}`" in section, (
        f"docs/settings.md, under `MULU_{name.upper()}`, does not tell its default: add `{shown}`"
    )


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    there = {f"MULU_{name.upper()}" for name in Settings.model_fields}
    of_tests = {"MULU_CORPORA", "MULU_STANDARDS", "MULU_NO_SKIP"}
    for page in PAGES:
        told = {word.rstrip("_") for word in re.findall(r"MULU_[A-Z_]+", read(page))} - {"MULU"}
        invented = sorted(told - there - of_tests)
        assert not invented, f"{named(page)} names {invented}, which no setting is called"


# Protocols, standards, facets


def test_every_protocol_has_a_page_and_a_row() -> None:
    pages = {path.stem for path in (DOCS / "protocols").glob("*.md")}
    compared(set(PROTOCOLS), pages, "docs/protocols", "the page of the protocol")
    told = set(re.findall(r"^\| \[`(\w+)`\]", prose(DOCS / "protocols.md"), re.MULTILINE))
    compared(set(PROTOCOLS), told, "docs/protocols.md", "the protocol (in a table's first column)")


@pytest.mark.parametrize("name", list(PROTOCOLS))
def test_every_setting_of_a_protocol_has_a_row(name: str) -> None:
    page = DOCS / "protocols" / f"{name}.md"
    told = settings_in(prose(page)) if page.exists() else set()
    there = set(PROTOCOLS.get(name).Settings.model_fields)
    compared(there, told, f"docs/protocols/{name}.md", "the setting (in a table whose first column is `setting`)")


def test_every_setting_of_a_source_has_a_row() -> None:
    given_elsewhere = {"url", "protocol", "standard", "organization", "settings"}
    told = first_cells(sections(DOCS / "harvesting.md")["What a source lets you set"])
    compared(set(SourceBody.model_fields) - given_elsewhere, told, "docs/harvesting.md", "the setting of a source")


def test_every_standard_has_a_heading_and_what_it_can_do() -> None:
    told = set(sections(DOCS / "standards.md")) - {"Standards", "Converting", "More standards"}
    compared(set(STANDARDS), told, "docs/standards.md", "the standard (as a heading)")
    for one in STANDARDS.values():
        able = " | ".join("yes" if part else "no" for part in (one.read, one.write, one.check))
        row = f"| `{one.name}` | {able} |"
        assert row in read(DOCS / "standards.md"), f"the table in docs/standards.md needs the row: {row}"


def test_every_facet_has_a_row() -> None:
    compared(set(FACETS), first_cells(sections(DOCS / "search.md")["Facets"]), "docs/search.md, under Facets,", "the facet")


def test_every_order_is_told() -> None:
    told = set(_CODE.findall(sections(DOCS / "search.md")["Orders"])) - {"-"}
    compared(set(ORDERS), told, "docs/search.md, under Orders,", "the order")


def test_every_field_of_a_run_report_is_told() -> None:
    told = set(_CODE.findall(sections(DOCS / "harvesting.md")["The run report"]))
    there = set(run_json(Run(source_id="", source="", state="", asked="")))
    assert set(RUN_FIELDS) <= there
    compared(there, told, "docs/harvesting.md, under The run report,", "the field")


def test_the_states_of_a_run_are_told() -> None:
    told = first_cells(sections(DOCS / "harvesting.md")["States"])
    compared(
        {"queued", "running", "done", "held", "failed", "cancelled"}, told, "docs/harvesting.md, under States,", "the state"
    )


def test_rules_that_are_named_exist() -> None:
    prefixes = {rule_id.split("/")[0] for standard in STANDARDS.values() for rule_id in standard.rules} | {"record"}
    for page in PAGES:
        for word in re.findall(rf"[`\"]((?:{'|'.join(map(re.escape, prefixes))})/[\w@/.-]+)[`\"]", read(page)):
            assert rule(word), f"{named(page)} names the rule {word}, which no standard has"


# Addresses


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create(Settings(data_dir=tmp_path_factory.mktemp("docs")))


def answered(app: FastAPI, method: str, path: str) -> bool:
    """Whether some route answers this."""
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": [], "query_string": b""}
    return any(route.matches(scope)[0] == Match.FULL for route in app.router.routes)


def test_every_address_of_the_openapi_document_is_told(app: FastAPI) -> None:
    there = {f"{method.upper()} {path}" for path, item in app.openapi()["paths"].items() for method in item}
    pages = (DOCS / "api.md", DOCS / "exchange.md")
    told = {f"{method} {path}" for page in pages for method, path in _ADDRESS.findall(read(page))}
    missing = sorted(there - told)
    assert not missing, f"docs/api.md or docs/exchange.md needs these addresses, written like `GET /data.json`: {missing}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_addresses_that_are_told_are_answered(app: FastAPI, page: Path) -> None:
    for method, path in _ADDRESS.findall(read(page)):
        filled = re.sub(r"\{[^}]+\}", "1", path)
        assert answered(app, method, filled), f"{named(page)} tells of `{method} {path}`, which nothing answers"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_addresses_in_examples_are_answered(app: FastAPI, page: Path) -> None:
    for line in (line for line in shell_lines(page) if "curl" in line):
        method = next(iter(re.findall(r"-X (\w+)", line)), "POST" if "--data-binary" in line else "GET")
        for path in _ASKED.findall(line):
            assert answered(app, method, unquote(path or "/")), f"{named(page)} asks {method} {path}, which nothing answers"


def test_every_action_of_ckan_has_a_row() -> None:
    compared(set(READING), first_cells(sections(DOCS / "ckan.md")["Actions"]), "docs/ckan.md, under Actions,", "the action")


# Examples and links


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_in_examples_exist(page: Path) -> None:
    for line in shell_lines(page):
        for part in re.split(r"\s(?:&&|&|\||;)\s|\$\(", line.partition(" #")[0]):
            words = shlex.split(part.rstrip(")&").strip(), comments=True) if part.count("'") % 2 == 0 else part.split()
            if words and words[0] == "mulu":
                _command_exists(named(page), words)


def _command_exists(page: str, words: list[str]) -> None:
    name = next((name for name in (" ".join(words[:3]), " ".join(words[:2])) if name in COMMANDS), None)
    assert name, f"{page} shows `{' '.join(words)}`, which is no command"
    used = {word.partition("=")[0] for word in words if word.startswith("-")}
    unknown = sorted(used - options(COMMANDS[name]) - {"--help"})
    assert not unknown, f"{page} shows `{' '.join(words)}`: `{name}` has no option {unknown}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_in_prose_exist(page: Path) -> None:
    for code in _CODE.findall(prose(page)):
        if code.startswith("mulu ") and "…" not in code.split(" ", 1)[1][:2]:
            words = code.split()
            known = any(" ".join(words[:count]) in COMMANDS for count in (2, 3))
            assert known, f"{named(page)} speaks of `{code}`, which is no command"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_protocols_and_standards_in_examples_exist(page: Path) -> None:
    tables: dict[str, Registry[Any]] = {
        "--protocol": PROTOCOLS,
        "--standard": STANDARDS,
        "--to": STANDARDS,
        "--from": STANDARDS,
    }
    for line in shell_lines(page):
        words = line.split()
        for option, word in pairwise(words):
            if words[0] == "mulu" and option in tables:
                try:
                    tables[option].get(word)
                except NotFound as problem:
                    raise AssertionError(f"{named(page)} shows `{line}`: {problem}") from None


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_make_targets_exist(page: Path) -> None:
    makefile = ROOT / "Makefile"
    assert makefile.is_file(), "README's commands need a Makefile at the root"
    targets = set(re.findall(r"^([a-z][\w-]*):", read(makefile), re.MULTILINE))
    asked = {target for line in shell_lines(page) for target in re.findall(r"^make ([a-z][\w-]*)", line)}
    assert asked <= targets, f"{named(page)} runs `make {sorted(asked - targets)}`, which the Makefile does not have"


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get, as code hosting sites make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in sections(page)}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_images_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(page)):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        assert target.exists(), f"{named(page)} links to {link}, which is not there"
        if parts.fragment and target.suffix == ".md":
            assert parts.fragment in anchors(target), f"{named(page)} links to {link}: there is no such heading"


def test_every_page_of_the_guide_is_listed() -> None:
    index = DOCS / "index.md"
    linked = {(DOCS / urlsplit(link).path).resolve() for link in _LINK.findall(read(index)) if not urlsplit(link).scheme}
    missing = sorted(named(page) for page in DOCS.rglob("*.md") if page != index and page.resolve() not in linked)
    assert not missing, f"docs/index.md does not link to {missing}: add a line for each"


def test_files_and_functions_of_the_architecture_exist() -> None:
    text = read(ROOT / "ARCHITECTURE.md")
    for path in re.findall(r"`((?:metadata|standards|harvesters|search|catalog_api|tests|docs)/[\w/.]+\.\w+)`", text):
        assert (ROOT / path).is_file(), f"ARCHITECTURE.md names {path}, which is not there"
    for path, name in re.findall(r"`([\w/]+\.py)`, `(\w+)(?:\.\w+)?`", text):
        found = re.search(rf"^\s*(?:def|class) {name}\b", read(ROOT / path), re.MULTILINE)
        assert found, f"ARCHITECTURE.md names {name} in {path}, which is not there"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_pages_are_finished(page: Path) -> None:
    unfinished = re.findall(r"\b(?:TODO|FIXME|XXX|TBD)\b", read(page))
    assert not unfinished, f"{named(page)} has {unfinished}: write it, or leave it out"


def test_the_licence_is_whole() -> None:
    licence = read(ROOT / "LICENSE")
    assert "Version 2.0, January 2004" in licence and "END OF TERMS AND CONDITIONS" in licence
