"""A record of DCAT-US 1.1 with nothing wrong by either rule set, and ways to change it."""

from typing import Any

GOOD: dict[str, Any] = {
    "@type": "dcat:Dataset",
    "identifier": "bus-stops",
    "title": "Bus stops",
    "description": "Every stop of the city's buses, with its name and place.",
    "keyword": ["bus", "stop"],
    "modified": "2024-05-03",
    "publisher": {"@type": "org:Organization", "name": "Department of Transport"},
    "contactPoint": {"@type": "vcard:Contact", "fn": "Jo Rider", "hasEmail": "mailto:jo.rider@city.example"},
    "accessLevel": "public",
    "bureauCode": ["021:00"],
    "programCode": ["021:001"],
    "distribution": [
        {
            "@type": "dcat:Distribution",
            "downloadURL": "https://data.city.example/stops.csv",
            "mediaType": "text/csv",
            "format": "CSV",
        }
    ],
}


def with_value(record: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """A copy with `field` set to `value`."""
    return {**record, field: value}


def without(record: dict[str, Any], field: str) -> dict[str, Any]:
    """A copy that has no `field`."""
    return {name: value for name, value in record.items() if name != field}
