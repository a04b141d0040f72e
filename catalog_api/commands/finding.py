"""`mulu search`: every question that the API answers, on the command line."""

from typing import Any

import click
from starlette.datastructures import QueryParams

from catalog_api.asking import question
from catalog_api.commands.console import as_json, catalogue, plain, screen, show, table
from catalog_api.parameters import FILTERS
from metadata.errors import Invalid
from search.base import Hit, Page

Words = tuple[str, ...]
PUBLIC = frozenset({"public"})


@click.command()
@click.argument("words", nargs=-1)
@click.option("--facet", "facets", multiple=True, help="A facet to count; may be given several times.")
@click.option(
    "--filter", "filters", multiple=True, metavar="NAME=VALUE", help="Narrows the answer; values of one name are alternatives."
)
@click.option("--exclude", "excluded", multiple=True, metavar="NAME=VALUE", help="Leaves out what has this value.")
@click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE",
    help="Any other parameter of GET /api/v1/datasets: modified_from, size_min, bbox, near, histograms, literal, …",
)  # fmt: skip
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0, 1000))
@click.option("--after", default="", metavar="CURSOR", help="The `next` of an earlier answer.")
@click.option("--sort", default="relevance", show_default=True)
@click.option("--explain", is_flag=True, help="Show the parts of each score.")
@as_json
def search(
    words: Words,
    facets: Words,
    filters: Words,
    excluded: Words,
    given: Words,
    limit: int,
    after: str,
    sort: str,
    explain: bool,
    json_: bool,
) -> None:
    """Searches the published datasets; no words match all."""
    pairs = [*_pairs("--filter", filters), *_pairs("--exclude", excluded, "-"), *_pairs("--set", given)]
    named = [("explain", "true")] if explain else []
    with catalogue() as rooms:
        asked = question(
            QueryParams([*pairs, *named]),
            PUBLIC,
            words=" ".join(words),
            facets=",".join(facets) if facets else None,
            order=sort,
            limit=limit,
            after=after or None,
            languages=rooms.settings.languages,
        )
        page = rooms.search.search(asked)
    if json_:
        show(_told(page))
    else:
        _print(page)


def _pairs(option: str, given: Words, sign: str = "") -> list[tuple[str, str]]:
    found = []
    for word in given:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise Invalid("this is not written NAME=VALUE", place=option, value=word)
        if option != "--set" and name not in FILTERS:
            raise Invalid("there is no such filter", place=option, value=name, remedy=f"Use one of {', '.join(FILTERS)}.")
        found.append((sign + name, value))
    return found


def _told(page: Page) -> dict[str, Any]:
    """`{"total", "items", "facets"}`, and whatever else there is to tell."""
    more = {
        "histograms": {name: [list(bar) for bar in bars] for name, bars in page.histograms.items()},
        "read_as": page.read_as,
        "did_you_mean": list(page.did_you_mean),
        "next": page.next,
    }
    return {
        "total": page.total,
        "items": [_item(hit) for hit in page.hits],
        "facets": {
            name: [{"value": one.value, "label": dict(one.label), "count": one.count} for one in counts]
            for name, counts in page.facets.items()
        },
        **{name: value for name, value in more.items() if value},
    }


def _item(hit: Hit) -> dict[str, Any]:
    shown = {"name": hit.name, "title": hit.title, "organization": hit.organization, "score": round(hit.score, 4)}
    more = {"explained": dict(hit.explained), "distance": hit.distance}
    return {**shown, **{name: value for name, value in more.items() if value not in ({}, None)}}


def _print(page: Page) -> None:
    if page.read_as:
        screen.print(f"Nothing has these words as typed; they were read as {page.read_as}.", highlight=False)
    rows = [{**_item(hit), "title": plain(hit.title)} for hit in page.hits]
    for row in rows:
        if parts := row.pop("explained", None):
            row["score"] = f"{row['score']} = " + " + ".join(f"{plain(name)} {score}" for name, score in parts.items())
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table(f"{page.total} datasets", [{name: row.get(name) for name in columns} for row in rows], "Nothing was found.")
    if page.did_you_mean:
        screen.print(f"Did you mean: {' · '.join(map(plain, page.did_you_mean))}", highlight=False, markup=False)
    for name, counts in page.facets.items():
        table(name, [{"value": plain(one.value), "count": one.count} for one in counts], "")
    for name, bars in page.histograms.items():
        table(name, [{"from": begin, "count": count} for begin, count in bars], "")
