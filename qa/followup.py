"""A question + the turns before it -> a question that stands alone. No language model.

A question leans on the turns before it where it points back (he, that, the others), begins in the middle (and, why,
tell me more), or says too little to be searched for. It takes along, in brackets, what the conversation is about: the
words of its questions and answers that are rare in the articles, said often, and said lately. One that is nothing but
a time, a place, an outlet, a name or a question word ("and in July?", "why?") is the question before with that in its
place; one that asks for more has the question before in front. Any other question stands alone and is left as it is.
The weights are chosen in `docs/decisions/0014-follow-ups.md`.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.store import Snapshot
from index.terms import WORD, terms
from qa.outlets import THE_FIRST, is_outlet, outlets_said
from qa.question import asks_nothing
from qa.wording.countries import is_country
from qa.wording.dates import times
from qa.wording.facts import fact_asked_for
from qa.wording.names import CAPITALS, names_said
from qa.wording.offices import of_another_place, office_asked_for
from qa.wording.speech import names_a_cause

ASKED_BEFORE, ASKED_EARLIER = 1.0, 0.4
"""What a word weighs for standing in the question before, or in an earlier one."""
ANSWERED_BEFORE, ANSWERED_EARLIER = 0.5, 0.2
"""The same for the answers, where it is said at least twice: what is said once may be anything."""
TAKEN_BEFORE = 0.3
"""What is left of the weight of a word that an earlier question had taken along itself."""
FADING = 0.7
"""What is left of the weight of an earlier turn with each turn after it."""
CARRIED = 5
"""Words that are taken along at the most."""
WORTH_CARRYING = 0.3
"""A word must weigh at least this share of the heaviest."""
FEW, SAYS_ENOUGH = 2, 1.6
"""A question of so few words, less rare than this together, is about nothing of its own."""
TOLD_FIRST = 4
"""Words by which a question of several sentences tells first what the next one is about."""
PERSONS_NAME = 2.0
"""By how much more a name weighs where the question says he or she."""
DEED = 0.5
"""What is left of the weight of a word of DEEDS."""
NO_PERSONS_NAME = 0.2
"""What is left of the weight of the name of a country there."""
SPOKEN_OF = 2
"""Turns whose words a question may take up by "the"."""
THIN, THINNER = 0.5, 0.3
"""A word that is no rarer does not tell what a question is about, beside a name that was spoken of, or a country."""
COMMON = 0.3
"""How rare the most common word counts: in a few articles about one thing, its name is in all of them."""
NEW_TOPIC = 0.5
"""A question that stands alone, and shares less than this of the rarity of its words with all before, begins anew."""
REMEMBERED = 8
"""Turns that are looked at."""
LONGEST_QUESTION, LONGEST_ANSWER = 4000, 20_000
"""Characters of a turn that are looked at."""
LONG = 300
"""Characters from which on the question before is not put in front."""

_ONCE_MORE = r"what else|who else|where else|tell me more|more|go on|for example|no,? i mean[t]?|i mean[t]?"
_NAME = r"(?:the\s+)?(?-i:[A-Z])[\w’'.-]*(?:\s+(?:of\s+|the\s+)?(?-i:[A-Z])[\w’'.-]*){0,7}"
_AUXILIARY = r"(?:did|does|do|has|have|had|is|was|are|were|will|would|can|could|should)"
_DOES_ANOTHER = rf"(?:(?:and|but|or|so)\s+)?{_AUXILIARY}\s+(?={_NAME}\W*$)"
"""What comes before a name that is all there is: "does Britain?"."""
BEGINS_IN_THE_MIDDLE = re.compile(
    r"^(?:and|but|so|or|why(?=(?: not| so| then| exactly)?\W*$)|how so|how come|since when|what about|"
    rf"how about|{_ONCE_MORE})\b|^{_DOES_ANOTHER}",
    re.IGNORECASE,
)
GOES_ON = re.compile(rf"^(?:{_ONCE_MORE})\b", re.IGNORECASE)
"""Of these, such as ask the question before once more."""
MORE = re.compile(r"\b(?:more|go on|what else|continue|anything else|further)\b", re.IGNORECASE)
ANOTHER = re.compile(
    r"^(?:(?:(?:and|but|or|so)(?:\s+(?:what|how) about)?|(?:what|how) about"
    r"|(?:(?:no|sorry|actually)[,.]?\s+)?i mean[t]?)\s+"
    rf"|{_DOES_ANOTHER})"
    rf"(?P<name>{_NAME})\s*\??$",
    re.IGNORECASE,
)
"""A name and nothing else: "and Sweden?". By itself a word may be capitalised only because it comes first."""
SUBJECT = re.compile(rf"\b{_AUXILIARY}\s+(?P<name>he|she|they|{_NAME})(?=\s+(?-i:[a-z]))", re.IGNORECASE)
"""Who does, in a question, what it asks about."""
LISTS_SOMETHING = re.compile(
    r"(?:(?:an? |the )?(?:time\s?line|chronology|summary) of|summari[sz]e|(?:which|how many|what|list) (?:the |all )*"
    r"(?:articles|stories|outlets) (?:\w+ ){0,2}?(?:about|on|mention|contain|cover|discuss))\s+\w",
    re.IGNORECASE,
)
"""What names its own subject, however short it is; what points back was looked for before."""
ANOTHER_PLACE = re.compile(
    rf"^(?:(?:and|but|or|so)\s+)?(?:(?:what|how) about\s+)?in\s+(?P<name>{_NAME})\s*\??$", re.IGNORECASE
)
IN_A_PLACE = re.compile(rf"\bin\s+(?P<name>{_NAME})", re.IGNORECASE)
AN_OUTLET = re.compile(
    r"^(?:(?:and|but|or|only|just)\s+)*(?:(?:what|how) about\s+|according to\s+|(?:in|from|by)\s+)?"
    r"(?P<name>\S.{0,59}?)\W*$",
    re.IGNORECASE,
)
"""What may be the name of one and nothing else: "what about the Guardian?"."""
A_THING = re.compile(
    r"\b(?:Act|Agreement|Amendment|Bill|Deal|Directive|Law|Memorandum|Plan|Protocol|Resolution|Treaty)$", re.IGNORECASE
)
"""How a name ends of what does nothing itself."""
LISTED_BY = re.compile(r"\b(?:mention(?:s|ed)?|names?|cites?|quotes?|about|by)\s+(?:the\s+)?$", re.IGNORECASE)
"""Before a name by which articles are listed."""
THE_AT_END = re.compile(r"\bthe\s+$", re.IGNORECASE)
_LEAD_IN = r"^(?:(?:and|but|so)\s+)?"
LONE_WORD = re.compile(rf"{_LEAD_IN}(?P<word>why|how|when|where|since when|how come)\s*\?*$", re.IGNORECASE)
ASKED_WITH = re.compile(
    rf"{_LEAD_IN}(?:(?:why|when|where|how(?! (?:many|much|often|long|far|old|big)\b))\s+)?(?={_AUXILIARY}\b)",
    re.IGNORECASE,
)
AT_THE_END = r"(?=\s*(?:[?!.,;:)]|$))"
DEFINITE = re.compile(r"\b(?:the|those|these) (?P<noun>\w+(?: \w+)?)", re.IGNORECASE)
PERSON_OR_THING = re.compile(r"\b(?:he|she|they|his|her|their|its?|himself|herself|itself|themselves)\b", re.IGNORECASE)
POINTS_BACK = re.compile(
    r"\b(?:him|hers|them|theirs|those(?! (?:of|who|that|which|in|with))|"
    r"these(?! days)|ones|(?:which|first|second|third|last|other|next|this) one|"
    r"this(?! (?:week|weekend|month|year|morning|evening|spring|summer|autumn|winter))|"
    rf"(?:it|there|then|that){AT_THE_END}|(?:about|against|by|for|from|of|on|to|with) her{AT_THE_END}|"
    r"(?:about|of|for|to|in|on|after|since|before|with|by|from|at|like|than|is|was|isn['’]t|wasn['’]t) (?:that|then)"
    r"(?! (?:the|an?|(?-i:[A-Z]))\b)|that (?:happen|mean|work|time|year|day|one)\w*)\b",
    re.IGNORECASE,
)
_WHO_IS = r"^who(?:\s+(?:is|was|were|are)|['’]s)\s+"
NOTHING_SAID_OF_WHAT = re.compile(
    rf"^(?:(?:and|but|so)\s+)?(?:(?:what|how|why)\s+)?(?:{_AUXILIARY}\s+\S.{{0,60}}?\s"
    r"(?:react|respond|reply|answer|say|said|comment|object|agree|intervene)"
    r"|(?:did|has|have|had|will)\s+\S.{0,60}?\s(?:do|done|think|want))\s*\?*$"
    rf"|{_WHO_IS}(?:to blame|responsible|guilty|involved|affected|hurt|missing|right|wrong)\s*\?*$"
    rf"|{_WHO_IS}(?:the|its|their)\s+(?:\w+\s+)?(?:author|captain|chair|chief|director|driver|head|judge|killer|leader|"
    r"manager|mayor|owner|pilot|president|shooter|suspect|victim|winner)s?\s*\?*$"
    r"|^which\s+\w+\s*\?*$"
    r"|\b(?:arguments?|case|objections?|reasons?)\s+(?:are\s+there\s+)?(?:for|against)\s*\?*$",
    re.IGNORECASE,
)
"""A question of what was said before, whoever it names: "Did Biden react?", "Who is responsible?"."""
NOT_OF_ANYTHING = re.compile(
    r"\b(?:is|was|would|will|does|has) it (?:true|possible|likely|legal|safe|necessary|been|take|rain)\b", re.IGNORECASE
)
SMALL_TALK = frozenset(
    terms(
        """aren couldn didn doesn don hadn hasn haven isn ll re shouldn ve wasn weren wouldn ah again cool else fine
        good great guess haha hear heard hello hey hi hmm interesting know knows like mean meant mention mentioned
        mind never nice no oh ok okay please quite really right see sound sounds sorry sure talk talking tell thank
        thanks think thought true want well wow yeah yes"""
    )
)
"""Words that one talks with rather than about."""
DEEDS = frozenset(
    terms(
        """agree answer appear apply arrive ask became become began begin begun believe bring brought call came cause
        change come comment continue decide did do end expect fall fell felt find follow found gave get give given go
        goes gone got had happen held help hold hope include keep kept land leave led left let live look lose lost made
        make meant move need object oppose plan put ran react receive reply respond result return run saw say see seem
        show start stay stop take taken tell thing time took tried try turn use vote wait want went win won work write
        wrote year"""
    )
)
"""Words that tell what was done: of a conversation the subject is rather who did it, and to whom."""
COMPARES = re.compile(
    r"\b(?:the (?:one|ones|two|three|first|second|third|last|next|former|latter|same|rest)|others?|else|another|"
    r"similar|same|such|both|neither|instead|examples?|more about)\b",
    re.IGNORECASE,
)
DEFINES = re.compile(
    r"^(?:what|who)(?:\s+(?:is|are|was|were|does)|['’]s)\s+"
    r"(?:(?:an?\s+)?[\w-]+|(?:(?:an?|the)\s+)?(?!(?:an?|the)\b)[\w-]+\s+(?P<head>[\w-]+))(?:\s+mean)?\W*$",
    re.IGNORECASE,
)
"""What asks for a word, or two, is about that, however short: "What is the liberum veto?"."""
OF_SOMETHING = frozenset(
    terms(
        """advantage aim alternative benefit cause condition consequence cost date difference effect example goal
        impact importance limit meaning name number option outcome price problem purpose rate reason requirement
        response result risk role rule side sign size solution stage step symptom time treatment type use value way"""
    )
)
"""What is of something else: "What is the main reason?" asks about what was said before."""
CAPITALISED = re.compile(r"\b(?!I\b)[A-Z][\w’'-]*")
SENTENCE_BEGINS = re.compile(r"(?:^|[.?!…:][\"'”’)\]]*\s)\W*$")
SENTENCE_ENDS = re.compile(r"(?<=[.?!])\s+(?=[\"“‘(]?[A-Z])")
PERSON = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
ATTACHED = re.compile(r"(?:[.-]\w+)*")
"""What belongs to a word behind it: BA.5."""
TAKEN_ALONG = re.compile(r" \([^()]*\)$")
HAS_TAKEN_ALONG = re.compile(r"\? \([^()]*\)$")
"""A question that stood alone once, and is put again as it was understood: by the link to an answer."""
TOLD_OF_IT = re.compile(r"^(?:Published on [^:\n]+|No [a-z ]+ given|No date): ", re.MULTILINE)
"""What a list says of an article before it quotes it."""
LATE = date(9000, 1, 1)
"""No time has not begun by then: only where its words stand is asked for here."""
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
Rarity = Callable[[Collection[str]], Mapping[str, float]]
"""From terms to how rare each is in the articles, 0 to 1; 0 too for one that they do not have."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked before, as it stood alone, and the text of its answer."""

    question: str
    answer: str


