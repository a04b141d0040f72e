"""Responsible parties of ISO 19115 (`CI_ResponsibleParty` of 2003, `CI_Responsibility` of 2014) as agents and contacts.

Roles: the publisher is who has the role `publisher`, else the owner, resource provider, custodian or distributor; author,
originator and principal investigator are creators; all others are whom to ask. ISO 19115:2003 B.3.2, ISO 19115-1:2014 §6.6.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from metadata.model import Agent, Contact
from metadata.text import Text
from standards.iso_tree import Tongues, code, first_held, first_object, held, kind, link, objects, properties, said
from standards.repairs import bare_mail
from standards.xml_documents import Element, href

ROLES = frozenset(
    (
        "resourceProvider", "custodian", "owner", "user", "distributor", "originator", "pointOfContact",
        "principalInvestigator",
        "processor", "publisher", "author", "sponsor", "coAuthor", "collaborator", "editor", "mediator", "rightsHolder",
        "contributor", "funder", "stakeholder",
    )
)  # fmt: skip
"""CI_RoleCode: the eleven of ISO 19115:2003 B.5.5 and those that ISO 19115-1:2014 added."""
_ROLE_OF = {role.lower(): role for role in ROLES}
_LONGEST_MAIL = 300
PUBLISHERS = ("publisher", "owner", "resourceProvider", "custodian", "distributor")
CREATORS = ("author", "originator", "principalInvestigator", "coAuthor")
PARTY = "contact|pointOfContact|citedResponsibleParty|distributorContact|processor"


class Party(NamedTuple):
    """One responsible party, as told."""

    role: str
    organisation: Text = {}
    person: Text = {}
    position: str = ""
    identifier: str | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None
    address: str = ""


def party(element: Element, tongues: Tongues) -> Party:
    """What a `CI_ResponsibleParty` or `CI_Responsibility` says."""
    told = code(next(iter(properties(element, "role")), None))
    role = _ROLE_OF.get(told.lower(), told)
    if kind(element) != "CI_Responsibility":
        return _old(element, role, tongues)
    return _new(element, role, tongues)


def _old(element: Element, role: str, tongues: Tongues) -> Party:
    name = first_held(element, "organisationName")
    person, place = first_held(element, "individualName"), first_object(element, "contactInfo")
    said_of = Party(role, tongues.text(name), tongues.text(person), said(element, "positionName"), _identifier(name))
    return _reached(said_of, [place] if place is not None else [])


def _new(element: Element, role: str, tongues: Tongues) -> Party:
    """An organisation with or without a person in it, or a person alone."""
    whole = first_object(element, "party")
    alone = whole is not None and kind(whole) == "CI_Individual"
    people = [whole] if alone else objects(whole, "individual")
    name = None if alone else first_held(whole, "name")
    person = next((found for each in people if (found := first_held(each, "name")) is not None), None)
    position = next((found for each in people if (found := said(each, "positionName"))), "")
    places = [*objects(whole, "contactInfo"), *(each for one in people if not alone for each in objects(one, "contactInfo"))]
    return _reached(Party(role, tongues.text(name), tongues.text(person), position, _identifier(name)), places)


def _identifier(name: Element | None) -> str | None:
    return href(name) if name is not None else None


def _reached(who: Party, places: list[Element]) -> Party:
    """With its mail address, telephone, page and address: the first of each."""
    return who._replace(
        email=next((found for each in places if (found := _mail(said(each, "address.electronicMailAddress")))), None),
        phone=next((found for each in places if (found := _phone(each))), None),
        url=next((found for each in places if (found := link(first_held(each, "onlineResource.linkage")))), None),
        address=next((found for each in places if (found := _address(each))), ""),
    )


def _mail(words: str) -> str | None:
    if not words:
        return None
    return _mail_in(words) if len(words) <= _LONGEST_MAIL else _mail_in.__wrapped__(words)


@lru_cache(maxsize=1024)
def _mail_in(words: str) -> str | None:
    """Kept, because the records of one source name the same people."""
    return bare_mail(words) or next((found for part in words.split() if (found := bare_mail(part))), None)


def _phone(place: Element) -> str | None:
    """`voice` of 2003; of 2014 the first number that is no fax."""
    for telephone in objects(place, "phone"):
        number = said(telephone, "voice")
        if not number and code(next(iter(held(telephone, "numberType")), None)).lower() not in ("facsimile", "fax"):
            number = said(telephone, "number")
        if number:
            return number
    return None


_ADDRESS = tuple(f"address.{part}" for part in ("deliveryPoint", "city", "administrativeArea", "postalCode", "country"))


def _address(place: Element) -> str:
    return ", ".join([found for each in _ADDRESS if (found := said(place, each))])


def agent(who: Party) -> Agent:
    """A party as who publishes or made something."""
    name = who.organisation or who.person
    return Agent(name=name, identifier=who.identifier, homepage=who.url, email=who.email, phone=who.phone, extra=_extra(who))


def contact(who: Party) -> Contact:
    """A party as whom to ask."""
    return Contact(
        name=who.person,
        organization=who.organisation,
        email=who.email,
        phone=who.phone,
        url=who.url,
        extra=_extra(who) | ({"role": who.role} if who.role not in ("", "pointOfContact") else {}),
    )


def _extra(who: Party) -> dict[str, Any]:
    told = {"positionName": who.position, "address": who.address}
    return {name: value for name, value in told.items() if value}


def publisher_of(parties: list[Party]) -> Party | None:
    """Who publishes, by the role that comes first."""
    named = [each for each in parties if each.organisation or each.person or each.identifier]
    return next((each for role in PUBLISHERS for each in named if each.role == role), None)


def creators_of(parties: list[Party]) -> tuple[Agent, ...]:
    """Who made it."""
    return _once([each for each in parties if each.role in CREATORS])


def _once(parties: list[Party]) -> tuple[Agent, ...]:
    found: list[Agent] = []
    for each in parties:
        made = agent(each)
        if made not in found and (made.name or made.identifier):
            found.append(made)
    return tuple(found)


def contacts_of(parties: list[Party], publisher: Party | None) -> tuple[Contact, ...]:
    """Whom to ask: every party that is neither the publisher nor a creator, once."""
    found: list[Contact] = []
    for each in parties:
        made = contact(each)
        if each is not publisher and each.role not in CREATORS and made not in found and _says(each):
            found.append(made)
    return tuple(found)


def _says(who: Party) -> bool:
    return bool(who.organisation or who.person or who.position or who.email or who.phone or who.url)
