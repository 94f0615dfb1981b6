"""Scores on a person's own questions: worked out by hand, and what is shown of them."""

import csv
import json
import math
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.records import Article, Hit
from index.store import Scope
from qa import Answer, Citation
from qa.answer import SILENCE
from qa.evaluate import DEPTH, Evaluation, contains, estimates, evaluate, mean, seconds, share, token_f1, tokens
from qa.intent import Understood
from qa.questions import Gold, Question, QuestionsMissing, QuestionsRefused, Remark, hold_against, read_questions
from tests.conftest import ROOT, SEEDS, articles_in
from tests.test_render import ATTACKS
from ui.report import Report, report_html, report_json, report_text

TODAY = date(2025, 8, 21)
GRAIN = Article(
    "grain.txt", "grain.txt", "Odesa shipped\n grain in August. The corridor closed in July.", title="Grain"
)
VETO = Article("veto.md", "veto.md", "Five members hold a veto. France has used it least.", title="Veto")
ROW = Article("news.csv#57", "news.csv", "The treaty was signed in Prague on 8 April 2010.")
ARTICLES = (GRAIN, VETO, ROW)

Script = dict[str, tuple[list[tuple[Article, str]], list[tuple[Article, str]]]]
"""By question, the passages that are retrieved and those that are cited: articles and words of theirs."""


