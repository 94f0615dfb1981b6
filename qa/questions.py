"""A file of questions, and what each is expected to find -> Questions; pure but for the reading of the file.

One question a line (.jsonl) or row (.csv, names in the first line). Every field but `question` may be left out:

    question     what to ask
    article      the id of the article that answers, or a list of ids of which any will do; or "none"
    sentence     text that a passage must hold to be right, or a list of which any will do; white space is folded
    answer       short text that the quotes must contain, or a list of accepted texts; or "none"
    none         true: the articles do not say, and saying so is right
    today        the day on which the question is asked, 2025-08-21; `date` is read as well
    also         further places that answer: sentences of the same article, or {"article", "sentence"}
    thumb        "up" or "down", with the `citations` of an answer, as the chat keeps them: what was found good is
                 expected again; what was not tells nothing of what would have been

In .csv, alternatives stand in one cell, parted by `|`.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from index.errors import ArticleError, ArticleQAError, QuestionRefused
from index.formats.encoding import decode, printable
from index.records import Article
from qa.question import clean

Row = Mapping[str, object]
Numbered = tuple[int, Row]
"""The line on which a row begins, from 1, and the row."""

NAMES = {
    "article": ("article", "articles", "gold"),
    "sentence": ("sentence", "sentences"),
    "answer": ("answer", "answers"),
    "today": ("today", "date"),
}
ALTERNATIVES = {*NAMES["article"], *NAMES["sentence"], *NAMES["answer"], "also"}
NONE = "none"
YES, NO = {"true", "yes", "1"}, {"false", "no", "0", ""}
DELIMITERS = ",;\t"
SHOWN = 60
"""Characters of a sentence or day that a message repeats."""
NOT_INDEXED = "no article in the index has this id"


class QuestionsMissing(ArticleQAError):
    """There is no file of questions, or it cannot be read."""


class QuestionsRefused(QuestionRefused):
    """A file is not one of questions; the message names the line."""


class Gold(NamedTuple):
    """A place that answers: an article, a sentence in it, or a sentence in whichever article."""

    article: str | None
    sentence: str | None
    """White space folded."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what is expected of it: places, short answers, silence, or nothing."""

    text: str
    line: int
    """Where it stands in its file, from 1."""
    gold: tuple[Gold, ...] = ()
    """Any of these is right."""
    answers: tuple[str, ...] = ()
    """Any of these is right."""
    none: bool = False
    """The articles do not say."""
    today: date | None = None

    @property
    def articles(self) -> frozenset[str]:
        """The articles of which any is right."""
        return frozenset(gold.article for gold in self.gold if gold.article)

    @property
    def sentences(self) -> tuple[Gold, ...]:
        """The places that are known to the sentence."""
        return tuple(gold for gold in self.gold if gold.sentence)

    @property
    def expects_answer(self) -> bool:
        """Tell whether the articles are known to say."""
        return bool(self.gold or self.answers)


class Remark(NamedTuple):
    """What is odd about a question of the file, which is then scored without it."""

    line: int
    says: str


def folded(text: str) -> str:
    r"""Return `text` with each run of white space as one space.

    >>> folded(" Five  members\nhold a veto. ")
    'Five members hold a veto.'
    """
    return " ".join(text.split())


def read_questions(path: Path) -> list[Question]:
    """Read a .jsonl or .csv file of questions. Raises QuestionsMissing and QuestionsRefused."""
    if path.suffix.lower() not in {".jsonl", ".csv"}:
        raise QuestionsRefused(f"{path.name} is no file of questions: give a .jsonl or .csv file")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuestionsMissing(f"cannot read {path}: {error.strerror}; give a .jsonl or .csv file") from error
    try:
        text = decode(data)
        rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _json_rows(text)
        questions = [_question(row, line) for line, row in rows]
    except (ArticleError, QuestionRefused) as error:
        raise QuestionsRefused(f"{path.name}: {error}") from error
    if not questions:
        raise QuestionsRefused(
            f'{path.name} holds no question: write {{"question": "...", "article": "..."}} on a line'
        )
    return questions


