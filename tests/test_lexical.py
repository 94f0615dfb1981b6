"""Words that too many chunks hold are not searched for, and count all the same."""

from pathlib import Path

import pytest

from index import build
from index.local import lexical
from index.store import open_store
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
