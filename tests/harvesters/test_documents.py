"""Records out of JSON documents: whatever comes before a break is given, and the break is told."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvesters import documents
from harvesters.documents import BUFFER, grouped, items
from harvesters.nesting import DEEPEST
from harvesters.spool import Document, local
from metadata.errors import CatalogError, NotData, TooLarge


@contextmanager
def document(folder: Path, content: bytes) -> Iterator[Document]:
    path = folder / "data.json"
    path.write_bytes(content)
    with path.open("rb") as file:
        yield local(file, "data.json")


def read(folder: Path, content: bytes, alone: bool = False) -> list[Any]:
    with document(folder, content) as one:
        return list(items(one, alone))


def broken(folder: Path, content: bytes) -> tuple[list[Any], CatalogError]:
    """What is given before the error, and the error."""
    given: list[Any] = []
    with document(folder, content) as one, pytest.raises(CatalogError) as caught:
        given.extend(items(one))
    return given, caught.value


A, B = {"identifier": "a"}, {"identifier": "b"}
LONG = "123456789012345678901234567890"


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b'{"dataset": [{"identifier": "a"}, {"identifier": "b"}]}', [A, B]),
        (b'{"x": {"dataset": [1]}, "dataset": [{"identifier": "a"}], "y": [{"identifier": "z"}]}', [A]),
        (b'{"dataset": [{"identifier": "a"}], "title": "t", "dataset": [{"identifier": "b"}]}', [A, B]),
        (b'{"dataset": [null, "text", 3, [1], {"identifier": "a"}]}', [None, "text", 3, [1], A]),
        (b'{"dataset": []}', []),
        (b'\xef\xbb\xbf \n{"dataset": [{"identifier": "a"}]}\n\n', [A]),
        (b'[{"identifier": "a"}, {"identifier": "b"}]', [A, B]),
        (b"[]", []),
        (b'{"identifier": "a"}\n\n{"identifier": "b"}', [A, B]),
        (b'{"identifier": "a"}\r\n{"identifier": "b"}\r\n', [A, B]),
        (b'{"identifier": "a"}\n{"identifier": oops}\n{"identifier": "b"}\n', [A, '{"identifier": oops}', B]),
        (b'"{\\"dataset\\": [{\\"identifier\\": \\"a\\"}]}"', [A]),
        (b'{"dataset": [{"a": %s}, {"a": 2.5}]}' % LONG.encode(), [{"a": LONG}, {"a": 2.5}]),
        (b'{"dataset": [{"a": 1e400}, {"a": 1E-7}]}', [{"a": "1E+400"}, {"a": 1e-7}]),
        (b'{"dataset": [{"a": "[[[{{{\\\\\\"[[["}, {"a": "]]}}\\\\"}]}', [{"a": '[[[{{{\\"[[['}, {"a": "]]}}\\"}]),
    ],
)  # fmt: skip
def test_records_are_found_in_every_shape_of_document(content: bytes, records: list[Any], tmp_path: Path) -> None:
    assert read(tmp_path, content) == records


def test_an_object_that_is_no_catalogue_is_itself_a_record_where_that_is_wanted(tmp_path: Path) -> None:
    assert read(tmp_path, b'{\n"identifier": "a"}', alone=True) == [A]
    assert read(tmp_path, b'{"dataset": []}', alone=True) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<!doctype html><title>Down</title>", "HTML page"),
        (b'{"error": {"message": "boom"}}', "boom"),
        (b'{"success": false, "dataset": []}', "success is false"),
        (b'{"title": "no list", "datasets": []}', "no `dataset` list"),
        (b'{"dataset": "x"}', "`dataset` is not a list"),
        (b'{"dataset": {"a": 1}}', "`dataset` is not a list"),
        (b'{"dataset": null}', "`dataset` is not a list"),
        (b'{"@context": {}, "dcat:dataset": [{"@id": "x"}]}', "JSON-LD"),
        (b'{"@graph": []}', "JSON-LD"),
        (b'"just words"', "JSON string"),
        (b"{}", "no `dataset` list"),
        (b"[", "too early: after 0 records, at byte 1"),
        (b"{", "too early"),
        (b'---\nlayout: none\n---\n{"dataset": []}', "template"),
        (b'{"dataset": [{% for d in site.data %}{"a": 1}{% endfor %}]}', "template"),
        (b'{"title": {{ site.title }}, "dataset": []}', "template"),
    ],
)
def test_a_document_without_records_says_why(content: bytes, words: str, tmp_path: Path) -> None:
    given, error = broken(tmp_path, content)
    assert given == [] and isinstance(error, NotData)
    assert words in str(error) and "\n" not in str(error) and error.remedy


@pytest.mark.parametrize(
    ("content", "given", "words"),
    [
        (b'{"dataset": [{"identifier": "a"}, {"identifier": "b"}, {"iden', [A, B], "too early: after 2 records, at byte 61"),
        (b'{"dataset": [{"identifier": "a"}, {"identifier": x}]}', [A], "not valid JSON: after 1 records, at byte 49"),
        (b'{"dataset": [{"identifier": "a"}]}<br>Warning', [A], "at byte 34"),
        (b'[{"identifier": "a"},', [A], "too early: after 1 records, at byte 21"),
        (b'{"identifier": "a"}\n{"identifier": "b"}\n{"ide', [A, B], "too early: after 2 records, at byte 45"),
        (b'{"dataset": [{"identifier": "a"}, {"n": %s}, {"n"' % LONG.encode(), [A, {"n": LONG}], "after 2 records"),
    ],
)  # fmt: skip
def test_records_before_a_break_are_given(content: bytes, given: list[Any], words: str, tmp_path: Path) -> None:
    got, error = broken(tmp_path, content)
    assert got == given and isinstance(error, NotData) and words in str(error)


def test_the_place_of_a_break_far_inside_is_exact(tmp_path: Path) -> None:
    start = b'{"dataset": [' + b", ".join(b'{"identifier": "%d"}' % n for n in range(30_000))
    assert len(start) > 2 * BUFFER
    given, error = broken(tmp_path, start + b", {oops")
    assert len(given) == 30_000 and f"at byte {len(start) + 3}" in str(error) and "oops" in str(error)


@pytest.mark.parametrize("level", [b"[", b'{"a":', b'{"]": [', b'[ {"\\"}": '])
def test_a_document_that_nests_without_end_is_refused_in_little_memory(level: bytes, tmp_path: Path) -> None:
    tracemalloc.start()
    given, error = broken(tmp_path, b'{"dataset": [{"identifier": "a"}, ' + level * 100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, NotData) and f"more than {DEEPEST} levels" in str(error) and given in ([], [A])
    assert peak < 32 << 20


def test_a_record_that_never_ends_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(documents, "RECORD_LIMIT", 1 << 20)
    given, error = broken(tmp_path, b'{"dataset": [{"identifier": "a"}, {"x": "' + b"x" * (3 << 20) + b'"}]}')
    assert given == [A] and isinstance(error, TooLarge)
    _, error = broken(tmp_path, b'{"identifier": "a"}\n{"x": "' + b"x" * (3 << 20) + b'"}\n')
    assert isinstance(error, TooLarge)


words = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('[]{}"\\ab', max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(records=st.lists(values, max_size=6), indent=st.sampled_from([None, 1]), escaped=st.booleans())
def test_what_is_written_is_read(
    records: list[Any], indent: int | None, escaped: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = json.dumps({"title": "t", "dataset": records}, indent=indent, ensure_ascii=escaped).encode()
    assert read(tmp_path_factory.getbasetemp(), content) == records


def test_groups_are_given_before_the_error_that_ends_them() -> None:
    def source() -> Iterator[int]:
        yield from range(5)
        raise NotData("broken")

    got: list[list[int]] = []
    with pytest.raises(NotData):
        got.extend(grouped(source(), 3))
    assert got == [[0, 1, 2], [3, 4]]
