"""Lists, counts and time lines: which questions ask for one, and that they hold what a count by hand holds."""

import calendar
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import build
from index.store import Outlet, Scope, Sighting, open_store
from qa import Turn
from qa.answer import Answer, Assistant
from qa.intent import Indexed, understand
from qa.read import EvidenceReader
from qa.scans.listing import MANY, listing
from qa.scans.scan import MOST_READ, SHOWN, holds, scan
from tests.conftest import HashingEmbedder, WordCrossEncoder, WordMarker

TODAY = date(2025, 8, 21)
OUTLETS = [Outlet("Reuters", 9), Outlet("cnn.com", 4)]


def asked(question: str) -> str:
    """What list a question asks for, in short; empty where it asks for none."""
    understood = understand(
        question,
        scope=Scope(),
        today=TODAY,
        indexed=Indexed(outlets=OUTLETS, authors=["Jane Roe", "For Reuters"], newest=TODAY),
    )
    wanted = listing(understood)
    if wanted is None:
        return ""
    held = " or ".join(" | ".join(group) for group in (wanted.phrases, *wanted.or_else))
    held += f" not {' | '.join(wanted.without)}" if wanted.without else ""
    parts = [wanted.kind.name.lower()] + [held] * bool(held)
    parts += [f"speaker {wanted.speaker}"] * bool(wanted.speaker) + [f"by {wanted.author}"] * bool(wanted.author)
    parts += [wanted.told.value] if wanted.told else []
    parts += [f"each {wanted.by}{', most first' * wanted.most_first}"] if wanted.by else []
    return " | ".join(
        parts + ["newest"] * wanted.newest_first + ["oldest"] * wanted.oldest_first + ["one"] * wanted.first_only
    )


