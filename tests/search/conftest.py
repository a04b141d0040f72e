"""What the tests of the Elasticsearch engine share."""

from collections.abc import Callable, Iterator

import pytest

from metadata.entry import Entry
from search.base import Document
from search.document import document
from search.elastic import ElasticEngine
from tests.elasticsearch import index_url
from tests.search.catalogue import make


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    return make(240)


@pytest.fixture(scope="session")
def documents(entries: list[Entry]) -> list[Document]:
    """What is indexed of the entries; the sequence of each is its place, from 1 on."""
    return [document(entry) for entry in entries]


@pytest.fixture(scope="session")
def filled(elasticsearch: str, documents: list[Document]) -> Iterator[ElasticEngine]:
    """An engine on a real server with all documents, for all tests that only ask."""
    with index_url(elasticsearch) as url:
        engine = ElasticEngine(url)
        engine.write(documents, [], len(documents))
        yield engine


@pytest.fixture
def elastic(elasticsearch_index: str) -> Iterator[ElasticEngine]:
    """An engine on a real server with an index name of its own, and nothing there yet."""
    engine = ElasticEngine(elasticsearch_index)
    yield engine
    engine.close()


@pytest.fixture
def full(elastic: ElasticEngine, documents: list[Document]) -> ElasticEngine:
    """The same with all documents in it, for tests that write."""
    elastic.write(documents, [], len(documents))
    return elastic


@pytest.fixture
def another(elasticsearch_index: str) -> Callable[[], ElasticEngine]:
    """Engines on the same index, as other processes have them."""
    return lambda: ElasticEngine(elasticsearch_index)
