"""Words that too many chunks hold are not searched for, and count all the same."""

from datetime import date
from pathlib import Path

import pytest

from index import build
from index.local import lexical, reader
from index.local.scopes import Mask
from index.store import Found, Scope, open_store
from index.vectors import Keys
from tests.conftest import SEEDS, HashingEmbedder

QUESTIONS = [
    "How did the liberum veto paralyse the Sejm of Poland?",
    "Which ports of Ukraine did the grain deal with Russia open?",
    "What did Hungary receive before it ratified the accession of Sweden to NATO?",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("lexical") / "store"
    build(SEEDS, store=store, embedder=HashingEmbedder())
    return store


def scores(store: Path, question: str, k: int = 500) -> dict[int, float]:
    with open_store(str(store)).snapshot("hashing:1") as snapshot:
        return {one.key: one.score for one in snapshot.matching(question, k)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_found_by_rare_words_scores_as_if_all_had_been_searched_for(
    question: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = scores(store, question)
    monkeypatch.setattr(lexical, "MOST_MATCHES", 25)
    some = scores(store, question)
    assert 0 < len(some) < len(everything)
    # All but the mean length of the chunks, which is taken of those that were found.
    assert some == pytest.approx({key: everything[key] for key in some}, abs=0.02)
    assert list(some.values()) == sorted(some.values(), reverse=True)


def test_where_all_words_are_common_the_rarest_is_searched_for(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "MOST_MATCHES", 1)
    assert scores(store, "Russia Ukraine")
    assert not scores(store, "zzz")


def test_a_word_in_two_forms_is_asked_for_once(store: Path) -> None:
    assert scores(store, "vetoes veto vetoed") == scores(store, "veto")
    assert max(scores(store, "veto").values()) <= 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_scoring_only_what_holds_the_words_that_weigh_most_finds_the_same(
    question: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def best(until: date) -> list[Found]:
        with open_store(str(store)).snapshot("hashing:1") as snapshot:
            return snapshot.matching(question, 3, Scope(until=until))

    days = date(2023, 6, 1), date.max
    everything = [best(until) for until in days]
    assert everything[0] != everything[1]
    scored = []

    def counted(holding: lexical.Holding, k: int, mask: Mask | None) -> Keys:
        scored.append(len(lexical.likeliest(holding, k, mask)) / len(holding.keys))
        return lexical.likeliest(holding, k, mask)

    monkeypatch.setattr(lexical, "SCORED", 5)
    monkeypatch.setattr(reader, "likeliest", counted)
    assert [best(until) for until in days] == everything
    assert 0 < min(scored) < 0.7


def test_in_several_scopes_the_best_of_each_are_found(store: Path) -> None:
    days = Scope(until=date(2023, 6, 1)), Scope(since=date(2023, 6, 2))
    with open_store(str(store)).snapshot("hashing:1") as snapshot:
        for search in (
            lambda *scopes: snapshot.matching(QUESTIONS[2], 3, *scopes),
            lambda *scopes: snapshot.nearest(HashingEmbedder().question(QUESTIONS[2]), 3, *scopes),
        ):
            earlier, later, both = search(days[0]), search(days[1]), search(*days)
            assert len(earlier) == len(later) == 3
            assert {one.key for one in both} == {one.key for one in earlier + later}
            assert [one.score for one in both] == sorted((one.score for one in both), reverse=True)
            assert search(Scope(), days[0])[:3] == search()


def test_a_word_that_all_hold_is_scored_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "SCORED", 1)
    monkeypatch.setattr(lexical, "SCORED_OF_EACH", 1)
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(20):
        (articles / f"{number:02}.txt").write_text("Salt. " + "Nothing else of note. " * (20 - number))
    build(articles, store=tmp_path / "store", embedder=HashingEmbedder())
    with open_store(str(tmp_path / "store")).snapshot("hashing:1") as snapshot:
        (best,) = snapshot.hits(snapshot.matching("salt", 1))
    assert best.article.id == "19.txt"
