"""The health of sources, as data."""

from typing import Any

from fastapi import APIRouter, Request, Response

from catalog_api.deps import SessionDep
from catalog_api.health import Standing, standings
from catalog_api.routers.reply import PROBLEMS, List, listed

router = APIRouter(tags=["sources"], responses=PROBLEMS)


def standing_json(one: Standing) -> dict[str, Any]:
    """How a source stands."""
    row, last = one.source, one.last
    return {
        "source": row.name,
        "organization": row.organization,
        "protocol": row.protocol,
        "state": one.state,
        "why": one.why,
        "streak": one.streak,
        "failures": row.failures,
        "last_run": last.id if last else None,
        "last_state": last.state if last else None,
        "last_finished": last.finished if last else None,
        "last_good": row.last_good,
        "next_run": row.next_run,
        "schedule": row.schedule,
        "timezone": row.timezone,
        "source_count": one.listed,
        "catalogue_count": one.published,
    }


@router.get("/health/sources", response_model=List)
def list_standings(request: Request, session: SessionDep) -> Response:
    """How all harvested sources stand, those in trouble first: `failing`, `held`, `late`, `never`, `fine`."""
    found = standings(session)
    return listed(request, [standing_json(one) for one in found], len(found), None)
