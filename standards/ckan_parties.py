"""Who publishes, who made it, whom to ask: the many spellings of a package.

ckanext-dcat: `publisher`, `creator`, `contact` as lists of objects (ckanext-scheming) or `publisher_name`, `contact_email` …
in extras; the publisher falls back to the organization, the contact to the maintainer, then to the author. data.gov writes
the publisher as one word and `publisher_hierarchy` as `Government > Department > Office`.
"""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from metadata.model import Agent, Coded, Contact, Dataset
from metadata.text import best
from standards.ckan_fields import Fields, items, language_map, texts, word_of, words

Party = TypeVar("Party", Agent, Contact)

_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}", re.ASCII)
_NAMED = ("name", "email", "url", "type", "uri", "identifier")
_AUTHOR = frozenset(("author", "author_email"))
_MAINTAINER = frozenset(("maintainer", "maintainer_email"))
_KEYS = {
    role: frozenset((role, *(f"{prefix}{role}_{name}" for name in _NAMED for prefix in ("", "dcat_"))))
    for role in ("publisher", "creator")
}
_CONTACT_KEYS = frozenset(
    ("contact", "contact_point", "contact_name", "contact-name", "contact_email", "contact-email", "contact_phone",
    "contact-phone",
     "contact_url", "contact_uri")
)  # fmt: skip


def email_of(value: Any) -> str:
    """The bare address: without `mailto:` and blanks around it."""
    found = words(value)
    return found[7:].strip() if found.lower().startswith("mailto:") else found


def publisher(fields: Fields) -> Agent | None:
    """The publisher, else the organization that owns the package (which stays in `extra` as it was given)."""
    found = _said(fields, "publisher") or _organization(fields.peek("organization"))
    return _under(found, fields.take(_hierarchy, "publisher_hierarchy")) if found else None


def _said(fields: Fields, role: str) -> Agent | None:
    """The first agent of a role: from its list, else from its members one by one."""
    if fields.lacks(_KEYS[role]):
        return None
    found = fields.take(agents, role)
    return found[0] if found else _named(fields, role)


def _named(fields: Fields, role: str) -> Agent | None:
    return _agent({name: fields.take(words, f"{role}_{name}", f"dcat_{role}_{name}") for name in _NAMED})


def agents(value: Any) -> tuple[Agent, ...]:
    """Agents from objects, or from one plain word."""
    listed = items(value)
    if listed:
        return tuple(agent for one in listed if (agent := _agent(one)))
    named = texts(value)
    return (Agent(name=named),) if named and not isinstance(value, (dict, list)) else ()


def _agent(one: dict[str, Any]) -> Agent | None:
    name = texts(one.get("name_translated")) or texts(one.get("name"))
    email = email_of(one.get("email")) or None
    if not name and not email:
        return None
    kind, identifier = words(one.get("type")), words(one.get("uri") or one.get("identifier"))
    code = identifier if _CREDIT_CODE.fullmatch(identifier) else None
    return Agent(
        name=name,
        email=email,
        homepage=words(one.get("url") or one.get("homepage")) or None,
        phone=words(one.get("phone")) or None,
        identifier=identifier if identifier and not code else None,
        code=code,
        kind=Coded(raw=kind, label=texts(kind)) if kind else None,
        extra=_beyond(one, "name", "name_translated", "email", "url", "homepage", "phone", "uri", "identifier", "type"),
    )


def _beyond(one: dict[str, Any], *known: str) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in known and value not in (None, "", [], {})}


def _organization(value: Any) -> Agent | None:
    listed = items(value)
    if not listed:
        return None
    name = texts(listed[0].get("title_translated")) or texts(listed[0].get("title")) or texts(listed[0].get("name"))
    return Agent(name=name) if name else None


def _hierarchy(value: Any) -> list[str]:
    return [part for step in re.split(r"\s>\s", words(value)) if (part := step.strip())]


def _under(agent: Agent, steps: list[str] | None) -> Agent:
    """The agent below its superiors, the highest first in `steps`; the last step is the agent itself."""
    above = steps[:-1] if steps and steps[-1] == best(agent.name) else steps or []
    parent: Agent | None = agent.parent
    for step in above:
        parent = Agent(name=texts(step), parent=parent)
    return Agent(
        name=agent.name,
        identifier=agent.identifier,
        code=agent.code,
        kind=agent.kind,
        homepage=agent.homepage,
        email=agent.email,
        phone=agent.phone,
        parent=parent,
        extra=agent.extra,
    )