def rarity_in(snapshot: Snapshot) -> Rarity:
    """Return what tells how rare terms are in `snapshot`: their inverse document frequency as a share of the most."""
    chunks = snapshot.count_chunks()
    most = math.log(chunks + 1) or 1.0

    def rarity(asked: Collection[str]) -> dict[str, float]:
        counts = snapshot.document_frequency(asked)
        return {term: math.log((chunks + 1) / (count + 1)) / most if count else 0.0 for term, count in counts.items()}

    return rarity


def all_alike(asked: Collection[str]) -> dict[str, float]:
    """Take every term for as rare as any other: where no articles are at hand."""
    return dict.fromkeys(asked, 1.0)


def stand_alone(
    question: str, history: Sequence[Turn], rarity: Rarity = all_alike, outlets: Collection[str] = ()
) -> str:
    """Return `question` with what it leaves out taken from the turns before it.

    `outlets` are those that have articles.

    >>> stand_alone("When did it enter into force?", [Turn("Who signed New START?", "...")])
    'When did it enter into force? (signed New START)'
    >>> stand_alone("When did it enter into force? (New START)", [Turn("Who is Obama?", "...")])
    'When did it enter into force? (New START)'
    """
    history = [
        Turn(turn.question[:LONGEST_QUESTION], _quotes(turn.answer[:LONGEST_ANSWER]))
        for turn in history[-REMEMBERED:]
        if not asks_nothing(turn.question)
    ]
    if not history or HAS_TAKEN_ALONG.search(question):
        return question
    before = _went_on_from(history)
    then = (
        _of_another_outlet(question, before, outlets)
        or _at_another_time(question, before)
        or of_another_place(question, before)
        or _in_another_place(question, before)
        or _of_somebody_else(question, before)
        or _asked_another_way(question, before)
    )
    if then is not None and not leans(then, rarity):
        return then
    if then is None and not leans(question, rarity) and not _stays(question, history, rarity):
        return question
    fragment = then is None and _begins_in_the_middle(question) and not _points_back(question)
    goes_on = fragment and GOES_ON.search(question) is not None and len(before) < LONG
    whole = then or (f"{before} {question}" if goes_on else question)
    left_out = set(terms(before)) - set(terms(then)) if then else set()
    carried = _carried(whole, _since_topic_began(history, rarity), rarity, without=left_out)
    return f"{whole} ({', '.join(carried)})" if carried else whole


