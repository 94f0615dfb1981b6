"""A question, and the outlets and authors of the index -> who is named in it as a publisher or a writer. Pure.

A name counts by what stands around it: "did CNN report", "in The Guardian", "Jane Roe's article". Elsewhere it is what
the question is about ("who owns Reuters?"). It may be shortened ("the Times", NYT, CNN for cnn.com) or have a slip.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.leaning import folded
from qa.wording.speech import ALSO_ASKED_BY, SPEECH

LONGEST = 6
"""Words in a name."""
LONG_ENOUGH = 5
"""Characters of a name that may have a slip."""
WINDOW = 100
"""Characters before a name that may say what it is."""
WELL_KNOWN = (
    ("New York Times", "NYT", "NY Times", "nytimes.com"),
    ("Washington Post", "WaPo", "washingtonpost.com"),
    ("Wall Street Journal", "WSJ", "wsj.com"),
    ("Financial Times", "FT", "ft.com"),
    ("Los Angeles Times", "LA Times", "latimes.com"),
    ("Associated Press", "AP", "AP News", "apnews.com"),
    ("Agence France-Presse", "AFP", "afp.com"),
    ("The Guardian", "theguardian.com", "guardian.co.uk"),
    ("The Times", "The Times of London", "thetimes.co.uk"),
    ("The Telegraph", "Daily Telegraph", "telegraph.co.uk"),
    ("BBC", "BBC News", "bbc.com", "bbc.co.uk"),
    ("CNN", "CNN News", "cnn.com"),
    ("ABC News", "abcnews.go.com"),
    ("Deutsche Welle", "DW", "dw.com"),
    ("Radio Free Europe", "RFE/RL", "RFERL", "Radio Free Europe/Radio Liberty", "rferl.org"),
    ("South China Morning Post", "SCMP", "scmp.com"),
    ("Christian Science Monitor", "CSM", "csmonitor.com"),
    ("NPR", "National Public Radio", "npr.org"),
    ("TASS", "TASS News Agency", "tass.com"),
    ("Reuters", "Reuters News Agency", "reuters.com"),
)
PRESS = re.compile(
    r"advertiser|argus|beacon|bulletin|chronicle|citizen|courier|daily|dispatch|eagle|echo|examiner|express|gazette|globe|"
    r"guardian|herald|independent|inquirer|journal|ledger|magazine|mail|mercury|mirror|monitor|news|observer|post|press|"
    r"record|register|review|sentinel|standard|star|sun|telegraph|times|tribune|weekly|wire"
)
"""Last words of the names of papers: written small, others are what anybody may mean by them."""
DOMAIN = re.compile(r"(?:https?://)?(?:(?:www|m|edition)\.)?((?:[\w-]+\.)+[a-z]{2,})/?", re.IGNORECASE)
SUFFIXES = re.compile(r"(?:\.(?:com?|org|net|ac|gov|go))?\.[a-z]{2,}$", re.IGNORECASE)

WORD = re.compile(r"\w(?:[\w.&’'/-]*\w)?")
NAME_GOES_ON = re.compile(r"\s+[A-Z][a-z]")
"""The Independent Commission is not The Independent."""
JOINED_BEFORE = re.compile(rf"((?:[\w.’'-]+ ){{1,{LONGEST}}})(?:and|or) (?:the )?$", re.IGNORECASE)
JOINED_AFTER = re.compile(rf" (?:and|or) ((?:[\w.’'-]+ ?){{1,{LONGEST}}})", re.IGNORECASE)
THE_FIRST = re.compile(r"the\s+", re.IGNORECASE)
THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
FIRST_NAME = re.compile(r"(?<=\S )[A-Z][\w’'-]*\s+$")
POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
WRITING = (
    r"(?:report|writ|publish|print|cover|describ|reveal|broadcast|air|sa[iy]|post|quot|argu|claim|carr|mention|predict|"
    r"not|call|think|put|tell|told|wrote|ran|run)(?:e|es|ed|s|d|ten|ing|y|ies|ied)?"
)
PIECES = (
    r"(?:articles?|stor(?:y|ies)|reports?|reporting|coverage|pieces?|headlines?|editorials?|op-eds?|columns?|"
    r"news(?!\s+(?:agency|anchor|channel|network|host|desk))|analysis|interviews?|dispatch(?:es)?|reviews?)"
)
WRITERS = re.compile(rf"\bby\b|\baccording to\b|\b{PIECES}\b|\b(?:write|written|publish|report|cover)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NameSaid:
    """Who is named in `question[start:end]`, with the words around it that say that it is a publisher or a writer."""

    start: int
    end: int
    names: frozenset[str]
    """As the index spells them; several where the words fit several."""
    sure: bool
    publishes: bool
    """It is what somebody published that is asked for: "what did CNN report"."""
    creditor: bool
    """It only names whom to believe ("according to CNN"), and says nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Words around a name."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    sure: bool = True
    publishes: bool = False
    creditor: bool = False


