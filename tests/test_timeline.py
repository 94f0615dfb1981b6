"""A time line is of the dates that sentences give to what they tell, each once, in their order."""

import pytest

from index.records import Article, Hit, Span
from qa.scans.timeline import Dated, dated_sentences, time_line


def hit(text: str, *, title: str = "", name: str = "a.txt") -> Hit:
    article = Article(name, name, text, title=title, published="2022-07-22")
    return Hit(article, 0, len(text), 1.0)


def dates(found: list[Dated]) -> list[tuple[str, str]]:
    """Return the words of time, and the last day that they mean."""
    return [(one.hit.article.text[slice(*one.said)], one.until.isoformat()) for one in found]


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The grain deal was signed on 22 July 2022.", [("on 22 July 2022", "2022-07-22")]),
        ("On 17 July 2023 Russia ended the grain deal.", [("On 17 July 2023", "2023-07-17")]),
        ("In 1994 Kyiv sold grain.", [("In 1994", "1994-12-31")]),
        ("Grain left on Tuesday, July 19.", [("on Tuesday, July 19", "2022-07-19")]),
        ("Grain will have left on Tuesday, July 26.", []),
        ("On Monday the port, built in 1921, shipped grain.", [("On Monday", "2022-07-18")]),
        ("Hide Caption 2 of 9 Photos: The port Grain left on 22 July 2022.", []),
        ("Jane Roe/Reuters Grain left on 22 July 2022.", []),
        ("Grain left in June 2021, and in May 2022.", [("in June 2021", "2021-06-30"), ("in May 2022", "2022-05-31")]),
        ("Grain left last month.", []),
        # The article is of Friday, 22 July 2022.
        ("Grain left on Tuesday.", [("on Tuesday", "2022-07-19")]),
        ("Grain left on Friday.", [("on Friday", "2022-07-22")]),
        ("Grain left yesterday.", [("yesterday", "2022-07-21")]),
        ("Grain left on July 5.", [("on July 5", "2022-07-05")]),
        ("The port said on Monday that grain will leave.", [("on Monday", "2022-07-18")]),
        ("Grain is dear today.", []),
        ("Grain left on 5 May.", []),
        ("Grain will leave on Tuesday.", []),
        ("A ship with grain is to leave on 30 July.", []),
        ("“Grain left on Tuesday,” the clerk wrote.", []),
        ("Grain left before Tuesday.", []),
        ("Grain leaves on Tuesday.", []),
        ("Grain was sold Monday to Friday.", []),
        ("Grain left every Tuesday.", []),
        ("The worst was 2009. Grain left in March.", []),
        ("The worst was 2009. Grain left on Tuesday.", []),
        ("The worst was 2022. Grain left on Tuesday.", [("on Tuesday", "2022-07-19")]),
        ("Corn left in May 2022.", []),
        ("Grain in 2022", []),
    ],
)
def test_a_sentence_dates_what_it_tells_of_what_is_sought(sentence: str, said: list[tuple[str, str]]) -> None:
    assert dates(list(dated_sentences([hit(sentence)], ["grain"]))) == said


def test_of_an_article_without_a_date_no_day_is_reckoned() -> None:
    undated = Hit(Article("a.txt", "a.txt", "Grain left on Tuesday."), 0, 22, 1.0)
    assert list(dated_sentences([undated], ["grain"])) == []


def test_in_an_article_about_it_a_sentence_needs_none_of_its_words() -> None:
    told = "It ended on 17 July 2023."
    assert list(dated_sentences([hit(told, title="Corn")], ["grain", "deal"])) == []
    assert len(list(dated_sentences([hit(told, title="The Grain Deal")], ["grain", "deal"]))) == 1


def test_each_date_is_shown_once_in_order_and_those_told_most_of() -> None:
    first = hit("Grain fell in 2020. In July 2021 grain rose. Grain rose on 3 July 2021.", name="a.txt")
    second = hit("In 2020 the grain deal held. Grain fell in May 2019.", name="b.txt")
    found = list(dated_sentences([second, first], ["grain", "deal"]))
    line, count = time_line(found, 10)
    assert (count, [day for _, day in dates(line)]) == (4, ["2019-05-31", "2020-12-31", "2021-07-03", "2021-07-31"])
    assert line[1].hit is second
    assert line[1].told == 2
    (most,), count = time_line(found, 1)
    assert (most.hit, most.span, count) == (second, Span(0, 28), 4)


def test_a_sentence_with_two_dates_is_shown_for_the_first() -> None:
    line, count = time_line(dated_sentences([hit("Grain left in May 2021, and in May 2022.")], ["grain"]), 10)
    assert (dates(line), count) == ([("in May 2021", "2021-05-31")], 1)


def test_the_same_words_in_two_articles_are_of_the_later_day() -> None:
    told = "Grain left on Friday."
    kept_its_day = Hit(Article("a.txt", "a.txt", told, published="2022-07-18"), 0, len(told), 1.0)
    line, count = time_line(dated_sentences([hit(told, name="b.txt"), kept_its_day], ["grain"]), 10)
    assert ([one.until.isoformat() for one in line], count) == (["2022-07-22"], 1)
