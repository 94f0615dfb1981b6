"""What is quoted for a sentence: it, with the subject before it, or the list of which it is a line."""

import pytest

from index.records import Article, Hit, Span
from qa.compose import compose
from qa.quoted import LONGEST_LIST, is_corrected, quoted, spans_of
from qa.read import Reading, Sentence, Words

LIMITS = (
    "The treaty was signed in Prague. It sets three limits for each side:\n\n1,550 warheads;\n\n"
    "700 bombers and missiles, deployed; and\n\n800 launchers in all.\n\nThe figures are half of the story."
)
WHOLE = LIMITS[LIMITS.index("It sets") : LIMITS.index("\n\nThe figures")]


def hit(text: str) -> Hit:
    return Hit(Article("a", "a", text), 0, len(text), 1.0)


def quote(text: str, sentence: str) -> str:
    start = text.index(sentence)
    span = quoted(hit(text), Span(start, start + len(sentence)))
    return text[span.start : span.end]


@pytest.mark.parametrize(
    "sentence", ["It sets three limits for each side:", "1,550 warheads;", "700 bombers and missiles, deployed; and",
                 "800 launchers in all."]
)  # fmt: skip
def test_a_line_of_a_list_is_quoted_with_all_of_it_and_so_is_what_leads_to_it(sentence: str) -> None:
    assert quote(LIMITS, sentence) == WHOLE


def test_what_stands_before_and_behind_a_list_is_quoted_by_itself() -> None:
    assert quote(LIMITS, "The figures are half of the story.") == "The figures are half of the story."
    assert quote(LIMITS, "The treaty was signed in Prague.") == "The treaty was signed in Prague."


def test_of_a_list_without_stops_what_leads_to_a_line_is_quoted_and_no_heading_behind_it() -> None:
    text = "The four states are:\n\nBelarus\n\nEritrea\n\nHow they voted\n\nAll of them voted against."
    assert quote(text, "Eritrea") == "The four states are:\n\nBelarus\n\nEritrea"
    assert quote(text, "All of them voted against.") == "All of them voted against."
    assert quote(text, "The four states are:") == "The four states are:"


def test_what_somebody_said_is_quoted_with_who_said_it() -> None:
    text = "The minister told the court:\n\n“I never saw the letter.”\n\nNobody laughed. The trial goes on."
    assert quote(text, "“I never saw the letter.”") == text[: text.index("\n\nNobody")]
    assert quote(text, "Nobody laughed.") == "Nobody laughed."


def test_yes_and_no_are_quoted_with_what_explains_them() -> None:
    text = "Is it valid?\n\nNo. The pass is for buses. It rains.\n\nYes. Buses run."
    assert quote(text, "No.") == quote(text, "The pass is for buses.") == "Is it valid?\n\nNo. The pass is for buses."
    assert quote(text, "Yes.") == quote(text, "Buses run.") == "Yes. Buses run."
    assert quote("No.\n\nBuses run.", "Buses run.") == "Buses run."


def test_an_answer_is_quoted_with_its_question() -> None:
    text = "Can I take a bicycle?\n\nOnly on trains. Who pays?\n\nThe state pays. No one else does."
    assert quote(text, "Only on trains.") == "Can I take a bicycle?\n\nOnly on trains."
    assert quote(text, "The state pays.") == "The state pays."
    assert quote(text, "No one else does.") == "No one else does."
    assert quote(f"Who {'really ' * 50}pays? Nobody. It rains.", "It rains.") == "Nobody. It rains."


def test_what_is_corrected_is_quoted_with_the_correction() -> None:
    text = "We said that 600 people fled. The correct figure is 480. It rained.\n\nIt was dry. This was wrong."
    assert quote(text, "We said that 600 people fled.") == "We said that 600 people fled. The correct figure is 480."
    assert quote(text, "The correct figure is 480.") == "The correct figure is 480."
    assert quote(text, "It was dry.") == "It was dry. This was wrong."
    assert quote("It was dry. It was not so bad.", "It was dry.") == "It was dry."


@pytest.mark.parametrize(
    ("text", "sentence", "corrected"),
    [
        ("An earlier version of this article said 62. It is 42.", "An earlier version of this article said 62.", True),
        ("It rained.\nCorrection: It said 62. It is 42.", "It is 42.", True),
        ("We wrongly gave the name as Tholl.", "We wrongly gave the name as Tholl.", True),
        ("The correction came late. It is 42.", "It is 42.", False),
    ],
)
def test_what_is_no_longer_said_is_known(text: str, sentence: str, corrected: bool) -> None:
    start = text.index(sentence)
    hit = Hit(Article("a", "a", text), 0, len(text), 1.0)
    assert is_corrected(hit, Span(start, start + len(sentence))) is corrected