def _quotes(answer: str) -> str:
    """Return an answer without the words of ours: a list has a line of them, and some before each quote."""
    lead, line, listed = answer.partition("\n")
    return TOLD_OF_IT.sub("", listed) if line else lead


def asks_for_more(question: str) -> bool:
    """Tell whether `question` asks for what has not been said yet: "tell me more"."""
    return MORE.search(question) is not None and not _about(question)


def leans(question: str, rarity: Rarity = all_alike) -> bool:
    """Tell whether `question` needs the turns before it.

    >>> leans("What did she say about it?"), leans("Did Putin say that he agreed?")
    (True, False)
    """
    if _begins_in_the_middle(question) or _points_back(question):
        return True
    about = _about(question)
    rare = {term: weight or 1.0 for term, weight in rarity(about).items()}  # what no article has is rare as well
    enough = sum(rare.values()) >= SAYS_ENOUGH
    if NOTHING_SAID_OF_WHAT.search(question) and not names_a_cause(question):
        named = {term for name in _names(question) for term in terms(name[0])}
        return sum(weight for term, weight in rare.items() if term not in named | DEEDS) < SAYS_ENOUGH
    if next(_names(question), None) or LISTS_SOMETHING.match(question):
        return False
    if COMPARES.search(question) and len(about) <= FEW + 1:
        return True
    return len(about) <= FEW and not enough and not _defines(question) and not names_a_cause(question)


