"""Whose words a sentence reports, where a question names somebody."""

import pytest

from qa.wording.names import are_the_writers_own, names_in, whose_words

PASSAGE = (
    "Talks on the Orsk truce began on Friday, with Prime Minister Anna Keller of Varsania and General Samir Oduya. "
    "Keller said that the border was closed. She added that no one would cross it. "
    "Oduya, the general from Kelmar, said that it was open. He warned of a harsh winter. "
    '"We shall see," said Keller. On Monday he said nothing. The mediator from Lisbon said that both were right. '
    "Reporters in Varsania said so too."
)


@pytest.mark.parametrize(
    ("question", "sentence", "before", "whose"),
    [
        ("What did Keller say?", "Keller said that the border was closed.", "", 1),
        ("what did anna keller say about the border", "Keller said that the border was closed.", "", 1),
        ("What did Keller say?", "She added that no one would cross it.", "Keller said that the border was closed.", 1),
        ("What did Keller say?", "Oduya, the general from Kelmar, said that it was open.", "", -1),
        ("What did Keller say?", "He warned of a harsh winter.", "Oduya said that it was open.", -1),
        ("What did Keller say?", '"We shall see," said Keller.', "", 1),
        ("What did Oduya say?", '"We shall see," said Keller.', "", -1),
        ("What did Oduya say?", "In Keller's view, Oduya was late.", "", -1),
        ("What did Oduya say?", "According to Oduya, Keller was late.", "", 1),
        ("What did Keller say?", "According to Oduya, Keller was late.", "", -1),
        ("What did Oduya say?", "On Monday he said nothing.", "Oduya went home.", 1),
        ("What did Oduya say?", "On Monday he said nothing.", "", 0),
        ("What did Oduya say?", "The mediator from Lisbon said that both were right.", "", 0),
        ("What did the general from Kelmar say?", "Keller said that the border was closed.", "", 0),
        ("What did Varsania's prime minister say?", "Keller said that the border was closed.", "", 0),
        ("What did General Oduya say?", "Keller said that the border was closed.", "", -1),
        ("What did the prime minister say?", "Keller said that the border was closed.", "", 0),
        ("What did Nobody say?", "Keller said that the border was closed.", "", 0),
        ("When did Keller speak?", "Keller said that the border was closed.", "", 0),
        ("What did Keller say?", "The border is closed.", "", 0),
    ],
)
def test_it_is_told_whose_words_they_are(question: str, sentence: str, before: str, whose: int) -> None:
    assert whose_words(question, sentence, before, PASSAGE) == whose


@pytest.mark.parametrize("question", ["", "did", "What did say?", "What did Keller say? " * 50, "\ud800 did \0 say"])
def test_no_question_makes_it_fail(question: str) -> None:
    for sentence in ("", "Keller said.", "\ud800 said Keller"):
        assert whose_words(question, sentence, sentence, PASSAGE) in {-1, 0, 1}


def test_a_single_word_at_the_head_of_a_sentence_is_no_name() -> None:
    told = 'Salt rose. Then in Kyiv it fell.\n"Nobody knew," Keller said. (Later he did.) Of Lisbon no word.'
    assert names_in(told) == {("kyiv",), ("keller",), ("lisbon",)}
    far = " " * 1000
    assert names_in(f"It ended.{far}Salt rose, and{far}Keller spoke to Kyiv.") == {("kyiv",)}  # where it cannot be told


@pytest.mark.parametrize(
    ("sentence", "own"),
    [
        ("We should dig it up.", True),
        ("I doubt that he said so.", True),
        ("My own barber says that it should go.", False),
        ("“I would vote differently today”, Crowe says.", False),
        ("My own barber thinks it should be blown up.", False),
        ("As he wrote, “a dam is not a tap”.", False),
    ],
)
def test_what_somebody_else_says_is_not_the_writers(sentence: str, own: bool) -> None:
    assert are_the_writers_own(sentence) is own


def test_a_name_is_whole_at_the_head_of_a_sentence_and_behind_a_comma() -> None:
    assert names_in("Ann Lange said no. In Kyiv, Bo Poe left. Their chair, Jerome Powell, spoke.") == {
        ("ann", "lange"),
        ("kyiv",),
        ("bo", "poe"),
        ("jerome", "powell"),
    }
