"""How sources are entered: each kind against a real server, secrets kept to the source's own site, tokens made anew."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from harvesters.access import KINDS, entrance, secrets_of
from harvesters.web import Web
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from tests.hostile.server import Handler, Hostile, in_turn, redirects, says

SECRET = "s3cr3t-Väl ue"
PLAIN = "s3cr3t-Value"


def web(server: Hostile, given: dict[str, Any]) -> Web:
    """A client that enters a server's site as told."""
    return Web(internal=True, retries=0, sleep=lambda _: None, home=f"{server.url}/data.json", access=entrance(given))


def sent(server: Hostile, path: str) -> list[dict[str, str]]:
    """The headers of the requests for a path."""
    return [headers for asked, headers in server.asked if asked.partition("?")[0] == path]


def gives(token: str, **more: Any) -> Callable[[Handler], None]:
    return says(json.dumps({"access_token": token, "token_type": "Bearer", **more}).encode())


@pytest.mark.parametrize(
    ("given", "header", "value"),
    [
        ({"kind": "header", "name": "X-Department", "value": PLAIN}, "x-department", PLAIN),
        ({"kind": "header", "value": f"Token {PLAIN}"}, "authorization", f"Token {PLAIN}"),
        ({"kind": "api_key", "key": PLAIN}, "x-api-key", PLAIN),
        ({"kind": "api_key", "name": "apikey", "key": PLAIN}, "apikey", PLAIN),
        (
            {"kind": "basic", "username": "张三", "password": SECRET},
            "authorization",
            "Basic " + base64.b64encode(f"张三:{SECRET}".encode()).decode(),
        ),
    ],
)
def test_a_header_is_sent_with_every_request_to_the_sources_site(given: dict[str, Any], header: str, value: str) -> None:
    with Hostile({"/data.json": says(b"{}"), "/more.json": says(b"{}")}) as server, web(server, given) as client:
        client.get(f"{server.url}/data.json")
        client.post(f"{server.url}/more.json", json={})
        assert [sent(server, path)[0].get(header) for path in ("/data.json", "/more.json")] == [value, value]


def test_a_key_in_the_query_is_sent_and_never_told() -> None:
    given = {"kind": "api_key", "name": "subscription", "place": "query", "key": PLAIN}
    with Hostile({"/data.json": says(b"{}")}) as server, web(server, given) as client:
        answer = client.get(f"{server.url}/data.json", params={"page": 2})
        assert parse_qs(urlsplit(server.asked[0][0]).query) == {"page": ["2"], "subscription": [PLAIN]}
        assert PLAIN not in answer.url
        with pytest.raises(Unreachable) as told:
            client.get(f"{server.url}/gone.json")
        assert "404" in str(told.value) and PLAIN not in str(told.value)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "header", "name": "X-Department", "value": PLAIN},
        {"kind": "api_key", "key": PLAIN},
        {"kind": "api_key", "name": "key", "place": "query", "key": PLAIN},
        {"kind": "basic", "username": "clerk", "password": PLAIN},
    ],
)
def test_no_secret_goes_to_another_site(given: dict[str, Any]) -> None:
    encoded = base64.b64encode(f"clerk:{PLAIN}".encode()).decode()
    with Hostile({"/data.json": says(b"{}"), "/elsewhere": says(b"{}")}) as other:
        with Hostile({"/data.json": redirects(f"{other.url}/data.json")}) as server, web(server, given) as client:
            client.get(f"{server.url}/data.json")  # another port is another site
            client.get(f"{other.url}/elsewhere")  # a next link that leads away
        assert len(other.asked) == 2
        for path, headers in other.asked:
            seen = f"{path} {headers}"
            assert PLAIN not in seen and encoded not in seen


def oauth(server: Hostile, **more: Any) -> dict[str, Any]:
    return {"kind": "oauth2", "token_url": f"{server.url}/token", "client_id": "mu:lu", "client_secret": SECRET, **more}


def test_a_token_is_asked_for_once_and_kept_until_it_is_over() -> None:
    with Hostile({"/data.json": says(b"{}"), "/token": gives("t1", expires_in=3600)}) as server:
        with web(server, oauth(server, scope="read all", audience="https://api")) as client:
            client.get(f"{server.url}/data.json")
            client.get(f"{server.url}/data.json")
        assert [one["authorization"] for one in sent(server, "/data.json")] == ["Bearer t1", "Bearer t1"]
        (asked,), bodies = sent(server, "/token"), server.server.bodies
    assert parse_qs(bodies[0].decode()) == {
        "grant_type": ["client_credentials"], "scope": ["read all"], "audience": ["https://api"],
    }  # fmt: skip
    name, _, secret = base64.b64decode(asked["authorization"].removeprefix("Basic ")).decode().partition(":")
    assert (name, secret) == ("mu%3Alu", "s3cr3t-V%C3%A4l+ue")  # form-encoded first (RFC 6749 §2.3.1)