def _stays(question: str, history: Sequence[Turn], rarity: Rarity) -> bool:
    """Tell whether a question that could stand alone says too little to, and names what was spoken of last.

    It says "the police" where an answer told of the police, or names a country that was named and hardly more.
    """
    about = _about(question)
    rare = {term: weight or 1.0 for term, weight in rarity(about).items()}
    names_its_own = _defines(question) or LISTS_SOMETHING.match(question) or names_a_cause(question)
    if sum(rare.values()) >= SAYS_ENOUGH or names_its_own:
        return False
    lately = {term for turn in history[-SPOKEN_OF:] for said in (turn.question, turn.answer) for term in terms(said)}
    names = [name[0] for name in _names(question)]
    named = {term for name in names for term in terms(name)}
    if names:
        rest = [weight for term, weight in rare.items() if term not in named]
        of_a_country = all(map(is_country, names)) and DEEDS.isdisjoint(rare)
        least = THIN if named <= lately else THINNER if of_a_country else 0.0
        return len(rest) == 1 and rest[0] < least and office_asked_for(question) is None
    return any(term in lately for the in DEFINITE.finditer(question) for term in terms(the["noun"]) if term in rare)


def _defines(question: str) -> bool:
    found = DEFINES.search(question)
    return found is not None and not OF_SOMETHING.intersection(terms(found["head"] or ""))


