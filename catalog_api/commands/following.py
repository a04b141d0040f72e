"""`mulu searches …` and `mulu statistics …`."""

from typing import Any

import click

from catalog_api.alerts import Alerts
from catalog_api.commands.console import as_json, catalogue, plain, screen, show, table
from catalog_api.leadership import LEADS, Leadership
from catalog_api.routers.searches import search_json
from catalog_api.routers.statistics import asked_json
from metadata import database, store, uses
from metadata import searches as kept
from metadata import statistics as figures
from metadata.errors import Conflict
from metadata.statistics import KINDS
from metadata.text import best

_days = click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="How many days back.")
_limit = click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many at most.")


@click.group()
def searches() -> None:
    """Saved searches, and the messages that tell of news."""


@searches.command("list")
@as_json
def list_(json_: bool) -> None:
    """Lists the saved searches: who is told how, when last, and what went wrong since."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        rows = kept.searches(session, limit=10_000)
        if json_:
            items = [search_json(row, rooms.settings) for row in rows]
            show({"items": items, "total": len(items), "next": None})
            return
    lines = [
        {
            "id": row.id,
            "name": plain(row.name),
            "owner": row.owner,
            "channel": row.channel,
            "state": row.state,
            "sent": row.sent,
            "failures": row.failures,
            "message": plain(row.message),
        }
        for row in rows
    ]
    table("Saved searches", lines, "There are no saved searches.")


@searches.command("remove")
@click.argument("id_", metavar="ID")
def remove(id_: str) -> None:
    """Ends a saved search; nothing is kept of it."""
    with catalogue() as rooms, database.writing(rooms.database) as session:
        session.delete(kept.saved(session, id_))
        session.commit()
    screen.print("The saved search is ended.", markup=False, highlight=False)


@searches.command("tell")
@as_json
def tell(json_: bool) -> None:
    """Looks now at the searches whose turn it is, and sends what is new. A worker does so by itself."""
    with catalogue() as rooms:
        lead = Leadership(rooms.database, LEADS)
        lead.seek()
        if not lead.held:
            raise Conflict("a worker is at it", remedy="It looks at them by itself; nothing has to be done.")
        try:
            sent = Alerts(rooms.database, rooms.settings, rooms.search, lambda: True).tell_due()
        finally:
            lead.release()
    if json_:
        show({"sent": sent})
    else:
        screen.print(f"{sent} messages were sent.", highlight=False)


@click.group()
def statistics() -> None:
    """How searches fare, and how datasets are used."""


@statistics.command("searches")
@click.option("--kind", type=click.Choice(KINDS), default="zero", show_default=True, help="Which words: see the guide.")
@_days
@_limit
@as_json
def search_statistics(kind: str, days: int, limit: int, json_: bool) -> None:
    """Words that found nothing, that were slow, or that were asked for most. Of nobody in particular."""
    since = uses.days_ago(days - 1)
    with catalogue() as rooms, database.reading(rooms.database) as session:
        rows = [asked_json(one) for one in figures.searches(session, kind, since, limit)]
        whole: dict[str, Any] = asked_json(figures.all_searches(session, since))
    if json_:
        show({"items": rows, "total": len(rows), "next": None, "all": {**whole, "words": None}})
        return
    title = f"{whole['searches']} searches in {days} days, {whole['empty']} found nothing, {whole['slow']} were slow"
    table(title, [{**row, "words": plain(row["words"])} for row in rows], f"{title}; there are no words to show.")


@statistics.command("datasets")
@_days
@_limit
@as_json
def dataset_statistics(days: int, limit: int, json_: bool) -> None:
    """The published datasets that were looked at most."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        used = uses.most_used(session, uses.days_ago(days - 1), limit)
        found = store.entries(session, [dataset_id for dataset_id, _ in used])
    rows = [
        {"name": found[one].name, "title": plain(best(found[one].dataset.title)), "use": count}
        for one, count in used
        if one in found
    ]
    if json_:
        show({"items": rows, "total": len(rows), "next": None})
    else:
        table(f"Most used in {days} days", rows, "Nothing was counted yet.")