class Scripted:
    """Retrieves and answers as it was told to, by question, a second for a search and two for an answer."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seconds = 0.0
        self.days: list[date] = []

    def retrieve(self, question: str, today: date) -> list[Hit]:
        self.seconds += 1
        self.days.append(today)
        return [Hit(article, *_found(article, text), 1 / rank) for rank, (article, text) in self._of(question, 0)]

    def ask(self, question: str, today: date) -> Answer:
        self.seconds += 2
        self.days.append(today)
        citations = tuple(Citation(number, one, *_found(one, text)) for number, (one, text) in self._of(question, 1))
        return Answer(
            question,
            Understood(question, Scope()),
            answered=bool(citations),
            text=" ".join(cited.quote for cited in citations) or SILENCE,
            citations=citations,
            near=(),
            probability=float(bool(citations)),
        )

    def _of(self, question: str, part: int) -> list[tuple[int, tuple[Article, str]]]:
        return list(enumerate(self.script.get(question, ([], []))[part], start=1))

    def evaluate(self, questions: Sequence[Question]) -> Evaluation:
        return evaluate(questions, retrieve=self.retrieve, ask=self.ask, today=TODAY, clock=lambda: self.seconds)


def _found(article: Article, text: str) -> tuple[int, int]:
    start = article.text.index(text)
    return start, start + len(text)


def write(file: Path, *rows: object) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def read_one(tmp_path: Path, row: object) -> Question:
    (question,) = read_questions(write(tmp_path / "q.jsonl", row))
    return question


LEAST, FIVE, ODESA = "France has used it least.", "Five members hold a veto.", "Odesa shipped\n grain in August."
ASKED = (
    Question("first", 1, gold=(Gold("veto.md", LEAST),), answers=("the France",)),
    Question("third", 2, gold=(Gold("veto.md", LEAST),)),
    Question("never", 3, gold=(Gold("veto.md", None),), answers=("1946",)),
    Question("folded", 4, gold=(Gold(None, "Odesa shipped grain"),)),
    Question("silent", 5, none=True),
    Question("chatty", 6, none=True),
    Question("only asked", 7),
)
SCRIPT = {
    "first": ([(VETO, LEAST)], [(VETO, LEAST)]),
    "third": ([(GRAIN, ODESA), (VETO, FIVE), (VETO, LEAST)], [(VETO, FIVE), (VETO, LEAST)]),
    "never": ([(GRAIN, ODESA)], []),
    "folded": ([(GRAIN, ODESA)], [(GRAIN, ODESA)]),
    "chatty": ([(VETO, FIVE)], [(VETO, FIVE)]),
    "only asked": ([(VETO, FIVE)], []),
}


def test_the_figures_are_those_worked_out_by_hand() -> None:
    evaluation = Scripted(SCRIPT).evaluate(ASKED)
    worked_out: dict[str, tuple[object, int]] = {
        "article_hit_1": (1 / 3, 3),
        "article_hit_5": (2 / 3, 3),
        "article_mrr_10": ((1 + 1 / 2 + 0) / 3, 3),
        "sentence_hit_1": (2 / 3, 3),
        "sentence_hit_5": (1, 3),
        "first_citation_article": (2 / 3, 3),
        "first_citation_sentence": (2 / 3, 3),
        "quotes_contain_answer": (1 / 2, 2),
        "quotes_answer_f1": ((2 * 1 / (5 + 1) + 0) / 2, 2),  # "france" of "france has used it least"
        "silence_recall": (1 / 2, 2),
        "silence_precision": (1 / 2, 2),
        "wrongly_declined": (1 / 4, 4),
    }
    assert {name: (pytest.approx(one.value), one.n) for name, one in evaluation.estimates.items()} == worked_out


def test_what_went_wrong_is_named_for_each_question() -> None:
    assert {outcome.question.text: outcome.wrong for outcome in Scripted(SCRIPT).evaluate(ASKED).failures} == {
        "third": ("the first citation is another sentence",),
        "never": ("the article is not among the first 5 passages", "declined, though an answer is expected"),
        "chatty": ("answered, though the articles do not say",),
    }


def test_a_figure_that_no_question_allows_is_absent() -> None:
    assert Scripted({}).evaluate([Question("only asked", 1)]).estimates == {}
    assert set(Scripted({}).evaluate([Question("silent", 1, none=True)]).estimates) == {
        "silence_recall",
        "silence_precision",
    }


def test_passages_beyond_the_tenth_do_not_count() -> None:
    eleventh: Script = {"far": ([(GRAIN, ODESA)] * DEPTH + [(VETO, FIVE)], [])}
    (outcome,) = Scripted(eleventh).evaluate([Question("far", 1, gold=(Gold("veto.md", None),))]).outcomes
    assert outcome.article_rank is None


def test_each_question_is_asked_as_of_its_day_and_timed() -> None:
    scripted = Scripted({})
    evaluation = scripted.evaluate([Question("then", 1, today=date(2022, 6, 16)), Question("now", 2)])
    assert scripted.days == [date(2022, 6, 16)] * 2 + [TODAY] * 2
    assert (tuple(evaluation.retrieval), tuple(evaluation.answer)) == ((1, 1), (2, 2))


def test_seconds_are_values_that_occurred() -> None:
    assert seconds([float(one) for one in range(1, 101)]) == (50, 95)
    assert seconds([7.0]) == (7, 7)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)]
)
def test_wilson_intervals_are_those_in_the_literature(right: int, of: int, low: float, high: float) -> None:
    """81 of 263 is the example of R. G. Newcombe, Statistics in Medicine 17 (1998), table I."""
    printed: tuple[object, ...] = (right / of, of, pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))
    assert share([1] * right + [0] * (of - right)) == printed


def test_the_bootstrap_comes_close_to_the_normal_interval_of_a_mean_and_is_the_same_each_time() -> None:
    values = [(number * 37 % 101) / 101 for number in range(400)]
    average, low, high = mean(values).value, mean(values).low, mean(values).high
    spread = math.sqrt(sum((value - average) ** 2 for value in values) / len(values))
    assert low == pytest.approx(average - 1.96 * spread / math.sqrt(400), abs=0.004)
    assert high == pytest.approx(average + 1.96 * spread / math.sqrt(400), abs=0.004)
    assert mean(values) == mean(values)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.builds(
            Question,
            text=st.sampled_from(sorted(SCRIPT)),
            line=st.just(1),
            gold=st.lists(
                st.builds(Gold, st.sampled_from([None, "veto.md", "x"]), st.sampled_from([LEAST, "Odesa", "x"]))
            ).map(tuple),
            answers=st.lists(st.sampled_from(["France", "a", "August", "1946"])).map(tuple),
        )
        | st.builds(Question, text=st.sampled_from(["silent", "chatty"]), line=st.just(2), none=st.just(True)),
        min_size=1,
        max_size=12,
    )
)
def test_every_figure_lies_in_its_interval_and_that_between_0_and_1(questions: list[Question]) -> None:
    for name, one in estimates(Scripted(SCRIPT).evaluate(questions).outcomes).items():
        assert 0 <= one.low <= one.value <= one.high <= 1, name
        assert 1 <= one.n <= len(questions)


@given(st.text(), st.text())
def test_a_quote_contains_itself_and_f1_is_symmetric(one: str, other: str) -> None:
    assert contains(f"before {one} after", one) or not tokens(one) or tokens(one)[0] in {"a", "an", "the"}
    assert token_f1(one, other) == token_f1(other, one)
    assert 0 <= token_f1(one, other) <= 1


@pytest.mark.parametrize(
    ("quote", "answer", "held"),
    [
        ("Signed on 8 April 2010.", "8 April", True),
        ("The U.S. left.", "US", True),
        ("It cost $5.50.", "5.50", True),
        ("He said “Squid Game” won.", "Squid Game", True),
        ("Prague", "rag", False),
        ("8 May, April", "8 April", False),
    ],
)
def test_answers_are_looked_for_word_by_word(quote: str, answer: str, held: bool) -> None:
    assert contains(quote, answer) is held


def test_a_question_may_expect_any_of_several(tmp_path: Path) -> None:
    row = {"question": " Who?\n", "article": ["a", "b"], "sentence": " It  is\nso.", "answer": [1994, "in 1994"]}
    assert read_one(tmp_path, row) == Question(
        "Who?", 1, gold=(Gold("a", "It is so."), Gold("b", "It is so.")), answers=("1994", "in 1994")
    )


@pytest.mark.parametrize(
    "row", [{"none": True}, {"article": "none"}, {"answer": "None"}, {"article": "none", "none": "yes"}]
)
def test_silence_can_be_expected_in_each_of_these_ways(tmp_path: Path, row: dict[str, object]) -> None:
    assert read_one(tmp_path, {"question": "Who?"} | row) == Question("Who?", 1, none=True)


def test_further_places_are_of_the_same_article_unless_they_name_one(tmp_path: Path) -> None:
    row = {"question": "Who?", "article": "a", "sentence": "S", "also": ["T", {"article": "b", "sentence": "U"}]}
    assert read_one(tmp_path, row).gold == (("a", "S"), ("a", "T"), ("b", "U"))


def test_the_day_is_read_in_both_ways_of_writing_it(tmp_path: Path) -> None:
    for said in ({"today": "2022-06-16"}, {"date": "2022/06/16"}, {"date": "2022-06-16T12:00:00Z"}):
        assert read_one(tmp_path, {"question": "Who?"} | said).today == date(2022, 6, 16)


def test_a_thumb_up_expects_what_was_cited_and_a_thumb_down_nothing(tmp_path: Path) -> None:
    cited = {
        "question": "Who?",
        "answer": "It is so. [1]",
        "citations": [{"number": 1, "article": "a", "quote": "It\nis so."}],
    }
    assert read_one(tmp_path, cited | {"thumb": "up"}) == Question("Who?", 1, gold=(Gold("a", "It is so."),))
    assert read_one(tmp_path, cited | {"thumb": "down"}) == Question("Who?", 1)
    assert read_one(tmp_path, {"question": "Who?", "thumb": "up", "citations": []}).none


def test_rows_of_csv_are_questions_with_the_line_on_which_they_begin(tmp_path: Path) -> None:
    file = tmp_path / "q.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as opened:
        csv.writer(opened).writerows(
            [
                ["Question", "article", "sentence", "answer", "none"],
                ["Who,\nwhen?", "a.md|b.md", "It is so, I think.", "", ""],
                [],
                ["And who?", "", "", "", "true"],
            ]
        )
    assert read_questions(file) == [
        Question("Who, when?", 2, gold=(Gold("a.md", "It is so, I think."), Gold("b.md", "It is so, I think."))),
        Question("And who?", 5, none=True),
    ]


def test_our_own_questions_are_read() -> None:
    folder = ROOT / "bench" / "questions"
    counts = {}
    for file in sorted(folder.glob("*.jsonl")):
        questions = read_questions(file)
        counts[file.name] = (len(questions), sum(question.none for question in questions))
        assert all(question.none or question.sentences for question in questions)
    assert counts == {
        "invented.jsonl": (742, 186),
        "languages.jsonl": (86, 22),
        "seeds.dev.jsonl": (36, 10),
        "seeds.dev2.jsonl": (98, 25),
        "seeds.test.jsonl": (64, 16),
    }


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("q.jsonl", '{"question": "Who?"}\n{', "q.jsonl: line 2 is not JSON"),
        ("q.jsonl", '{"question": "Who?"}\n\n[]', "line 3 is no object"),
        ("q.jsonl", '{"query": "Who?"}', "line 1 has no question"),
        ("q.jsonl", '{"question": "?"}', "line 1: the question is empty"),
        ("q.jsonl", '{"question": "Who?", "article": {}}', "line 1: `article` is text"),
        ("q.jsonl", '{"question": "Who?", "none": true, "answer": "he"}', "line 1 expects nothing and something"),
        ("q.jsonl", '{"question": "Who?", "none": "perhaps"}', "line 1: `none` is true or false"),
        ("q.jsonl", '{"question": "Who?", "answer": "?!"}', "line 1 has an answer without a letter or digit"),
        ("q.jsonl", '{"question": "Who?", "today": "soon"}', "line 1: 'soon' is not a day: write 2025-08-21"),
        ("q.jsonl", '{"question": "Who?", "thumb": "sideways"}', "line 1: `thumb` is"),
        ("q.jsonl", '{"question": "Who?", "thumb": "up", "citations": [{}]}', "line 1: each of `citations`"),
        ("q.jsonl", '{"question": "Who?", "also": [{}]}', "line 1: each of `also`"),
        ("q.jsonl", "\n \n", "holds no question"),
        ("q.jsonl", "\0", "not a text file"),
        ("q.csv", "", "line 1 names no column `question`"),
        ("q.csv", "question,article\nWho?,a\nWho, when?,b\n", "line 3 has 3 cells for 2 columns"),
        ("q.csv", 'question\n"Who', "line 2 is not CSV"),
        ("q.txt", "Who?", "q.txt is no file of questions"),
    ],
)
def test_a_file_that_is_none_of_questions_is_refused_by_line(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(QuestionsRefused) as refused:
        read_questions(tmp_path / name)
    assert says in str(refused.value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_makes_the_reading_fail_otherwise(tmp_path: Path, data: bytes) -> None:
    for suffix in (".jsonl", ".csv"):
        file = tmp_path / f"q{suffix}"
        file.write_bytes(b"question,article\n" + data if suffix == ".csv" else data)
        try:
            assert read_questions(file)
        except QuestionsRefused:
            continue


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionsMissing, match=r"cannot read .*: No such file"):
        read_questions(tmp_path / "q.jsonl")


def test_what_the_articles_do_not_hold_is_told_and_not_expected() -> None:
    asked = [
        Question("known", 1, gold=(Gold("grain.txt", "Odesa shipped grain in August."),)),
        Question("by key", 2, gold=(Gold("57", None),)),
        Question("nowhere", 3, gold=(Gold("nope.md", "Five members"), Gold("veto.md", "Five members"))),
        Question("elsewhere", 4, gold=(Gold("grain.txt", "Five members"),)),
        Question("unsaid", 5, gold=(Gold(None, "Six members"),)),
        Question("bare", 6),
        Question("silent", 7, none=True),
    ]
    kept, remarks = hold_against(asked, ARTICLES)
    assert [question.gold for question in kept] == [
        (Gold("grain.txt", "Odesa shipped grain in August."),),
        (Gold("news.csv#57", None),),
        (Gold("veto.md", "Five members"),),
        (Gold("grain.txt", None),),
        (),
        (),
        (),
    ]
    assert remarks == [
        Remark(3, "expects nope.md: no article in the index has this id"),
        Remark(4, "expects a sentence that grain.txt does not hold: Five members"),
        Remark(5, "expects a sentence that no article holds: Six members"),
        Remark(6, "says nothing of what is expected: asked, not scored"),
    ]


def test_the_questions_in_the_readme_are_about_the_sample_articles(tmp_path: Path) -> None:
    lines = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith('{"question"')]
    questions = read_questions(write(tmp_path / "q.jsonl", *map(json.loads, lines)))
    articles = articles_in(SEEDS)
    assert hold_against(questions, articles) == (questions, [])
    assert len(questions) == 3


class Seen(HTMLParser):
    """Collects the tags and attributes that a browser would see, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def reported(text: str) -> Report:
    article = Article(text, text, text)
    question = Question(text, 1, gold=(Gold(text, text), Gold("x", None)), answers=(text,))
    declined = Question("declined", 2, answers=(text,))
    scripted = Scripted(
        {text: ([(article, text)], [(VETO, FIVE), (article, text)]), "declined": ([(article, text)], [])}
    )
    return Report(scripted.evaluate([question, declined]), (Remark(1, text),), text, text, 1, TODAY)


