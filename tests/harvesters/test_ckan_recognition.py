"""Which answers show a CKAN site, and what is harvested then."""

import json
from pathlib import Path
from typing import Any

import pytest

from harvesters.ckan import Ckan, CkanSettings
from tests.harvesters.portal import API, Portal, packages
from tests.harvesters.seeing import given, seen

SITE = "https://data.example.org"
PAGE = (
    '<!DOCTYPE html>\n<html><head><meta name="generator" content="ckan 2.10.1" /></head><body data-site-root="{root}"></body>'
)
ENVELOPE = json.dumps({"help": f"{SITE}{API}/help_show?name=x", "success": True, "result": []})


def settings(text: str, url: str) -> tuple[str, dict[str, Any]] | None:
    found = Ckan.recognises(given(text, url))
    return (found.url, dict(found.settings)) if found else None


@pytest.mark.parametrize(
    ("url", "root", "wanted"),
    [
        (f"{SITE}/", f"{SITE}/", {}),
        (f"{SITE}/data/zh_Hans_CN/dataset/", f"{SITE}/data/", {}),
        (f"{SITE}/dataset/roads", f"{SITE}/", {}),
        (f"{SITE}/organization/transport", f"{SITE}/", {"organization": "transport"}),
        (f"{SITE}/organization/about/transport", f"{SITE}/", {}),
        (f"{SITE}/fr/group/eau", f"{SITE}/", {"group": "eau"}),
        (f"{SITE}/dataset?organization=a&organization=b&q=roads", f"{SITE}/", {"organization": "a,b", "q": "roads"}),
        (f"{SITE}/dataset/?groups=g", "https://elsewhere.example/", {"group": "g"}),
    ],
)
def test_a_page_leads_to_the_site_and_keeps_its_filter(url: str, root: str, wanted: dict[str, str]) -> None:
    found = settings(PAGE.format(root=root), url)
    assert found == (f"{SITE}/data" if "/data/" in url and root.endswith("/data/") else SITE, wanted)
    Ckan(found[0], CkanSettings.model_validate(found[1]))


def test_newer_pages_name_their_root_in_a_meta() -> None:
    page = (
        f'<html lang="en">\n<head>\n<meta name="site-root" content="{SITE}/data/" />\n'
        '<meta name="generator" content="ckan 2.12.0" /></head><body>'
    )
    assert settings(page, f"{SITE}/data/about") == (f"{SITE}/data", {})


def test_a_page_without_its_root_is_cut_at_what_ckan_calls_its_pages() -> None:
    assert settings(PAGE.replace("data-site-root", "class"), f"{SITE}/catalogue/organization/a") == (
        f"{SITE}/catalogue",
        {"organization": "a"},
    )


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/api/3/action/package_search", {}),
        ("/api/action/package_show?id=x", {}),
        ("/api/3/action/package_search?q=*:*&rows=0", {}),
        ("/api/3/action/package_search?q=water&fq=type:dataset&fq=groups:a", {"q": "water", "fq": "type:dataset AND groups:a"}),
        ("/webapi/action/status_show", {"api_path": "/webapi/action"}),
    ],
)
def test_an_answer_of_the_api_leads_to_the_site(path: str, wanted: dict[str, str]) -> None:
    assert settings(ENVELOPE, SITE + path) == (SITE, wanted)
    CkanSettings.model_validate(wanted)


def test_how_sure_it_is() -> None:
    cut = Ckan.recognises(given(ENVELOPE[:-2] + '[{"id": "x', f"{SITE}{API}/package_list", whole=False))
    assert cut and cut.sure == 100
    refusal = json.dumps({"help": "…", "success": False, "error": {"__type": "Authorization Error", "message": "no"}})
    refused = Ckan.recognises(given(refusal, f"{SITE}{API}/package_search", 403))
    assert refused and refused.sure == 80
    unknown = Ckan.recognises(given('"Bad request - Action name not known: x"', f"{SITE}{API}/x", 400))
    assert unknown and unknown.sure == 70
    version = Ckan.recognises(given('{"version": 3}', f"{SITE}/data/api/3"))
    assert version and version.url == f"{SITE}/data" and version.sure == 90


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "[]",
        "{}",
        '{"version": 3}',
        '{"success": true}',
        '{"success": true, "result": []}',
        '{"dataset": []}',
        '"Bad request - Action name not known: x"',
        "<html><head><meta name='generator' content='Drupal 7'></head></html>",
        "<html><body>made with ckan</body></html>",
        '{"result": {"results": []}}',
    ],
)
def test_other_answers_show_nothing(text: str) -> None:
    assert Ckan.recognises(given(text, f"{SITE}/some/page")) is None


def test_the_front_of_a_site_is_found_by_probing() -> None:
    with Portal(packages(3)) as portal:
        for address in (portal.url, f"{portal.url}/", f"{portal.url}/dataset/x"):
            probes = Ckan.probes(address)
            found = [Ckan.recognises(seen(probe)) for probe in probes]
            assert len(probes) <= 5 and found[0] and (found[0].url, found[0].sure) == (portal.url, 100)


def test_probes_stay_under_the_site_and_know_a_site_below_its_front() -> None:
    assert Ckan.probes("https://data.example.org/opendata/dataset/roads?x=1") == [
        "https://data.example.org/opendata/api/3/action/status_show",
        "https://data.example.org/opendata/api/3/action/package_search?rows=0",
        "https://data.example.org/api/3/action/status_show",
        "https://data.example.org/api/3/action/package_search?rows=0",
        "https://data.example.org/api/3/action/package_list?limit=1",
    ]


def test_recorded_answers_are_recognised(corpora: Path) -> None:
    uk = corpora / "ckan/data-gov-uk-functional-tests/example_responses"
    recorded = [uk / f"{name}.json" for name in ("package_list", "package_search", "package_show", "organization_list")]
    recorded.append(corpora / "ckan/udata-dkan/udata/harvest/tests/ckan/data/dkan-french-w-license.json")
    recorded.append(corpora / "ckan/catalog-data-gov-2019/catalog.datas.gov.package_search_10rows.json")
    for path in recorded:
        found = Ckan.recognises(given(path.read_text(encoding="utf-8"), f"{SITE}{API}/package_search"))
        assert found and found.url == SITE and found.sure == 100, path
    for path in sorted((corpora / "dcatus").rglob("*.json"))[:120]:
        text = path.read_text(encoding="utf-8", errors="replace")[: 256 << 10]
        found = Ckan.recognises(given(text, f"{SITE}/data.json"))
        assert found is None or '"package_search"' in text or "action/help_show" in text, path
