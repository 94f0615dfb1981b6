"""Whatever an article or a person says, the page shows its characters and runs none of them."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats import READERS
from index.records import Article, BuildReport, Failure, Progress
from index.store import Entry, Listing, Order, Outlet
from qa.intent import Said
from ui import export, masthead, pane, rail, render, shelf, thread
from ui.conversation import DONE, Asked, Conversation, Exchange, Quote, Source
from ui.desk import Opened
from ui.history import Heading
from ui.job import Cancelled, Done, Failed, Idle, Running

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "' onmouseover='alert(1)",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "$$\\href{javascript:alert(1)}{x}$$",
    "https://evil.example/track",
    "&lt;script&gt;",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
]
TAGS = set(
    """
    a article b bdi blockquote br button cite details div form h1 h2 h3 input label li mark nav ol option p path pre
    progress s section select small span strong summary svg textarea time ul html head meta style title body
    """.split()  # noqa: SIM905
)
ATTRIBUTES = set(
    """
    accept aria-controls aria-current aria-describedby aria-expanded aria-hidden aria-label aria-live aria-pressed
    charset class content d data-act data-article data-conversation data-month data-name data-number data-offset
    data-path data-read data-state data-step data-turn data-view data-words dir disabled fill focusable for height
    hidden href http-equiv id lang max maxlength multiple name placeholder rel role rows start stroke stroke-linecap
    stroke-linejoin stroke-width style tabindex target title type value viewbox width
    """.split()  # noqa: SIM905
)


class Seen(HTMLParser):
    """Collects what a browser would make of the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def article(text: str) -> Article:
    return Article(f"{text}.txt", "p", f"Before. {text} After.", text, text, text, "2025-08-21", text)


def quote(text: str, number: int = 1) -> Quote:
    return Quote(number, Source.of(article(text)), 8, 8 + len(text), text, (8, 9), (text, text))


def exchange(text: str, *, answered: bool = True) -> Exchange:
    return Exchange(
        Asked(text, "2025-01-01", text, text, (text,)),
        at="2025-08-21T07:30:00+00:00",
        state=DONE,
        understood=f"{text} more",
        said=(Said(0, 1, text, text, filters=True),),
        answered=answered,
        lead=text,
        text=text,
        quotes=(quote(text),) if answered else (),
        near=(quote(text),),
        probability=0.7,
        short=text,
        suggested=(text,),
        thumb="down",
        comment=text,
    )


def opened(text: str, *, answered: bool = True, there: bool = True) -> Opened:
    asked = exchange(text, answered=answered)
    return Opened(article(text) if there else None, asked, 0, asked.evidence[0])


def everything(text: str) -> list[str]:
    conversation = Conversation("id", text, (exchange(text), exchange(text, answered=False)))
    troubled = replace(conversation, exchanges=(replace(exchange(text), trouble=text),))
    return [
        thread.past_html(conversation),
        thread.exchange_html(replace(exchange(text), asked=Asked(text, outlet=text)), 0, running=False),
        thread.now_html(conversation, running=False),
        thread.exchange_html(replace(exchange(text), lead=""), 0, running=False),
        thread.next_html(conversation),
        thread.now_html(troubled, running=False),
        thread.now_html(conversation, running=True),
        thread.welcome_html(3, [text], [text]),
        thread.opening_html([text]),
        pane.pane_html(opened(text)),
        pane.pane_html(opened(text, answered=False)),
        pane.pane_html(opened(text, there=False)),
        pane.article_html(article(text)),
        rail.rail_html([Heading(text, text, "2025")], text),
        rail.rail_html([], text, person=text).replace(' href="/logout"', ""),
        render.library_html(3, [Outlet(text, 3)]),
        render.job_html(Done(BuildReport(1, 0, 0, 0, (Failure(text, text),)))),
        render.job_html(Failed(text)),
        render.trouble_html(text),
        masthead.notice_html(text, put_back=text),
        masthead.filters_html([Outlet(text, 1)]),
        masthead.parcel_html(text, text),
        shelf.controls_html([Outlet(text, 1)]),
        shelf.shelf_html(
            Listing((Entry(text, text, text, text, None),), 1, ((text, 1), ("2025", 2))),
            shelf.Sought(text, text, text, Order.TITLE),
            may_change=True,
        ),
        shelf.timeline_html(((text, 1), ("2025-02", 2)), shelf.Sought()),
        shelf.failed_html([Failure(text, text)]),
        export.page(conversation),
    ]


