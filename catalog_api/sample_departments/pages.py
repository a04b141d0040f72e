"""The pages for people that a department answers: its front page, not found, and closed for maintenance."""

import html
from datetime import UTC, datetime

from catalog_api.sample_departments.seeds import Seed
from catalog_api.sample_departments.web import Answer, Asked

HTML = "text/html; charset=utf-8"


def home(seed: Seed, asked: Asked) -> Answer:
    """The department's front page, or a 404 for any other path."""
    if asked.path != "/":
        return Answer("<!DOCTYPE html>\n<title>404</title><p>找不到页面 · Not found</p>\n".encode(), HTML, status=404)
    title, door = html.escape(seed.title["en"]), "api/3/action/package_search" if seed.protocol == "ckan" else "data.json"
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
    day = max((row.modified for row in seed.rows), default="2026-01-05")
    return datetime.fromisoformat(day).replace(hour=6, minute=15, tzinfo=UTC)
