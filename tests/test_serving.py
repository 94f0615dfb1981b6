"""The server in front of the page: what it lets in, what it says of itself, who may sign in."""

import base64
import http.client
import json
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from index.errors import AccountRefused, AddressBusy
from tests.served import Reply, Served, serving
from ui.auth import Accounts, add_account, opens, read_accounts
from ui.guard import FRAME, MAX_BODY, MAX_UPLOAD, refusal
from ui.serve import Place, _listen

ARTICLES = {
    "grain.txt": "Title: Grain\nSource: Wire\nPublished: 2024-02-12\n\nOdesa shipped grain in August.",
    "attack.md": (
        "---\ntitle: <script>alert(1)</script>\nsource: <img src=x onerror=alert(2)>\nurl: javascript:alert(3)\n---\n"
        "The Zanzibar auction raised nine coins <svg onload=alert(4)>.\n"
    ),
}


def articles(place: Path) -> Path:
    place.mkdir()
    for name, text in ARTICLES.items():
        (place / name).write_text(text)
    return place


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("served")
    with serving(articles(place / "articles"), place / "store") as server:
        yield server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that lets ada in."""
    place = tmp_path_factory.mktemp("guarded")
    add_account(place / "people", "ada", "analytical engine")
    accounts = read_accounts(place / "people")
    with serving(articles(place / "articles"), place / "store", Place(accounts=accounts)) as server:
        yield server


def test_health_counts_what_there_is(served: Served) -> None:
    assert served.get("/health").json() == {"status": "ok", "articles": 2, "chunks": 2}


def tries(served: Served) -> list[str]:
    """Every way we know to ask for a file: 10 files and addresses, named in 4 to 5 ways."""
    database, article = served.store / "articles.db", served.folder / "grain.txt"
    wanted = [
        "/etc/passwd",
        str(database),
        str(article),
        "../../../../../../etc/passwd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%5c..%5cpyproject.toml",
        "%2Fetc%2Fpasswd",
        "file:///etc/passwd",
        "http://127.0.0.1:1/",
        "pyproject.toml",
    ]
    ways = ["/gradio_api/file=", "/gradio_api/file/", "/gradio_api/proxy=", "/static/", "/assets/"]
    return [f"{way}{name}" for way in ways for name in wanted]


def test_no_file_of_the_machine_is_served(served: Served) -> None:
    for path in tries(served):
        reply = served.get(path)
        assert reply.status in {403, 404}, path
        assert "root:" not in reply.body, path
        assert "Odesa" not in reply.body, path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload/x"),
        ("POST", "/gradio_api/run/ask"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run-history/connect"),
        ("GET", "/monitoring"),
        ("GET", "/gradio_api/vibe-code"),
        ("POST", "/gradio_api/process_recording"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/dev/reload"),
        ("GET", "/gradio_api/custom_component/1/client/component/index.js"),
        ("GET", "/svelte/x"),
        ("GET", "//"),
        ("GET", "/gradio_api/heartbeat/../file=/etc/passwd"),
    ],
)
def test_what_the_page_does_not_need_is_not_there(served: Served, method: str, path: str) -> None:
    assert served.send(method, path, b"{}" if method == "POST" else None).status == 404


JOIN = json.dumps({"data": ["veto?"], "fn_index": 0, "session_hash": "x"}).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Origin": "http://localhost.evil.example"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors"},
    ],
)
def test_another_site_can_post_nothing(served: Served, headers: dict[str, str]) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/call/index", "/gradio_api/cancel"):
        reply = served.post(path, JOIN, Content_Type="text/plain", **headers)
        assert reply.status == 403
        assert "access-control-allow-origin" not in reply.headers


def test_another_site_can_link_to_an_answer_but_not_load_it(served: Served) -> None:
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert served.get("/answer?q=grain", **link).status == 200
    assert served.get("/answer?q=grain", **link | {"Sec_Fetch_Dest": "iframe"}).status == 403
    image = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    assert served.get("/answer?q=grain", **image).status == 403


def test_another_site_is_told_nothing_when_it_asks_whether_it_may_ask(served: Served) -> None:
    headers = {"Origin": "http://evil.example", "Access_Control_Request_Method": "POST"}
    reply = served.send("OPTIONS", "/gradio_api/queue/join", None, **headers)
    assert (reply.status, reply.headers.get("access-control-allow-origin")) == (403, None)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "a@127.0.0.1", ""])
def test_a_name_that_is_not_ours_is_refused(served: Served, host: str) -> None:
    """An attacker's name may be made to point at 127.0.0.1; the browser then takes this server for theirs."""
    for path in ("/", "/health", "/answer?q=grain", "/config"):
        assert served.get(path, Host=host).status in {400, 403}


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:7860", "127.0.0.1", "192.168.1.5:7860", "[::1]:80", "news.lan"]
)
def test_our_own_names_and_any_number_are_let_in(host: str) -> None:
    assert refusal("GET", "/", Headers({"host": host}), {"localhost", "news.lan"}) is None


