"""Names are found however they were typed, where no article has them so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index import build
from index.store import Scope, Snapshot, open_store
from qa.answer import Answer, Assistant, understood_in
from qa.read import EvidenceReader
from qa.spelling import respelt
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker


@pytest.fixture
def assistant(tmp_path: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    (tmp_path / "news").mkdir()
    texts = (
        "President Volodymyr Zelenskyy had campaigned on a promise of peace.",
        "Zelenskyy and Erdoğan met in Odesa. The Odessans cheered. Planners planned the places.",
        "The knights kept a template of the charter, sundry tributes and maps.",
        "Sundries were sold. Nobody saw the sundries.",
        "They buried Ilse Marrek. MR. STELLAN KROGH: No. Stellan Poe left the ferry to Marrek.",
    )
    for number, text in enumerate(texts):
        (tmp_path / "news" / f"{number}.txt").write_text(text)
    build(tmp_path / "news", store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)


@pytest.fixture
def snapshot(assistant: Assistant) -> Iterator[Snapshot]:
    with assistant.store.snapshot(assistant.embedder.fingerprint) as snapshot:
        yield snapshot


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("What did Zelensky promise?", "What did Zelenskyy promise?"),
        ("what did zelensky promise", "what did Zelenskyy promise"),
        ("Zelensky’s promise, and Zelenskij’s?", "Zelenskyy’s promise, and Zelenskij’s?"),
        ("Where did Erdogan go?", "Where did Erdogan go?"),
        ("Did Erdoghan meet him?", "Did Erdoğan meet him?"),
        ("Who is Volodimyr Zelesnkyy?", "Who is Volodymyr Zelenskyy?"),
        ("What of the planes?", "What of the planes?"),
        ("Who was a Templar?", "Who was a Templar?"),
        ("what of the plannets", "what of the plannets"),
        ("Who was the Sundree?", "Who was the Sundree?"),
        ("Where is Odesa?", "Where is Odesa?"),
        ("ilse marek funeral", "ilse Marrek funeral"),
        ("Who is Stelan Krog?", "Who is STELLAN Krog?"),
        ("Who is Marvek?", "Who is Marrek?"),
        ("Who is Darrek?", "Who is Darrek?"),
        ("Who is Marik?", "Who is Marik?"),
        ("the salt fery", "the salt fery"),
        ("Who is Мельник 🌍?", "Who is Мельник 🌍?"),
    ],
)
def test_a_name_is_asked_for_as_the_articles_spell_it(snapshot: Snapshot, typed: str, meant: str) -> None:
    question, spelt = respelt(snapshot, typed)
    assert question == meant
    for one in spelt:
        assert question[one.start : one.end] == one.word
        assert one.typed in typed


def test_a_time_is_understood_as_it_was_typed(assistant: Assistant, snapshot: Snapshot) -> None:
    question = "What did Zelensky promise on Sunday?"
    understood = understood_in(snapshot, question, Scope(), date(2026, 1, 1))
    assert understood.question == "What did Zelenskyy promise on Sunday?"
    assert [said.words for said in understood.said] == ["Zelenskyy", "on Sunday"]


def test_what_was_typed_is_told_and_can_be_had_back(assistant: Assistant) -> None:
    def ask(question: str, *ignore: str) -> Answer:
        *_, answer = assistant.stream(question, history=(), scope=Scope(), today=date(2026, 1, 1), ignore=ignore)
        return answer

    answer = ask("Which articles mention Zelensky?")
    assert answer.lead == "2 articles contain “Zelenskyy”:"
    assert [(said.words, said.meaning) for said in answer.understood.said] == [("Zelenskyy", "for “Zelensky”")]
    assert answer.question == "Which articles mention Zelensky?"
    assert ask("Which articles mention Zelensky?", "Zelenskyy").text == "No article contains “Zelensky”."
