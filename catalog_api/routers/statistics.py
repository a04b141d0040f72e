"""Statistics: how datasets are used, and for those who run the catalogue how searches fare."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from catalog_api.deps import AskerDep, SessionDep, SettingsDep
from catalog_api.routers.reply import GUARDED, PROBLEMS, Limit, List, listed
from metadata import statistics, store, uses
from metadata.statistics import Asked

router = APIRouter(tags=["statistics"], responses=PROBLEMS)
Days = Annotated[int, Query(ge=1, le=365, description="How many days back, today included.")]


def asked_json(one: Asked) -> dict[str, Any]:
    """How a question fared."""
    mean = round(one.total / one.searches, 1) if one.searches else 0.0
    numbers = {"searches": one.searches, "empty": one.empty, "slow": one.slow}
    return {"words": one.words, **numbers, "worst_ms": round(one.worst, 1), "mean_ms": mean}


@router.get("/statistics/searches", response_model=List, responses=GUARDED)
def search_statistics(
    request: Request,
    session: SessionDep,
    asker: AskerDep,
    kind: Literal["top", "zero", "slow"] = "zero",
    days: Days = 30,
    limit: Limit = 100,
) -> Response:
    """Words that were asked for most (`top`), that found nothing (`zero`), or that were slow (`slow`). For an `admin`."""
    asker.require("admin")
    since = uses.days_ago(days - 1)
    items = [asked_json(one) for one in statistics.searches(session, kind, since, limit)]
    whole = {name: value for name, value in asked_json(statistics.all_searches(session, since)).items() if name != "words"}
    return listed(request, items, len(items), None, all=whole)


@router.get("/statistics/datasets", response_model=List)
def dataset_statistics(
    request: Request, session: SessionDep, settings: SettingsDep, days: Days = 30, limit: Limit = 100
) -> Response:
    """The published datasets that were looked at most, and all visits by day."""
    since = uses.days_ago(days - 1)
    used = uses.most_used(session, since, limit)
    found = store.entries(session, [dataset_id for dataset_id, _ in used])
    items = [
        {
            "id": dataset_id,
            "name": found[dataset_id].name,
            "title": found[dataset_id].dataset.title,
            "use": count,
            "url": f"{settings.site_url}/dataset/{found[dataset_id].name}",
        }
        for dataset_id, count in used
        if dataset_id in found
    ]
    by_day = [{"day": day, "use": count} for day, count in uses.by_day(session, since)]
    return listed(request, items, len(items), None, by_day=by_day)