def _about(question: str) -> list[str]:
    return [term for term in dict.fromkeys(terms(question)) if term not in SMALL_TALK]


def _begins_in_the_middle(question: str) -> bool:
    return BEGINS_IN_THE_MIDDLE.search(question) is not None and len(_about(question)) <= FEW


def _names(text: str) -> Iterator[re.Match[str]]:
    """Yield the words that are capitalised though no sentence begins with them."""
    for word in CAPITALISED.finditer(text):
        if not SENTENCE_BEGINS.search(text, max(0, word.start() - 5), word.start()) and word.start() > 0:
            yield word


def _points_back(question: str) -> bool:
    """Tell whether a pronoun stands for what was said before; after a name, or a few words, it stands for those."""
    rest = NOT_OF_ANYTHING.sub("", question)
    told, *asked = SENTENCE_ENDS.split(rest)
    if asked and len(_about(told)) >= TOLD_FIRST:
        return False  # it stands for what the question itself told first
    if POINTS_BACK.search(rest):
        return True
    name = next(_names(rest), None)
    pronoun = PERSON_OR_THING.search(rest)
    if pronoun is None or (name is not None and name.start() < pronoun.start()):
        return False
    return len(_about(SENTENCE_ENDS.split(rest[: pronoun.end()])[-1])) < FEW


def _went_on_from(history: Sequence[Turn]) -> str:
    """Return what a fragment goes on with: "and France?" after "and Germany?" with the question before both."""
    last = TAKEN_ALONG.sub("", history[-1].question)
    for turn in reversed(history[:-1]):
        begun = TAKEN_ALONG.sub("", turn.question)
        if last.startswith(f"{begun} "):
            last = begun
    return SENTENCE_ENDS.split(last)[-1]


