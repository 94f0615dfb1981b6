"""The packaged model on the sample articles: what a newcomer asks first."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.seeds import figures, load, put
from index import build
from qa import ask, retrieve
from tests.conftest import SEEDS, articles_in

pytestmark = pytest.mark.model
ASKED = [question.text for split in ("dev", "test") for question in load(split)]


def test_every_sample_article_says_what_it_is_and_is_as_long_as_an_article() -> None:
    articles = articles_in(SEEDS)
    assert len(articles) >= 12
    assert {path.rsplit(".", 1)[1] for path in (article.path for article in articles)} == {"txt", "md", "html"}
    for article in articles:
        assert all((article.title, article.source, article.author, article.published)), article.id
        assert 250 <= len(article.text.split()) <= 700, article.id


def test_every_gold_sentence_stands_in_its_article() -> None:
    texts = {article.id: " ".join(article.text.split()) for article in articles_in(SEEDS)}
    for split in ("dev", "test"):
        for article, sentence in (gold for question in load(split) for gold in question.gold):
            assert article is not None
            assert sentence is not None
            assert sentence in texts[article]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.sampled_from(ASKED) | st.text(min_size=1, max_size=60).filter(lambda text: any(map(str.isalnum, text)))
)
def test_every_quote_is_the_article_s_own_characters(question: str, seed_store: Path) -> None:
    answer = ask(question, store=seed_store)
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
        assert " ".join(citation.quote.split()) in answer.text
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.answered == bool(answer.citations)
    for hit in retrieve(question, store=seed_store):
        assert hit.article.text[hit.start : hit.end] == hit.text


def test_the_real_article_is_answered_by_the_sentence_that_says_it(real_article: Path, store: Path) -> None:
    build(real_article, store=store)
    answer = ask("what did Lavrov say about veto power?", store=store)
    first = answer.citations[0]
    assert first.quote.startswith(
        "Russian Foreign Minister Sergey Lavrov has cautioned that his country should hold veto power"
    )
    assert next(real_article.iterdir()).read_text()[first.start : first.end] == first.quote


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("When did Sweden join NATO?", "7 March 2024"),
        ("When did Finland join NATO?", "Finland joined NATO on 4 April 2023"),
        (
            "What is a pocket veto?",
            "the bill dies. This is called a pocket veto",
        ),
        ("How many warheads does New START allow?", "1,550"),
        ("Who was Joseph Stone?", "Joseph Stone, an American paramedic"),
        ("Where was New START signed?", "signed New START in Prague"),
        ("When was Article 5 invoked?", "after the attacks of 11 September 2001"),
        ("Who abolished the liberum veto?", "The Constitution of 3 May 1791 abolished the liberum veto"),
        ("What did Trump say about Ukraine?", "Trump has ruled out sending American ground troops to Ukraine. He has"),
        ("What does Gabuev think?", "Gabuev"),
        ("which ukrainian harbours were part of the grain deal", "three Ukrainian ports: Odesa"),
        ("What do supporters of the veto say?", "Defenders of the veto reply"),
        ("what speaks against the veto?", "Critics answer that the veto protects the strongest"),
        ("What are the arguments for majority voting in the EU?", "Supporters argue that a veto invites blackmail"),
    ],
)
def test_a_plain_question_is_answered_by_the_sentence_that_says_it(question: str, says: str, seed_store: Path) -> None:
    assert says in " ".join(ask(question, store=seed_store).citations[0].quote.split())


def test_nobody_is_given_the_words_of_another(seed_store: Path) -> None:
    for speaker, others in (("Trump", "Gabuev|Macron|Lavrov"), ("Gabuev", "Trump has|Macron|Lavrov")):
        for citation in ask(f"What did {speaker} say?", store=seed_store).citations:
            assert not re.match(others, citation.quote), citation.quote


def test_a_follow_up_is_answered_from_the_turn_before(seed_store: Path) -> None:
    from qa import Turn

    first = ask("Who signed New START?", store=seed_store)
    then = ask("When did it enter into force?", history=[Turn(first.understood.question, first.text)], store=seed_store)
    assert then.citations[0].article.id == "new-start-arms-control.md"
    assert "5 February 2011" in then.text


def test_a_time_that_no_article_is_of_is_silence(seed_store: Path) -> None:
    assert not ask("What did Lavrov say about veto power last week?", today="2030-01-01", store=seed_store).answered
    assert ask("What did Lavrov say about veto power last week?", today="2025-08-26", store=seed_store).answered


def test_the_figures_on_the_dev_questions_do_not_fall(seed_store: Path) -> None:
    """The floor is what was measured last; `bench/README.md` has the figures."""
    measured = {name: round(one.value * one.n) for name, one in figures(put(load("dev"), str(seed_store))).items()}
    assert measured["article in first 3"] >= 26
    assert measured["hit@3"] >= 25
    # 22, 8 and 1 where products of integers were not those of every processor (decision 36).
    # 17, 9 and 2 before one network marked words and read sentences again (decision 35); 14, 9 and 2 before 24.
    assert measured["first citation"] >= 20
    assert measured["declined"] >= 8
    assert measured["wrongly declined"] <= 2


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When did Sweden join NATO?", "7 March 2024"),
        ("When did Congress override Biden's veto?", ""),  # that article tells of 1845
        ("Who signed New START and when does it expire?", ""),
    ],
)
def test_a_short_answer_is_of_what_was_asked_about(seed_store: Path, question: str, short: str) -> None:
    assert ask(question, store=seed_store).short == short


def test_an_answer_is_as_sure_as_what_it_quotes(seed_store: Path) -> None:
    sure, vague = (ask(one, store=seed_store) for one in ("Who signed New START?", "How could the veto be limited?"))
    assert sure.quoted > 0.8
    assert not sure.doubtful
    assert vague.quoted < 0.5 < vague.probability
    assert vague.doubtful
    assert vague.citations


def test_a_time_line_is_of_the_dates_that_sentences_give(seed_store: Path) -> None:
    line = ask("Timeline of the Minsk agreements", store=seed_store)
    said = [" ".join(cited.article.text[slice(*cited.words)].split()) for cited in line.citations if cited.words]
    assert {"on 5 September 2014", "on 12 February 2015", "On 21 February 2022"} <= set(said)
    assert said.index("on 5 September 2014") < said.index("on 12 February 2015") < said.index("On 21 February 2022")
