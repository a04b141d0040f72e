"""Which engine a URL names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from metadata.errors import Invalid
from search.base import SearchEngine
from search.elastic_access import Access, redacted
from search.habits import Habits


def open_engine(url: str, habits: Habits | None = None, access: Access | None = None) -> SearchEngine:
    """`tantivy:///folder` is the embedded engine with its index in that folder (made when first written to);
    `http(s)://…` an Elasticsearch (`search.elastic_access`), reached as `access` says, when it is first asked. Raises
    `Invalid` for anything else."""
    if not is_embedded(url):
        from search.elastic import ElasticEngine

        return ElasticEngine(url, habits, access)
    from search.tantivy import TantivyEngine

    return TantivyEngine(Path(unquote(urlsplit(url).path)), habits=habits)


def is_embedded(url: str) -> bool:
    """Whether a URL names the embedded engine, and not an Elasticsearch. Raises `Invalid` for what names neither."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        return False
    if parts.scheme != "tantivy" or parts.netloc or not parts.path.strip("/"):
        remedy = "Write tantivy:///folder, or http(s)://host:9200 for Elasticsearch."
        raise Invalid("this names no search engine", place="MULU_SEARCH_URL", value=redacted(url), remedy=remedy)
    return True
