"""Organizations: the departments whose datasets the directory holds."""

import re

from sqlmodel import Session, col, func, select

from metadata import identity
from metadata.clock import now
from metadata.errors import Conflict, Invalid, NotFound
from metadata.tables import DatasetRow, Organization, Source
from metadata.text import Text

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{1,99}$")


def organizations(session: Session) -> list[Organization]:
    """All departments, by name."""
    return list(session.exec(select(Organization).order_by(Organization.name)))


def organization(session: Session, word: str) -> Organization:
    """The department of this name or id. Raises `NotFound`."""
    found = session.exec(select(Organization).where((Organization.name == word) | (Organization.id == word))).first()
    if found is None:
        raise NotFound("there is no organization of this name", value=word, remedy="List them with `mulu organization list`.")
    return found


def put_organization(
    session: Session,
    name: str,
    title: Text | None = None,
    *,
    description: Text | None = None,
    homepage: str | None = None,
    code: str | None = None,
    parent: str | None = None,
) -> Organization:
    """Makes a department, or changes what is given of one that is there. `code` is its 统一社会信用代码."""
    checked_name(name, "organization")
    if parent is not None:
        parent = organization(session, parent).name
        if name in _above(session, parent):
            raise Invalid("a department cannot be its own parent, nor above itself", place="parent", value=parent)
    row = session.exec(select(Organization).where(Organization.name == name)).first()
    if row is None:
        row = Organization(id=identity.new_id(), name=name, title=title or {"und": name}, created=now())
    given = {"title": title, "description": description, "homepage": homepage, "code": code, "parent": parent}
    for field, value in given.items():
        if value is not None:
            setattr(row, field, value)
    session.add(row)
    session.flush()
    return row


def _above(session: Session, name: str | None) -> list[str]:
    """The department itself, the one above it, and so on to the top."""
    chain: list[str] = []
    while name is not None and name not in chain:
        chain.append(name)
        name = session.exec(select(Organization.parent).where(Organization.name == name)).first()
    return chain


def remove_organization(session: Session, name: str) -> None:
    """Removes a department that has no datasets, sources, or departments below it. Raises `Conflict` when it has."""
    row = organization(session, name)
    datasets = session.exec(select(func.count()).select_from(DatasetRow).where(DatasetRow.organization == name)).one()
    sources = session.exec(select(func.count()).select_from(Source).where(Source.organization == name)).one()
    below = session.exec(select(func.count()).select_from(Organization).where(Organization.parent == name)).one()
    if held := datasets + sources + below:
        remedy = "Remove those first, or keep it: the log tells of it."
        raise Conflict(
            "this organization still has datasets, sources or departments below it", place=name, value=held, remedy=remedy
        )
    session.delete(row)
    session.flush()


def dataset_counts(session: Session) -> dict[str, int]:
    """Published datasets per organization."""
    statement = select(DatasetRow.organization, func.count()).where(
        DatasetRow.state == "published", col(DatasetRow.organization).is_not(None)
    )
    return {name: count for name, count in session.execute(statement.group_by(DatasetRow.organization)) if name}


def checked_name(name: str, what: str) -> str:
    """`name` itself when it is a word for a URL: 2 to 100 of `a-z 0-9 _ -`. Raises `Invalid` with a suggestion otherwise."""
    if NAME.match(name):
        return name
    better = identity.slug({"und": name})
    remedy = "Use 2 to 100 of the characters a-z, 0-9, _ and -" + (f", for example {better}." if len(better) > 1 else ".")
    raise Invalid(f"this is no name for a {what}", place="name", value=name, remedy=remedy)
