"""The command `mulu`. Exit status: 0 fine, 1 findings or failures, 2 could not even try."""

import gc
import sys
from typing import Any

import click

from catalog_api.commands.places import Places

COMMANDS = {
    "demo": (
        "demonstrating:demo",
        "Starts sample departments as real servers, harvests them, and serves the catalogue until interrupted.",
    ),
    "serve": ("serving:serve", "Serves the API and the portal, and a worker beside it."),
    "work": ("serving:work", "Works: harvests that are due or asked for, and the index."),
    "db": ("serving:db", "The database."),
    "source": ("sources:source", "Where records come from."),
    "harvest": ("harvesting:harvest", "Harvests a source and prints the run report."),
    "run": ("curating:run", "Runs: what they would retire, and what people decide of them."),
    "dataset": ("curating:dataset", "Datasets: what people changed of them, and of what they are copies."),
    "check": ("checking:check", "Checks descriptions and says what is wrong, where, and how to mend it."),
    "standards": ("standards:standards", "Lists the standards that are built in."),
    "protocols": ("standards:protocols", "Lists the protocols that sources can be walked by, with their settings."),
    "convert": ("standards:convert", "Converts a description, or a catalogue of them, and says what was lost on the way."),
    "profile": ("profiles:profile", "Brings profiles of standards: a manifest, a schema or shapes, messages, a mapping."),
    "search": ("finding:search", "Searches the published datasets; no words match all."),
    "index": ("indexing:index", "The search index."),
    "ledger": ("indexing:ledger_", "The log that nobody can quietly rewrite."),
    "searches": ("following:searches", "Saved searches, and the messages that tell of news."),
    "statistics": ("following:statistics", "How searches fare, and how datasets are used."),
    "export": ("exporting:export", "Writes all published datasets in a standard."),
    "report": (
        "exporting:report",
        "The compliance report: per department, records, share without errors, overdue datasets, last run.",
    ),
    "token": ("people:token", "Keys for writing through the API."),
    "organization": ("people:organization", "Departments."),
    "bench": ("measuring:bench", "Measures this installation."),
}
"""Each command: where it is in `catalog_api/commands` (loaded when it is run, and no other with it), and what `mulu --help`
says of it: the first sentence of its own help, which is not loaded for that."""


class Mulu(click.Group):
    """Turns what goes wrong into one clear line and status 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.Abort:
            message, status = "interrupted", 130
        except click.ClickException as problem:
            message, status = f"{problem.format_message()} (see `mulu --help`)", 2
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(141)
        except Exception as problem:
            said, status = _said(problem), 2
            if said is None:
                raise
            message = said
        from catalog_api.commands.console import complain  # here: `mulu --version` needs nothing of it

        complain(message)
        sys.exit(status)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        room = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=words).get_short_help_str(room))
                    for name, (_, words) in sorted(COMMANDS.items())
                ]
            )


def _said(problem: Exception) -> str | None:
    """What is told of a problem; None for one that nobody foresaw."""
    from pydantic import ValidationError  # here: a command that needs them has loaded them
    from sqlalchemy.exc import DBAPIError

    from metadata.errors import CatalogError

    if isinstance(problem, CatalogError):
        return str(problem)
    if isinstance(problem, DBAPIError):
        return f"the database does not answer: {str(problem.orig).splitlines()[0]}"
    if isinstance(problem, ValidationError):
        first = problem.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']} (found: {first['input']})"
    if isinstance(problem, OSError):
        return f"{problem.filename or 'input or output'}: {problem.strerror or problem}"
    return None


@click.group(
    cls=Mulu,
    commands=Places({name: f"catalog_api.commands.{place}" for name, (place, _) in COMMANDS.items()}),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="mulu", prog_name="mulu")
def main() -> None:
    """Mulu (目录): an open government data catalog."""
    from catalog_api.commands.profiles import load  # here, like the logs: `mulu --help` needs nothing of it
    from catalog_api.logs import start_logging

    start_logging(False)
    load()
    gc.set_threshold(20_000, 5, 50)  # parsed JSON has no cycles: looking for them would take a quarter of a harvest


if __name__ == "__main__":
    main()
