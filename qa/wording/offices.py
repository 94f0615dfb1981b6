"""Who holds an office, asked of articles of different days -> whom they name as its holder, and when. Pure.

"Who is the prime minister of Sweden?" is answered by "Swedish Prime Minister Ulf Kristersson said ...", which is about
something else, and by another name a year before.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.records import Span
from index.terms import words
from qa.wording.asking import PLEASE
from qa.wording.countries import called, is_country
from qa.wording.facts import YEAR
from qa.wording.names import DAYS

ALIKE = (
    ("prime minister", "premier", "PM"),
    ("governor", "gov"),
    ("CEO", "chief executive", "chief executive officer"),
    ("secretary general", "secretary-general"),
    ("head coach", "coach"),
    ("head", "chief"),
    ("chair", "chairman", "chairwoman", "chairperson"),
)
"""Offices that have several names."""
_FIELD = (
    r"(?:foreign|home|interior|internal affairs|defen[cs]e|finance|treasury|health|justice|education|energy|economy|"
    r"economics|trade|business|commerce|labou?r|environment|climate|transport|transportation|culture|agriculture|science|"
    r"immigration|security|press|general)"
)
OFFICE = (
    r"(?:(?:vice|deputy) )?(?:president|prime minister|premier|PM|chancellor)"
    rf"|{_FIELD}(?: affairs)? (?:minister|secretary)|secretary of [a-z]+(?: [a-z]+)?|secretary[- ]general"
    r"|minister (?:of|for) [a-z]+(?: affairs)?|first minister"
    r"|(?:attorney|surgeon|governor|director|commissioner|solicitor) general|governor|mayor|king|queen|pope|emir|sultan"
    r"|crown prince|first lady|(?:house )?speaker|supreme leader|chief justice|chief of staff|commander[- ]in[- ]chief"
    r"|(?:CEO|CFO|CTO)|chief executive(?: officer)?|chair(?:man|woman|person)?|head coach|coach|manager|captain"
    r"|police chief|director|head|leader|ambassador|commissioner|editor(?:[- ]in[- ]chief)?"
)
ASKS = re.compile(
    rf"{PLEASE}(?:who(?:['’]?s| is|(?P<was> was))|(?:tell me |do you know )?who|name)"
    r"(?: (?:currently|now|still|presently))? (?:(?:the|a) )?(?:(?:current|new|present|serving|incumbent|sitting) )?"
    rf"(?:(?P<office>{OFFICE}) (?:of|for|at) (?:the )?(?P<place>[^,;:?]+?)"
    rf"|(?P<whose>[^,;:?]+?)(?:['’]s?)? (?:(?:current|new|present) )?(?P<its>{OFFICE})|(?P<only>pope))(?: is)?$",
    re.IGNORECASE,
)
AND_OF = re.compile(
    r"^(?:(?:and|but|or|so)(?: (?:what|how) about)?|(?:what|how) about) "
    rf"(?:(?:the |its |their )?(?P<office>{OFFICE})|(?:of |for |in |at )?(?:the )?(?P<place>[\w’'. -]+?))\s*[?.]*$",
    re.IGNORECASE,
)
"""A place, or an office, and nothing else: "and of Germany?", "and the foreign minister?"."""
OF_A_FIELD = re.compile(
    r"(?P<field>[a-z]+) (?P<rank>secretary|minister)|(?P<as>secretary|minister) (?:of|for) (?P<its>[a-z]+)"
)
"""An office that is called in either way."""
CLAUSE = frozenset("after before when while because who whom that which if where as in during".split())  # noqa: SIM905
"""With these a question goes on to something else than a place."""
LONGEST_PLACE = 5
"""Words."""
BEGINNING, NEARBY = 400, 2000
"""Characters of an article, and before a sentence, in which it is looked for the place that they are about."""
ONE_NAME = frozenset("king queen pope emir sultan".split())  # noqa: SIM905
"""Offices whose holders may have one name only."""
_PARTICLE = r"(?:al|bin|ben|da|das|de|del|della|den|der|di|do|dos|du|el|ibn|la|le|ten|van|von|zu)"
_LETTERS = r"[\w\u0300-\u036f-]"  # accents that stand by themselves, too
_WORD = rf"[A-Z]{_LETTERS}{{0,30}}(?:['’](?!s\b)\w{_LETTERS}{{0,30}})?\.?"
_BEFORE_A_NAME = r"(?:Dr|Mr|Mrs|Ms|Sir|Dame|Lord|Lady|Gen|Adm|Col|Rev)\.? "
NAME = rf"(?<![\w-])(?:{_BEFORE_A_NAME})?(?P<name>{_WORD}(?: (?:{_PARTICLE}[ -])*{_WORD}){{0,3}})"
NOT_NOW = re.compile(
    r"\b(?:former|formerly|ex|then|late|ousted|deposed|outgoing|incoming|next|future|would-be|self-proclaimed|vice|"
    r"deputy|shadow|assistant|one-?time|previous|first|longtime|no|any|every|another|last|interim|state)[ -]+$"
    r"|\b(?:former|formerly|ousted|deposed)(?: [a-z]+){1,2} $",
    re.IGNORECASE,
)
"""Before an office that somebody held, will hold, or that is another one."""
OF_ANOTHER = r"(?!\s+(?:affiliate|backer|competitor|investor|maker|owner|parent|partner|rival|subsidiary|supplier)\b)"
"""It is the CEO of a competitor of FTX, not of FTX."""
NO_NAME = frozenset(
    """
    the a an he she it they in on at but and if when while as after before for from to of with by this that his her
    also however here there photo photos emeritus elect
    """.split()  # noqa: SIM905
)
"""Words with a capital that are no name: of the next sentence, or before the name."""
BEHIND_A_NAME = frozenset("jr sr ii iii iv".split())  # noqa: SIM905
SURNAME = 6
"""Letters of a surname that are compared: Zelensky, Zelenskyy and Zelenskiy are one."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office whose holder is asked for."""

    name: str
    place: str
    """Of what it is one, as the question says; nothing where there is only one: the pope."""
    was: bool = False
    """Whether it is asked who held it."""

    @property
    def has_one_name(self) -> bool:
        """Whether its holders may have one name only, as popes have."""
        return self.name.casefold() in ONE_NAME

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the office."""
        said = self.name.casefold().replace("defence", "defense")
        alike = next((group for group in ALIKE if said in map(str.casefold, group)), (said,))
        of_a_field = OF_A_FIELD.fullmatch(said) if alike == (said,) else None
        if of_a_field:
            field, rank = of_a_field["field"] or of_a_field["its"], of_a_field["rank"] or of_a_field["as"]
            alike = (f"{field} {rank}", f"{rank} of {field}")
        return (*alike, *(name.replace("defense", "defence") for name in alike if "defense" in name))

    @property
    def places(self) -> Sequence[str]:
        """All names of that of which it is one; of England's crown those of the United Kingdom, too."""
        if not self.place:
            return ()
        names = called(self.place)
        of_england = self.name.casefold() in {"king", "queen"} and "england" in {name.casefold() for name in names}
        return (*names, *called("United Kingdom")) if of_england else names

    @property
    def phrases(self) -> Iterator[str]:
        """Phrases of which a sentence that names its holder has one."""
        if not self.place:
            yield from self.names
        for place in self.places:
            for name in self.names:
                yield from (f"{place} {name}", f"{place}'s {name}", f"{name} of {place}", f"{name} of the {place}")


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody whom a sentence names as the holder of an office."""

    name: str
    span: Span
    """Of the name in the sentence."""


def office_asked_for(question: str) -> Office | None:
    """Return the office whose holder a question asks for; None where it asks for something else.

    >>> office_asked_for("who is Sweden's prime minister?"), office_asked_for("Who is the CEO of Twitter?")
    (Office(name='prime minister', place='Sweden', was=False), Office(name='CEO', place='Twitter', was=False))
    >>> office_asked_for("Who is the president that signed it?")
    """
    asked = ASKS.match(" ".join(question.split()).rstrip("?!. "))
    if asked is None:
        return None
    if asked["only"]:
        return Office("pope", "", asked["was"] is not None)
    office, place = asked["office"] or asked["its"], (asked["place"] or asked["whose"]).strip()
    place = re.sub(r"^the ", "", place, flags=re.IGNORECASE)
    named = (is_country(place) or place[:1].isupper()) and CLAUSE.isdisjoint(place.split())
    return Office(office, place, asked["was"] is not None) if named and len(place.split()) <= LONGEST_PLACE else None


def is_told_of_elsewhere(office: Office, title: str, text: str, sentence: Span) -> bool:
    """Tell whether an article that has `sentence` is about another place than that of `office`, as far as it tells.

    It names the place in its title, where it begins, or in the paragraph of the sentence or the one before; and the
    sentence names no holder of the office in another one.

    >>> text = "Lindmar is quiet. The mayor, Paula Reuss, is asleep."
    >>> is_told_of_elsewhere(Office("mayor", "Lindmar"), "", text, Span(18, 52))
    False
    >>> is_told_of_elsewhere(Office("mayor", "Port Ostrey"), "Port Ostrey wins", text, Span(18, 52))
    False
    >>> is_told_of_elsewhere(Office("mayor", "Port Ostrey"), "", text, Span(18, 52))
    True
    >>> text = "Lindmar waits, says the mayor of Kolm."
    >>> is_told_of_elsewhere(Office("mayor", "Lindmar"), "", text, Span(0, 38))
    True
    """
    if not office.place:
        return False
    places = [" ".join(words(place)) for place in office.places]
    of_others = re.compile(rf"\b{_any_of(office.names)} of (?:the )?(?P<place>{_WORD}(?: {_WORD}){{0,3}})")
    named = [" ".join(words(one["place"])) for one in of_others.finditer(text, *sentence)]
    if named and not any(one.startswith(place) for one in named for place in places):
        return True
    paragraphs = text[max(0, sentence.start - NEARBY) : sentence.end].split("\n")
    near = " ".join([one for one in paragraphs if one.strip()][-2:])
    told = f" {' '.join(words(f'{title} {text[:BEGINNING]} {near}'))} "
    return not any(f" {place} " in told for place in places)


def of_another_place(question: str, before: str) -> str | None:
    """Return `before`, which asks who holds an office, as asked of the other place, or office, that `question` names.

    >>> of_another_place("and of Germany?", "Who is the president of France?")
    'Who is the president of Germany?'
    >>> of_another_place("And the foreign minister?", "Who is the president of France?")
    'Who is the foreign minister of France?'
    >>> of_another_place("and why?", "Who is the president of France?")
    """
    office, other = office_asked_for(before), AND_OF.match(" ".join(question.split()))
    if office is None or other is None or not office.place:
        return None
    if other["office"]:
        return before.replace(office.name, other["office"], 1)
    place = other["place"]
    as_before = is_country(place) or (place[:1].isupper() and not is_country(office.place))
    return before.replace(office.place, place, 1) if as_before else None


def holders_in(sentence: str, office: Office) -> Iterator[Holder]:
    """Yield those whom a sentence names as the holder of an office.

    >>> [one.name for one in holders_in("Sweden's prime minister, Ulf Kristersson, left.", Office("PM", "Sweden"))]
    ['Ulf Kristersson']
    >>> [one.name for one in holders_in("Parag Agrawal, CEO of Twitter, replied.", Office("CEO", "Twitter"))]
    ['Parag Agrawal']
    >>> list(holders_in("The former Swedish prime minister Stefan Löfven left.", Office("PM", "Sweden")))
    []
    """
    for pattern in _patterns(office):
        for match in pattern.finditer(sentence):
            span = _name(sentence, Span(*match.span("name")))
            if span.end > span.start and not NOT_NOW.search(sentence[: match.start("office")]):
                yield Holder(sentence[span.start : span.end], span)


def is_of_before(sentence: str, year: int) -> bool:
    """Tell whether a sentence gives a year before `year`, and so may tell of that.

    >>> is_of_before("US President Ronald Reagan at the wall in 1987.", 2022)
    True
    """
    return any(int(given) < year for given in YEAR.findall(sentence))


@lru_cache(maxsize=64)
def _patterns(office: Office) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a name behind an office, and one before it."""
    place, name = _any_of(office.places), _any_of(office.names)
    new = r"(?:(?:current|new|sitting|newly elected|acting)\s+)?"
    of_a_place = rf"(?:{place}(?:['’]s?)?\s+{new}{name}|{name}\s+of\s+(?:the\s+)?{place})"
    its = rf"(?P<office>\b{of_a_place if office.place else name})\b\.?"
    behind = re.compile(rf"{its}{OF_ANOTHER}(?:,| –)?\s+{NAME}")
    becomes = r"(?:,?\s+(?:who\s+)?(?:is|becomes|became|was (?:named|elected|appointed|sworn in as|chosen as))|,)"
    before = re.compile(rf"{NAME}{becomes}\s+(?:the\s+|a\s+)?{new}{its}{OF_ANOTHER}(?!,?\s+[A-Z])")
    return behind, before


