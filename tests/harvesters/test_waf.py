"""Web folders: every listing is read, nothing outside is, and what could not be fetched is not taken for gone."""

import gzip
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine

from harvesters.base import Batch, Record, Seen
from harvesters.waf import Waf, WafSettings
from harvesters.waf_listing import date_in, read, settled
from harvesters.web import Web
from metadata import database
from metadata.errors import NotData, Unreachable
from standards.table import detect
from tests.contract.stages.waf import served
from tests.harvesters.visits import visit
from tests.harvests import new_source, published
from tests.hostile.server import Behaviour, Hostile, breaks, in_turn, redirects, says

SAFE = "/:@!$&'()*+,;=~-._"
HTML = {"Content-Type": "text/html; charset=utf-8"}
OLD = 1_700_000_000  # a time long past: 2023-11-14T22:13:20Z
ISO = (
    '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">'
    "<gmd:fileIdentifier><gco:CharacterString>{0}</gco:CharacterString></gmd:fileIdentifier>"
    "<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>"
    "<gco:CharacterString>title of {0}</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>"
    "</gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>"
)

APACHE_FANCY = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html><head><title>Index of /waf</title></head><body><h1>Index of /waf</h1>
<pre><img src="/icons/blank.gif"> <a href="?C=N;O=D">Name</a>     <a href="?C=M;O=A">Last modified</a>
<a href="?C=S;O=A">Size</a>  <a href="?C=D;O=A">Description</a><hr><img src="/icons/back.gif" alt="[PARENTDIR]">
<a href="/">Parent Directory</a>                             -
<img src="/icons/folder.gif" alt="[DIR]"> <a href="sub/">sub/</a>                    2024-01-05 10:11    -
<img src="/icons/text.gif" alt="[TXT]"> <a href="a%20b.xml">a b.xml</a>                2024-01-05 10:12  1.2K
<img src="/icons/text.gif" alt="[TXT]"> <a href="%e6%95%b0.xml">a-very-long-na..&gt;</a> 2024-01-05 10:13   34K
<hr></pre><address>Apache/2.4.57 (Debian) Server at example.org Port 80</address></body></html>"""
APACHE_TABLE = """<html><head><title>Index of /waf</title></head><body><h1>Index of /waf</h1><table>
<tr><th></th><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
<tr><td></td><td><a href="/">Parent Directory</a></td><td>&nbsp;</td><td>  - </td></tr>
<tr><td></td><td><a href="sub/">sub/</a></td><td align="right">2024-01-05 10:11  </td><td>  - </td></tr>
<tr><td></td><td><a href="a%20b.xml">a b.xml</a></td><td align="right">2024-01-05 10:12  </td><td>1.2K</td></tr>
<tr><td></td><td><a href="%E6%95%B0.xml">x</a></td><td align="right">2024-01-05 10:13  </td><td> 34K</td></tr>
</table></body></html>"""
APACHE_PLAIN = """<html><head><title>Index of /waf</title></head><body><h1>Index of /waf</h1><ul>
<li><a href="/"> Parent Directory</a></li><li><a href="sub/"> sub/</a></li>
<li><a href="a%20b.xml"> a b.xml</a></li><li><a href="%e6%95%b0.xml"> x</a></li></ul></body></html>"""
NGINX = """<html>\r\n<head><title>Index of /waf/</title></head>\r\n<body>\r
<h1>Index of /waf/</h1><hr><pre><a href="../">../</a>\r
<a href="sub/">sub/</a>                                               05-Jan-2024 10:11                   -\r
<a href="a%20b.xml">a b.xml</a>                                       05-Jan-2024 10:12                1234\r
<a href="%E6%95%B0.xml">x</a>                                         05-Jan-2024 10:13               34567\r
</pre><hr></body>\r\n</html>"""
IIS = """<html><head><title>example.org - /waf/</title></head><body><H1>example.org - /waf/</H1><hr>
<pre><A HREF="/">[To Parent Directory]</A><br><br> 1/5/2024 10:11 AM        &lt;dir&gt; <A HREF="/waf/sub/">sub</A><br>
 1/5/2024 10:12 AM         1234 <A HREF="/waf/a%20b.xml">a b.xml</A><br>
 1/5/2024 10:13 AM        34567 <A HREF="/waf/%E6%95%B0.xml">x</A><br></pre><hr></body></html>"""
LIGHTTPD = """<!DOCTYPE html><html><head><title>Index of /waf/</title></head><body><h2>Index of /waf/</h2><div class="list">
<table summary="Directory Listing"><thead><tr><th class="n">Name</th><th class="m">Last Modified</th></tr></thead><tbody>
<tr class="d"><td class="n"><a href="../">..</a>/</td><td class="m">&nbsp;</td><td class="s">- &nbsp;</td></tr>
<tr class="d"><td class="n"><a href="sub/">sub</a>/</td><td class="m">2024-Jan-05 10:11:12</td><td class="s">- &nbsp;</td></tr>
<tr><td class="n"><a href="a%20b.xml">a b.xml</a></td><td class="m">2024-Jan-05 10:12:12</td><td class="s">1.2K</td></tr>
<tr><td class="n"><a href="%e6%95%b0.xml">x</a></td><td class="m">2024-Jan-05 10:13:12</td><td class="s">34K</td></tr>
</tbody></table></div><div class="foot">lighttpd/1.4.69</div></body></html>"""
CADDY = """<!DOCTYPE html><html><head><title>/waf/</title></head><body><h1><a href="/">/</a><a href="./">waf</a></h1>
<main><a href="https://caddyserver.com">Caddy</a><table><tr><th><a href="?sort=name&amp;order=desc">Name</a></th></tr>
<tbody><tr><td></td><td><a href=".."><span class="goup">Up</span></a></td></tr>
<tr class="file"><td></td><td><a href="./sub/"><span class="name">sub</span></a></td><td>&mdash;</td>
<td class="timestamp"><time datetime="2024-01-05T10:11:12Z">01/05/2024 10:11:12 AM +00:00</time></td></tr>
<tr class="file"><td></td><td><a href="./a%20b.xml"><span class="name">a b.xml</span></a></td><td data-size="1234">1.2 KiB</td>
<td class="timestamp"><time datetime="2024-01-05T10:12:12Z">01/05/2024 10:12:12 AM +00:00</time></td></tr>
<tr class="file"><td></td><td><a href="./%E6%95%B0.xml"><span class="name">x</span></a></td><td data-size="34567">34 KiB</td>
<td class="timestamp"><time datetime="2024-01-05T10:13:12Z">01/05/2024 10:13:12 AM +00:00</time></td></tr>
</tbody></table></main></body></html>"""
PYTHON = """<!DOCTYPE HTML><html lang="en"><head><title>Directory listing for /waf/</title></head><body>
<h1>Directory listing for /waf/</h1><hr><ul><li><a href="sub/">sub/</a></li><li><a href="a%20b.xml">a b.xml</a></li>
<li><a href="%E6%95%B0.xml">x</a></li></ul><hr></body></html>"""
TOMCAT = """<html><head><title>Directory Listing For [/waf/]</title></head><body><h1>Directory Listing For [/waf/]</h1>
<table><tr><td><a href="/waf/sub/"><tt>sub/</tt></a></td><td></td><td><tt>Fri, 05 Jan 2024 10:11:12 GMT</tt></td></tr>
<tr><td><a href="/waf/a%20b.xml"><tt>a b.xml</tt></a></td><td>1.2 kb</td><td><tt>Fri, 05 Jan 2024 10:12:12 GMT</tt></td></tr>
<tr><td><a href="/waf/%E6%95%B0.xml"><tt>x</tt></a></td><td>34 kb</td><td><tt>Fri, 05 Jan 2024 10:13:12 GMT</tt></td></tr>
</table></body></html>"""
NGINX_JSON = json.dumps(
    [
        {"name": "sub", "type": "directory", "mtime": "Fri, 05 Jan 2024 10:11:12 GMT"},
        {"name": "a b.xml", "type": "file", "mtime": "Fri, 05 Jan 2024 10:12:12 GMT", "size": 1234},
        {"name": "数.xml", "type": "file", "mtime": "Fri, 05 Jan 2024 10:13:12 GMT", "size": 34567},
    ]
)
CADDY_JSON = json.dumps(
    [
        {"name": "sub/", "size": 4096, "url": "./sub/", "mod_time": "2024-01-05T10:11:12.1Z", "is_dir": True},
        {"name": "a b.xml", "size": 1234, "url": "./a b.xml", "mod_time": "2024-01-05T10:12:12.1Z", "is_dir": False},
        {"name": "数.xml", "size": 34567, "url": "./数.xml", "mod_time": "2024-01-05T10:13:12.1Z", "is_dir": False},
    ]
)
LISTINGS = {
    "apache-fancy": APACHE_FANCY,
    "apache-table": APACHE_TABLE,
    "apache-plain": APACHE_PLAIN,
    "nginx": NGINX,
    "iis": IIS,
    "lighttpd": LIGHTTPD,
    "caddy": CADDY,
    "python": PYTHON,
    "tomcat": TOMCAT,
    "nginx-json": NGINX_JSON,
    "caddy-json": CADDY_JSON,
}
UNDATED = {"apache-plain", "python"}


def walk_until(url: str, given: list[str | None], **settings: Any) -> None:
    """A walk whose records are kept though it ends in an error."""
    with client() as web:
        for batch in Waf(url, WafSettings(**settings)).batches(web, None):
            given.extend((record.identifier or "").replace(url, "/") for record in batch.records)


def client(validators: Mapping[str, Mapping[str, str]] | None = None) -> Web:
    return Web(internal=True, retries=0, sleep=lambda _: None, validators=validators)


def walk(url: str, resume: str | None = None, **settings: Any) -> list[Batch]:
    with client() as web:
        return list(Waf(url, WafSettings(**settings)).batches(web, resume))


def harvest(url: str, **settings: Any) -> dict[str | None, Record]:
    return {record.identifier: record for batch in walk(url, **settings) for record in batch.records}


def run(url: str, seen: Mapping[str, Mapping[str, str]], **settings: Any) -> tuple[list[Record], dict[str, dict[str, str]]]:
    with client(seen) as web:
        records = [record for batch in Waf(url, WafSettings(**settings)).batches(web, None) for record in batch.records]
        return records, web.fresh_validators


def put(folder: Path, name: str, content: str | bytes, when: int = OLD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (when, when))
    return path


def page(*links: str, title: str = "Index of /") -> Behaviour:
    body = f"<html><title>{title}</title><pre>" + "\n".join(f'<a href="{link}">{link}</a>' for link in links) + "</pre></html>"
    return says(body.encode(), headers=HTML)


@pytest.mark.parametrize("name", LISTINGS)
def test_every_servers_listing_is_read(name: str) -> None:
    media_type = "application/json" if name.endswith("json") else "text/html"
    items = read("http://example.org/waf/", media_type, LISTINGS[name])
    assert items is not None
    assert sorted((item.name, item.folder) for item in items) == [("a b.xml", False), ("sub/", True), ("数.xml", False)]
    urls = {item.name: item.url.lower() for item in items}
    assert urls["a b.xml"] == "http://example.org/waf/a%20b.xml" and urls["数.xml"] == "http://example.org/waf/%e6%95%b0.xml"
    assert all((item.date is None) == (name in UNDATED) for item in items)
    if name not in UNDATED:
        assert len({item.said for item in items}) == 3
        assert {f"{item.date:%Y-%m-%d %H}" for item in items if item.date} <= {"2024-01-05 10", "2024-05-01 10"}


@pytest.mark.parametrize("name", LISTINGS)
def test_an_empty_folder_is_a_listing_too(name: str) -> None:
    if name.endswith("json"):
        assert read("http://example.org/waf/", "application/json", "[]") == []
        return
    lines = LISTINGS[name].replace("<li>", "\n<li>").replace("<br>", "<br>\n").split("\n")
    bare = "\n".join(line for line in lines if "xml" not in line and "sub" not in line)
    assert read("http://example.org/waf/", "text/html", bare) == []


@pytest.mark.parametrize(
    "text",
    [
        "<html><title>Welcome</title><a href='/about'>About</a> <a href='/data.xml'>x</a> <a href='/c'>c</a></html>",
        "<html><title>503 Service Unavailable</title></html>",
        "<html><a href='http://elsewhere.org/x.xml'>x</a></html>",
        "",
        "plain words",
        '{"name": "x", "type": "file"}',
        '[{"title": "x"}]',
        "[1, 2]",
        "[broken",
    ],
)
def test_what_is_no_listing_is_none(text: str) -> None:
    assert read("http://example.org/waf/", "text/html", text) is None


def test_a_page_that_is_a_list_of_files_is_a_listing() -> None:
    links = "<a href='/'>Home</a><a href='a.xml'>A</a><a href='x/b.xml'>B</a><a href='/c'>C</a>"
    text = f"<html><title>Our metadata</title>{links}</html>"
    assert [item.name for item in read("http://example.org/waf/", "text/html", text) or []] == ["a.xml", "x/b.xml"]


def test_links_that_lead_out_are_not_followed() -> None:
    out = "../up.xml /other/x.xml http://e.org/waf/x.xml https://example.org/waf/x.xml //e/x.xml b/../../x.xml %2e%2e/x.xml"
    odd = "?C=M;O=A a.xml?x=1 #a ./ .hidden.xml .git/ javascript:x mailto:a@b.c a\\..\\x.xml http://["
    links = [*out.split(), *odd.split()]
    text = "<title>Index of /waf</title>" + "".join(f'<a href="{link}">x</a>' for link in links)
    assert read("http://example.org/waf/", "text/html", text) == []


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2024-01-05 10:11", "2024-01-05T10:11:00"),
        ("05-Jan-2024 10:11 123", "2024-01-05T10:11:00"),
        ("2024-Jan-05 10:11:12", "2024-01-05T10:11:12"),
        ("Fri, 05 Jan 2024 10:11:12 GMT", "2024-01-05T10:11:12"),
        ("Friday, January 5, 2024 10:11 PM", "2024-01-05T22:11:00"),
        ("1/5/2024 12:11 AM", "2024-05-01T00:11:00"),
        ("13/5/2024 10:11", "2024-05-13T10:11:00"),
        ("05.01.2024 10:11", "2024-05-01T10:11:00"),
        ("2024/1/5 10:11", "2024-01-05T10:11:00"),
    ],
)
def test_dates_are_read_the_later_one_where_they_may_be_two(said: str, date: str) -> None:
    found = date_in(f"x.xml {said} 1.2K")
    assert found and found.isoformat() == f"{date}+00:00"


@pytest.mark.parametrize("said", ["", "3 days ago", "1.2K", "99/99/2024 10:11", "12:30", "2024-13-45 10:11"])
def test_what_is_no_date_is_none(said: str) -> None:
    assert date_in(said) is None


def test_a_date_is_settled_when_it_is_past_in_every_time_zone() -> None:
    date = date_in("2024-01-05 10:11")
    assert not settled(date, "Sat, 06 Jan 2024 10:11:00 GMT") and settled(date, "Sat, 06 Jan 2024 12:12:00 GMT")
    assert settled(date, None) and settled(date, "nonsense") and not settled(None, None)


def test_files_of_every_form_give_their_records(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ISO.format("a"))
    put(tmp_path, "b/two.xml", f"<list>{ISO.format('b1')}{ISO.format('b2')}</list>")
    put(tmp_path, "b/same.xml", f"<list>{ISO.format('c')}{ISO.format('c')}</list>")
    put(
        tmp_path,
        "c.ttl",
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . "
        + "".join(f"<http://e.org/{n}> a dcat:Dataset ; <http://purl.org/dc/terms/title> '{n}' . " for n in (1, 2)),
    )
    put(
        tmp_path, "d.csv", "信息资源名称,信息资源代码,信息资源提供方,信息资源摘要\n甲,123/1,民政局,说明\n乙,123/2,民政局,说明\n"
    )
    put(tmp_path, "e.json", json.dumps({"dataset": [{"identifier": "e1"}, {"title": "e2"}]}))
    put(tmp_path, "F.JSON", json.dumps({"title": "alone"}))
    put(tmp_path, "notes.txt", "not asked for")
    with served(tmp_path) as url:
        met = harvest(url)
    assert set(met) == {
        *(f"{url}{name}" for name in ("a.xml", "b/same.xml#2", "e.json#2", "F.JSON")),
        *("b1", "b2", "c", "http://e.org/1", "http://e.org/2", "123/1", "123/2", "e1"),
    }
    standard = detect(met[f"{url}a.xml"].body)
    assert standard and standard.name == "iso_19139"


def test_patterns_choose_and_leave_out(tmp_path: Path) -> None:
    for name in ("a.xml", "b.XML", "c.json", "old/d.xml", "x/old/e.xml", "x/f.xml", "x/y/z/g.xml"):
        put(tmp_path, name, ISO.format(name))
    with served(tmp_path) as url:
        found = sorted(str(name).removeprefix(url) for name in harvest(url, pattern="*.xml", exclude="old, x/f.*"))
        assert found == ["a.xml", "b.XML", "x/y/z/g.xml"]
        assert sorted(str(name).removeprefix(url) for name in harvest(url, pattern="x/*.xml")) == [
            "x/f.xml",
            "x/old/e.xml",
            "x/y/z/g.xml",
        ]
        assert sorted(str(name).removeprefix(url) for name in harvest(url, pattern="*.xml", depth=0)) == ["a.xml", "b.XML"]
        assert f"{url}x/y/z/g.xml" not in harvest(url, depth=2)
    with pytest.raises(ValidationError, match="give a pattern"):
        WafSettings(pattern=" , ")


def test_a_link_that_leads_back_up_is_no_circle(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ISO.format("a"))
    put(tmp_path, "b/c.xml", ISO.format("c"))
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path)
    asked: list[str] = []
    with served(tmp_path, asked) as url:
        met = [str(record.identifier).removeprefix(url) for batch in walk(url, depth=100) for record in batch.records]
    assert met == ["a.xml", "b/c.xml"] and len(asked) < 10


def test_folders_without_files_that_lead_to_themselves_end(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    with served(tmp_path) as url:
        assert walk(url) == []


def test_a_run_goes_on_from_every_record(tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path, f"{number}.xml", ISO.format(number))
        put(tmp_path, f"d{number}/{number}.json", json.dumps([{"identifier": f"{number}-{n}"} for n in range(3)]))
        put(tmp_path, f"d{number}/deep/{number}.xml", ISO.format(number))
    with served(tmp_path) as url:
        whole = walk(url, batch_size=1)
        told = [batch.records[0].identifier for batch in whole]
        assert len(set(told)) == 20
        for point in range(0, 20, 3):
            assert [batch.records[0].identifier for batch in walk(url, whole[point].resume, batch_size=1)] == told[point + 1 :]
        put(tmp_path, "d0/0.json", json.dumps([{"identifier": f"new-{n}"} for n in range(3)]))
        inside = next(batch.resume for batch in whole if batch.records[0].identifier == "0-0")
        again = [batch.records[0].identifier for batch in walk(url, inside, batch_size=1)]
    assert again[:3] == ["new-0", "new-1", "new-2"] and again[3:] == told[told.index("0-2") + 1 :]


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ISO.format("a"))
    put(tmp_path, "b.json", json.dumps([{"identifier": "b1"}, {"identifier": "b2"}]))
    put(tmp_path, "c.xml", ISO.format("c"))
    with served(tmp_path) as url:
        _, seen = run(url, {})
        put(tmp_path, "c.xml", ISO.format("c, changed"), OLD + 60)
        records, seen = run(url, seen)
        told = [(str(record.identifier).removeprefix(url), record.same) for record in records]
        assert told == [("a.xml", True), ("b1", True), ("b2", True), ("c.xml", False)]
        records, _ = run(url, seen)
    assert all(record.same and record.body is None for record in records) and len(records) == 4


@contextmanager
def dated(files: dict[str, str], asked_at: str = "Sat, 01 Jun 2024 00:00:00 GMT") -> Iterator[Hostile]:
    """A folder whose listing has dates (`files`: name to date); it is asked on a day in 2024."""
    with Hostile({}) as server:

        def listing() -> Behaviour:
            lines = "".join(f'<a href="{name}">{name}</a>  {date}  1K\n' for name, date in files.items())
            return plain(f"<title>Index of /</title><pre>{lines}</pre>".encode(), asked_at)

        server.server.behaviours["/"] = lambda handler: listing()(handler)
        for name in files:
            server.server.behaviours[f"/{name}"] = says(ISO.format(name).encode(), headers={"Content-Type": "text/xml"})
        yield server


def plain(body: bytes, date: str) -> Behaviour:
    lines = ("HTTP/1.1 200 OK", "Content-Type: text/html", f"Date: {date}", "Connection: close", f"Content-Length: {len(body)}")
    head = "\r\n".join((*lines, "", ""))
    return lambda handler: handler.raw(head.encode() + body)


def test_a_file_beside_which_nothing_changed_is_not_even_asked_for() -> None:
    files = {"a.xml": "2024-01-05 10:11", "new.xml": "2024-05-31 23:30"}
    with dated(files) as server:
        _, seen = run(server.url + "/", {})
        server.asked.clear()
        records, seen = run(server.url + "/", seen)
        assert [path for path, _ in server.asked] == ["/", "/new.xml"]  # whose minute may not be over everywhere
        assert [record.same for record in records] == [True, True]
        files["a.xml"] = "2024-01-06 10:11"
        server.asked.clear()
        run(server.url + "/", seen)
        assert [path for path, _ in server.asked] == ["/", "/a.xml", "/new.xml"]


def test_every_few_runs_each_file_is_asked_for() -> None:
    with dated({"a.xml": "2024-01-05 10:11"}) as server:
        seen: dict[str, dict[str, str]] = {}
        for _ in range(5):
            _, seen = run(server.url + "/", seen, full_every=3)
    assert [path for path, _ in server.asked] == ["/", "/a.xml", "/", "/", "/", "/a.xml", "/"]


def test_a_file_that_is_no_data_is_one_failed_record(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ISO.format("a"))
    put(tmp_path, "b.xml", "<html><title>Please log in</title></html>")
    put(tmp_path, "c.xml", ISO.format("c")[:-30])
    put(tmp_path, "d.json", b"\x89PNG....")
    put(tmp_path, "e.xml", b"")
    put(tmp_path, "f.xml", '<!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>')
    put(tmp_path, "g.xml", ISO.format("g"))
    with served(tmp_path) as url:
        records, seen = run(url, {})
    met = {str(record.identifier).removeprefix(url): record for record in records}
    assert list(met) == [f"{name}.xml" if name != "d" else "d.json" for name in "abcdefg"]
    assert [name for name, record in met.items() if isinstance(record.body, str) or record.faults] == [
        *("b.xml", "d.json", "e.xml", "f.xml"),
    ]
    assert f"{url}b.xml" not in seen and f"{url}e.xml" not in seen


def test_a_file_that_breaks_off_fails_the_run_after_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.json", '{"dataset": [{"identifier": "a1"}, {"identifier": "a2"}, {"ide')
    put(tmp_path, "b.xml", f"<list>{ISO.format('b1')}{ISO.format('b2')}<gmd:MD_")
    put(tmp_path, "c.xml", ISO.format("c"))
    given: list[str | None] = []
    with served(tmp_path) as url, pytest.raises(NotData, match=r"2 files or folders.*a\.json"):
        walk_until(url, given)
    assert given == ["a1", "a2", "b1", "b2", "/c.xml"]


@pytest.mark.parametrize(
    "failure", [says(b"", 500), says(b"", 403), breaks(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<x")]
)
def test_a_file_that_cannot_be_fetched_fails_the_run_after_the_others(failure: Behaviour) -> None:
    behaviours = {"/": page("a.xml", "b.xml", "sub/", "z.xml"), "/sub/": page("c.xml"), "/b.xml": failure}
    behaviours |= {path: says(ISO.format("x").encode()) for path in ("/a.xml", "/z.xml", "/sub/c.xml")}
    given: list[str | None] = []
    with Hostile(behaviours) as server, pytest.raises(NotData, match=r"1 files or folders.*b\.xml.*exclude"):
        walk_until(server.url + "/", given)
    assert given == ["/a.xml", "/z.xml", "/sub/c.xml"]
    with Hostile(behaviours) as server:
        assert len(harvest(server.url + "/", exclude="b.xml")) == 3


@pytest.mark.parametrize(
    "folder", [says(b"", 500), says(b"<html><title>Sign in</title></html>", headers=HTML), redirects("/else/")]
)
def test_a_folder_that_cannot_be_listed_fails_the_run_after_the_others(folder: Behaviour) -> None:
    behaviours = {"/w/": page("a.xml", "sub/", "x/"), "/w/sub/": folder, "/w/x/": page("b.xml"), "/else/": page("c.xml")}
    behaviours |= {path: says(ISO.format("x").encode()) for path in ("/w/a.xml", "/w/x/b.xml")}
    given: list[str | None] = []
    with Hostile(behaviours) as server, pytest.raises(NotData, match="sub/"):
        walk_until(server.url + "/w/", given)
    assert given == ["/a.xml", "/x/b.xml"]


def test_a_run_that_goes_on_still_knows_what_was_missing() -> None:
    behaviours = {"/": page("a.xml", "b.xml", "c.xml"), "/a.xml": says(b"", 500)}
    behaviours |= {path: says(ISO.format("x").encode()) for path in ("/b.xml", "/c.xml")}
    with Hostile(behaviours) as server, client() as web:
        first = next(Waf(server.url + "/", WafSettings(batch_size=1)).batches(web, None))
        with pytest.raises(NotData, match=r"a\.xml"):
            list(Waf(server.url + "/", WafSettings(batch_size=1)).batches(web, first.resume))


def test_a_file_that_is_gone_since_it_was_listed_is_a_failed_record() -> None:
    behaviours = {"/": page("a.xml", "b.xml", "gone/"), "/b.xml": says(ISO.format("x").encode())}
    with Hostile(behaviours) as server:
        met = harvest(server.url + "/")
    assert list(met) == [f"{server.url}/a.xml", f"{server.url}/b.xml"] and "404" in met[f"{server.url}/a.xml"].body


def test_a_server_that_went_down_is_not_asked_for_every_file() -> None:
    behaviours: dict[str, Behaviour] = {"/": page(*(f"{number:03}.xml" for number in range(200)))}
    behaviours |= {f"/{number:03}.xml": says(b"", 500) for number in range(200)}
    with Hostile(behaviours) as server, pytest.raises(Unreachable, match="500"):
        walk(server.url + "/")
    assert len(server.asked) < 30


@pytest.mark.parametrize(
    "answer", [says(b"<html><title>Sorry</title></html>", headers=HTML), says(b"", headers=HTML), says(b"<x/>")]
)
def test_a_start_that_is_no_listing_fails(answer: Behaviour) -> None:
    with Hostile({"/": answer}) as server, pytest.raises(NotData, match="not the listing of a folder"):
        walk(server.url + "/")


def test_a_start_that_became_a_page_between_two_runs_fails_and_keeps_all(tmp_path: Path) -> None:
    answer = in_turn(page("a.xml"), says(b"<html><title>We are moving</title></html>", headers=HTML))
    with Hostile({"/": answer, "/a.xml": says(ISO.format("a").encode())}) as server:
        _, seen = run(server.url + "/", {})
        with pytest.raises(NotData, match="We are moving"):
            run(server.url + "/", seen)


def test_a_start_without_its_slash_and_a_sorted_one_are_the_folder(tmp_path: Path) -> None:
    put(tmp_path, "waf/a.xml", ISO.format("a"))
    with served(tmp_path) as url:
        assert list(harvest(f"{url}waf")) == list(harvest(f"{url}waf/?C=M;O=D#x")) == [f"{url}waf/a.xml"]


def test_a_listing_in_another_character_set_is_read() -> None:
    listing = "<meta charset=gbk><title>Index of /</title><pre><a href='数据.xml'>数据.xml</a></pre>".encode("gbk")
    path = "/%E6%95%B0%E6%8D%AE.xml"
    answers = {"/": says(listing, headers={"Content-Type": "text/html; charset=gbk"}), path: says(ISO.format("a").encode())}
    with Hostile(answers) as server:
        assert list(harvest(server.url + "/")) == [server.url + path]


def test_a_folder_is_recognised_by_its_listing() -> None:
    def seen(body: str, media_type: str = "text/html", url: str = "http://e.org/waf/?C=M;O=A") -> Seen:
        return Seen(url, url, 200, media_type, {}, body.encode(), True)

    for name, body in LISTINGS.items():
        found = Waf.recognises(seen(body, "application/json" if name.endswith("json") else "text/html"))
        assert found and (found.url, found.sure) == ("http://e.org/waf/", 80), name
    assert Waf.recognises(seen("<html><title>Portal</title><a href='/x'>x</a></html>")) is None
    assert Waf.recognises(seen("<title>Index of /</title><a href='x.exe'>x</a>")) is None
    assert Waf.probes("http://e.org/waf") == ("http://e.org/waf/",) and Waf.probes("http://e.org/waf/") == ()


@contextmanager
def nginx(folder: Path, tmp_path: Path, form: str) -> Iterator[str]:
    """A real nginx that lists the folder."""
    binary = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not binary:
        pytest.skip("nginx is not at hand: `apt-get install -y nginx-light`")
    place = tmp_path / "nginx"
    place.mkdir()
    kinds = "".join(f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (place / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {place}/pid; error_log {place}/error.log; events {{}} http {{ {kinds} "
        f"access_log off; server {{ listen 127.0.0.1:{port}; charset utf-8; root {folder}; "
        f"location / {{ autoindex on; autoindex_format {form}; }} }} }}"
    )
    with subprocess.Popen([binary, "-p", str(place), "-c", str(place / "nginx.conf"), "-e", f"{place}/error.log"]) as process:
        try:
            deadline = time.monotonic() + 20
            while not _answers(port):
                assert process.poll() is None and time.monotonic() < deadline, (place / "error.log").read_text()
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("form", ["html", "json"])
def test_a_real_nginx_is_walked_and_skipped_by_its_dates(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "served"
    put(folder, "a b.xml", ISO.format("a"))
    put(folder, "目录/数据.xml", ISO.format("b"))
    put(folder, "目录/deep/c.json", json.dumps([{"identifier": "c1"}, {"identifier": "c2"}]))
    with nginx(folder, tmp_path, form) as url:
        records, seen = run(url, {})
        names = [str(record.identifier).removeprefix(url) for record in records]
        assert names == ["a%20b.xml", "%E7%9B%AE%E5%BD%95/%E6%95%B0%E6%8D%AE.xml", "c1", "c2"]
        put(folder, "目录/数据.xml", ISO.format("b, changed"), OLD + 120)
        again, _ = run(url, seen)
    assert [record.same for record in again] == [True, False, True, True]


@pytest.mark.parametrize(
    "name", ["ogm-virginia", "pycsw-data", "ckanext-spatial", "owslib", "semic-iso-to-dcatap", "mjanez-ckan-ogc"]
)
def test_the_files_of_real_catalogues_are_all_met(name: str, corpora: Path) -> None:
    """What a folder gives over HTTP is what reading its files from disk gives."""
    root = corpora / "iso" / name
    files = sorted(path for path in root.rglob("*") if path.suffix.lower() == ".xml" and path.is_file())
    with served(root) as url:
        met = harvest(url, pattern="*.xml", depth=50)
        by_file = {f"{url}{quote(path.relative_to(root).as_posix(), safe=SAFE)}": path for path in files}
    whole = {path for path in files if (standard := detect(path.read_bytes())) and standard.name.startswith("iso_")}
    alone = {by_file[str(record.identifier)]: record for record in met.values() if record.identifier in by_file}
    assert len(whole) > 1 and whole <= set(alone)
    assert all(alone[path].body == path.read_bytes() for path in whole if not alone[path].faults)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    made = database.connect(sqlite_url)
    yield made
    made.dispose()


def test_runs_of_the_main_job_pass_over_what_is_the_same(engine: Engine, tmp_path: Path) -> None:
    for number in range(20):
        put(tmp_path, f"d{number % 3}/{number}.xml", ISO.format(number))
    put(tmp_path, "bad.xml", "<x><y></x>")
    source = new_source(engine, protocol="waf")
    with served(tmp_path) as url:
        harvester = Waf(url, WafSettings())
        first = visit(engine, source, harvester)
        second = visit(engine, source, harvester)
        put(tmp_path, "d0/0.xml", ISO.format("changed"), OLD + 60)
        (tmp_path / "d1" / "1.xml").unlink()
        put(tmp_path, "d1/new.xml", ISO.format("new"))
        third = visit(engine, source, harvester)
    assert (first.state, first.added, first.failed) == ("done", 20, 1)
    assert (second.state, second.received, second.unchanged, second.failed) == ("done", 21, 20, 1)
    assert (third.state, third.added, third.updated, third.retired, third.unchanged) == ("done", 1, 1, 1, 18)


def test_a_file_that_could_not_be_fetched_retires_nothing(engine: Engine) -> None:
    names = [f"{number}.xml" for number in range(12)]
    behaviours = {"/": page(*names)} | {f"/{name}": says(ISO.format(name).encode()) for name in names}
    source = new_source(engine, protocol="waf")
    with Hostile(behaviours) as server:
        harvester = Waf(server.url + "/", WafSettings())
        visit(engine, source, harvester)
        server.server.behaviours["/3.xml"] = says(b"", 500)
        server.server.behaviours["/"] = page(*names[:-1])
        failed = visit(engine, source, harvester)
    assert failed.state == "failed" and failed.retired == 0 and "3.xml" in failed.message
    assert len(published(engine)) == 12


@pytest.mark.parametrize("cursor", ["", "12", "null", '{"unknown": 1}', "after:x"])
def test_a_cursor_of_another_kind_begins_anew(cursor: str, tmp_path: Path) -> None:
    put(tmp_path, "a.xml", ISO.format("a"))
    with served(tmp_path) as url:
        assert [record.identifier for batch in walk(url, cursor) for record in batch.records] == [f"{url}a.xml"]


def test_a_compressed_file_is_read_and_a_broken_one_is_a_failed_record(tmp_path: Path) -> None:
    put(tmp_path, "a.json.gz", gzip.compress(json.dumps([{"identifier": "a1"}, {"identifier": "a2"}]).encode()))
    put(tmp_path, "b.xml.gz", gzip.compress(ISO.format("b").encode())[:-40])
    put(tmp_path, "c.xml", ISO.format("c"))
    with served(tmp_path) as url:
        met = harvest(url)
    assert set(met) == {"a1", "a2", f"{url}b.xml.gz", f"{url}c.xml"}
    assert "ends too early" in met[f"{url}b.xml.gz"].body
