"""An address becomes a file in the folder, or a reason; nothing inside the machine is reached unless it was meant."""

import codecs
import gzip
import ipaddress
import itertools
import re
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

import pytest

from index.errors import FetchFailed
from index.fetch import KINDS, TEXT, IPAddress, fetch, is_inside, is_refused_nowhere, mark_saved
from index.formats import READERS
from tests.conftest import articles_in
from tests.site import PAGE, Answer, Server, Site, leads_to, page

RSS = (
    b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Wire</title><item><title>Grain</title>'
    b"<link>https://wire.example/1</link><description>The ship left Odesa.</description></item></channel></rss>"
)

local = partial(fetch, refused=is_refused_nowhere)


class Bounds(TypedDict, total=False):
    """What `fetch` is told besides an address and a folder."""

    refused: Callable[[IPAddress], bool]
    resolve: Callable[[str, int], Sequence[str]]
    seconds: float
    most_bytes: int


def refusal(address: str, folder: Path, **bounds: Unpack[Bounds]) -> str:
    """The reason why an address is not fetched; nothing is kept then."""
    with pytest.raises(FetchFailed) as caught:
        fetch(address, folder, **bounds)
    assert not list(folder.rglob("*"))
    return str(caught.value)


def test_a_page_is_kept_byte_for_byte_below_the_mark_of_its_address(server: Server, tmp_path: Path) -> None:
    address = server.at("/news/Grain-deal.html?page=2#top", page(PAGE, "text/html; charset=utf-8"))
    file = local(address, tmp_path)
    assert re.fullmatch(
        r"fetched/127\.0\.0\.1-news-grain-deal-[0-9a-f]{8}\.html", file.relative_to(tmp_path).as_posix()
    )
    said = address.removesuffix("#top").encode()
    mark = b"\n<!-- saved from url=(%04d)%s -->\n" % (len(said), said)
    assert mark in file.read_bytes()
    assert file.read_bytes().replace(mark, b"") == PAGE
    assert [article.text for article in articles_in(tmp_path)] == ["The ship left Odesa."]


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        (b"<p>x", b"\nMARK\n<p>x"),
        (b"\xef\xbb\xbf <!DOCTYPE HTML PUBLIC 'x'><p>", b"\xef\xbb\xbf <!DOCTYPE HTML PUBLIC 'x'>\nMARK\n<p>"),
        (b"<?xml version='1.0'?>\n<!doctype html><html>", b"<?xml version='1.0'?>\n<!doctype html>\nMARK\n<html>"),
        (b"<!doctype html [ <!ENTITY a 'b'> ]>", b"\nMARK\n<!doctype html [ <!ENTITY a 'b'> ]>"),
        ("<!doctype html>\n<p>ж".encode("utf-16"), "<!doctype html>\nMARK\n\n<p>ж".encode("utf-16")),
        (
            codecs.BOM_UTF16_BE + "<!doctype html>𐍈".encode("utf-16-be"),
            codecs.BOM_UTF16_BE + "<!doctype html>\nMARK\n𐍈".encode("utf-16-be"),
        ),
        (b"<!-- saved from url=(0014)about:internet -->\n<p>x", b"<!-- saved from url=(0014)about:internet -->\n<p>x"),
    ],
)
def test_the_mark_stands_where_a_browser_puts_it(page: bytes, marked: bytes) -> None:
    mark = "<!-- saved from url=(0021)https://example.com/a -->"
    for encoding in ("ascii", "utf-16-le", "utf-16-be"):
        marked = marked.replace("MARK".encode(encoding), mark.encode(encoding))
    assert mark_saved(page, "https://example.com/a") == marked
    assert mark_saved(marked, "https://example.com/b") == marked


def test_no_address_ends_the_mark_early(server: Server, tmp_path: Path) -> None:
    file = local(server.at("/a?b=--%3E%3Cp%3E", page(PAGE)), tmp_path)
    assert file.read_bytes().count(b"-->") == 1


