"""`mulu profile`: profiles of standards that a department brings."""

from pathlib import Path

import click
from pydantic import ValidationError

from catalog_api import profiles
from catalog_api.commands.console import as_json, screen, show, table
from catalog_api.settings import read_settings
from metadata.errors import CatalogError
from metadata.text import best


def load() -> None:
    """Brings the profiles of the data folder, for commands that name a standard. What is wrong with the settings is told by the
    command itself."""
    try:
        settings = read_settings()
    except (CatalogError, ValidationError):
        return
    if profiles.folder(settings).is_dir():
        profiles.refresh(settings)


@click.group()
def profile() -> None:
    """Brings profiles of standards: a manifest, a schema or shapes, messages, a mapping."""


@profile.command("list")
@as_json
def list_(json_: bool) -> None:
    """Lists the profiles in the data folder."""
    rows = [profiles.shown(one) for one in profiles.refresh(read_settings())]
    if json_:
        show({"items": rows, "total": len(rows), "next": None})
        return
    shown = [{**row, "title": best(row["title"], ("en", "zh")), "versions": ", ".join(row["versions"])} for row in rows]
    table("Profiles", shown, "There are no profiles. Add one with `mulu profile add FOLDER`.")


@profile.command("add")
@click.argument("path", type=click.Path(path_type=Path))
@as_json
def add(path: Path, json_: bool) -> None:
    """Takes in a folder or a ZIP with a profile; it is in use at once."""
    settings = read_settings()
    settings.folder()
    kept = profiles.shown(profiles.keep(settings, profiles.files_of(path)))
    if json_:
        show(kept)
    else:
        screen.print(f"{kept['name']} {kept['version']} is in use.", highlight=False)


@profile.command("use")
@click.argument("name")
@click.argument("version")
def use(name: str, version: str) -> None:
    """Puts another version of a profile in use."""
    chosen = profiles.choose(read_settings(), name, version)
    screen.print(f"{chosen.name} {chosen.version} is in use.", highlight=False)


@profile.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Removes a profile with all its versions; records that were read by it stay."""
    profiles.remove(read_settings(), name)
    screen.print(f"{name} was removed.", highlight=False)
