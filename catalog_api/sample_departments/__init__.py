"""Sample departments of an invented city, 明川市 (Mingchuan City): what `mulu demo` harvests.

All of it is invented and written by this project (see README.md in this folder). `departments()` lists them;
`serve(folder)` starts those on the web as real HTTP servers on free ports of 127.0.0.1, writes the files of the others
under `folder`, and stops everything when its block ends:

    with serve(Path("data/sample")) as running:
        for source in running.sources:
            print(source.name, source.url, source.protocol)

Qualities: `excellent` (no finding at all), `middling`, `faulty` (wrong in many ways), `away` (answers HTML instead of
data) and `shrinking` (its second answer holds nothing).
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_api.sample_departments.seeds import Seed, seeds
from catalog_api.sample_departments.sites import SITES, site, write_files
from catalog_api.sample_departments.web import served
from metadata.text import Text

_TOLD = ("dcat_us", "ckan", "folder", "json_map")
"""Protocols of the departments that say how they are walked; the others are given by their address alone."""

__all__ = ["Department", "Running", "SampleSource", "departments", "serve"]


@dataclass(frozen=True)
class Department:
    """Who a department is. `name` is its slug."""

    name: str
    title: Text
    protocol: str
    standard: str
    quality: str
    description: Text


@dataclass(frozen=True)
class SampleSource:
    """Where a department can be harvested, ready to be registered: `settings` are the harvester's. Where `protocol` and
    `standard` are empty, the address alone is what a person would give: the rest is for the catalogue to find out."""

    name: str
    url: str
    protocol: str
    standard: str
    organization: Department
    settings: dict[str, Any]


@dataclass(frozen=True)
class Running:
    """What is up, in the order of `departments()`."""

    sources: tuple[SampleSource, ...]


def departments() -> tuple[Department, ...]:
    """All sample departments, in a fixed order."""
    return tuple(_department(seed) for seed in seeds())


@contextmanager
def serve(folder: Path) -> Iterator[Running]:
    """The departments up and running for as long as the block runs. `folder` is made when it is not there."""
    with ExitStack() as stack:
        yield Running(tuple(_source(seed, _start(seed, folder, stack)) for seed in seeds()))


def _start(seed: Seed, folder: Path, stack: ExitStack) -> str:
    """The address to harvest: a `file:` address, or the one of its protocol."""
    if seed.protocol == "folder":
        return write_files(seed, folder.resolve()).as_uri()
    return stack.enter_context(served(site(seed))) + SITES[seed.protocol][1]


def _source(seed: Seed, url: str) -> SampleSource:
    settings = {"pattern": "**/*.json"} if seed.protocol == "folder" else seed.site.get("settings", {})
    protocol, standard = (seed.protocol, seed.standard) if seed.protocol in _TOLD else ("", "")
    return SampleSource(seed.name, url, protocol, standard, _department(seed), settings)


def _department(seed: Seed) -> Department:
    return Department(seed.name, seed.title, seed.protocol, seed.standard, seed.quality, seed.description)
