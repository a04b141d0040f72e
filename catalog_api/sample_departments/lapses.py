"""The small lapses of a department that keeps its catalogue fairly well: a few fields forgotten or written in a hurry.

Which dataset suffers which is told by its place in the list, so it is the same at every start.
"""

from collections.abc import Callable
from typing import Any

from catalog_api.sample_departments import faults

Object = dict[str, Any]
Lapse = Callable[[Object], None]


def no_licence(record: Object) -> None:
    del record["license"]


def no_distribution(record: Object) -> None:
    del record["distribution"]


def no_package_licence(package: Object) -> None:
    package.update(license_id="", license_title=None, license_url=None, isopen=False)


def no_notes(package: Object) -> None:
    package.update(notes="", notes_translated={})


def no_format(package: Object) -> None:
    package["resources"][0]["format"] = ""


def spoken_email(package: Object) -> None:
    package["author_email"] = package["author_email"].replace("@", " (at) ")


# (every so many, beginning with which, what happens)
RECORD_LAPSES: tuple[tuple[int, int, Lapse], ...] = (
    (9, 4, no_licence),
    (11, 6, faults.no_media_type),
    (13, 8, faults.bare_email),
    (17, 2, faults.slashed_date),
    (19, 12, no_distribution),
    (23, 15, faults.no_keyword),
)
PACKAGE_LAPSES: tuple[tuple[int, int, Lapse], ...] = (
    (10, 3, no_package_licence),
    (13, 5, no_format),
    (16, 7, spoken_email),
    (19, 9, no_notes),
)


def slip(lapses: tuple[tuple[int, int, Lapse], ...], at: int, description: Object) -> Object:
    """The description at place `at` (from 0), with the lapses that fall on it."""
    for every, first, lapse in lapses:
        if at % every == first:
            lapse(description)
    return description