def _frame(
    before: str, after: str = "", *, sure: bool = True, publishes: bool = False, creditor: bool = False
) -> Frame:
    ends = re.compile(after or r"(?!\s+(?:polls?|surveys?)\b)", re.IGNORECASE)
    begins = re.compile(rf"(?:{before})\s*(?:\bthe\s+)?$", re.IGNORECASE)
    return Frame(begins, ends, sure=sure, publishes=publishes, creditor=creditor)


ADVERBS = r"(?:\s+(?:ever|really|just|recently|first|also|originally|actually))*"
CREDITED = (
    _frame(r"(?<!not )\baccording to", creditor=True),
    _frame(r"\b(?:as )?(?:reported|published|printed|covered|broadcast|aired) (?:by|in|on)"),
)
AGENT = _frame(r"\b(?:did|does|do|has|have|had|was|were)", rf"{ADVERBS}\s+{WRITING}\b", publishes=True)
PLAIN = (*CREDITED, AGENT)
"""What names an outlet even where it is written small, or with a slip."""
OUTLET_FRAMES = (
    *PLAIN,
    _frame(r"\b(?:what|how|whether|that|as|why)", rf"{ADVERBS}\s+(?:has |have |had )?{WRITING}\b", publishes=True),
    _frame(rf"\b{PIECES} (?:[\w’'-]+ ){{0,6}}?(?:in|by|from|of|on)", publishes=True),
    _frame(r"", rf"(?:['’]s?)?(?:\s+[\w-]+)?\s+(?-i:{PIECES})\b", publishes=True),
    _frame(r"\b(?:compared (?:to|with)|versus|vs\.?|unlike|than)", publishes=True),
    _frame(r"\b(?:do|does|did|has|have)", r"\s+(?:have|published?|got)\b", publishes=True),
    _frame(r"\bin", publishes=True),
    _frame(r"(?<!apart )\b(?:from|by|on|via|told|tell|with|in)", sure=False),
)
AUTHOR_FRAMES = (
    _frame(rf"\b(?:{PIECES}|written|reported|reporting) (?:[\w’'-]+ ){{0,4}}?by", publishes=True),
    _frame(
        r"\b(?:did|does|has|have|had)",
        rf"{ADVERBS}\s+(?:write|written|report|reported|publish|published|cover)\b",
        publishes=True,
    ),
    _frame(r"", rf"['’]s?(?:\s+[\w-]+)?\s+{PIECES}\b", publishes=True),
)
SPEAKER_FRAMES = (
    CREDITED[0],
    _frame(r"\b(?:did|does|do|has|have|had)", rf"{ADVERBS}\s+(?:{SPEECH}|{ALSO_ASKED_BY})\b"),
    _frame(r"\b(?:is|are|was|were|in)", r"['’]s?\s+(?:view|opinion|position)s?\b"),
)
"""What names a writer whose own words are asked for."""
Spelled = Mapping[str, frozenset[str]]
"""From the folded spelling of a name to the names in the index that it may mean."""


def outlets_said(question: str, outlets: Collection[str]) -> list[NameSaid]:
    """Return where `question` names one of `outlets` as a publisher, in order.

    >>> outlets_said("What did CNN report?", ["cnn.com"])[0].names
    frozenset({'cnn.com'})
    """
    whole, shortened = _outlet_spellings(frozenset(outlets))
    return list(_said(question, whole, shortened, OUTLET_FRAMES))