def test_a_row_of_a_table_is_quoted_with_the_names_of_the_columns() -> None:
    text = "Two kettles.\n\nModel | Price\n\nK2 | £65\n\nK3 | £89\n\nBoth squeak."
    assert quote(text, "K3 | £89") == "Model | Price\n\nK2 | £65\n\nK3 | £89"
    assert quote(text, "Both squeak.") == "Both squeak."
    long = "Model | Price\n\n" + "".join(f"Kettle number {number} | £65\n\n" for number in range(100))
    assert quote(long, "Kettle number 99 | £65") == "Kettle number 99 | £65"


def test_a_short_answer_of_an_interview_is_quoted_with_what_follows() -> None:
    text = "Q: Do you use lead?\n\nA: No. Not since 1998. We use tin.\n\nA: Never.\n\nA: I use it every day. So do we."
    assert quote(text, "A: No.") == "Q: Do you use lead?\n\nA: No. Not since 1998."
    assert quote(text, "A: Never.") == "A: Never."
    assert quote(text, "A: I use it every day.") == "A: I use it every day."


def test_a_heading_behind_a_list_is_no_line_of_it() -> None:
    text = "Here is what we know:\n\nTwo people are hurt\n\nThe road is closed\n\n20:15 Bridge reopened\n\n"
    told = f"{text}The old bridge has been opened to all."
    assert quote(told, "20:15 Bridge reopened") == "20:15 Bridge reopened"
    assert quote(told, "Two people are hurt") == "Here is what we know:\n\nTwo people are hurt"


def test_a_colon_within_a_paragraph_leads_to_no_list() -> None:
    text = "He had one wish: peace. Nobody heard it:\n\nthey slept."
    assert quote(text, "He had one wish: peace.") == "He had one wish: peace."
    text = "There are two ways: Go, or stay. That is all."
    assert quote(text, "There are two ways: Go, or stay.") == "There are two ways: Go, or stay."


def test_a_long_list_is_quoted_as_far_as_the_line_and_a_line_far_down_by_itself() -> None:
    lines = [f"line number {number} of a long list of things that are told;" for number in range(40)]
    text = "These are the things:\n\n" + "\n\n".join(lines)
    assert quote(text, lines[2]) == text[: text.index(lines[2]) + len(lines[2])]
    assert quote(text, lines[39]) == lines[39]
    assert all(len(quote(text, line)) <= LONGEST_LIST for line in lines)


@pytest.mark.parametrize("text", ["Alone:", ":", "One line;", "First;\n\nsecond;\n\nthird."])
def test_where_nothing_leads_to_it_or_nothing_follows_there_is_no_list(text: str) -> None:
    for start, end in spans_of(hit(text)):
        assert quoted(hit(text), Span(start, end)) == Span(start, end)


def test_what_is_no_sentence_of_the_passage_is_quoted_as_it_stands() -> None:
    text = "The limits are:\n\n1,550 warheads;\n\n700 bombers.\n\nThe end."
    passage = Hit(Article("a", "a", text), 0, text.index("\n\nThe end"), 1.0)
    outside = Span(text.index("The end."), len(text))
    assert quoted(passage, outside) == outside


def test_the_lines_of_a_list_are_told_once_and_the_likeliest_words_of_them_are_bold() -> None:
    sentences = ("1,550 warheads;", "800 launchers in all.", "The figures are half of the story.")
    read = []
    for sentence, probability in zip(sentences, (0.4, 0.3, 0.2), strict=True):
        start = LIMITS.index(sentence)
        words = Words(Span(start, start + 5), 1.0)
        read.append(Sentence(Span(start, start + len(sentence)), probability, words))
    *_, composed = compose("What are the limits?", [Reading(hit(LIMITS), tuple(read))])
    assert [citation.quote for citation in composed.citations] == [WHOLE, "The figures are half of the story."]
    assert composed.text == f"{' '.join(WHOLE.split())} [1] The figures are half of the story. [2]"
    bold = composed.citations[0].words
    assert bold is not None
    assert LIMITS[bold.start : bold.end] == "1,550"