@given(st.text(min_size=1, max_size=60) | st.sampled_from(ATTACKS))
def test_no_text_becomes_a_tag_a_handler_or_an_address(text: str) -> None:
    for html in everything(text):
        seen = Seen(html)
        assert seen.tags <= TAGS, html
        assert {name for name, _ in seen.attributes} <= ATTRIBUTES, html
        for name, value in seen.attributes:
            if name == "href":
                assert value is not None
                assert value.startswith(("#cite-", "#source-", "/answer?q=")) or urlsplit(value).scheme in {
                    "http",
                    "https",
                }
            assert name != "style" or (value or "").startswith("block-size:")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_shown_as_the_characters_it_is_made_of(attack: str) -> None:
    assert attack in Seen(thread.exchange_html(exchange(attack), 0, running=False)).text
    assert attack in Seen(pane.article_html(article(attack))).text


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_left_that_markdown_or_a_template_would_read(attack: str) -> None:
    assert not set("<>[]()!*_`$|\\:/{}") & set(render.escape(attack))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a?b=1&c=2", "example.org"),
        ("http://example.org:8080/", "example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org/a", None),
        ("https://good.example@evil.example/", None),
        ("https://good.example\\@evil.example/", None),
        ("java\nscript:alert(1)", None),
        ("https://[::1", None),
        ("", None),
    ],
)
def test_a_link_to_the_original_is_of_the_web_and_names_where_it_leads(url: str, host: str | None) -> None:
    seen = Seen(render.address_html(url))
    assert ("a" in seen.tags) == (host is not None)
    if host:
        said = dict(seen.attributes)
        assert (said["rel"], said["target"], said["href"]) == ("noopener noreferrer", "_blank", url)
        assert seen.text == f"Open the original at {host}"


def test_the_words_that_answer_are_bold_in_the_answer_and_in_the_article() -> None:
    text = "It  rained in\nOdesa. Then it snowed."
    there = Article("a", "a", text)
    cited = Quote(1, Source.of(there), 0, 20, text[:20], (14, 19))
    assert thread.quote_html(cited) == "It rained in <strong>Odesa</strong>."
    listed = replace(cited, text="It rained in\n\nOdesa\n\nand\nRiga", words=None)
    assert thread.quote_html(listed) == "It rained in<br>Odesa<br>and Riga"
    asked = replace(exchange("x"), quotes=(cited,))
    assert (
        '<mark id="chosen" class="quote chosen" tabindex="-1">It  rained in\n<strong>Odesa</strong>.</mark> Then'
        in pane.pane_html(Opened(there, asked, 0, cited))
    )


def test_a_short_answer_stands_by_itself_before_the_sentence_that_it_is_of() -> None:
    asked = replace(exchange("It rained in Odesa."), lead="", short="in <Odesa>")
    html = thread.now_html(Conversation("id", exchanges=(asked,)), running=False)
    (shown,) = re.findall(r'<p class="short".*?</p>', html)
    assert Seen(shown).text == "in <Odesa>"
    assert html.index(shown) < html.index('class="said"')
    assert thread.heard_text(asked).startswith("in <Odesa>. It rained in Odesa. 1 citation.")
    assert "\\<Odesa\\>**\n\n> It rained in Odesa." in export.answer_markdown(asked)
    assert shown in export.page(Conversation("id", "x", (asked,)))
    dated = replace(asked, short="on Tuesday", quotes=(replace(asked.quotes[0], day="2022-07-19"),))
    meant = "(19 July 2022, by the day of its article)"
    html = thread.now_html(Conversation("id", exchanges=(dated,)), running=False)
    (shown,) = re.findall(r'<p class="short".*?</p>', html)
    assert Seen(shown).text == f"on Tuesday {meant}"
    assert thread.heard_text(dated).startswith(f"on Tuesday. {meant} It rained")
    assert shown in export.page(Conversation("id", "x", (dated,)))
    assert "**on Tuesday** (19 July 2022" in export.answer_markdown(dated).replace("\\", "")
    listed = replace(dated, short="", lead="1 date:")
    for told in (
        thread.now_html(Conversation("id", exchanges=(listed,)), running=False),
        export.page(Conversation("id", "x", (listed,))),
        export.answer_markdown(listed),
    ):
        day = unescape(told).index("19 July 2022:")
        assert "It rained" in unescape(told)[day : day + 300]
    without = replace(asked, short="")
    assert 'class="short"' not in thread.now_html(Conversation("id", exchanges=(without,)), running=False)
    assert thread.heard_text(without).startswith("It rained")


