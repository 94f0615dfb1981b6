"""What each format gives: the article's text, and what it says of itself, never more."""

from pathlib import Path

import pytest

from index.errors import ArticleError, FolderMissing
from index.formats.html import fragment_paragraphs
from index.load import list_files, open_file
from index.records import Article
from tests.files import found, read


def test_plain_text_is_kept_character_for_character() -> None:
    text = "  A first line.\n\n\tТекст — 世界 🌍.\nLast\n"
    assert read("a.txt", text) == Article(id="a.txt", path="a.txt", text=text)


def test_a_header_block_gives_the_fields_and_is_not_text() -> None:
    article = read("a.txt", "Title: Grain: a story\nOutlet: Wire\nDate: 21 August 2025\nBy: Ada\n\nIt rained.\n")
    assert (article.title, article.source, article.published, article.author) == (
        "Grain: a story",
        "Wire",
        "2025-08-21",
        "Ada",
    )
    assert article.text == "It rained.\n"


def test_lines_of_plain_text_give_a_headline_a_byline_and_an_outlet() -> None:
    article = read(
        "a.txt", "Talks begin in Geneva\n\nBy Ada van Sample\n\nThey met.\n© 2025 The Wire. All rights reserved."
    )
    assert (article.title, article.author, article.source) == ("Talks begin in Geneva", "Ada van Sample", "The Wire")


def test_what_is_not_said_is_absent() -> None:
    article = read("a.txt", "One sentence only.")
    assert (article.title, article.source, article.author, article.published, article.url) == (None,) * 5


@pytest.mark.parametrize("said", ["August 2025", "2025", "soon", "", "31 February 2024"])
def test_a_date_that_names_no_day_is_no_date(said: str) -> None:
    assert read("a.txt", f"Title: A\nDate: {said}\n\nText.").published is None


def test_markdown_is_read_as_a_reader_sees_it() -> None:
    article = read(
        "a.md",
        "---\ntitle: T\nsource: S\npublished: 2024-03-05\n---\n"
        "# T\n\n## Part *one*\n\nA [link](http://x) and **bold**.\n\n- item `x`\n",
    )
    assert article.text == "Part one\n\nA link and bold.\n\nitem x"
    assert (article.title, article.source, article.published) == ("T", "S", "2024-03-05")


TABLE = (
    "<table><tr><th>Ship</th><th>Load</th></tr><tr><td><i>Ada</i></td><td>80 t</td></tr>"
    "<tr><td>Bob</td><td></td></tr></table>"
)


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("a.md", "It rained.\n\n| Ship | Load |\n|---|---:|\n| *Ada* | 80 t |\n| Bob | |\n\nIt stopped."),
        ("a.html", f"<article><p>It rained.</p>{TABLE}<p>It stopped.</p></article>"),
    ],
)
def test_a_row_of_a_table_is_one_line(path: str, table: str) -> None:
    assert read(path, table).text.split("\n\n") == ["It rained.", "Ship | Load", "Ada | 80 t", "Bob", "It stopped."]


def test_a_top_heading_is_the_title_where_front_matter_gives_none() -> None:
    article = read("a.md", "# Grain\n\nIt rained.")
    assert (article.title, article.text) == ("Grain", "It rained.")


def test_front_matter_that_is_no_yaml_is_read_line_by_line() -> None:
    article = read(
        "a.md", '---\ntitle: "I stopped": the poet at 80\nsource: The Post: Sunday\nauthor: "Jane Roe"\n---\nIt rained.'
    )
    assert (article.title, article.source) == ('"I stopped": the poet at 80', "The Post: Sunday")
    assert article.author == "Jane Roe"
    assert article.text == "It rained."


def test_front_matter_may_have_keys_that_are_no_words() -> None:
    assert read("a.md", "---\n2024: x\ntitle: T\n---\nIt rained.").title == "T"


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("Thu, 21 Aug 2025 07:30:00 EST", "2025-08-21T07:30:00-05:00"),
        ("21 August 2025 07:30 GMT", "2025-08-21T07:30:00+00:00"),
        ("21 August 2025 07:30 IST", "2025-08-21T07:30:00"),
    ],
)
def test_a_time_zone_is_taken_where_its_name_means_one_only(said: str, published: str) -> None:
    assert read("a.txt", f"Title: A\nDate: {said}\n\nText.").published == published


