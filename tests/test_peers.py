"""The parts of `bench.peers` that need no peer, and the writer of its tables."""

import json
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import tables
from bench.bars import Bar, bars
from bench.peers import __main__ as peers
from bench.peers import corpus
from bench.peers.measure import Measured, above_and_below, figures, measure, rank
from bench.peers.passage import our_passages
from bench.peers.speed import Took, in_turns, rates
from bench.peers.vectors import KeptVectors
from bench.retrieval import Asked, says
from bench.tables import SECTIONS, ahead, latest, replaced
from index import build
from tests.conftest import SEEDS, HashingEmbedder

ROW = {"passages": 90, "build seconds": 1.5, "R@1": 0.5, "R@5": 0.7, "R@10": 0.8, "R@20": 1.0, "MRR@10": 0.625}
TOOK = {"p50 ms": 12.3, "p95 ms": 1234.5}
SAID = {"date": "2026-11-25", "commit": "abc1234", "load": 0.5, "machine": "2 cores, Linux x86_64"}
RESULTS = {
    "peers": {
        "squad": SAID
        | {
            "articles": 2067,
            "questions": 500,
            "rows": {
                "article-qa": ROW | TOOK,
                "other, hybrid": ROW | TOOK | {"R@1": 0.52, "ours above": 7, "ours below": 9},
                "third": ROW | TOOK | {"R@1": 0.1, "ours above": 90, "ours below": 2},
            },
        }
    },
    "peers-speed": {
        "multilingual-e5-small": SAID
        | {
            "passages": 300,
            "rounds": 5,
            "passages a second": {"article-qa": 120.0, "article-qa, the whole build": 90.0, "other": 30.0},
            "passages a processor second": {"article-qa": 60.0, "article-qa, the whole build": 45.0, "other": 20.0},
        },
    },
}
README = """# What is measured
<!-- retrieval --><!-- end -->
<!-- peers -->old<!-- end -->
<!-- peers-speed -->
<!-- end -->
by hand
"""


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.frozensets(st.sampled_from("abcde"), min_size=1))
def test_an_article_has_the_rank_of_its_best_passage_and_counts_once(found: list[str], gold: frozenset[str]) -> None:
    before: list[str] = []
    for article in found:
        if article in gold:
            assert rank(found, gold) == len(set(before)) + 1
            return
        before.append(article)
    assert rank(found, gold) is None


def test_figures_are_shares_of_questions_and_milliseconds() -> None:
    found = figures(Measured([1, 3, None, 12], [0.001, 0.002, 0.003, 0.1]))
    assert found == {
        "R@1": 0.25,
        "R@5": 0.5,
        "R@10": 0.5,
        "R@20": 0.75,
        "MRR@10": 0.3333,
        "p50 ms": 2.0,
        "p95 ms": 100.0,
    }


def test_what_is_not_found_stands_below_what_is() -> None:
    assert above_and_below([1, None, 2, None, 5], [None, 1, 2, None, 6]) == (2, 1)


def test_every_question_is_asked_once_and_the_first_once_more_before() -> None:
    asked = [Asked(text, date(2026, 1, 1), frozenset({text})) for text in ("a", "b")]
    said: list[str] = []

    def search(question: Asked) -> list[str]:
        said.append(question.text)
        return ["a"]

    assert measure(search, asked).ranks == [1, None]
    assert said == ["a", "a", "b"]


def test_rounds_are_taken_in_turns_and_the_first_use_is_not_counted() -> None:
    said: list[tuple[str, int]] = []
    times = iter(range(100))
    runs = {name: lambda texts, name=name: said.append((name, len(texts))) for name in "ab"}
    took = in_turns(runs, ["text"] * 9, 2, clock=lambda: Took(time := next(times), 3 * time))
    assert said == [("a", 4), ("b", 4), *[("a", 9), ("b", 9)] * 2]
    assert took == {"a": [(1, 3)] * 2, "b": [(1, 3)] * 2}


def test_rates_are_of_the_median_round() -> None:
    found = rates({"a": [Took(1, 2), Took(9, 9), Took(2, 4)]}, 100)
    assert found == {"passages a second": {"a": 50.0}, "passages a processor second": {"a": 25.0}}


def test_no_text_is_embedded_twice_nor_in_a_second_run(tmp_path: Path) -> None:
    embedder = HashingEmbedder(embedded=[])
    kept = KeptVectors(embedder, tmp_path)
    assert kept.learn(["one", "two", "one"]) == 2
    assert kept.learn(["two", "three"]) == 1
    again = KeptVectors(embedder, tmp_path)
    assert again.learn(["three", "one"]) == 0
    assert embedder.embedded == ["one", "two", "three"]
    assert (again.passages(["one", "three"]) == HashingEmbedder().passages(["one", "three"])).all()