def test_a_request_cannot_say_where_it_was_sent(served: Served) -> None:
    for name in ("X_Forwarded_Host", "X_Gradio_Server", "Forwarded", "X_Forwarded_Proto"):
        assert "evil.example" not in served.get("/config", **{name: "http://evil.example"}).body


def test_a_body_is_bounded(served: Served) -> None:
    connection = http.client.HTTPConnection(served.host, timeout=30)
    connection.putrequest("POST", "/gradio_api/queue/join")
    connection.putheader("Content-Length", str(MAX_BODY + 1))
    connection.endheaders()  # refused before any of it is sent
    with connection.getresponse() as reply:
        assert reply.status == 413
    connection.close()
    connection.putrequest("POST", "/gradio_api/upload")
    connection.putheader("Content-Length", str(MAX_UPLOAD + FRAME + 1))
    connection.endheaders()
    with connection.getresponse() as reply:
        assert reply.status == 413
    connection.close()
    connection.request("POST", "/gradio_api/queue/join", iter([JOIN]), encode_chunked=True)
    with connection.getresponse() as reply:
        assert reply.status == 411
    connection.close()


@pytest.mark.parametrize("path", ["/", "/health", "/answer?q=grain", "/config", "/nowhere", "/gradio_api/info"])
def test_every_response_says_what_a_browser_may_do_with_it(served: Served, path: str) -> None:
    headers = served.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    scripts = [directive for directive in policy.split("; ") if directive.startswith("script-src")]
    assert not any("unsafe-inline" in directive for directive in scripts)
    assert "server" not in headers


def test_the_page_s_scripts_carry_a_number_that_is_drawn_anew(served: Served) -> None:
    first, second = served.get("/"), served.get("/")
    assert first.body.count("<script") == first.body.count("<script nonce=") > 3
    assert first.headers["content-security-policy"] != second.headers["content-security-policy"]


def test_an_answer_s_page_shows_what_it_rests_on(served: Served) -> None:
    reply = served.get("/answer?q=What+was+shipped+by+Odesa%3F&since=2024-01-01&source=wire")
    assert reply.status == 200
    assert "<blockquote>Odesa shipped grain in August.</blockquote>" in reply.body
    assert "Grain · Wire · 2024&#45;02&#45;12" in reply.body or "Grain · Wire · 2024-02-12" in reply.body
    assert "published since 2024-01-01" in reply.body


def test_an_answer_s_page_runs_nothing(served: Served) -> None:
    attack = "%3Cscript%3Ealert(0)%3C/script%3E%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"
    reply = served.get(f"/answer?q=How+many+coins+did+the+Zanzibar+auction+raise%3F+{attack}")
    assert "Zanzibar" in reply.body
    for tag in ("<script", "<img", "<svg", 'href="javascript'):
        assert tag not in reply.body
    assert "script-src" not in reply.headers["content-security-policy"]
    assert "img-src" not in reply.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("q=", "The question is empty"),
        ("q=%3F%21", "The question is empty"),
        ("q=veto&since=soon", "Since is not a day"),
        ("q=" + "a" * 3000, "3&#44;000 characters"),
    ],
)
def test_an_answer_s_page_says_why_there_is_no_answer(served: Served, query: str, says: str) -> None:
    reply = served.get(f"/answer?{query}")
    assert reply.status == 400
    assert says in reply.body or says.replace("&#44;", ",") in reply.body


def test_an_answer_s_page_without_a_question_asks_for_one(served: Served) -> None:
    assert '<form method="get" action="/answer">' in served.get("/answer").body


def test_whoever_has_not_signed_in_reaches_nothing(guarded: Served) -> None:
    paths = ["/", "/config", "/answer?q=grain", "/assets/x.js", "/static/x.png", "/theme.css", "/gradio_api/info"]
    paths += ["/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/x", "/gradio_api/mcp/schema"]
    for path in paths:
        reply = guarded.get(path)
        assert (reply.status, "Odesa" in reply.body) == (401, False), path
        assert reply.headers["www-authenticate"].startswith("Basic ")
    for path in ("/gradio_api/queue/join", "/gradio_api/call/ask", "/gradio_api/cancel", "/gradio_api/reset"):
        assert guarded.post(path, JOIN, Content_Type="application/json").status == 401, path
    assert guarded.get("/health").json() == {"status": "ok"}


