"""The splitter gives exactly the records that a plain parser gives, whatever the document looks like."""

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from harvesters import splitting
from harvesters.documents import stream
from harvesters.splitting import Splitter
from harvesters.spool import local

Records = list[dict[str, Any]]
ODD = [b"", b'"', b"}", b"[", b"]", b",", b"\\", b"{", b"9" * 25, b"\x00"]


def _split(text: bytes, prefix: str, chunk: int) -> tuple[list[Any], bytes]:
    splitter = Splitter(io.BytesIO(text), prefix, chunk)
    found = list(splitter.records())
    first, reader = splitter.rest()
    return found, first + reader.read()


def _records(count: int, seed: int = 7) -> Records:
    """Records with lists of objects, brackets and quotes in texts, and their members in any order."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        record: dict[str, Any] = {
            "identifier": number,
            "title": chance.choice(["plain", "a [b", "c] d", 'say "},{" aloud', "\\", "目录 },{ 数据", "[[["]),
            "distribution": [{"format": "CSV", "a": [[1.5], {}]} for _ in range(chance.randrange(5))],
            "publisher": {"name": "x", "subOrganizationOf": {"name": "y"}},
        }
        keys = list(record)
        chance.shuffle(keys)
        found.append({key: record[key] for key in keys})
    return found


@pytest.mark.parametrize("indent", [None, 0, 2, 7])
@pytest.mark.parametrize("chunk", [64, 500, 5_000, 100_000])
@pytest.mark.parametrize("prefix", ["item", "dataset.item"])
def test_records_and_rest_together_are_the_document(indent: int | None, chunk: int, prefix: str) -> None:
    """Nothing is lost, doubled or changed, and what remains is a document with the rest of the records."""
    records = _records(300)
    body: Any = records if prefix == "item" else {"@type": "dcat:Catalog", "dataset": records, "more": [{"a": 1}, {"b": 2}]}
    separators = (",", ":") if indent is None else None
    found, rest = _split(json.dumps(body, indent=indent, separators=separators).encode(), prefix, chunk)
    left = json.loads(rest)
    assert found + (left if prefix == "item" else left["dataset"]) == records
    if prefix == "dataset.item":
        assert left["more"] == body["more"]


def test_most_records_are_cut_out() -> None:
    """In a document of the usual kind all but the last one are, in a few parses."""
    records = [{"identifier": str(number), "distribution": [{"a": 1}, {"b": 2}]} for number in range(5_000)]
    found, _ = _split(json.dumps({"dataset": records}, separators=(",", ":")).encode(), "dataset.item", splitting.CHUNK)
    assert len(found) == len(records) - 1
    found, _ = _split(json.dumps({"dataset": records}, indent=4).encode(), "dataset.item", splitting.CHUNK)
    assert len(found) == len(records) - 1


@pytest.mark.parametrize(
    "text",
    [
        b'{"inner":{"dataset":[{"a":1},{"a":2},{"a":3}]},"dataset":[{"b":1},{"b":2},{"b":3}]}',
        b'{"say":"\\"dataset\\":[{","dataset":[{"b":1},{"b":2},{"b":3}]}',
        b'{"dataset":[{"b":1},{"b":2},{"b":3}],"dataset":[{"c":1},{"c":2}]}',
        b'{"dataset":[{"b":1},null,{"b":2},"},{",{"b":3},[{"b":4},{"b":5}],{"b":6}]}',
        b'{"dataset":[{"b":1} , {"b":2}\n,\n{"b":3},{"b":4}]}',
        b'{"dataset":[{"b":-0},{"b":1e3},{"b":0.10},{"b":18446744073709551615},{"b":1}]}',
        b'{"dataset":[{"b":1},{"b":123456789012345678901234567890},{"b":2}]}',
        b'{"dataset":[{"b":"\\ud800"},{"b":2},{"b":3}]}',
        b'{"dataset":[{"b":"1234567890123456789012"},{"b":0.1234567890123456789012},{"b":3}]}',
        b'{"dataset":[{},{},{},{}]}',
        b'{"dataset":[]}',
        b"[]",
        b'[{"a":[{"b":1},{"b":2}]},{"a":1}]',
    ],
)
def test_odd_documents_are_read_as_before(text: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the splitter and without it the records are the same, to the order of their members."""
    path = tmp_path / "data.json"
    path.write_bytes(text)
    prefix = "item" if text.startswith(b"[") else "dataset.item"
    with path.open("rb") as file:
        document = local(file, "here")
        whole = [repr(one) for one in stream(document, prefix)]
        monkeypatch.setattr(Splitter, "records", lambda self: iter(()))
        assert [repr(one) for one in stream(document, prefix)] == whole


@pytest.mark.parametrize("seed", range(200))
def test_broken_documents_give_what_they_gave(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One to three bytes lost, doubled or replaced: the same records, and the same error in the same place."""
    chance = random.Random(seed)
    text = bytearray(json.dumps({"dataset": _records(30, seed)}, indent=chance.choice([None, 1])).encode())
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(text))
        text[at : at + chance.randrange(2)] = chance.choice(
            [b"", b'"', b"}", b"[", b"]", b",", b"\\", b"{", b"9" * 25, b"\x00"]
        )
    path = tmp_path / "data.json"
    path.write_bytes(text)
    monkeypatch.setattr(splitting, "CHUNK", 700)
    monkeypatch.setattr(Splitter.__init__, "__defaults__", (700,))
    with path.open("rb") as file:
        document = local(file, "here")
        whole = _told(document)
        monkeypatch.setattr(Splitter, "records", lambda self: iter(()))
        assert _told(document) == whole


def _told(document: Any) -> list[str]:
    told = []
    try:
        for one in stream(document, "dataset.item"):
            told.append(repr(one))
    except Exception as problem:
        told.append(repr(problem) + str(problem))
    return told