PLAIN = Seen(report_html(reported("plain")))


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_is_said_becomes_html(attack: str) -> None:
    seen = Seen(report_html(reported(attack)))
    assert (seen.tags, seen.names) == (PLAIN.tags, PLAIN.names)
    assert seen.text.count(attack) >= 5


def test_the_page_runs_nothing_and_asks_for_nothing() -> None:
    page = report_html(reported("plain"))
    assert not PLAIN.tags & {"script", "link", "img", "iframe", "a", "object", "svg"}
    assert not PLAIN.names & {"src", "href", "onload", "onclick"}
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_json_holds_what_was_expected_and_what_came() -> None:
    evaluation = Scripted(SCRIPT).evaluate(ASKED)
    said = json.loads(json.dumps(report_json(Report(evaluation, (), "q.jsonl", "store", 3, TODAY))))
    assert said["figures"]["article_hit_1"]["n"] == 3
    assert (said["asked"], len(said["outcomes"]), said["seconds"]["answer"]) == (7, 7, {"median": 2, "p95": 2})
    third = said["failures"][0]
    assert (third["line"], third["article_rank"], third["sentence_rank"]) == (2, 2, 3)
    assert third["expected"] == {"places": [{"article": "veto.md", "sentence": LEAST}], "answers": [], "none": False}
    assert [cited["text"] for cited in third["citations"]] == [FIVE, LEAST]


def test_the_terminal_shows_the_table_and_as_many_failures_as_it_is_told() -> None:
    report = Report(Scripted(SCRIPT).evaluate(ASKED), (Remark(7, "is odd"),), "q.jsonl", "store", 3, TODAY)
    text = report_text(report, at_most=1)
    assert text.startswith("7 questions to 3 articles: 4 that they answer, 2 that they do not, 1 asked only\n")
    assert "the first passage is of the right article           1 of 3   0.33   0.06 to 0.79" in text
    assert "Wrong: 3, the first 1; --all lists every one" in text
    assert "line 2: third" in text
    assert "line 3: never" not in text
    assert "article 2\n              sentence 3" in text
    assert all(f"line {line}: " in report_text(report, at_most=None) for line in (2, 3, 6))
