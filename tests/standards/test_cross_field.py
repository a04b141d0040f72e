"""Rules between fields: dates, periods, boxes, addresses, media types."""

from datetime import UTC, datetime, timedelta

import pytest

from metadata.model import Dataset, Distribution, Period, Place
from standards import cross_field
from standards.base import Finding

PLACES = {
    "issued": "/issued",
    "modified": "/modified",
    "temporal": "/temporal",
    "spatial": "/spatial",
    "landing_page": "/page",
    "distribution": "/files",
}
TOMORROW = (datetime.now(UTC) + timedelta(days=400)).date().isoformat()


def found(places: dict[str, str] = PLACES, **fields: object) -> list[Finding]:
    return list(cross_field.check("s", Dataset(identifier="x", title={"en": "X"}, **fields), places))  # type: ignore[arg-type]


def way(url: str, media_type: str) -> Distribution:
    return Distribution(download_url=url, media_type=media_type)


@pytest.mark.parametrize(
    ("fields", "rule", "path"),
    [
        ({"issued": "2020-05", "modified": "2020-04-30"}, "s/cross/dates", "/issued"),
        ({"modified": TOMORROW}, "s/cross/future", "/modified"),
        ({"temporal": (Period(start="2020", end="2019"),)}, "s/cross/temporal", "/temporal"),
        ({"temporal": (Period(start="2019", end="2020"), Period(start="2020", end="2019"))}, "s/cross/temporal", "/temporal/1"),
        ({"spatial": (Place(box=(0.0, 10.0, 1.0, 5.0)),)}, "s/cross/spatial", "/spatial"),
        ({"spatial": (Place(box=(39.9, 116.3, 40.1, 116.5)),)}, "s/cross/spatial", "/spatial"),
        ({"spatial": (Place(box=(float("nan"), 0.0, 0.0, 0.0)),)}, "s/cross/spatial", "/spatial"),
        ({"landing_page": "http://x.example"}, "s/cross/https", "/page"),
        ({"distribution": (way("https://x.example/a.csv", "application/pdf"),)}, "s/cross/media-type", "/files"),
    ],
)
def test_what_does_not_fit_together_is_told(fields: dict[str, object], rule: str, path: str) -> None:
    (one,) = found(**fields)
    assert (
        (one.rule, one.path) == (rule, path)
        and one.clause
        and one.message["zh"]
        and one.fix["en"]
        and one.link.startswith("https")
    )
    assert found({}, **fields) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"issued": "2020", "modified": "2020-04-30"},
        {"issued": "2020-04-30", "modified": "2020-04-30T08:00:00Z"},
        {"issued": "someday", "modified": "2020"},
        {"modified": datetime.now(UTC).date().isoformat()},
        {"temporal": (Period(start="2019"), Period(end="2020"), Period(raw="x"))},
        {"spatial": (Place(box=(170.0, -20.0, -170.0, 10.0)), Place(name={"en": "X"}))},
        {"landing_page": "https://x.example"},
        {"landing_page": "ftp://x.example"},
        {"distribution": (way("https://x.example/a.csv", "text/csv"), way("https://x.example/api", "application/pdf"))},
        {
            "distribution": (
                way("https://x.example/a.zip", "text/csv"),
                way("https://x.example/a.csv", "application/octet-stream"),
            )
        },
    ],
)
def test_what_fits_together_is_let_pass(fields: dict[str, object]) -> None:
    assert found(**fields) == []


def test_a_standard_takes_the_rules_it_wants() -> None:
    own = cross_field.rules("iso-x", {"temporal"})
    assert set(own) == {"iso-x/cross/temporal"} and own["iso-x/cross/temporal"].id == "iso-x/cross/temporal"
    dataset = Dataset(
        identifier="x", title={"en": "X"}, temporal=(Period(start="2020", end="2019"),), landing_page="http://x.example"
    )
    assert [one.rule for one in cross_field.check("iso-x", dataset, PLACES, own)] == ["iso-x/cross/temporal"]
    assert {rule.split("/")[-1] for rule in cross_field.rules("s")} == set(cross_field.NAMES)
