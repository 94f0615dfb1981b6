"""SQuAD's measures of a short answer (Rajpurkar et al., 2016): exact match, and F1 over words."""

import re
import string
from collections import Counter
from collections.abc import Sequence

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)


def normal(text: str) -> str:
    """Return `text` as it is compared: lower case, without punctuation, articles and needless space.

    >>> normal("The Minsk  Protocol.")
    'minsk protocol'
    """
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def best_scores(said: str, answers: Sequence[str]) -> tuple[float, float]:
    """Return the exact match and the F1 of `said` against the answer that it is nearest to.

    >>> best_scores("in Prague", ["Prague"])
    (0.0, 0.6666666666666666)
    """
    return max(float(normal(said) == normal(a)) for a in answers), max(_overlap(said, a) for a in answers)


def _overlap(said: str, answer: str) -> float:
    one, two = normal(said).split(), normal(answer).split()
    shared = sum((Counter(one) & Counter(two)).values())
    return 2 * shared / (len(one) + len(two)) if shared else 0.0
