"""Answers are made of sentences that stand in the articles: which of them, in which order, and what is said of them."""

from dataclasses import replace

import pytest

from index.records import Article, Hit, Span
from qa.compose import BY_DATE, DIFFER, Composed, compose, left_to_say
from qa.read import Reading, Sentence, Words


def reading(name: str, *said: tuple[str, float, str], sure: float = 1.0) -> Reading:
    """Return an article of these sentences, each with its probability and the words in it that answer, so `sure`."""
    article = Article(name, name, " ".join(text for text, _, _ in said))
    sentences = []
    for text, probability, words in said:
        start = article.text.index(text)
        first = start + text.index(words)
        answering = Words(Span(first, first + len(words)), sure) if words else None
        sentences.append(Sentence(Span(start, start + len(text)), probability, answering))
    return Reading(Hit(article, 0, len(article.text), 1.0), tuple(sorted(sentences, key=lambda one: -one.probability)))


def whole(question: str, *readings: Reading) -> Composed:
    *_, composed = compose(question, readings)
    return composed


def test_the_likeliest_sentence_is_first_and_the_others_follow_as_they_stand_in_their_article() -> None:
    one = reading("a", ("Rain fell.", 0.2, ""), ("The dam broke.", 0.4, ""), ("So the town fled.", 0.25, ""))
    composed = whole("Why did the town flee?", one)
    assert composed.text == "The dam broke. [1] Rain fell. [2] So the town fled. [3]"
    assert composed.lead == ""


def test_a_figure_that_the_next_sentence_corrects_is_no_short_answer() -> None:
    wrong = ("We said that 600 people fled.", 0.9, "600")
    composed = whole("How many people fled?", reading("a", wrong, ("The correct figure is 480.", 0.05, "480")))
    assert (composed.short, composed.text) == ("", "We said that 600 people fled. The correct figure is 480. [1]")
    assert whole("How many people fled?", reading("a", wrong, ("They came back.", 0.05, ""))).short == "600"


@pytest.mark.parametrize(
    ("question", "said", "words", "short"),
    [
        ("Where was it signed?", "It was not signed in Prague.", "Prague", ""),
        ("When will it open?", "The bridge won’t open before May.", "before May", ""),
        ("Where was it signed?", "It was not signed in Prague, but in Minsk.", "Minsk", "Minsk"),
        ("When did it end?", "It did not end until 1994.", "1994", "1994"),
        ("Where was it never signed?", "It was not signed in Prague.", "Prague", "Prague"),
        ("Who did not sign it?", "Biden did not sign it.", "Biden", "Biden"),
    ],
)
def test_what_is_not_so_is_no_answer_by_itself(question: str, said: str, words: str, short: str) -> None:
    composed = whole(question, reading("a", (said, 0.9, words)))
    assert composed.short == short
    assert (composed.citations[0].words is not None) == bool(short)


def test_articles_that_give_the_same_fact_are_cited_together() -> None:
    one = reading("a", ("The treaty was signed in Prague.", 0.5, "Prague"))
    two = reading("b", ("It was at Prague Castle that both of them met.", 0.3, "Prague Castle"))
    composed = whole("Where was the treaty signed?", one, two)
    assert composed.text == "The treaty was signed in Prague. [1][2]"
    assert [(cited.article.id, cited.agrees_with) for cited in composed.citations] == [("a", 0), ("b", 1)]
    assert composed.citations[1].quote == "It was at Prague Castle that both of them met."


def test_articles_that_give_another_number_of_the_same_are_set_side_by_side() -> None:
    one = reading("a", ("The blast in Kharkiv killed 12 people.", 0.5, "12"))
    two = reading("b", ("At least 15 people were killed by the blast in Kharkiv.", 0.4, "15"))
    composed = whole("How many people did the blast in Kharkiv kill?", one, two)
    assert composed.lead == DIFFER
    assert composed.text.startswith("The articles differ: The blast in Kharkiv killed 12 people. [1] At least 15")


def test_another_number_of_another_thing_is_no_difference() -> None:
    one = reading("a", ("The blast in Kharkiv killed 12 people.", 0.5, "12"))
    two = reading("b", ("The harvest of the year brought 15 million tons of wheat.", 0.4, "15 million"))
    assert whole("How many people did the blast in Kharkiv kill?", one, two).lead == ""