def is_outlet(name: str, outlets: Collection[str]) -> bool:
    """Tell whether `name`, by itself, is that of one of `outlets`, or short for it.

    >>> is_outlet("the Courier", ["Northern Courier"]), is_outlet("Courier", ["Northern Courier"])
    (True, False)
    """
    whole, shortened = _outlet_spellings(frozenset(outlets))
    cut = THE_FIRST.sub("", name)
    short = shortened.get(folded(cut)) if cut != name else None
    return bool(whole.get(folded(name)) or whole.get(folded(cut)) or (name.isupper() and whole.get(name)) or short)


def authors_said(
    question: str, authors: Collection[str], *, is_told_of: Callable[[str], bool] = lambda _: True
) -> list[NameSaid]:
    """Return where `question` names one of `authors` as a writer, in order. A byline may hold several.

    Whose words are asked for is a writer by the whole name, or by a surname that no article tells of.

    >>> [one.names for one in authors_said("What does Jane Roe say about Poe?", ["Jane Roe", "Ann Poe"])]
    [frozenset({'Jane Roe'})]
    """
    if not authors or not may_name_an_author(question):
        return []
    whole, surnames = _author_spellings(frozenset(authors))
    strangers = {name: meant for name, meant in surnames.items() if name in folded(question) and not is_told_of(name)}
    wrote = list(_said(question, whole, surnames, AUTHOR_FRAMES))
    return wrote or list(_said(question, whole, strangers, SPEAKER_FRAMES))


def may_name_an_author(question: str) -> bool:
    """Tell whether `question` speaks of writing, or of saying: without it, no author is named as one.

    >>> may_name_an_author("What did Jane Roe write?"), may_name_an_author("Who signed the treaty?")
    (True, False)
    """
    return WRITERS.search(question) is not None or any(frame.after.search(question) for frame in SPEAKER_FRAMES[1:])


def _said(question: str, whole: Spelled, shortened: Spelled, frames: Collection[Frame]) -> Iterator[NameSaid]:
    words = list(WORD.finditer(question))
    small = not any(character.isupper() for character in question[1:])
    taken = 0
    for first, word in enumerate(words):
        if word.start() < taken or not (small or "." in word[0] or not word[0].islower()):
            continue
        for count in range(min(LONGEST, len(words) - first), 0, -1):
            end = words[first + count - 1].end()
            said = _name_at(question, word.start(), end, whole, shortened, frames, small=small)
            if said is not None:
                taken = end
                yield said
                break


def _name_at(
    question: str, start: int, end: int, whole: Spelled, shortened: Spelled, frames: Collection[Frame], *, small: bool
) -> NameSaid | None:
    possessive = POSSESSIVE.search(question, start, end)
    end = possessive.start() if possessive else end
    if NAME_GOES_ON.match(question, end) and not question.isupper():
        return None
    before = question[max(0, start - WINDOW) : start]
    if (
        small and frames is OUTLET_FRAMES and PRESS.fullmatch(folded(question[start:end])) is None
    ):  # the council is not the Parish Council
        shortened = {}
    names = _names(question[start:end], before, whole, shortened, by_itself=frames in (AUTHOR_FRAMES, SPEAKER_FRAMES))
    spelled = bool(names)
    if frames is OUTLET_FRAMES and (small or not spelled):
        frames = PLAIN
    if not spelled and frames is not PLAIN:
        return None
    frame = next((frame for frame in frames if frame.before.search(before) and frame.after.match(question, end)), None)
    if frame is None:
        return None
    names = names or _nearly(folded(question[start:end]), whole)
    if not names:
        return None
    names |= _partners(question, start, end, whole, shortened)
    said = frame.before.search(before)
    start -= len(before) - said.start() if said and frame.creditor else 0
    sure = frame.sure and spelled and len(names) == 1
    return NameSaid(start, end, names, sure=sure, publishes=frame.publishes, creditor=frame.creditor)


def _names(name: str, before: str, whole: Spelled, shortened: Spelled, *, by_itself: bool) -> frozenset[str]:
    """Return the names in the index that `name` may mean; one that is cut short needs "the" before it, or nothing."""
    key, none = folded(name), frozenset[str]()
    names = whole.get(key, none) | (whole.get(name, none) if name.isupper() else none)
    short = not names and not FIRST_NAME.search(before) if by_itself else THE.search(before) is not None
    return names | shortened.get(key, none) if short else names


