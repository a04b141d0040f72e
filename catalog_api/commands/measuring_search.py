"""`mulu bench search`: how fast an index is filled and asked, each figure beside the bare engine's in the same run."""

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from catalog_api.commands.console import as_json, errors, show, table
from catalog_api.settings import read_settings
from metadata.errors import Invalid
from search.base import SearchEngine
from search.elastic_access import INDEX, address, redacted
from search.engines import open_engine

if TYPE_CHECKING:
    from catalog_api.measuring.documents import Store

_QUESTIONS = 400


@click.command()
@click.option(
    "--records",
    type=click.Path(path_type=Path),
    help="A file of DCAT-US records, one JSON object a line; made-up Chinese datasets are added.",
)
@click.option(
    "--documents", "count", default=40_000, show_default=True, type=click.IntRange(100, 5_000_000), help="Datasets in all."
)
@click.option(
    "--engine",
    "engines",
    multiple=True,
    default=("tantivy",),
    show_default=True,
    metavar="URL",
    help="`tantivy`, or the address of an Elasticsearch, where a new index is made and deleted; may be given several times.",
)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the documents in this folder, to measure with them again.")
@as_json
def search(records: Path | None, count: int, engines: tuple[str, ...], keep: Path | None, json_: bool) -> None:
    """Fills an index and searches it, and has the bare engine do the same beside it."""
    from catalog_api.measuring.documents import store  # here: no other command needs what it loads

    with tempfile.TemporaryDirectory(prefix="mulu-bench-") as name:
        urls = {url: _address(url, Path(name)) for url in engines}
        folder = keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        _tell("making documents")
        documents = store(folder / "documents.bin", records, count)
        measured = {url: _measured(url, urls[url], documents) for url in engines}
    made = round(documents.count / max(documents.seconds, 1e-9))
    if json_:
        show({"documents": count, "made_documents_per_second": made, "engines": measured})
        return
    table(f"{count:,} documents, {made:,} made a second", _rows(measured), "")


def _address(url: str, folder: Path) -> str:
    """The URL of an index of the measurement's own. Raises `Invalid` for what cannot be measured."""
    if url == "tantivy":
        return f"tantivy://{folder.resolve() / 'index'}"
    if not url.startswith(("http://", "https://")) or address(url).index != INDEX:
        remedy = "Write tantivy, or http://host:9200 without the name of an index: a new one is made."
        raise Invalid("this is no engine to measure", place="--engine", value=redacted(url), remedy=remedy)
    return f"{url.rstrip('/').removesuffix(f'/{INDEX}')}/mulu-bench-{uuid.uuid4().hex[:8]}"


def _measured(name: str, url: str, documents: "Store") -> dict[str, Any]:
    """Nothing of the index is left behind."""
    from catalog_api.measuring.asked import words
    from catalog_api.measuring.bare import bare
    from catalog_api.measuring.engines import figures

    settings = read_settings()

    def opened() -> SearchEngine:  # without a sentence model: the engine itself is measured
        return open_engine(url, settings.habits, settings.search_access)

    try:
        return figures(opened, documents, words(documents, _QUESTIONS), lambda what: _tell(f"{redacted(name)}: {what}"))
    finally:
        bare(opened()).forget()


def _rows(measured: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each figure, a column for each engine."""
    flat = {url: dict(_flat(one)) for url, one in measured.items()}
    names = dict.fromkeys(name for one in flat.values() for name in one)
    return [{"figure": name.replace("_", " "), **{url: one.get(name) for url, one in flat.items()}} for name in names]


def _flat(one: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in one.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}: ")
        else:
            yield f"{before}{name}", f"{value:,}" if isinstance(value, int | float) else value


def _tell(what: str) -> None:
    errors.print(what, style="dim", highlight=False, markup=False)
