"""Single datasets for tests that say which they need, and engines with them on every kind of server there is."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack

import pytest

from metadata.entry import Entry
from metadata.model import Agent, Dataset
from metadata.text import UNDETERMINED, guess
from search.base import SearchEngine
from search.document import document
from tests.contract.engines import ENGINES


def invented(
    title: str,
    *,
    keywords: Sequence[str] = (),
    publisher: str = "",
    description: str = "",
    state: str = "published",
    organization: str | None = None,
    use: int = 0,
    sequence: int = 1,
) -> Entry:
    """A dataset with these words; its id and name follow from its title."""
    name = uuid.uuid5(uuid.NAMESPACE_OID, title)
    return Entry(
        id=str(name),
        name=f"d-{name.hex[:8]}",
        identifier=f"urn:test:{name.hex[:8]}",
        state=state,
        source="portal",
        standard="dcat_us_1_1",
        organization=organization,
        organization_title={},
        created="2026-05-01T08:00:00.000000Z",
        updated="2026-05-01T08:00:00.000000Z",
        sequence=sequence,
        errors=0,
        warnings=0,
        digest="",
        use=use,
        dataset=Dataset(
            identifier=f"urn:test:{name.hex[:8]}",
            title={language(title): title},
            description={language(description): description} if description else {},
            publisher=Agent(name={language(publisher): publisher}) if publisher else None,
            keyword={UNDETERMINED: tuple(keywords)} if keywords else {},
        ),
    )


def language(words: str) -> str:
    """The language of invented words: Chinese, else English."""
    return "zh" if guess(words) == "zh" else "en"


def written(engine: SearchEngine, entries: Iterable[Entry], position: int = 1) -> SearchEngine:
    """The engine with these datasets in it."""
    engine.write(map(document, entries), [], position)
    return engine


Filled = Callable[[Iterable[Entry]], SearchEngine]


@pytest.fixture(scope="module", params=list(ENGINES))
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A new engine with some datasets in it, of every kind there is."""
    with ExitStack() as opened:

        def make(entries: Iterable[Entry]) -> SearchEngine:
            engine = opened.enter_context(ENGINES[request.param](tmp_path_factory.mktemp("engine")))
            opened.callback(engine.close)
            return written(engine, entries)

        yield make
