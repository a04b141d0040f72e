"""A lookup and an index of Elasticsearch → what was found."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from search.cursor import Cursor
from search.elastic_counting import asked, counted
from search.elastic_link import Target
from search.elastic_paging import Paging, sort
from search.elastic_query import Json, scored
from search.plan import Found, Lookup, Node, Row


def look(target: Target, lookup: Lookup) -> Found:
    """The answer of an index, or of the one behind an alias. Raises `NotFoundError` when there is none, `Unavailable` and
    `Invalid` (`search.elastic_link`)."""
    body = _body(lookup, sharded=target.sharded)
    paging = Paging(target, _preference(body))
    after = lookup.after
    start = after.offset if after else lookup.offset
    resumed = after is not None and len(after.key) >= len(body["sort"])
    found = paging.next(body, after) if after is not None and resumed else paging.first(body, start)
    total, hits = found["hits"]["total"]["value"], found["hits"]["hits"][: lookup.limit]
    goes_on = bool(hits) and (len(found["hits"]["hits"]) > lookup.limit if resumed else start + len(hits) < total)
    snapshot = found.get("pit_id", "")
    if snapshot and not goes_on:
        paging.close(snapshot)
    parts = _parts(target, lookup.parts, [hit["_id"] for hit in hits]) if lookup.parts and hits else {}
    facets, bars = counted(found.get("aggregations", {}))
    return Found(
        total,
        tuple(_row(hit, parts.get(hit["_id"], {})) for hit in hits),
        {one.facet: facets.get(one.facet, ()) for one in lookup.facets},
        bars,
        Cursor(start + len(hits), tuple(hits[-1]["sort"]), snapshot) if goes_on else None,
    )


def _body(lookup: Lookup, *, sharded: bool) -> Json:
    parts = asked(lookup, sharded=sharded)
    body: Json = {"query": parts.query, "size": lookup.limit, "sort": sort(lookup.order), "track_total_hits": True}
    if parts.post_filter is not None:
        body["post_filter"] = parts.post_filter
    if parts.aggs:
        body["aggs"] = parts.aggs
    return body


def _preference(body: Json) -> str:
    """The same for the same question, whatever page of it."""
    return f"q{zlib.crc32(orjson.dumps([body['query'], body.get('post_filter')])):x}"


def _row(hit: Mapping[str, Any], parts: Mapping[str, float]) -> Row:
    kept = hit["_source"]
    return Row(hit["_id"], kept["name"], kept.get("shown") or {}, hit["_score"] or 0.0, parts)


def _parts(target: Target, parts: Sequence[tuple[str, Node]], ids: list[str]) -> dict[str, dict[str, float]]:
    """What each part of a score gives to each hit, asked one by one about these hits alone."""
    only = {"terms": {"id": ids}}
    lines: list[Json] = []
    for _, node in parts:
        query = {"bool": {"must": scored(node), "filter": only}}
        lines += [{"index": target.name}, {"query": query, "size": len(ids), "_source": False, "track_total_hits": False}]
    found = target.link.ask(lambda client: client.msearch(searches=lines).body)
    scores: dict[str, dict[str, float]] = {}
    for (name, _), one in zip(parts, found["responses"], strict=True):
        for hit in one.get("hits", {}).get("hits", ()):
            scores.setdefault(hit["_id"], {})[name] = hit["_score"]
    return scores
