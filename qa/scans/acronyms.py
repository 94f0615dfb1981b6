"""What an abbreviation stands for -> the sentences that spell it out, by a scan of the whole store.

"the Organization for Security and Co-operation in Europe (OSCE)" says it, and the letters prove it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from index.records import Span
from index.sentences import sentence_spans
from index.store import Snapshot
from index.terms import words
from qa.intent import Understood
from qa.scans.listing import split
from qa.scans.scan import Item, Listed, listed, number_of, with_elsewhere
from qa.wording.asking import PLEASE

_SHORT = r"[“\"']?(?P<{}>[A-Za-z][A-Za-z0-9&.-]{{1,9}})[”\"']?"
_NOUN = r"(?:abbreviation|acronym)"
_WAYS = (
    rf"(?:does|do|did)\s+(?:the\s+)?(?:{_NOUN}\s+|letters\s+)?{_SHORT.format('does')}\s+(?:stand for|mean)",
    rf"(?:is|are)\s+(?:the\s+)?{_SHORT.format('short')}\s+(?:short|an? {_NOUN})\s+(?:for|of)",
    rf"(?:is|are)\s+the\s+(?:full (?:form|name)|long form|meaning)\s+of\s+(?:the\s+)?{_SHORT.format('full')}",
)
ASKS = re.compile(rf"{PLEASE}what\s+(?:{'|'.join(_WAYS)})$", re.IGNORECASE)
STAND_FOR = re.compile(r"\b(?:stands? for|short for|full form|full name|long form)\b", re.IGNORECASE)
MOST_READ = 300
"""Passages."""
SHOWN = 3
"""Articles that are cited."""
BEGINS = re.compile(r"(?<![\w’'-])\w")
"""Where a word begins."""
FURTHER = 1
"""Words with a capital behind those for which letters stand: "and Prevention", of the CDC."""
LONGEST = 12
"""Words for which letters may stand."""
BESIDE = 150
"""Characters before the letters in which the words are looked for."""


def spelt_out(snapshot: Snapshot, understood: Understood) -> Listed | None:
    """Return what an abbreviation stands for; None where none is asked about, or no article says."""
    letters = letters_asked_about(split(understood.question)[0])
    if not letters:
        return None
    found: dict[str, tuple[str, Item]] = {}
    passages = islice(snapshot.passages([letters], understood.scope), MOST_READ)
    for hit in snapshot.hits(list(passages)):
        for start, end in sentence_spans(hit.text):
            for span in meanings_in(hit.text[start:end], letters):
                shift = hit.start + start
                item = Item(hit, Span(shift, hit.start + end), Span(shift + span.start, shift + span.end))
                found.setdefault(hit.article.id, (hit.text[start + span.start : start + span.end], item))
    if not found:
        return None
    ((most, _),) = Counter(" ".join(words(said)) for said, _ in found.values()).most_common(1)
    items = [item for said, item in found.values() if " ".join(words(said)) == most]
    first = items[0].hit.article.text[slice(*items[0].words)] if items[0].words else ""
    lead = f"{number_of(len(items), 'article')} spell{'s' * (len(items) == 1)} it out:"
    return listed(lead, with_elsewhere(snapshot, items[:SHOWN]), short=" ".join(first.split()))


def letters_asked_about(question: str) -> str:
    """Return the abbreviation that a question asks about; nothing where it asks something else.

    >>> letters_asked_about("what does nato stand for?"), letters_asked_about("What does he mean?")
    ('NATO', 'HE')
    >>> letters_asked_about("What does NATO want?")
    ''
    """
    asked = ASKS.match(" ".join(question.split()).rstrip("?!. "))
    return next((said for said in asked.groups() if said), "").replace(".", "").upper() if asked else ""


def asks_to_spell_out(question: str) -> bool:
    """Tell whether a question asks for the words behind an abbreviation: no other sentence answers it.

    >>> asks_to_spell_out("What does NATO stand for?"), asks_to_spell_out("What does NATO mean?")
    (True, False)
    """
    return bool(letters_asked_about(split(question)[0])) and STAND_FOR.search(question) is not None


def meanings_in(sentence: str, letters: str) -> Iterator[Span]:
    """Yield where a sentence spells out what letters stand for.

    >>> said = "The Organization for Security and Co-operation in Europe (OSCE) left."
    >>> [said[slice(*span)] for span in meanings_in(said, "OSCE")]
    ['Organization for Security and Co-operation in Europe']
    """
    named = re.escape(letters)
    for place in re.finditer(rf"(?:\s*\(|,\s+or\s+|,\s+known as\s+)(?:the\s+)?[“\"']?{named}\b", sentence):
        if span := _ending(sentence, place.start(), letters):
            yield span
    says = r"(?:\s*\(|,?\s+(?:is |which is |which )?(?:short for|stands? for|standing for)\s+)(?:the\s+)?"
    behind = rf"\b{named}[”\"']?{says}(?P<words>[^().;]+)"
    for place in re.finditer(behind, sentence):
        for size in range(1, LONGEST + 1):
            part = re.match(rf"(?:\S+\s+){{{size - 1}}}\S+", place["words"])
            if part is None:
                break
            said = part[0].rstrip(" ,)")
            if stands_for(letters, said):
                yield Span(place.start("words"), place.start("words") + len(said))
                break


def _ending(sentence: str, end: int, letters: str) -> Span | None:
    """Return the fewest words that end at `end` and for which letters may stand."""
    first = max(0, end - BESIDE)
    begins = [first + place.start() for place in BEGINS.finditer(sentence[first:end])]
    for begin in reversed(begins[-LONGEST:]):
        said = sentence[begin:end].rstrip(" ,")
        if stands_for(letters, said):
            return Span(begin, begin + len(said))
    return None


def stands_for(letters: str, said: str) -> bool:
    """Tell whether letters are those with which words begin, in their order; of small words, any may be passed over.

    >>> stands_for("CDC", "Centers for Disease Control and Prevention"), stands_for("EU", "European idea")
    (True, False)
    """
    parts = re.findall(r"[A-Za-z]\w*", said)
    if not parts or not parts[0][0].isupper() or len(parts) < len(letters) - 1:
        return False
    wanted = [letter for letter in letters if letter.isalnum()]
    at = further = 0
    for part in parts:
        if at < len(wanted) and part[0].upper() == wanted[at]:
            at += 1
        elif part[0].isupper() and at < len(wanted):
            return False
        else:
            further += part[0].isupper()
    return at == len(wanted) and further <= FURTHER
