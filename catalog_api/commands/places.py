"""Where commands are: a group that loads a command when it is run or shown, so that no command pays for the others."""

from collections.abc import Iterator, Mapping, MutableMapping

import click

from metadata.registry import imported


class Places(MutableMapping[str, click.Command]):
    """The commands of a group by name, each loaded from its `"module:attribute"` when it is first asked for."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            found = imported(self._places[name])
            assert isinstance(found, click.Command), self._places[name]
            self._loaded[name] = found
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        self._places.pop(name, None)
        self._loaded.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._places or name in self._loaded

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._places, *self._loaded)))

    def __len__(self) -> int:
        return len(self._places.keys() | self._loaded.keys())
