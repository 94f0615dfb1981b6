"""What files of other programs give: PDF, Word, mail, rows, archives, feeds. Every input is made here."""

import io
import json
import sys
import tracemalloc
import zipfile
from collections.abc import Generator
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from index import build
from index.errors import ArticleError
from index.formats.encoding import lines_of
from index.formats.packed import open_packed, unpack
from index.records import Article
from index.store import open_store
from tests.conftest import HashingEmbedder
from tests.files import encrypted, failures, found, mail, pdf, read, saved, texts, word, zipped


def reason(path: str, data: bytes | str) -> str:
    with pytest.raises(ArticleError) as raised:
        found(path, data)
    return str(raised.value)


def outcome(path: str, data: bytes) -> str:
    """Return the text, or why there is none: for what is damaged, either is right."""
    try:
        return read(path, data).text
    except ArticleError as error:
        return str(error)


# PDF


def test_a_pdf_is_read_as_paragraphs_with_its_cut_words_made_whole() -> None:
    article = read(
        "a.pdf",
        pdf(
            "Treaties\nThe treaty binds each member of the govern-\nment that signed it, says the Franco-\n"
            "German council in Prague.\nA second paragraph then says what became of\nthe treaty.",
        ),
    )
    assert article.text.split("\n\n") == [
        "Treaties",
        "The treaty binds each member of the government that signed it, says the Franco-German council in Prague.",
        "A second paragraph then says what became of the treaty.",
    ]


def test_a_compound_that_is_cut_at_its_own_hyphen_keeps_it() -> None:
    first = "The vice-president spoke of grain, and then the tall vice-"
    second = "president of the other side spoke of the same, and the govern-"
    third = "ment of neither agreed with what the two had said, nor did re-"
    fourth = "elected members, though re-elected and reelected are both written."
    assert read("a.pdf", pdf("\n".join((first, second, third, fourth)))).text == (
        "The vice-president spoke of grain, and then the tall vice-president of the other side spoke of the same, and "
        "the government of neither agreed with what the two had said, nor did reelected members, though re-elected and "
        "reelected are both written."
    )


def test_a_paragraph_goes_on_over_the_page_and_running_heads_are_no_text() -> None:
    said = ["The first page ends in the middle of", "a sentence, as does the second one, and", "the third one ends it."]
    pages = [f"The Wire, 21 August\n{line}\n{number}" for number, line in enumerate(said, 9)]
    assert read("a.pdf", pdf(*pages)).text == " ".join(said)


def test_a_pdf_says_of_itself_what_its_metadata_says() -> None:
    info = "/Title (On Treaties) /Author (Ada Sample) /CreationDate (D:20250821073000+02'00')"
    article = read("a.pdf", pdf("It rained.", info=info))
    assert (article.title, article.author, article.published) == (
        "On Treaties",
        "Ada Sample",
        None,  # the file was made on a day; when the article was published, it does not say
    )


@pytest.mark.parametrize("title", ["report.docx", "Microsoft Word - report", "untitled"])
def test_the_name_of_a_file_is_no_title(title: str) -> None:
    assert read("a.pdf", pdf("It rained.", info=f"/Title ({title}) /CreationDate (soon)")).title is None


def test_an_encrypted_pdf_is_refused_by_name() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("It rained."))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert "encrypted" in reason("a.pdf", out.getvalue())


def test_a_pdf_without_text_is_taken_for_a_scan() -> None:
    assert "text recognition" in reason("a.pdf", pdf(""))


@pytest.mark.parametrize("cut", [0, 8, 60, 200, 400])
def test_a_pdf_that_is_cut_short_is_refused_or_read(cut: int) -> None:
    assert outcome("a.pdf", pdf("It rained.")[:cut]) in {
        "It rained.",
        "a damaged PDF: open it and save it anew",
        "there is no text in it: if it is a scan, put it through text recognition first",
    }


# Word