def test_the_same_address_replaces_its_file_whatever_it_becomes(server: Server, tmp_path: Path) -> None:
    address = server.at("/a", page(PAGE))
    first = local(address, tmp_path)
    other = local(server.at("/a?b", page(PAGE)), tmp_path)
    server.at("/a", page(PAGE.replace(b"Odesa", b"Yalta")))
    assert local(address, tmp_path) == first
    assert b"Yalta" in first.read_bytes()

    server.at("/a", page(b"%PDF-1.7 ...", "application/pdf"))
    last = local(address, tmp_path)
    assert {*tmp_path.rglob("*.*")} == {last, other}
    assert last.read_bytes() == b"%PDF-1.7 ..."

    server.at("/a", page(b"", status=500))
    with pytest.raises(FetchFailed, match="500 Internal Server Error: try later"):
        local(address, tmp_path)
    assert last.read_bytes() == b"%PDF-1.7 ..."


@pytest.mark.parametrize(
    ("path", "media_type", "body", "ending"),
    [
        ("/feed", "application/rss+xml", RSS, ".xml"),
        ("/feed", "text/html; charset=utf-8", RSS, ".xml"),
        ("/feed", "text/plain", RSS, ".xml"),
        ("/a", "application/json", b'{"text": "x"}', ".json"),
        ("/a", "application/pdf", b"%PDF-1.4", ".pdf"),
        ("/a", "application/octet-stream", b"%PDF-1.4", ".pdf"),
        ("/a", None, PAGE, ".html"),
        ("/a", "text/plain", b"Grain", ".txt"),
        ("/a.md", "text/plain", b"# Grain", ".md"),
        ("/a.md?raw=1", "application/octet-stream", b"# Grain", ".md"),
        ("/a.php", "Text/HTML;charset=x", PAGE, ".html"),
        ("/a", "binary/octet-stream", b"PK\3\4 word/document.xml", ".docx"),
    ],
)
def test_the_ending_says_what_it_is(
    server: Server, tmp_path: Path, path: str, media_type: str | None, body: bytes, ending: str
) -> None:
    assert local(server.at(path, page(body, media_type)), tmp_path).suffix == ending


def test_every_kind_that_is_kept_is_read() -> None:
    assert {*KINDS.values(), TEXT} <= READERS.keys()


@pytest.mark.parametrize(
    ("media_type", "body", "kept"),
    [
        ("text/plain; charset=windows-1251", "Зерно".encode("windows-1251"), "Зерно"),
        ("text/plain; charset=utf-16le", "Grain".encode("utf-16-le"), "Grain"),
        ("text/plain; charset=iso-8859-1", "“Zürich”".encode("windows-1252"), "“Zürich”"),
        ("text/plain; charset=iso-8859-1", "Zürich".encode(), "Zürich"),
        ("text/plain; charset=windows-1251", "Зерно".encode("utf-16"), "\ufeffЗерно"),
    ],
)
def test_an_encoding_that_only_the_server_names_is_not_lost(
    server: Server, tmp_path: Path, media_type: str, body: bytes, kept: str
) -> None:
    data = local(server.at("/a", page(body, media_type)), tmp_path).read_bytes()
    assert data.decode("utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-8") == kept


@pytest.mark.parametrize("charset", ["utf-8", "nonsense", "idna", "hex", "utf-7"])
def test_a_server_that_is_wrong_about_the_encoding_changes_nothing(
    server: Server, tmp_path: Path, charset: str
) -> None:
    body = b"Z\xfcrich"
    file = local(server.at("/a", page(body, f"text/plain; charset={charset}")), tmp_path)
    assert file.read_bytes() == body


def test_redirects_are_followed_to_the_page_whose_address_is_kept(server: Server, tmp_path: Path) -> None:
    end = server.at("/end", page(PAGE))
    for step in range(4):
        server.at(f"/{step}", leads_to(f"/{step + 1}"))
    server.at("/4", leads_to(f"{end}#part"))
    file = local(server.at("/0", leads_to("/1")), tmp_path)
    assert f"){end} -->".encode() in file.read_bytes()
    assert [path for path, _ in server.asked] == ["/0", "/1", "/2", "/3", "/4", "/end"]


