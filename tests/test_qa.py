"""The steps of a question, each by itself, with an embedder that knows words only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import build
from index.chunk import CHUNK_CHARS
from index.errors import QuestionRefused, SettingRefused
from index.records import Article, Hit, Span
from index.settings import read_settings
from index.store import Found, Scope, open_store
from qa.answer import SILENCE, Answer, Assistant
from qa.question import MAX_CHARS, clean
from qa.quoted import spans_of
from qa.read import EvidenceReader, Reading, Sentence, Words
from qa.retrieve import fuse, join, search, spread_out
from qa.spans import Marked, in_its_place
from tests.conftest import SEEDS, HashingEmbedder, WordCrossEncoder, WordMarker

TODAY = date(2025, 8, 21)  # a Thursday


def test_what_both_ways_find_comes_first_and_a_sure_one_outweighs_an_unsure_one() -> None:
    dense, lexical = [Found(1, 0.60), Found(2, 0.55), Found(3, 0.20)], [Found(2, 0.5), Found(4, 0.9)]
    assert [found.key for found in fuse(dense, lexical, spread=0.025)] == [2, 4, 1, 3]
    assert [found.key for found in fuse(dense, [], spread=0.02)] == [1, 2, 3]
    assert [found.key for found in fuse([], lexical, spread=0.02)] == [4, 2]


@pytest.mark.parametrize("question", ["", " \n", "?!", "\ud800", "\0"])
def test_an_empty_question_is_refused_with_an_example(question: str) -> None:
    with pytest.raises(QuestionRefused, match="ask, for example"):
        clean(question)


def test_a_question_too_long_to_be_one_is_refused() -> None:
    with pytest.raises(QuestionRefused, match="100,000 characters"):
        clean("a" * 100_000)
    assert clean("a" * MAX_CHARS) == "a" * MAX_CHARS


def test_a_question_loses_what_cannot_be_searched() -> None:
    assert clean("who\0 won\ud800\nthe  cup\x1b?") == "who won the cup ?"


@pytest.mark.parametrize("said", ["two", "1.5", "-0.1", "nan"])
def test_a_setting_that_means_nothing_is_refused(said: str) -> None:
    with pytest.raises(SettingRefused, match="0 to 1"):
        read_settings({"ARTICLE_QA_SILENCE": said})


class WordReader:
    """Takes a sentence that holds every word of the question for the answer, and its last word for the words."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        readings = [Reading(hit, tuple(self._sentence(question, hit, span) for span in spans_of(hit))) for hit in hits]
        return sorted(readings, key=lambda reading: -reading.probability)

    def _sentence(self, question: str, hit: Hit, span: Span) -> Sentence:
        said = hit.article.text[span.start : span.end]
        sure = all(word in said.lower() for word in question.lower().split())
        return Sentence(span, 0.9 * sure, Words(Span(span.start + said.rfind(" ") + 1, span.end), 1.0))


