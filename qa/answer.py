"""Answer, Citation, Turn, and the Assistant: the whole query path on one screen."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from index.embed import Embedder, Vectors
from index.records import Hit
from index.store import Outlet, Scope, Snapshot, Store
from index.terms import terms
from qa.absent import Absent, absent
from qa.compose import Citation, compose, left_to_say, nearest
from qa.followup import Turn, asks_for_more, leans, rarity_in, stand_alone
from qa.intent import Indexed, Understood, together, understand
from qa.leaning import PRIOR
from qa.meaning import read_by_meaning
from qa.outlets import may_name_an_author
from qa.parts import argued, compared, numbered_on, parts
from qa.plain import plain
from qa.question import asks_nothing, clean
from qa.read import Reader, Reading
from qa.retrieve import search
from qa.scans.acronyms import asks_to_spell_out, spelt_out
from qa.scans.cited import asked_of_cited, cited_again, the_only_one
from qa.scans.holders import holders
from qa.scans.listing import split
from qa.scans.scan import Listed, few_that_tell, scan, time_line_of
from qa.scans.speaker import asks_who_said_it, who_said_it
from qa.scans.summary import summary, summary_of_the_nearest
from qa.spelling import respelt
from qa.wording.tongues import is_foreign

READ_PASSAGES = 10
"""Passages that are read for an answer; twelve are no better (decision 37)."""
FIRST = 2
"""Passages of which one that is not in English is read by meaning, where nothing else answers."""

READY = 64
"""Texts after which a model has loaded what only many texts are worth (`index.encoder.FEW`)."""
SILENCE = "The articles do not say."
ASKS_NOTHING = "That asks nothing of the articles. Ask who, when, where, how many, what or why."
LIKELIER_THAN_NOT = 0.5
NOTHING_NEAR = 0.1
"""Less probable than this, nothing that was found comes near an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whole or still growing, and what it rests on."""

    question: str
    understood: Understood
    """What was searched for: the question as it stands alone, and what it says of time, outlet and author."""
    answered: bool
    """False when the articles do not say."""
    text: str
    """The answer; `[1]` refers to the citation of that number."""
    citations: tuple[Citation, ...]
    near: tuple[Hit, ...]
    """The passages found, the best first."""
    probability: float = 0.0
    """How likely it is that the articles answer, 0 to 1, as far as the reader can tell."""
    quoted: float = 0.0
    """How likely it is that what is cited answers, 0 to 1: at most `probability`, which counts all that was read."""
    lead: str = ""
    """Words of ours before the quotes, such as how many there are."""
    short: str = ""
    """Who, when, where, how many or which, in the article's own words, where that was asked and the reader is sure."""
    absent: tuple[str, ...] = ()
    """Names and years of the question that stand in no article."""
    doubtful: bool = False
    """Whether it is only the nearest that the articles say: `quoted` is less than a half, or `probability` nearer to
    the threshold than to 1."""
    nearest: tuple[Citation, ...] = ()
    """Where the articles do not say: what comes nearest to an answer, quoted, the likeliest first."""
    parts: tuple["Answer", ...] = ()
    """Where several things are asked at once: the answer to each, with the numbers that its citations have in all."""

    @property
    def day(self) -> str:
        """The day or month that `short` means and does not name, ISO 8601: that of the first citation."""
        return self.citations[0].day if self.short and self.citations else ""

    @classmethod
    def of_list(cls, question: str, understood: Understood, listed: Listed) -> "Answer":
        """Return a list as an answer; one that is empty is none."""
        found = bool(listed.citations)
        probability = float(found)
        known = (listed.text, listed.citations, listed.hits, probability, probability, listed.lead, listed.short)
        return cls(question, understood, found, *known)

    @classmethod
    def of_parts(cls, question: str, answers: Sequence["Answer"]) -> "Answer":
        """Return the answers to what `question` asks, one below the other; as likely as the least likely of them."""
        told = [one for one in answers if one.answered]
        numbered: list[Answer] = []
        citations = tuple[Citation, ...]()
        for one in answers:
            text, cited = numbered_on(one.text, one.citations, len(citations))
            numbered.append(replace(one, text=text, citations=cited))
            citations += cited
        return cls(
            question,
            together([one.understood for one in answers]),
            answered=True,
            text="\n".join(f"{one.question}\n{one.text}" for one in numbered),
            citations=citations,
            near=tuple(hit for one in answers for hit in one.near),
            probability=min(one.probability for one in told),
            quoted=min(one.quoted for one in told),
            absent=tuple(dict.fromkeys(words for one in answers for words in one.absent)),
            doubtful=any(one.doubtful for one in told),
            parts=tuple(numbered),
        )

    @property
    def is_settled(self) -> bool:
        """Whether it is no near thing that the articles answer, or that they do not."""
        return not self.doubtful if self.answered else bool(self.absent) or self.probability < NOTHING_NEAR


