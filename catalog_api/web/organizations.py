"""Departments: the list, one of them, and the way from a theme to its datasets."""

from dataclasses import dataclass

from anyascii import anyascii
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from catalog_api import compliance
from catalog_api.deps import AskerDep, EngineDep, SessionDep
from catalog_api.web.addresses import address, segment
from catalog_api.web.page import found_by, render, speaking
from catalog_api.web.translation import Tongue
from metadata import store
from metadata.departments import dataset_counts, organization, organizations
from metadata.tables import Source
from metadata.text import Text, best
from search.base import Query

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Department:
    """A department in a list: its word, its title, and how many datasets it has published."""

    name: str
    title: Text
    count: int


def departments(session: Session, spoken: Tongue) -> list[Department]:
    """All departments by title; Chinese titles in the order of their Mandarin reading."""
    counts = dataset_counts(session)
    listed = [Department(one.name, one.title, counts.get(one.name, 0)) for one in organizations(session)]
    return sorted(listed, key=lambda one: anyascii(best(one.title, spoken.languages)).lower())


@router.get("/organization")
def organization_list(request: Request, session: SessionDep) -> Response:
    """Every department, with its number of datasets."""
    values = {"departments": departments(session, speaking(request)), "json_url": "/api/v1/organizations"}
    return render(request, "organizations.html", values)


@router.get("/organization/{name}")
def organization_page(request: Request, name: str, session: SessionDep, engine: EngineDep, asker: AskerDep) -> Response:
    """One department: what it is, its newest datasets, how it stands."""
    row = organization(session, name)
    spoken = speaking(request)
    query = Query(
        filters={"organization": (row.name,)}, order="modified", limit=10, readers=asker.readers, languages=spoken.languages
    )
    page = found_by(engine, query)
    found = store.entries(session, [hit.id for hit in page.hits])
    values = {
        "department": row,
        "parent": organization(session, row.parent) if row.parent else None,
        "row": compliance.standing(session, row),
        "newest": [found[hit.id] for hit in page.hits if hit.id in found],
        "sources": session.exec(select(Source).where(Source.organization == row.name).order_by(Source.name)).all(),
        "json_url": f"/api/v1/organizations/{segment(row.name)}",
    }
    return render(request, "organization.html", values)


@router.get("/theme/{name}")
def theme_page(name: str) -> Response:
    """The datasets of a theme."""
    return RedirectResponse(address("/search", {"theme": name}), status_code=302)
