"""The terms that are looked up are those that SQLite wrote."""

import sqlite3

from index.terms import stem, words
from tests.conftest import SEEDS

HARD = (
    "assembly assemblies possibly incredibly responsibly wobbly ably doubly technology apologies ecology biology "
    "trilogy theology analogy trekked trekking revved desiccated doxxed fallen hopping hissing filing us as is s "
    "dying veto vetoes"
)


def test_the_stem_of_a_word_is_what_sqlite_makes_of_it() -> None:
    text = " ".join([HARD, "ab" * 5000, "vetoing" * 9, "vetoing" * 10, *(file.read_text() for file in SEEDS.iterdir())])
    known = sorted(set(words(text)))
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE l USING fts5(w, tokenize='porter unicode61 remove_diacritics 2')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(l, instance)")
        connection.executemany("INSERT INTO l (rowid, w) VALUES (?, ?)", enumerate(known))
        stems = {known[row]: term for term, row in connection.execute("SELECT term, doc FROM v")}
    assert {word: stem(word) for word in stems} == stems
    assert len(stems) > 2000
