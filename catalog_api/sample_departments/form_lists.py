"""A department's older portal: its pages ask for lists of datasets by a POST form, and get JSON with codes for words.

The shape is that of the portals that `json_map` reads with the preset `cn_wuhu`; members of our own are `orgName`, `keyWord`
and `linkPhone`, which the seed's `site.settings` map.
"""

import json
from typing import Any
from urllib.parse import parse_qs

from catalog_api.sample_departments import words
from catalog_api.sample_departments.packages import identifier
from catalog_api.sample_departments.pages import HTML, home
from catalog_api.sample_departments.seeds import Row, Seed
from catalog_api.sample_departments.web import Answer, Asked, Site

PATH = "/datagov-ops/data/getDataSetByWhere"
_FREQUENCIES = {"RT": "1", "D": "2", "W": "3", "M": "4", "S": "5", "Y": "6"}
_FORM = "application/x-www-form-urlencoded"


def form_list(seed: Seed) -> Site:
    """The list behind its form, and the front page."""
    held = [listed(seed, row) for row in seed.rows]

    def answer(asked: Asked) -> Answer:
        if asked.path != PATH:
            return home(seed, asked)
        if asked.method != "POST" or asked.media_type != _FORM:
            return Answer("<html><body>请求方式错误</body></html>".encode(), HTML, status=405, headers={"Allow": "POST"})
        return _page(held, parse_qs(asked.body.decode("utf-8", "replace")))

    return answer


def listed(seed: Seed, row: Row) -> dict[str, Any]:
    """A row as the list shows it."""
    return {
        "id": identifier(seed, "dataset", row.name).replace("-", ""),
        "datasetName": row.title["zh"],
        "summary": words.description(seed, row),
        "dataType": words.theme(seed, row),
        "orgName": seed.title["zh"],
        "keyWord": "、".join(words.keywords(seed, row)),
        "linkPhone": seed.phone,
        "createDate": f"{row.issued} 09:00:00",
        "updateDate": f"{row.modified} 06:15:42",
        "dataUpdateFrequency": _FREQUENCIES.get(row.frequency, words.FREQUENCY_WORDS[row.frequency]["zh"]),
        "openType": "1" if row.access == "public" else "2",
        "fileList": [
            {"fileName": row.title["zh"] if media_type is None else f"{row.title['zh']}.{key}", "fileType": key}
            for key, _, media_type, _ in words.links(seed, row)
        ],
    }


def _page(held: list[dict[str, Any]], form: dict[str, list[str]]) -> Answer:
    """One page; what is no number counts as the first page of fifteen, as such portals have it."""
    number, size = (_number(form, name, usual) for name, usual in (("pageNo", 1), ("pageSize", 15)))
    shown = held[(number - 1) * size : number * size]
    body = {"smcDataSetList": shown, "pageNo": str(number), "allPage": -(-len(held) // size)}
    return Answer(json.dumps(body, ensure_ascii=False).encode(), "text/html;charset=UTF-8")


def _number(form: dict[str, list[str]], name: str, usual: int) -> int:
    given = form.get(name, [""])[0]
    return int(given) if given.isdecimal() and 0 < int(given) < 10_000 else usual
