"""What an index of Elasticsearch knows of words: completions, tokens that are alike, a document for a value."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from search.elastic_counting import EVERY
from search.elastic_link import Target
from search.elastic_query import Json
from search.fields import facet_field

AT_ONCE = 100
"""Values that are looked up in one request."""

_PLAIN = re.compile(r"([^\w ])", re.ASCII)
_MOST_ALIKE = 1_000


def completions(target: Target, start: str, limit: int) -> list[tuple[str, int]]:
    """Lines of `completion` that begin with `start`, on public documents: see `search.plan.Index`."""
    query = {"bool": {"filter": [{"term": {"readers": "public"}}, {"prefix": {"completion": start}}]}}
    lines: Json = {"field": "completion", "include": f"{_literal(start)}.*", "size": limit}
    lines["order"] = [{"_count": "desc"}, {"_key": "asc"}]
    if target.sharded:
        lines["shard_size"] = EVERY
    body = {"query": query, "size": 0, "track_total_hits": False, "aggs": {"lines": {"terms": lines}}}
    found = target.link.ask(lambda client: client.search(index=target.name, body=body).body)
    return [(one["key"], one["doc_count"]) for one in found["aggregations"]["lines"]["buckets"]]


def terms_like(target: Target, field: str, term: str, edits: int, limit: int) -> list[tuple[str, int]]:
    """Tokens of a text field that are like `term`: see `search.plan.Index`. Documents are counted by looking them up, because
    what the server knows of a token's frequency holds documents that were replaced, too."""
    like = {
        "field": field,
        "analyzer": "whitespace",
        "suggest_mode": "always",
        "sort": "frequency",
        "max_edits": edits,
        "prefix_length": 1,
        "min_word_length": 1,
        "accuracy": 0.0,
        "max_term_freq": 1_000_000_000,
        "size": _MOST_ALIKE,
        "shard_size": _MOST_ALIKE,
    }
    body: Json = {"size": 0, "track_total_hits": False, "suggest": {"like": {"text": term, "term": like}}}
    found = target.link.ask(lambda client: client.search(index=target.name, body=body).body)
    options = [one["text"] for entry in found["suggest"]["like"] for one in entry["options"]]
    return _frequent(target, field, options[: 4 * limit])[:limit] if options else []


def samples(target: Target, facet: str, values: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """What is stored of one document for each value: see `search.plan.Index`."""
    told: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(values), AT_ONCE):
        some = values[start : start + AT_ONCE]
        lines: list[Json] = []
        for value in some:
            query = {"bool": {"filter": {"term": {facet_field(facet): value}}}}
            lines += [{"index": target.name}, {"query": query, "size": 1, "terminate_after": 1, "track_total_hits": False}]
        found = target.link.ask(lambda client, asked=lines: client.msearch(searches=asked).body)  # type: ignore[misc]
        for value, one in zip(some, found["responses"], strict=True):
            for hit in one.get("hits", {}).get("hits", ()):
                told[value] = hit["_source"]["shown"]
    return told


def _frequent(target: Target, field: str, terms: Sequence[str]) -> list[tuple[str, int]]:
    each = {str(place): {"term": {field: term}} for place, term in enumerate(terms)}
    body: Json = {"size": 0, "track_total_hits": False, "aggs": {"each": {"filters": {"filters": each}}}}
    body["query"] = {"terms": {field: list(terms)}}
    found = target.link.ask(lambda client: client.search(index=target.name, body=body).body)
    counts = found["aggregations"]["each"]["buckets"]
    counted = [(term, int(counts[str(place)]["doc_count"])) for place, term in enumerate(terms)]
    return sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))


def _literal(text: str) -> str:
    """Text as a regular expression of Lucene that means just this text."""
    return _PLAIN.sub(r"\\\1", text)
