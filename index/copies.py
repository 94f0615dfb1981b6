"""The text of an article -> its signature; two signatures -> how much of their wording the articles share.

An agency story stands in several outlets under other headlines, with a line of the outlet's own before it and with its
end cut off. A signature holds two MinHashes of the article's shingles (runs of a few words): one of the whole text and
one of its opening. A copy is like in both. The whole alone takes two match reports above the same list of fixtures for
one story, the opening alone two newsletters under the same greeting. Which articles are worth comparing is found by
bands: numbers that a near-copy very probably shares, and that an SQL index looks up.

No work here depends on the order in which articles come, on the process or on the machine; the only place that imports
rensa. Each constant is chosen in `docs/decisions/0006-near-copies.md`.
"""

import re
import struct
import unicodedata

import numpy as np
from rensa import RMinHash

SHINGLE = 4
"""Words in a shingle."""
OPENING = 400
"""Words in the opening of an article."""
SHORT = 50
"""An article of fewer words is one shingle: only the same words in the same order are its copy."""
SLOTS = 128
"""Numbers in a MinHash: the standard error of the Jaccard index that two of them give is at most .044."""
BANDS, ROWS = 20, 2
"""Articles whose whole texts have a Jaccard index of j share a band with probability 1 - (1 - j**ROWS) ** BANDS."""
COPY = 0.7
"""From this likeness on, two articles count as one story."""
RECIPE = (
    f"rensa {RMinHash.ALGORITHM_VERSION}, {SHINGLE} words, opening {OPENING}, short {SHORT}, "
    f"{SLOTS} slots, {BANDS} bands of {ROWS}"
)
"""What signatures and bands are made by. Those of different recipes are not comparable: keep it with them."""

SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Scripts written without spaces (Thai, Lao, Burmese, Khmer, Japanese, Chinese): each character counts as a word."""
WORD = re.compile(f"[{SPACELESS}]|[^\\W_{SPACELESS}]+")
SLOT = np.dtype("<u2")  # 16 of rensa's 32 bits: two different shingles agree once in 65,536
SIZES = struct.Struct("<II")
NOTHING = bytes(2 * SLOTS * SLOT.itemsize + SIZES.size)


def signature(text: str) -> bytes:
    """Return the signature of a text, 520 bytes: the same for the same words, whatever their case and punctuation."""
    words = _words(text)
    if not words:
        return NOTHING
    shingles = _shingles(words)
    opening = shingles[:OPENING]
    return _slots(shingles) + _slots(opening) + SIZES.pack(len(set(shingles)), len(set(opening)))


def bands(signature: bytes) -> list[int]:
    """Return the numbers (BANDS of them, below 2**63) under which to look for near-copies; none without words.

    Where the Jaccard index of the whole is .4, .5 or .6, two articles share one with probability .97, .997 or .9999.
    """
    if signature == NOTHING:
        return []
    rows = np.frombuffer(signature, SLOT, BANDS * ROWS).reshape(BANDS, ROWS).tolist()
    return [number << 32 | one << 16 | two for number, (one, two) in enumerate(rows)]


def likeness(one: bytes, other: bytes) -> float:
    """Estimate which share (0 to 1) of the shorter article stands in the other: of the whole or the opening, the lower.

    From the estimated Jaccard index j of two sets and their sizes: they share j / (1 + j) of the sum of both.
    """
    if NOTHING in (one, other):
        return 0.0
    same = np.frombuffer(one, SLOT, 2 * SLOTS) == np.frombuffer(other, SLOT, 2 * SLOTS)
    jaccards: list[float] = same.reshape(2, SLOTS).mean(axis=1).tolist()
    sizes = zip(SIZES.unpack(one[-SIZES.size :]), SIZES.unpack(other[-SIZES.size :]), strict=True)
    shares: list[float] = [j / (1 + j) * sum(pair) / min(pair) for j, pair in zip(jaccards, sizes, strict=True)]
    return min(1.0, *shares)


def _words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text.casefold()))


def _shingles(words: list[str]) -> list[str]:
    size = SHINGLE if len(words) >= SHORT else len(words)
    return [" ".join(words[start : start + size]) for start in range(len(words) - size + 1)]


def _slots(shingles: list[str]) -> bytes:
    """Return the MinHash of `shingles`, SLOTS numbers of 16 bits."""
    hashed = RMinHash(num_perm=SLOTS, seed=1)
    hashed.update(shingles)
    return np.array(hashed.digest(), np.uint32).astype(SLOT).tobytes()
