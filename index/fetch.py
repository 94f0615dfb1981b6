"""An address on the web -> a file in the folder of articles, so that the folder stays the truth.

The file's name is made of the address, so an address that is fetched again replaces its own file. A web page is kept as
it came, with the comment at its top that browsers write into a saved page, which names the address it came from; text
whose encoding only the server named is kept as UTF-8, as a file has no header to name another.

Whoever publishes a page chooses what it redirects to and what its name resolves to, so neither may lead to a machine
that only we can reach. Every name is resolved first, every address that it resolves to is judged, and the connection
goes to the judged address itself: an answer of the name server that changes in between changes nothing.
"""

import codecs
import hashlib
import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

import anyio
import anyio.to_thread
import httpx

from index.durable import write_whole
from index.errors import FetchFailed

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PLACE = "fetched"
"""The folder, below that of the articles, that holds what was fetched."""
MOST_BYTES = 64 * 2**20  # unpacked; as much as a file in the folder may have
SECONDS = 30.0  # in all, names and redirects included: a person waits
CONNECT_SECONDS = 10.0  # for one of the addresses of a name, so that an unreachable one leaves time for the next
REDIRECTS = 5  # honest ones take one to three: to https, to www, to the article's full address

HTML, FEED, ROWS, TEXT = ".html", ".xml", ".json", ".txt"
KINDS = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "application/rss+xml": FEED,
    "application/atom+xml": FEED,
    "application/rdf+xml": FEED,
    "application/xml": FEED,
    "text/xml": FEED,
    "application/json": ROWS,
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
}
"""The ending of the file that keeps an answer of each media type."""
GENERIC = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-download"})
"""What servers say of a file that they do not know: its first bytes and its address tell more."""
ENDINGS = frozenset({*KINDS.values(), TEXT, ".htm", ".markdown", ".rss", ".atom"})
ENCODED_BY_SERVER = frozenset({HTML, ".htm", TEXT, ".md", ".markdown", ".csv"})
"""Kinds of text whose encoding the server may name; JSON is UTF-8 always, and XML names its own."""

FEED_TOP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE | re.DOTALL
)
HTML_TOP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)[\s>]", re.IGNORECASE | re.DOTALL
)
CHARSETS = re.compile(r"(?:utf|windows-|iso-8859-|latin|us-ascii|koi8|cp\d|big5|gb|shift_jis|euc-|mac)")
"""The encodings of texts: Python knows others by name, some of which take forever."""
OWN_CHARSET = re.compile(rb"<meta[^>]{0,200}charset", re.IGNORECASE)
TOP_BYTES = 4096

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "latin-1"),  # what is looked for at the top is ASCII, and so stands there byte for byte
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MARKS = tuple(mark for mark, _ in BYTE_ORDER_MARKS)
SAVED = re.compile(r"<!--\s*saved from url=\(\d{4,}\)")
PROLOGUE = re.compile(
    r"\s*(?:<\?xml[\x00-;=?-\x7f]*\?>\s*)?(?:<!doctype[\x00-;=?-\x7f]*>)?", re.IGNORECASE | re.ASCII
)  # fmt: skip

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
TEREDO = ipaddress.IPv6Network("2001::/32")


@dataclass(frozen=True, slots=True)
class Download:
    """What a server answered, unpacked."""

    url: httpx.URL
    """Where the redirects ended, without the fragment."""
    media_type: str
    """In lower case, without parameters; empty where the server named none."""
    charset: str | None
    data: bytes


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of other people's time, space and network one address may take."""

    seconds: float
    most_bytes: int
    refused: Callable[[IPAddress], bool]
    resolve: Callable[[str, int], Sequence[str]]


