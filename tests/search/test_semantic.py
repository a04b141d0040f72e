"""Meaning beside words: with a tiny model, on every engine."""

import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy
import orjson
import pytest
from sqlmodel import Session

from metadata.errors import Invalid
from search.base import Query, SearchEngine
from search.document import document
from search.semantic import SemanticEngine, with_semantics
from search.semantic_embedder import OnnxEmbedder
from search.semantic_merge import reciprocal
from search.semantic_vectors import GONE, Vectors
from search.sync import sync, verify
from search.tantivy import TantivyEngine
from tests.search import sentences
from tests.search.invented import Filled, filled, invented, written
from tests.search.test_sync import put, session

__all__ = ["filled", "session"]

CARS = [invented("Car registrations", keywords=["transport"]), invented("机动汽车保有量", keywords=["transport"])]
AUTOMOBILE = invented("Automobile imports", keywords=["trade"])
HIDDEN = invented("Secret automobile pool", state="withheld", organization="police", keywords=["police"])
OTHERS = [
    invented(f"{word} {kind} {number}", keywords=["other"])
    for word in ("Rainfall", "School", "Levy", "Stream", "Museum")
    for kind in ("table", "map", "list")
    for number in range(4)
]
ENTRIES = [*CARS, AUTOMOBILE, HIDDEN, *OTHERS]
EVERYONE = frozenset({"*"})


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sentences.make(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def engine(filled: Filled, model: Path, tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    return written(with_semantics(filled([]), tmp_path_factory.mktemp("vectors"), model), ENTRIES, 2)


@pytest.fixture
def semantic(tmp_path: Path, model: Path) -> SemanticEngine:
    """A new engine of its own."""
    found = with_semantics(TantivyEngine(tmp_path / "index"), tmp_path / "vectors", model)
    assert isinstance(found, SemanticEngine)
    return found


def titles(engine: SearchEngine, words: str, **said: object) -> list[str]:
    return [hit.title for hit in engine.search(replace(Query(words=words), **said)).hits]


def test_another_word_for_the_same_is_found(engine: SearchEngine) -> None:
    found = titles(engine, "automobile")
    assert found[0] == "Automobile imports" and set(found[1:]) == {"Car registrations", "机动汽车保有量"}
    assert set(titles(engine, "vehicle")) == set(found) == set(titles(engine, "车辆"))
    assert titles(engine, "physician") == []
    assert "Secret automobile pool" in titles(engine, "vehicle", readers=EVERYONE)


def test_filters_hold_for_what_is_near(engine: SearchEngine) -> None:
    assert titles(engine, "vehicle", filters={"keyword": ("trade",)}) == ["Automobile imports"]
    assert "Automobile imports" not in titles(engine, "vehicle", excluded={"keyword": ("trade",)})
    assert titles(engine, "vehicle", filters={"id": (CARS[0].id, OTHERS[0].id)}) == ["Car registrations"]
    assert titles(engine, "vehicle", readers=frozenset({"organization:police"})) == ["Secret automobile pool"]
    assert titles(engine, "vehicle", readers=frozenset()) == []


def test_everything_is_counted_once(engine: SearchEngine) -> None:
    page = engine.search(Query(words="automobile", facets=("keyword",), histograms={"updated": "year"}, readers=EVERYONE))
    counted = {one.value: one.count for one in page.facets["keyword"]}
    assert page.total == 4 and counted == {"transport": 2, "trade": 1, "police": 1}
    assert page.histograms["updated"] == (("2026-01-01", 4),)
    most = engine.search(Query(words="automobile", facets=("keyword",), facet_least=2, readers=EVERYONE)).facets["keyword"]
    assert [(one.value, one.count) for one in most] == [("transport", 2)]


def test_only_plain_words_by_relevance_are_read_for_meaning(engine: SearchEngine) -> None:
    for words in ('"vehicle"', "title:vehicle", "vehicle -imports", "vehicle OR physician", "vehic*", "*", ""):
        assert titles(engine, words, limit=100) == titles(engine.engine, words, limit=100)  # type: ignore[attr-defined]
    assert titles(engine, "vehicle", literal=True) == [] == titles(engine, "vehicle", order="title")


def test_hits_say_what_matched_and_why(engine: SearchEngine) -> None:
    page = engine.search(Query(words="automobile", highlight=True, explain=True))
    first = page.hits[0]
    assert first.highlights["title"] == "<mark>Automobile</mark> imports"
    assert first.explained["cosine"] > 0.8 and any(name.startswith("words") for name in first.explained)
    assert all(one.score >= other.score for one, other in pairwise(page.hits))
    assert page.did_you_mean == () and page.understood


def test_pages_go_to_the_end_without_repeating(filled: Filled, model: Path, tmp_path: Path) -> None:
    entries = [invented(f"Automobile number {number}") for number in range(450)] + [invented(f"Cars {n}") for n in range(9)]
    others = [invented(f"Zoning plan {number}") for number in range(900)]
    engine = written(with_semantics(filled([]), tmp_path, model), [*entries, *others])
    query, found = Query(words="automobile", limit=50), []
    while True:
        page = engine.search(query)
        found += [hit.id for hit in page.hits]
        if page.next is None:
            break
        query = replace(query, after=page.next)
    assert len(found) == len(set(found)) == page.total >= 450
    by_offset = [
        hit.id for start in range(0, 480, 60) for hit in engine.search(Query("automobile", limit=60, offset=start)).hits
    ]
    assert by_offset == found
    with pytest.raises(Invalid, match="another question"):
        engine.search(replace(query, words="rainfall"))


def test_similar_datasets_may_share_no_word(engine: SearchEngine) -> None:
    found = [hit.title for hit in engine.similar(AUTOMOBILE.id, 5, frozenset({"public"}))]
    assert {"Car registrations", "机动汽车保有量"} <= set(found) and "Automobile imports" not in found
    assert HIDDEN.id in {hit.id for hit in engine.similar(AUTOMOBILE.id, 9, EVERYONE)}
    assert engine.similar(HIDDEN.id, 5, frozenset({"public"})) == ()
    assert engine.similar("00000000-0000-4000-8000-000000000000", 5, EVERYONE) == ()


def test_vectors_follow_what_is_written(semantic: SemanticEngine) -> None:
    assert (semantic.position(), semantic.search(Query(words="car")).total) == (0, 0)
    written(semantic, ENTRIES, 5)
    assert semantic.position() == 5 and AUTOMOBILE.name in {hit.name for hit in semantic.search(Query(words="car")).hits}
    renamed = replace(AUTOMOBILE, dataset=invented("Levy on imports").dataset)
    state = semantic.state()
    semantic.write([document(renamed)], [CARS[0].id], 6)
    assert semantic.state() != state and semantic.position() == 6
    assert titles(semantic, "vehicle") == ["机动汽车保有量"]
    assert "Levy on imports" in titles(semantic, "tax", limit=100)
    assert semantic.vectors.digest(CARS[0].id) == GONE and semantic.vectors.vector(CARS[0].id) is None


def test_sync_builds_vectors_and_builds_them_anew_when_they_are_lost(session: Session, semantic: SemanticEngine) -> None:
    put(session, ENTRIES[:20])
    assert sync(session, semantic) == 20 and set(titles(semantic, "vehicle")) >= {"Automobile imports", "Car registrations"}
    put(session, ENTRIES[:1], " by doctor")
    assert sync(session, semantic) == 1 and titles(semantic, "physician") == ["Car registrations by doctor"]
    (semantic.vectors.folder / "CURRENT").unlink()
    assert titles(semantic, "vehicle") == []
    assert sync(session, semantic) == 21 and semantic.position() == 21
    assert titles(semantic, "physician") == ["Car registrations by doctor"] and verify(session, semantic).clean


class Counted(OnnxEmbedder):
    """Counts what it embeds."""

    count = 0

    def texts(self, texts):  # type: ignore[no-untyped-def]
        self.count += len(texts)
        return super().texts(texts)


def test_a_rebuild_embeds_nothing_twice_and_lost_vectors_are_made_again(tmp_path: Path, model: Path) -> None:
    embedder = Counted(model)
    engine = SemanticEngine(TantivyEngine(tmp_path / "index"), embedder, Vectors(tmp_path / "v", embedder.size))
    make = engine.maker()
    engine.write(map(make, map(document, ENTRIES)), [], 7)
    assert embedder.count == len(ENTRIES)
    beside = engine.fresh()
    beside.write(map(make, map(document, ENTRIES[:10])), [], 8)
    engine.replace(beside)
    assert embedder.count == len(ENTRIES) and engine.position() == 8
    assert sum(1 for _ in engine.contents()) == 10 and engine.vectors.digest(ENTRIES[10].id) == GONE
    for path in (tmp_path / "v").glob("*.vectors"):
        path.unlink()
    assert engine.position() == 0 and titles(engine, "automobile") == ["Automobile imports"]
    with pytest.raises(Invalid, match="beside"):
        engine.replace(TantivyEngine(tmp_path / "other"))
    engine.close()


def test_a_failed_write_leaves_the_position(semantic: SemanticEngine) -> None:
    written(semantic, ENTRIES[:5], 3)

    def broken():  # type: ignore[no-untyped-def]
        yield document(ENTRIES[6])
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        semantic.write(broken(), [], 4)
    assert semantic.position() == 3
    assert {hit.id for hit in semantic.search(Query(limit=50, readers=EVERYONE)).hits} == {one.id for one in ENTRIES[:5]}


def test_other_processes_see_vectors_and_a_kill_leaves_them_whole(tmp_path: Path) -> None:
    ids = [entry.id for entry in OTHERS[:4]]
    one, other = Vectors(tmp_path, 3), Vectors(tmp_path, 3)
    one.append(ids[:2], [b"a" * 16, b"b" * 16], numpy.eye(3, dtype=numpy.float32)[:2])
    assert other.nearest(numpy.eye(3, dtype=numpy.float32)[0], 5, 0.5) == [(ids[0], 1.0)] and other.digest(ids[1]) == b"b" * 16
    with next(tmp_path.glob("*.vectors")).open("ab") as file:
        file.write(b"torn" * 5)  # what a kill leaves
    third = Vectors(tmp_path, 3)
    third.append([ids[2]], [b"c" * 16], numpy.eye(3, dtype=numpy.float32)[2:])
    third.commit([ids[0], "00000000-0000-4000-8000-000000000000"], 9)
    assert [other.digest(one) for one in ids] == [GONE, b"b" * 16, b"c" * 16, GONE] and one.position() == 9
    vector = one.vector(ids[2])
    assert vector is not None and vector.tolist() == [0, 0, 1]
    one.compact(lambda one: one == ids[1])
    assert [other.digest(one) for one in ids] == [GONE, b"b" * 16, GONE, GONE] and other.position() == 9
    assert len(list(tmp_path.glob("*.vectors"))) == 1
    (tmp_path / "CURRENT").write_text("{")
    assert (other.position(), Vectors(tmp_path, 3).digest(ids[1])) == (0, GONE)


def test_a_writer_that_is_killed_loses_nothing_that_it_told_of(tmp_path: Path) -> None:
    """Three times: each batch that was told of is there, and every record belongs to its id."""
    program = f"""
import sys, uuid, numpy
from pathlib import Path
from search.semantic_vectors import Vectors
vectors, start = Vectors(Path({str(tmp_path)!r}), 4), int(sys.argv[1])
for at in range(start, start + 100_000, 50):
    ids = [str(uuid.UUID(int=number)) for number in range(at, at + 50)]
    rows = numpy.array([[number % 97] * 4 for number in range(at, at + 50)], numpy.float32)
    vectors.append(ids, [b"d" * 16] * 50, rows, at + 50)
    print(at + 50, flush=True)
"""
    told = 0
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", program, str(told)], stdout=subprocess.PIPE, text=True)
        with writer:
            assert writer.stdout
            for _ in range(5):
                told = int(writer.stdout.readline())
            writer.kill()
            rest = writer.stdout.read().split("\n")
        told = max([told, *(int(line) for line in rest[:-1])])
        found = Vectors(tmp_path, 4)
        assert found.position() in (told, told + 50)
        for number in range(found.position()):
            vector = found.vector(str(uuid.UUID(int=number)))
            assert vector is not None and vector.tolist() == [number % 97] * 4
        told = found.position()


@pytest.mark.parametrize(("pooled", "types"), [(False, False), (False, True), (True, False)])
def test_models_of_every_form_give_vectors_of_length_one(tmp_path: Path, pooled: bool, types: bool) -> None:
    embedder = OnnxEmbedder(sentences.make(tmp_path, pooled=pooled, types=types))
    one, other, third = embedder.texts(["a car and a car", "automobile", "museum " * 500])
    assert numpy.allclose([numpy.linalg.norm(row) for row in (one, other, third)], 1.0, atol=1e-5)
    assert one @ other > 0.8 > 0.1 > abs(other @ third)
    assert numpy.allclose(embedder.question("汽车"), embedder.texts(["vehicle"])[0])
    assert embedder.texts([]).shape == (0, embedder.size) and embedder.size == sentences.SIZE


def test_prompts_of_a_model_are_put_before_texts(tmp_path: Path) -> None:
    sentences.make(tmp_path)
    plain = OnnxEmbedder(tmp_path)
    prompts = {"prompts": {"query": "museum ", "passage": "rain "}}
    (tmp_path / "config_sentence_transformers.json").write_bytes(orjson.dumps(prompts))
    prompted = OnnxEmbedder(tmp_path)
    assert numpy.allclose(prompted.question("car"), plain.question("museum car"))
    assert numpy.allclose(prompted.texts(["car"])[0], plain.texts(["rain car"])[0])


def _without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _without_model(folder: Path) -> None:
    (folder / "model.onnx").unlink()


def _broken(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"not a model")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [(_without_tokenizer, "tokenizer.json"), (_without_model, "model.onnx"), (_broken, "cannot be opened")],
)
def test_what_is_no_model_is_told(tmp_path: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(sentences.make(tmp_path / "model"))
    with pytest.raises(Invalid, match=says) as raised:
        with_semantics(TantivyEngine(tmp_path / "index"), tmp_path / "vectors", tmp_path / "model")
    assert raised.value.place == "MULU_SEMANTIC_MODEL" and raised.value.remedy


def test_without_the_extra_the_command_that_brings_it_is_named(tmp_path: Path, model: Path) -> None:
    """In a process in which the libraries cannot be imported."""
    program = f"""
import sys
sys.modules.update(dict.fromkeys(["numpy", "onnxruntime", "tokenizers"]))
from pathlib import Path
from metadata.errors import Invalid
from search.semantic import with_semantics
from search.tantivy import TantivyEngine
try:
    with_semantics(TantivyEngine(Path({str(tmp_path)!r})), Path({str(tmp_path)!r}), Path({str(model)!r}))
except Invalid as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'mulu[semantic]'" in done.stdout


def test_places_in_two_rankings_make_one() -> None:
    scores = reciprocal(["a", "b", "c"], ["c", "d"])
    assert list(scores) == ["c", "a", "b", "d"]
    assert scores["c"] == pytest.approx(1 / 63 + 1 / 61) and scores["b"] == scores["d"] == pytest.approx(1 / 62)