def test_a_word_document_is_read_in_its_order_tables_included() -> None:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "On Treaties", "Ada Sample"
    document.add_paragraph("On Treaties", style="Title")
    document.add_paragraph("It\trained in Прага 🌍.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Grain", "80 t"
    document.add_paragraph("It stopped.")
    article = read("a.docx", saved(document))
    assert article.text.split("\n\n") == ["It rained in Прага 🌍.", "Grain | 80 t", "It stopped."]
    assert (article.title, article.author, article.published) == ("On Treaties", "Ada Sample", None)


def test_a_table_for_looks_is_read_cell_by_cell() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "It rained.", "It stopped."
    table.cell(0, 0).add_paragraph("It poured.")
    inner = table.cell(0, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Grain", "80 t"
    article = read("a.docx", saved(document))
    assert article.text.split("\n\n") == ["It rained.", "It poured.", "It stopped.", "Grain | 80 t"]


def test_a_title_paragraph_is_the_title_where_the_properties_give_none() -> None:
    document = docx.Document()
    document.add_paragraph("On Treaties", style="Title")
    document.add_paragraph("It rained.")
    article = read("a.docx", saved(document))
    assert (article.title, article.author, article.text) == ("On Treaties", None, "It rained.")


def test_a_word_document_that_unpacks_to_too_much_is_refused_before_it_is_opened() -> None:
    bomb = zipped({"word/document.xml": b"\0" * (65 * 2**20)})
    assert reason("a.docx", bomb) == "unpacks to more than 64 MB: split it"


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(zipped({"a.txt": b"\0" * (2 * 2**20)}))
    header = bomb.rindex(b"PK\x01\x02")
    bomb[header + 24 : header + 28] = (10).to_bytes(4, "little")
    packed = open_packed(io.BytesIO(bomb), max_members=1, max_bytes=100)
    with pytest.raises(ArticleError, match="does not unpack"):
        unpack(packed, packed.infolist()[0], max_bytes=100)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and then nothing", zipped({"x.xml": "<x/>"})])
def test_what_is_no_word_document_is_refused_with_a_remedy(data: bytes) -> None:
    assert "save it anew" in reason("a.docx", data) or "does not unpack" in reason("a.docx", data)


def test_entities_of_a_word_document_are_not_expanded() -> None:
    lines = ["<!DOCTYPE x [<!ENTITY a0 'ha'>"]
    lines += [f"<!ENTITY a{level + 1} '{f'&a{level};' * 10}'>" for level in range(9)]
    laughs = "".join(lines) + "]>"
    members = {}
    with zipfile.ZipFile(io.BytesIO(word("It rained."))) as packed:
        for name in packed.namelist():
            members[name] = packed.read(name)
    body = members["word/document.xml"].decode()
    head, _, rest = body.partition("?>")
    members["word/document.xml"] = f"{head}?>{laughs}{rest.replace('It rained.', 'It rained. &a9;')}".encode()
    assert outcome("a.docx", zipped(members)) in {
        "It rained.",
        "not a Word document, or a damaged one: open it and save it anew as .docx",
    }


# Mail


def test_a_mail_gives_its_plain_text_and_its_headers() -> None:
    message = mail()
    message.add_alternative("<p>It <b>rained</b>, in HTML.</p>", subtype="html")
    message.add_attachment("Attached.", filename="a.txt")
    assert read("a.eml", message.as_bytes()) == Article(
        id="a.eml",
        path="a.eml",
        text="It rained.\n\nDid it?\n",
        title="Зерно: grain",
        author="Ada Sample",
        published="2025-08-21T07:30:00+02:00",
    )


def test_a_mail_of_html_alone_gives_its_paragraphs() -> None:
    message = mail(None)
    message.set_content("<style>p {}</style><p>It <b>rained</b>.</p><p>It&nbsp;stopped.<br>So.", subtype="html")
    assert read("a.eml", message.as_bytes()).text == "It rained.\n\nIt stopped.\n\nSo."


def test_what_a_mail_quotes_loses_its_marks_and_its_lines_are_whole() -> None:
    told = "Yes.\n\nOn Monday Ada wrote:\n> Dear Bob,\n>\n> It rained and rained, and rained and rained, as it always\n"
    message = mail(None)
    message.set_content(told + "> did.\n>> Did it?\n\nAda\n")
    paragraphs = read("a.eml", message.as_bytes()).text.rstrip().split("\n\n")
    assert paragraphs[:3] == ["Yes.", "On Monday Ada wrote:", "Dear Bob,"]
    assert paragraphs[3:] == ["It rained and rained, and rained and rained, as it always did.", "Did it?", "Ada"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a mail"),
        (b"Just some words.\n", "not a mail"),
        (b"Subject: A\n\n", "no text"),
        (b"Date: Thu, 21 Aug 99999999999999999999 07:30:00\n\nabc", "save its text"),
        (b"Subject: A\nContent-Type: text/plain; charset=klingon\n\nabc", "save its text"),
    ],
)
def test_what_is_no_mail_is_refused(data: bytes, says: str) -> None:
    assert says in reason("a.eml", data)


# Rows


def test_rows_of_json_are_articles_with_their_fields() -> None:
    row = {
        "_id": 7,
        "headline": "Grain",
        "authors": [{"name": "Ada Sample"}, "Bo"],
        "publishedAt": "2025-08-21T07:30:00Z",
        "source": {"id": None, "name": "Wire"},
        "URL": "https://example.org/a",
        "description": "A summary.",
        "content": "It rained in Прага 🌍.",
    }
    assert read("a.json", json.dumps({"status": "ok", "articles": [row]})) == Article(
        id="a.json#7",
        path="a.json",
        text="It rained in Прага 🌍.",
        title="Grain",
        source="Wire",
        author="Ada Sample, Bo",
        published="2025-08-21T07:30:00+00:00",
        url="https://example.org/a",
    )


def test_one_object_is_one_article() -> None:
    assert texts("a.json", '{"Full_Text": "It rained.", "tags": [{"name": "x"}]}') == {"a.json#1": "It rained."}


def test_rows_are_known_by_their_own_id_where_no_other_has_it_else_by_their_number() -> None:
    lines = [
        {"id": "a", "text": "A."},
        {"id": "b", "text": "B."},
        {"id": "b", "text": "C."},
        {"text": " "},
        {"text": "E."},
    ]
    assert texts("a.jsonl", "\n".join(map(json.dumps, lines))) == {
        "a.jsonl#a": "A.",
        "a.jsonl#b": "B.",
        "a.jsonl#3": "C.",
        "a.jsonl#5": "E.",
    }


def test_a_number_and_an_id_that_look_alike_are_two_articles() -> None:
    assert texts("a.json", '[{"id": 2, "text": "A."}, {"text": "B."}]') == {"a.json#2": "A.", "a.json##2": "B."}


def test_a_broken_line_is_named_and_stops_no_other() -> None:
    lines = '{"text": "A."}\n\n{"text": \n{"text": "B."}'
    assert texts("a.jsonl", lines) == {"a.jsonl#1": "A.", "a.jsonl#3": "B."}
    assert failures("a.jsonl", lines) == {"a.jsonl#2": "line 3 is not JSON: mend or remove it"}


def test_a_file_of_broken_lines_tells_a_hundred_of_them_and_counts_the_rest() -> None:
    said = failures("a.jsonl", "[\n" * 150)
    assert len(said) == 101
    assert said["a.jsonl"] == "50 more lines are not JSON"


def test_what_json_can_spell_and_no_text_can_hold_is_replaced() -> None:
    assert read("a.json", r'{"text": "a\ud800b\u0000c\ud83c\udf0d", "title": "\udfff"}').text == "a\ufffdb\ufffdc🌍"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_its_own_delimiter_and_quotes(delimiter: str) -> None:
    row = delimiter.join(['"It ""rained"",\nand; so|on."', "Grain", "2025-08-21", "g-1"])
    header = delimiter.join(["Text", "Title", "Published At", "GUID"])
    assert read("a.csv", f"{header}\r\n{row}\r\n") == Article(
        id="a.csv#g-1", path="a.csv", text='It "rained",\nand; so|on.', title="Grain", published="2025-08-21"
    )


def test_a_cell_may_hold_a_long_article() -> None:
    text = "It rained. " * 20_000
    assert read("a.csv", f'text,title\n"{text}",Grain\n').text == text


@pytest.mark.parametrize(
    ("path", "data", "says"),
    [
        ("a.csv", "name,age\nAda,36\n", "name that field one of text"),
        ("a.csv", "", "name that field one of text"),
        ("a.csv", 'text\n"' + ("a" * 999 + "\n") * 17_000, "not CSV: line"),
        ("a.csv", 'text\n"' + "a" * 17_000_000, "a line of more than 16,777,216 characters"),
        ("a.json", "[]", "name that field one of text"),
        ("a.json", '["text"]', "name that field one of text"),
        ("a.json", "3", "name that field one of text"),
        ("a.json", "{", "not JSON"),
        ("a.json", "[" * 200_000, "nested too deep"),
        ("a.json", b"\xff\xfe\x00", "encoding is unclear"),
    ],
)
def test_a_file_without_rows_of_text_is_refused(path: str, data: bytes | str, says: str) -> None:
    assert says in reason(path, data)


# Archives


def test_an_archive_gives_the_articles_of_its_members() -> None:
    members: dict[str, bytes | str] = {
        "a.txt": "Title: Grain\n\nIt rained.",
        "below/rows.jsonl": '{"id": "x", "text": "X."}\n{"text": "Y."}',
        "../up.txt": "It stopped.",
        "broken.json": "{",
        "photo.jpg": b"\xff\xd8",
        "__MACOSX/._a.txt": "x",
        ".hidden.txt": "x",
    }
    data = zipped(members)
    assert texts("all.zip", data) == {
        "all.zip#a.txt": "It rained.",
        "all.zip#below/rows.jsonl#x": "X.",
        "all.zip#below/rows.jsonl#2": "Y.",
        "all.zip#../up.txt": "It stopped.",
    }
    first, *others = found("all.zip", data)
    assert {article.path for article in (first, *others) if isinstance(article, Article)} == {"all.zip"}
    assert first == Article(id="all.zip#a.txt", path="all.zip", text="It rained.", title="Grain")
    assert failures("all.zip", data).keys() == {"all.zip#broken.json"}


def test_members_of_one_name_are_two_articles() -> None:
    twice = zipped({"a.txt": "One.", "b.txt": "Two."}).replace(b"b.txt", b"a.txt")
    assert texts("all.zip", twice) == {"all.zip#a.txt": "One.", "all.zip#2": "Two."}


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("inner.zip", zipped({"a.txt": "It rained."}), "a zip file inside"),
        ("large.txt", b"a" * (65 * 2**20), "more than 64 MB"),
        ("empty.txt", b"", "no text"),
        ("broken.json", b"{", "not JSON"),
    ],
)
def test_a_member_that_is_none_is_named_and_the_others_are_read(name: str, data: bytes, says: str) -> None:
    packed = zipped({"a.txt": "It rained.", name: data, "z.txt": "It stopped."})
    assert texts("all.zip", packed) == {"all.zip#a.txt": "It rained.", "all.zip#z.txt": "It stopped."}
    assert says in failures("all.zip", packed)[f"all.zip#{name}"]


