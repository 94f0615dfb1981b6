"""When an article was published and in what language it is: as it says of itself, in whatever place; never guessed."""

import json
from pathlib import Path

import docx
import pytest

from index.records import Article
from tests.files import found, mail, pdf, read, saved, zipped

TEXT = "\n\nIt rained in Odesa. The corridor closed."


# A date in words


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("13/04/2025", "2025-04-13"),
        ("2025/04/03", "2025-04-03"),
        ("3/3/2025", "2025-03-03"),
        ("03/04/2025", None),  # in March, or in April
        ("03.04.2025 07:30", None),
        ("21/08/25", None),  # in 2021, or in 2025
        ("21 Aug 25", None),
        ("20250821T073000Z", "2025-08-21T07:30:00+00:00"),
        ("2025-08-21 07:30 GMT+3", "2025-08-21T07:30:00+03:00"),
        ("Thu Aug 21 2025 07:30:00 GMT+0200 (CEST)", "2025-08-21T07:30:00+02:00"),
        ("Aug. 21, 2025 7:30 p.m. AEST", "2025-08-21T19:30:00+10:00"),
        ("1755734400", None),
    ],
)
def test_a_date_is_taken_where_it_can_be_read_in_one_way_only(said: str, published: str | None) -> None:
    assert read("a.json", json.dumps({"text": "It rained.", "date": said})).published == published


def test_a_day_that_does_not_exist_is_no_date_and_loses_no_article() -> None:
    assert read("a.md", "---\ntitle: T\ndate: 2024-02-31\n---\nIt rained.") == Article(
        id="a.md", path="a.md", text="It rained.", title="T"
    )


# A line of its own


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published 21 August 2025", "2025-08-21"),
        ("Published: 2025-08-21T07:30:00Z", "2025-08-21T07:30:00+00:00"),
        ("21 August 2025, 07:30 BST", "2025-08-21T07:30:00+01:00"),
        ("Thursday, August 21st, 2025 at 7:30 a.m.", "2025-08-21T07:30:00"),
        ("Aug. 21, 2025", "2025-08-21"),
        ("By Jane Roe, March 3, 2024", "2024-03-03"),
        ("BY JANE ROE | March 3, 2024", "2024-03-03"),
        ("The Wire | 21 August 2025 | 5 min read", "2025-08-21"),
        ("First published on 3 March 2024 (updated 5 March 2024)", "2024-03-03"),
        ("Updated 21 August 2025", "2025-08-21"),
        ("Published 03/04/2025", None),
        ("August 2025", None),
        ("The war began on 24 February 2022.", None),
        ("24 February 2022 – the war began", None),
        ("By 3 March 2024 the war was over", None),
        ("Speech to the Council, 21 August 2025", None),
    ],
)
def test_a_line_near_the_top_that_plainly_states_a_date_is_taken(line: str, published: str | None) -> None:
    assert read("a.txt", f"Rain in Odesa\n\n{line}{TEXT}").published == published


def test_a_line_is_taken_in_every_format_that_has_lines_about_the_article() -> None:
    document = docx.Document()
    for paragraph in ("Published 21 August 2025", "It rained."):
        document.add_paragraph(paragraph)
    for path, data in (
        ("a.md", "# T\n\n*Published 21 August 2025*\n\nIt rained."),
        ("a.html", "<body><article><p>Published 21 August 2025</p><p>It rained in Odesa today.</p></article>"),
        ("a.pdf", pdf("Published 21 August 2025\n\nIt rained in Odesa for the third day.")),
        ("a.docx", saved(document)),
        ("a.zip", zipped({"a.txt": f"Published 21 August 2025{TEXT}"})),
    ):
        assert read(path, data).published == "2025-08-21", path


def test_a_publication_goes_before_an_update_wherever_it_stands() -> None:
    assert read("a.txt", f"Updated 5 March 2024\n\nPublished 3 March 2024{TEXT}").published == "2024-03-03"
    assert read("2024-03-03-rain.txt", f"Updated 5 March 2024{TEXT}").published == "2024-03-03"


