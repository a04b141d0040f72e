"""The whole directory: `/data.json` (DCAT-US 1.1, one document), `/catalog.ttl|rdf|jsonld|nt` (DCAT-AP, paged by Hydra)."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from catalog_api.addresses import addressed
from catalog_api.deps import RoomsDep, SessionDep
from catalog_api.negotiate import form_of
from catalog_api.rooms import Rooms
from catalog_api.routers.reply import matches, tagged
from metadata import database, store
from metadata.errors import NotFound
from metadata.model import Agent, Dataset
from standards import dcat_us_1_1, rdf
from standards.dcat_ap_3_catalog import CatalogPage
from standards.dcat_ap_3_catalog import catalog as catalog_statements

router = APIRouter(tags=["exchange"])
PER_PAGE = 100


@router.get("/data.json")
def data_json(request: Request, session: SessionDep, rooms: RoomsDep, organization: str | None = None) -> Response:
    """All published datasets as one DCAT-US 1.1 catalogue, streamed; `?organization=` narrows it to one department."""
    tag = f'"{store.last_sequence(session)}-{organization or ""}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    return StreamingResponse(dcat_us_1_1.catalog(_written(rooms, organization)), 200, headers, "application/json")


def _written(rooms: Rooms, organization: str | None) -> Iterator[dict[str, Any]]:
    """Each dataset in DCAT-US 1.1, a page of the listing at a time: memory does not grow with the directory."""
    after: str | None = None
    while True:
        with database.reading(rooms.database) as session:
            page = store.listing(session, organization=organization, after=after, limit=500)
        if not page:
            return
        for entry in page:
            yield dcat_us_1_1.write(addressed(entry, rooms.settings.site_url))
        after = page[-1].name


@router.get("/catalog.{extension}")
def catalog(
    extension: str,
    request: Request,
    session: SessionDep,
    rooms: RoomsDep,
    page: Annotated[int, Query(ge=1, le=1_000_000, description="From 1 on.")] = 1,
) -> Response:
    """One page of the directory in DCAT-AP, with Hydra's links to the others, and the same links in the `Link` header."""
    form = form_of(extension)
    if form.rdf is None:
        raise NotFound(
            "the catalogue cannot be had in this form",
            value=f".{extension}",
            remedy="There are: .ttl, .rdf, .jsonld, .nt; and /data.json.",
        )
    site, total = rooms.settings.site_url, store.count(session)
    last = max(1, -(-total // PER_PAGE))
    if page > last:
        raise NotFound("the catalogue has no such page", place="page", value=page, remedy=f"The last one is {last}.")
    entries = store.listing(session, offset=(page - 1) * PER_PAGE, limit=PER_PAGE)
    made = _page(rooms, f"{site}/catalog.{extension}", page, last, total, [addressed(entry, site) for entry in entries])
    answer = tagged(request, rdf.serialise(catalog_statements(made), form.rdf), form.media_type)
    answer.headers["Link"] = _links(f"{site}/catalog.{extension}", page, last)
    return answer


def _page(rooms: Rooms, address: str, page: int, last: int, total: int, datasets: list[Dataset]) -> CatalogPage:
    settings = rooms.settings
    title = {settings.languages[0]: settings.site_title}
    return CatalogPage(
        uri=f"{settings.site_url}/",
        page=f"{address}?page={page}",
        title=title,
        description=title,
        publisher=Agent(name=title, homepage=settings.site_url),
        datasets=tuple(datasets),
        total=total,
        items_per_page=PER_PAGE,
        first=f"{address}?page=1",
        last=f"{address}?page={last}",
        next=f"{address}?page={page + 1}" if page < last else None,
        previous=f"{address}?page={page - 1}" if page > 1 else None,
        homepage=settings.site_url,
        language=settings.languages,
    )


def _links(address: str, page: int, last: int) -> str:
    places = {"first": 1, "last": last, "prev": page - 1, "next": page + 1}
    return ", ".join(f'<{address}?page={at}>; rel="{name}"' for name, at in places.items() if 1 <= at <= last)