def test_a_member_that_is_encrypted_or_damaged_is_named_and_the_others_are_read() -> None:
    packed = zipped({"a.txt": "It rained.", "z.txt": "It stopped."})
    assert failures("all.zip", encrypted(packed)) == {"all.zip#a.txt": "it is encrypted: unpack it with its password"}
    assert texts("all.zip", encrypted(packed)) == {"all.zip#z.txt": "It stopped."}
    damaged = bytearray(packed)
    damaged[packed.index(b"a.txt") + len("a.txt")] ^= 0xFF  # the first byte of what is packed
    assert failures("all.zip", bytes(damaged)) == {"all.zip#a.txt": "a damaged file: it does not unpack"}
    assert texts("all.zip", bytes(damaged)) == {"all.zip#z.txt": "It stopped."}


def test_an_archive_of_nothing_but_broken_members_names_each() -> None:
    assert failures("all.zip", zipped({"a.json": "{", "b.txt": ""})).keys() == {"all.zip#a.json", "all.zip#b.txt"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (zipped({"photo.jpg": "x"}), "holds none of .txt"),
        (zipped({}), "holds none of .txt"),
        (zipped({"a.txt": "x"}).replace(b"a.txt", b"\0.txt"), "holds none of .txt"),
        (zipped({"a.txt": "It rained."})[:-10], "does not unpack"),
        (zipped({f"{number}.txt": "" for number in range(20_001)}), "more than 20,000"),
    ],
    ids=["no article", "empty", "no name", "cut", "many"],
)
def test_an_archive_that_is_none_or_too_much_is_refused(data: bytes, says: str) -> None:
    assert says in reason("all.zip", data)