def _of_another_outlet(question: str, before: str, outlets: Collection[str]) -> str | None:
    """Return the question before as asked of the outlet that `question` is made of: "what about the Guardian?"."""
    only = AN_OUTLET.match(question.strip())
    if only is None or not is_outlet(only["name"], outlets):
        return None
    kept, at = "", 0
    for named in outlets_said(before, outlets):
        if named.sure and not named.creditor:
            return f"{before[: named.start]}{THE_FIRST.sub('', only['name'])}{before[named.end :]}"
        kept, at = kept + before[at : named.start].rstrip(" ,"), named.end
    return f"{(kept + before[at:]).rstrip('?!. ')} according to {only['name']}?"


def _at_another_time(question: str, before: str) -> str | None:
    """Return the question before as asked of the one time that `question` is made of: "and in July?".

    A month or day without its year is of the year that was asked about.
    """
    said, was = times(question, LATE), times(before, LATE)
    if len(said) != 1 or len(was) > 1 or terms(question[: said[0].start] + question[said[0].end :]):
        return None
    new = question[said[0].start : said[0].end]
    if not was:
        return f"{before.rstrip('?!. ')} {new}?"
    old = before[was[0].start : was[0].end]
    if was[0].preposition and not said[0].preposition and not said[0].counted:
        new = f"{was[0].preposition} {new}"
    year = YEAR.search(old)
    if year and not YEAR.search(new) and not said[0].counted:
        new = f"{new} {year[0]}"
    return f"{before[: was[0].start]}{new}{before[was[0].end :]}"


def _in_another_place(question: str, before: str) -> str | None:
    """Return the question before as asked of the place that `question` is made of: "and in Ukraine?"."""
    other = ANOTHER_PLACE.match(question.strip())
    dated = {place for time in times(before, LATE) for place in range(time.start, time.end)}
    places = [found for found in IN_A_PLACE.finditer(before) if dated.isdisjoint(range(*found.span("name")))]
    if other is None or len(places) != 1:
        return None
    start, end = places[0].span("name")
    return f"{before[:start]}{other['name']}{before[end:]}"


def _of_somebody_else(question: str, before: str) -> str | None:
    """Return the question before with the name that `question` is made of in the place of who did: "and Sweden?".

    Of a list, it is in the place of who is listed: "and Macron?" after "Which articles mention Merkel?".
    """
    other, subject = ANOTHER.match(question.strip()), SUBJECT.search(before)
    if other is None or not _about(other["name"]):
        return None
    listed = [span for span in names_said(before) if LISTED_BY.search(before[: span[0]])]
    start, end = subject.span("name") if subject else listed[0] if len(listed) == 1 else (0, 0)
    if not end:
        return None
    name = other["name"]
    if subject and A_THING.search(name):
        return None
    there = THE_AT_END.sub("", before[:start]) if name.lower().startswith("the ") else before[:start]
    return f"{there}{name}{before[end:]}"


def _asked_another_way(question: str, before: str) -> str | None:
    """Return the question before as asked with the word that `question` is made of: "why?" after "when did it end?"."""
    word, asked = LONE_WORD.match(question.strip()), ASKED_WITH.match(before)
    if word is None or asked is None:
        return None
    return f"{word['word']} {before[asked.end() :][0].lower()}{before[asked.end() + 1 :]}"


def _since_topic_began(history: Sequence[Turn], rarity: Rarity) -> Sequence[Turn]:
    """Return the turns from the last question on that stood alone and shared little with those before it."""
    for place in range(len(history) - 1, 0, -1):
        asked = TAKEN_ALONG.sub("", history[place].question)
        if asked != history[place].question or leans(asked, rarity):
            continue
        before = {term for turn in history[:place] for text in (turn.question, turn.answer) for term in terms(text)}
        rare = {term: weight or 1.0 for term, weight in rarity(_about(asked)).items()}
        if sum(weight for term, weight in rare.items() if term in before) < NEW_TOPIC * sum(rare.values()):
            return history[place:]
    return history


