"""Capitals and seats that a question names for a government -> the country that articles name. Pure.

"What does Beijing want?" is asked of articles that say "China". A place is meant where the question says "in" it, and a
name where it goes on: the Paris Agreement, the Budapest memorandum, Denzel Washington.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.terms import FUNCTION_WORDS, words

COUNTRIES = {
    "Abuja": "Nigeria",
    "Addis Ababa": "Ethiopia",
    "Ankara": "Turkey",
    "Athens": "Greece",
    "Baghdad": "Iraq",
    "Baku": "Azerbaijan",
    "Bangkok": "Thailand",
    "Beijing": "China",
    "Beirut": "Lebanon",
    "Belgrade": "Serbia",
    "Berlin": "Germany",
    "Bern": "Switzerland",
    "Bratislava": "Slovakia",
    "Bucharest": "Romania",
    "Budapest": "Hungary",
    "Buenos Aires": "Argentina",
    "Cairo": "Egypt",
    "Canberra": "Australia",
    "Caracas": "Venezuela",
    "Chisinau": "Moldova",
    "Copenhagen": "Denmark",
    "Damascus": "Syria",
    "Dhaka": "Bangladesh",
    "Doha": "Qatar",
    "Downing Street": "United Kingdom",
    "Hanoi": "Vietnam",
    "Havana": "Cuba",
    "Helsinki": "Finland",
    "Islamabad": "Pakistan",
    "Jakarta": "Indonesia",
    "Kabul": "Afghanistan",
    "Kathmandu": "Nepal",
    "Khartoum": "Sudan",
    "Kiev": "Ukraine",
    "Kinshasa": "Congo",
    "Kremlin": "Russia",
    "Kyiv": "Ukraine",
    "Lisbon": "Portugal",
    "London": "United Kingdom",
    "Madrid": "Spain",
    "Manila": "Philippines",
    "Minsk": "Belarus",
    "Moscow": "Russia",
    "Nairobi": "Kenya",
    "New Delhi": "India",
    "Oslo": "Norway",
    "Ottawa": "Canada",
    "Paris": "France",
    "Prague": "Czech",
    "Pretoria": "South Africa",
    "Pyongyang": "North Korea",
    "Quai d'Orsay": "France",
    "Riga": "Latvia",
    "Riyadh": "Saudi Arabia",
    "Rome": "Italy",
    "Seoul": "South Korea",
    "Sofia": "Bulgaria",
    "Stockholm": "Sweden",
    "Taipei": "Taiwan",
    "Tallinn": "Estonia",
    "Tbilisi": "Georgia",
    "Tehran": "Iran",
    "Tokyo": "Japan",
    "Tripoli": "Libya",
    "Vienna": "Austria",
    "Vilnius": "Lithuania",
    "Warsaw": "Poland",
    "Washington": "United States",
    "White House": "United States",
    "Yerevan": "Armenia",
    "Zagreb": "Croatia",
}
"""As articles in English name the country. A capital that is a person's name as often (Victoria) is not here."""
ALSO_CALLED = {"America": "United States", "Britain": "United Kingdom", "USSR": "Soviet Union"}
"""Countries by the names that people ask with and articles rarely have."""
ASKS_SO = {name.casefold(): country for name, country in (COUNTRIES | ALSO_CALLED).items()}
NAMED = re.compile(rf"(?<![\w’'-])(?:{'|'.join(map(re.escape, COUNTRIES | ALSO_CALLED))})(?![\w-])", re.IGNORECASE)
PLACE_BEFORE = re.compile(
    r"\b(?:(?:in|at|near|around|outside|inside|across|downtown|central|march on|visit(?:s|ed|ing)?)"
    r"|(?:treaty|convention|peace|battle|siege|fall|fire|plague|city|mayor|bishop|archbishop|bank|university|port) of"
    r"|(?:go(?:es|ing)?|went|comes?|came|coming|travel\w*|moved?|moving|fl(?:y|ew|ies)|sent|return\w*|welcomed?|invited?|"
    r"trip|journey)(?:\s+[\w’'-]+){0,3}\s+to|north|south|latin|great)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
NAME_AFTER = re.compile(
    r",?\s+d\.?c\b|\s+(?:(?-i:[A-Z])|accords?\b|agreements?\b|airport\b|attacks?\b|bombings?\b|charter\b|city\b|conference\b|"
    r"convention\b|declaration\b|district\b|formula\b|format\b|games\b|marathon\b|memorandum\b|metro\b|mayor\b|"
    r"newspapers?\b|olympics\b|pact\b|police\b|principles\b|process\b|protocols?\b|state\b|stock exchange\b|"
    r"streets?\b|summit\b|treaty\b|underground\b)",
    re.IGNORECASE,
)
WORD_BEFORE = re.compile(r"([^\W\d_][\w’'-]*)\s+$")


@dataclass(frozen=True, slots=True)
class SeatSaid:
    """Where a question names the seat of a government, and whose it is."""

    start: int
    end: int
    country: str


def seats_said(question: str) -> Iterator[SeatSaid]:
    """Yield the seats that stand for a government which the question does not name itself.

    >>> [seat.country for seat in seats_said("Did Beijing or Paris veto the Minsk agreements in London?")]
    ['China', 'France']
    >>> [seat.country for seat in seats_said("Did America veto it, or south america, or the Bank of America?")]
    ['United States']
    """
    asked = set(words(question))
    for found in NAMED.finditer(question):
        country = ASKS_SO[found[0].casefold()]
        before, after = question[: found.start()], question[found.end() :]
        if set(words(country)) <= asked or PLACE_BEFORE.search(before) or NAME_AFTER.match(after):
            continue
        word = WORD_BEFORE.search(before)
        if word and word[1][0].isupper() and not set(words(word[1])) <= FUNCTION_WORDS and not question.isupper():
            continue  # a name that ends here
        yield SeatSaid(found.start(), found.end(), country)
