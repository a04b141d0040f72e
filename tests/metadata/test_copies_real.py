"""Links between real catalogues: two states of one portal, a year apart, taken for two sources, against a plain comparison."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from harvesters.base import Record
from metadata import copies, database
from metadata.tables import DatasetRow
from tests.harvests import new_source, visit

PAIRS = (
    ("geobtaa-socrata/jsons/04b-24027_20190426.json", "geobtaa-socrata/jsons/04b-24027_20200414.json"),
    ("geobtaa-socrata/jsons/04c-03_20190426.json", "geobtaa-socrata/jsons/04c-03_20200722.json"),
    ("geobtaa-arcgis-earlier/05b-27027_20211231.json", "geobtaa-arcgis-latest/05b-027_20190104.json"),
)


def records(path: Path) -> list[Record]:
    listed = json.loads(path.read_text("utf-8"))["dataset"]
    return [Record(one, str(one["identifier"])) for one in listed if one.get("title")]


@pytest.mark.parametrize(("older", "newer"), PAIRS)
def test_two_states_of_a_portal_are_linked_dataset_by_dataset(corpora: Path, sqlite_url: str, older: str, newer: str) -> None:
    engine = database.connect(sqlite_url)
    try:
        _compare(engine, *(records(corpora / "dcatus" / one) for one in (older, newer)))
    finally:
        engine.dispose()


def bare(identifier: str) -> str:
    """An identifier without `http` or `https`, which portals change."""
    return identifier.partition("://")[2] or identifier


def _compare(engine: Engine, older: list[Record], newer: list[Record]) -> None:
    for name, found in (("older", older), ("newer", newer)):
        source = new_source(engine, name, url=f"https://{name}.example/data.json", organization=None)
        assert visit(engine, source, found, batch=500).state == "done"
    with database.writing(engine) as session:
        while copies.follow(session):
            session.commit()
        rows = {row.id: row for row in session.exec(select(DatasetRow))}
    pairs = {(bare(rows[row.copy_of].identifier), bare(row.identifier)): row for row in rows.values() if row.copy_of}
    common = {bare(str(one.identifier)) for one in older} & {bare(str(one.identifier)) for one in newer}
    assert common and {(one, one) for one in common} <= pairs.keys()
    for (first, second), row in pairs.items():
        if first != second:  # under another identifier: then it must be of the same name
            assert rows[str(row.copy_of)].title.casefold() == row.title.casefold()
    linked = [row.copy_of for row in rows.values() if row.copy_of]
    assert len(linked) == len(set(linked))  # each is one other's