def is_inside(address: IPAddress) -> bool:
    """Say whether `address` may lead to this machine or its network: whatever is not plainly on the internet.

    >>> [is_inside(ipaddress.ip_address(said)) for said in ("127.0.0.1", "::ffff:10.0.0.1", "9.9.9.9")]
    [True, True, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_inside(address.ipv4_mapped)
        if address in NAT64:  # a network without IPv4 reaches the whole IPv4 internet by these
            return is_inside(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address in SIX_TO_FOUR or address in TEREDO or address.is_site_local:
            return True  # tunnels that end wherever the address says, and have no users left
    return not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified


def is_refused_nowhere(_: IPAddress) -> bool:
    """Refuse no address, for a person who means one inside."""
    return False


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of `host`, the system's first choice first. Raises OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def fetch(
    address: str,
    folder: Path,
    *,
    refused: Callable[[IPAddress], bool] = is_inside,
    resolve: Callable[[str, int], Sequence[str]] = resolve,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Path:
    """Fetch `address` once, keep it as a file below `folder`, and return the file's path.

    The folder is made where it is missing. A file of an earlier fetch of the same address is replaced in one step, and
    stays as it was where this one fails. `seconds` and `most_bytes`, after unpacking, bound the whole of it; `refused`
    says which IP addresses are not connected to, and `resolve` names those of a host. It runs an event loop of its
    own: from a coroutine, call it in a thread.

    Raises FetchFailed, which names the address and the remedy.
    """
    bounds = Bounds(seconds, most_bytes, refused, resolve)
    try:
        download = anyio.run(_download, address, bounds)
        return _keep(download, _stem(address), folder / PLACE)
    except FetchFailed as failure:
        raise FetchFailed(f"cannot fetch {_without_secrets(address)}: {failure}") from failure


@cache
def _certificates() -> ssl.SSLContext:
    """Load the certificates of those who vouch for hosts once: it takes longer than many a page."""
    return httpx.create_ssl_context(trust_env=False)


async def _download(address: str, bounds: Bounds) -> Download:
    """Follow `address` to its end, every step judged anew."""
    try:
        with anyio.fail_after(bounds.seconds):
            # One connection a step: a kept one was opened, and its certificate checked, for another name.
            limits = httpx.Limits(max_keepalive_connections=0)
            timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)  # the bound above holds for the rest
            async with httpx.AsyncClient(
                trust_env=False, verify=_certificates(), limits=limits, timeout=timeout
            ) as client:
                url = _parsed(address)
                for _ in range(REDIRECTS + 1):
                    answer = await _step(client, url, bounds)
                    if isinstance(answer, Download):
                        return answer
                    url = answer
    except TimeoutError as error:
        raise FetchFailed(
            f"it takes longer than {bounds.seconds:g} s: try later, or save it into the folder"
        ) from error
    except httpx.ConnectTimeout as error:
        raise FetchFailed("its host does not answer: check the address and the network, or try later") from error
    except httpx.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise FetchFailed(f"{reason}: check the address and the network, or try later") from error
    raise FetchFailed(f"it leads on more than {REDIRECTS} times: give the address where a browser ends up")


async def _step(client: httpx.AsyncClient, url: httpx.URL, bounds: Bounds) -> Download | httpx.URL:
    """Return what stands at `url`, or the address that it redirects to."""
    response = await _open(client, url, await _judged(url, bounds))
    try:
        if response.has_redirect_location:
            return _parsed(response.headers["Location"], seen_at=url)
        if response.status_code != httpx.codes.OK:
            raise FetchFailed(_refusal(response.status_code))
        media_type, charset = _content_type(response)
        data = await _body(response, bounds.most_bytes)
    finally:
        await response.aclose()
    return Download(url, media_type, charset, data)


def _parsed(said: str, *, seen_at: httpx.URL | None = None) -> httpx.URL:
    """Return `said`, whole and without its fragment, where it is an address that is fetched at all."""
    try:
        url = (seen_at.join(said) if seen_at else httpx.URL(said)).copy_with(fragment=None)
    except httpx.InvalidURL as error:
        raise FetchFailed(f"not an address ({error}): check it") from error
    leads = "it leads to " if seen_at else ""
    if url.scheme not in ("http", "https"):
        raise FetchFailed(f"{leads}{url.scheme or 'no scheme'}: only http and https are fetched")
    if not url.host:
        raise FetchFailed(f"{leads}an address that names no host: check it")
    if not 0 < (url.port or 1) < 2**16:
        raise FetchFailed(f"{leads}an address with port {url.port}, which there is not: check it")
    if url.userinfo:
        raise FetchFailed(f"{leads}an address that holds a user name or password: give it without")
    return url


async def _judged(url: httpx.URL, bounds: Bounds) -> list[str]:
    """Return the IP addresses of the host, if none of them is refused."""
    host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
    try:
        # Left to itself when time is up: the system's resolver cannot be interrupted.
        found = await anyio.to_thread.run_sync(bounds.resolve, host, port, abandon_on_cancel=True)
    except (OSError, UnicodeError, OverflowError) as error:
        raise FetchFailed(f"there is no host {host}: check the address and the network") from error
    for address in found:
        if bounds.refused(ipaddress.ip_address(address)):
            raise FetchFailed(
                f"{host} is {address}, inside this machine or its network: if you mean that, say --allow-local"
            )
    return list(found)


async def _open(client: httpx.AsyncClient, url: httpx.URL, addresses: Sequence[str]) -> httpx.Response:
    """Return the answer, its body unread, of the first of `addresses` that can be reached.

    The server is told, and its certificate is checked for, the host that the address names.
    """
    headers = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": "article-qa",
        "Accept": ", ".join([*KINDS, "text/plain", "*/*;q=0.1"]),
        "Accept-Encoding": "gzip",
    }
    name = {"sni_hostname": url.raw_host.decode("ascii")}
    failed: httpx.HTTPError = httpx.ConnectError("the host has no address")
    for address in addresses:
        try:
            request = client.build_request("GET", url.copy_with(host=address), headers=headers, extensions=name)
            return await client.send(request, stream=True, follow_redirects=False)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failed = error
        except httpx.InvalidURL as error:
            raise FetchFailed(f"its host is at {address}, which is not supported: give another") from error
    raise failed


def _refusal(status: int) -> str:
    """Return the reason and the remedy for an answer that is not the page."""
    said = f"the server answers {status} {httpx.codes.get_reason_phrase(status)}".rstrip()
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.PAYMENT_REQUIRED, httpx.codes.FORBIDDEN):
        return f"{said}: save the page from a browser into the folder"
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        return f"{said}: try later"
    return f"{said}: check the address"


def _content_type(response: httpx.Response) -> tuple[str, str | None]:
    """Return the media type and the encoding that the server names. Raises FetchFailed where it is none we read."""
    media_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if media_type not in KINDS.keys() | GENERIC:
        raise FetchFailed(f"it is {media_type}, which is not read: give the address of a page, a feed, a PDF or a text")
    return media_type, response.charset_encoding


async def _body(response: httpx.Response, most_bytes: int) -> bytes:
    """Return the body, unpacked here, as only this way the bound holds before memory is taken."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip", ""):
        raise FetchFailed(f"it is packed with {packing}, which was not asked for: save it into the folder")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16) if "gzip" in packing else None
    body = bytearray()
    try:
        async for packed in response.aiter_raw():
            body += unpacker.decompress(packed, most_bytes + 1 - len(body)) if unpacker else packed
            if len(body) > most_bytes:
                raise FetchFailed(f"it is larger than {most_bytes / 2**20:g} MB: save a part of it into the folder")
            if unpacker and unpacker.eof:
                break
    except zlib.error as error:
        raise FetchFailed("it arrives damaged: try later") from error
    if unpacker and not unpacker.eof:
        raise FetchFailed("it ends too early: try later")
    if not body:
        raise FetchFailed("the answer is empty: check the address")
    return bytes(body)