def _json_rows(text: str) -> Iterator[Numbered]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise QuestionsRefused(f"line {number} is not JSON: mend or remove it") from error
        if not isinstance(row, dict):
            raise QuestionsRefused(f'line {number} is no object: write {{"question": "..."}}')
        yield number, row


def _csv_rows(text: str) -> Iterator[Numbered]:
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if "question" not in names:
            raise QuestionsRefused("line 1 names no column `question`: name the columns there")
        begins = reader.line_num + 1
        for cells in reader:
            line, begins = begins, reader.line_num + 1  # a quoted cell may span lines
            if any(cells[len(names) :]):
                raise QuestionsRefused(f"line {line} has {len(cells)} cells for {len(names)} columns: quote its commas")
            if any(cell.strip() for cell in cells):
                yield line, {name: _cell(name, cell) for name, cell in zip(names, cells, strict=False)}
    except csv.Error as error:
        raise QuestionsRefused(f"line {reader.line_num} is not CSV: {error}") from error


def _cell(name: str, cell: str) -> object:
    return cell.split("|") if name in ALTERNATIVES else cell


def _question(row: Row, line: int) -> Question:
    said = row.get("question")
    if not isinstance(said, str):
        raise QuestionsRefused(f"line {line} has no question: give it one, as text")
    try:
        text = clean(said)
    except QuestionRefused as error:
        raise QuestionsRefused(f"line {line}: {error}") from error
    question = Question(text, line, today=_day(row, line))
    return _judged(question, row) if row.get("thumb") else _expecting(question, row)


def _expecting(question: Question, row: Row) -> Question:
    articles, sentences, answers = (_texts(row, name, question.line) for name in ("article", "sentence", "answer"))
    also = _also(row, articles, question.line)
    named = [texts for texts in (articles, sentences, answers) if texts]
    silences = [texts for texts in named if len(texts) == 1 and texts[0].lower() == NONE]
    if silences or _flag(row, question.line):
        if len(silences) < len(named) or also:
            raise QuestionsRefused(f"line {question.line} expects nothing and something: keep one of the two")
        return replace(question, none=True)
    if any(not any(character.isalnum() for character in answer) for answer in answers):
        raise QuestionsRefused(f"line {question.line} has an answer without a letter or digit: give the words of it")
    gold = _places(articles, sentences) + also
    return replace(question, gold=tuple(dict.fromkeys(gold)), answers=tuple(answers))


def _places(articles: Sequence[str], sentences: Sequence[str]) -> list[Gold]:
    """Return each article with each sentence, or what of the two there is."""
    if not articles or not sentences:
        return [Gold(article, None) for article in articles] + [Gold(None, sentence) for sentence in sentences]
    return [Gold(article, sentence) for article in articles for sentence in sentences]


def _also(row: Row, articles: list[str], line: int) -> list[Gold]:
    """Return the further places; one that names no article is of those that the question names."""
    said = row.get("also") or []
    found = []
    for other in said if isinstance(said, list) else [said]:
        own = other if isinstance(other, dict) else {"sentence": other}
        places = _places(_texts(own, "article", line) or articles, _texts(own, "sentence", line))
        if not places:
            raise QuestionsRefused(f"line {line}: each of `also` is a sentence, or has an `article` and a `sentence`")
        found += places
    return found


def _judged(question: Question, row: Row) -> Question:
    """Return what a thumb says of an answer: its citations are right; or, where it had none, silence is."""
    thumb, citations = row["thumb"], row.get("citations") or []
    if thumb not in {"up", "down"}:
        raise QuestionsRefused(f'line {question.line}: `thumb` is "up" or "down"')
    if thumb == "down":
        return question
    places = [cited if isinstance(cited, dict) else {} for cited in (citations if isinstance(citations, list) else [0])]
    gold = [
        Gold(printable(article), folded(printable(quote)))
        for article, quote in ((place.get("article"), place.get("quote")) for place in places)
        if isinstance(article, str) and isinstance(quote, str) and article and quote.strip()
    ]
    if len(gold) < len(places):
        raise QuestionsRefused(f"line {question.line}: each of `citations` is an object of an `article` and a `quote`")
    return replace(question, gold=tuple(dict.fromkeys(gold)), none=not gold)


