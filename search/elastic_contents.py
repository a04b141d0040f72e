"""Everything in an index, one by one, for verification."""

from collections.abc import Iterator
from contextlib import suppress

from elasticsearch import NotFoundError

from metadata.errors import CatalogError
from search.elastic_link import Link
from search.elastic_query import EVERYTHING, Json

STEP = 10_000
_KEEP = "5m"


def contents(link: Link, index: str) -> Iterator[tuple[str, int]]:
    """`(id, sequence)` of every document in the order of ids, out of one state of the index; nothing when there is none."""
    try:
        opened = link.ask(lambda client: client.open_point_in_time(index=index, keep_alive=_KEEP))
    except NotFoundError:
        return
    snapshot = str(opened["id"])
    body: Json = {"query": EVERYTHING, "sort": [{"id": "asc"}], "size": STEP, "track_total_hits": False}
    body |= {"_source": False, "docvalue_fields": ["sequence"]}
    try:
        while True:
            found = _page(link, body | {"pit": {"id": snapshot, "keep_alive": _KEEP}})
            hits = found.get("hits", {}).get("hits", [])
            for hit in hits:
                yield hit["sort"][0], hit["fields"]["sequence"][0]
            if len(hits) < STEP:
                return
            snapshot, body["search_after"] = found["pit_id"], hits[-1]["sort"]
    finally:
        with suppress(CatalogError, NotFoundError):
            link.ask(lambda client: client.close_point_in_time(id=snapshot))


def _page(link: Link, body: Json) -> Json:
    wanted = "pit_id,hits.hits.sort,hits.hits.fields"
    found = link.ask(lambda client: client.search(body=body, allow_partial_search_results=False, filter_path=wanted))
    return dict(found.body)