def reading_of(rows: Sequence[Mapping[str, object]], folder: Path, store: Path) -> Assistant:
    """Return an assistant that reads articles by their words, each a row."""
    (folder / "news").mkdir()
    (folder / "news" / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    embedder = HashingEmbedder()
    build(folder / "news", store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)


@pytest.mark.parametrize(
    ("question", "list_"),
    [
        ("How many articles mention the Minsk Protocol?", "articles | Minsk Protocol"),
        ("how many articles mention the minsk protocol", "articles | minsk | protocol"),
        ("How many articles are there?", "articles"),
        ("Okay, and how many articles mention NATO?", "articles | NATO"),
        ("How many articles are there about the grain deal?", "articles | grain | deal"),
        ("How many articles are in the index?", "articles"),
        ("Which articles by Reuters are about the grain deal?", "articles | grain | deal"),
        ("Which Reuters articles mention Odesa?", "articles | Odesa"),
        ("How many articles were published in June 2022?", "articles"),
        ("Which stories discuss Article 5?", "articles | Article 5"),
        ("List all articles about “security guarantees”.", "articles | security guarantees"),
        ("Please show me the latest articles about Odesa", "articles | Odesa | newest"),
        ("What articles has Jane Roe written?", "articles | by Jane Roe"),
        ("Which articles did Jane Roe write about Odesa?", "articles | Odesa | by Jane Roe"),
        ("articles by Jane Roe", "articles | by Jane Roe"),
        ("What did Jane Roe write about?", "articles | by Jane Roe"),
        ("How many articles did Reuters publish about Odesa?", "articles | Odesa"),
        ("How many stories about Odesa did Reuters run?", "articles | Odesa"),
        ("How many articles published in June mention Odesa?", "articles | Odesa"),
        ("Which articles mention Odesa in June?", "articles | Odesa"),
        ("Which articles mention Odesa in June 1994?", "articles | Odesa | June 1994"),
        ("Which outlet wrote most about grain?", "outlets | grain"),
        ("How many articles mention grain by month?", "articles | grain | each month"),
        ("how many articles about grain were published each year?", "articles | grain | each year"),
        ("Which month had the most articles about grain?", "articles | grain | each month, most first"),
        ("Which outlet has the most stories about grain?", "outlets | grain"),
        ("Which articles by Jane Roe mention Odesa?", "articles | Odesa | by Jane Roe"),
        ("Are there any articles on landmines?", "articles | landmines"),
        ("How often is Zelenskyy mentioned?", "articles | Zelenskyy"),
        ("In which articles is the Budapest Memorandum mentioned?", "articles | Budapest Memorandum"),
        ("How many mentions of NATO are there?", "articles | NATO"),
        ("Does any article mention Canada?", "articles | Canada"),
        ("What do the articles say about China?", "articles | China"),
        ("what have these stories told us about sanctions", "articles | sanctions"),
        ("What did all of the articles report on Odesa?", "articles | Odesa"),
        ("What do the articles say about how the veto works?", ""),
        ("What do the articles say about Hungary's veto?", ""),
        ("What does the article say about China?", ""),
        ("What does Lavrov say about China?", ""),
        ("Do the articles discuss Article 5 anywhere?", "articles | Article 5"),
        ("Is Germany mentioned?", "articles | Germany"),
        ("was Merz ever mentioned in any of the articles?", "articles | Merz"),
        ("Is there anything about landmines?", "articles | landmines"),
        ("What is the oldest article?", "articles | oldest | one"),
        ("“veto power”", "articles | veto power"),
        ('Where does it say "veto power"?', "articles | veto power"),
        ('Who said "veto power"?', ""),
        ('"the"', ""),
        ("when was the oldest article about grain published?", "articles | grain | oldest | one"),
        ("What are the articles about?", "articles | newest"),
        ("what topics do the articles cover", "articles | newest"),
        ("What’s in the index?", "articles | newest"),
        ("Is the veto mentioned in the Charter?", ""),
        ("Is the oldest member of the alliance Greece?", ""),
        ("What is the oldest treaty?", ""),
        ("Which outlets reported on the grain deal?", "outlets | grain | deal"),
        ("Which outlets are there?", "outlets"),
        ("How many newspapers covered Lavrov’s speech?", "outlets | Lavrov | speech"),
        ("List everything Lavrov said about the veto", "said | veto | speaker Lavrov"),
        ("Show me all statements by Sergey Lavrov on Ukraine", "said | Ukraine | speaker Sergey Lavrov"),
        ("everything that Macron has said", "said | speaker Macron"),
        ("Quotes by Lavrov on Ukraine", "said | Ukraine | speaker Lavrov"),
        ("What did Lavrov say about the veto in June 2022?", "said | veto | speaker Lavrov"),
        ("Timeline of the grain deal", "timeline | grain | deal"),
        ("Give me a timeline of the Minsk agreements", "timeline | Minsk | agreements"),
        ("chronology of the Normandy Format", "timeline | Normandy Format"),
        ("What happened in June 2022?", "happened"),
        ("What happened in Odesa in June 2022?", "happened | Odesa"),
        ("What happened last week?", "happened"),
        ("What happened in Bucha?", "happened | Bucha"),
        ("What happened during the siege of Mariupol?", "happened | siege | Mariupol"),
        ("What did Reuters report in June 2022?", "happened"),
        ("What did Reuters report about the grain deal?", "articles | grain | deal"),
        ("what has Reuters written about Odesa?", "articles | Odesa"),
        ("What does Reuters say on Odesa?", "articles | Odesa"),
        ("What did Reuters report about Odesa in June 2022?", "happened | Odesa"),
        ("What did Reuters report after Odesa was shelled?", ""),
        ("What did the commission report about Odesa?", ""),
        ("Which articles mention Merkel or Macron?", "articles | Merkel or Macron"),
        ("which articles mention Merkel but not Hollande?", "articles | Merkel not Hollande"),
        ("Which articles mention Ukraine's NATO membership?", "articles | Ukraine | NATO | membership"),
        ("Which articles were written by Jane Roe?", "articles | by Jane Roe"),
        ("How many articles does Reuters have?", "articles"),
        ("Which article is the newest?", "articles | newest | one"),
        ("Which articles are the newest?", "articles | newest"),
        ("What are the oldest articles on grain?", "articles | grain | oldest"),
        ("Who wrote the articles?", "articles | who wrote it | newest"),
        ("List all authors", "articles | who wrote it | newest"),
        ("Which authors are there?", "articles | who wrote it | newest"),
        ("Which quotes are there about the veto?", "said | veto"),
        ("quotes on nuclear weapons", "said | nuclear | weapons"),
        ("Do you have any direct quotes about NATO?", "said | NATO"),
        ("Who said what about grain?", "said | grain"),
        ("Which authors were jailed?", ""),
        ("Who wrote these treaties?", ""),
        ("latest articles about Odesa", "articles | Odesa | newest"),
        ("What's new?", "articles | newest"),
        ("What's new in Odesa?", "latest | Odesa | newest"),
        ("what is the latest on the grain deal", "latest | grain | deal | newest"),
        ("Any updates on the grain deal?", "latest | grain | deal | newest"),
        ("Who is the latest to go?", ""),
        ("What's the latest on the deal that Turkey brokered?", ""),
        ("What did Jane Roe write about Odesa?", "articles | Odesa | by Jane Roe"),
        ("Who wrote the article about the veto?", "articles | veto | who wrote it"),
        ("Who is the author of the story on Odesa?", "articles | Odesa | who wrote it"),
        ("By whom was the piece about the Minsk agreements written?", "articles | Minsk | agreements | who wrote it"),
        ("When was the article about the veto published?", "articles | veto | when it was published"),
        ("On which day did the story on Odesa appear?", "articles | Odesa | when it was published"),
        # What stands in the articles is no list of articles.
        ("Who wrote the report?", ""),
        ("Who wrote the Treaty of Versailles?", ""),
        ("Who wrote the report about Odesa?", ""),
        ("When was the report on Odesa published?", ""),
        ("How many members has NATO?", ""),
        ("How many nuclear warheads does Russia have?", ""),
        ("Which countries joined NATO in 2023?", ""),
        ("Which countries joined the European Union?", ""),
        ("How many articles does the North Atlantic Treaty have?", ""),
        ("What article of the treaty covers collective defence?", ""),
        ("What are the Articles of Confederation?", ""),
        ("How many reports did the commission publish?", ""),
        ("Which documents were signed in Minsk?", ""),
        ("Which newspaper reported it?", ""),
        ("Which sources of energy are there in Ukraine?", ""),
        ("What did Lavrov say about veto power?", ""),
        ("What has Macron said about it?", ""),
        ("What happened after Yeltsin resigned in 1999?", ""),
        ("What happened to the Minsk agreements?", ""),
        ("What happened in it?", ""),
        ("When did Reuters report the sinking?", ""),
        ("List the permanent members of the Security Council", ""),
        ("Who said that everything was lost?", ""),
        ("What is a timeline?", ""),
        ("Which articles mention it?", ""),
    ],
)
def test_a_question_asks_for_a_list(question: str, list_: str) -> None:
    assert asked(question) == list_


WORDS = (
    *("how", "many", "which", "articles", "list", "all", "outlets", "mention", "about", "by", "said", "everything"),
    *("happened", "in", "June", "2022", "timeline", "of", "Lavrov", '"', "“", "(", ")", "?", "the", "it"),
)


@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_no_question_fails(question: str) -> None:
    asked(question)


ROWS = st.lists(
    st.tuples(
        st.lists(
            st.sampled_from(["Odesa", "Minsk Protocol", "veto", "grain", "Protocol of Minsk", "vetoes"]), max_size=4
        ),
        st.sampled_from(["Reuters", "cnn.com", None]),
        st.sampled_from(["2022-06-01", "2022-06-30", "2022-07-01", None]),
    ),
    min_size=1,
    max_size=14,
)


def made(folder: Path, rows: Sequence[tuple[list[str], str | None, str | None]]) -> None:
    """Write a row for each, no two of them near-copies."""
    folder.mkdir(exist_ok=True)
    with (folder / "rows.jsonl").open("w") as file:
        for number, (said, source, published) in enumerate(rows):
            text = " ".join(f"Clerk {number} of port{number} wrote of {words}." for words in said) or f"Rain{number}."
            file.write(json.dumps({"id": number, "text": text, "source": source, "published": published}) + "\n")


def snapshot_of(folder: Path, place: Path):
    embedder = HashingEmbedder()
    build(folder, store=place, embedder=embedder)
    return open_store(str(place)).snapshot(embedder.fingerprint)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, phrases=st.lists(st.sampled_from(["Minsk Protocol", "veto", "odesa", "GRAIN", "", "?!"]), max_size=2))
