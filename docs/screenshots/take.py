"""Retakes the screenshots of the docs against a running portal, in a real Chromium.

    mulu demo                                   # in one terminal; it prints the portal's URL
    python docs/screenshots/take.py URL         # in another; with --all, every page type in both languages and widths

The browser is Debian's: `apt-get install chromium fonts-noto-cjk`; MULU_CHROMIUM names another one.
"""

import json
import os
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("MULU_CHROMIUM", "/usr/bin/chromium")
WIDTHS = {"phone": (360, 780), "desktop": (1280, 860)}


@dataclass(frozen=True)
class Shot:
    """A picture: its file's name, the page, the language, the width, light or dark, the whole page or its first screen."""

    name: str
    path: str
    language: str
    width: str = "desktop"
    scheme: str = "light"
    whole: bool = False


def shots(base: str) -> list[Shot]:
    """The pictures that are kept in the docs."""
    pages = addresses(base)
    return [
        Shot("home-zh", pages["home"], "zh"),
        Shot("home-en-dark", pages["home"], "en", scheme="dark"),
        Shot("search-zh", pages["search"], "zh"),
        Shot("dataset-en", pages["dataset"], "en"),
        Shot("source-zh", pages["source"], "zh"),
        Shot("record-en", pages["record"], "en"),
        Shot("compliance-zh", pages["compliance"], "zh"),
        Shot("ledger-en", pages["verified"], "en"),
        Shot("phone-home-en", pages["home"], "en", "phone"),
        Shot("phone-search-zh", pages["search"], "zh", "phone"),
    ]


def every_shot(base: str) -> list[Shot]:
    """Each page type in both languages at both widths, whole, for looking at."""
    return [
        Shot(f"{name}-{language}-{width}", path, language, width, whole=True)
        for name, path in addresses(base).items()
        for language in ("zh", "en")
        for width in WIDTHS
    ]


def addresses(base: str) -> dict[str, str]:
    """One address for each page type, with what the running portal has in it."""
    dataset = _first(base, "/api/v1/datasets?q=%E5%85%AC%E5%85%B1%E4%BA%A4%E9%80%9A&limit=1", "/api/v1/datasets?limit=1")
    source = max(_items(base, "/api/v1/sources?limit=100"), key=lambda one: _failing(base, one["name"]))["name"]
    run = _first(base, f"/api/v1/sources/{source}/runs?limit=1")["run"]
    record = max(_items(base, f"/api/v1/sources/{source}/records?limit=50"), key=lambda one: one["errors"])["id"]
    return {
        "home": "/",
        "search": "/search?q=%E4%BA%A4%E9%80%9A&format=CSV",
        "empty": "/search?q=zzzznothing&format=CSV",
        "dataset": f"/dataset/{dataset['name']}",
        "organizations": "/organization",
        "organization": f"/organization/{dataset['organization']['name']}",
        "sources": "/source",
        "source": f"/source/{source}",
        "run": f"/source/{source}/runs/{run}",
        "records": f"/source/{source}/records",
        "record": f"/record/{record}",
        "check": "/check",
        "compliance": "/compliance",
        "department": f"/compliance/{dataset['organization']['name']}",
        "ledger": "/ledger",
        "verified": "/ledger?verify=1",
        "missing": "/nowhere",
    }


def _items(base: str, path: str) -> list[dict[str, object] | object]:  # type: ignore[type-arg]
    with urllib.request.urlopen(base + path, timeout=30) as answer:
        return json.load(answer)["items"]  # type: ignore[no-any-return]


def _first(base: str, *paths: str) -> dict:  # type: ignore[type-arg]
    for path in paths:
        if items := _items(base, path):
            return items[0]  # type: ignore[return-value]
    raise SystemExit(f"{base} has nothing at {paths[-1]}: start it with `mulu demo`.")


def _failing(base: str, source: str) -> int:
    records = _items(base, f"/api/v1/sources/{source}/records?limit=100")
    return sum(one["errors"] for one in records)  # type: ignore[index]


def take(browser: Browser, base: str, shot: Shot, folder: Path) -> Path:
    """Takes one picture."""
    width, height = WIDTHS[shot.width]
    tongue = {"zh": "zh-CN", "en": "en-GB"}[shot.language]
    page = browser.new_page(viewport={"width": width, "height": height}, locale=tongue, color_scheme=shot.scheme)  # type: ignore[arg-type]
    page.goto(base + shot.path)
    path = folder / f"{shot.name}.png"
    page.screenshot(path=path, full_page=shot.whole)
    page.close()
    return path


def main() -> None:
    """Takes all pictures and names them with their sizes."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    if not words:
        raise SystemExit(__doc__)
    base = words[0].rstrip("/")
    folder = Path(words[1]) if len(words) > 1 else HERE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for shot in every_shot(base) if "--all" in sys.argv else shots(base):
            path = take(browser, base, shot, folder)
            print(f"{path.name}  {path.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
