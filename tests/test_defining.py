"""What something is: which questions ask it, and which sentences say it."""

import pytest

from qa.wording.defining import says_what_it_is, what_is_asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is the Normandy Format?", "Normandy Format"),
        ("what exactly is a pocket veto", "pocket veto"),
        ("So what’s Minsk II?", "Minsk II"),
        ("Who were the Hetmans?", "Hetmans"),
        ("What is Uniting for Peace?", "Uniting for Peace"),
        ("What is the population of Crimea?", ""),
        ("what is going on in Odesa?", ""),
        ("Who was the medic that died in Luhansk?", ""),
        ("What was the legal basis that the alliance gave for the mission?", ""),
        ("What is New START, and when does it end?", ""),
        ("What did Lavrov say?", ""),
        ("Is it a treaty?", ""),
        ("Who is Gabuev? (Carnegie, Moscow)", "Gabuev"),
    ],
)
def test_what_a_question_asks_about_is_named_in_it(question: str, asked: str) -> None:
    assert what_is_asked(question) == asked


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the Kestrel Pact?", "The Kestrel Pact is an agreement of four ports."),
        ("What is the Kestrel Pact?", "The Kestrel Pact was originally meant to end a quarrel over herring."),
        ("What is the Kestrel Pact?", "The paper, now known as the “Kestrel Pact”, ran to two pages."),
        ("What is the Kestrel Pact?", "The Kestrel Pact, a deal about herring, was signed in May."),
        ("what is the kestrel pact?", "The Kestrel\nPact (1911) ended the quarrel."),
        ("What does it mean, what is a kestrel clause?", ""),
        ("Who is Orbán?", "Hungarian Prime Minister Viktor Orban arrived late."),
        ("Who is Ines Calder?", "“It is late,” said Ines Calder, the harbour master."),
    ],
)
def test_a_sentence_says_what_something_is(question: str, sentence: str) -> None:
    assert says_what_it_is(question, sentence) == float(bool(sentence))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the Kestrel Pact?", "The Kestrel Pact was signed in May."),
        ("What is the Kestrel Pact?", "The trouble with the Kestrel Pact was the order of its steps."),
        ("What is the Kestrel Pact?", "The Kestrel Pacts is a novel."),
        ("What is the Kestrel Pact?", "It is a pact."),
        ("What is a prime minister?", "Prime Minister Calder arrived late."),
        ("When was the Kestrel Pact signed?", "The Kestrel Pact is an agreement of four ports."),
    ],
)
def test_a_sentence_that_only_names_it_does_not_say_what_it_is(question: str, sentence: str) -> None:
    assert says_what_it_is(question, sentence) == 0