def _any_of(names: Sequence[str]) -> str:
    """Return a pattern of any of some names, in capitals or not, the longest first."""
    longest_first = sorted(names, key=len, reverse=True)
    return rf"(?i:{'|'.join(r'[ -]'.join(map(re.escape, name.split())) for name in longest_first)})"


def _name(sentence: str, span: Span) -> Span:
    """Return where the name is, without the words beside it that are no part of it; empty where none is left."""
    kept: list[Span] = []
    for one in re.finditer(r"\S+", sentence[span.start : span.end]):
        word = one[0].strip(".,").casefold()
        if word in NO_NAME or word in DAYS or any(word == sentence[slice(*other)].casefold() for other in kept):
            break
        kept.append(Span(span.start + one.start(), span.start + one.end()))
    nobody = Span(span.start, span.start)
    if not kept:
        return nobody
    start, end = kept[0].start, kept[-1].end
    if sentence[end - 1] == "." and end - kept[-1].start > len("J."):  # the end of the sentence
        end -= 1
    return nobody if is_country(sentence[start:end]) else Span(start, end)


def people(names: Iterable[str]) -> dict[str, str]:
    """Return, for each name that was given, the one under which the person is named whole most often.

    >>> people(["Ulf Kristersson", "Kristersson", "Ulf Kristersson", "Magdalena Andersson"])["Kristersson"]
    'Ulf Kristersson'
    """
    counts = Counter(names)
    whole: dict[str, str] = {}
    for name in sorted(counts, key=lambda one: (" " not in one, -counts[one], one)):
        whole.setdefault(_surname(name), name)
    return {name: whole[_surname(name)] for name in counts}


def _surname(name: str) -> str:
    """Return what persons are told apart by.

    >>> _surname("Viktor Orbán"), _surname("Yoon Suk-yeol"), _surname("Ferdinand Marcos Jr.")
    ('orban', 'yeol', 'marcos')
    """
    said = [word for word in words(name) if word not in BEHIND_A_NAME]
    return said[-1][:SURNAME] if said else ""