def _kind(download: Download) -> str:
    """Return the ending of the file that keeps it."""
    if download.media_type == "text/html" and FEED_TOP.match(download.data[:TOP_BYTES]):
        return FEED  # a server that knows no feeds
    if download.media_type in KINDS:
        return KINDS[download.media_type]
    ending = PurePosixPath(download.url.path).suffix.lower()
    kind = _sniffed(download.data) or (ending if ending in ENDINGS else "")
    if not kind and download.media_type == "text/plain":
        return TEXT
    if not kind:
        raise FetchFailed("the server does not say what it is: save it into the folder with its right ending")
    return kind


def _sniffed(data: bytes) -> str:
    """Return the kind that the bytes themselves show, or nothing."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"PK\3\4"):
        return ".docx" if b"word/document.xml" in data else ".zip"
    if FEED_TOP.match(data[:TOP_BYTES]):
        return FEED
    return HTML if HTML_TOP.match(data[:TOP_BYTES]) else ""


def _stem(address: str) -> str:
    r"""Return the name, without an ending, of the file that keeps `address`.

    >>> _stem("https://example.com/News/Grain%20deal.html?page=2")
    'example.com-news-grain-deal-30bb5be1'
    """
    url = httpx.URL(address).copy_with(fragment=None)
    path = PurePosixPath(url.path)
    path = path.with_suffix("") if path.suffix.lower() in ENDINGS else path
    host = re.sub(r"[^a-z0-9.]+", "-", url.raw_host.decode("ascii").lower()).strip("-.")[:80]
    slug = re.sub(r"[^a-z0-9]+", "-", str(path).lower()).strip("-")[:80]
    return "-".join(filter(None, (host, slug, hashlib.sha256(str(url).encode()).hexdigest()[:8])))


def _keep(download: Download, stem: str, place: Path) -> Path:
    """Write the file whole or not at all; then drop the one of an earlier fetch that was of another kind."""
    kind = _kind(download)
    data = _in_utf8(download) if kind in ENCODED_BY_SERVER else download.data
    if kind == HTML:
        data = mark_saved(data, str(download.url))
    file = place / f"{stem}{kind}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_whole(file, data)
        for earlier in place.glob(f"{stem}.*"):
            if earlier != file and earlier.suffix in ENDINGS:
                earlier.unlink(missing_ok=True)
    except OSError as error:
        raise FetchFailed(f"it cannot be kept in {place}: {error.strerror}") from error
    return file


def _in_utf8(download: Download) -> bytes:
    """Return the text in UTF-8 where its encoding is told by nothing but the server."""
    data, charset = download.data, (download.charset or "").lower()
    if data.startswith(MARKS) or OWN_CHARSET.search(data[:TOP_BYTES]) or not CHARSETS.match(charset):
        return data
    if b"\0" not in data and _decodes(data, "utf-8"):
        return data  # many a server says ISO 8859-1 of everything
    encoding = "windows-1252" if charset in ("iso-8859-1", "latin1", "us-ascii") else charset  # as browsers take them
    return data.decode(encoding).encode() if _decodes(data, encoding) else data


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding).encode()
    except (LookupError, UnicodeError):
        return False
    return True


def mark_saved(page: bytes, url: str) -> bytes:
    r"""Return the web page with the comment that says where it was saved from, below its doctype if it has one.

    `url` is ASCII, as sent. A page that has such a comment is returned as it is.

    >>> mark_saved(b"<!doctype html><p>Grain", "https://example.com/a")
    b'<!doctype html>\n<!-- saved from url=(0021)https://example.com/a -->\n<p>Grain'
    """
    order, encoding = next((found for found in BYTE_ORDER_MARKS if page.startswith(found[0])), (b"", "latin-1"))
    top = page[len(order) : len(order) + TOP_BYTES].decode(encoding, "replace")
    prologue = PROLOGUE.match(top)
    if SAVED.search(top) or prologue is None:
        return page
    # The prologue is ASCII, so each of its characters takes as many bytes as a line end does.
    cut = len(order) + prologue.end() * len("\n".encode(encoding))
    comment = f"\n<!-- saved from url=({len(url):04}){url} -->\n".encode(encoding)
    return page[:cut] + comment + page[cut:]


def _without_secrets(address: str) -> str:
    """Leave out a user name and password: the message may end in a log."""
    return re.sub(r"//[^/?#]*@", "//", address)