def test_a_list_of_members_that_would_fill_memory_is_not_read() -> None:
    data = zipped({"a.txt": "It rained."})
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entries = data[start:end] * 200_000
    size = len(entries).to_bytes(4, "little")
    bomb = data[:start] + entries + data[end : end + 12] + size + data[end + 16 :]
    tracemalloc.start()
    try:
        assert reason("all.zip", bomb) == "holds more than 20,000 files: split it"
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


def test_rows_that_nobody_asks_for_any_more_are_left_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "It rained."}\n' * 9)
    with (tmp_path / "a.jsonl").open("rb") as file:
        lines = lines_of(file)
        assert isinstance(lines, Generator)
        next(lines)
    lines.close()


def test_a_table_of_ten_thousand_columns_is_none_of_articles() -> None:
    assert (
        reason("a.csv", "text," * 10_001 + "\nIt rained.\n")
        == "more than 10,000 columns: keep those that say something"
    )


def test_an_archive_is_not_read_beyond_what_it_may_hold_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.formats.archive.MAX_BYTES", 100)
    assert "unpacks to more" in reason("all.zip", zipped({"a.txt": "a" * 60, "b.txt": "b" * 60}))


# Feeds

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Wire</title>
<item><guid>g1</guid><title>Grain &amp; corn</title><link>https://example.org/1</link>
<author>ada@example.org (Ada)</author>
<pubDate>Thu, 21 Aug 2025 07:30:00 +0200</pubDate><description>Summary.</description>
<content:encoded><![CDATA[<p>It <b>rained</b> in Прага.</p><p>It stopped.</p>]]></content:encoded></item>
<item><title>No text</title></item>
<item><link>https://example.org/3</link><description>Only a summary.</description></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Wire</title>
<entry><id>urn:1</id><title>Grain</title><author><name>Ada Sample</name></author><link href="https://example.org/1"/>
<published>2025-08-21T07:30:00Z</published><content type="html">&lt;p&gt;It rained.&lt;/p&gt;</content>
</entry></feed>"""


def test_the_entries_of_a_feed_are_articles() -> None:
    first, second = found("wire.rss", RSS)
    assert first == Article(
        id="wire.rss#g1",
        path="wire.rss",
        text="It rained in Прага.\n\nIt stopped.",
        title="Grain & corn",
        source="The Wire",
        author="Ada",
        published="2025-08-21T07:30:00+02:00",
        url="https://example.org/1",
    )
    assert second == Article(
        id="wire.rss#https://example.org/3",
        path="wire.rss",
        text="Only a summary.",
        source="The Wire",
        url="https://example.org/3",
    )


def test_an_atom_feed_is_read_alike() -> None:
    article = read("wire.xml", ATOM)
    assert (article.id, article.text, article.author) == ("wire.xml#urn:1", "It rained.", "Ada Sample")
    assert article.published == "2025-08-21T07:30:00+00:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_feed_are_refused(encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    feed = RSS.replace("<rss", f"{laughs}<rss").replace('version="1.0"?', f'version="1.0" encoding="{encoding}"?')
    assert "declares a DOCTYPE" in reason("a.xml", feed.encode(encoding))


def test_the_path_of_a_file_is_not_opened_as_a_feed(tmp_path: Path) -> None:
    (tmp_path / "secret.rss").write_text(RSS)
    assert "not an RSS or Atom feed" in reason("a.rss", str(tmp_path / "secret.rss"))


@pytest.mark.parametrize("data", [b"", b"<html><p>x</p></html>", b"\0\1\2", b"http://127.0.0.1:9/feed"])
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    assert "not an RSS or Atom feed" in reason("a.xml", data)


def test_a_feed_whose_entries_have_no_text_is_refused() -> None:
    assert "no entry" in reason("a.rss", '<rss version="2.0"><channel><item><title>A</title></item></channel></rss>')


# All


@pytest.mark.parametrize(
    ("path", "library", "says"),
    [("a.pdf", "pypdf", "needs pypdf"), ("a.docx", "docx", "needs python-docx"), ("a.rss", "feedparser", "feedparser")],
)
def test_a_library_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, path: str, library: str, says: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert says in reason(path, b"x")
    assert "pip install 'article-qa[documents]'" in reason(path, b"x")


def test_a_file_of_many_articles_is_kept_row_by_row(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    rows = [{"id": f"r{number}", "text": f"Row {number} tells of rain."} for number in range(300)]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert build(folder, store=store, embedder=embedder).added == 300
    assert ids(store, embedder) == {f"rows.jsonl#r{number}" for number in range(300)}
    (folder / "rows.jsonl").write_text(json.dumps(rows[7]))
    report = build(folder, store=store, embedder=embedder)
    assert (report.added, report.changed, report.removed, report.unchanged) == (0, 0, 299, 1)
    assert ids(store, embedder) == {"rows.jsonl#r7"}


def ids(store: Path, embedder: HashingEmbedder) -> set[str]:
    with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
        return {article.id for article in snapshot.articles()}
