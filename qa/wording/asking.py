"""What is asked for; and sentences that ask instead of telling, which hold all the words of a question. Pure."""

import re

from index.sentences import sentence_spans
from index.terms import WORD, terms
from qa.wording.speech import REPORTS

PLEASE = (
    r"^(?:(?:and|but|so|ok|okay|thanks|now|please)[,.!]*\s+)*(?:(?:can|could|would) you\s+(?:please\s+)?"
    r"|i(?: would|['’]d) like to (?:see|know)\s+)?"
)
"""What people put before a question, if they do: the beginning of a pattern of one."""
MARK = r"[?\uff1f\u061f\u037e\u055e\u2047\u203d]"
"""The question marks of European, Chinese, Arabic, Greek and Armenian writing."""
ENDS_ASKING = re.compile(rf"{MARK}\s*([\"'”’»)\]]*)\s*$")
BEGINS_ASKING = re.compile(
    r"\W*(?:q(?:uestion)?\b\W*)?(?:who|whom|whose|what|when|where|why|how|which)\b(?!.*[.!…][\"'”’»)\]]*\s*$)",
    re.IGNORECASE | re.DOTALL,
)
"""It begins as a question does, and ends without a stop: one that was typed in haste, or a heading."""
TAKEN_ALONG = re.compile(r"\s*\([^()]*\)")
"""What is put beside the words of a question, as the turns before it or a capital's country."""
ALIKE, FEWEST_ALIKE = 0.6, 2
"""Two questions of which so much of the terms is in both (Jaccard), and so many terms, ask the same."""
FEWEST = 3
"""Words of a question that is looked for in a sentence: fewer may be a name."""


def asks(sentence: str, question: str = "") -> bool:
    """Tell whether `sentence` is a question, or holds `question` word for word; one that tells what was asked is none.

    >>> asks("Who holds a veto?"), asks('He asked: "Who holds a veto?"'), asks("Five states hold one.")
    (True, False, False)
    >>> asks("Q: who holds a veto"), asks("What he wants is a veto."), asks("They ask who holds it", "Who holds it?")
    (True, False, True)
    >>> asks("They ask what Kyiv was given", "What was Kyiv (Ukraine) given?")
    False
    >>> asks("What was Kyiv given was asked.", "What was Kyiv (Ukraine) given?")
    True
    """
    found = ENDS_ASKING.search(sentence)
    if BEGINS_ASKING.match(sentence) or (found and not (found[1] and REPORTS.search(sentence))):
        return True
    asked = _words(TAKEN_ALONG.sub("", question))
    return asked.count(" ") > FEWEST and asked in _words(sentence)


def asks_the_same(sentence: str, question: str, title: str = "") -> bool:
    """Tell whether `sentence`, of an article of some `title`, asks what `question` does: what follows it answers both.

    It has the question's words, or the title has them, and few others.

    >>> asks_the_same("What does the pass cost?", "what does a pass cost"), asks_the_same("Who sells it?", "Who sells?")
    (True, False)
    >>> asks_the_same("What does the pass cost?", "What does the pass cost in Riga?")
    False
    """
    if not asks(sentence):
        return False
    asked, told = (set(terms(text)) for text in (TAKEN_ALONG.sub("", question), sentence))
    enough = len(asked & told) >= max(FEWEST_ALIKE, ALIKE * len(asked | told))
    return enough and asked <= told | set(terms(title))


def only_asks(text: str, question: str = "") -> bool:
    """Tell whether all that `text` says is questions.

    >>> only_asks("Who holds a veto? Since when?"), only_asks("Who holds a veto? Five states.")
    (True, False)
    """
    return all(asks(text[start:end], question) for start, end in sentence_spans(text))


def _words(text: str) -> str:
    """Return the words of `text` in lower case, a space before and behind each."""
    return f" {' '.join(word[0].lower() for word in WORD.finditer(text))} "
