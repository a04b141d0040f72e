"""Boxes as words: the coordinates of map catalogues, DCMI Boxes, and four plain numbers.

    box_of_words("W 97°00′--W 89°07′/N 44°30′--N 39°46′")   degrees, minutes, seconds; also as `(E 110° -- E 120°/N 31°--N 29°)`
    box_of_words("northlimit=31; southlimit=29; eastlimit=120; westlimit=110; name=…")
    box_of_words("110, 29, 120, 31")                         west, south, east, north

Sources: AACR2 3.3D (coordinates of MARC field 255), DCMI Box encoding scheme, RFC 7946 §5.
"""

import re
from decimal import Decimal

from metadata.model import Box
from standards.rdf_geometry import is_box

LONGEST = 500
_ANGLE = re.compile(
    r"([NSEWO])\s*(\d{1,3}(?:\.\d+)?)\s*(?:[°º˚d]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*[′'’`ʹ]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″\"”ʺ]|'')\s*)?"
)
_LIMIT = re.compile(r"(north|south|east|west)limit\s*=\s*([-+]?\d+(?:\.\d+)?)", re.IGNORECASE)
_NAME = re.compile(r"(?:^|;)\s*name\s*=\s*([^;]+)", re.IGNORECASE)
_FOUR = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)" + r"\s*[,\s]\s*([-+]?\d+(?:\.\d+)?)" * 3 + r"\s*")


def box_of_words(said: str) -> Box | None:
    """The box that words tell; None when they tell none, or one outside the degrees."""
    edges = edges_of_words(said)
    return edges if edges and is_box(edges) else None


def edges_of_words(said: str) -> Box | None:
    """The four numbers, whether they are degrees or not."""
    return (_limits(said) or _angles(said) or _numbers(said)) if len(said) <= LONGEST else None


def name_of_words(said: str) -> str:
    """The name within a DCMI Box or Point; "" for none."""
    found = _NAME.search(said) if len(said) <= LONGEST else None
    return found[1].strip() if found else ""


def limits(box: Box, name: str = "") -> str:
    """A box as a DCMI Box."""
    west, south, east, north = (format(Decimal(repr(edge)), "f") for edge in box)
    called = f"name={name.replace(';', ',')}; " if name else ""
    return f"{called}northlimit={north}; eastlimit={east}; southlimit={south}; westlimit={west}"


def _limits(said: str) -> Box | None:
    found = {side.lower(): float(number) for side, number in _LIMIT.findall(said)}
    return (found["west"], found["south"], found["east"], found["north"]) if len(found) == 4 else None


def _angles(said: str) -> Box | None:
    """Two longitudes and two latitudes, in the order west, east, north, south; latitudes in either order."""
    found = [(side, _degrees(side, whole, minutes, seconds)) for side, whole, minutes, seconds in _ANGLE.findall(said)]
    across = [angle for side, angle in found if side in "EWO"]
    along = [angle for side, angle in found if side in "NS"]
    if len(across) != 2 or len(along) != 2:
        return None
    return across[0], min(along), across[1], max(along)


def _degrees(side: str, whole: str, minutes: str, seconds: str) -> float:
    angle = round(float(whole) + float(minutes or 0) / 60 + float(seconds or 0) / 3600, 6)
    return -angle if side in "SWO" else angle


def _numbers(said: str) -> Box | None:
    found = _FOUR.fullmatch(said)
    return (float(found[1]), float(found[2]), float(found[3]), float(found[4])) if found else None
