"""What another standard cannot carry, over HTTP; and converting what is sent."""

import base64
import io
import json
from typing import Any

from openpyxl import load_workbook

from tests.catalog_api.conftest import Site
from tests.harvests import body

PACKAGE = {
    "name": "bus",
    "title": "Bus",
    "notes": "n",
    "version": "2",
    "resources": [],
    "extras": [{"key": "colour", "value": "red"}],
}


def registered(site: Site) -> str:
    path = "/api/v1/organizations/transport/datasets/a"
    answer = site.client.put(
        path, content=json.dumps(body("a", "Bus", conformsTo="https://x.example/s")), headers=site.headers()
    )
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["name"])


def test_losses_of_a_dataset_are_told_as_a_page_and_as_json(site: Site) -> None:
    name = registered(site)
    said = site.client.get(f"/dataset/{name}/loss?to=gbt_21063", headers={"Accept": "application/json"}).json()
    lost = {one["field"]: one["value"] for one in said["lost"]}
    assert (
        said["dataset"] == name
        and said["to"] == "gbt_21063"
        and "title" in said["carried"]
        and "https://x.example/s" in lost["conforms_to"]
    )
    page = site.client.get(f"/dataset/{name}/loss?to=gbt_21063&lang=en", headers={"Accept": "text/html"})
    assert (
        page.status_code == 200
        and "What is lost" in page.text
        and "conforms_to" in page.text
        and "https://x.example/s" in page.text
    )
    for query, status in (("?to=nope", 404), ("?to=socrata", 400), ("", 422)):
        assert site.client.get(f"/dataset/{name}/loss{query}").status_code in (status, 400)
    assert site.client.get("/dataset/none/loss?to=ckan").status_code == 404


def convert(site: Site, document: Any, query: str) -> Any:
    return site.client.post(f"/api/v1/convert?{query}", content=json.dumps(document))


def test_what_is_sent_is_converted_and_losses_are_told(site: Site) -> None:
    said = convert(site, PACKAGE, "to=dcat_us_1_1").json()
    assert (said["read"], said["failed"], said["encoding"]) == (1, 0, "utf-8") and said["lost"]["version"] == 1
    assert json.loads(said["content"])["dataset"][0]["title"] == "Bus"
    turtle = convert(site, PACKAGE, "to=dcat_ap_3&download=true")
    assert turtle.headers["content-type"].startswith("text/turtle") and '"Bus"' in turtle.text
    assert convert(site, PACKAGE, "to=dcat_us_1_1&download=true").headers["mulu-lost"].count("version;count=1") == 1
    again = site.client.post("/api/v1/convert?to=ckan", content=turtle.content).json()
    assert json.loads(again["content"])["title"] == "Bus"
    assert convert(site, PACKAGE, "to=dcat_ap_3&form=jsonld").json()["content"].lstrip()[0] in "{["
    for query, status in (("to=nope", 404), ("to=socrata", 400), ("to=ckan&from=nope", 404), ("to=ckan&form=../x", 422)):
        assert convert(site, PACKAGE, query).status_code in (status, 400)


def test_a_workbook_is_made_and_comes_back(site: Site) -> None:
    said = convert(site, {**PACKAGE, "organization": {"title": "交通局"}}, "to=cn_catalog_2017&form=xlsx").json()
    assert said["encoding"] == "base64"
    content = base64.b64decode(said["content"])
    assert "Bus" in [cell.value for row in load_workbook(io.BytesIO(content)).worksheets[0].rows for cell in row]
    (line,) = site.client.post("/api/v1/check", content=content).json()["records"]
    assert line["standard"] == "cn_catalog_2017" and "!" in line["place"]
    assert all("!" in one["path"] for one in line["findings"])
    back = site.client.post("/api/v1/convert?to=ckan", content=content).json()
    assert json.loads(back["content"])["title"] == "Bus"