def test_a_list_names_each_article_once_above_what_stands_in_it() -> None:
    other = replace(quote("x", 3), source=replace(quote("x").source, article="y", title="Other"))
    listed = replace(
        exchange("It rained."), lead="1 article mentions <rain>:", quotes=(quote("x"), quote("x", 2), other)
    )
    html = thread.now_html(Conversation("id", exchanges=(listed,)), running=False)
    assert "1 article mentions <rain>:" in Seen(html).text
    assert [Seen(part).text for part in re.findall(r'<p class="when">.*?</p>', html)] == [
        "x · x · x · 21 August 2025 · The same story: x",
        "Other · x · x · 21 August 2025 · The same story: x",
    ]
    assert html.index('class="when"') < html.index('class="said"')
    assert "very likely" not in Seen(html).text


def test_the_short_answer_of_a_list_stands_before_what_is_said_of_the_list() -> None:
    listed = replace(exchange("Ana rained."), lead="2 articles name Ana:", short="Ana")
    for told in (
        thread.now_html(Conversation("id", exchanges=(listed,)), running=False),
        export.page(Conversation("id", "x", (listed,))),
        export.answer_markdown(listed),
    ):
        short, lead = re.search(r"<strong>Ana</strong>|\*\*Ana\*\*", told), told.index("2 articles name")
        assert short is not None
        assert short.start() < lead


def test_articles_that_agree_are_numbered_beside_each_other_and_a_doubtful_answer_says_so() -> None:
    agreeing = replace(quote("It snowed.", 2), agrees_with=1)
    asked = replace(exchange("x"), lead="", quotes=(quote("It rained."), agreeing), doubtful=True)
    html = thread.now_html(Conversation("id", exchanges=(asked,)), running=False)
    said = re.findall(r'<p class="said".*?</p>', html)
    assert len(said) == 1
    assert re.findall(r'data-number="(\d)"', said[0]) == ["1", "2"]
    assert "This is the nearest that the articles say" in html


def test_an_empty_list_is_told_in_its_own_words() -> None:
    empty = replace(exchange("x", answered=False), lead="", text="No article mentions <it>.")
    for shown in (
        thread.now_html(Conversation("id", exchanges=(empty,)), running=False),
        export.page(Conversation("id", "", (empty,))),
    ):
        assert "No article mentions <it>." in Seen(shown).text
        assert "The articles do not say" not in Seen(shown).text


def test_a_short_line_alone_is_a_heading_and_lines_of_a_list_are_none() -> None:
    text = "It rained.\n\nWhat fell\n\nThree things fell:\n\nfrogs;\n\nhail\n\nsnow\n\nAll of it melted.\n\nAn end"
    assert re.findall("<h3[^>]*>(.*?)</h3>", pane.article_html(Article("a", "a", text))) == ["What fell"]


def test_an_answer_links_to_its_page_with_all_that_it_was_asked_with() -> None:
    asked = replace(exchange("x"), asked=Asked("and it?", "2025-01-01", "", "Wire & <Co>"), understood="Did it? <b>")
    (address,) = answer_addresses(asked)
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "q": "Did it? <b>",
        "since": "2025-01-01",
        "source": "Wire & <Co>",
        "today": "2025-08-21",
    }
    assert answer_addresses(replace(asked, asked=replace(asked.asked, ignored=("it",)))) == []


def answer_addresses(asked: Exchange) -> list[str]:
    seen = Seen(thread.exchange_html(asked, 0, running=False)).attributes
    return [value for name, value in seen if name == "href" and value and value.startswith("/answer?")]


