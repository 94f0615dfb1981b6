"""What a question says of time, outlet and author, and what it only seems to say."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import build
from index.records import Article
from index.store import Found, Outlet, Scope, open_store
from qa.intent import Indexed, Understood, understand
from qa.leaning import MILD, NAMED, NO_LEANING, Leaning, bonuses
from qa.outlets import one_slip
from qa.retrieve import weigh
from tests.conftest import HashingEmbedder

TODAY = date(2025, 8, 21)  # a Thursday
OUTLETS = [
    Outlet("usatoday.com", 20), Outlet("cnn.com", 9), Outlet("The Guardian", 8), Outlet("Reuters", 7),
    Outlet("New York Times", 6), Outlet("The Times", 5), Outlet("Washington Post", 4), Outlet("theweek.co.uk", 3),
    Outlet("Nature", 2), Outlet("college.usatoday.com", 1), Outlet(None, 1),
]  # fmt: skip
AUTHORS = ["Jane Roe", "By Ivana Kottasová, Alice Smith", "John Smith"]


def read(
    question: str,
    scope: Scope = Scope(),  # noqa: B008
    *,
    ignore: Collection[str] = (),
    prior: float = 0.0,
) -> Understood:
    return understand(
        question,
        scope=scope,
        today=TODAY,
        ignore=ignore,
        prior=prior,
        indexed=Indexed(outlets=OUTLETS, authors=AUTHORS),
    )


def in_short(understood: Understood) -> str:
    """Write what was understood on one line: `!` for what filters, `~` for what only leans."""
    scope, leaning = understood.scope, understood.leaning
    parts = []
    if scope.since or scope.until:
        parts.append(f"! {scope.since or ''}..{scope.until or ''}")
    if leaning.days:
        parts.append(f"~ {leaning.since or ''}..{leaning.until or ''}")
    if scope.source:
        parts.append(f"! {scope.source}")
    if leaning.outlets or leaning.authors:
        parts.append("~ " + "|".join(sorted(leaning.outlets | leaning.authors)))
    if leaning.latest:
        parts.append("~ newer" if leaning.latest == MILD else "~ newest")
    return ", ".join(parts)


COUNTED_FROM_TODAY = [
    ("When is the library open on Saturday?", ""),
    ("Do dogs travel free on Monday?", ""),
    ("What does Reuters report on Monday?", "! 2025-08-18..2025-08-18, ! Reuters"),
    ("Who said “nobody should travel tonight”?", ""),
    ("Is the veto still used today?", "~ newest"),
    ("Who is blocked today?", "~ newest"),
    ("Which articles are published today?", "! 2025-08-21..2025-08-21"),
    ("What did Lavrov say today?", "! 2025-08-21..2025-08-21"),
    ("What did Lavrov say yesterday?", "! 2025-08-20..2025-08-21"),
    ("What happened the day before yesterday?", "! 2025-08-19..2025-08-21"),
    ("Who won last night?", "! 2025-08-20..2025-08-21"),
    ("Which automaker recalled cars this week?", "! 2025-08-14..2025-08-21"),
    ("What did Lavrov say last week?", "! 2025-08-11..2025-08-20"),
    ("What happened this month?", "! 2025-08-01..2025-08-21"),
    ("What did Lavrov say last month?", "! 2025-07-01..2025-08-03"),
    ("What happened over the weekend?", "! 2025-08-16..2025-08-20"),
    ("What did Lavrov say in the past three days?", "! 2025-08-18..2025-08-21"),
    ("What did Lavrov say over the past 2 months?", "! 2025-06-21..2025-08-21"),
    ("Who died in the last 48 hours?", "! 2025-08-19..2025-08-21"),
    ("Who resigned two weeks ago?", "! 2025-08-04..2025-08-13"),
    ("Who resigned a few days ago?", "! 2025-08-15..2025-08-21"),
    ("What happened on Wednesday?", "! 2025-08-20..2025-08-21"),
    ("Who won on Thursday?", "! 2025-08-14..2025-08-21"),  # asked on one: today, or a week ago
    ("Who won last Friday?", "! 2025-08-15..2025-08-18"),
    ("Since Monday, how many have died?", "! 2025-08-18.."),
    ("WHAT HAPPENED LAST WEEK?", "! 2025-08-11..2025-08-20"),
    ("Compare last week with this week", "! 2025-08-11..2025-08-21"),
]
WHEN_IT_HAPPENED = [
    ("Who resigned in June 2022?", "~ 2022-06-01..2022-07-03"),
    ("What happened in 2021?", "~ 2021-01-01..2022-01-03"),
    ("What happened in the summer of 2022?", "~ 2022-06-01..2022-09-03"),
    ("What happened in late February 2022?", "~ 2022-02-01..2022-03-03"),
    ("What happened on 3 March?", "~ 2025-03-03..2025-03-06"),
    ("What happened on Tuesday, June 3?", "~ 2025-06-03..2025-06-06"),
    ("What happened on Tuesday June the 3rd, 2014?", "~ 2014-06-03..2014-06-06"),
    ("What happened on Tuesday, 3 May 2022?", "~ 2022-05-03..2022-05-06"),
    ("What happened on March 3rd, 2022?", "~ 2022-03-03..2022-03-06"),
    ("Who died between March and May 2022?", "~ 2022-03-01..2022-06-03"),
    ("What changed between November and February 2022?", "~ 2021-11-01..2022-03-03"),
    ("What happened from 3 to 5 March 2022?", "~ 2022-03-03..2022-03-08"),
    ("What has happened since January?", "~ 2025-01-01.."),
    ("Who resigned before the summit in March?", "~ ..2025-03-31"),
    ("Who resigned after the summit in March 2022?", "~ 2022-03-01.."),
    ("What happened after 2020?", "~ 2021-01-01.."),
    ("What happened until last Friday?", "~ ..2025-08-15"),
    ("What happened last summer?", "~ 2024-06-01..2024-09-03"),
    ("Which book won the prize last year?", "~ 2024-01-01..2025-01-03"),
    ("How did prices change over the past year?", "~ 2024-08-21..2025-08-21"),
    ("Which team did Vin Scully, who died last week, work for?", "~ 2025-08-11..2025-08-20"),
    ("Vin Scully died last week. Which team did he work for?", "~ 2025-08-11..2025-08-20"),
    ("How many were without power Thursday due to the storm?", "~ 2025-08-14..2025-08-21"),
]
WHEN_IT_WAS_PUBLISHED = [
    ("What did the Guardian write in June 2022?", "! 2022-06-01..2022-06-30, ! The Guardian"),
    ("What did Reuters write in 2021?", "! 2021-01-01..2021-12-31, ! Reuters"),
    ("What did CNN report last week?", "! 2025-08-11..2025-08-17, ! cnn.com"),
    ("Which articles from June 2022 mention Kyiv?", "! 2022-06-01..2022-06-30"),
    ("What was in the news in June 2022?", "! 2022-06-01..2022-06-30"),
    ("What were last week's headlines?", "! 2025-08-11..2025-08-17"),
    ("What is in today's news?", "! 2025-08-21..2025-08-21"),
]
OUTLETS_AND_AUTHORS = [
    ("According to Reuters, who won?", "! Reuters"),
    ("according to the guardian, who won?", "! The Guardian"),
    ("Who won, as reported by USA Today?", "! usatoday.com"),
    ("What did the polls say in The Guardian?", "! The Guardian"),
    ("what did cnn report", "! cnn.com"),
    ("What did the NYT say about Ukraine?", "! New York Times"),
    ("What did WaPo write?", "! Washington Post"),
    ("What does the Post say?", "! Washington Post"),
    ("What did The Week say?", "! theweek.co.uk"),
    ("Which Reuters articles mention Kyiv?", "! Reuters"),
    ("What did the Times report?", "~ New York Times|The Times"),
    ("What did CNN or Reuters report?", "~ Reuters|cnn.com"),
    ("According to Reuter, who won?", "~ Reuters"),
    ("What did the Gaurdian write?", "~ The Guardian"),
    ("What did he tell CNN?", "~ cnn.com"),
    ("Which articles by Jane Roe mention Kyiv?", "~ Jane Roe"),
    ("What does Jane Roe's article say?", "~ Jane Roe"),
    ("What did Ivana Kottasova report?", "~ Ivana Kottasová"),
    ("What does Smith's column say?", "~ Alice Smith|John Smith"),
    ("What does Jane Roe think of the dam?", "~ Jane Roe"),
    ("Who is to blame according to Jane Roe?", "~ Jane Roe"),
    ("In Jane Roe's view, who is to blame?", "~ Jane Roe"),
    ("What did Smith say?", ""),
]
THE_NEWEST = [
    ("What is the latest on the grain deal?", "~ newest"),
    ("Who is now prime minister?", "~ newest"),
    ("Who currently leads NATO?", "~ newest"),
    ("What was the most recent vote?", "~ newest"),
    ("How many warheads does China have today?", "~ newest"),
    ("Who recently resigned?", "~ newer"),
]
NOTHING = [
    "Who won the 2018 World Cup?",
    "Who won in the 2018 World Cup?",
    "What was the Minsk Protocol of 2014?",
    "What is Article 5?",
    "Who planned the September 11 attacks?",
    "What is March for Our Lives?",
    "Who spoke at the March on Washington?",
    "What did May say in parliament?",
    "Why did Prime Minister May resign?",
    "What has changed since May took office?",
    "Who became prime minister after May?",
    "What may come next?",
    "Why did it last?",
    "What did the Sunday Times say?",
    "What are Black Friday sales?",
    "Who was killed on Bloody Sunday?",
    "When do Friday prayers begin?",
    "In which film does Friday the 13th appear?",
    "Who must pay by Friday at the latest?",
    "What will happen on Friday?",
    "What was said in Last Week Tonight?",
    "Who wrote Yesterday?",
    "Where is Apocalypse Now set?",
    "Now, who won?",
    "What was the Prague Spring of 1968?",
    "What happened in the last week of the war?",
    "What happened in the week before the vote?",
    "How many people died in 2000 homes?",
    "What was the treaty of 31 February?",
    "What happened in the 1990s?",
    "How much did the card from 1952 sell for?",
    "Which animal was frozen 46,000 years ago?",
    "Who owns Reuters?",
    "Why did CNN fire Don Lemon?",
    "What is the Guardian Media Group?",
    "According to a Reuters poll, who leads?",
    "According to the Guardian Foundation, who won?",
    "According to the Justice Department, how many pages were seized?",
    "Where in nature is it found?",
    "Who is Jane Roe?",
    "Was hat Reuters letzte Woche im Juni 2022 berichtet?",
    "Qu'a dit Macron la semaine dernière ?",
    "Что сказал Лавров на прошлой неделе?",
    "Що сказав Лавров минулого тижня?",
]


@pytest.mark.parametrize(
    ("question", "meaning"),
    COUNTED_FROM_TODAY + WHEN_IT_HAPPENED + WHEN_IT_WAS_PUBLISHED + OUTLETS_AND_AUTHORS + THE_NEWEST,
)
def test_a_question_means(question: str, meaning: str) -> None:
    assert in_short(read(question)) == meaning


@pytest.mark.parametrize(("told_of", "meant"), [("smith", {"Jane Roe"}), ("roe", set())])
def test_a_surname_that_no_article_tells_of_may_be_that_of_a_writer(told_of: str, meant: set[str]) -> None:
    understood = understand(
        "What did Roe say to Smith?",
        scope=Scope(),
        today=TODAY,
        indexed=Indexed(outlets=OUTLETS, authors=AUTHORS, is_told_of=told_of.__eq__),
    )
    assert understood.leaning.authors == meant


@pytest.mark.parametrize("question", NOTHING)
def test_a_name_a_verb_and_an_attribute_mean_no_time_and_no_outlet(question: str) -> None:
    understood = read(question)
    assert (understood.scope, understood.leaning, understood.said) == (Scope(), NO_LEANING, ())
    assert understood.sought == understood.question == question


def test_each_meaning_names_its_words_in_words() -> None:
    understood = read("According to Reuters, who resigned last week, and who may be the latest to go?")
    assert [(said.words, said.meaning, said.filters) for said in understood.said] == [
        ("According to Reuters", "only Reuters", True),
        ("last week", "published from 11 August 2025 to 20 August 2025", True),
        ("latest", "rather the newest", False),
    ]
    assert understood.sought == "who resigned last week, and who may be the latest to go?"


@pytest.mark.parametrize(
    ("question", "sought"),
    [
        ("According to Reuters, who won?", "who won?"),
        ("Who won, according to the Guardian?", "Who won?"),
        ("Who won, according to the Guardian, in Kyiv?", "Who won, in Kyiv?"),
        ("According to Reuters", "According to Reuters"),
        ("According to Reuter, who won?", "According to Reuter, who won?"),
        ("What did CNN report last week?", "What did CNN report last week?"),
    ],
)
def test_only_the_naming_of_a_publisher_that_is_kept_to_is_not_searched_for(question: str, sought: str) -> None:
    assert read(question).sought == sought


def test_what_was_understood_can_be_undone_word_by_word() -> None:
    question = "What did CNN recently report last week?"
    assert in_short(read(question)) == "! 2025-08-11..2025-08-17, ! cnn.com, ~ newer"
    assert in_short(read(question, ignore={"LAST WEEK"})) == "! cnn.com, ~ newer"
    assert in_short(read(question, ignore={said.words for said in read(question).said})) == ""


@pytest.mark.parametrize(
    ("question", "newest", "since"),
    [
        ("What happened in June?", date(2022, 12, 18), date(2022, 6, 1)),
        ("What happened in June?", date(2022, 5, 30), date(2021, 6, 1)),
        ("What happened on 3 March?", date(2022, 12, 18), date(2022, 3, 3)),
        ("What happened in June?", date(2025, 7, 30), date(2025, 6, 1)),
        ("What happened in August?", date(2025, 7, 30), date(2025, 8, 1)),
        ("What happened in June?", date(2030, 1, 1), date(2025, 6, 1)),
        ("What happened last June?", date(2022, 12, 18), date(2025, 6, 1)),
        ("What happened in June 2024?", date(2022, 12, 18), date(2024, 6, 1)),
    ],
)
def test_a_month_without_its_year_is_the_last_one_that_articles_which_are_over_can_tell_of(
    question: str, newest: date, since: date
) -> None:
    understood = understand(question, scope=Scope(), today=TODAY, indexed=Indexed(outlets=OUTLETS, newest=newest))
    assert understood.leaning.since == since


def test_what_is_given_beside_the_question_holds_as_well() -> None:
    since_then = Scope(since=date(2025, 8, 13), source="The Wire")
    narrower = Scope(since=date(2025, 8, 13), until=date(2025, 8, 17), source="The Wire")
    assert read("What did CNN report last week?", since_then).scope == narrower
    elsewhen = Scope(until=date(2020, 1, 1))
    assert read("What was reported last week?", elsewhen).scope == elsewhen
    assert in_short(read("What did CNN report last week?", Scope(source="The Wire"))) == (
        "! 2025-08-11..2025-08-17, ! The Wire"
    )


def test_a_word_written_small_is_an_outlet_only_if_papers_are_called_so() -> None:
    outlets = [Outlet("Kelbury Parish Council", 1), Outlet("Northern Courier", 1)]

    def kept(question: str) -> str | None:
        return understand(question, scope=Scope(), today=TODAY, indexed=Indexed(outlets=outlets)).scope.source

    assert kept("what does the council say about the flood?") is None
    assert kept("what does the courier say about the flood?") == "Northern Courier"
    assert kept("What does the Council say about the flood in Kelbury?") == "Kelbury Parish Council"


def test_an_outlet_in_a_byline_is_no_author() -> None:
    question = "What did Reuters write about Musk?"
    understood = understand(
        question, scope=Scope(), today=TODAY, indexed=Indexed(outlets=[Outlet("Reuters", 1)], authors=["For Reuters"])
    )
    assert (understood.scope.source, understood.leaning.authors) == ("Reuters", frozenset())


def test_two_spellings_of_one_outlet_hide_neither() -> None:
    asked = understand(
        "What did CNN report?",
        scope=Scope(),
        today=TODAY,
        indexed=Indexed(outlets=[Outlet("CNN", 9), Outlet("cnn.com", 2)]),
    )
    assert asked.scope.source is None
    assert asked.leaning.outlets == {"CNN", "cnn.com"}


@pytest.mark.parametrize("question", ["Who won?", "Who won last week?", "Who is now in office?"])
def test_a_prior_holds_whatever_is_said_of_time(question: str) -> None:
    assert read(question, prior=0.1).leaning.prior == 0.1
    assert read(question).leaning.prior == 0


def article(published: str | None = None, source: str | None = None, author: str | None = None) -> Article:
    return Article("a", "a", "text", published=published, source=source, author=author)


def test_days_and_names_raise_what_fits_and_lower_nothing() -> None:
    june = Leaning(since=date(2022, 6, 1), until=date(2022, 6, 30), days=0.1)
    assert bonuses(june, [article("2022-06-30T23:00:00Z"), article("2022-07-01"), article()]) == [0.1, 0, 0]
    named = Leaning(outlets=frozenset({"Reuters"}), authors=frozenset({"Ivana Kottasová"}))
    assert bonuses(named, [article(source="Reuters"), article(author="By IVANA KOTTASOVA and others"), article()]) == [
        NAMED,
        NAMED,
        0,
    ]


def test_new_is_what_is_newest_among_what_was_found_by_today() -> None:
    latest = Leaning(latest=0.16, today=TODAY)
    found = [article("2022-03-15"), article("2022-03-01"), article("2022-02-15"), article(), article("2025-09-01")]
    assert bonuses(latest, found) == pytest.approx([0.16, 0.08, 0.04, 0, 0])


def test_the_prior_counts_from_today() -> None:
    prior = Leaning(prior=0.1, today=TODAY)
    assert bonuses(prior, [article("2025-08-21"), article("2025-08-07"), article("2025-08-22"), article()]) == (
        pytest.approx([0.1, 0.05, 0, 0])
    )


def test_a_leaning_reorders_what_is_about_as_good_and_no_more_and_raises_nothing_that_does_not_fit(
    folder: Path, store: Path, embedder: HashingEmbedder
) -> None:
    for name, day in (("good", None), ("fair", "2022-06-02"), ("poor", "2022-06-03")):
        (folder / f"{name}.md").write_text(f"---\npublished: {day}\n---\nOf salt." if day else "Of salt.")
    build(folder, store=store, embedder=embedder)
    june = Leaning(since=date(2022, 6, 1), until=date(2022, 6, 30), days=0.1)
    with open_store(str(store)).snapshot(embedder.fingerprint) as snapshot:
        keys = {hit.article.id: one.key for one in snapshot.matching("salt", 9) for hit in snapshot.hits([one])}
        found = [Found(keys["good.md"], 0.9), Found(keys["fair.md"], 0.85), Found(keys["poor.md"], 0.2)]
        raised = weigh(snapshot, found, june)
    assert [one.key for one in raised] == [keys["fair.md"], keys["good.md"], keys["poor.md"]]
    assert [one.score for one in raised] == pytest.approx([0.95, 0.9, 0.2])


SEATS = [
    ("Would Washington accept it?", "Would Washington (United States) accept it?"),
    ("what does the kremlin say about the veto", "what does the kremlin (Russia) say about the veto"),
    ("Has Beijing’s position changed?", "Has Beijing (China)’s position changed?"),
    ("Did Paris or Beijing abstain?", "Did Paris (France) or Beijing (China) abstain?"),
    ("What did the White House announce?", "What did the White House (United States) announce?"),
]
NO_SEATS = [
    "What is in the Paris Agreement?",
    "Who signed the Budapest memorandum?",
    "Who built the museum in London?",
    "What did George Washington own?",
    "Which films did Denzel Washington make?",
    "What did the Washington Post write?",
    "Did Kyiv or Ukraine's allies ask first?",
    "Who is the mayor of London?",
    "Is the Minsk-based group on strike?",
    "Was the Paris attack planned?",
    "What does the Treaty of Rome prohibit?",
    "Who gave Tesla money to go to Prague?",
    "Whom did Biden welcome to the White House?",
    "Who was sent by bus to Washington, DC?",
]


@pytest.mark.parametrize(("question", "sought"), SEATS)
def test_the_seat_of_a_government_is_sought_with_its_country(question: str, sought: str) -> None:
    understood = read(question)
    assert understood.sought == sought
    assert (understood.scope, understood.leaning) == (Scope(), NO_LEANING)
    assert all(said.meaning == f"also {said.added}" for said in understood.said)
    assert read(question, ignore=[said.words for said in understood.said]).sought == question


@pytest.mark.parametrize("question", NO_SEATS)
def test_a_place_a_name_and_a_country_that_is_named_stay_as_they_are(question: str) -> None:
    assert read(question, ignore=["Washington Post"]).sought == question


WORDS = (
    "in on since before after until between from to and of the last past this next week month year weekend day summer "
    "May March june Sept 2021 2022 30 31 3rd 29 February Friday Sunday today yesterday now latest two several ago "
    "articles news published according by CNN Reuters the Times Guardian Kremlin Jane Roe "
    "’s report did write who that ? . , -"
)
QUESTIONS = st.text(max_size=80) | st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)


@given(QUESTIONS, st.dates())
def test_no_question_fails_and_all_that_is_understood_stands_in_it(question: str, today: date) -> None:
    understood = understand(question, scope=Scope(), today=today, indexed=Indexed(outlets=OUTLETS, authors=AUTHORS))
    scope, leaning = understood.scope, understood.leaning
    assert all(0 <= said.start < said.end <= len(question) for said in understood.said)
    assert all(question[said.start : said.end] == said.words for said in understood.said)
    assert scope.since is None or scope.until is None or scope.since <= scope.until
    assert leaning.since is None or leaning.until is None or leaning.since <= leaning.until
    meant = [said for said in understood.said if not said.added]
    assert bool(scope != Scope() or leaning) == bool(meant)


@given(QUESTIONS, st.dates())
def test_what_is_undone_whole_leaves_nothing(question: str, today: date) -> None:
    ignore: set[str] = set()
    for _ in range(20):  # what was hidden behind undone words may be read then, and undone in its turn
        understood = understand(
            question, scope=Scope(), today=today, ignore=ignore, indexed=Indexed(outlets=OUTLETS, authors=AUTHORS)
        )
        ignore |= {said.words for said in understood.said}
    assert (understood.scope, understood.leaning) == (Scope(), NO_LEANING)


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_one_slip_is_one_edit(one: str, other: str) -> None:
    edits = {one[:at] + one[at + 1 :] for at in range(len(one))}
    edits |= {one[:at] + new + one[at + cut :] for at in range(len(one) + 1) for new in "abc" for cut in (0, 1)}
    edits |= {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)}
    assert one_slip(one, other) == (other in edits - {one})