def test_peers_are_given_the_very_texts_that_our_build_embeds(tmp_path: Path) -> None:
    embedder = HashingEmbedder(embedded=[])
    build(SEEDS, store=tmp_path / "store", embedder=embedder)
    assert {passage.text for passage in our_passages(corpus.read(SEEDS))} == set(embedder.embedded or ())


def test_the_gold_of_the_sample_questions_stands_among_the_articles(tmp_path: Path) -> None:
    one = corpus.load("seeds", tmp_path, questions=20)
    assert len(one.asked) == 20
    assert {gold for asked in one.asked for gold in asked.gold} <= {article.id for article in one.articles}


def test_a_peer_that_is_not_installed_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "txtai", None)
    monkeypatch.delitem(sys.modules, "bench.peers.txtai", raising=False)
    with pytest.raises(
        SystemExit, match=r"txtai cannot be measured, .* is not installed: run `make \.venv-peers/done`"
    ):
        peers._peer("txtai")


def test_the_tables_are_written_once_and_then_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("results", "plots"):
        (tmp_path / name).mkdir()
    for name, result in RESULTS.items():
        (tmp_path / "results" / f"2026-11-25-{name}.json").write_text(json.dumps(result))
    (tmp_path / "README.md").write_text(README)
    monkeypatch.setattr(tables, "HERE", tmp_path)
    tables.main()
    once = {path: path.read_text() for path in tmp_path.rglob("*.*") if path.is_file()}
    tables.main()
    assert {path: path.read_text() for path in tmp_path.rglob("*.*") if path.is_file()} == once
    text = once[tmp_path / "README.md"]
    assert "old" not in text
    assert text.startswith("# What is measured\n<!-- retrieval --><!-- end -->\n")
    assert text.endswith("<!-- end -->\nby hand\n")
    assert "| other, hybrid | **.520** | **.700** | **1.00** | **.625** | 7, 9 | 90 | 1.5 | 12, 1,234 |" in text
    assert "Ahead of ours: other, hybrid (R@1)." in text
    assert "| other | 30.0 | 4.00 | 20.0 | 3.00 |" in text
    assert "ours is 4.0 to 4.0 times a peer, its whole build 3.0 to 3.0 times." in text


def test_every_section_stands_in_our_page_and_every_kept_result_can_be_told() -> None:
    folder = Path(tables.__file__).parent
    for name, table in SECTIONS.items():
        replaced((folder / "README.md").read_text(), name, "")
        if found := latest(folder / "results", name):
            assert table(found).count("|") > 20


def test_the_latest_results_are_those_of_the_last_day(tmp_path: Path) -> None:
    for day, name in (("2026-11-24", "peers"), ("2026-12-01", "peers"), ("2026-12-02", "peers-speed")):
        (tmp_path / f"{day}-{name}.json").write_text(json.dumps({"day": day}))
    assert latest(tmp_path, "peers") == {"day": "2026-12-01"}
    assert latest(tmp_path, "retrieval") is None


def test_a_page_without_the_marks_of_a_section_is_not_written() -> None:
    with pytest.raises(ValueError, match="<!-- peers -->"):
        replaced("nothing here", "peers", "table")


def test_who_is_ahead_of_ours_is_said() -> None:
    ours = {"R@1": 0.5, "R@5": 0.5, "R@20": 0.5, "MRR@10": 0.5}
    assert ahead({"article-qa": ours, "equal": ours}) == "Nobody is ahead of ours."
    assert ahead({"article-qa": ours, "better": ours | {"R@20": 0.6}}) == "Ahead of ours: better (R@20)."


def test_bars_are_drawn_to_scale_and_as_xml() -> None:
    drawn = ET.fromstring(bars({"a & b": [Bar("<one>", 4.0, "4", ours=True), Bar("two", 1.0, "1", ours=False)]}, "t"))
    lengths = [float(bar.attrib["width"]) for bar in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert lengths[0] == pytest.approx(4 * lengths[1], abs=0.2)


def test_a_passage_says_an_answer_where_its_words_stand_by_themselves() -> None:
    assert says("Ford recalls 2.9M vehicles", ["“Ford”"])
    assert not says("Fords are recalled", ["Ford"])
    assert not says("Ford", [""])