def _carried(
    question: str, history: Sequence[Turn], rarity: Rarity, *, without: Collection[str] = frozenset()
) -> list[str]:
    """Return the words to take along, those that stand side by side in a turn as one.

    What was typed comes first, for "it" is that rather than what an answer added; then the heaviest.
    """
    weights = _weights(history, rarity, without=SMALL_TALK.union(terms(question), without))
    least = WORTH_CARRYING * max(weights.values(), default=0.0)
    if PERSON.search(question):
        weights |= {term: max(weights.values(), default=1.0) for term in _who(history[-1]) - set(terms(question))}
        named = [name for turn in history for text in (turn.question, turn.answer) for name in _names(text)]
        nobody = {term for name in named if is_country(name[0]) for term in terms(name[0])}
        somebody = {term for name in named for term in terms(name[0])} - nobody
        by = dict.fromkeys(somebody, PERSONS_NAME) | (dict.fromkeys(nobody, NO_PERSONS_NAME) if somebody else {})
        weights = {term: weight * by.get(term, 1.0) for term, weight in weights.items()}
    heaviest = sorted(weights, key=lambda term: -weights[term])[:CARRIED]
    chosen = {term for term in heaviest if weights[term] >= least}
    phrases: list[tuple[float, str]] = []
    for text in _latest_first(history):
        for run in _runs(text, chosen):
            chosen -= {term for term, _, _ in run}
            attached = ATTACHED.match(text, run[-1][2])
            said = text[run[0][1] : run[-1][2]] + (attached[0] if attached else "")
            phrases.append((max(weights[term] for term, _, _ in run), said))
    typed = {term for turn in history for term in terms(TAKEN_ALONG.sub("", turn.question))}
    return [words for _, words in sorted(phrases, key=lambda phrase: (typed.isdisjoint(terms(phrase[1])), -phrase[0]))]


def _weights(history: Sequence[Turn], rarity: Rarity, *, without: Collection[str]) -> dict[str, float]:
    """Return what each term of the turns weighs: how rare it is, how often it was said, and how lately."""
    said: defaultdict[str, float] = defaultdict(float)
    for age, turn in enumerate(reversed(history)):
        asked, answered = (
            (ASKED_EARLIER * FADING**age, ANSWERED_EARLIER * FADING**age) if age else (ASKED_BEFORE, ANSWERED_BEFORE)
        )
        typed = set(terms(TAKEN_ALONG.sub("", turn.question)))
        for term in dict.fromkeys(terms(turn.question)):
            said[term] += asked if term in typed else TAKEN_BEFORE * asked
        for term, often in Counter(terms(turn.answer)).items():
            said[term] += answered * often / (often + 2) if often > 1 else 0.0
    kept = {term: weight for term, weight in said.items() if weight and term not in without and len(term) > 1}
    rare = rarity(kept)
    known = {term: weight * max(rare[term], COMMON) for term, weight in kept.items() if rare[term]}
    return {term: weight * (DEED if term in DEEDS else 1.0) for term, weight in known.items()}


def _who(turn: Turn) -> set[str]:
    """Return the terms of the first name in an answer to who it is: what follows is of that one."""
    if fact_asked_for(TAKEN_ALONG.sub("", turn.question)) != "person":
        return set()
    known = set(terms(turn.question))
    named = (set(terms(name[0])) - known for name in CAPITALS.finditer(turn.answer))
    return next((name for name in named if name), set())


def _latest_first(history: Sequence[Turn]) -> Iterator[str]:
    for turn in reversed(history):
        yield turn.question
    for turn in reversed(history):
        yield turn.answer


def _runs(text: str, chosen: Collection[str]) -> list[list[tuple[str, int, int]]]:
    """Return the runs of words of `text` that are chosen, each term once: its term, start and end."""
    runs: list[list[tuple[str, int, int]]] = []
    seen: set[str] = set()
    for word in WORD.finditer(text):
        for term in terms(word[0]):
            if term not in chosen or term in seen:
                continue
            seen.add(term)
            place = (term, *word.span())
            if runs and text[runs[-1][-1][2] : word.start()] in {" ", "-", "’", "'"}:
                runs[-1].append(place)
            else:
                runs.append([place])
    return runs
