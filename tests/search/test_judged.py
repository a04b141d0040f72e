"""Chinese questions on tens of thousands of real titles: nearly all that is meant is found, and little else."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import pytest

from metadata.entry import Entry
from metadata.model import Dataset
from search.base import Query
from search.document import document
from search.tantivy import TantivyEngine

judged = pytest.importorskip("tests.search.judged", reason="rjieba is not at hand: run `pip install rjieba`")


@pytest.fixture(scope="module")
def titles(corpora: Path) -> list[str]:
    """Real titles, or a loud skip."""
    if not (corpora / "chinese").is_dir():
        pytest.skip("real Chinese titles are not at hand: run `../shared/unpack corpora chinese`")
    found: list[str] = judged.titles(corpora / "chinese")
    assert len(found) > 30_000
    return found


@pytest.fixture(scope="module")
def engine(titles: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyEngine]:
    """An engine with the titles in it, and nothing else."""
    made = TantivyEngine(tmp_path_factory.mktemp("judged") / "index")
    made.write((document(_entry(number, title)) for number, title in enumerate(titles)), [], 1)
    yield made
    made.close()


def _entry(number: int, title: str) -> Entry:
    moment = "2026-01-01T00:00:00.000000Z"
    return Entry(
        id=str(uuid.UUID(int=number)),
        name=f"title-{number}",
        identifier=f"title-{number}",
        state="published",
        source=None,
        standard="ckan",
        organization=None,
        organization_title={},
        created=moment,
        updated=moment,
        sequence=number + 1,
        errors=0,
        warnings=0,
        digest="",
        dataset=Dataset(identifier=f"title-{number}", title={"zh": title}),
    )


def found(engine: TantivyEngine, titles: list[str], words: str) -> set[str]:
    """All titles that a question finds, page by page."""
    query = Query(words=words, limit=1000)
    hits: set[str] = set()
    while True:
        page = engine.search(query)
        hits |= {titles[int(hit.name.removeprefix("title-"))] for hit in page.hits}
        if page.next is None:
            return hits
        query = replace(query, after=page.next)


def test_what_is_meant_is_found_and_little_else(engine: TantivyEngine, titles: list[str]) -> None:
    results = []
    for asked in judged.QUESTIONS:
        wanted, got = judged.relevant(asked, titles), found(engine, titles, asked.typed)
        results.append(judged.Judgement(asked, len(wanted), len(got), len(wanted & got)))
    worst = sorted(results, key=lambda one: (one.recall + one.precision, one.judged.typed))[:12]
    lines = "\n".join(
        f"{one.judged.kind:12} {one.judged.typed}: {one.relevant} relevant, {one.found} found, "
        f"recall {one.recall:.3f}, precision {one.precision:.3f}"
        for one in worst
    )
    recall, precision = fmean(one.recall for one in results), fmean(one.precision for one in results)
    print(f"\n{len(results)} questions on {len(titles)} titles: recall {recall:.4f}, precision {precision:.4f}\n{lines}")
    assert len(results) >= 60 and sum(one.relevant > 0 for one in results) >= 0.95 * len(results)
    assert recall >= 0.99 and precision >= 0.95, lines


@pytest.mark.parametrize(
    ("one", "other"), [("图书馆", "圖書館"), ("台湾", "臺灣"), ("身心障碍", "身心障礙"), ("桥", "橋"), ("ＡＢＣ", "abc")]
)
def test_the_script_makes_no_difference(engine: TantivyEngine, titles: list[str], one: str, other: str) -> None:
    assert found(engine, titles, one) == found(engine, titles, other) != set()
