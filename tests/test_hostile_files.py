"""Files made to break their reader are refused by a bound, with a reason, soon; nothing is fetched, nothing crashes.

H1 and H2 of the faults that a build must survive, as far as they concern one file.
"""

import io
import os
import resource
import socket
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from index.errors import ArticleError
from index.load import list_files, open_file, read_articles
from index.records import Article, Failure
from tests.files import encrypted, found, pdf, word, zipped

pytestmark = pytest.mark.fault

MOST_SECONDS = 60
MOST_BYTES = 2**30


@pytest.fixture(autouse=True)
def bounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold each test to a minute and a GB of memory more than before, and to no connection."""

    def connect(*_: object) -> None:
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr(socket.socket, "connect", connect)
    began, before = time.monotonic(), peak()
    yield
    assert time.monotonic() - began < MOST_SECONDS
    assert peak() - before < MOST_BYTES


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def outcome(folder: Path, path: str) -> list[Article | Failure] | str:
    """Return what is found in a file, or why it is refused."""
    try:
        with open_file(folder, path) as file:
            return list(read_articles(path, file))
    except ArticleError as error:
        return str(error)


def outcome_of(path: str, data: bytes | str) -> list[Article | Failure] | str:
    try:
        return found(path, data)
    except ArticleError as error:
        return str(error)


def text_of(folder: Path, path: str) -> str:
    said = outcome(folder, path)
    if isinstance(said, str):
        return said
    return "\n".join(found.text if isinstance(found, Article) else found.reason for found in said)


# H1: what is found in folders


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "there is no text in it"),
        ("mark.txt", b"\xef\xbb\xbf", "there is no text in it"),
        ("nul.txt", b"It rained.\0It stopped.", "not a text file"),
        ("program.txt", b"\x7fELF\2\1\1" + bytes(range(256)) * 200, "not a text file"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 200, "not a text file"),
        ("invalid.txt", "Où est-ce ? Là-bas, déjà. ".encode() * 9 + b"\xff", "UTF-8 with damaged characters"),
        ("half.txt", b"\xff\xfeI\0t\0", "It"),
        ("odd.txt", b"\xff\xfeI\0t\0 ", "encoding is unclear"),
        ("marked.txt", b"\xef\xbb\xbfIt rained in \xd0\x9f\xd1\x80\xd0\xb0\xd0\xb3\xd0\xb0.", "It rained in Прага."),
        ("latin.txt", "Il a plu à Genève.".encode("latin-1"), "Il a plu à Genève."),
    ],
)
def test_what_is_no_text_is_named_as_such(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert says in text_of(tmp_path, name)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".json", ".eml", ".xml", ".pdf", ".docx"])
def test_a_line_of_a_hundred_megabytes_is_refused_unread(tmp_path: Path, suffix: str) -> None:
    with (tmp_path / f"a{suffix}").open("wb") as file:
        for _ in range(100):
            file.write(b"a" * 2**20)
    assert outcome(tmp_path, f"a{suffix}") == "larger than 64 MB: split it"


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_line_of_a_hundred_megabytes_among_rows_is_refused_before_it_is_held(tmp_path: Path, suffix: str) -> None:
    before = peak()
    with (tmp_path / f"a{suffix}").open("wb") as file:
        file.write(b'{"text": "' if suffix == ".jsonl" else b'text\n"')
        for _ in range(100):
            file.write(b"a" * 2**20)
    assert outcome(tmp_path, f"a{suffix}") == "holds a line of more than 16,777,216 characters: split it"
    assert peak() - before < 300 * 2**20


def test_a_million_lines_are_one_article(tmp_path: Path) -> None:
    text = "It rained.\n" * 1_000_000
    (tmp_path / "a.txt").write_text(text)
    assert text_of(tmp_path, "a.txt") == text


def test_a_hundred_thousand_rows_are_read_one_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "It rained."}\n' * 100_000)
    before = peak()
    with open_file(tmp_path, "a.jsonl") as file:
        assert sum(1 for _ in read_articles("a.jsonl", file)) == 100_000
    assert peak() - before < 64 * 2**20


def test_names_of_every_kind_are_read_or_refused_by_name(tmp_path: Path) -> None:
    long = "x" * 251 + ".txt"
    for name in (long, "a b.txt", "-rf.txt", "#.txt", "ночь.txt", "new\nline.txt", "quo'te\".txt", "🌾.TXT"):
        (tmp_path / name).write_text("It rained.")
        assert text_of(tmp_path, name) == "It rained."
    bad = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / bad).write_text("It rained.")
    (tmp_path / "x.txt").mkdir()
    names = list(list_files(tmp_path))
    assert outcome(tmp_path, bad) == "its name is not valid text: rename it"
    assert bad in names
    assert "x.txt" not in names
    assert len(names) == 9


def test_links_loops_and_what_is_no_file_are_named_and_never_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (folder / "loop").symlink_to(folder)
    (folder / "away").symlink_to(outside)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "away.txt").symlink_to(outside / "secret.txt")
    os.mkfifo(folder / "pipe.txt")
    server = socket.socket(socket.AF_UNIX)
    server.bind(os.path.relpath(folder / "socket.txt"))
    server.close()
    said = {path: outcome(folder, path) for path in list_files(folder)}
    assert said.pop("socket.txt") in {"cannot be read: No such device or address", "not a plain file"}
    assert said == {
        **dict.fromkeys(("away", "loop", "self.txt", "away.txt"), "a link: links are not followed"),
        "pipe.txt": "not a plain file",
    }


def test_no_permission_is_said_so() -> None:
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.txt").write_text("It rained.")
        (folder / "a.txt").chmod(0)
        try:
            if user == 0:
                os.seteuid(65534)  # nobody: the superuser may read everything
            assert outcome(folder, "a.txt") == "cannot be read: Permission denied"
        finally:
            os.seteuid(user)


def test_a_file_that_is_removed_after_it_was_listed_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.")
    (path,) = list_files(tmp_path)
    (tmp_path / "a.txt").unlink()
    assert outcome(tmp_path, path) == "cannot be read: No such file or directory"


def test_a_file_of_rows_that_is_cut_while_it_is_read_keeps_what_was_read(tmp_path: Path) -> None:
    place = tmp_path / "a.jsonl"
    place.write_text('{"text": "It rained."}\n' * 100_000)
    with open_file(tmp_path, "a.jsonl") as file:
        rows = read_articles("a.jsonl", file)
        assert next(rows) == Article(id="a.jsonl#1", path="a.jsonl", text="It rained.")
        os.truncate(place, 10)
        assert all(isinstance(row, Article) and row.text == "It rained." for row in list(rows)[:-1])


# H2: what is made to break a reader


def laughs(levels: int = 9) -> str:
    entities = "".join(f"<!ENTITY a{level + 1} '{f'&a{level};' * 10}'>" for level in range(levels))
    return f"<!DOCTYPE x [<!ENTITY a0 'ha'>{entities}]>"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.html", f"{laughs()}<html><body><p>It rained in Odesa.</p><p>&a9;</p></body></html>"),
        ("a.html", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><body><p>It rained in Odesa. &a;</p>'),
        ("a.xml", f'{laughs()}<rss version="2.0"><channel><item><title>&a9;</title></item></channel></rss>'),
        ("a.rss", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><rss version="2.0"><channel/></rss>'),
        ("a.md", "---\na: &a [x, x, x, x, x, x, x, x]\n" + "".join(
            f"{chr(98 + at)}: &{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 9)}]\n" for at in range(9)
        ) + "title: *j\n---\nIt rained."),
    ],
    ids=["html", "html of a file", "feed", "feed of a dtd", "front matter"],
)  # fmt: skip
def test_entities_and_aliases_are_not_expanded_and_nothing_is_fetched(path: str, text: str) -> None:
    said = outcome_of(path, text)
    if isinstance(said, str):
        assert "DOCTYPE" in said
        return
    (article,) = said
    assert isinstance(article, Article)
    assert "It rained" in article.text
    assert len(article.text) < 100
    assert "root" not in article.text


@pytest.mark.parametrize("tag", ["div", "b", "p><b", "span", "blockquote", "ul><li", "table><tr><td", "font><p", "a"])
@pytest.mark.parametrize("depth", [900, 100_000])
def test_nested_tags_are_read_or_refused_by_a_bound(tag: str, depth: int) -> None:
    nested = f"<{tag}>" * (depth // (1 + tag.count("<")))
    said = outcome_of("a.html", f"<html><body>{nested}It rained in Odesa.")
    if depth == 900:
        assert said == [Article(id="a.html", path="a.html", text="It rained in Odesa.")]
    else:
        assert said in (
            "its tags are nested more than 2,000 deep: save its text as .txt",
            "more than 100,000 tags: split it",
        )


def test_nested_tags_in_one_entry_of_a_feed_lose_no_other() -> None:
    deep = "&lt;div&gt;" * 100_000
    entries = "".join(
        f'<item><guid isPermaLink="false">{key}</guid><description>{text}</description></item>'
        for key, text in (("a", deep), ("b", "Rain."))
    )
    assert found("a.rss", f'<rss version="2.0"><channel>{entries}</channel></rss>') == [
        Failure("a.rss#a", "its tags are nested more than 2,000 deep: save its text as .txt"),
        Article(id="a.rss#b", path="a.rss", text="Rain."),
    ]


NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(2_000))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.json", '{"text": "A", "x": ' + "[" * 100_000),
        ("a.json", '{"text": "It rained.", "author": ' + "[" * 900 + "]" * 900 + "}"),
        ("a.jsonl", '{"text": "A", "x": ' + "[" * 100_000),
        ("a.md", "> " * 100_000 + "It rained."),
        ("a.md", "[" * 1_000_000),
        ("a.md", "---\na: " + "[" * 20_000 + "\n---\nIt rained."),
        ("a.xml", "<a>" * 100_000),
        ("a.eml", "Subject: A\n" + NESTED),
        ("a.eml", "Subject: A\n" + "Content-Type: message/rfc822\n\n" * 5_000),
        ("a.html", "<meta charset=zlib><p>It rained in Odesa."),
        ("a.html", "<meta charset=undefined><p>It rained in Odesa."),
    ],
)  # fmt: skip
def test_what_is_nested_too_deep_or_calls_itself_what_it_is_not_crashes_nothing(path: str, text: str) -> None:
    said = outcome_of(path, text)
    assert len(said) > 0
    assert not isinstance(said, str) or " " in said


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128"])
def test_an_encrypted_pdf_is_refused(algorithm: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("It rained."))))
    writer.encrypt("secret", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ArticleError, match="it is encrypted: save a copy without a password"):
        found("a.pdf", out.getvalue())


def test_a_word_document_that_unpacks_to_gigabytes_is_refused() -> None:
    out = io.BytesIO(word("It rained."))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("word/bomb.xml", "w") as bomb:
        for _ in range(1_500):
            bomb.write(b"\0" * 2**20)
    assert len(out.getvalue()) < 4 * 2**20
    with pytest.raises(ArticleError, match="unpacks to more than 64 MB"):
        found("a.docx", out.getvalue())


def test_zips_in_zips_are_not_opened() -> None:
    inner: bytes = zipped({"a.txt": b"\0" * (64 * 2**20)})
    for _ in range(5):
        inner = zipped({f"{number}.zip": inner for number in range(10)})
    said = "a zip file inside a zip file, which is not opened: unpack it"
    assert found("a.zip", inner) == [Failure(f"a.zip#{number}.zip", said) for number in range(10)]
    assert found("a.zip", encrypted(zipped({"a.txt": "It rained."}))) == [
        Failure("a.zip#a.txt", "it is encrypted: unpack it with its password")
    ]


def test_a_zip_of_bombs_is_read_no_further_than_its_bound() -> None:
    bomb = b"a" * (50 * 2**20)
    bombs = zipped({f"{number}.txt": bomb for number in range(30)})
    assert len(bombs) < 4 * 2**20
    with pytest.raises(ArticleError, match="unpacks to more than 1024 MB"):
        found("a.zip", bombs)