def test_words_that_are_likelier_not_to_answer_are_no_other_number_of_the_same() -> None:
    one = reading("a", ("The blast in Kharkiv killed 12 people.", 0.5, "12"))
    two = reading("b", ("At least 15 people were killed by the blast in Kharkiv.", 0.4, "15"), sure=-1.0)
    composed = whole("How many people did the blast in Kharkiv kill?", one, two)
    assert composed.lead == ""
    assert [cited.words is not None for cited in composed.citations] == [True, True]


@pytest.mark.parametrize(
    ("one", "two", "differ"),
    [
        ("Kyiv", "Minsk", True),
        ("the Hague", "“Minsk", True),
        ("Kyiv", "7 March", False),
        ("seven days", "7 weeks", False),
        ("seven days", "9 days", True),
        ("Kyiv", "a hall of mirrors", False),
        ("in a hurry", "a hall of mirrors", False),
    ],
)
def test_only_two_numbers_or_two_names_differ(one: str, two: str, differ: bool) -> None:
    readings = [
        reading(words, (f"The presidents signed the treaty of gas {words}.", 0.5, words)) for words in (one, two)
    ]
    assert whole("Where did the presidents sign?", *readings).lead == (DIFFER if differ else "")


def test_words_that_are_likelier_not_to_answer_are_no_same_fact_either() -> None:
    one = reading("a", ("On Monday the Security Council voted in the great hall.", 0.4, "Monday"))
    two = reading("b", ("A Monday paper said that nobody knew the way.", 0.3, "Monday"), sure=-7.0)
    composed = whole("When did the Security Council vote?", one, two)
    assert [cited.agrees_with for cited in composed.citations] == [0, 0]
    assert composed.short == ""
    copies = [
        reading(name, ("The hall was full when the treaty of gas came up.", 0.3, words), sure=-7.0)
        for name, words in (("a", "full"), ("b", "gas"))
    ]
    assert [cited.agrees_with for cited in whole("When was it?", *copies).citations] == [0, 1]


def test_one_article_does_not_differ_from_itself_and_is_not_cited_twice_for_one_fact() -> None:
    one = reading("a", ("On Monday 12 people died in the fire.", 0.5, "12"), ("By Friday 15 had died.", 0.4, "15"))
    assert whole("How many died?", one).lead == ""
    twice = reading("b", ("Twelve people died in the fire.", 0.3, "Twelve"), ("Twelve died, he said.", 0.3, "Twelve"))
    composed = whole("How many died?", reading("a", ("The fire killed twelve.", 0.4, "twelve")), twice)
    assert [cited.article.id for cited in composed.citations if cited.agrees_with] == ["b"]


def published(one: Reading, day: str | None) -> Reading:
    return replace(one, hit=replace(one.hit, article=replace(one.hit.article, published=day)))


def test_what_a_later_article_gives_instead_is_told_behind_however_likely_the_first_is() -> None:
    one = published(reading("a", ("More than 60 people are missing after the storm.", 0.99, "60")), "2022-07-22")
    two = published(reading("b", ("Thirty-four people remain missing.", 0.005, "Thirty-four")), "2022-07-25")
    composed = whole("How many people are missing?", one, two)
    assert (composed.lead, composed.short) == (BY_DATE, "")
    assert composed.text == (
        "Oldest first: More than 60 people are missing after the storm. [1] Thirty-four people remain missing. [2]"
    )


@pytest.mark.parametrize(
    ("day", "later", "sure"),
    [
        ("2022-07-21", "Thirty-four people remain missing.", 1.0),  # is earlier
        (None, "Thirty-four people remain missing.", 1.0),  # has no day
        ("2022-07-25", "Sixty people remain missing.", 1.0),  # gives the same
        ("2022-07-25", "Thirty-four ships left the port.", 1.0),  # speaks of something else
        ("2022-07-25", "Thirty-four people remain missing.", -2.0),  # likely does not give what is asked for
        ("2022-07-25", "Thirty people are missing, it was feared.", 1.0),  # likely does not answer
    ],
)
def test_what_is_no_later_number_of_the_same_is_not_told(day: str | None, later: str, sure: float) -> None:
    one = published(reading("a", ("More than 60 people are missing after the storm.", 0.99, "60")), "2022-07-22")
    likely = 0.0005 if "feared" in later else 0.005
    two = published(reading("b", (later, likely, later.partition(" ")[0]), sure=sure), day)
    composed = whole("How many people are missing?", one, two)
    assert (composed.lead, composed.short, len(composed.citations)) == ("", "60", 1)


