"""Whatever an article or a person says, the page shows its characters and runs none of them."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, BuildReport, Failure, Hit, Progress, Span
from index.store import Outlet, Scope
from qa import Answer, Citation
from qa.intent import Understood
from ui import render
from ui.job import Done, Failed, Idle, Running

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "$$\\href{javascript:alert(1)}{x}$$",
    "https://evil.example/track",
    "&lt;script&gt;",
]
TAGS = {
    "div",
    "p",
    "a",
    "h2",
    "h3",
    "mark",
    "article",
    "blockquote",
    "span",
    "br",
    "details",
    "summary",
    "ul",
    "li",
    "strong",
}


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


def answer(text: str, *, answered: bool = True) -> Answer:
    article = Article(
        id=f"{text}.txt", path="p", text=f"Before. {text} After.", title=text, source=text, author=text, url=text
    )
    citation = Citation(1, article, 8, 8 + len(text), words=Span(8, 8 + len(text) // 2))
    return Answer(
        question=text,
        understood=Understood(f"{text} more", Scope(source=text)),
        answered=answered,
        text=text,
        citations=(citation,) if answered else (),
        near=(Hit(article, 0, len(article.text), 1.0),),
        probability=0.7,
    )


def everything(text: str) -> list[str]:
    failure = BuildReport(1, 0, 0, 0, (Failure(text, text),))
    return [
        render.answer_html(answer(text), 0),
        render.answer_html(answer(text, answered=False), 0),
        render.answer_html(replace(answer(text), lead=text), 0),
        render.reading_pane_html([answer(text)]),
        render.library_html(3, [Outlet(text, 3)]),
        render.job_html(Done(failure)),
        render.job_html(Failed(text)),
        render.trouble_html(text),
        render.question_html(text),
    ]


@given(st.text(min_size=1, max_size=60) | st.sampled_from(ATTACKS))
def test_no_text_becomes_a_tag_a_handler_or_an_address(text: str) -> None:
    for html in everything(text):
        seen = Seen(html)
        assert seen.tags <= TAGS
        assert {name for name, _ in seen.attributes} <= {"class", "id", "href", "title", "tabindex", "role"}
        assert all(value.startswith("#cite-") for name, value in seen.attributes if name == "href" and value)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_shown_as_the_characters_it_is_made_of(attack: str) -> None:
    assert all(
        attack in Seen(html).text for html in (render.question_html(attack), render.reading_pane_html([answer(attack)]))
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_left_that_markdown_would_read(attack: str) -> None:
    assert not set("<>[]()!*_`$|\\:/") & set(render.question_html(attack))


def test_a_citation_links_to_the_mark_of_its_own_turn() -> None:
    cited = answer("It rained.")
    assert 'href="#cite-4-1"' in render.answer_html(cited, 4)
    pane = render.reading_pane_html([cited, answer("It snowed.")])
    assert '<mark id="cite-0-1" class="quote" tabindex="-1">It rained.</mark>' in pane
    assert '<mark id="cite-1-1" class="quote chosen" tabindex="-1">It snowed.</mark>' in pane


def test_the_article_stays_open_when_the_articles_do_not_say() -> None:
    pane = render.reading_pane_html([answer("It rained."), answer("It snowed.", answered=False)])
    assert pane.count("reading front") == 1
    assert render.reading_pane_html([]) == render.EMPTY_PANE


def test_a_rebuild_says_what_it_does_and_did() -> None:
    assert render.job_html(Idle()) == ""
    assert "3 of 9 files, 50 passages embedded, 2 minutes left" in render.job_html(
        Running(Progress(3, 9, 100, 400, 50, 30.0))
    )
    assert "2 added, 1 removed" in render.job_html(Done(BuildReport(2, 0, 1, 0, ())))
    assert "Nothing changed: 7 articles" in render.job_html(Done(BuildReport(0, 0, 0, 7, ())))


def test_characters_that_turn_or_hide_text_are_left_out() -> None:
    assert render.escape("a\u202eb\u200bc") == "abc"


def test_the_words_that_answer_are_bold_and_the_quote_stays_whole() -> None:
    article = Article("a", "a", "It was signed\nin Prague, on a <Friday>.")
    cited = Citation(1, article, 0, len(article.text), words=Span(14, 23))
    html = render.answer_html(replace(answer("x"), citations=(cited,)), 0)
    assert "<strong>in Prague</strong>" in html
    assert "It was signed in Prague, on a <Friday>." in Seen(html).text


def test_a_list_says_what_it_is_of_and_where_each_of_it_was_published() -> None:
    article = Article("a", "a", "It rained.", source="Wire", published="2024-03-05T10:00:00Z")
    html = render.answer_html(
        replace(answer("x"), lead="1 article mentions <rain>:", citations=(Citation(1, article, 0, 10),)), 0
    )
    assert "1 article mentions <rain>:" in Seen(html).text
    assert "2024-03-05 · Wire It rained." in Seen(html).text


def test_an_empty_list_is_told_in_its_own_words() -> None:
    html = render.answer_html(
        replace(answer("x"), answered=False, citations=(), near=(), text="No article contains it."), 0
    )
    assert "No article contains it." in Seen(html).text
