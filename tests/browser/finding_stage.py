"""Sixty datasets for the search: two languages, four departments, a tree of themes, years, boxes, sizes; one of each kind is
known by name. Filled through the real readers and store."""

from pathlib import Path
from typing import Any

from catalog_api.settings import Settings
from catalog_api.upgrade import upgrade
from metadata import database, departments, sources
from search.engines import open_engine
from search.sync import sync
from tests.browser.stage import _harvest, description

FORMATS = ("CSV", "XLSX", "JSON", "PDF", "XML")
CITIES = ((116.4, 39.9), (121.5, 31.2), (113.3, 23.1))
DEPARTMENTS = {
    "transport": {"zh": "交通运输局", "en": "Transport Bureau"},
    "water": {"zh": "水务局", "en": "Water Bureau"},
    "health": {"zh": "卫生健康委员会", "en": "Health Commission"},
    "market": {"zh": "市场监督管理局", "en": "Market Bureau"},
}


def records() -> dict[str, list[dict[str, Any]]]:
    """The descriptions by department."""
    made: dict[str, list[dict[str, Any]]] = {name: [] for name in DEPARTMENTS}
    for number in range(60):
        made[list(DEPARTMENTS)[number % 4]].append(_record(number))
    return made


def _record(number: int) -> dict[str, Any]:
    """Even ones are Chinese; every third lies in a city; the year is 2015 to 2024; every fifth counts buses."""
    west, south = CITIES[number % 9 // 3]
    title = f"公共交通线路{number}" if number % 2 == 0 else f"River levels {number}"
    if number % 5 == 0:
        title = f"公交站点{number}" if number % 2 == 0 else f"Bus stops {number}"
    body = {
        **description(f"d-{number:02}", title),
        "modified": f"{2015 + number % 10}-0{1 + number % 9}-11",
        "theme": ["Water > Rivers"] if number % 4 == 1 else ["Transport"],
        "keyword": ["公交" if number % 5 == 0 else "水", f"k{number % 12}", "<b>k</b>"],
        "temporal": f"{2000 + number}-01-01/{2001 + number}-12-31",
        **({"language": ["zh-CN"]} if number % 2 == 0 else {}),
    }
    if number % 3 == 0:
        body["spatial"] = f"{west},{south},{west + 1:.1f},{south + 1:.1f}"
    body["distribution"][0]["format"] = FORMATS[number % 5]
    return body


def fill(folder: Path) -> Settings:
    """Fills a catalogue in this folder and returns its settings."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=folder, site_url="http://portal.example", _env_file=None)  # type: ignore[call-arg]
    engine = database.connect(settings.database)
    upgrade(engine)
    with database.writing(engine) as session:
        for name, bodies in records().items():
            departments.put_organization(session, name, DEPARTMENTS[name])
            source = sources.put_source(
                session, name, url=f"https://{name}.example/data.json", protocol="dcat_us", organization=name
            )
            _harvest(session, source, bodies, "done")
        session.commit()
    index = open_engine(settings.search)
    with database.reading(engine) as session:
        sync(session, index)
    engine.dispose()
    return settings
