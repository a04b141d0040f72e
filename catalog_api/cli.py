"""The command `mulu`. Exit status: 0 fine, 1 findings or failures, 2 could not even try."""

import sys

import click
from sqlalchemy.exc import DBAPIError

from catalog_api.commands import checking, demonstrating, exporting, harvesting, indexing, measuring, people, serving, standards
from catalog_api.commands.console import complain
from catalog_api.telemetry import start_logging
from metadata.errors import CatalogError


class Mulu(click.Group):
    """Turns what goes wrong into one clear line and status 2."""

    def main(self, *args: object, **extra: object) -> object:  # noqa: D102
        try:
            return super().main(*args, **{**extra, "standalone_mode": False})  # type: ignore[arg-type]
        except click.exceptions.Abort:
            return self._end("interrupted", 130)
        except click.ClickException as problem:
            return self._end(f"{problem.format_message()} (see `mulu --help`)", 2)
        except CatalogError as problem:
            return self._end(str(problem), 2)
        except DBAPIError as problem:
            return self._end(f"the database does not answer: {str(problem.orig).splitlines()[0]}", 2)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(141)

    def _end(self, message: str, status: int) -> None:
        complain(message)
        sys.exit(status)


@click.group(cls=Mulu, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="mulu", prog_name="mulu")
def main() -> None:
    """Mulu (目录): an open government data catalog."""
    start_logging(False)


for part in (demonstrating, serving, harvesting, checking, standards, indexing, exporting, people, measuring):
    for command in part.COMMANDS:
        main.add_command(command)

if __name__ == "__main__":
    main()
