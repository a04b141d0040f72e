"""People, departments, places and periods in words, for the rows of a description."""

from collections.abc import Iterable

from markupsafe import Markup

from catalog_api.web.translation import Tongue
from catalog_api.web.wording import coded, day, linked, marked
from metadata.model import Agent, Box, Contact, Period, Place
from metadata.text import best

_DOT = Markup(' <span lang="en">·</span> ')  # in a Chinese font the dot would be as wide as a character


def agent_words(agent: Agent | None, tongue: Tongue) -> Markup | str:
    """A publisher or creator: what it belongs to, its name, kind, code, and how to reach it."""
    if agent is None:
        return ""
    named = marked(agent.name, tongue)
    above = agent_words(agent.parent, tongue)
    name = Markup("{} › {}").format(above, named) if above else named or agent.identifier or ""
    kind = coded(agent.kind, tongue)
    identifier = agent.identifier if agent.identifier and named else ""
    parts = [name, kind, agent.code, linked(identifier), mail(agent.email), agent.phone, linked(agent.homepage or "")]
    return _joined(parts) + _rest(agent.extra)


def contact_words(contact: Contact, tongue: Tongue) -> Markup:
    """Whom to ask, and how."""
    parts = [
        marked(contact.name, tongue),
        marked(contact.organization, tongue),
        mail(contact.email),
        contact.phone,
        linked(contact.url or ""),
    ]
    return _joined(parts) + _rest(contact.extra)


def place_words(place: Place, tongue: Tongue) -> Markup:
    """Where: its name and code, its box in degrees, its geometry by kind, and what the source wrote."""
    box = _box(place.box) if place.box else ""
    geometry = str(place.geometry.get("type", "")) if place.geometry else ""
    raw = place.raw if place.raw and place.raw not in (best(place.name), place.uri) else ""
    return _joined([marked(place.name, tongue), coded(place.code, tongue), linked(place.uri or ""), box, geometry, raw])


def period_words(period: Period, tongue: Tongue) -> Markup:
    """From when to when; an open end stays open."""
    span = f"{day(period.start, tongue)} – {day(period.end, tongue)}" if period.start or period.end else ""
    return _joined([span, "" if span else period.raw])


def mail(address: str | None) -> Markup | str:
    """A mail address as a link, when it looks like one."""
    if not address or "@" not in address or any(one in address for one in ' <>"\n'):
        return address or ""
    return Markup('<a href="mailto:{0}">{0}</a>').format(address)


def _box(box: Box) -> str:
    west, south, east, north = box
    return f"{_degrees(west, 'E', 'W')} – {_degrees(east, 'E', 'W')}, {_degrees(south, 'N', 'S')} – {_degrees(north, 'N', 'S')}"


def _degrees(value: float, above: str, below: str) -> str:
    return f"{abs(value):.7g}° {above if value >= 0 else below}"


def _joined(parts: Iterable[object]) -> Markup:
    return _DOT.join(Markup("{}").format(one) for one in parts if one)


def _rest(extra: dict[str, object]) -> Markup:
    return Markup("").join(_DOT + Markup("{}: {}").format(name, value) for name, value in sorted(extra.items()))
