"""How an Elasticsearch is reached: its address, who asks, how its index is spread. Pure, and free of its client, so that
settings can be read without it.

`https://user:password@search.example.org:9200/mulu`: the last part of the path is the name of the index (`mulu` when there is
none), what stands before it the path under which a proxy serves Elasticsearch.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from metadata.errors import Invalid

INDEX = "mulu"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_PLACE = "MULU_SEARCH_URL"


@dataclass(frozen=True)
class Access:
    """`api_key` (as Elasticsearch encodes it) or `user` with `password`; `ca_file` of an authority that signed the server's
    certificate; `verify`: whether certificates are checked; `timeout`: seconds that an answer may take; `shards` of an index
    that is built from now on, and `replicas`: copies of each beside the first, as far as there are nodes for them."""

    api_key: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    verify: bool = True
    timeout: float = 10.0
    shards: int = 1
    replicas: int = 1


@dataclass(frozen=True)
class Address:
    """Where Elasticsearch answers (never with a password in it), and the name under which its index is found there."""

    server: str
    index: str
    user: str = ""
    password: str = field(default="", repr=False)


def address(url: str) -> Address:
    """The parts of an `http(s)` URL. Raises `Invalid`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 9200)
    except ValueError as problem:
        raise _wrong(f"this is no address: {problem}", url) from problem
    if not host or parts.query or parts.fragment:
        raise _wrong("this is no address of Elasticsearch", url)
    path, _, name = parts.path.rstrip("/").rpartition("/")
    name = unquote(name) or INDEX
    if not _NAME.fullmatch(name):
        raise _wrong("Elasticsearch takes no such name for an index", url)
    shown = f"[{host}]" if ":" in host else host
    server = f"{parts.scheme}://{shown}:{port}{path}"
    return Address(server, name, unquote(parts.username or ""), unquote(parts.password or ""))


def redacted(url: str) -> str:
    """The URL without a user and a password: for messages."""
    before, at, after = url.rpartition("@")
    return f"{before.partition('://')[0]}://…@{after}" if at else url


def _wrong(message: str, url: str) -> Invalid:
    remedy = "Write http(s)://host:9200, and /name behind it for an index of another name (small letters, digits, - _ .)."
    return Invalid(message, place=_PLACE, value=redacted(url), remedy=remedy)