def _partners(question: str, start: int, end: int, whole: Spelled, shortened: Spelled) -> frozenset[str]:
    """Return the names that "and" or "or" joins to the one in `question[start:end]`."""
    before, after = JOINED_BEFORE.search(question, max(0, start - WINDOW), start), JOINED_AFTER.match(question, end)
    words = (before[1].split()[-LONGEST:] if before else [], after[1].split()[:LONGEST] if after else [])
    tails = [" ".join(words[0][-count:]) for count in range(len(words[0]), 0, -1)]
    heads = [" ".join(words[1][:count]) for count in range(len(words[1]), 0, -1)]
    return frozenset().union(*(_first_known(names, whole, shortened) for names in (tails, heads)))


def _first_known(names: Sequence[str], whole: Spelled, shortened: Spelled) -> frozenset[str]:
    """Return what the first of `names` that means any means; one that is cut short has "the" before it."""
    for name in names:
        key, cut = folded(name), folded(THE_FIRST.sub("", name)) if THE_FIRST.match(name) else ""
        if found := whole.get(key) or whole.get(cut) or shortened.get(cut):
            return found
    return frozenset()


def _nearly(key: str, whole: Spelled) -> frozenset[str]:
    """Return the names whose spelling is one slip away: a letter too many or too few, another, or two exchanged."""
    if len(key) < LONG_ENOUGH:
        return frozenset()
    near = [names for other, names in whole.items() if other[:1] == key[:1] and one_slip(key, other)]
    return frozenset().union(*near)


def one_slip(one: str, other: str) -> bool:
    """Tell whether `one` becomes `other` by one letter added, left out, or changed, or two neighbours exchanged.

    >>> one_slip("gaurdian", "guardian"), one_slip("reuter", "reuters"), one_slip("sun", "moon")
    (True, True, False)
    """
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    left, right = one[at:], other[at:]
    exchanged = left[:2] == right[1::-1] and len(left) > 1 and left[2:] == right[2:]
    return exchanged or left[1:] == right[1:] or left[1:] == right or left == right[1:]


@lru_cache(maxsize=4)
def _outlet_spellings(outlets: frozenset[str]) -> tuple[Spelled, Spelled]:
    """Return the whole spellings of each outlet, and the short ones that need "the" before them: the Times."""
    whole: dict[str, set[str]] = defaultdict(set)
    shortened: dict[str, set[str]] = defaultdict(set)
    known = {key: group for group in WELL_KNOWN for said in group for key in (folded(said), _label(said))}
    for outlet in outlets:
        for spelling in {outlet, *known.get(folded(outlet), ()), *known.get(_label(outlet), ())}:
            whole[folded(spelling)].add(outlet)
            whole[_label(spelling)].add(outlet)
        words = [word for word in re.findall(r"\w+", outlet) if word.lower() not in {"the", "of", "and"}]
        if len(words) > 2:
            whole["".join(word[0] for word in words).upper()].add(outlet)  # found where it is written in capitals
        if len(words) > 1 and not DOMAIN.fullmatch(outlet):
            shortened[folded(words[-1])].add(outlet)
    return _frozen(whole), _frozen(shortened)


def _label(outlet: str) -> str:
    """Return the part of an address that names the outlet, and any other name without its article."""
    domain = DOMAIN.fullmatch(outlet)
    if domain is None:
        return folded(re.sub(r"^the\s+", "", outlet, flags=re.IGNORECASE))
    label = SUFFIXES.sub("", domain[1])
    return folded(label if "." not in label else domain[1])


@lru_cache(maxsize=4)
def _author_spellings(authors: frozenset[str]) -> tuple[Spelled, Spelled]:
    """Return the whole names in the bylines, and their surnames."""
    whole: dict[str, set[str]] = defaultdict(set)
    surnames: dict[str, set[str]] = defaultdict(set)
    for byline in authors:
        for name in re.split(r"\s*(?:,|;|&|\band\b)\s*", re.sub(r"^\s*by\s+", "", byline, flags=re.IGNORECASE)):
            words = name.split()
            if 2 <= len(words) <= 4:
                whole[folded(name)].add(name)
                surnames[folded(words[-1])].add(name)
    return _frozen(whole), _frozen(surnames)


def _frozen(spellings: Mapping[str, set[str]]) -> Spelled:
    return {spelling: frozenset(names) for spelling, names in spellings.items() if spelling}