def test_to_remove_one_article_of_a_file_of_many_names_the_file() -> None:
    entries = (Entry("a.zip#b.txt", "a.zip", "One", None, None), Entry("c.txt", "c.txt", "Two", None, None))
    html = shelf.shelf_html(Listing(entries, 2, ()), shelf.Sought(), may_change=True)
    assert [value for name, value in Seen(html).attributes if name == "aria-label"] == [
        "Remove a.zip, with all articles in it",
        "Remove Two",
    ]


def test_every_kind_that_is_read_has_a_name_that_people_know() -> None:
    assert set(READERS) == set(shelf.KINDS)


def test_a_quote_is_found_again_where_the_article_has_moved_it_and_missed_where_it_is_gone() -> None:
    asked = replace(exchange("x"), quotes=(Quote(1, Source("a"), 0, 10, "It rained."),))
    moved = pane.pane_html(Opened(Article("a", "a", "New. It rained."), asked, 0, asked.quotes[0]))
    assert '<mark id="chosen" class="quote chosen" tabindex="-1">It rained.</mark>' in moved
    gone = pane.pane_html(Opened(Article("a", "a", "It snowed."), asked, 0, asked.quotes[0]))
    assert "The article was changed since." in gone
    assert "It rained." in gone
    assert "<mark" not in gone


def test_a_passage_over_paragraphs_is_marked_in_each_of_them() -> None:
    text = "One sentence.\n\nAnother sentence.\n\nA third."
    near = Quote(1, Source("a"), 4, 25, text[4:25])
    asked = replace(exchange("x", answered=False), near=(near,))
    shown = pane.pane_html(Opened(Article("a", "a", text), asked, 0, near))
    assert '<p dir="auto">One <mark id="chosen" class="near chosen" tabindex="-1">sentence.</mark></p>' in shown
    assert '<p dir="auto"><mark class="near chosen" tabindex="-1">Another sn</mark>'.replace("sn", "se") in shown


def test_a_row_of_a_table_is_no_heading() -> None:
    shown = pane.article_html(Article("a", "a", "Two kettles squeak.\n\nModel | Price\n\nBoth of them leak."))
    assert '<p class="row" dir="auto">Model &#124; Price</p>' in shown
    assert "<h3" not in shown
    assert "<h3" in pane.article_html(Article("a", "a", "Two kettles squeak.\n\nPrice\n\nBoth of them leak."))


def test_the_other_outlets_are_named_once() -> None:
    assert Seen(thread.exchange_html(exchange("Wire"), 0, running=False)).text.count("The same story: Wire") == 1
    assert thread.elsewhere_text(["a", "b", "c", "d", "e", "a"]) == "The same story: a, b, c, d and 1 more"


def test_a_rebuild_says_what_it_does_and_did() -> None:
    assert render.job_html(Idle()) == ""
    running = render.job_html(Running(Progress(3, 9, 100, 400, 50, 30.0)))
    assert "3 of 9 files, 50 passages embedded, 2 minutes left" in running
    assert '<progress max="100" value="25"' in running
    assert 'data-act="cancel"' not in render.job_html(Running(Progress(3, 9, 100, 400, 50, 30.0), stopping=True))
    assert "Stopped after 3 of 9 files" in render.job_html(Cancelled(Progress(3, 9, 100, 400, 50, 30.0)))
    assert "2 added, 1 removed" in render.job_html(Done(BuildReport(2, 0, 1, 0, ())))
    assert "Nothing changed: 7 articles" in render.job_html(Done(BuildReport(0, 0, 0, 7, ())))


def test_characters_that_turn_or_hide_text_are_left_out_and_those_that_words_need_stay() -> None:
    assert render.escape("a\u202eb\u200bc") == "abc"
    assert render.escape("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_exported_file_has_no_markup_but_its_own(attack: str) -> None:
    written = export.markdown(Conversation("id", attack, (exchange(attack),)))
    outside_code = re.sub(r"(?<!\\)`[^`\n]*`", "", written)
    assert not re.search(
        r"(?<!\\)[<>\[\]`{}$|_&!]|^\s*[>](?! )|://", re.sub(r"^> ", "", outside_code, flags=re.MULTILINE)
    )
