"""The command `mulu`. Exit status: 0 fine, 1 findings or failures, 2 could not even try."""

import gc
import sys
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from catalog_api.commands import (
    checking,
    curating,
    demonstrating,
    exporting,
    following,
    harvesting,
    indexing,
    measuring,
    people,
    previewing,
    profiles,
    serving,
    standards,
)
from catalog_api.commands.console import complain
from catalog_api.telemetry import start_logging
from metadata.errors import CatalogError


class Mulu(click.Group):
    """Turns what goes wrong into one clear line and status 2."""

    def main(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})
        except click.exceptions.Abort:
            message, status = "interrupted", 130
        except click.ClickException as problem:
            message, status = f"{problem.format_message()} (see `mulu --help`)", 2
        except CatalogError as problem:
            message, status = str(problem), 2
        except DBAPIError as problem:
            message, status = f"the database does not answer: {str(problem.orig).splitlines()[0]}", 2
        except ValidationError as problem:
            first = problem.errors()[0]
            message, status = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']} (found: {first['input']})", 2
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(141)
        except OSError as problem:
            message, status = f"{problem.filename or 'input or output'}: {problem.strerror or problem}", 2
        complain(message)
        sys.exit(status)


@click.group(cls=Mulu, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="mulu", prog_name="mulu")
def main() -> None:
    """Mulu (目录): an open government data catalog."""
    start_logging(False)
    profiles.load()
    gc.set_threshold(20_000, 5, 50)  # parsed JSON has no cycles: looking for them would take a quarter of a harvest


PARTS = (
    demonstrating,
    serving,
    harvesting,
    previewing,
    curating,
    checking,
    standards,
    profiles,
    indexing,
    following,
    exporting,
    people,
    measuring,
)
for part in PARTS:
    for command in part.COMMANDS:
        main.add_command(command)

if __name__ == "__main__":
    main()
