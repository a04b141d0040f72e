"""Real files against the two Chinese standards: none makes them raise, and none of another kind is taken for theirs.

No real catalogue after the guide is among the files; the closest are Taiwanese lists, statistics portals' names of fields, and
answers of mainland portals. They are read all the same where a name can be made out.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from metadata.model import decode, encode
from standards import cn_catalog_2017, gbt_21063, tables
from standards.base import Standard, Unreadable
from tests.standards.real import real_records

BOTH = (cn_catalog_2017.STANDARD, gbt_21063.STANDARD)


def _tables(corpora: Path) -> Iterator[Any]:
    for file in sorted(each for folder in ("chinese", "tabular") for each in corpora.glob(f"{folder}/**/*") if each.is_file()):
        if file.suffix in (".xlsx", ".xls", ".ods"):
            yield from islice(cn_catalog_2017.gather(tables.rows(file.read_bytes())), 300)
        elif file.suffix in (".csv", ".tsv", ".txt"):
            lines = file.read_bytes().decode("utf-8-sig", "replace").splitlines(keepends=True)
            try:
                yield from islice(cn_catalog_2017.gather(tables.text_rows(lines)), 300)
            except Unreadable:
                continue


def _documents(corpora: Path) -> Iterator[bytes]:
    for file in sorted(each for folder in ("csw", "iso", "oai", "bad") for each in corpora.glob(f"{folder}/**/*.xml"))[:150]:
        yield file.read_bytes()


def _holds(standard: Standard, body: Any) -> bool:
    """Whether a body is taken for this standard; reading, checking and repairing it raise nothing but `Unreadable`."""
    assert standard.read and standard.check and standard.repair
    assert all(one.rule in standard.rules for one in standard.check(body))
    standard.repair(body)
    try:
        found = standard.read(body)
    except Unreadable:
        return standard.recognises(body)
    assert decode(encode(found)) == found
    return standard.recognises(body)


@pytest.mark.parametrize("standard", BOTH, ids=[each.name for each in BOTH])
def test_real_files_raise_nothing_and_are_not_taken_for_it(corpora: Path, standard: Standard) -> None:
    counts = {"tables": 0, "json": 0, "xml": 0}
    for body in _tables(corpora):
        counts["tables"] += 1
        assert not _holds(standard, body)
    for place, body in islice(real_records(corpora, ("chinese", "portal-json", "ckan", "bad")), 1_200):
        counts["json"] += 1
        assert not _holds(standard, body), place
    for body in _documents(corpora):
        counts["xml"] += 1
        assert not _holds(standard, body)
    assert counts["tables"] > 1_000 and counts["json"] > 500 and counts["xml"] > 50