def test_a_browser_is_asked_to_sign_in_and_led_on(guarded: Served) -> None:
    reply = guarded.get("/answer?q=grain&since=2024-01-01", Accept="text/html,*/*")
    assert (reply.status, reply.headers["location"]) == (303, "/login?then=%2Fanswer%3Fq%3Dgrain%26since%3D2024-01-01")
    form = guarded.get(reply.headers["location"], Accept="text/html")
    assert form.status == 200
    assert "script" not in form.headers["content-security-policy"]

    signed_in = sign_in(guarded, "ada", "analytical engine", then="/answer?q=grain")
    assert (signed_in.status, signed_in.headers["location"]) == (303, "/answer?q=grain")
    cookie = signed_in.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    kept = cookie.partition(";")[0]
    assert "Odesa" in guarded.get("/answer?q=What+was+shipped+by+Odesa", Cookie=kept).body
    assert guarded.get("/health", Cookie=kept).json()["articles"] == 2

    guarded.get("/logout", Cookie=kept)
    assert guarded.get("/config", Cookie=kept).status == 401


@pytest.mark.parametrize(
    "then", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", ""]
)
def test_signing_in_leads_nowhere_else(guarded: Served, then: str) -> None:
    assert sign_in(guarded, "ada", "analytical engine", then=then).headers["location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "wrong engine"), ("bob", "analytical engine"), ("", ""), ("ada", "")]
)
def test_a_wrong_password_and_an_unknown_name_are_told_the_same(guarded: Served, name: str, password: str) -> None:
    reply = sign_in(guarded, name, password)
    assert (reply.status, "set-cookie" in reply.headers) == (401, False)
    assert "This name and password do not go together." in reply.body
    given = base64.b64encode(f"{name}:{password}".encode()).decode()
    assert guarded.get("/config", Authorization=f"Basic {given}").status == 401


def test_a_program_signs_in_with_each_request_and_pays_for_the_password_once(guarded: Served) -> None:
    given = {"Authorization": "Basic " + base64.b64encode(b"ada:analytical engine").decode()}
    assert guarded.get("/config", **given).status == 200
    began = time.process_time()
    assert guarded.get("/health", **given).json()["articles"] == 2
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize("said", ["Basic", "Basic ???", "Basic " + "A" * 5000, "Bearer x", "basic \udcff"])
def test_what_is_no_name_and_password_is_refused(guarded: Served, said: str) -> None:
    assert guarded.get("/config", Authorization=said.encode("latin-1", "replace").decode()).status == 401


def sign_in(server: Served, name: str, password: str, then: str = "/") -> Reply:
    from urllib.parse import urlencode

    form = urlencode({"username": name, "password": password, "then": then}).encode()
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    return server.post("/login", form, Origin=server.address, **headers)


def test_accounts_hold_no_password_and_are_their_owner_s_alone(tmp_path: Path) -> None:
    file = tmp_path / "people"
    add_account(file, "ada", "analytical engine")
    add_account(file, "bob", "analytical engine")
    add_account(file, "ada", "difference engine")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "engine" not in file.read_text()
    accounts = read_accounts(file)
    assert list(accounts) == ["ada", "bob"]
    assert opens(accounts, "ada", "difference engine")
    assert not opens(accounts, "ada", "analytical engine")
    assert not opens(accounts, "eve", "analytical engine")
    assert [path.name for path in tmp_path.iterdir()] == ["people"]


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("a:b", "long enough", "colon"),
        ("", "long enough", "colon"),
        ("a\nb", "long enough", "colon"),
        ("a", "short", "8"),
    ],
)
def test_what_cannot_be_an_account_is_refused(tmp_path: Path, name: str, password: str, says: str) -> None:
    with pytest.raises(AccountRefused, match=says):
        add_account(tmp_path / "people", name, password)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "ada\n", "ada:00:00\n", "ada:zz:zz\n"])
def test_a_file_that_lets_nobody_in_is_refused_with_the_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "people").write_text(text)
    with pytest.raises(AccountRefused, match="article-qa auth"):
        read_accounts(tmp_path / "people")
    with pytest.raises(AccountRefused, match="article-qa auth"):
        read_accounts(tmp_path / "none")


@pytest.mark.parametrize(
    ("host", "accounts", "is_open"),
    [
        ("127.0.0.1", None, False),
        ("::1", None, False),
        ("localhost", None, False),
        ("0.0.0.0", None, True),
        ("0.0.0.0", {}, False),
    ],
)
def test_a_place_that_anybody_can_reach_is_known_as_one(host: str, accounts: Accounts | None, is_open: bool) -> None:
    assert Place(host=host, accounts=accounts).is_open is is_open


def test_a_port_that_is_taken_is_told() -> None:
    with _listen(Place(port=0)) as first, pytest.raises(AddressBusy, match="another with --port"):
        _listen(Place(port=first.getsockname()[1]))