@dataclass(frozen=True)
class Assistant:
    """A store, an embedder and a reader, ready to answer. Safe to call from several threads."""

    store: Store
    embedder: Embedder
    reader: Reader
    threshold: float
    """Answer only when the articles are at least this likely to answer, 0 to 1."""

    def warm(self) -> None:
        """Load what answering needs, so that the first question does not wait for it. Raises as `stream` does."""
        self.embedder.passages(["ready"] * READY)
        for _ in self.stream("ready?", history=(), scope=Scope(), today=date.today()):
            pass

    def library(self) -> tuple[int, list[Outlet]]:
        """Return how many articles there are to ask about, and their outlets, the most articles first."""
        with self.store.snapshot(self.embedder.fingerprint) as snapshot:
            outlets = snapshot.outlets()
        return sum(outlet.articles for outlet in outlets), outlets

    def retrieve(self, question: str, *, k: int, scope: Scope, today: date, ignore: Collection[str] = ()) -> list[Hit]:
        """Return the `k` passages most likely to answer, best first. `ignore`: as in `stream`."""
        asked = plain(clean(question))
        with self.store.snapshot(self.embedder.fingerprint) as snapshot:
            understood = understood_in(snapshot, asked, scope, today, ignore)
            return self._search(snapshot, understood, self.embedder.question(understood.sought), k)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn],
        scope: Scope,
        today: date,
        ignore: Collection[str] = (),
    ) -> Iterator[Answer]:
        """Yield the growing answer to `question`; each one is whole and replaces the one before.

        `ignore` holds words of `Answer.understood.said` that are to mean no time, outlet or author.
        """
        asked = _Asked(plain(clean(question)), history, scope, today, ignore)
        nothing = asks_nothing(asked.question)
        with self.store.snapshot(self.embedder.fingerprint) as snapshot:  # where nothing is built, that is what to say
            answers = [] if nothing else self._one_by_one(snapshot, asked)
            looked = None if nothing or answers else self._look_as_one(snapshot, asked)
        if looked:
            yield from self._say(question, looked)
        elif answers:
            yield Answer.of_parts(question, answers)
        else:
            none = Understood(asked.question, scope)
            yield Answer(question, none, answered=False, text=ASKS_NOTHING, citations=(), near=())

    def _one_by_one(self, snapshot: Snapshot, asked: "_Asked") -> list[Answer]:
        """Return the answer to each of several questions, the later ones asked as follow-ups to those before.

        None where one is doubtful, where a sentence answers two, and where one that leans on those before is answered
        from another article: all of the words together are then understood better. Of two things that are compared,
        none where a sentence names both. Of these, and of the two sides of a thing, also a doubtful one where together
        they are not answered any better.
        """
        whole = None
        both = compared(asked.question)
        if both or argued(asked.question):
            *_, whole = self._say(asked.question, self._look_as_one(snapshot, asked))
            if both and whole.is_settled and whole.citations and _names_all(whole.citations[0], both):
                return []
        several = parts(asked.question)
        answers: list[Answer] = []
        for part in several if len(several) > 1 else ():
            *_, answer = self._say(part, self._look(snapshot, asked.then(part, answers)))
            takes_along = bool(answers) and answer.understood.question != part
            cited = [citation for one in answers for citation in one.citations]
            elsewhere = answer.answered and takes_along and not _is_of_one_of(answer.citations[0], cited)
            if elsewhere or not (answer.is_settled or (whole and not whole.is_settled)):
                return []
            answers.append(answer)
        first = [answer.citations[0] for answer in answers if answer.citations]
        told = {(citation.article.id, citation.start) for citation in first}
        sure = any(answer.answered and not answer.doubtful for answer in answers)
        return answers if sure and len(told) == len(first) else []

    def _look_as_one(self, snapshot: Snapshot, asked: "_Asked") -> "_Looked":
        """Find what answers all of a question; where it asks several things, the later ones lean on the first."""
        first, *others = parts(asked.question)
        alone = others and not leans(first, rarity_in(snapshot))
        return self._look(snapshot, replace(asked, history=()) if alone else asked)

    def _look(self, snapshot: Snapshot, asked: "_Asked") -> "_Looked":
        """Find what answers a question."""
        outlets = [outlet.name for outlet in snapshot.outlets() if outlet.name] if asked.history else []
        told = [turn for turn in asked.history if not _is_of_the_last_answer(turn.question)]
        question = stand_alone(asked.question, told, rarity_in(snapshot), outlets)
        understood = understood_in(snapshot, question, asked.scope, asked.today, asked.ignore)
        if listed := self._listed(snapshot, asked, understood):
            return _Looked(asked, understood, listed)
        vector = self.embedder.question(understood.sought)
        hits = self._search(snapshot, understood, vector, READ_PASSAGES)
        ways = (time_line_of, summary_of_the_nearest)
        if listed := next((found for way in ways if (found := way(snapshot, understood, hits))), None):
            return _Looked(asked, understood, listed)
        readings, by_meaning = self._read(understood, vector, hits)
        if not self._tells(readings) and (listed := few_that_tell(snapshot, understood)):
            return _Looked(asked, understood, listed)
        missing = Absent() if by_meaning else absent(snapshot, understood, [reading.hit for reading in readings])
        untold = asks_to_spell_out(understood.question) or asks_who_said_it(asked.question)  # else it had been listed
        missing = replace(missing, decides=missing.decides or untold)
        return _Looked(asked, understood, None, readings, missing)

    def _say(self, question: str, looked: "_Looked") -> Iterator[Answer]:
        """Yield the growing answer that is made of what was found."""
        understood, readings, missing = looked.understood, looked.readings, looked.missing
        if looked.listed:
            yield Answer.of_list(question, understood, looked.listed)
            return
        near = tuple(reading.hit for reading in readings)
        probability = sum(reading.probability for reading in readings)
        if not readings or missing.decides or probability < self.threshold:
            none = Answer(question, understood, answered=False, text=SILENCE, citations=(), near=near)
            offered = nearest(understood.question, readings)
            yield replace(none, probability=probability, absent=missing.words, nearest=offered)
            return
        if asks_for_more(looked.asked.question):
            readings = left_to_say(readings, [turn.answer for turn in looked.asked.history])
        for composed in compose(understood.question, readings):
            doubtful = composed.probability < LIKELIER_THAN_NOT or probability < (1 + self.threshold) / 2
            yield Answer(
                question,
                understood,
                answered=True,
                text=composed.text,
                citations=composed.citations,
                near=near,
                probability=probability,
                quoted=composed.probability,
                lead=composed.lead,
                short="" if doubtful else composed.short,
                doubtful=doubtful,
                absent=missing.words,
            )

    def _listed(self, snapshot: Snapshot, asked: "_Asked", understood: Understood) -> Listed | None:
        """Return what is told by a scan of all articles, or of those that the last answer cites; None if nothing is."""
        before, last = (asked.history[-1].question, asked.history[-1].answer) if asked.history else ("", "")
        if told := asked_of_cited(asked.question, before):
            again = cited_again(snapshot, last, told) or the_only_one(snapshot, understood.scope, told)
            if again:
                return again
        if asks_who_said_it(asked.question) and (again := who_said_it(snapshot, last)):
            return again
        ways = (partial(summary, last_answer=last), holders, spelt_out, scan)
        return next((found for way in ways if (found := way(snapshot, understood))), None)

    def _read(self, understood: Understood, vector: Vectors, hits: list[Hit]) -> tuple[list[Reading], bool]:
        """Return the readings of what is found, and whether they are by meaning alone: what is not in English is."""
        if is_foreign(understood.question):
            return read_by_meaning(self.embedder, vector, hits), True
        readings = self.reader.read(understood.sought, hits)
        if self._tells(readings):
            return readings, False
        foreign = [hit for hit in hits[:FIRST] if is_foreign(hit.text)]
        others = [Reading(hit, ()) for hit in hits if hit not in foreign]
        return (read_by_meaning(self.embedder, vector, foreign) + others, True) if foreign else (readings, False)

    def _tells(self, readings: Sequence[Reading]) -> bool:
        """Tell whether the articles are likely enough to answer."""
        return sum(reading.probability for reading in readings) >= self.threshold

    def _search(self, snapshot: Snapshot, understood: Understood, vector: Vectors, k: int) -> list[Hit]:
        scope, leaning = understood.scope, understood.leaning
        return search(
            snapshot,
            understood.sought,
            vector,
            spread=self.embedder.spread,
            k=k,
            scope=scope,
            leaning=leaning,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, and what it is asked with."""

    question: str
    history: Sequence[Turn]
    scope: Scope
    today: date
    ignore: Collection[str]

    def then(self, question: str, before: Sequence[Answer]) -> "_Asked":
        """Return a question that follows on those that were answered before."""
        turns = [Turn(one.understood.question, one.text) for one in before]
        return replace(self, question=question, history=(*self.history, *turns))


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one snapshot has for a question: a list, or what was read."""

    asked: _Asked
    understood: Understood
    listed: Listed | None
    readings: list[Reading] = field(default_factory=list)
    missing: Absent = field(default_factory=Absent)


def _is_of_the_last_answer(question: str) -> bool:
    """Tell whether a question asks who wrote or said what was quoted: it brings up nothing to go on with."""
    asked = split(question)[0]
    return asked_of_cited(asked) is not None or asks_who_said_it(asked)


def _names_all(citation: Citation, things: Sequence[str]) -> bool:
    return all(set(terms(thing)) <= set(terms(citation.quote)) for thing in things)


def _is_of_one_of(citation: Citation, others: Sequence[Citation]) -> bool:
    return any(citation.article.id == other.article.id for other in others)


def understood_in(
    snapshot: Snapshot, question: str, scope: Scope, today: date, ignore: Collection[str] = ()
) -> Understood:
    """Return what a question that stands alone means, asked of these articles."""
    indexed = Indexed(
        outlets=snapshot.outlets(),
        authors=snapshot.authors() if may_name_an_author(question) else [],
        newest=snapshot.newest(),
        is_told_of=lambda surname: any(snapshot.document_frequency(set(terms(surname))).values()),
    )

    def read(question: str) -> Understood:
        return understand(question, scope=scope, today=today, indexed=indexed, ignore=ignore, prior=PRIOR)

    as_typed = read(question)
    named = [(said.start, said.end) for said in as_typed.said]
    question, spelt = respelt(snapshot, question, understood=named, ignore=ignore)
    return read(question).with_spelt(spelt) if spelt else as_typed
