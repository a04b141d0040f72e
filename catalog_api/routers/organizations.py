"""Departments."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from catalog_api.deps import AskerDep, SessionDep, WritingDep
from catalog_api.routers.reply import GUARDED, PROBLEMS, List, listed, reply
from metadata import departments
from metadata.tables import Organization

router = APIRouter(tags=["organizations"], responses=PROBLEMS)


class OrganizationBody(BaseModel):
    """A department as it is given. `title` and `description` map a language to words."""

    title: dict[str, str] | None = None
    description: dict[str, str] | None = None
    homepage: str | None = Field(None, max_length=2000)
    code: str | None = Field(None, max_length=18, description="统一社会信用代码 (GB 32100)")
    parent: str | None = None


def organization_json(row: Organization, datasets: int) -> dict[str, Any]:
    """A department as the API shows it."""
    return {**row.model_dump(), "datasets": datasets}


@router.get("/organizations", response_model=List)
def list_organizations(request: Request, session: SessionDep) -> Response:
    """All departments, with how many datasets each has published."""
    counts = departments.dataset_counts(session)
    items = [organization_json(row, counts.get(row.name, 0)) for row in departments.organizations(session)]
    return listed(request, items, len(items), None)


@router.get("/organizations/{name}")
def show_organization(name: str, request: Request, session: SessionDep) -> Response:
    """One department."""
    row = departments.organization(session, name)
    return reply(request, organization_json(row, departments.dataset_counts(session).get(row.name, 0)))


@router.put("/organizations/{name}", responses=GUARDED)
def put_organization(name: str, body: OrganizationBody, request: Request, session: WritingDep, asker: AskerDep) -> Response:
    """Makes a department, or changes what is given."""
    asker.require("write", organization=name)
    row = departments.put_organization(session, name, **body.model_dump(exclude_none=True))
    return reply(request, organization_json(row, departments.dataset_counts(session).get(name, 0)))


@router.delete("/organizations/{name}", status_code=204, responses=GUARDED)
def delete_organization(name: str, session: WritingDep, asker: AskerDep) -> Response:
    """Removes a department that has neither sources nor datasets."""
    asker.require("write")
    departments.remove_organization(session, name)
    return Response(status_code=204)
