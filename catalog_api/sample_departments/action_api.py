"""A department's CKAN portal: the reading part of the Action API v3 (docs.ckan.org, API guide), in CKAN's envelope.

`GET` or `POST /api/3/action/NAME` (and `/api/action/NAME`). Pages are capped at `site.rows_max` of the seed, 1000 unless
told, without a word: that is what CKAN does (`ckan.search.rows_max`). Wrong requests get CKAN's own errors.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from catalog_api.sample_departments import packages
from catalog_api.sample_departments.actions import ACTIONS, ActionError, Object, Params, Portal
from catalog_api.sample_departments.pages import home
from catalog_api.sample_departments.seeds import Seed
from catalog_api.sample_departments.web import Answer, Asked, Site


def portal(seed: Seed) -> Site:
    """The site of a department's CKAN portal."""
    held = {package["name"]: package for package in packages.held(seed)}
    kept = Portal(seed, held, int(seed.site.get("rows_max", 1000)))

    def answer(asked: Asked) -> Answer:
        for start in ("/api/3/action/", "/api/action/"):
            if asked.path.startswith(start):
                return _call(kept, asked, asked.path.removeprefix(start))
        if asked.path in ("/api", "/api/3"):
            return _json({"version": 3})
        return home(seed, asked)

    return answer


def _call(portal: Portal, asked: Asked, name: str) -> Answer:
    if name not in ACTIONS:
        return _json(f"Bad request: Action name not known: {name}", 400)
    try:
        envelope: Object = {"success": True, "result": ACTIONS[name](portal, _params(asked))}
        status = 200
    except ActionError as problem:
        envelope, status = {"success": False, "error": problem.error}, problem.status
    except json.JSONDecodeError as problem:
        return _json(f"Bad request: JSON Error: Error decoding JSON data. Error: {problem}", 400)
    return _json({"help": f"/api/3/action/help_show?name={name}"} | envelope, status)


def _json(value: Any, status: int = 200) -> Answer:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(body, "application/json; charset=utf-8", status=status, headers={"Cache-Control": "no-cache"})


def _params(asked: Asked) -> Params:
    """Parameters of the query, of a JSON object, or of a form; one value alone, several as a list."""
    if asked.query:
        return _flat(asked.query)
    if not asked.body.strip():
        return {}
    if asked.media_type == "application/x-www-form-urlencoded":
        return _flat(parse_qs(asked.body.decode("utf-8", "replace"), keep_blank_values=True))
    given = json.loads(asked.body)
    if not isinstance(given, dict):
        raise ActionError(400, "Validation Error", {"message": "Request data must be a JSON object"})
    return given


def _flat(query: Mapping[str, list[str]]) -> Params:
    return {name: found[0] if len(found) == 1 else found for name, found in query.items()}
