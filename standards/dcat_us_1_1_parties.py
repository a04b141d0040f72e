"""`publisher` and `contactPoint` of DCAT-US 1.1: organizations and whom to ask, as sources write them.

https://resources.data.gov/resources/dcat-us/#publisher: an object with `name` and `subOrganizationOf`, as deep as the
government is; #contactPoint: a vCard with `fn` and `hasEmail` (`mailto:` and an address). Met beside that: bare strings, lists,
addresses without `mailto:`, `mailto:null`, and telephone numbers, which become what they are.
"""

from collections.abc import Iterable
from typing import Any

from metadata.model import Agent, Contact
from metadata.text import UNDETERMINED, Text, guess, text

Left = dict[str, Any]

_DEEPEST = 20
_MAILTO = "mailto:"
_NO_ADDRESS = (None, "", "mailto:", "mailto:null", "mailto:none")
_CARD = frozenset(("@type", "fn", "hasEmail", "hasTelephone"))


def read_agent(value: Any, tag: str, left: Left, name: str, depth: int = 0) -> Agent | None:
    """The organization, the first one of a list, or None; what is not understood goes to `left` under `name`.

    `tag` is the record's language, or `""` when it names none or several."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return Agent(name=_words(value, tag))
    if not isinstance(value, dict) or depth > _DEEPEST:
        left[name] = value
        first = value[0] if isinstance(value, list) and value else None
        return read_agent(first, tag, {}, name, depth + 1) if isinstance(first, dict | str) else None
    rest = {key: each for key, each in value.items() if key not in ("@type", "name", "subOrganizationOf") and each is not None}
    if value.get("@type") not in ("org:Organization", "foaf:Organization", None):
        rest["@type"] = value["@type"]
    title = value.get("name")
    if title is not None and not isinstance(title, str):
        rest["name"] = title
    parent = read_agent(value.get("subOrganizationOf"), tag, rest, "subOrganizationOf", depth + 1)
    agent = Agent(name=_words(title, tag) if isinstance(title, str) else {}, parent=parent, extra=rest)
    return agent if agent.name or parent or rest else None


def read_contacts(value: Any, tag: str, left: Left) -> tuple[Contact, ...]:
    """The contacts; what is not understood goes to `left`."""
    if value is None or value == "":
        return ()
    if isinstance(value, list):
        if not all(isinstance(each, dict | str) for each in value):
            left["contactPoint"] = value
        return tuple(found for each in value if isinstance(each, dict | str) for found in read_contacts(each, tag, left))
    if isinstance(value, str):
        address = email(value)
        return (Contact(email=address) if address else Contact(name=_words(value, tag)),)
    if not isinstance(value, dict):
        left["contactPoint"] = value
        return ()
    contact = _contact(value, tag)
    return (contact,) if contact != Contact() else ()


def email(value: Any) -> str | None:
    """The bare address of `mailto:a@b.gov` or `a@b.gov`; None when it is no address."""
    if not isinstance(value, str):
        return None
    address = value.strip()
    if address[:7].lower() == _MAILTO:
        address = address[7:].strip()
    name, _, host = address.rpartition("@")
    return address if name and host and not any(map(str.isspace, address)) else None


def written_agent(agent: Agent, words: Any) -> dict[str, Any]:
    """`publisher` as the standard wants it; `words` picks from a Text."""
    written: dict[str, Any] = {"@type": "org:Organization"}
    name = words(agent.name) or agent.identifier or agent.code
    if name:
        written["name"] = name
    if agent.parent:
        written["subOrganizationOf"] = written_agent(agent.parent, words)
    return {**written, **agent.extra}


def written_contact(contacts: Iterable[Contact], words: Any) -> dict[str, Any] | None:
    """`contactPoint` from the first contact: the standard has room for one. `fn` falls back to organization and address."""
    for contact in contacts:
        written: dict[str, Any] = {"@type": "vcard:Contact"}
        name = words(contact.name) or words(contact.organization)
        if name:
            written["fn"] = name
        if contact.email:
            written["hasEmail"] = _MAILTO + contact.email
        return {**written, **contact.extra}
    return None


def _contact(value: dict[str, Any], tag: str) -> Contact:
    rest = {key: each for key, each in value.items() if key not in _CARD and each is not None}
    if value.get("@type") not in ("vcard:Contact", "vcard:contact", None):
        rest["@type"] = value["@type"]
    name, address, phone = value.get("fn"), value.get("hasEmail"), value.get("hasTelephone")
    found = email(address)
    if found is None and address not in _NO_ADDRESS:
        rest["hasEmail"] = address
    if name is not None and not isinstance(name, str):
        rest["fn"] = name
    if phone is not None:
        rest["hasTelephone"] = phone
    return Contact(
        name=_words(name, tag) if isinstance(name, str) else {},
        email=found,
        phone=phone.removeprefix("tel:").strip() or None if isinstance(phone, str) else None,
        extra=rest,
    )


def _words(value: str, tag: str) -> Text:
    return text(value, tag or (UNDETERMINED if value.isascii() else guess(value)))