def test_packed_pages_are_unpacked(server: Server, tmp_path: Path) -> None:
    file = local(server.at("/a", page(gzip.compress(b"Grain"), "text/plain", Content_Encoding="gzip")), tmp_path)
    assert file.read_bytes() == b"Grain"
    assert server.asked[0][1]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page(b"", status=404), "404 Not Found: check the address"),
        (page(b"", status=403), "403 Forbidden: save the page from a browser into the folder"),
        (page(b"", status=503), "503 Service Unavailable: try later"),
        (page(b"", status=304), "304 Not Modified: check the address"),
        (page(b""), "the answer is empty"),
        (page(b"x", "image/png"), "it is image/png, which is not read"),
        (page(b"x", "application/octet-stream"), "does not say what it is: save it into the folder"),
        (page(b"x", Content_Encoding="br"), "packed with br"),
        (page(PAGE, Content_Encoding="gzip"), "it arrives damaged"),
        (page(gzip.compress(PAGE)[:-9], Content_Encoding="gzip"), "it ends too early"),
        (page(b"half", Content_Length="9"), "check the address and the network, or try later"),
        (leads_to("file:///etc/passwd"), "it leads to file: only http and https are fetched"),
        (leads_to("http://me:secret@127.0.0.1/"), "it leads to an address that holds a user name or password"),
        (leads_to("http://1.2.3.999/"), "check the address"),
        (leads_to("/a"), "it leads on more than 5 times"),
        (lambda site: site.wfile.write(b"SSH-2.0\r\n\r\n"), "check the address and the network"),
    ],
)
def test_what_cannot_be_had_is_told_with_the_address_and_the_remedy(
    server: Server, tmp_path: Path, answer: Answer, reason: str
) -> None:
    address = server.at("/a", answer)
    said = refusal(address, tmp_path, refused=is_refused_nowhere)
    assert said.startswith(f"cannot fetch {address}: ")
    assert reason in said


def endless(site: Site) -> None:
    site.reply(b"")
    for _ in itertools.count():
        site.wfile.write(b"x" * 2**16)


def bomb(site: Site) -> None:
    packed = gzip.compress(b"\0" * 2**26)
    assert len(packed) < 2**17
    site.reply(packed, "text/html", Content_Encoding="gzip")


@pytest.mark.parametrize("answer", [endless, bomb])
def test_no_body_is_taken_beyond_the_bound(server: Server, tmp_path: Path, answer: Answer) -> None:
    bounds = Bounds(refused=is_refused_nowhere, most_bytes=2**17)
    assert "larger than 0.125 MB" in refusal(server.at("/a", answer), tmp_path, **bounds)


def test_a_body_of_just_the_bound_is_taken(server: Server, tmp_path: Path) -> None:
    body = b"x" * 2**17
    file = local(server.at("/a", page(body, "text/plain")), tmp_path, most_bytes=2**17)
    assert file.read_bytes() == body


def drip_body(site: Site) -> None:
    site.reply(b"")
    for _ in range(600):
        site.wfile.write(b"x")
        time.sleep(0.05)


def drip_head(site: Site) -> None:
    site.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(600):
        site.wfile.write(b"x")
        time.sleep(0.05)


def drip_redirects(site: Site) -> None:
    time.sleep(0.2)
    site.reply(b"", None, 302, Location="/a")


@pytest.mark.parametrize("answer", [drip_body, drip_head, drip_redirects])
def test_the_time_is_bounded_in_all_not_by_step(server: Server, tmp_path: Path, answer: Answer) -> None:
    said = refusal(server.at("/a", answer), tmp_path, refused=is_refused_nowhere, seconds=0.5)
    assert "it takes longer than 0.5 s" in said


def test_a_name_server_that_does_not_answer_takes_no_more_time(tmp_path: Path) -> None:
    answered = threading.Event()
    said = refusal("http://slow.example/", tmp_path, resolve=lambda *_: [str(answered.wait(10))], seconds=0.2)
    answered.set()
    assert "it takes longer than 0.2 s" in said


