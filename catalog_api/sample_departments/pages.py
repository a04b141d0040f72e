"""The pages for people that a department answers: its front page, not found, and closed for maintenance."""

import html
from datetime import UTC, datetime

from catalog_api.sample_departments.seeds import Row, Seed
from catalog_api.sample_departments.web import Answer, Asked

HTML = "text/html; charset=utf-8"
DOORS = {
    "ckan": "api/3/action/package_search",
    "dcat_us": "data.json",
    "waf": "metadata/",
    "oai_pmh": "oai?verb=Identify",
    "dcat_rdf": "catalog.ttl",
    "spreadsheet": "catalog-2017.xlsx",
    "json_map": "",
}
"""Protocol → the path, without its slash, that the front page links."""


def home(seed: Seed, asked: Asked) -> Answer:
    """The department's front page, or a 404 for any other path."""
    if asked.path != "/":
        return Answer("<!DOCTYPE html>\n<title>404</title><p>找不到页面 · Not found</p>\n".encode(), HTML, status=404)
    title, door = html.escape(seed.title["en"]), DOORS[seed.protocol]
    page = f"<!DOCTYPE html>\n<title>{title}</title><h1>{title}</h1><p>Invented sample data. <a href='/{door}'>{door}</a></p>\n"
    return Answer(page.encode(), HTML, modified=newest(seed))


def maintenance(seed: Seed) -> Answer:
    """What a portal under maintenance answers to everything: a page, with status 200."""
    title = html.escape(seed.title["zh"])
    page = (
        f"<!DOCTYPE html>\n<html lang='zh'><head><meta charset='utf-8'><title>{title} 系统维护</title></head>"
        f"<body><h1>系统维护中</h1><p>{title}数据开放平台正在升级维护，请稍后访问。</p>"
        "<p lang='en'>The open data portal is down for maintenance. Please come back later.</p></body></html>\n"
    )
    return Answer(page.encode(), HTML)


def newest(seed: Seed) -> datetime:
    """When the department last changed any dataset, UTC."""
    return _morning(max((row.modified for row in seed.rows), default="2026-01-05"))


def changed(row: Row) -> datetime:
    """When a dataset was last changed, UTC."""
    return _morning(row.modified)


def _morning(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=6, minute=15, tzinfo=UTC)