def test_tags_nested_deeper_than_calls_can_be_are_borne() -> None:
    deep = "<div>" * 900 + "<p>It rained.</p>" + "</div>" * 900 + "<p>It stopped.</p>"
    assert read("a.html", f"<body>{deep}").text == "It rained.\n\nIt stopped."
    assert read("a.html", "<body>" + "<p><b>" * 3_000 + "It rained.").text == "It rained."
    assert fragment_paragraphs(deep) == ["It rained.", "It stopped."]


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("a.html", "<body>" + "<div>" * 100_000 + "It rained.", "nested more than 2,000 deep"),
        ("a.html", "<body>It rained." + "<div>" * 3_000 + "It rained.", "nested more than 2,000 deep"),
        ("a.html", "<body>" + "<br>" * 100_001, "more than 100,000 tags"),
        ("a.md", "> " * 101 + "It rained.", "nested more than 99 deep"),
        ("a.md", "[" * 100_000, "more than 10,000 marks"),
    ],
)
def test_what_a_parser_would_cut_off_or_never_finish_is_refused(path: str, text: str, says: str) -> None:
    with pytest.raises(ArticleError, match=says):
        found(path, text)


def test_lists_in_lists_are_read_to_their_last() -> None:
    text = "".join("  " * depth + f"- level {depth}\n" for depth in range(45))
    assert read("a.md", text).text.split("\n\n") == [f"level {depth}" for depth in range(45)]


def test_html_gives_main_text_and_metadata_without_menus() -> None:
    article = read(
        "a.html",
        """<html><head><title>T &amp; U</title><meta name="author" content="Ada Sample">
        <meta property="og:site_name" content="Wire">
        <meta property="article:published_time" content="2024-03-05T10:00:00+02:00"></head>
        <body><nav><a href="/">Home</a></nav><article><h1>T &amp; U</h1><p>First &lt;b&gt; <i>one</i>.</p>
        <h2>Sub</h2><ul><li>It&rsquo;s two.</li><li>Three</li></ul></article><footer>Imprint</footer>
        <script>alert(1)</script></body></html>""",
    )
    assert article.text.split("\n\n") == ["First <b> one.", "Sub", "It’s two.", "Three"]
    assert (article.title, article.author, article.source) == ("T & U", "Ada Sample", "Wire")
    assert article.published == "2024-03-05T10:00:00+02:00"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_detected_and_no_character_is_lost(encoding: str) -> None:
    text = "“We agreed to pay 80 €,” he said — the minister’s résumé was clear, and so was the café’s. " * 3
    assert read("a.txt", text.encode(encoding)).text == text


def test_cyrillic_in_an_old_encoding_is_detected() -> None:
    text = "Министр иностранных дел заявил, что Россия должна иметь право вето на любые гарантии безопасности. " * 5
    assert read("a.txt", text.encode("koi8-r")).text == text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.txt", b""),
        ("a.txt", b" \n\t"),
        ("a.txt", bytes(range(256)) * 20),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("a.md", b"---\ntitle: [\n---\nText."),
        ("a.md", b"---\ntitle: x\n---\n"),
        ("a.html", b"<html><script>x</script></html>"),
        ("a.html", b""),
    ],
)
def test_what_is_no_article_is_refused_with_a_reason(path: str, data: bytes) -> None:
    with pytest.raises(ArticleError, match=r"\w+ \w+"):
        found(path, data)


def test_files_are_listed_in_order_and_only_those_that_may_be_articles(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", ".hidden.txt", ".git/x.txt", "photo.jpg", "report.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(list_files(tmp_path)) == ["b.txt", "report.pdf", "a/c.md"]


def test_links_fifos_and_folders_are_refused_by_name(tmp_path: Path) -> None:
    import os

    (tmp_path / "secret").write_text("x")
    (tmp_path / "x.odt").write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "fifo.txt")
    for name, reason in (
        ("link.txt", "links are not followed"),
        ("fifo.txt", "not a plain file"),
        ("x.odt", "not read yet"),
        ("many.zip#x.txt", "rename it"),
    ):
        with pytest.raises(ArticleError, match=reason):
            open_file(tmp_path, name)


def test_no_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing, match="no folder at"):
        list(list_files(tmp_path / "none"))


def test_the_real_article_says_its_outlet_and_author(real_article: Path) -> None:
    (path,) = list_files(real_article)
    article = read(path, (real_article / path).read_bytes())
    assert (article.source, article.author, article.title) == ("Newsmax", "James Morley III", None)
    assert article.text == (real_article / path).read_text()
