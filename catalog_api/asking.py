"""From the parameters of a URL to a Query: the same for the API and the pages."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from metadata.errors import Invalid
from search.base import Query, Range
from search.facets import FACETS

DATES = ("modified", "issued", "created", "updated")
_KNOWN = frozenset(FACETS) | {"name", "id", "identifier"}
_OTHER = {"q", "facets", "sort", "limit", "offset", "after", "lang", "page"}


class Parameters(Protocol):
    """What is needed of a URL's parameters (starlette's `QueryParams` has it)."""

    def multi_items(self) -> list[tuple[str, str]]: ...


def question(
    parameters: Parameters,
    readers: frozenset[str],
    *,
    words: str = "",
    facets: str = "",
    order: str = "relevance",
    limit: int = 20,
    offset: int = 0,
    after: str | None = None,
    languages: tuple[str, ...] = ("zh", "en"),
    strict: bool = True,
) -> Query:
    """The Query of a URL. `strict` refuses parameters that mean nothing (`Invalid`); pages ignore them."""
    pairs = parameters.multi_items()
    if strict:
        _refuse_unknown(name for name, _ in pairs)
    return Query(
        words=words,
        filters=_filters(pairs, ""),
        excluded=_filters(pairs, "-"),
        ranges=_ranges(dict(pairs)),
        facets=tuple(part.strip() for part in facets.split(",") if part.strip()),
        order=order,
        limit=limit,
        offset=offset,
        after=after or None,
        readers=readers,
        languages=languages,
        highlight=True,
    )


def _filters(pairs: Iterable[tuple[str, str]], sign: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        bare = name.removeprefix(sign)
        if bare in _KNOWN and name == sign + bare and value:
            found[bare] = (*found.get(bare, ()), value)
    return found


def _ranges(values: Mapping[str, str]) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for name in DATES:
        bounds = (values.get(f"{name}_from") or None, values.get(f"{name}_to") or None)
        if any(bounds):
            found[name] = bounds
    return found


def _refuse_unknown(names: Iterable[str]) -> None:
    dated = {f"{date}_{end}" for date in DATES for end in ("from", "to")}
    for name in names:
        if name.removeprefix("-") not in _KNOWN and name not in _OTHER and name not in dated:
            known = ", ".join(sorted(_KNOWN))
            raise Invalid("there is no such parameter", place="query", value=name, remedy=f"Filters are: {known}.")