@pytest.fixture
def assistant(folder: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    build(folder, store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, WordReader(), threshold=0.5)


def ask(assistant: Assistant, question: str, scope: Scope = Scope()) -> list[Answer]:  # noqa: B008
    return list(assistant.stream(question, history=(), scope=scope, today=TODAY))


def test_an_answer_grows_and_each_stage_is_whole(assistant: Assistant, folder: Path) -> None:
    stages = ask(assistant, "corridor closed")
    assert stages[-1].text == "The corridor closed in July. [1]"
    (citation,) = stages[-1].citations
    assert (citation.number, citation.article.id, citation.quote) == (1, "grain.txt", "The corridor closed in July.")
    assert citation.article.text[citation.start : citation.end] == citation.quote
    assert all(stage.answered and len(stage.citations) == place for place, stage in enumerate(stages, start=1))


def test_a_sentence_is_read_again_parted_from_its_title_and_the_one_before(folder: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    class Seeing(WordCrossEncoder):
        def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
            seen.extend(passages)
            return super().mark(question, passages)

    build(folder, store=tmp_path / "seen", embedder=HashingEmbedder())
    assistant = Assistant(
        open_store(str(tmp_path / "seen")), HashingEmbedder(), EvidenceReader(WordMarker(), Seeing()), threshold=0.0
    )
    ask(assistant, "Where was grain shipped?")
    assert "Grain [SEP] Odesa shipped grain in August." in seen
    assert "Grain\nOdesa shipped grain in August. [SEP] The corridor closed in July." in seen
    assert in_its_place("", "x" * 300, "Yes.") == f"{'x' * 250} [SEP] Yes."
    assert in_its_place("", "", "Yes.") == "Yes."


def test_of_a_row_of_a_table_no_words_are_said_to_answer() -> None:
    text = "The kettle costs £65 today.\n\nKettle | £65"
    hit = Hit(Article("a", "a", text), 0, len(text), 1.0)
    (read,) = EvidenceReader(WordMarker(), WordCrossEncoder()).read("What does the kettle cost?", [hit])
    told = {text[slice(*one.span)]: one.words for one in read.sentences}
    assert told["The kettle costs £65 today."] is not None
    assert told["Kettle | £65"] is None


@dataclass(frozen=True)
class EvenMarker:
    """Marks the first word of a passage, so sure that it answers."""

    sure: float

    def mark(self, question: str, passages: Sequence[str]) -> Iterator[Marked]:
        for passage in passages:
            sure = np.array([self.sure], np.float32)
            yield Marked(0.0, sure, np.zeros(1, np.float32), np.array([[0, passage.find(" ")]], np.int64))


@pytest.mark.parametrize("sure", [3.0, -12.0])
def test_the_likeliest_words_of_a_sentence_are_told_and_how_likely_they_are(sure: float) -> None:
    reader = EvidenceReader(EvenMarker(sure), WordCrossEncoder())
    hit, whole_hit = (Hit(Article("a", "", text), 0, len(text), 1.0) for text in ("Prague saw it signed.", "Prague !"))
    ((sentence,),) = (reading.sentences for reading in reader.read("Where was it signed?", [hit]))
    assert sentence.words is not None
    assert (hit.article.text[slice(*sentence.words.span)], sentence.words.sure) == ("Prague", sure)
    ((said,),) = (reading.sentences for reading in reader.read("What did Havel say about it?", [hit]))
    assert said.words is None
    ((whole,),) = (reading.sentences for reading in reader.read("Where was it signed?", [whole_hit]))
    assert whole.words is None


@pytest.mark.parametrize("caption", ["Jane Roe/Odesa Grain Ships/Reuters", "Jane Roe/AP Which grain ships left Odesa."])
def test_a_caption_answers_nothing(caption: str) -> None:
    text = f"{caption}\n\nSomething left the port."
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    ((credit, told),) = (
        sorted(reading.sentences, key=lambda sentence: sentence.span)
        for reading in reader.read("Which grain ships left Odesa?", [Hit(Article("a", "", text), 0, len(text), 1.0)])
    )
    assert credit.probability < 1e-9 < told.probability


def test_what_stands_behind_the_same_question_answers_it() -> None:
    text = (
        "What is the fine for a trip without a ticket?\n\nIt rises. A ticket for a trip is fine.\n\nWho pays?\n\nAll."
    )
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    hit = Hit(Article("a", "", text), 0, len(text), 1.0)

    def told_first(question: str) -> list[str]:
        return [text[slice(*one.span)] for one in reader.evidence(question, [hit]) if one.is_told_first]

    (reading,) = reader.read("what is the fine for trips without tickets", [hit])
    assert text[slice(*reading.sentences[0].span)] == "It rises."
    assert told_first("what is the fine for trips without tickets") == ["It rises."]
    assert told_first("What is the fine for a trip to Rome without a ticket?") == []


@pytest.mark.parametrize(("between", "goes_on"), [(" ", True), ("\n\n", False)])
def test_what_goes_on_with_a_caption_is_none_either(between: str, *, goes_on: bool) -> None:
    text = f"Jane Roe/Reuters Ships wait.{between}These left Odesa with grain. They sank."
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    hit = Hit(Article("a", "", text), 0, len(text), 1.0)
    (reading,) = reader.read("What left Odesa with grain?", [hit])
    likely = {text[slice(*one.span)]: one.probability > 1e-9 for one in reading.sentences}
    assert likely == {
        "Jane Roe/Reuters Ships wait.": False,
        "These left Odesa with grain.": not goes_on,
        "They sank.": not goes_on,
    }


def test_what_the_critics_of_something_say_is_no_answer_to_what_its_defenders_do() -> None:
    text = "Critics of grain answer that grain left Odesa. It was said of grain that it left Odesa."
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())

    def critics(question: str) -> float:
        (reading,) = reader.read(question, [Hit(Article("a", "", text), 0, len(text), 1.0)])
        return next(one.probability for one in reading.sentences if one.span.start == 0)

    assert critics("What do defenders of grain say?") < 1e-9 < critics("What do critics of grain say?")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Nine mills want rye. Supporters say that grain left Odesa. They say that it left Odesa, too.", [1, 0, 0]),
        ("Nine mills want grain. Supporters say that grain left Odesa. They say that it left Odesa, too.", [1, 1, 1]),
        ("Grain is dear. Supporters of rye say that grain left Odesa. It left.\n\nThey say grain left.", [1, 0, 0, 1]),
        ("## On grain\n\nSupporters say that grain left Odesa.", [1, 1]),
        (f"Grain is dear.\n\n## On rye{', of which the mills have little' * 2}\n\nSupporters say so.", [1, 1, 0]),
    ],
)
def test_those_who_are_for_something_else_are_not_asked(text: str, told: list[int]) -> None:
    assert tells("What do supporters of grain say?", text) == told