def test_a_scan_sees_what_a_look_through_all_articles_sees(rows, phrases, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("scan")
    made(folder / "articles", rows)
    with snapshot_of(folder / "articles", folder / "store") as snapshot:
        articles = list(snapshot.articles())
        for scope in (Scope(), Scope(since=date(2022, 6, 2)), Scope(until=date(2022, 6, 30), source="reuters")):
            inside = [article for article in articles if within(article, scope)]
            wanted = [article.id for article in inside if all(holds(article.text, one) for one in phrases)]
            seen = list(snapshot.sightings(phrases, scope))
            assert [one.article for one in seen] == wanted
            hits = snapshot.hits(list(snapshot.passages(phrases, scope)))
            assert sorted(hit.article.id for hit in hits) == wanted
            said = {article.id: (article.source, article.author, article.published) for article in articles}
            assert all((one.source, one.author, one.published) == said[one.article] for one in seen)


def within(article, scope: Scope) -> bool:
    since, until = scope.since or date.min, scope.until or date.max
    dated = scope == Scope() or (article.day is not None and since <= article.day <= until)
    return dated and (scope.source is None or (article.source or "").lower() == scope.source)


def test_an_article_is_seen_once_by_the_chunk_that_has_most_of_it(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    filler = [f"The clerk of harbour {number} wrote down {number * 7919} sacks that day." for number in range(60)]
    text = " ".join([*filler[:30], "The veto was named.", *filler[30:], "The grain veto held the grain back."])
    (tmp_path / "articles" / "a.txt").write_text(text)
    with snapshot_of(tmp_path / "articles", tmp_path / "store") as snapshot:
        (seen,) = snapshot.sightings(["veto", "grain"])
        assert isinstance(seen, Sighting)
        (hit,) = snapshot.hits(list(snapshot.passages(["veto", "grain"])))
        assert seen.key == next(iter(snapshot.passages(["veto", "grain"]))).key
        assert "grain veto" in hit.text
        assert len(list(snapshot.passages(["veto"]))) == 2
        assert list(snapshot.sightings(["veto", "barley"])) == []


def test_words_in_a_title_count(folder: Path, store: Path) -> None:
    with snapshot_of(folder, store) as snapshot:
        assert [seen.article for seen in snapshot.sightings(["treaty"])] == ["treaty.html"]
        assert [seen.article for seen in snapshot.sightings(["grain", "veto"])] == []


@pytest.mark.parametrize("phrase", ['"', "a OR b", "NEAR(a b)", "title:veto", "veto*", "\0", "-veto", "^veto"])
def test_no_phrase_is_an_operator(phrase: str, folder: Path, store: Path) -> None:
    with snapshot_of(folder, store) as snapshot:
        seen = [one.article for one in snapshot.sightings([phrase])]
        assert seen in ([], ["veto.md"], [article.id for article in snapshot.articles()])


# Answers


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Twelve articles about grain in June, one of them in two outlets, one undated; one of July about a veto."""
    rows = [([f"grain {number}", "Odesa"], "Reuters", f"2022-06-{number + 1:02}") for number in range(11)]
    made(tmp_path / "news", [*rows, (["grain"], "cnn.com", None), (["veto"], "Reuters", "2022-07-05")])
    story = "The ship Alma left the port with grain for Egypt, her captain said on the quay. " * 8
    for outlet, day in (("Reuters", "2022-06-20"), ("cnn.com", "2022-06-21")):
        said = f"---\nsource: {outlet}\npublished: {day}\n---\n{story}"
        (tmp_path / "news" / f"{outlet}.md").write_text(said)
    return tmp_path / "news"


@pytest.fixture
def assistant(news: Path, store: Path, embedder: HashingEmbedder) -> Assistant:
    build(news, store=store, embedder=embedder)
    return Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)


def ask(assistant: Assistant, question: str, history: Sequence[Turn] = (), scope: Scope = Scope()) -> Answer:  # noqa: B008
    *_, answer = assistant.stream(question, history=history, scope=scope, today=TODAY)
    assert answer.text.startswith(answer.lead)
    assert answer.answered == bool(answer.citations)
    for number, cited in enumerate(answer.citations, start=1):
        assert cited.number == number
        assert cited.quote == cited.article.text[cited.start : cited.end]
        assert f"{' '.join(cited.quote.split())} [{number}]" in answer.text
    return answer


def days_of(answer: Answer) -> list[date]:
    """Return the day of each cited article; each has one."""
    days = []
    for cited in answer.citations:
        assert cited.article.day is not None
        days.append(cited.article.day)
    return days


def test_a_count_says_what_was_counted_and_shows_the_first(assistant: Assistant) -> None:
    answer = ask(assistant, "How many articles mention grain?")
    assert answer.lead == "13 articles contain “grain” (14 with near-copies). The 10 that have most of it:"
    assert len(answer.citations) == SHOWN
    assert all("grain" in cited.quote for cited in answer.citations)


def test_a_short_list_is_whole(assistant: Assistant) -> None:
    answer = ask(assistant, "Which articles by Reuters mention the veto?")
    assert answer.lead == "1 article of Reuters contains “veto”:"
    assert answer.text == f"{answer.lead}\nClerk 12 of port12 wrote of veto. [1]"


def test_of_a_list_a_sentence_is_shown_before_a_heading_that_holds_as_much(
    tmp_path: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "port.md").write_text("# Port\n\nA quiet day.\n\n## The barley\n\nThe barley came by sea.\n")
    build(tmp_path / "news", store=store, embedder=embedder)
    assistant = Assistant(
        open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5
    )
    assert [cited.quote for cited in ask(assistant, "Which articles mention barley?").citations] == [
        "The barley came by sea."
    ]


def test_what_is_asked_of_an_article_itself_is_told_before_its_words(
    tmp_path: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (tmp_path / "news").mkdir()
    for name, heading in (("a", "author: Jane  Roe\npublished: 2022-06-01"), ("b", "source: cnn.com")):
        (tmp_path / "news" / f"{name}.md").write_text(f"---\n{heading}\n---\nThe barley of {name} came by sea.\n")
    build(tmp_path / "news", store=store, embedder=embedder)
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    assistant = Assistant(open_store(str(store)), embedder, reader, threshold=0.5)
    by_whom = ask(assistant, "Who wrote the articles about barley?").text.split("\n")[1:]
    when = ask(assistant, "When was the article about barley published?").text.split("\n")[1:]
    assert {line.partition(":")[0] for line in by_whom} == {"By Jane Roe", "No author given"}
    assert {line.partition(":")[0] for line in when} == {"Published on 1 June 2022", "No date"}


def test_nothing_counted_is_said_in_words(assistant: Assistant) -> None:
    answer = ask(assistant, "How many articles mention barley and rye?")
    assert (answer.answered, answer.text, answer.near) == (False, "No article contains “barley” and “rye”.", ())


def test_near_copies_count_once_and_name_their_other_outlets(assistant: Assistant) -> None:
    answer = ask(assistant, "Which articles mention Egypt?")
    assert answer.lead == "1 article contains “Egypt” (2 with near-copies):"
    (cited,) = answer.citations
    assert {cited.article.source, *cited.elsewhere} == {"Reuters", "cnn.com"}


def test_a_time_line_is_in_the_order_of_the_days_and_leaves_out_what_has_none(assistant: Assistant) -> None:
    answer = ask(assistant, "Timeline of grain in Odesa")
    assert answer.lead.startswith("11 articles with a date contain “grain” and “Odesa”. ")
    days = days_of(answer)
    assert days == sorted(days)
    assert "\nPublished on 1 June 2022: " in ask(assistant, "What happened in June 2022?").text


def test_a_time_line_tells_the_day_that_a_sentence_means_and_does_not_name(
    tmp_path: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (tmp_path / "news").mkdir()
    told = "The barley left on Monday. On 3 May 2021 the barley was bought. The barley came to Egypt yesterday."
    (tmp_path / "news" / "a.md").write_text(f"---\npublished: 2022-06-10\n---\n{told}\n")
    build(tmp_path / "news", store=store, embedder=embedder)
    reader = EvidenceReader(WordMarker(), WordCrossEncoder())
    answer = ask(Assistant(open_store(str(store)), embedder, reader, threshold=0.5), "timeline of the barley")
    assert answer.text.split("\n") == [
        "3 dates, given in 1 article that contains “barley”:",
        "On 3 May 2021 the barley was bought. [1]",
        "6 June 2022: The barley left on Monday. [2]",
        "9 June 2022: The barley came to Egypt yesterday. [3]",
    ]
    bold = [cited.article.text[slice(*cited.words)] for cited in answer.citations if cited.words]
    assert bold == ["On 3 May 2021", "on Monday", "yesterday"]


def test_a_time_line_of_a_time_has_only_dates_of_it_whenever_it_is_told(
    tmp_path: Path, store: Path, embedder: HashingEmbedder
) -> None:
    (tmp_path / "news").mkdir()
    told = "On 3 May 2014 the port was shelled. The port fell on 9 May 2014. On 12 May 2014 the port was empty."
    later = "The port was mended in June 2019. The port was opened on 2 July 2019."
    (tmp_path / "news" / "a.md").write_text(f"---\npublished: 2020-01-01\n---\n{told} {later}\n")
    build(tmp_path / "news", store=store, embedder=embedder)
    reading = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), 0.5)
    answer = ask(reading, "Timeline of the port in May 2014")
    assert answer.lead == "3 dates in May 2014, given in 1 article that contains “port”:"
    assert " ".join(cited.quote for cited in answer.citations) == told
    ended = ask(reading, "Timeline of the port since 2015")
    assert " ".join(cited.quote for cited in ended.citations) == later


def test_what_happened_in_a_time_is_spread_over_it(assistant: Assistant) -> None:
    answer = ask(assistant, "What happened in June 2022?")
    expected = "12 articles published from 1 June 2022 to 3 July 2022 (13 with near-copies). "
    assert answer.lead == f"{expected}{SHOWN} of them, spread over that time:"
    assert answer.citations[0].article.published == "2022-06-01"


def test_of_each_part_of_a_time_the_article_that_has_most_of_it_is_shown(tmp_path: Path, store: Path) -> None:
    rows = []
    for number in range(2 * SHOWN):
        text = f"Clerk {number} of port{number} wrote of tides. " + "Grain, grain and grain. " * (number % 2)
        rows.append({"id": number, "text": f"{text} Grain {number}.", "published": f"2022-06-{number + 1:02}"})
    answer = ask(reading_of(rows, tmp_path, store), "What happened to grain in June?")
    assert answer.lead.startswith(f"{2 * SHOWN} articles published from 1 June 2022 to 3 July 2022 contain “grain”. ")
    assert [day.day for day in days_of(answer)] == list(range(2, 2 * SHOWN + 1, 2))


def test_what_happened_somewhere_is_told_by_the_articles_that_are_titled_so(tmp_path: Path, store: Path) -> None:
    rows = []
    for number in range(2 * MANY):
        title = f"Storm {number} reaches Odesa" if number % 2 else f"Storm {number}"
        text = f"The storm tore roof{number} from house{number} in Odesa."
        rows.append({"id": number, "title": title, "text": text, "published": f"2022-06-{number + 1:02}"})
    reading = reading_of(rows, tmp_path, store)
    answer = ask(reading, "What happened in Odesa?")
    assert answer.lead == f"{MANY} articles have “Odesa” in the title:"
    assert [day.day for day in days_of(answer)] == list(range(2, 2 * MANY + 1, 2))
    assert ask(reading, "What happened to Odesa?").lead == ""  # one thing that befell it, which is read for
    assert ask(reading, "What happened in Bucha?").lead == ""


def test_of_what_happened_an_article_s_opening_is_shown(tmp_path: Path, store: Path) -> None:
    rows = []
    for number in range(MANY):
        opening = f"Where is the grain? Grain left port{number} on ship{number}."
        rest = f"The tide of day {number} was high, and clerk{number} was glad of it. " * 60
        text = f"{opening}\n\n{rest}\n\nGrain, grain, grain: grain{number}."
        rows.append({"id": number, "text": text, "published": f"2022-06-{number + 1:02}"})
    answer = ask(reading_of(rows, tmp_path, store), "What happened to grain in June?")
    assert [cited.quote for cited in answer.citations] == [f"Grain left port{n} on ship{n}." for n in range(MANY)]


def test_where_nothing_but_a_time_is_asked_about_few_articles_are_a_list(assistant: Assistant) -> None:
    answer = ask(assistant, "What happened in July 2022?")
    assert answer.lead == "1 article published from 1 July 2022 to 3 August 2022:"


def test_of_few_articles_a_list_is_made_where_reading_them_tells_nothing(tmp_path: Path, store: Path) -> None:
    rows = [
        {"title": "Odesa", "published": "2022-07-05", "text": "The storm tore a roof from its house."},
        {"title": "Bucha", "published": "2022-07-06", "text": "Grain happened to be there in July."},
    ]
    never = replace(reading_of(rows, tmp_path, store), threshold=1.0)
    always = replace(never, threshold=0.0)
    assert ask(never, "What happened in Odesa?").lead == "1 article has “Odesa” in the title:"
    assert ask(always, "What happened in Odesa?").lead == ""
    assert ask(never, "What happened to Odesa?").answered is False


def test_the_latest_on_something_is_what_the_newest_articles_on_it_begin_with(tmp_path: Path, store: Path) -> None:
    rows = []
    for number in range(8):
        beside = "Corn is dear. " * 100 if number % 2 else ""
        text = f"{beside}Grain left port{number} on ship{number}."
        rows.append({"id": number, "text": text, "published": f"2022-06-{number + 1:02}"})
    reading = reading_of(rows, tmp_path, store)
    for question in ("What's the latest on grain?", "any news about grain", "latest developments on grain"):
        answer = ask(reading, question)
        assert answer.lead == "The newest 4 articles on “grain”:"
        assert [day.day for day in days_of(answer)] == [7, 5, 3, 1]
    assert ask(reading, "What's the latest on oats?").lead == ""


def test_a_time_line_of_what_no_article_has_all_of_is_of_what_is_found_for_it(tmp_path: Path, store: Path) -> None:
    days = " ".join(f"On {day} May 2022 the grain left port {day}." for day in (1, 2, 3))
    rows = [{"title": "Ports", "text": days}]
    reading = reading_of(rows, tmp_path, store)
    answer = ask(reading, "Timeline of the grain bid")
    assert answer.lead == "3 dates, given in the passages that are nearest to “grain” and “bid”:"


def test_what_somebody_said_is_listed_sentence_by_sentence(assistant: Assistant) -> None:
    answer = ask(assistant, "List everything the captain said about grain")
    assert answer.lead.startswith("8 sentences of 1 article name “captain” with a word of speech")
    assert all("captain said" in cited.quote for cited in answer.citations)


def test_all_that_somebody_said_in_a_debate_is_what_stands_in_the_turns(tmp_path: Path, store: Path) -> None:
    turns = ["MS. ANN LANGE (Labour): Grain is dear. It was cheap.", "MR. POE: Lange says so.", "MS. LANGE: I do."]
    turns += ["MR. POE: No."]
    rows = [
        {"title": "Debate", "text": "\n\n".join(turns)},
        {"title": "Grain", "text": "Ann Lange said that she left."},
    ]
    answer = ask(reading_of(rows, tmp_path, store), "List everything Ann Lange said")
    assert answer.lead.endswith("name “Ann Lange” with a word of speech, or stand in a turn of that name:")
    assert {cited.quote for cited in answer.citations} == {
        "MS. ANN LANGE (Labour): Grain is dear.",
        "It was cheap.",
        "MS. LANGE: I do.",
        "Ann Lange said that she left.",
    }


def test_who_is_only_named_beside_a_word_of_speech_did_not_say_it(tmp_path: Path, store: Path) -> None:
    told = "Grain is dear, President Joe Biden said. Bacon, who is of a town that voted for Biden, told us of grain."
    answer = ask(reading_of([{"text": told}], tmp_path, store), "List everything Biden said about grain")
    assert [cited.quote for cited in answer.citations] == ["Grain is dear, President Joe Biden said."]


def test_outlets_are_listed_with_the_number_of_their_articles(assistant: Assistant) -> None:
    answer = ask(assistant, "Which outlets wrote about grain?")
    assert answer.lead == "2 outlets have articles that contain “grain”: Reuters (12), cnn.com (2)."
    assert [cited.article.source for cited in answer.citations] == ["Reuters", "cnn.com"]


def test_the_newest_come_first_where_they_are_asked_for(assistant: Assistant) -> None:
    answer = ask(assistant, "List the latest articles about Odesa")
    days = days_of(answer)
    assert days == sorted(days, reverse=True)
    assert answer.lead.endswith(f"The newest {SHOWN}:")


def test_how_many_there_are_in_each_month_is_told(assistant: Assistant) -> None:
    told = ask(assistant, "How many articles mention grain by month?").lead
    told, _, each = told.partition("By month: ")
    months = re.findall(r"(\w+) 2022 \(", each)
    assert months == sorted(months, key=list(calendar.month_name).index)
    assert sum(map(int, re.findall(r"\((\d+)\)", each))) == int(told.split()[0])
    assert "without a date (1)" in each
    most = ask(assistant, "Which month had the most articles about grain?").lead.partition("By month: ")[2]
    counts = [int(count) for count in re.findall(r"\((\d+)\)", most)]
    assert counts == sorted(counts, reverse=True)
    assert "By year: 2022" in ask(assistant, "How many articles mention grain each year?").lead


def test_the_oldest_come_first_where_they_are_asked_for(assistant: Assistant) -> None:
    answer = ask(assistant, "What are the oldest articles?")
    days = days_of(answer)
    assert days == sorted(days)
    assert (days[0], answer.lead.partition(". ")[2]) == (date(2022, 6, 1), f"The oldest {SHOWN}:")


@pytest.mark.parametrize("end", [min, max])
def test_of_the_newest_or_the_oldest_article_only_that_is_shown(assistant: Assistant, end: Callable[..., date]) -> None:
    which = "newest" if end is max else "oldest"
    answer = ask(assistant, f"Which article is the {which}?")
    days = days_of(ask(assistant, f"Which articles are the {which}?"))
    assert days_of(answer) == [end(days)]
    assert answer.lead.endswith(f". The {which}:")


def test_quotes_about_something_are_what_anybody_says_of_it_or_near_it(tmp_path: Path, store: Path) -> None:
    said = [
        "The clerk said that grain was dear.",
        "Grain fell by a tenth.",
        "“We have no grain left,” a miller told the paper.",
        "He added oats, according to what was there.",
        "Rye, the mayor warned, would rot.",
    ]
    rows = [
        {"title": "Ports", "text": " ".join(said)},
        {"title": "Bills", "text": f"“A bill {'of grain and of rye ' * 12}went unpaid."},
    ]
    reading = reading_of(rows, tmp_path, store)
    answer = ask(reading, "Which quotes are there about grain?")
    assert answer.lead == "2 sentences of 1 article contain “grain” and tell what somebody says or thinks:"
    assert [cited.quote for cited in answer.citations] == [said[0], said[2]]
    near = ask(reading, "quotes about oats")
    assert near.lead == "3 sentences of 1 article tell what somebody says or thinks, in passages that contain “oats”:"
    assert ask(reading, "quotes about barley").lead == ""


def test_of_many_quotes_those_shown_are_spread_over_their_time_and_quoted_where_they_can_be(
    tmp_path: Path, store: Path
) -> None:
    rows = []
    for number in range(3 * SHOWN):
        said = (
            f"“We have port{number} grain,” he said." if number % 3 == 1 else f"He said that grain is dear on {number}."
        )
        rows.append({"id": number, "text": f"Grain is here. {said}", "published": f"2022-06-{number + 1:02}"})
    reading = reading_of(rows, tmp_path, store)
    answer = ask(reading, "quotes about grain")
    assert [day.day for day in days_of(answer)] == list(range(2, 3 * SHOWN, 3))
    assert answer.lead.endswith(f". {SHOWN} of them, spread over their time:")


def test_who_wrote_the_articles_is_what_each_says_of_itself(tmp_path: Path, store: Path) -> None:
    rows = [
        {"title": "Ports", "author": "Jane Roe", "published": "2022-07-05", "text": "The port is shut."},
        {"title": "Mills", "published": "2022-07-06", "text": "The mill is shut."},
    ]
    reading = reading_of(rows, tmp_path, store)
    lines = ask(reading, "Who wrote the articles?").text.splitlines()
    assert lines == ["2 articles:", "No author given: The mill is shut. [1]", "By Jane Roe: The port is shut. [2]"]
    assert ask(reading, "What are the articles about?").text.splitlines()[1:] == [
        "Published on 6 July 2022: The mill is shut. [1]",
        "Published on 5 July 2022: The port is shut. [2]",
    ]


def test_a_list_may_be_of_what_was_talked_about(assistant: Assistant) -> None:
    for question in ("How many articles mention it?", "and how many articles mention it?"):
        answer = ask(assistant, question, [Turn("Where is Odesa?", "By the sea.")])
        assert answer.lead.startswith("11 articles contain “Odesa”")


def test_no_more_passages_are_read_than_a_second_allows(assistant: Assistant) -> None:
    class Endless:
        def passages(self, phrases, scope):
            yield from (pytest.fail("read on") if number > MOST_READ else found for number in range(MOST_READ + 9))

        def __getattr__(self, name: str):
            return getattr(snapshot, name)

    with assistant.store.snapshot("hashing:1") as snapshot:
        found = next(iter(snapshot.passages(["captain"])))
        understood = understand("everything the captain said", scope=Scope(), today=TODAY)
        listed = scan(Endless(), understood)  # type: ignore[arg-type]
    assert listed is not None
    assert "the first 1,000 passages were read" in listed.lead


def test_the_sample_articles_are_counted_as_by_hand(embedder: HashingEmbedder, store: Path) -> None:
    from tests.conftest import SEEDS, articles_in

    build(SEEDS, store=store, embedder=embedder)
    seeds = Assistant(open_store(str(store)), embedder, EvidenceReader(WordMarker(), WordCrossEncoder()), threshold=0.5)
    articles = articles_in(SEEDS)
    for words in ("Minsk Protocol", "veto", "OSCE", "Security Council"):
        by_hand = sum(holds(article.title or "", words) or holds(article.text, words) for article in articles)
        answer = ask(seeds, f"How many articles mention the {words}?")
        assert answer.lead.split()[0] == str(by_hand)
    answer = ask(seeds, "Timeline of the Minsk agreements")
    days = days_of(answer)
    assert len(days) >= 3
    assert days == sorted(days)
    said = ask(seeds, "List everything Lavrov said about the veto")
    assert said.citations
    assert all("Lavrov" in cited.quote for cited in said.citations)
    assert ask(seeds, "How many members has NATO?").lead == ""


def test_articles_that_hold_one_thing_or_another_but_not_a_third(assistant: Assistant) -> None:
    assert ask(assistant, "How many articles mention Odesa or veto?").lead.startswith(
        "12 articles contain “Odesa” or “"
    )
    either = ask(assistant, "Which articles mention grain but not Odesa?")
    assert either.lead == "2 articles contain “grain”, and not “Odesa” (3 with near-copies):"


def test_the_articles_of_an_author_are_listed_by_who_wrote_them(tmp_path: Path, store: Path) -> None:
    authors = ("Jane Roe", "By John Smith, Jane Roe", "John Smith", "")
    rows = [
        {"title": f"{number}", "author": author, "text": f"Clerk {number} of port{number} wrote of grain."}
        for number, author in enumerate(authors)
    ]
    reading = reading_of(rows, tmp_path, store)
    for question in ("What did Jane Roe write?", "Which articles were written by Jane Roe?"):
        answer = ask(reading, question)
        assert answer.lead == "2 articles by Jane Roe:"
        assert [said.meaning for said in answer.understood.said] == ["rather articles by Jane Roe"]


def test_what_happened_in_a_time_of_which_few_articles_are_is_what_sentences_date_to_it(
    tmp_path: Path, store: Path
) -> None:
    told = "The port was shelled in May 2014. It was shelled again on 3 May 2014. On 9 June 2014 it was mended."
    reading = reading_of([{"published": "2020-01-01", "text": told}], tmp_path, store)
    answer = ask(reading, "What happened in May 2014?")
    assert answer.lead == "2 dates in May 2014, given in 1 article:"
    assert [cited.quote for cited in answer.citations] == [
        "It was shelled again on 3 May 2014.",
        "The port was shelled in May 2014.",
    ]
    assert [cited.article.text[slice(*cited.words)] for cited in answer.citations if cited.words] == [
        "on 3 May 2014",
        "in May 2014",
    ]
