"""Whether a text is in another language than English. Pure.

Decided by letters, and by the small words of nine languages; in doubt a text is English, so that a name ("Charles de
Gaulle", "La Liga") or a slip changes nothing.
"""

import re
import unicodedata

from index.terms import FUNCTION_WORDS

_SMALL_WORDS = """
aber auch aus bei beim bis dass das dem der diese dieser durch ein eine einem einen einer eines fand für gegen hatte
ihre ihm ihr ist kann kein keine kostet macht mehr mit müssen nach nicht nichts noch oder ohne schon sehr sein seine
seit sich sie sind sollen sollte über und uns unter viel viele vom vor wann warum weil welche welchen welcher
welches wenn wer werden wie wieso wird wo worden wurde wurden zum zur zwischen
afin alors après au aussi autre aux avec avoir avant bien ce ces cet cette ceux chez combien comme comment contre
dans depuis deux dit donc elle elles encore entre est était été être eux faire fait ils jusque laquelle lequel leur
leurs lors mais même ne ni nous où ou parce pendant peut pourquoi qu quand quel quelle quelles quels qui quoi sans
selon ses sont sous tous une vers vous à
algo ante aunque cada como con contra cual cuál cuáles cuando cuándo cuánto cuántos cómo desde donde dónde él ella
ellos entre esa ese esta está estaba estado este esto fue fueron ha hasta hay mientras mucho muy más nada otra otro
para pero por porque qué que quien quién quiénes según ser sobre sus también tiene todos tras una uno ya
alla anche che chi ci cosa così cui dalla dalle dei della delle dello dopo dove e è ed fra gli ha hanno io loro nel
nella nelle nello non perché però più prima quale quali quando quanti quanto quella quello questa questo sarà senza
sia sono sulla tra tutti uno
ainda antes ao aos às até com como das depois ela ele eles entre essa esse está foi foram há isso já mais mas muito
nas não nem onde ou para pela pelo pelos porque qual quais quando quanto quantos que quem sem seu seus sobre sua
suas também tem uma você
aan bij dat deze dit door een er geen haar hebben heeft het hij hoe hoeveel ik kan maar meer met naar niet nog om
onder ook op uit veel voor waar waarom wanneer waren wat welk welke werd wie wordt zijn zonder
ale aby bez był była było były być czy dla dlaczego gdy gdzie ile jak jaka jaki jakie jako jego jest już kiedy kto
które który która lub między nad nie od oraz po przed przez przy się są tak także tego tym tylko w więc z za że
att av blev då det efter ej eller ett för från hade har hon hur hvad inte jag kan mellan mot med när och om på sedan
sig ska som till upp var vad varför vem vilka vilken vilket är även
bir bu çok daha değil dedi gibi hangi için ile kadar kim mı nasıl ne neden nerede olan olarak oldu şu ve veya ya
"""
"""Of German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish and Turkish, without those that English texts
and the names in them have, too: de, la, die."""
ENGLISH_TOO = frozenset(
    """
    a am an as by can do had has he her him i in is it me no of on or over same so to under up us was we
    """.split()  # noqa: SIM905
)
"""Words of English that others of these languages have, too: they tell nothing."""
SMALL_WORDS = frozenset(_SMALL_WORDS.split())
OURS = FUNCTION_WORDS - ENGLISH_TOO - SMALL_WORDS
OPENING = SMALL_WORDS | frozenset("was die wo des du en il la le les un el de por per da das em per hur var".split())  # noqa: SIM905
"""Words with which a question in another language opens; in the midst of a text some stand in English, too."""
WORD = re.compile(r"[^\W\d_]+")
MOSTLY = 0.5
"""Of its letters: so many are of another alphabet."""
FEWEST = 2
"""Small words of another language; the first word, and a letter that English has not, count as one each beside."""


def is_foreign(text: str) -> bool:
    """Tell whether a text is surely in another language than English.

    >>> is_foreign("Что сказал Лавров?"), is_foreign("Was kostet der neue Kai?"), is_foreign("Qui a signé le traité ?")
    (True, True, True)
    >>> is_foreign("Who was Charles de Gaulle?"), is_foreign("grain deal"), is_foreign("Was Crimea annexed?")
    (False, False, False)
    """
    words = WORD.findall(text)
    letters = "".join(words)
    if sum(not _is_latin(letter) for letter in letters) > MOSTLY * len(letters):
        return True
    small = [word.casefold() for word in words]
    theirs = sum(word in SMALL_WORDS for word in small)
    ours = sum(word in OURS for word in small)
    if theirs and not ours:
        theirs += (small[0] in OPENING) + any(map(_is_accented, words))
    return theirs >= FEWEST and theirs > ours


def _is_accented(word: str) -> bool:
    """Tell whether it is a word, and no name, with letters that English has not."""
    return word[0].islower() and not word.isascii()


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