def test_who_somebody_s_critics_are_may_stand_farther_back() -> None:
    text = "Mr Roe sells grain.\n\nThe port is his, as are the ships that lie in it all winter long.\n\nCritics say so."
    assert tells("What do critics of Roe say?", text) == [1, 1, 1]
    assert tells("What do critics of selling say?", text) == [1, 1, 0]


def tells(question: str, text: str) -> list[int]:
    """Return for each sentence of a passage whether it may tell something."""
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    hit = Hit(Article("a", "", text), 0, len(text), 1.0)
    return [int(not one.tells_nothing) for one in reader.evidence(question, [hit])]


def test_passages_come_by_how_well_they_were_found_and_how_likely_they_answer() -> None:
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())

    def order(score: float) -> list[str]:
        texts = {"Clouds came up over the quiet harbour.": 1.0, "Grain was shipped from Odesa in August.": score}
        hits = [Hit(Article(text, "", text), 0, len(text), score) for text, score in texts.items()]
        return [reading.hit.text.split()[0] for reading in reader.read("From where was grain shipped?", hits)]

    assert order(0.95) == ["Grain", "Clouds"]
    assert order(0.2) == ["Clouds", "Grain"]


@pytest.mark.parametrize(("threshold", "short"), [(0.5, "Prague"), (0.85, "")])
def test_a_short_answer_is_there_from_the_first_stage_and_never_of_a_doubtful_answer(
    assistant: Assistant, threshold: float, short: str
) -> None:
    class PragueReader(WordReader):
        def _sentence(self, question: str, hit: Hit, span: Span) -> Sentence:
            start = hit.article.text.find("Prague", span.start, span.end)
            words = Words(Span(start, start + len("Prague")), 1.0) if start >= 0 else None
            return Sentence(span, 0.9 * (start >= 0), words)

    asked = replace(assistant, reader=PragueReader(), threshold=threshold)
    stages = ask(asked, "Where was the treaty signed?")
    assert {(stage.short, stage.doubtful) for stage in stages} == {(short, not short)}
    assert [stage.short for stage in ask(asked, "Why was the treaty signed?")] == [""] * len(stages)


def test_silence_is_an_answer_that_cites_nothing(assistant: Assistant) -> None:
    (answer,) = ask(assistant, "football cup")
    assert (answer.answered, answer.text, answer.citations) == (False, SILENCE, ())
    assert answer.near


class UnsureReader(WordReader):
    """Thinks that a sentence with every word of the question may well not answer, and that any other hardly does."""

    def _sentence(self, question: str, hit: Hit, span: Span) -> Sentence:
        likeliest = super()._sentence(question, hit, span)
        return replace(likeliest, probability=0.3 if likeliest.probability else 0.01)


def test_beside_silence_stands_the_sentence_that_comes_nearest(assistant: Assistant) -> None:
    (answer,) = ask(replace(assistant, reader=UnsureReader()), "corridor closed")
    (citation,) = answer.nearest
    assert not answer.answered
    assert (citation.article.id, citation.quote) == ("grain.txt", "The corridor closed in July.")
    assert citation.words is None
    *_, answered = ask(assistant, "corridor closed")
    assert (answered.nearest, answered.citations[0].quote) == ((), citation.quote)


def test_a_scope_that_holds_nothing_is_silence(assistant: Assistant) -> None:
    (answer,) = ask(assistant, "corridor closed", Scope(source="Nobody"))
    assert (answer.answered, answer.near, answer.nearest, answer.probability) == (False, (), (), 0.0)