def _texts(row: Row, name: str, line: int) -> list[str]:
    """Return the alternatives of a field, under any of its names, without those that are empty."""
    found: list[str] = []
    for value in (row.get(alias) for alias in NAMES[name]):
        for one in value if isinstance(value, list) else [value]:
            if one is None:
                continue
            if isinstance(one, bool) or not isinstance(one, str | int | float):
                raise QuestionsRefused(f"line {line}: `{name}` is text, or a list of texts")
            found.append(folded(printable(str(one))))
    return [text for text in dict.fromkeys(found) if text]


def _flag(row: Row, line: int) -> bool:
    said = str(row.get("none") or "").strip().lower()
    if said not in YES | NO:
        raise QuestionsRefused(f"line {line}: `none` is true or false")
    return said in YES


def _day(row: Row, line: int) -> date | None:
    said = next((str(row[name]).strip() for name in NAMES["today"] if row.get(name)), "")
    try:
        return date.fromisoformat(said.replace("/", "-")[:10]) if said else None
    except ValueError as error:
        raise QuestionsRefused(f"line {line}: {said[:SHOWN]!r} is not a day: write 2025-08-21") from error


def hold_against(questions: Sequence[Question], articles: Iterable[Article]) -> tuple[list[Question], list[Remark]]:
    """Take out of what is expected all that the articles do not hold, and tell it: no search could find it.

    An article inside a file of many may be named by its key alone where only one has it: `57` for `news.csv#57`.
    """
    index = _Index(questions, articles)
    kept, remarks = [], []
    for question in questions:
        gold = [index.place(place) for place in question.gold]
        remarks += [Remark(question.line, says) for says in dict.fromkeys(says for _, says in gold if says)]
        kept.append(replace(question, gold=tuple(dict.fromkeys(place for place, _ in gold if place is not None))))
        if not question.expects_answer and not question.none:
            remarks.append(Remark(question.line, "says nothing of what is expected: asked, not scored"))
    return kept, remarks


class _Index:
    """What the articles hold of what is expected, gathered in one pass over them."""

    def __init__(self, questions: Sequence[Question], articles: Iterable[Article]) -> None:
        named = {article for question in questions for article in question.articles}
        wanted = {gold.sentence for question in questions for gold in question.gold if gold.sentence}
        self.ids: set[str] = set()
        self.by_key: dict[str, list[str]] = {}
        self.sentences: dict[str, set[str]] = {}
        """For each expected sentence, the articles that hold it."""
        for article in articles:
            key = article.id.removeprefix(f"{article.path}#")
            if article.id in named or key in named:
                self.ids.add(article.id)
                self.by_key.setdefault(key, []).append(article.id)
            text = folded(article.text) if wanted else ""
            for sentence in wanted:
                if sentence in text:
                    self.sentences.setdefault(sentence, set()).add(article.id)

    def place(self, gold: Gold) -> tuple[Gold | None, str]:
        """Return what of `gold` can be found, and what to say of the rest."""
        article, sentence = gold
        if article is not None and article not in self.ids:
            candidates = self.by_key.get(article, [])
            if len(candidates) != 1:
                return None, f"expects {article}: {'several articles are so named' if candidates else NOT_INDEXED}"
            article = candidates[0]
        holders = self.sentences.get(sentence, set()) if sentence else set()
        if sentence is None or article in holders or (article is None and holders):
            return Gold(article, sentence), ""
        if article is None:
            return None, f"expects a sentence that no article holds: {_shortened(sentence)}"
        return Gold(article, None), f"expects a sentence that {article} does not hold: {_shortened(sentence)}"


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rstrip() + " …"
