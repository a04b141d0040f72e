"""The form by which a source is added, without a browser: who may, what is understood and refused, what never comes back."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from catalog_api.app import create
from catalog_api.auth import create_token
from catalog_api.settings import Settings
from catalog_api.upgrade import upgrade
from catalog_api.web import adding, borrowed_words
from catalog_api.web.setting_fields import fields_of, typed, values_of
from catalog_api.web.source_words import Typed, body_of, candidates_of
from harvesters.access import KINDS
from harvesters.table import PROTOCOLS
from metadata import database, departments
from tests.browser.stage import EVIL, description
from tests.hostile.server import Hostile, says
from tests.live import ROOT, Live, served

PAGE = "/sources/new"
FORMS = [*((name, PROTOCOLS.get(name).Settings) for name in PROTOCOLS), *KINDS.items()]
SECRET = "a-s3cret-that-stays"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with served(tmp_path_factory.mktemp("adding"), "--no-worker") as made:
        yield made


@pytest.fixture(scope="module")
def client(live: Live) -> Iterator[httpx.Client]:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    with httpx.Client(base_url=live.url, headers=headers, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def site() -> Iterator[Hostile]:
    records = [{**description(f"r-{number}", f"Counts {number} {EVIL}")} for number in range(3)]
    with Hostile({"/data.json": says(json.dumps({"dataset": records}).encode())}) as server:
        yield server


def token_of(live: Live, name: str, scope: str) -> str:
    engine = database.connect(f"sqlite:///{live.data_dir / 'mulu.db'}")
    with database.writing(engine) as session:
        departments.put_organization(session, "roads", {"en": "Roads"})
        token = create_token(session, name, [scope], "roads" if scope == "department" else None)
        session.commit()
    engine.dispose()
    return token


def wrong(html: str, field: str) -> str:
    found = re.search(rf'<p class="wrong" id="{re.escape(field)}-wrong">(.*?)</p>', html, re.S)
    assert found, f"nothing is said beside {field}: {re.findall('id=.([^ ]*-wrong)', html)}"
    return re.sub(r"<[^>]+>", "", found[1])


@pytest.mark.parametrize(("name", "model"), FORMS)
def test_a_form_that_nobody_touched_says_nothing(name: str, model: type) -> None:
    words = typed(model, name, {})
    assert values_of(model, name, words) == ({}, [])
    assert all(one.title for one in fields_of(model, name, words))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_pages(client: httpx.Client, language: str) -> None:
    for path in (PAGE, "/protocols"):
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200 and answer.text.count("<h1") == 1
    assert client.get(PAGE).headers["cache-control"] == "no-store"
    assert all(f"<code>{field}</code>" in client.get("/protocols").text for field in ("page_size", "output_schema", "columns"))


def test_the_titles_of_all_settings_have_words() -> None:
    titles = {one.title for name, model in FORMS for one in fields_of(model, name, {})}
    assert titles - {"Name"} == set(borrowed_words.TITLES)


def test_what_is_borrowed_is_still_said() -> None:
    code = "".join(path.read_text("utf-8") for room in ("catalog_api", "harvesters", "metadata") for path in sources_of(room))
    plain = re.sub(r"\{\w+\}", "", code)
    for words in borrowed_words.SAID:
        known = {"this is no name for a source": "this is no name for a ", "It needs the scope `write`.": "It needs the scope"}
        known |= {"It needs the scope `admin`.": "It needs the scope"}
        said = known.get(words, words)
        reached = re.sub("this leads to (.*), which is not fetched", r"\1", said)
        assert reached in plain, words


def sources_of(room: str) -> Iterator[Path]:
    return (path for path in (ROOT / room).rglob("*.py") if path.name != "borrowed_words.py")


def test_values_come_as_they_were_meant() -> None:
    model = PROTOCOLS.get("json_map").Settings
    words = {**typed(model, "p", {}), "p.query": '{"a": 1}', "p.page_size": "50", "p.paging": "offset", "p.list_at": " data "}
    assert values_of(model, "p", words)[0] == {"query": {"a": 1}, "page_size": 50, "paging": "offset", "list_at": "data"}
    ckan = PROTOCOLS.get("ckan").Settings
    assert values_of(ckan, "p", {**typed(ckan, "p", {}), "p.incremental": "", "p.token": "t"})[0] == {
        "incremental": False,
        "token": "t",
    }
    wrong = {**words, "p.query": "{a: 1", "p.page_size": "many"}
    assert {one.field for one in values_of(model, "p", wrong)[1]} == {"p.query", "p.page_size"}


def test_a_secret_is_in_no_field() -> None:
    model = PROTOCOLS.get("ckan").Settings
    words = {**typed(model, "p", {"token": SECRET}), "p.token": SECRET}
    assert all(SECRET not in str(one) for one in fields_of(model, "p", words))
    assert SECRET not in str(typed(model, "p", {"token": SECRET}))


def test_every_wrong_number_and_share_is_told_at_once() -> None:
    body, faults = body_of(Typed({"url": "https://x.example", "jitter": "soon", "retire_limit": "120", "pause": "nan"}))
    assert body is None and {one.field for one in faults} >= {"jitter", "retire_limit"}


@pytest.mark.parametrize("said", ["", "[", "{}", "[1]", '[{"protocol": "ckan"}]', '[{"protocol": "nope", "url": "x"}]', "\x00"])
def test_candidates_that_were_made_up_are_none(said: str) -> None:
    assert candidates_of(Typed({"found": said})) == []


def test_who_may_not_write_gets_nothing_fetched(client: httpx.Client, live: Live, site: Hostile) -> None:
    before = len(site.asked)
    tokens = {"": "needs a token", "mulu_00000000_x": "not known", "nonsense": "not known"}
    tokens |= {token_of(live, f"t-{scope}", scope): "may not do this" for scope in ("harvest", "department")}
    for token, said in tokens.items():
        for do in ("look", "add", "use 0"):
            sent = {"url": f"{site.url}/data.json", "token": token, "name": "n", "protocol": "dcat_us", "do": do}
            answer = client.post(PAGE, data=sent)
            assert answer.status_code in (400, 401, 403) and said in wrong(answer.text, "token")
            assert not token or token not in answer.text
    assert len(site.asked) == before


def test_private_places_and_folders_need_an_admin(client: httpx.Client, live: Live, site: Hostile) -> None:
    token = token_of(live, "writer", "write")
    base = {"url": f"{site.url}/data.json", "token": token, "do": "look"}
    before = len(site.asked)
    assert "loopback" in wrong(client.post(PAGE, data=base).text, "url")
    assert client.post(PAGE, data={**base, "internal": "true"}).status_code == 403
    assert client.post(PAGE, data={**base, "url": "/etc", "protocol": "folder"}).status_code == 403
    assert client.post(PAGE, data={**base, "url": "/etc", "protocol": "folder", "do": "add", "name": "etc"}).status_code == 403
    made_up = '[{"protocol": "folder", "url": "/etc", "why": "", "sure": 100, "settings": {}}]'
    assert client.post(PAGE, data={**base, "found": made_up, "do": "use 0"}).status_code == 403
    assert len(site.asked) == before


def test_what_was_typed_comes_back_but_for_secrets(client: httpx.Client, live: Live, site: Hostile) -> None:
    sent = {"url": f"{site.url}/data.json?x={EVIL}", "token": live.token, "name": f"n{EVIL}", "internal": "true", "do": "look"}
    sent |= {"access": "basic", "access.basic": "1", "access.basic.username": "ann", "access.basic.password": SECRET}
    sent |= {"schedule": "every now and then", "notify.mail": "a@b.example"}
    html = client.post(PAGE, data={**sent, "url": f"{site.url}/data.json"}).text
    assert "First" not in html and "The first" not in html and "It lists 3 records" in html
    assert SECRET not in html and live.token not in html and EVIL not in html
    assert 'value="ann"' in html and "every now and then" in html and "a@b.example" in html
    added = client.post(PAGE, data={**sent, "url": f"{site.url}/data.json", "name": "fine", "do": "add"})
    assert added.status_code == 400 and "found" not in wrong(added.text, "schedule")
    assert "every now and then" in wrong(added.text, "schedule") and "Write five fields" in wrong(added.text, "schedule")
    again = client.post(PAGE, data=sent)
    assert EVIL not in again.text and SECRET not in again.text


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("timezone", "Mars/Olympus", "timezone"),
        ("blackout", "sometimes", "blackout"),
        ("notify.mail", "nobody", "notify.mail"),
        ("notify.webhook", "ftp://x.example", "notify.webhook"),
        ("retire_limit", "-1", "retire_limit"),
        ("priority", "9999", "priority"),
        ("settings.dcat_us.batch_size", "0", "settings.dcat_us.batch_size"),
        ("settings.dcat_us.batch_size", "ten", "settings.dcat_us.batch_size"),
        ("access.basic.username", "a:b", "access.basic.username"),
        ("name", "", "name"),
        ("url", "http://user:pw@x.example/", "url"),
        ("url", "", "url"),
    ],
)
def test_a_wrong_value_is_told_beside_its_field(client: httpx.Client, live: Live, field: str, value: str, beside: str) -> None:
    sent = {"url": "https://x.example/data.json", "token": live.token, "name": "right", "protocol": "dcat_us", "do": "add"}
    sent |= {"settings.dcat_us": "1", field: value}
    if field.startswith("access"):
        sent |= {"access": "basic", "access.basic": "1", "access.basic.password": SECRET}
    answer = client.post(PAGE, data=sent)
    assert answer.status_code in (400, 422), answer.text[:300]
    assert wrong(answer.text, beside) and SECRET not in answer.text
    assert httpx.get(f"{live.url}/api/v1/sources/right").status_code == 404


def test_a_secret_that_its_server_repeats_is_not_shown(client: httpx.Client, live: Live) -> None:
    echo = json.dumps({"dataset": [{**description("r", "Echo"), "description": f"You said {SECRET}"}]}).encode()
    with Hostile({"/data.json": says(echo)}) as server:
        sent = {"url": f"{server.url}/data.json", "token": live.token, "internal": "true", "do": "look"}
        sent |= {"access": "header", "access.header": "1", "access.header.name": "X-Key", "access.header.value": SECRET}
        html = client.post(PAGE, data=sent).text
        assert "You said ***" in html and SECRET not in html
        assert any(headers.get("x-key") == SECRET for _, headers in server.asked)


def test_an_upload_is_stored_with_its_source_only(client: httpx.Client, live: Live) -> None:
    table = "标题,摘要,标识符\n公交线路,线路,a-1\n".encode()
    sent = {"token": live.token, "do": "look"}
    looked = client.post(PAGE, data=sent, files={"file": ("目录.csv", table, "text/csv")})
    url = re.findall(r'value="(upload://[^"]+)"', looked.text)[0]
    assert bodies(live) == 0
    made = client.post(PAGE, data={**sent, "url": url, "protocol": "spreadsheet", "name": "sent", "do": "add"})
    assert made.status_code == 303 and made.headers["location"] == "/source/sent" and bodies(live) == 1
    gone = {**sent, "url": f"upload://{'0' * 64}/x.csv", "protocol": "spreadsheet", "name": "none", "do": "add"}
    assert "not here any more" in wrong(client.post(PAGE, data=gone).text, "file")
    empty = client.post(PAGE, data=sent, files={"file": ("x.csv", b"\x00\x01\x02", "text/csv")})
    assert empty.status_code in (400, 422) and wrong(empty.text, "file")


def bodies(live: Live) -> int:
    engine = database.connect(f"sqlite:///{live.data_dir / 'mulu.db'}")
    with database.reading(engine) as session:
        count = session.connection().exec_driver_sql("SELECT count(*) FROM body").scalar_one()
    engine.dispose()
    return int(count)


def test_a_slow_source_is_shown_as_far_as_it_came(site: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "PATIENCE", 0.0)
    settings = Settings(data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
    engine = database.connect(settings.database)
    upgrade(engine)
    with database.writing(engine) as session:
        token = create_token(session, "slow", ["admin"])
        session.commit()
    engine.dispose()
    with TestClient(create(settings)) as asked:
        sent = {"url": f"{site.url}/data.json", "token": token, "internal": "true", "do": "look", "protocol": "dcat_us"}
        html = asked.post(PAGE, data=sent, headers={"Accept-Language": "en"}).text
    assert "The source is slow" in html and "would not end well" not in html
