"""Which engine a URL names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from metadata.errors import Invalid, Unavailable
from search.base import SearchEngine


def open_engine(url: str) -> SearchEngine:
    """`tantivy:///folder` is the embedded engine with its index in that folder (made when first written to). Raises
    `Unavailable` for `http(s)://…`, Elasticsearch, which this release does not have yet, and `Invalid` for anything else."""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        raise Unavailable(
            "Elasticsearch comes with a later release",
            place="MULU_SEARCH_URL",
            value=url,
            remedy="Use tantivy:///folder, or leave it out.",
        )
    if parts.scheme != "tantivy" or parts.netloc or not parts.path.strip("/"):
        raise Invalid("this names no search engine", place="MULU_SEARCH_URL", value=url, remedy="Write tantivy:///folder.")
    from search.tantivy import TantivyEngine

    return TantivyEngine(Path(unquote(parts.path)))
