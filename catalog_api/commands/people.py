"""`mulu token …` and `mulu organization …`."""

import click
from sqlmodel import select

from catalog_api.auth import SCOPES, create_token, revoke_token
from catalog_api.commands.console import as_json, catalogue, complain, plain, screen, show, table
from metadata import database, departments
from metadata.tables import Token
from metadata.text import best


@click.group()
def token() -> None:
    """Keys for writing through the API."""


@token.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help=f"One of {', '.join(SCOPES)}; may be given several times."
)
@click.option("--organization", help="The department that the token acts for.")
@as_json
def create(name: str, scopes: tuple[str, ...], organization: str | None, json_: bool) -> None:
    """Makes a token and prints it, once."""
    with catalogue() as rooms, database.writing(rooms.database) as session:
        made = create_token(session, name, list(scopes), organization)
        session.commit()
    if json_:
        show({"name": name, "scopes": list(scopes), "organization": organization, "token": made})
        return
    click.echo(made)
    complain("this is the only time that the token is shown: keep it safe")


@token.command("list")
@as_json
def list_tokens(json_: bool) -> None:
    """Lists the tokens, without their secrets."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        rows = [
            {
                "name": row.name,
                "prefix": row.prefix,
                "scopes": ", ".join(row.scopes),
                "organization": row.organization,
                "created": row.created,
            }
            for row in session.exec(select(Token).order_by(Token.name))
        ]
    if json_:
        show({"items": rows, "total": len(rows), "next": None})
    else:
        table("Tokens", rows, "There are no tokens yet: make one with `mulu token create`.")


@token.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Takes a token away."""
    with catalogue() as rooms, database.writing(rooms.database) as session:
        revoke_token(session, name)
        session.commit()
    screen.print(f"The token {name} is gone.", markup=False, highlight=False)


@click.group()
def organization() -> None:
    """Departments."""


@organization.command("add")
@click.argument("name")
@click.option("--title-zh", help="Its Chinese name.")
@click.option("--title-en", help="Its English name.")
@click.option("--homepage")
@click.option("--code", help="统一社会信用代码")
@click.option("--parent", help="The department above it.")
@as_json
def add(
    name: str,
    title_zh: str | None,
    title_en: str | None,
    homepage: str | None,
    code: str | None,
    parent: str | None,
    json_: bool,
) -> None:
    """Adds a department, or changes what is given."""
    title = {language: words for language, words in (("zh", title_zh), ("en", title_en)) if words}
    with catalogue() as rooms, database.writing(rooms.database) as session:
        row = departments.put_organization(session, name, title or None, homepage=homepage, code=code, parent=parent)
        session.commit()
        shown = row.model_dump()
    if json_:
        show(shown)
    else:
        table(name, [{"field": key, "value": value} for key, value in shown.items()], "")


@organization.command("list")
@as_json
def list_organizations(json_: bool) -> None:
    """Lists the departments, with how many datasets each has published."""
    with catalogue() as rooms, database.reading(rooms.database) as session:
        counts = departments.dataset_counts(session)
        rows = departments.organizations(session)
    if json_:
        show(
            {
                "items": [{**row.model_dump(), "datasets": counts.get(row.name, 0)} for row in rows],
                "total": len(rows),
                "next": None,
            }
        )
        return
    lines = [{"name": row.name, "title": plain(best(row.title)), "datasets": counts.get(row.name, 0)} for row in rows]
    table("Departments", lines, "There are no departments yet: add one with `mulu organization add`.")


@organization.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Removes a department that has neither sources nor datasets."""
    with catalogue() as rooms, database.writing(rooms.database) as session:
        departments.remove_organization(session, name)
        session.commit()
    screen.print(f"The department {name} is gone.", markup=False, highlight=False)
