"""What a route may ask for: a session, the engine, the settings, and who asks.

A session's transaction ends before the answer leaves (`scope="function"`): a commit that fails is an error to the
client, never a 200 (DESIGN §10).
"""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session

from catalog_api.auth import Asker, asker
from catalog_api.rooms import Rooms
from catalog_api.settings import Settings
from metadata import database
from search.base import SearchEngine


def _rooms(request: Request) -> Rooms:
    return request.app.state.rooms  # type: ignore[no-any-return]


RoomsDep = Annotated[Rooms, Depends(_rooms)]


def _reading(rooms: RoomsDep) -> Iterator[Session]:
    with database.reading(rooms.database) as session:
        yield session


def _writing(rooms: RoomsDep) -> Iterator[Session]:
    with database.writing(rooms.database) as session:
        yield session
        session.commit()


SessionDep = Annotated[Session, Depends(_reading, scope="function")]
WritingDep = Annotated[Session, Depends(_writing, scope="function")]


def _engine(rooms: RoomsDep) -> SearchEngine:
    return rooms.search


def _settings(rooms: RoomsDep) -> Settings:
    return rooms.settings


def _asker(request: Request, session: SessionDep) -> Asker:
    return asker(session, request.headers.get("authorization"))


EngineDep = Annotated[SearchEngine, Depends(_engine)]
SettingsDep = Annotated[Settings, Depends(_settings)]
AskerDep = Annotated[Asker, Depends(_asker)]


def required(*scopes: str) -> Any:
    """A dependency of a route: who asks has one of these scopes, which is looked at before the body is."""

    def vetted(asker: AskerDep) -> None:
        asker.require(*scopes)

    return Depends(vetted)


async def _body(request: Request) -> bytes:
    return await request.body()


BodyDep = Annotated[bytes, Depends(_body)]
