"""The guard: no way of spelling, resolving or redirecting leads to an address that is not fetched."""

from ipaddress import ip_address

import httpx
import pytest

from harvesters.address import fault, mask, same_site, vet
from harvesters.web import Web
from harvesters.wire import Pace, PinnedTransport
from metadata.errors import Refused, Unreachable
from tests.hostile.server import Hostile, redirects, says

PRIVATE = [
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "169.254.169.254",
    "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "100.100.100.200",
    "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:db8::1", "::7f00:1",
]  # fmt: skip
NEVER = [
    "169.254.169.254",
    "169.254.1.1",
    "fe80::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "224.0.0.1",
    "0.0.0.0",
    "::ffff:169.254.169.254",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_fetched(address: str) -> None:
    assert fault(ip_address(address), internal=False)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused):
        vet(f"http://{host}/data.json", internal=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_fetched(address: str) -> None:
    assert fault(ip_address(address), internal=False) is None


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "100.64.0.1", "::1", "fd12::1", "::ffff:127.0.0.1", "8.8.8.8"]
)
def test_an_internal_source_may_be_private(address: str) -> None:
    assert fault(ip_address(address), internal=True) is None


@pytest.mark.parametrize("address", NEVER)
def test_not_even_an_internal_source_reads_link_local_or_metadata(address: str) -> None:
    assert fault(ip_address(address), internal=True)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.0.1.", "017700000001"])
def test_a_host_spelled_as_a_number_is_refused(host: str) -> None:
    with pytest.raises(Refused):
        vet(f"http://{host}/", internal=False)


@pytest.mark.parametrize("host", ["2852039166", "0xa9fea9fe", "0251.0376.0251.0376"])
def test_an_internal_source_cannot_spell_its_way_to_metadata(host: str) -> None:
    with Web(internal=True, retries=0) as web, pytest.raises((Refused, Unreachable)) as caught:
        web.get(f"http://{host}/latest/meta-data/")
    assert isinstance(caught.value, Refused)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "/etc/passwd", "", "http://", "http:///x", "data:,x"],
)
def test_only_http_is_fetched(url: str) -> None:
    with pytest.raises(Refused):
        vet(url, internal=True)


def test_a_name_that_leads_to_a_private_address_is_refused_before_anything_is_sent() -> None:
    with Hostile({"/": says(b"{}")}) as server, Web(retries=0) as web:
        with pytest.raises(Refused, match="loopback"):
            web.get(f"http://localhost:{server.port}/")
        assert server.asked == []


def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    """DNS rebinding: the second answer of the resolver is never asked for."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    pace = Pace(window=60, floor=1, total=60)
    with Hostile({"/": says(b'{"fine": true}')}) as server:
        with Web(internal=True, retries=0, transport=PinnedTransport(True, pace, resolver)) as web:
            assert web.json(f"http://portal.example:{server.port}/") == {"fine": True}
        assert asked == ["portal.example"]
        assert server.asked[0][1]["host"] == f"portal.example:{server.port}"
        mixed = PinnedTransport(False, pace, lambda host, port: ["8.8.8.8", "127.0.0.1"])
        with Web(retries=0, transport=mixed) as web, pytest.raises(Refused, match="loopback"):
            web.get(f"http://portal.example:{server.port}/")  # one bad address among good ones is enough
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/",
        "http://[fd00:ec2::254]/",
        "file:///etc/passwd",
        "http://0xa9fea9fe/",
        "http://user:pw@127.0.0.1/",
    ],
)
def test_a_redirect_is_judged_too(target: str) -> None:
    with Hostile({"/data.json": redirects(target)}) as server, Web(internal=True, retries=0) as web:
        with pytest.raises(Refused) as caught:
            web.get(f"{server.url}/data.json")
        assert "pw" not in str(caught.value)


@pytest.mark.parametrize("target", ["http://127.0.0.1:8080/", "http://10.0.0.1/", "//192.168.1.1/x", "http://[::1]/"])
def test_a_public_source_cannot_redirect_inside(target: str) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(302, headers={"location": target}))
    with Web(retries=0, transport=transport) as web, pytest.raises(Refused, match="redirects"):
        web.get("http://data.example.org/data.json")


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with Hostile({"/": says(b"[]")}) as server, Web(internal=True, retries=0) as web:
        assert web.json(f"{server.url}/") == []


def test_a_url_with_a_password_is_refused_and_never_shown() -> None:
    with Web(internal=True) as web, pytest.raises(Refused) as caught:
        web.get("http://me:secret@example.org/data.json?token=abc")
    assert "secret" not in str(caught.value) and "abc" not in str(caught.value)


def test_secrets_in_a_query_are_masked() -> None:
    assert mask("https://me:pw@example.org/x?api_key=abc&page=2") == "https://example.org/x?api_key=***&page=2"
    assert (
        mask("https://example.org/x?keyword=bus&author=me&key=abc&sign=d")
        == "https://example.org/x?keyword=bus&author=me&key=***&sign=***"
    )
    assert mask("https://example.org/x?q=公交") == "https://example.org/x?q=公交"
    assert mask("http://[broken?token=abc") == "http://[broken"


def test_secrets_do_not_leave_the_sources_own_host() -> None:
    with Hostile({"/there": says(b"[]")}) as other:
        with Hostile(
            {"/data.json": redirects(f"{other.url}/there"), "/near": redirects("/here"), "/here": says(b"[]")}
        ) as source:
            with Web(internal=True, retries=0, headers={"Authorization": "Bearer abc", "X-API-Key": "def"}) as web:
                web.get(f"{source.url}/data.json", headers={"Accept": "application/json"})
                web.get(f"{source.url}/near")
            assert source.asked[0][1]["authorization"] == "Bearer abc"
            assert source.asked[2][0] == "/here" and source.asked[2][1]["x-api-key"] == "def"
        (_, sent) = other.asked[0]
        assert "authorization" not in sent and "x-api-key" not in sent and sent["accept"] == "application/json"


def test_secrets_are_not_sent_down_from_https_to_http() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return (
            httpx.Response(302, headers={"location": "http://data.example.org/x"})
            if request.url.scheme == "https"
            else httpx.Response(200)
        )

    guarded = Web(retries=0, transport=httpx.MockTransport(answer), headers={"Authorization": "abc"})
    with guarded as web, pytest.raises(Refused, match="https to http"):
        web.get("https://data.example.org/x")
    assert len(seen) == 1
    with Web(retries=0, transport=httpx.MockTransport(answer)) as web:
        assert web.get("https://data.example.org/x").status == 200


def test_what_counts_as_the_same_site() -> None:
    one = httpx.URL("http://data.example.org/x")
    assert same_site(one, httpx.URL("https://data.example.org/y")) and same_site(one, httpx.URL("http://data.example.org:80/"))
    assert not same_site(one, httpx.URL("http://data.example.org:8080/")) and not same_site(
        one, httpx.URL("http://example.org/")
    )