def test_the_headings_of_a_chronicle_are_no_date_of_publication() -> None:
    assert read("a.txt", "A war in days\n\n24 February 2022\n\nIt began.\n\n25 February 2022\n\nOn.").published is None


def test_a_line_far_from_the_top_is_no_byline() -> None:
    assert read("a.txt", "It rained.\n" * 20 + "Published 21 August 2025\n").published is None


# The address, the name of the file


@pytest.mark.parametrize(
    ("url", "published"),
    [
        ("https://example.org/2018/03/15/rain", "2018-03-15"),
        ("https://example.org/world/2018/mar/15/rain-in-odesa", "2018-03-15"),
        ("https://example.org/20180315/rain", "2018-03-15"),
        ("https://example.org/rain-20180315", "2018-03-15"),
        ("https://example.org/2018/03/rain", None),
        ("https://example.org/2018/13/15/rain", None),
        ("https://example.org/rain?day=20180315", None),
        ("https://example.org/120180315", None),
        ("http://[not an address", None),
    ],
)
def test_the_path_of_an_address_may_state_the_day(url: str, published: str | None) -> None:
    assert read("a.jsonl", json.dumps({"text": "It rained.", "url": url})).published == published
    assert read("a.jsonl", json.dumps({"text": "It rained.", "id": url})).published == published


@pytest.mark.parametrize(
    ("path", "published"),
    [
        ("2025-08-21-grain.txt", "2025-08-21"),
        ("below/grain_20250821.txt", "2025-08-21"),
        ("2025-08-21/grain.txt", None),
        ("2025-08-01_2025-08-31.txt", None),
        ("grain-21-08-25.txt", None),
        ("grain-20259999.txt", None),
    ],
)
def test_the_name_of_a_file_may_state_the_day(path: str, published: str | None) -> None:
    assert read(path, "It rained.").published == published


def test_the_name_of_a_file_of_many_is_no_date_of_its_articles() -> None:
    row = json.dumps({"text": "It rained."})
    assert read("2025-08-21.jsonl", row).published is None
    assert read("a.zip", zipped({"2025-08-21.jsonl": row})).published is None
    assert read("2025-08-21.zip", zipped({"a.txt": "It rained."})).published is None
    assert read("2025-08-21.zip", zipped({"2024-01-02-a.txt": "It rained."})).published == "2024-01-02"


def test_what_is_said_plainest_is_taken_first() -> None:
    page = '<meta name="pubdate" content="2024-01-01"><link rel=canonical href="{url}"><p>{line}<p>It rained.'
    url, line = "https://example.org/2024/01/03/a", "Published 2 January 2024"
    name = "2024-01-04-a.html"
    assert read(name, page.format(url=url, line=line)).published == "2024-01-01"
    page = page.replace("2024-01-01", "soon")
    assert read(name, page.format(url=url, line=line)).published == "2024-01-02"
    assert read(name, page.format(url=url, line="It did.")).published == "2024-01-03"
    assert read(name, page.format(url="https://example.org/a", line="It did.")).published == "2024-01-04"


def test_the_time_of_a_file_is_never_the_date_of_its_article(tmp_path: Path) -> None:
    from index.load import open_file, read_articles

    (tmp_path / "a.txt").write_text("It rained.")
    with open_file(tmp_path, "a.txt") as file:
        (article,) = read_articles("a.txt", file)
    assert isinstance(article, Article)
    assert article.published is None


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="pubdate" content="2024-03-05T10:00:00+02:00">',
        '<meta itemprop="datePublished" content="2024-03-05T10:00:00+02:00">',
        (
            '<script type="application/ld+json">[{"@type": "Person"}, {"@graph": [{"@type": '
            '["NewsArticle", "Thing"], "datePublished": "2024-03-05T10:00:00+02:00"}]}]</script>'
        ),
        '<time pubdate datetime="2024-03-05T10:00:00+02:00">5 March</time>',
    ],
)
def test_a_page_says_when_it_was_published_in_several_ways(head: str) -> None:
    page = f'<head>{head}<meta name="date" content="03/05/2024"></head><body><p>It rained in Odesa.</p>'
    assert read("a.html", page).published == "2024-03-05T10:00:00+02:00"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="date" content="03/05/2024">',
        '<meta property="article:modified_time" content="2024-03-05">',
        '<meta http-equiv="date" content="2024-03-05">',
        '<script type="application/ld+json">{"@type": "Comment", "datePublished": "2024-03-05"}</script>',
        '<script type="application/ld+json">{"@type":</script>',
    ],
)
def test_another_date_of_a_page_is_not_taken_for_that_of_publication(head: str) -> None:
    assert read("a.html", f"<head>{head}</head><body><p>It rained in Odesa.</p>").published is None