def creators(fields: Fields) -> tuple[Agent, ...]:
    """Creators, else the author (CKAN's own member, and Dublin Core's creator in ckanext-dcat)."""
    none = fields.lacks(_KEYS["creator"])
    listed = () if none else fields.take(agents, "creator") or ()
    named = None if none else _named(fields, "creator")
    author = None
    if not fields.lacks(_AUTHOR):
        author = _agent({"name": fields.take(words, "author"), "email": fields.take(words, "author_email")})
    return _once([*listed, *filter(None, (named, author))])


def contacts(fields: Fields, creator: tuple[Agent, ...]) -> tuple[Contact, ...]:
    """Whom to ask: contacts, then the maintainer; the author where there is neither."""
    maintainer = None
    if not fields.lacks(_MAINTAINER):
        maintainer = _contact({"name": fields.take(words, "maintainer"), "email": fields.take(words, "maintainer_email")})
    found = [*(() if fields.lacks(_CONTACT_KEYS) else _contacts_named(fields)), *([maintainer] if maintainer else ())]
    return _once(found) or tuple(Contact(name=one.name, email=one.email) for one in creator[:1] if one.email)


def _contacts_named(fields: Fields) -> list[Contact]:
    """Contacts from their list, and from members one by one."""
    listed = fields.take(_contacts, "contact", "contact_point") or ()
    named = {
        "name": fields.take(words, "contact_name", "contact-name"),
        "email": fields.take(words, "contact_email", "contact-email"),
        "phone": fields.take(words, "contact_phone", "contact-phone"),
        "url": fields.take(words, "contact_url"),
        "uri": fields.take(words, "contact_uri"),
    }
    one = _contact(named)
    return [*listed, *([one] if one else ())]


def _once(found: Iterable[Party]) -> tuple[Party, ...]:
    """The first of those with the same name and address."""
    kept: dict[tuple[str, str | None], Party] = {}
    for one in found:
        kept.setdefault((best(one.name), one.email), one)
    return tuple(kept.values())


def _contacts(value: Any) -> tuple[Contact, ...]:
    return tuple(contact for one in items(value) if (contact := _contact(one)))


def _contact(one: dict[str, Any]) -> Contact | None:
    name = texts(one.get("name_translated")) or texts(one.get("name"))
    email = email_of(one.get("email")) or None
    phone = words(one.get("phone") or one.get("telephone")) or None
    if not (name or email or phone):
        return None
    return Contact(
        name=name,
        email=email,
        phone=phone,
        url=words(one.get("url")) or None,
        organization=texts(one.get("organization")),
        extra=_beyond(one, "name", "name_translated", "email", "phone", "telephone", "url", "organization"),
    )


def party_extras(dataset: Dataset) -> dict[str, Any]:
    """The extras that say who, as ckanext-dcat reads them."""
    publisher = dataset.publisher
    found: dict[str, Any] = {}
    if publisher and len(publisher.name) > 1:
        found["publisher"] = [_agent_extras(publisher)]
    elif publisher:
        found = {f"publisher_{name}": value for name, value in _agent_extras(publisher).items()}
    if publisher and publisher.parent:
        found["publisher_hierarchy"] = " > ".join(_chain(publisher))
    if len(dataset.contact_point) > 1 or any(_is_more(one) for one in dataset.contact_point):
        found["contact"] = [_contact_extras(one) for one in dataset.contact_point]
    if len(dataset.creator) > 1 or any(one.homepage or one.identifier or one.kind for one in dataset.creator):
        found["creator"] = [_agent_extras(one) for one in dataset.creator]
    return found


def _is_more(one: Contact) -> bool:
    """Whether a contact is more than `maintainer` and `maintainer_email` have room for."""
    return bool(one.phone or one.url or one.organization or one.extra) or len(one.name) > 1


def _agent_extras(agent: Agent) -> dict[str, Any]:
    found = {
        "name": best(agent.name),
        "name_translated": agent.name if len(agent.name) > 1 else None,
        "email": agent.email,
        "url": agent.homepage,
        "type": word_of(agent.kind),
        "identifier": agent.identifier or agent.code,
    }
    return {name: value for name, value in found.items() if value}


def _chain(agent: Agent) -> list[str]:
    """Names from the highest superior down; at most 20 steps."""
    names: list[str] = []
    one: Agent | None = agent
    while one and len(names) < 20:
        names.append(best(one.name))
        one = one.parent
    return [name for name in reversed(names) if name]


def _contact_extras(contact: Contact) -> dict[str, Any]:
    found = {
        "name": best(contact.name),
        "name_translated": contact.name if len(contact.name) > 1 else None,
        "email": contact.email,
        "phone": contact.phone,
        "url": contact.url,
        "organization": language_map(contact.organization),
    }
    return {name: value for name, value in found.items() if value} | contact.extra
