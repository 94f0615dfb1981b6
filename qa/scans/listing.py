"""A question -> the list, count or time line of articles that it asks for, if it asks for one. Pure.

Decided by words that name articles, outlets or mentions, or that ask for a list or a time line outright; "what
happened in June 2022" and "what did he say about it in June 2022" ask for one where many articles are of that time,
and "what did Reuters report about it" for the articles of that outlet, where the words stand in any. A
question about a number or a list that stands in the articles ("how many members has NATO?") asks for none:
`docs/decisions/0015-lists-and-counts.md`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from index.terms import terms
from qa.intent import Said, Understood
from qa.wording.asking import PLEASE
from qa.wording.speech import asks_for_words

MANY = 5
"""So many articles make a list of a question that could also mean one answer."""
LONGEST = 6
"""Words that are looked for, at the most: a question with more of them describes something."""


class Kind(Enum):
    """What is listed."""

    ARTICLES = "articles"
    OUTLETS = "outlets"
    SAID = "what somebody said"
    TIMELINE = "a time line"
    HAPPENED = "what happened"
    LATEST = "what happened last"


class Told(Enum):
    """What is told of each article of a list, in our words, before its own."""

    AUTHOR = "who wrote it"
    DAY = "when it was published"
    OUTLET = "who published it"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is asked for: of all that holds each of `phrases`."""

    kind: Kind
    phrases: tuple[str, ...] = ()
    speaker: str = ""
    author: str = ""
    at_least: int = 0
    """Of fewer articles no list is made: the question is read as any other."""
    newest_first: bool = False
    oldest_first: bool = False
    or_else: tuple[tuple[str, ...], ...] = ()
    """What may be held instead of `phrases`: each of one of these."""
    without: tuple[str, ...] = ()
    """What is not to be held: all of these together."""
    told: Told | None = None
    """What is asked of the articles themselves, if it is."""
    in_titles: bool = False
    """Whether `phrases` are to stand in the titles, not anywhere."""
    by: str = ""
    """How many there are in each "month", or "year", where that is asked."""
    most_first: bool = False
    """Whether the month, or the year, that has the most is told first, instead of the oldest."""
    first_only: bool = False
    """Whether the newest article is asked for, or the oldest, and not the newest ones."""

    @property
    def is_by_date(self) -> bool:
        """Whether it is listed from the oldest on, and without the articles that have no date."""
        return self.oldest_first or self.kind in {Kind.TIMELINE, Kind.HAPPENED}

    @property
    def held(self) -> tuple[str, ...]:
        """All phrases that an article may hold."""
        return tuple(dict.fromkeys(phrase for group in (self.phrases, *self.or_else) for phrase in group))

    @property
    def in_words(self) -> str:
        """What is to be held, and what not, as a text names it; there is something.

        >>> Listing(Kind.ARTICLES, ("grain", "deal"), or_else=(("corn",),), without=("veto",)).in_words
        '“grain” and “deal” or “corn”, and not “veto”'
        """
        wanted = " or ".join(in_quotes(group) for group in (self.phrases, *self.or_else))
        return f"{wanted}, and not {in_quotes(self.without)}" if self.without else wanted