INSIDE = [
    *("127.0.0.1", "[::1]", "localhost", "169.254.169.254", "10.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"),
    *("0.0.0.0", "[::]", "[fe80::1]", "[fd00::1]", "[fec0::1]", "192.168.1.1", "172.16.0.1", "100.64.0.1"),
    *("224.0.0.1", "[ff0e::1]", "255.255.255.255", "240.0.0.1", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]"),
    *("[2002:7f00:1::]", "[2001:0:1::]", "[::127.0.0.1]", "[::ffff:0:7f00:1]"),
]


@pytest.mark.parametrize("host", INSIDE)
def test_nothing_inside_the_machine_or_its_network_is_fetched(server: Server, tmp_path: Path, host: str) -> None:
    said = refusal(server.at("/a", page(PAGE), host), tmp_path)
    assert "inside this machine or its network: if you mean that, say --allow-local" in said
    assert server.asked == []


@pytest.mark.parametrize("said", ["9.9.9.9", "2606:4700::1111", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_the_internet_is_not_inside(said: str) -> None:
    assert not is_inside(ipaddress.ip_address(said))


def test_a_name_with_one_address_inside_is_refused(server: Server, tmp_path: Path) -> None:
    address = server.at("/a", page(PAGE), "both.example")
    assert "10.0.0.1" in refusal(address, tmp_path, resolve=lambda *_: ["9.9.9.9", "10.0.0.1"])


def inside_but_the_server(address: IPAddress) -> bool:
    """As the rule says, with the test's own server taken for one on the internet."""
    return is_inside(address) and address != ipaddress.ip_address("127.0.0.1")


def test_a_redirect_from_outside_to_inside_is_refused(server: Server, tmp_path: Path) -> None:
    names = {"news.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}
    address = server.at("/a", leads_to("http://inside.example/secret"), "news.example")
    bounds = Bounds(refused=inside_but_the_server, resolve=lambda host, _: names[host])
    assert "inside.example is 10.0.0.1, inside this machine" in refusal(address, tmp_path, **bounds)
    assert [path for path, _ in server.asked] == ["/a"]


def test_the_connection_goes_to_the_address_that_was_judged(server: Server, tmp_path: Path) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])  # a name server that changes its mind in between
    address = server.at("/a", page(PAGE), "news.example")
    fetch(address, tmp_path, refused=inside_but_the_server, resolve=lambda *_: next(answers))
    assert [headers["Host"] for _, headers in server.asked] == [f"news.example:{server.server_port}"]
    assert next(answers) == ["10.0.0.1"]


def test_the_next_address_of_a_name_is_tried_where_the_first_is_down(server: Server, tmp_path: Path) -> None:
    address = server.at("/a", page(PAGE), "news.example")
    file = local(address, tmp_path, resolve=lambda *_: ["127.0.0.9", "127.0.0.1"])
    assert b"Odesa" in file.read_bytes()


def test_a_proxy_of_the_environment_is_not_used(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert local(server.at("/a", page(PAGE)), tmp_path).exists()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("ftp://example.com/a", "only http and https are fetched"),
        ("http:///a", "names no host"),
        ("http://[::1/", "not an address"),
        ("http://example.com:99999/", "port 99999, which there is not"),
        ("https://me:secret@example.com/", "holds a user name or password"),
    ],
)
def test_what_is_no_address_to_fetch_is_told(tmp_path: Path, address: str, reason: str) -> None:
    said = refusal(address, tmp_path)
    assert reason in said
    assert "secret" not in said


def test_a_host_that_does_not_exist_is_told(tmp_path: Path) -> None:
    def unknown(*_: object) -> list[str]:
        raise OSError

    assert "there is no host nowhere.example" in refusal("http://nowhere.example/", tmp_path, resolve=unknown)


def test_a_folder_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "fetched").write_text("a file where the folder would be")
    with pytest.raises(FetchFailed, match=r"cannot be kept in .*fetched: File exists"):
        local(server.at("/a", page(PAGE)), tmp_path)
