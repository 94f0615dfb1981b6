"""What we wrote for the reader to learn from: each question has its passage, and its answer stands there."""

import json
from collections import Counter
from pathlib import Path

from index.sentences import sentence_spans
from qa.reader.examples import Example
from qa.reader.written import FOLDER, articles, name, written

QUESTIONS = [json.loads(line) for line in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
ARTICLES = {article.id: article for article in articles()}
PARAGRAPH = "A ferry sank off Pollensa. Nobody drowned."
HELD_OUT = "A kite fell on Pollensa."


def test_no_question_is_asked_twice_of_one_text() -> None:
    asked = Counter((one["about"], one["question"].casefold()) for one in QUESTIONS)
    assert [question for question, times in asked.items() if times > 1] == []


def test_no_two_articles_have_one_name() -> None:
    assert len(ARTICLES) == len((FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines())


def test_what_answers_stands_in_one_sentence_of_the_article() -> None:
    for one in QUESTIONS:
        if one["about"] in ARTICLES and one["start"] is not None:
            text = ARTICLES[one["about"]].text
            words = text[one["start"] : one["end"]]
            assert words.strip() == words != "", one
            assert any(start <= one["start"] < end for start, end in sentence_spans(text)), one


def test_what_is_held_out_is_held_out_with_all_that_is_asked_about_its_text() -> None:
    held, learnt = ({one["about"] for one in QUESTIONS if one.get("held", False) is side} for side in (True, False))
    assert held.isdisjoint(learnt)
    assert 0.1 < len(held) / (len(held) + len(learnt)) < 0.2


def test_each_question_is_an_example_for_the_passage_that_answers_it() -> None:
    learnt, held = written([])
    assert {example.group for example in learnt}.isdisjoint(example.group for example in held)
    answered = [example for example in [*learnt, *held] if example.answers]
    about_articles = [one for one in QUESTIONS if one["about"] in ARTICLES]
    assert len(answered) == sum(one["start"] is not None for one in about_articles)
    told = {(one["about"], one["question"]): one for one in about_articles}
    for example in answered:
        about = example.group.partition("/")[2]
        one = told[about, example.question]
        said = ARTICLES[about].text[one["start"] : one["end"]]
        assert said.startswith(example.texts[0])
        assert example.passage.startswith(f"{ARTICLES[about].title}\n")


def test_a_paragraph_is_known_by_its_name_and_one_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text("")
    asked = {"question": "What went down?", "start": 2, "end": 7}
    held = {"about": name(HELD_OUT), "question": "Who drowned?", "start": None, "end": None, "held": True}
    lines = [{"about": about, **asked} for about in (name(PARAGRAPH), name("Another."))]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, [*lines, held])))
    (learnt,), (judged,) = written([PARAGRAPH, HELD_OUT], tmp_path)
    assert learnt == Example("What went down?", PARAGRAPH, (learnt.answers[0],), f"written/{name(PARAGRAPH)}")
    assert learnt.texts == ("ferry",)
    assert judged == Example("Who drowned?", HELD_OUT, (), f"written/{name(HELD_OUT)}")