def test_the_clients_name_and_secret_can_go_in_the_body() -> None:
    with Hostile({"/data.json": says(b"{}"), "/token": gives("t1")}) as server:
        with web(server, oauth(server, send="body")) as client:
            client.get(f"{server.url}/data.json")
        assert "authorization" not in sent(server, "/token")[0]
    told = parse_qs(server.server.bodies[0].decode())
    assert (told["client_id"], told["client_secret"]) == (["mu:lu"], [SECRET])


def test_a_token_that_is_over_or_refused_is_made_anew_once() -> None:
    refuses = says(b"no", 401)
    with Hostile(
        {
            "/short.json": says(b"{}"),
            "/data.json": in_turn(refuses, says(b"{}"), refuses),
            "/token": in_turn(gives("t1", expires_in=0), gives("t2", expires_in=3600), gives("t3"), gives("t4")),
        }
    ) as server:
        with web(server, oauth(server)) as client:
            client.get(f"{server.url}/short.json")
            client.get(f"{server.url}/short.json")  # the first was over at once
            assert [one["authorization"] for one in sent(server, "/short.json")] == ["Bearer t1", "Bearer t2"]
            client.get(f"{server.url}/data.json")
            assert [one["authorization"] for one in sent(server, "/data.json")] == ["Bearer t2", "Bearer t3"]
            with pytest.raises(Unreachable, match="401"):
                client.get(f"{server.url}/data.json")
        assert len(sent(server, "/data.json")) == 4 and len(sent(server, "/token")) == 4


def test_a_token_from_another_host_is_sent_to_the_source_only() -> None:
    with Hostile({"/token": gives("t1")}) as issuer, Hostile({"/data.json": says(b"{}")}) as server:
        with web(server, {**oauth(issuer), "scope": ""}) as client:
            client.get(f"{server.url}/data.json")
        assert sent(server, "/data.json")[0]["authorization"] == "Bearer t1"
        assert sent(issuer, "/token")[0]["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("answer", "kind", "says_"),
    [
        (says(b'{"error": "invalid_client", "error_description": "x"}', 401), Unreachable, "invalid_client"),
        (says(json.dumps({"error": f"bad secret {SECRET}"}).encode(), 400), Unreachable, "HTTP 400"),
        (says(b"<html>Sign in</html>"), NotData, "no token"),
        (says(b"[]"), NotData, "no token"),
        (says(b'{"access_token": "a\\nb"}'), NotData, "no token"),
        (says(b'{"access_token": ""}'), NotData, "no token"),
        (says(b'{"access_token": "x", "token_type": "mac"}'), NotData, "mac"),
        (says(b"down", 500), Unreachable, "500"),
    ],
)
def test_a_token_that_is_not_given_is_one_clear_error(
    answer: Callable[[Handler], None], kind: type[CatalogError], says_: str
) -> None:
    with Hostile({"/data.json": says(b"{}"), "/token": answer}) as server, web(server, oauth(server)) as client:
        with pytest.raises(kind) as told:
            client.get(f"{server.url}/data.json")
        assert says_ in str(told.value) and SECRET not in str(told.value)
        assert not sent(server, "/data.json")


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"kind": "nope"}, "access.kind"),
        ({"value": "x"}, "access.kind"),
        ({"kind": ["header"]}, "access.kind"),
        ({"kind": "header"}, "access.value"),
        ({"kind": "header", "value": f"{PLAIN}\r\nX: y"}, "access.value"),
        ({"kind": "header", "value": {"x": PLAIN}}, "access.value"),
        ({"kind": "header", "name": "a b", "value": PLAIN}, "access.name"),
        ({"kind": "header", "name": "Host", "value": PLAIN}, "access.name"),
        ({"kind": "api_key", "key": PLAIN, "place": "body"}, "access.place"),
        ({"kind": "basic", "username": "a:b", "password": PLAIN}, "access.username"),
        ({"kind": "basic", "username": "a", "password": f"{PLAIN}\x00"}, "access.password"),
        ({"kind": "oauth2", "client_id": "a", "client_secret": PLAIN}, "access.token_url"),
        ({"kind": "oauth2", "token_url": "ftp://x", "client_id": "a", "client_secret": PLAIN}, "access.token_url"),
        ({"kind": "header", "value": "x", "pasword": PLAIN}, "access.pasword"),
    ],
)
def test_what_cannot_be_a_way_in_is_refused_without_showing_a_secret(given: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as told:
        entrance(given)
    assert told.value.place == place and PLAIN not in str(told.value)


def test_no_kind_shows_its_secrets() -> None:
    made = {
        "header": {"value": PLAIN},
        "api_key": {"key": PLAIN},
        "basic": {"username": "clerk", "password": PLAIN},
        "oauth2": {"token_url": "https://x.example/token", "client_id": "mulu", "client_secret": PLAIN},
    }
    assert made.keys() == KINDS.keys()
    for kind, given in made.items():
        found = entrance({"kind": kind, **given})
        assert PLAIN not in repr(found) and PLAIN not in str(found)
        assert len(secrets_of(KINDS[kind])) == 1
    assert entrance({}) is None
