"""The page of figures: how the datasets are used, and how searches fare. Which words were asked is for administrators."""

from typing import Any

from fastapi import APIRouter, Request, Response

from catalog_api.deps import AskerDep, SessionDep
from catalog_api.web.addresses import address, whole
from catalog_api.web.page import render
from metadata import statistics, store, uses

router = APIRouter(include_in_schema=False)
SHOWN = 20
DAYS = (7, 30, 90, 365)


@router.get("/statistics")
def figures_page(request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """Visits by day, the most used datasets, numbers of searches."""
    days = whole(request, "days", 30, most=365)
    since = uses.days_ago(days - 1)
    used = uses.most_used(session, since, SHOWN)
    found = store.entries(session, [dataset_id for dataset_id, _ in used])
    by_day = uses.by_day(session, since)
    values: dict[str, Any] = {
        "days": days,
        "choices": [{"days": one, "url": address("/statistics", {"days": str(one)}), "here": one == days} for one in DAYS],
        "used": [{"entry": found[one], "count": count} for one, count in used if one in found],
        "by_day": [{"day": day, "count": count} for day, count in reversed(by_day)][:31],
        "most": max((count for _, count in by_day), default=1),
        "visits": sum(count for _, count in by_day),
        "all": statistics.all_searches(session, since),
        "empty": statistics.searches(session, "zero", since, SHOWN) if "admin" in asker.scopes else [],
        "slow": statistics.searches(session, "slow", since, SHOWN) if "admin" in asker.scopes else [],
        "json_url": address("/api/v1/statistics/datasets", {"days": str(days)}),
    }
    return render(request, "figures.html", values)
