"""Who may do what: every writing door against every scope; hashes only; secrets nowhere."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from catalog_api import auth
from metadata import database
from metadata.errors import Conflict, Invalid, NotFound, NotKnown
from metadata.tables import Token
from tests.catalog_api.conftest import Site
from tests.harvests import body, new_source

SOURCE = {"url": "https://x.example/data.json", "protocol": "dcat_us"}
WHO = ("nobody", "harvest", "department", "other", "write", "admin")
#        nobody harvest own other write admin
DOORS: list[tuple[str, str, Any, tuple[int, int, int, int, int, int]]] = [
    ("PUT", "/api/v1/organizations/transport", {"homepage": "https://t.example"}, (401, 403, 200, 403, 200, 200)),
    ("PUT", "/api/v1/organizations/new", {}, (401, 403, 403, 403, 200, 200)),
    ("DELETE", "/api/v1/organizations/new", None, (401, 403, 403, 403, 204, 404)),
    ("PUT", "/api/v1/sources/one", SOURCE, (401, 403, 403, 403, 200, 200)),
    ("PUT", "/api/v1/sources/inside", {**SOURCE, "internal": True}, (401, 403, 403, 403, 403, 200)),
    ("PUT", "/api/v1/sources/disk", {"url": "/etc", "protocol": "folder"}, (401, 403, 403, 403, 403, 200)),
    ("POST", "/api/v1/sources/roads/runs", None, (401, 202, 409, 403, 409, 409)),
    ("POST", "/api/v1/runs/1/cancel", None, (401, 202, 409, 403, 409, 409)),
    ("PUT", "/api/v1/organizations/transport/datasets/a", body("a"), (401, 403, 201, 403, 200, 200)),
    ("PUT", "/api/v1/organizations/transport/datasets/b?dry_run=true", body("b"), (401, 403, 200, 403, 200, 200)),
    ("DELETE", "/api/v1/organizations/transport/datasets/a", None, (401, 403, 204, 403, 404, 404)),
    ("DELETE", "/api/v1/sources/one", None, (401, 403, 403, 403, 204, 404)),
]


def test_every_writing_door_asks_for_its_scope(site: Site) -> None:
    new_source(site.engine, "roads")
    for method, path, sent, statuses in DOORS:
        for who, status in zip(WHO, statuses, strict=True):
            answer = site.client.request(method, path, json=sent, headers=site.headers(who))
            assert answer.status_code == status, (method, path, who, answer.status_code, answer.text)
            if status >= 400:
                assert answer.headers["content-type"] == "application/problem+json"
                assert status == 404 or answer.json()["remedy"]
            if status == 401:
                assert answer.headers["www-authenticate"] == "Bearer"


def test_no_writing_door_was_forgotten(site: Site) -> None:
    """Each route that is not for reading refuses nobody in particular; checking stores nothing and is open."""
    document = site.client.get("/api/v1/openapi.json").json()
    for path, operations in document["paths"].items():
        for method in operations.keys() - {"get", "head", "parameters"}:
            if not path.startswith("/api/v1/") or path in ("/api/v1/check", "/api/v1/convert"):
                continue
            url = path.replace("{run_id}", "1").replace("{name}", "x").replace("{identifier}", "y")
            answer = site.client.request(method.upper(), url, json={"url": "https://x", "protocol": "dcat_us"})
            assert answer.status_code in (401, 404), (method, path, answer.status_code)  # 404: what is named is not there


@pytest.mark.parametrize(
    "header",
    [
        "Bearer nope",
        "Bearer ",
        "Bearer",
        "Basic YTpi",
        "Bearer mulu_",
        "Bearer mulu_00000000_x",
        "mulu__",
        "Bearer \x80",
        "Bearer " + "x" * 5000,
    ],
)
def test_a_wrong_token_is_refused_even_for_reading(site: Site, header: str) -> None:
    for method, path in (("GET", "/api/v1/datasets"), ("PUT", "/api/v1/organizations/new")):
        answer = site.client.request(method, path, json={}, headers=[(b"Authorization", header.encode("latin-1"))])
        assert answer.status_code == 401 and "not known" in answer.json()["detail"], answer.text
        assert header[10:] not in answer.text or len(header) < 12


def test_almost_the_right_token_is_wrong(site: Site) -> None:
    token = site.tokens["admin"]
    for other in (
        token[:-1],
        token + "x",
        token.upper(),
        token[:14] + token[14:][::-1],
        site.tokens["write"][:14] + token[14:],
    ):
        assert site.client.get("/api/v1/datasets", headers={"Authorization": f"Bearer {other}"}).status_code == 401
    for right in (f"Bearer {token}", token, f"Bearer  {token} "):
        assert site.client.put("/api/v1/organizations/neu", json={}, headers={"Authorization": right}).status_code == 200


def test_a_revoked_token_ends_at_once(site: Site) -> None:
    headers = site.headers("write")
    assert site.client.put("/api/v1/organizations/new", json={}, headers=headers).status_code == 200
    with database.writing(site.engine) as session:
        auth.revoke_token(session, "write")
        session.commit()
    assert site.client.put("/api/v1/organizations/new", json={}, headers=headers).status_code == 401


def test_only_hashes_are_kept(any_site: Site) -> None:
    with database.reading(any_site.engine) as session:
        rows = session.exec(select(Token)).all()
    assert len(rows) == 5 and all(row.hash.startswith("$argon2id$") for row in rows)
    stored = "".join(str(row.model_dump()) for row in rows)
    for token in any_site.tokens.values():
        assert token not in stored and token.split("_", 2)[2] not in stored


@pytest.fixture
def session(site: Site) -> Any:
    with database.writing(site.engine) as opened:
        yield opened


def test_a_token_is_made_only_with_what_it_needs(session: Session) -> None:
    for wrong in (
        lambda: auth.create_token(session, "t", []),
        lambda: auth.create_token(session, "t", ["root"]),
        lambda: auth.create_token(session, "t", ["department"]),
    ):
        with pytest.raises(Invalid):
            wrong()
    with pytest.raises(NotFound):
        auth.create_token(session, "t", ["department"], "nope")
    with pytest.raises(Conflict):
        auth.create_token(session, "admin", ["write"])
    with pytest.raises(NotFound):
        auth.revoke_token(session, "nope")
    with pytest.raises(NotKnown):
        auth.asker(session, "Bearer nope")
    assert auth.asker(session, None) == auth.Asker()
    token = auth.create_token(session, "t", ["department"], "health")
    known = auth.asker(session, f"Bearer {token}")
    assert (known.name, known.scopes, known.organization) == ("t", frozenset({"department"}), "health")
    assert known.readers == {"public", "organization:health"}


def test_secrets_are_in_no_answer_and_no_log(site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    secret = "s3cret-value"
    url = f"https://user:{secret}@x.example/data.json?key={secret}"
    put = site.client.put("/api/v1/sources/hidden", json={"url": url, "protocol": "dcat_us"}, headers=site.headers("write"))
    texts = [put.text]
    ckan = {"url": "https://x.example", "protocol": "ckan", "settings": {"api_key": secret, "token": secret}}
    for given in (ckan, {**ckan, "settings": {"batch_size": secret}}, {**ckan, "protocol": secret}):
        texts.append(site.client.put("/api/v1/sources/other", json=given, headers=site.headers("write")).text)
    texts[-2] = texts[-1] = ""  # a value that is refused is shown to the one who sent it
    for path in ("/api/v1/sources", "/api/v1/sources/hidden", "/api/v1/runs", "/sources", "/sources/hidden", "/api/v1/changes"):
        for who in ("nobody", "admin"):
            texts.append(site.client.get(path, headers=site.headers(who)).text)
    assert not [text for text in texts if secret in text]
    for token in site.tokens.values():
        assert not [text for text in texts if token in text]
    shown = "".join(capfd.readouterr())
    assert secret not in shown and not any(token in shown for token in site.tokens.values())