def test_where_the_likeliest_is_not_the_oldest_nothing_is_put_in_order() -> None:
    one = published(reading("a", ("More than 60 people are missing after the storm.", 0.5, "60")), "2022-07-22")
    two = published(reading("b", ("Thirty people are missing, and the storm is near.", 0.4, "Thirty")), "2022-07-20")
    three = published(reading("c", ("Ten people remain missing in the south.", 0.05, "Ten")), "2022-07-25")
    composed = whole("How many people are missing?", one, two, three)
    assert [cited.article.id for cited in composed.citations] == ["a", "b"]
    assert composed.lead != BY_DATE


def test_of_a_short_answer_that_names_no_date_the_day_is_reckoned_from_that_of_its_article() -> None:
    def told(sentence: str, words: str, published: str | None = "2022-07-22") -> str:
        one = reading("a", (sentence, 0.9, words))
        one = replace(one, hit=replace(one.hit, article=replace(one.hit.article, published=published)))
        composed = whole("When did the ship sink?", one)
        assert composed.short == words
        return composed.citations[0].day

    assert told("The ship sank on Tuesday.", "on Tuesday") == "2022-07-19"
    assert told("The owner said on Monday that the ship sank late on Sunday.", "Sunday") == "2022-07-17"
    assert told("The ship sank Thursday less than an hour after it left.", "Thursday") == "2022-07-21"
    assert told("The ship that sank in June was old.", "June") == "2022-06"
    assert told("The ship sank on Tuesday.", "on Tuesday", published=None) == ""
    assert told("The ship sank on 19 July 2022.", "19 July 2022") == ""
    assert told("The ship will be sunk on Tuesday.", "on Tuesday") == ""
    assert told("The ship sails on Tuesday.", "on Tuesday") == ""


def test_articles_agree_on_a_day_and_not_on_the_name_of_one() -> None:
    def told(name: str, sentence: str, words: str, published: str) -> Reading:
        one = reading(name, (sentence, 0.5, words))
        return replace(one, hit=replace(one.hit, article=replace(one.hit.article, published=published)))

    first = told("a", "The ship sank on Tuesday.", "on Tuesday", "2022-07-22")
    alike = told("b", "In the storm of July 19 the old ferry went down with all its freight.", "July 19", "2022-08-01")
    other = told("c", "The owner wrote that another ferry was lost on Tuesday.", "on Tuesday", "2022-07-29")
    assert [cited.agrees_with for cited in whole("When did it sink?", first, alike).citations] == [0, 1]
    assert [cited.agrees_with for cited in whole("When did it sink?", first, other).citations] == [0, 0]


def test_a_short_answer_is_the_sure_words_of_the_first_sentence_where_a_fact_is_asked_for() -> None:
    said = ("The treaty was signed\nin  Prague.", 0.5, "Prague")
    assert whole("Where was the treaty signed?", reading("a", said)).short == "Prague"
    assert whole("In which city was the treaty signed?", reading("a", said)).short == "Prague"
    assert whole("Why was the treaty signed?", reading("a", said)).short == ""
    assert whole("Where was the treaty signed?", reading("a", said, sure=-1.0)).short == ""
    unlikely = ("The treaty was signed in Prague.", 0.3, "Prague")
    assert whole("Where was the treaty signed?", reading("a", unlikely)).short == ""
    assert whole("Where was the treaty signed?", reading("a", unlikely), reading("b", unlikely)).short == "Prague"
    copied = [reading(name, said) for name in ("a", "b")]
    assert whole("Was it signed where he was born?", *copied).short == ""
    listed = ("It was signed by Leonid Kuchma, Boris Yeltsin and Bill Clinton.", 0.9, "Leonid Kuchma")
    assert whole("Who signed it?", reading("a", listed)).short == ""
    assert whole("When was the treaty signed?", reading("a", said)).short == ""
    capitals = (f"It was signed by Leonid Kuchma, {'A' * 60} {'B ' * 30}.", 0.9, "Leonid Kuchma")
    assert whole("Who signed it?", reading("a", capitals)).short == "Leonid Kuchma"
    many = " and ".join(["Prague"] * 10)
    assert whole("Where was it signed?", reading("a", (f"It was signed in {many}.", 0.5, many))).short == ""
    one = reading("a", ("The blast in Kharkiv killed 12 people.", 0.5, "12"))
    two = reading("b", ("At least 15 people were killed by the blast in Kharkiv.", 0.4, "15"))
    assert whole("How many people did the blast in Kharkiv kill?", one, two).short == ""


