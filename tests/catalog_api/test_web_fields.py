"""Everything a description says is on its page: no field of the model may be missing."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog_api.web.datasets import _distribution, _service
from catalog_api.web.fields import Row, dataset_rows, openness_words, sharing_words
from catalog_api.web.parties import agent_words, contact_words, period_words, place_words
from catalog_api.web.translation import tongue
from metadata import model

EN = tongue("en")
TEMPLATE = (Path(__file__).parents[2] / "catalog_api/web/templates/dataset.html").read_text("utf-8")


def shown(rows: list[Row]) -> str:
    return " | ".join(str(value) for row in rows for value in row.values)


def coded(word: str) -> model.Coded:
    return model.Coded(label={"en": f"label-{word}"}, raw=f"raw-{word}")


AGENT = model.Agent(
    name={"en": "agent-name"},
    identifier="agent-id",
    code="agent-code",
    kind=coded("agent"),
    homepage="https://agent.example",
    email="agent@mail.example",
    phone="agent-phone",
    parent=model.Agent(name={"en": "agent-parent"}),
    extra={"agent-extra": "agent-more"},
)
CONTACT = model.Contact(
    name={"en": "contact-name"},
    email="contact@mail.example",
    phone="contact-phone",
    url="https://contact.example",
    organization={"en": "contact-organization"},
    extra={"contact-extra": "contact-more"},
)
PLACE = model.Place(
    name={"en": "place-name"},
    uri="https://place.example",
    code=coded("place"),
    box=(-1.5, 2, 3, -4),
    geometry={"type": "Polygon"},
    raw="place-raw",
)


def everything() -> model.Dataset:
    text = {name: {"en": f"field-{name}"} for name in ("rights", "provenance", "version_notes")}
    word = {
        name: f"field-{name}"
        for name in ("landing_page", "described_by", "described_by_type", "version", "is_part_of", "temporal_resolution")
    }
    words: dict[str, Any] = {
        name: (f"field-{name}",) for name in ("page", "conforms_to", "other_identifier", "relation", "applicable_legislation")
    }
    codes = {name: coded(name) for name in ("classification", "accrual_periodicity", "access_rights", "license", "status")}
    return model.Dataset(
        identifier="field-identifier",
        title={"en": "field-title"},
        uri="field-uri",
        description={"en": "field-description"},
        publisher=AGENT,
        creator=(AGENT,),
        contact_point=(CONTACT,),
        keyword={"en": ("field-keyword",)},
        theme=(coded("theme"),),
        hvd_category=(coded("hvd_category"),),
        issued="1999-01-01",
        modified="1999-02-02",
        language=("xx-language",),
        spatial=(PLACE,),
        temporal=(model.Period(start="2001-01-01", end="2002-02-02"), model.Period(raw="period-raw")),
        spatial_resolution_in_meters=12.5,
        in_series=(
            model.Series(
                identifier="s", title={"en": "series-title"}, description={"en": "series-description"}, publisher=AGENT
            ),
        ),
        distribution=(model.Distribution(title={"en": "distribution-title"}),),
        service=(model.DataService(title={"en": "service-title"}),),
        information_item=(model.InformationItem(name={"en": "item-name"}),),
        sharing=model.Sharing(kind="none", raw="raw-sharing"),
        openness=model.Openness(kind="open", raw="raw-openness"),
        extra={"extra-name": {"nested": ["extra-value"]}},
        **text,
        **word,
        **words,
        **codes,
    )


ELSEWHERE = {"title", "description", "keyword", "distribution", "service", "information_item"}
MARKS = {
    "publisher": "agent-name",
    "creator": "agent-name",
    "contact_point": "contact-name",
    "theme": "label-theme",
    "hvd_category": "label-hvd_category",
    "issued": "1 January 1999",
    "modified": "2 February 1999",
    "language": "xx-language",
    "spatial": "place-name",
    "temporal": "1 January 2001",
    "spatial_resolution_in_meters": "12.5 m",
    "in_series": "series-title",
    "sharing": "raw-sharing",
    "openness": "raw-openness",
    "extra": "extra-value",
    "accrual_periodicity": "label-accrual_periodicity",
    "access_rights": "label-access_rights",
    "classification": "label-classification",
    "license": "label-license",
    "status": "label-status",
}


@pytest.mark.parametrize("name", [one.name for one in msgspec.structs.fields(model.Dataset)])
def test_no_field_of_a_dataset_is_missing(name: str) -> None:
    if name in ELSEWHERE:
        assert re.search(rf"\bdata\.{name}\b|\b{name}s?\b", TEMPLATE)
    else:
        assert MARKS.get(name, f"field-{name}") in shown(dataset_rows(everything(), EN))


@pytest.mark.parametrize("name", [one.name for one in msgspec.structs.fields(model.Distribution)])
def test_no_field_of_a_distribution_is_missing(name: str) -> None:
    special: dict[str, tuple[Any, str]] = {
        "title": ({"en": "mark-title"}, "mark-title"),
        "description": ({"en": "mark-description"}, "mark-description"),
        "rights": ({"en": "mark-rights"}, "mark-rights"),
        "byte_size": (1_500_000, "1.5 MB"),
        "checksum": (model.Checksum(algorithm="sha256", value="abc"), "sha256: abc"),
        "issued": ("1999-01-01", "1 January 1999"),
        "modified": ("1999-01-01", "1 January 1999"),
        "access_service": ((model.DataService(title={"en": "mark-service"}),), "mark-service"),
        "extra": ({"name": "mark-extra"}, "mark-extra"),
        **{one: ((f"mark-{one}",), f"mark-{one}") for one in ("language", "conforms_to", "page")},
        **{one: (coded(one), f"label-{one}") for one in ("format", "license", "status", "availability")},
    }
    value, mark = special.get(name, (f"mark-{name}", f"mark-{name}"))
    row = _distribution(model.Distribution(**{name: value}), EN)
    assert mark in shown(row["rows"]) + str({key: row[key] for key in row if key != "rows"})


@pytest.mark.parametrize("name", [one.name for one in msgspec.structs.fields(model.DataService)])
def test_no_field_of_a_service_is_missing(name: str) -> None:
    special: dict[str, tuple[Any, str]] = {
        "title": ({"en": "mark-title"}, "mark-title"),
        "description": ({"en": "mark-description"}, "mark-description"),
        "contact_point": ((CONTACT,), "contact-name"),
        "publisher": (AGENT, "agent-name"),
        "extra": ({"name": "mark-extra"}, "mark-extra"),
        **{one: ((f"mark-{one}",), f"mark-{one}") for one in ("endpoint_url", "endpoint_description", "conforms_to")},
        **{one: (coded(one), f"label-{one}") for one in ("license", "access_rights")},
    }
    value, mark = special.get(name, (f"mark-{name}", f"mark-{name}"))
    service = _service(model.DataService(**{name: value}), EN)
    assert mark in shown(service["rows"]) + service["title"]


def test_parties_and_places_say_all_they_know() -> None:
    agent = str(agent_words(AGENT, EN))
    for mark in (
        "agent-name",
        "agent-id",
        "agent-code",
        "label-agent",
        "https://agent.example",
        "agent@mail.example",
        "agent-phone",
    ):
        assert mark in agent
    assert "agent-parent › agent-name" in agent and "agent-more" in agent
    contact = str(contact_words(CONTACT, EN))
    for mark in (
        "contact-name",
        "contact-organization",
        "contact@mail.example",
        "contact-phone",
        "https://contact.example",
        "contact-more",
    ):
        assert mark in contact
    place = str(place_words(PLACE, EN))
    for mark in ("place-name", "https://place.example", "label-place", "1.5° W – 3° E, 2° N – 4° S", "Polygon", "place-raw"):
        assert mark in place
    assert period_words(model.Period(start="2001"), EN) == "2001 – "
    assert period_words(model.Period(raw="long ago"), EN) == "long ago"


def test_sharing_and_openness_say_all_they_know() -> None:
    sharing = model.Sharing(kind="none", condition={"en": "if"}, legal_basis={"en": "law"}, method=coded("method"), raw="3")
    assert "".join(map(str, sharing_words(sharing, EN))) == 'Not shared <span class="quiet">(3)</span>iflawlabel-method'
    openness = model.Openness(kind="conditional", condition={"en": "when"}, raw="2")
    assert "".join(map(str, openness_words(openness, EN))) == 'Open on conditions <span class="quiet">(2)</span>when'