def test_the_update_of_an_entry_is_not_its_publication() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><updated>2025-08-21T07:30:00Z</updated>'
        "<content>It rained.</content></entry></feed>"
    )
    assert read("a.atom", atom).published is None
    rss1 = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="x"><description>It rained.</description>'
        "<dc:date>2025-08-21T07:30:00Z</dc:date></item></rdf:RDF>"
    )
    assert read("a.xml", rss1).published == "2025-08-21T07:30:00+00:00"


# The language


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("en", "en"),
        ("en_GB", "en-GB"),
        ("PT-br.UTF-8", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("English", None),
        ("en, fr", None),
        ("x-default", None),
        ("und", None),
        ("", None),
    ],
)
def test_a_language_is_written_as_its_tag(said: str, language: str | None) -> None:
    assert read("a.json", json.dumps({"text": "It rained.", "lang": said})).language == language


def test_every_format_says_its_language_in_its_own_place() -> None:
    document = docx.Document()
    document.core_properties.language = "fr_CA"
    document.add_paragraph("Il pleut.")
    message = mail("Il pleut.")
    message["Content-Language"] = "fr-CA"
    item = "<item><description>Il pleut.</description></item>"
    rss = f'<rss version="2.0"><channel><language>fr-ca</language>{item}</channel></rss>'
    entry = '<entry><id>1</id><content xml:lang="fr-CA">Il pleut.</content></entry>'
    for path, data in (
        ("a.txt", "Title: T\nLanguage: fr-CA\n\nIl pleut."),
        ("a.md", "---\nlang: fr-CA\n---\nIl pleut."),
        ("a.csv", "text,locale\nIl pleut.,fr_CA\n"),
        ("a.docx", saved(document)),
        ("a.eml", message.as_bytes()),
        ("a.pdf", pdf("Il pleut.").replace(b"/Type /Catalog", b"/Type /Catalog /Lang (fr-CA)")),
        ("a.rss", rss),
        ("a.atom", f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">{entry}</feed>'),
        ("a.html", '<html lang="fr-CA"><p>Il pleut.'),
        ("a.html", '<meta property="og:locale" content="fr_CA"><p>Il pleut.'),
        ("a.html", '<meta http-equiv="Content-Language" content="fr-CA"><p>Il pleut.'),
    ):
        assert read(path, data).language == "fr-CA", (path, data)


def test_no_language_is_made_out_from_the_text() -> None:
    assert read("a.txt", "Il pleut sur la ville, et les gens restent chez eux.").language is None
    assert read("a.md", "---\nlang: no\n---\nDet regner.").language == "no"  # YAML would take it for a truth value


# The address of a page


def test_a_saved_page_tells_where_it_was_saved_from() -> None:
    mark = "<!DOCTYPE html>\n<!-- saved from url=(0025)https://example.com/a -->\n"
    assert read("a.html", f"{mark}<html><p>It rained.").url == "https://example.com/a"
    canonical = '<link rel="canonical" href="https://example.org/b">'
    assert read("a.html", f"{mark}<html><head>{canonical}</head><p>It rained.").url == "https://example.org/b"
    assert read("a.html", "<!-- saved from url=(0014)about:internet --><html><p>It rained.").url is None
    assert read("a.html", f"<html><p>It rained.{'<p>It did.' * 1000}{mark}").url is None


def test_all_that_an_article_says_of_itself_is_found() -> None:
    assert found("a.md", "---\ntitle: 2024\nauthor: [A, {name: B}]\nsource: ~\n---\nIt rained.") == [
        Article(id="a.md", path="a.md", text="It rained.", title="2024", author="A, B")
    ]
