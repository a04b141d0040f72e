"""What visitors put into addresses, made safe, and addresses made from it. Odd input gives a plain page, never our error."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode

from fastapi import Request

LONGEST = 500


def word(request: Request, name: str, limit: int = LONGEST) -> str:
    """A query parameter as text: no control characters, blanks trimmed, cut at `limit` characters; `""` when absent."""
    return tidy(request.query_params.get(name, ""), limit)


def tidy(value: str, limit: int = LONGEST) -> str:
    """Text without control characters and lone surrogates, trimmed and cut."""
    plain = value[: limit * 2].encode("utf-8", "ignore").decode("utf-8")
    return "".join(one if one.isprintable() else " " for one in plain).strip()[:limit]


def whole(request: Request, name: str, default: int, least: int = 1, most: int = 2**31) -> int:
    """A query parameter as a whole number within bounds; the default when it is none."""
    return bounded(request.query_params.get(name, ""), default, least, most)


def bounded(value: str, default: int, least: int = 1, most: int = 2**31) -> int:
    """A whole number within bounds; the default when it is none."""
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        return default
    return max(least, min(most, int(value)))


def address(path: str, pairs: Iterable[tuple[str, str]] | Mapping[str, str] = ()) -> str:
    """A path with a query; pairs without a value are left out."""
    listed = pairs.items() if isinstance(pairs, Mapping) else pairs
    query = urlencode([(name, value) for name, value in listed if value], errors="replace")
    return f"{path}?{query}" if query else path


def segment(value: str) -> str:
    """A word as one segment of a path."""
    return quote(value, safe="", errors="replace")