_PIECES = r"(?:articles?|stories|story|reports?|pieces?|documents?|texts|editorials?|op-eds?|columns?|interviews?)"
_HAVE = (
    r"(?:have|had|got|publish(?:ed)?|print(?:ed)?|post(?:ed)?|r[au]n|carr(?:y|ied)|wr(?:ite|ote|itten)|report(?:ed)?)"
)
_OF_HERE = (
    r"(?:\s+(?:are|is|were) there|\s+exist|\s+(?:do|have) (?:you|we) (?:have|got)|\s+are"
    rf"|\s+(?:do|does|did|has|have)(?: the)? {_HAVE})?"
    r"(?:\s+(?:here|in (?:all|total)|(?:in|of) (?:the|this|your|our|my) (?:index|archive|store|collection|folder)))?"
)
THAT = (
    r"(?:\s+(?:that|which|who))?(?:\s+(?:have|has|had|do|does|did|are|is|were|was|been|also|even|ever|published|written|"
    r"printed|appeared))*"
)
ABOUT = (
    r"(?:about|on|regarding|concerning|mention(?:s|ed|ing)?|discuss(?:es|ed|ing)?|contain(?:s|ed|ing)?|"
    r"cover(?:s|ed|ing)?|refer(?:s|red|ring)? to|deal(?:s|t|ing)? with|(?:talk|speak|write)(?:s|ing)? (?:of|about|on)|"
    r"wr(?:ote|itten) (?:about|on)|report(?:s|ed|ing)? (?:on|about)|name(?:s|d)?|cite(?:s|d)?|quot(?:es?|ed|ing)|"
    r"us(?:es?|ed|ing) the (?:words?|phrase|term)|(?:with|includ(?:es?|ed|ing)) the (?:words?|phrase|term))"
)
MOST_ABOUT = (
    r"(?:wr(?:ote|ites?|itten)|report(?:s|ed)?)\s+(?:the\s+)?(?:most|more|most often)\s+(?:about|on|of)"
    r"|(?:has|have|had)\s+(?:the\s+)?most\s+(?:articles|stories)\s+(?:about|on)"
)
_OUTLETS = (
    r"(?:(?:news |media )?outlets|newspapers|papers|sources|publications|publishers|(?:news )?(?:sites|agencies|"
    r"organi[sz]ations)|media)"
)
_SAID = r"(?:said|says?|saying|told|stated?|states|claimed|argued|announced|declared|written|wrote)"
_GIVE = r"(?:list|show|find|give|name|enumerate|count|collect|tell)(?:\s+(?:me|us))?"
_ARTICLES = (
    rf"(?:how many|which|what)\s+(?:other\s+|different\s+|of (?:the|your|our|these)\s+)?{_PIECES}\b",
    rf"{_GIVE}\s+(?:(?:a list of|all|every|each|any|the|of)\s+)*{_PIECES}\b",
    rf"(?:are|is) there\s+(?:any|an|some|other)\s+(?:other\s+)?{_PIECES}\b",
    rf"all (?:the\s+)?{_PIECES}\b",
)
ARTICLES = re.compile(
    rf"{PLEASE}(?:{'|'.join(_ARTICLES)}){_OF_HERE}"
    rf"(?:{THAT}\s+by\s+(?P<author>(?-i:[A-Z])[\w’'.-]+(?:\s+(?-i:[A-Z])[\w’'.-]+){{0,3}})|\s+(?:by|of|from|in)(?=\s|$))?"
    rf"(?:{THAT}\s+{ABOUT}\s+(?P<what>.+)|{THAT}{_OF_HERE})$",
    re.IGNORECASE,
)
_THE_PIECES = (
    r"(?:(?:the|this|that|these|those|an?|any|all)\s+)*(?:articles?|stories|story|pieces?|editorials?|op-eds?|columns?)"
)
"""Not reports or documents, which are what articles tell of."""
WRITTEN_BY = re.compile(
    rf"{PLEASE}(?:who\s+(?:wrote|authored|penned)|by whom (?:is|are|was|were)"
    rf"|(?:who(?:['’]s| is| are| was| were)|name)\s+(?:the\s+)?authors?\s+of)"
    rf"\s+{_THE_PIECES}{THAT}\s+{ABOUT}\s+(?P<what>.+?)(?:\s+written)?$",
    re.IGNORECASE,
)
_ALL = r"(?:(?:all|of|the|these|those|your|our)\s+)"
AUTHORS = re.compile(
    rf"{PLEASE}(?:who\s+(?:wrote|authored|penned)\s+{_ALL}+(?:articles|stories|texts|pieces)"
    rf"|(?:who(?:['’]s| are| were)|which|what|{_GIVE})\s+{_ALL}*(?:authors|writers|journalists|reporters)"
    rf"(?:\s+are there|\s+of {_ALL}*(?:articles|stories|texts|pieces))?)$",
    re.IGNORECASE,
)
"""Of all articles that there are."""
PUBLISHED_WHEN = re.compile(
    rf"{PLEASE}(?:when|(?:on\s+)?(?:which|what)\s+(?:days?|dates?))\s+(?:is|are|was|were|did)\s+{_THE_PIECES}{THAT}"
    rf"\s+{ABOUT}\s+(?P<what>.+?)\s+(?:published|written|printed|posted|appear|come out)$",
    re.IGNORECASE,
)
NEWEST = re.compile(
    rf"{PLEASE}(?:(?:which|what)\s+{_PIECES}\s+(?:is|are)(?:\s+the)?|(?:what\s+(?:is|are)\s+)?(?:the\s+)?{_PIECES})"
    rf"(?:\s+(?:about|on)\s+(?P<what>.+))?$",
    re.IGNORECASE,
)
"""What is left of "which article is the newest?" and "latest articles about grain" without the word for new."""
WHATS_NEW = re.compile(rf"{PLEASE}what(?:['’]s| is)(?: there)? new(?:\s+(?:here|today))?$", re.IGNORECASE)
_NEWS = r"(?:news|developments?|updates?|word|reports?)"
LATEST = re.compile(
    rf"{PLEASE}(?:what(?:['’]?s|\s+is|\s+are)?\s+|{_GIVE}\s+|(?:is|are)\s+there\s+|(?:(?:do|have)\s+)?you\s+(?:have|got)\s+)?"
    rf"(?:the\s+)?(?:(?:latest|newest|most\s+recent|recent)(?:\s+{_NEWS})?|(?:any\s+)?(?:new\s+)?{_NEWS}|new)\s+"
    r"(?:on|about|with|in|from|regarding|concerning)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
"""Not of articles, which are listed as they are."""
IN_EACH = re.compile(r",?\s+(?:by|per|each|every|(?:in|for) (?:each|every))\s+(?P<by>month|year)$", re.IGNORECASE)
MOST_IN = re.compile(
    rf"{PLEASE}(?:in\s+)?(?:which|what)\s+(?P<by>month|year)\s+(?:(?:had|has|have|saw|were|was)\s+(?:there\s+)?)?"
    rf"(?:the\s+)?most\s+(?P<rest>{_PIECES}\b.*)$",
    re.IGNORECASE,
)
"""In which month most of them were published."""
DID_PUBLISH = re.compile(
    rf"(?<=\w)\s+(?:(?:do|does|did|has|have|had)\s+{_HAVE}|(?:is|are|was|were)\s+(?:published|written|printed|posted))"
    r"(?=$|\s+(?:each|every|per)\b)",
    re.IGNORECASE,
)
"""What is left behind of "how many stories about grain did Reuters run?"."""
BY_AUTHOR = re.compile(
    rf"{PLEASE}(?:(?:the|all|{_GIVE})\s+)*{_PIECES}(?:\s+(?:about|on)\s+(?P<what>.+))?$", re.IGNORECASE
)
"""What is left of "articles by Jane Roe" without the name."""
OR = re.compile(r"\s+or\s+", re.IGNORECASE)
NOT = re.compile(r",?\s+(?:(?:but|and)\s+)?(?:not|without|except(?: for)?)\s+(?:mention(?:ing)?\s+)?", re.IGNORECASE)
MENTIONS = re.compile(
    rf"{PLEASE}how (?:often|many times|frequently) (?:(?:is|are|was|were|has|have)\s+(?P<what>.+?)\s+(?:been )?"
    r"(?:mentioned|discussed|named|cited|quoted|referred to)"
    r"|(?:do|does|did) (?:the|these|our|your) (?:articles|texts|stories)\s+(?:mention|name|discuss|cite|refer to)"
    rf"\s+(?P<what_else>.+))(?:\s+in (?:the|these|our|your) {_PIECES})?$"
    rf"|{PLEASE}(?:in\s+)?(?:how many|which|what)\s+{_PIECES}\s+(?:is|are|was|were|does|do)\s+(?P<within>.+?)\s+"
    r"(?:mentioned|discussed|named|cited|quoted|appear|occur|referred to)$"
    rf"|{PLEASE}how many mentions (?:are there )?of\s+(?P<mentioned>.+?)(?:\s+are there)?$"
    rf"|{PLEASE}(?:do|does|did|has|have)\s+(?:any|some|the|these|our|your)\s+(?:of (?:the|these|our|your)\s+)?{_PIECES}"
    rf"\s+(?:ever\s+|even\s+|also\s+)?{ABOUT}\s+(?P<does>.+?)(?:\s+(?:anywhere|at all))?$"
    r"|(?:is|are|was|were)\s+(?P<is_it>.+?)\s+(?:ever\s+|even\s+|also\s+)?(?:mentioned|named)"
    rf"(?:\s+(?:anywhere|at all|here))?(?:\s+in (?:any|any of the|the|these|our|your) {_PIECES})?$"
    r"|is there (?:anything|something)(?: (?:here|in (?:here|the articles)))? (?:about|on)\s+(?P<there>.+)$",
    re.IGNORECASE,
)
OLDEST = re.compile(
    rf"{PLEASE}(?:(?:which|what)\s+{_PIECES}\s+(?:is|are|was|were)\s+(?:the\s+)?(?:oldest|earliest)"
    rf"|(?:(?:what|which)\s+(?:is|are)\s+|{_GIVE}\s+)?(?:the\s+)?(?:oldest|earliest)\s+{_PIECES}"
    rf"|when was the (?:oldest|earliest)\s+{_PIECES}(?=\s))"
    r"(?:\s+(?:about|on)\s+(?P<what>.+?))?(?:\s+(?:published|written|of all|here|there is|you have|from))?$",
    re.IGNORECASE,
)
SINGULAR = re.compile(r"\b(?:article|story|report|piece|document|editorial|op-ed|column|interview)\b", re.IGNORECASE)
_THESE = r"(?:the|these|your|our) (?:articles|stories|texts)"
EVERYTHING = re.compile(
    rf"^(?:(?:what|which) (?:topics|subjects|themes|things|issues) (?:do|are) {_THESE}"
    r"(?: (?:cover|about|discuss|deal with|on))*"
    rf"|what (?:do|are) {_THESE} (?:all )?(?:about|cover|on)|what(?: articles)? do (?:you|we) have(?: here)?"
    r"|what(?:['’]s| is) in (?:here|the (?:index|archive|collection|folder|library)))$",
    re.IGNORECASE,
)
THEY_SAY = re.compile(
    rf"{PLEASE}what\s+(?:do|does|did|have|has)\s+(?:all\s+(?:of\s+)?)?{_THESE}\s+(?:to\s+)?"
    r"(?:say|tell(?: me| us)?|report|write|said|told(?: me| us)?|reported|written)\s+(?:about|on|of)\s+"
    r"(?P<what>(?!(?:who|whom|whose|what|which|when|where|why|how|whether|if)\b).+)$",
    re.IGNORECASE,
)
OUTLETS = re.compile(
    rf"{PLEASE}(?:which|what|how many|list (?:all |the )*)\s*(?:{_OUTLETS}|(?:outlet|newspaper|paper|publication)(?= ))"
    rf"(?:{THAT}\s+(?:{MOST_ABOUT}|{ABOUT}|report(?:ed)?|carr(?:y|ied))\s+(?P<what>.+)|{_OF_HERE})$",
    re.IGNORECASE,
)
SAID_ALL = re.compile(
    rf"{PLEASE}(?:{_GIVE}\s+)?(?:everything|all)\s+(?:that\s+)?"
    rf"(?P<speaker>.+?)\s+(?:has\s+|have\s+|had\s+|ever\s+)*{_SAID}(?:\s+(?:about|on|of|regarding)\s+(?P<what>.+))?$",
    re.IGNORECASE,
)
STATEMENTS = re.compile(
    rf"{PLEASE}(?:(?:{_GIVE}\s+)?(?:all|every)\s+(?:of\s+)?(?:the\s+)?"
    rf"(?:statements?|quotes?|quotations?|remarks?|comments?)|(?:{_GIVE}\s+)?(?:the\s+)?(?:statements|quotes|quotations))"
    r"\s+(?:made\s+)?(?:by|of|from)\s+(?P<speaker>.+?)"
    r"(?:\s+(?:about|on|regarding)\s+(?P<what>.+))?$",
    re.IGNORECASE,
)
QUOTES = re.compile(
    rf"{PLEASE}(?:(?:(?:which|what|{_GIVE}|(?:are|is) there|(?:do|have) (?:you|we) (?:have|got)|any|some|all|every|the"
    r"|direct|other)\s+)*(?:quotes?|quotations)(?:\s+(?:are|is) there|\s+(?:do|have) (?:you|we)(?: have| got)?)?"
    r"\s+(?:about|on|regarding|concerning)|who\s+(?:has\s+)?(?:said|says)\s+what\s+(?:about|on))\s+(?P<what>.+)$",
    re.IGNORECASE,
)
"""Whoever said it."""
SAID_THEN = re.compile(
    rf"{PLEASE}what\s+(?:did|has|have|had)\s+(?P<speaker>.+?)\s+{_SAID}\s+(?:about|on|of|regarding)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
PUBLISHED = re.compile(
    rf"{PLEASE}what\s+(?:did|does|do|has|have|had)\s+(?:the\s+)?(?:report|write|publish|print|carry|cover|say|reported|"
    r"written|published|printed|carried|covered|said)(?:\s+(?:about|on|of)(?:\s+(?P<what>.+))?)?$",
    re.IGNORECASE,
)
TIMELINE = re.compile(
    rf"{PLEASE}(?:(?:{_GIVE}|(?:make|draw|write)(?: me| us)?|what (?:is|was))\s+)?(?:a\s+|the\s+)?"
    r"(?:time\s?line|chronology)\s+(?:of|for|on|about)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
HAPPENED = re.compile(
    rf"{PLEASE}what\s+(?:else\s+|all\s+)?(?:(?:has\s+|have\s+)?(?:happened|occurred|took place|went on)|did happen|"
    r"was (?:going on|reported|in the (?:news|headlines))|were the (?:headlines|main events|top stories))"
    r"(?:\s+(?P<with>in|to|with|at|around|about|between|during)\s+(?P<what>.+))?$",
    re.IGNORECASE,
)
BESIDE = re.compile(r"\b(?:after|before|when|while|because|who|whom|that|which|if|where|as)\b", re.IGNORECASE)
"""What begins a clause: it is about one thing that happened, not about a time."""
STANDS_FOR = re.compile(r"\b(?:it|its|them|that|this|these|those|he|she|they|him|her|his|their)\b", re.IGNORECASE)
TAKEN_ALONG = re.compile(r"\s*\((?P<words>[^()]*)\)$")
WORDS_OF_LISTS = frozenset(terms("articles words phrase term topic subject issue question matter everything anything"))
POSSESSIVE = re.compile(r"['’]s?$")
EXACT = re.compile(
    rf"{PLEASE}(?:(?:{_GIVE}|search(?: for)?|look (?:up|for)|where (?:does|do|did) (?:it|they|{_THESE}) say"
    r"|(?:which|what) articles? (?:says?|have|has))\s+)?[“\"](?P<what>[^“”\"]+)[”\"]$",
    re.IGNORECASE,
)
"""Words in quotation marks and nothing else: where they stand."""
QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
NAMED = re.compile(r"(?-i:[A-Z0-9])[\w’'.-]*(?:(?<!['’]s)\s+(?-i:[A-Z0-9])[\w’'.-]*)*|\S+")


def listing(understood: Understood) -> Listing | None:
    """Return the list that a question asks for, or None where it asks for something else."""
    question, taken_along = split(understood.question)
    precise = without(question, [said for said in understood.said if said.filters or _is_newest(said)])
    asked = _of_articles(precise, taken_along, newest_first=any(map(_is_newest, understood.said)))
    question = without(question, [said for said in understood.said if not said.is_sought])
    asked = asked or _they_say(precise, taken_along) or _outright(question, taken_along)
    timed = is_timed(understood)
    asked = asked or (None if timed else _latest(understood.question))
    asked = asked or (_of_a_time(question, taken_along) if timed else _of_a_place(question, taken_along))
    if asked or not (understood.scope.source or understood.leaning.authors):
        return asked
    author = "" if understood.scope.source else min(understood.leaning.authors)
    if len(understood.leaning.authors) > 1:
        return None
    listed = _of_a_publisher(question, taken_along, author, timed=timed)
    is_said = author and asks_for_words(question)  # what a writer says is read for first
    return replace(listed, at_least=MANY) if listed and is_said else listed


def _of_articles(question: str, taken_along: str, *, newest_first: bool) -> Listing | None:
    """Return the list of articles or outlets that is asked for."""
    question = DID_PUBLISH.sub("", question)
    most, each = MOST_IN.match(question), IN_EACH.search(question)
    if by := most or each:
        whole = f"which {by['rest']}" if by is most else question[: by.start()]
        asked = _of_articles(whole, taken_along, newest_first=newest_first)
        return replace(asked, by=by["by"].lower(), most_first=by is most) if asked else None
    for kind, pattern in ((Kind.ARTICLES, ARTICLES), (Kind.ARTICLES, MENTIONS), (Kind.OUTLETS, OUTLETS)):
        match = pattern.match(question)
        if match is None:
            continue
        groups = match.groupdict()
        author = (groups.pop("author", None) or "").strip()
        what = next((said for said in groups.values() if said), "")
        return _held(Listing(kind, author=author, newest_first=newest_first), what, taken_along)
    if (exact := EXACT.match(question)) and terms(exact["what"]):
        return Listing(Kind.ARTICLES, (exact["what"],), at_least=1)
    for told, pattern in ((Told.AUTHOR, WRITTEN_BY), (Told.DAY, PUBLISHED_WHEN)):
        if match := pattern.match(question):
            return _held(Listing(Kind.ARTICLES, told=told, at_least=1), match["what"], taken_along)
    return _of_all(question, taken_along, newest_first=newest_first)


def _of_all(question: str, taken_along: str, *, newest_first: bool) -> Listing | None:
    """Return the list of the newest or oldest articles, or of who wrote them."""
    one = SINGULAR.search(question) is not None
    newest = NEWEST.match(question) if newest_first else None
    if oldest := OLDEST.match(question):
        return _held(Listing(Kind.ARTICLES, oldest_first=True, first_only=one), oldest["what"] or "", taken_along)
    if newest:
        return _held(Listing(Kind.ARTICLES, newest_first=True, first_only=one), newest["what"] or "", taken_along)
    if WHATS_NEW.match(question) or EVERYTHING.match(question):
        return Listing(Kind.ARTICLES, newest_first=True)
    return Listing(Kind.ARTICLES, newest_first=True, told=Told.AUTHOR) if AUTHORS.match(question) else None


def _they_say(question: str, taken_along: str) -> Listing | None:
    """Return the articles that say something about one thing; what is said of two together is read for."""
    match = THEY_SAY.match(question)
    asked = _held(Listing(Kind.ARTICLES, at_least=2), match["what"], taken_along) if match else None
    return asked if asked and len(asked.phrases) == 1 else None


def _held(asked: Listing, what: str, taken_along: str) -> Listing | None:
    """Add what the articles hold, and what not: "Merkel or Macron but not Hollande"; None where that is too much."""
    if not what:
        return asked
    wanted, *unwanted = NOT.split(what)
    groups = [phrases_of(one, taken_along) for one in OR.split(wanted)]
    without = [phrases_of(one, "") for one in unwanted]
    if not all(groups) or not all(without) or len(without) > 1:
        return None
    return replace(asked, phrases=groups[0], or_else=tuple(groups[1:]), without=without[0] if without else ())


def _outright(question: str, taken_along: str) -> Listing | None:
    """Return the list of what somebody said, or the time line, that is asked for in so many words."""
    match = SAID_ALL.match(question) or STATEMENTS.match(question)
    if match:
        speaker = _one_phrase(match["speaker"], taken_along)
        return Listing(Kind.SAID, phrases_of(match["what"] or "", ""), speaker, at_least=1) if speaker else None
    if match := QUOTES.match(question):
        phrases = phrases_of(match["what"], taken_along)
        return Listing(Kind.SAID, phrases, at_least=1) if phrases else None
    match = TIMELINE.match(question)
    phrases = phrases_of(match["what"], taken_along) if match else ()
    return Listing(Kind.TIMELINE, phrases, at_least=2) if phrases else None


def _latest(question: str) -> Listing | None:
    """Return the newest articles on something; the word for new is one of the question, whatever else it means."""
    asked, taken_along = split(question)
    match = LATEST.match(asked.rstrip("?!. "))
    if match is None or BESIDE.search(match["what"]):
        return None
    phrases = phrases_of(match["what"], taken_along)
    return Listing(Kind.LATEST, phrases, at_least=2, newest_first=True) if phrases else None


def _of_a_time(question: str, taken_along: str) -> Listing | None:
    """Return what a question about a time may ask for: what was said, or happened, then."""
    match = SAID_THEN.match(question)
    if match and not BESIDE.search(match["what"]):
        speaker, phrases = _one_phrase(match["speaker"], taken_along), phrases_of(match["what"], "")
        return Listing(Kind.SAID, phrases, speaker, at_least=MANY) if speaker and phrases else None
    match = HAPPENED.match(question)
    if match is None or BESIDE.search(match["what"] or ""):
        return None
    phrases = phrases_of(match["what"] or "", taken_along)
    return Listing(Kind.HAPPENED, phrases, at_least=MANY) if phrases or not match["what"] else None


def _of_a_place(question: str, taken_along: str) -> Listing | None:
    """Return what happened somewhere, or with something, whenever that was: where many articles are about it."""
    match = HAPPENED.match(question)
    if match is None or not match["what"] or match["with"].lower() == "to" or BESIDE.search(match["what"]):
        return None
    phrases = phrases_of(match["what"], taken_along)
    return Listing(Kind.HAPPENED, phrases, at_least=MANY, in_titles=True) if phrases else None


def _of_a_publisher(question: str, taken_along: str, author: str, *, timed: bool) -> Listing | None:
    """Return the articles of an outlet or an author that are asked for; of the question the name was taken out."""
    listed = _of_articles(question, taken_along, newest_first=False)
    if listed and listed.kind is Kind.ARTICLES:
        return replace(listed, author=author, at_least=1)
    match = PUBLISHED.match(question) or BY_AUTHOR.match(question)
    what = (match["what"] or "") if match else ""
    of_before = taken_along and STANDS_FOR.fullmatch(what)  # of which one word would be looked for
    if match is None or BESIDE.search(what) or of_before:
        return None
    phrases = phrases_of(what, taken_along)
    kind = Kind.HAPPENED if timed else Kind.ARTICLES
    return Listing(kind, phrases, author=author, at_least=1) if phrases or not what else None


def phrases_of(what: str, taken_along: str) -> tuple[str, ...]:
    """Return what to look for: what is quoted, names whole, and every other word that means something.

    >>> phrases_of("the grain deal of the United Nations", "")
    ('grain', 'deal', 'United Nations')
    >>> phrases_of("Ukraine's NATO membership", "")
    ('Ukraine', 'NATO', 'membership')
    """
    quoted = QUOTED.findall(what)
    rest = NAMED.findall(QUOTED.sub(" ", what))
    named = [*quoted, *(POSSESSIVE.sub("", words.strip(".,;:!?'’")) for words in rest)]
    found = tuple(dict.fromkeys(words for words in named if set(terms(words)) - WORDS_OF_LISTS))
    if not found and taken_along and STANDS_FOR.search(what):
        return (taken_along,)
    return found if len(found) <= LONGEST else ()


def in_quotes(phrases: Sequence[str]) -> str:
    """Return phrases as a text names them; at least one.

    >>> in_quotes(["grain"]), in_quotes(["grain", "deal", "port"])
    ('“grain”', '“grain”, “deal” and “port”')
    """
    *others, last = (f"“{phrase}”" for phrase in phrases)
    return f"{', '.join(others)} and {last}" if others else last


def _one_phrase(speaker: str, taken_along: str) -> str:
    found = phrases_of(speaker, taken_along)
    return found[0] if len(found) == 1 else ""


def split(question: str) -> tuple[str, str]:
    """Return the question as it was typed, and what "it" is of what it took along: a name, or else what came first."""
    taken = TAKEN_ALONG.search(question)
    if taken is None:
        return question, ""
    words = [word.strip() for word in taken["words"].split(",")]
    named = [word for word in words if word[:1].isupper()]
    return question[: taken.start()], (named or words)[0]


def _is_newest(said: Said) -> bool:
    return said.meaning == "rather the newest"


def is_timed(understood: Understood) -> bool:
    """Tell whether a stretch of time with both ends is asked about."""
    scope, leaning = understood.scope, understood.leaning
    kept, rather = (scope.since and scope.until), (leaning.days and leaning.since and leaning.until)
    return bool(kept or rather)


def without(question: str, said: Sequence[Said]) -> str:
    """Return the question without the words that were understood as a time or an outlet, and its last mark."""
    left, at = "", 0
    for one in said:
        left += question[at : one.start] + " "
        at = max(at, one.end)
    left = " ".join((left + question[at:]).split()).rstrip("?!. ")
    left = re.sub(r"\s+([,;])", r"\1", left).rstrip(",; ")
    return re.sub(r"(?:\s+(?:in|on|from|during|since|of|by))+$", "", left)
