"""`mulu bench`."""

import click


@click.group()
def bench() -> None:
    """Measurements."""


COMMANDS = (bench,)