def test_which_of_several_is_asked_for_and_articles_that_name_others_do_not_differ() -> None:
    readings = [reading(name, (f"{name} joined NATO as a new member.", 0.5, name)) for name in ("Finland", "Sweden")]
    composed = whole("Which countries joined NATO?", *readings)
    assert (composed.lead, composed.short, len(composed.citations)) == ("", "", 2)
    assert whole("Which country joined NATO?", readings[1]).short == "Sweden"


def test_what_is_half_as_likely_as_the_first_is_left_out_and_no_more_than_three_say_different_things() -> None:
    said = [("One thing.", 0.3, ""), ("Two apples.", 0.2, ""), ("Three pears.", 0.2, ""), ("Four plums.", 0.2, "")]
    composed = whole("Why?", reading("a", *said, ("Five figs.", 0.1, "")))
    assert [cited.number for cited in composed.citations] == [1, 2, 3]
    assert "Five" not in composed.text


def test_a_sentence_whose_subject_is_in_the_one_before_is_quoted_with_it() -> None:
    said = [("Trump ruled out troops.", 0.1, ""), ("He has suggested air power.", 0.8, "air power")]
    composed = whole("What did Trump suggest?", reading("a", *said))
    (cited,) = composed.citations
    assert cited.quote == "Trump ruled out troops. He has suggested air power."
    assert composed.text == f"{cited.quote} [1]"
    assert cited.words is not None
    assert cited.article.text[cited.words.start : cited.words.end] == "air power"


def test_the_sentence_that_the_first_is_quoted_with_is_not_told_again_behind_it() -> None:
    both = reading("a", ("Trump ruled out troops.", 0.5, ""), ("He has suggested air power.", 0.6, ""))
    (cited,) = whole("What?", both).citations
    assert cited.quote == "Trump ruled out troops. He has suggested air power."


def test_what_the_sentence_before_the_first_contradicts_is_told_and_its_words_are_kept() -> None:
    a = reading("a", ("The blast in Kharkiv killed 12 people.", 0.4, "12"), ("It struck a market at noon.", 0.5, ""))
    b = reading("b", ("At least 15 people were killed by the blast in Kharkiv.", 0.35, "15"))
    composed = whole("How many people did the blast in Kharkiv kill?", a, b)
    assert composed.lead == DIFFER
    first, second = composed.citations
    assert first.quote == "The blast in Kharkiv killed 12 people. It struck a market at noon."
    assert first.words is not None
    assert first.article.text[slice(*first.words)] == "12"
    assert second.article.id == "b"
    surer = reading("a", ("The blast killed 12 people.", 0.4, "12"), ("It struck at noon.", 0.5, "noon"))
    noon, killed = surer.sentences
    assert noon.words is not None
    unsure = replace(surer, sentences=(replace(noon, words=replace(noon.words, sure=-1.0)), killed))
    (cited,) = whole("How many people did the blast kill?", unsure).citations
    assert cited.quote == "The blast killed 12 people. It struck at noon."
    assert cited.words is not None
    assert cited.article.text[slice(*cited.words)] == "12"


def test_what_is_quoted_anyway_or_asks_or_is_long_or_far_is_not_quoted_before_it() -> None:
    both = reading("a", ("Trump ruled out troops.", 0.6, ""), ("He has suggested air power.", 0.5, ""))
    assert [cited.quote for cited in whole("What?", both).citations] == [
        "Trump ruled out troops.",
        "He has suggested air power.",
    ]
    for before in ("What did Trump suggest?", "Trump, a " + "very " * 70 + "old man, spoke.", "Trump spoke.\n\n"):
        (cited,) = whole("What?", reading("a", (before, 0.1, ""), ("He has suggested air power.", 0.8, ""))).citations
        assert cited.quote == "He has suggested air power."
    (cited,) = whole("What?", reading("a", ("Trump spoke.", 0.1, ""), ("Air power came up.", 0.8, ""))).citations
    assert cited.quote == "Air power came up."


def test_what_was_told_with_the_sentence_before_it_is_not_told_again() -> None:
    said = [("Trump ruled out troops.", 0.1, ""), ("He has suggested air power.", 0.8, ""), ("Rain fell.", 0.01, "")]
    one = reading("a", *said)
    told = whole("What did Trump suggest?", one).text
    (left,) = left_to_say([one], [told])
    assert [left.hit.article.text[slice(*sentence.span)] for sentence in left.sentences] == ["Rain fell."]
