"""Bodies under their digests."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update
from sqlmodel import func, select

from metadata import bodies, database, identity
from metadata.errors import CatalogError, NotFound
from metadata.tables import Body


def test_bodies_are_kept_once_and_come_back_byte_for_byte(database_engine: Engine) -> None:
    given_ = [b"", b"\x00\xff\xfe", "公共交通".encode(), b"x" * 1_000_000]
    kept = {identity.digest(one): one for one in given_}
    with database.writing(database_engine) as session:
        bodies.keep(session, kept)
        bodies.keep(session, dict(list(kept.items())[:2]))  # those already there stay as they are
        bodies.keep(session, {})
        session.commit()
        assert bodies.fetch_all(session, [*kept, "unknown", *kept]) == kept
        assert session.exec(select(func.count()).select_from(Body)).one() == 4
        assert all(bodies.fetch(session, digest) == one for digest, one in kept.items())
        size, stored = session.execute(select(Body.size, func.length(Body.data)).order_by(Body.size.desc())).first()  # type: ignore[attr-defined, misc]
        assert size == 1_000_000 and stored < 1000


def test_more_bodies_than_a_statement_takes(database_engine: Engine) -> None:
    kept = {identity.digest(str(n).encode()): str(n).encode() for n in range(1203)}
    with database.writing(database_engine) as session:
        bodies.keep(session, kept)
        assert bodies.fetch_all(session, kept) == kept


def test_a_body_that_is_not_there_or_was_altered_is_told(database_engine: Engine) -> None:
    digest, other = identity.digest(b"one"), identity.digest(b"two")
    with database.writing(database_engine) as session:
        with pytest.raises(NotFound, match="no body with this digest"):
            bodies.fetch(session, digest)
        bodies.keep(session, {digest: b"one", other: b"two"})
        data = session.execute(select(Body.data).where(Body.digest == other)).scalar_one()
        session.execute(update(Body).where(Body.digest == digest).values(data=data))  # type: ignore[arg-type]
        with pytest.raises(CatalogError, match="altered"):
            bodies.fetch(session, digest)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_was_parsed_is_kept_and_parsed_again_alike(body: object) -> None:
    if isinstance(body, str):
        assert identity.raw(body) == body.encode("utf-8", "surrogatepass")
    else:
        assert identity.parsed(identity.raw(body)) == body


@pytest.mark.parametrize("body", [10**40, {"n": -(2**65)}, {"t": "\ud800"}, {"\udfff": 1}, ["\ud83d"]])
def test_integers_and_surrogates_that_json_writers_refuse_are_kept(body: object) -> None:
    assert identity.parsed(identity.raw(body)) == body
