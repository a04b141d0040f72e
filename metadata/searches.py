"""Saved searches: questions that are kept, and where news of them goes. Never commits.

A saved search reads the log from a position of its own (`told`), so that nothing new or changed is passed over, whenever it
is looked at.
"""

from sqlmodel import Session, col, delete, func, select

from metadata import clock, identity, ledger
from metadata.errors import NotFound
from metadata.tables import SavedSearch

CHANNELS = ("none", "mail", "webhook")
STATES = ("pending", "active", "stopped")


def save(
    session: Session,
    name: str,
    query: str,
    *,
    owner: str | None = None,
    channel: str = "none",
    target: str = "",
    language: str = "zh",
    state: str = "active",
) -> SavedSearch:
    """Keeps a search. News begins now."""
    row = SavedSearch(
        id=identity.new_id(),
        name=name,
        query=query,
        owner=owner,
        channel=channel,
        target=target,
        language=language,
        state=state,
        created=clock.now(),
        told=ledger.head(session)[0],
        due=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def saved(session: Session, search_id: str) -> SavedSearch:
    """The saved search of this id. Raises `NotFound`."""
    row = session.get(SavedSearch, search_id.replace("\x00", ""))
    if row is None:
        raise NotFound("there is no saved search of this id", value=search_id, remedy="It may have been ended.")
    return row


def searches(session: Session, owner: str | None = None, *, after: str = "", limit: int = 100) -> list[SavedSearch]:
    """Saved searches in the order in which they were saved: of one owner, or of all; those after the id `after`."""
    statement = select(SavedSearch).where(SavedSearch.id > after)
    if owner is not None:
        statement = statement.where(SavedSearch.owner == owner)
    return list(session.exec(statement.order_by(SavedSearch.id).limit(limit)))


def count(session: Session, owner: str | None = None) -> int:
    """How many saved searches there are, of one owner or of all."""
    statement = select(func.count()).select_from(SavedSearch)
    return session.exec(statement.where(SavedSearch.owner == owner) if owner is not None else statement).one()


def due(session: Session, limit: int) -> list[str]:
    """Ids of the searches whose turn it is to be looked at, or to be confirmed, the longest waiting first."""
    turn = (SavedSearch.state != "stopped", SavedSearch.channel != "none", SavedSearch.due <= clock.now())
    return list(session.exec(select(SavedSearch.id).where(*turn).order_by(SavedSearch.due).limit(limit)))


def confirm(session: Session, row: SavedSearch) -> None:
    """Makes a search active whose address was confirmed, or that had been stopped. News begins now."""
    row.state, row.failures, row.message, row.due = "active", 0, "", clock.now()
    row.told, row.telling = ledger.head(session)[0], None
    session.add(row)


def unconfirmed(session: Session, since: str, target: str | None = None) -> int:
    """How many searches were saved since a moment that wait to be confirmed: for one address, or for all."""
    statement = select(func.count()).where(SavedSearch.state == "pending", SavedSearch.created >= since)
    return session.exec(statement.where(SavedSearch.target == target) if target is not None else statement).one()


def forget_unconfirmed(session: Session, before: str) -> int:
    """Takes away searches that nobody confirmed since a moment; how many went."""
    old = delete(SavedSearch).where(col(SavedSearch.state) == "pending", col(SavedSearch.created) < before)
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]


def by_state(session: Session) -> list[tuple[str, str, int]]:
    """`(state, channel, how many)`."""
    columns = (SavedSearch.state, SavedSearch.channel)
    return [
        (state, channel, int(n)) for state, channel, n in session.execute(select(*columns, func.count()).group_by(*columns))
    ]
