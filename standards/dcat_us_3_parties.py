"""Organizations, agents, contacts and series of DCAT-US 3.0, both ways.

An Organization's superiors are a list (`subOrganizationOf`): the first is read, the others come back with `extra`. A `notation`
that has the form of a 统一社会信用代码 (GB 32100) is read as the code. A Kind needs `fn` and `hasEmail`.
"""

import re
from typing import Any

from metadata.model import Agent, Contact, Series
from metadata.vocabulary import look_up
from standards.dcat_us_3_values import Json, Picker, filled, frequency, is_iri, kept, texts, with_extra, word, words

_DEEPEST = 20
_MAILTO = "mailto:"
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}", re.ASCII)
_CLASSES = ("Organization", "Agent", "Kind", "DatasetSeries")


def _first(said: dict[str, str]) -> str:
    """The only words there are, in reading; which of several are written is the writer's choice."""
    return next(iter(said.values()), "")


def _beside(value: Json, written: Json) -> Json:
    """What an object says beside what was understood of it."""
    return {name: said for name, said in kept(value, written).items() if name != "@type" or said not in _CLASSES}


def agent_of(value: Any, tag: str, depth: int = 0) -> Agent | None:
    """An Organization or an Agent, or its bare name or address; the first of a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        said = word(value)
        return (Agent(identifier=said) if is_iri(said) else Agent(name=texts(said, tag))) if said else None
    codes = [each for each in words(value.get("notation")) if _CREDIT_CODE.fullmatch(each)]
    above = agent_of(value.get("subOrganizationOf"), tag, depth + 1) if depth < _DEEPEST else None
    found = Agent(
        name=texts(value.get("name"), tag) or texts(value.get("prefLabel"), tag),
        identifier=word(value.get("@id")),
        code=codes[0] if codes else None,
        parent=above,
    )
    extra = _beside(value, _plain_agent(found, _first, "Organization"))
    if found == Agent() and not extra:
        return None
    return Agent(name=found.name, identifier=found.identifier, code=found.code, parent=above, extra=extra)


def agent(one: Agent, pick: Picker, kind: str, depth: int = 0) -> Json:
    """An Organization or an Agent (`kind`), with its superiors and what came in beside."""
    written = _plain_agent(one, pick, kind, depth)
    return with_extra(written, one.extra, lambda body: _understood(body) == _understood(written))


def _plain_agent(one: Agent, pick: Picker, kind: str, depth: int = 0) -> Json:
    values: Json = {"@id": one.identifier, "name": pick(one.name) or one.identifier or one.code}
    if kind == "Organization":
        values["notation"] = [one.code] if one.code else None
        values["subOrganizationOf"] = [agent(one.parent, pick, kind, depth + 1)] if one.parent and depth < _DEEPEST else None
    return filled(kind, values)


def _understood(body: Json) -> Any:
    return _bare(agent_of(body, "und"))


def _bare(one: Agent | None) -> Any:
    """An agent and those above it, without what is beside."""
    return one and (one.name, one.identifier, one.code, _bare(one.parent))


def contact_of(value: Any, tag: str) -> Contact | None:
    """A Kind; a bare mail address or name."""
    if not isinstance(value, dict):
        said = word(value)
        bare = mail_of(said)
        name = None if bare or is_iri(said) else said
        return Contact(email=bare, name=texts(name, tag)) if bare or name else None
    found = _plain_contact_of(value, tag)
    extra = _beside(value, _plain_contact(found, _first))
    if found == Contact() and not extra:
        return None
    return Contact(name=found.name, email=found.email, phone=found.phone, organization=found.organization, extra=extra)


def contact(one: Contact, pick: Picker) -> Json:
    """A Kind; `fn`, which is mandatory, falls back to the organization."""
    written = _plain_contact(one, pick)
    understood = _plain_contact_of(written, "und")
    return with_extra(written, one.extra, lambda body: _plain_contact_of(body, "und") == understood)


def _plain_contact_of(value: Json, tag: str) -> Contact:
    given = " ".join(each for name in ("given-name", "family-name") if (each := word(value.get(name))))
    phone = word(value.get("tel"))
    return Contact(
        name=texts(value.get("fn") or given or None, tag),
        email=mail_of(value.get("hasEmail")),
        phone=phone.removeprefix("tel:").strip() if phone else None,
        organization=texts(value.get("organization-name"), tag),
    )


def _plain_contact(one: Contact, pick: Picker) -> Json:
    above = pick(one.organization)
    mail = f"{_MAILTO}{one.email}" if one.email else None
    return filled("Kind", {"fn": pick(one.name) or above, "hasEmail": mail, "tel": one.phone, "organization-name": above})


def mail_of(value: Any) -> str | None:
    """The bare address of `mailto:a@b.gov?subject=x` or `a@b.gov`."""
    said = (word(value) or "").partition("?")[0]
    bare = said[7:].strip() if said[:7].lower() == _MAILTO else said
    name, _, host = bare.rpartition("@")
    return bare if name and host and not any(map(str.isspace, bare)) else None


def series_of(value: Any, tag: str) -> Series | None:
    """A DatasetSeries, or the bare address or name of one."""
    if not isinstance(value, dict):
        said = word(value)
        return Series(identifier=said) if said else None
    found = _plain_series_of(value, tag)
    extra = _beside(value, _plain_series(found, _first))
    if found == Series() and not extra:
        return None
    return Series(
        identifier=found.identifier,
        title=found.title,
        description=found.description,
        accrual_periodicity=found.accrual_periodicity,
        publisher=found.publisher,
        extra=extra,
    )


def series(one: Series, pick: Picker) -> Json:
    """A DatasetSeries; what is mandatory and not known falls back to what names it."""
    written = _plain_series(one, pick)
    understood = _plain_series_of(written, "und")
    return with_extra(written, one.extra, lambda body: _plain_series_of(body, "und") == understood)


def _plain_series_of(value: Json, tag: str) -> Series:
    often = word(value.get("accrualPeriodicity"))
    return Series(
        identifier=word(value.get("@id")),
        title=texts(value.get("title"), tag),
        description=texts(value.get("description"), tag),
        accrual_periodicity=look_up("frequency", often) if often else None,
        publisher=agent_of(value.get("publisher"), tag),
    )


def _plain_series(one: Series, pick: Picker) -> Json:
    title = pick(one.title) or one.identifier
    return filled(
        "DatasetSeries",
        {
            "@id": one.identifier,
            "title": title,
            "description": pick(one.description) or title,
            "accrualPeriodicity": frequency(one.accrual_periodicity),
            "publisher": agent(one.publisher, pick, "Agent") if one.publisher else None,
        },
    )
