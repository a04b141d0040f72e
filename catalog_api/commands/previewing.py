"""`mulu source preview`: what an address speaks, and what its first records would become."""

import sys
from typing import Any

import click

from catalog_api.commands.console import as_json, catalogue, plain, screen, show, table
from catalog_api.commands.sources import fields
from catalog_api.detecting import completed, told
from catalog_api.previewing import SHOWN, rehearse
from catalog_api.source_forms import SourceBody, draft


@click.command("preview")
@click.argument("url")
@click.option("--protocol", help="How it is walked; default: found out from what it answers.")
@click.option("--standard", help="The standard of its records, when it is not the protocol's usual one.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="A setting of the protocol, or internal.")
@click.option("--access", multiple=True, metavar="KEY=VALUE", help="How it is entered: kind, and its fields.")
@click.option("--limit", type=click.IntRange(1), default=SHOWN, show_default=True, help="How many records to look at.")
@as_json
def preview(
    url: str,
    protocol: str | None,
    standard: str | None,
    given: tuple[str, ...],
    access: tuple[str, ...],
    limit: int,
    json_: bool,
) -> None:
    """Looks at a source that is not there yet; nothing is stored."""
    body = SourceBody.model_validate(
        {"url": url, "protocol": protocol or "", "standard": standard, **fields(given, access, ())}
    )
    with catalogue() as rooms:
        whole, found = completed(rooms.settings, body, local=True)
        report = rehearse(rooms, draft(rooms.settings, "preview", whole), limit, limit)
    if json_:
        show({"detected": told(found), "source": {"protocol": whole.protocol, "url": whole.url}, "preview": report})
    else:
        _print(whole, told(found), report)
    sys.exit(0 if report["state"] == "done" and not report["failed"] else 1)


def _print(whole: SourceBody, found: list[dict[str, Any]], report: dict[str, Any]) -> None:
    for one in found[:3]:
        screen.print(f"{one['protocol']} ({one['sure']} %): {plain(one['why'])}  {plain(one['url'])}", highlight=False)
    if not found:
        screen.print(f"{whole.protocol}: {plain(whole.url)}", highlight=False)
    rows = [
        {
            "identifier": one["identifier"],
            "standard": one["standard"],
            "becomes": one["outcome"],
            "title": one["title"],
            "findings": len(one["findings"]),
        }
        for one in report["records"]
    ]
    table(f"{report['state']} {plain(report['message'])}", rows, "It lists no records.")