def test_retrieval_returns_at_most_k_and_the_best_first(assistant: Assistant) -> None:
    hits = assistant.retrieve("grain corridor", k=2, scope=Scope(), today=TODAY)
    assert hits[0].article.id == "grain.txt"
    assert len(hits) == 2
    assert hits[0].score >= hits[1].score


def test_words_that_only_name_the_publisher_are_not_searched_for(assistant: Assistant) -> None:
    *_, answer = ask(assistant, "According to Wire, veto")
    assert answer.understood.sought == "veto"
    assert answer.text == "Five members hold a veto. [1]"
    assert {hit.article.source for hit in answer.near} == {"Wire"}


def test_what_was_understood_can_be_undone(assistant: Assistant) -> None:
    question = "What did Wire report about grain last week?"
    assert assistant.retrieve(question, k=3, scope=Scope(), today=TODAY) == []
    undone = assistant.retrieve(question, k=3, scope=Scope(), today=TODAY, ignore=["Wire", "last week"])
    assert "grain.txt" in {hit.article.id for hit in undone}


def test_the_latest_brings_the_newest_forward_and_hides_none(tmp_path: Path, embedder: HashingEmbedder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, day in (("old", "2021-01-01"), ("new", "2022-03-01"), ("undated", "")):
        said = f"published: {day}\n" if day else ""
        (folder / f"{name}.md").write_text(f"---\ntitle: Talks\n{said}---\nThe talks on grain ended in round {name}.")
    build(folder, store=tmp_path / "store", embedder=embedder)
    talks = Assistant(open_store(str(tmp_path / "store")), embedder, WordReader(), threshold=0.5)
    hits = talks.retrieve("What is the latest on the grain talks?", k=3, scope=Scope(), today=TODAY)
    assert hits[0].article.id == "new.md"
    assert {hit.article.id for hit in hits} == {"new.md", "old.md", "undated.md"}


def test_chunks_removed_since_the_vectors_were_read_cost_no_hit(assistant: Assistant) -> None:
    with assistant.store.snapshot("hashing:1") as snapshot:
        vector = assistant.embedder.question("grain")
        assert len(search(snapshot, "grain", vector, spread=0.07, k=3)) == 3


def test_a_story_in_several_outlets_is_one_hit_that_names_the_others(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    story = (SEEDS / "minsk-agreements.txt").read_text().split("\n\n", 1)[1]
    for outlet in ("Post", "Wire", "Globe"):
        (folder / f"{outlet}.txt").write_text(f"Title: Minsk\nSource: {outlet}\n\n{story}")
    build(folder, store=store, embedder=embedder)
    question = "Who signed the Minsk protocol?"
    with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
        hits = search(snapshot, question, embedder.question(question), spread=0.07, k=4)
    assert hits[0].article.title == "Minsk"
    assert len({hit.article.id for hit in hits if hit.article.title == "Minsk"}) == 1
    assert {hits[0].article.source, *hits[0].elsewhere} == {"Post", "Wire", "Globe"}


def test_chunks_side_by_side_are_one_passage_in_the_place_of_the_better_one() -> None:
    article = Article("a", "a", "One. Two. Three. Four.")
    other = Article("b", "b", "Five.")
    hits = [Hit(article, 5, 9, 0.9), Hit(other, 0, 5, 0.8), Hit(article, 10, 16, 0.7), Hit(article, 17, 22, 0.1)]
    assert [hit.text for hit in join(hits)] == ["Two. Three. Four.", "Five."]


def test_a_passage_that_is_joined_stays_short_enough_to_be_read() -> None:
    article = Article("a", "a", "x" * 5 * CHUNK_CHARS)
    hits = [Hit(article, n * CHUNK_CHARS, (n + 1) * CHUNK_CHARS, 1 - n / 10) for n in range(5)]
    assert [hit.end - hit.start for hit in join(hits)] == [2 * CHUNK_CHARS, 2 * CHUNK_CHARS, CHUNK_CHARS]


@pytest.mark.parametrize(
    ("other", "order"), [(0.8, ["many", "many", "few", "many", "many"]), (0.6, ["many", "many", "many", "few", "many"])]
)
def test_one_article_crowds_out_no_other_that_is_about_as_good(other: float, order: list[str]) -> None:
    many, few = Article("many", "many", "x" * 90), Article("few", "few", "x" * 90)
    hits = [Hit(many, n, n + 1, 1 - n / 1000) for n in range(0, 80, 20)] + [Hit(few, 0, 1, other)]
    assert [hit.article.id for hit in spread_out(hits)] == order
