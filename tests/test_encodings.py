"""Text in old encodings, short as articles are: each character as it was written, or a refusal."""

import pytest

from index.errors import ArticleError
from index.formats.encoding import decode

SENTENCES = {
    "English": "“We agreed to pay £80 for each ton,” he said — the minister’s first remark since the talks began.",
    "French": "Les négociations ont repris à Genève, où l’on espère un accord avant la fin de l’été, dit-elle.",
    "German": "Der Außenminister erklärte, die Verhandlungen würden im nächsten Frühjahr weitergeführt.",
    "Spanish": "¿Quién pagará la cuenta? Nadie lo sabe todavía, aunque muchos señalan al gobierno español.",
    "Portuguese": "Não há previsão para a votação do acordo, disse o líder da oposição em São Paulo.",
    "Italian": "La città è rimasta senza acqua per più di tre giorni, però nessuno si è lamentato.",
    "Swedish": "Många människor väntar fortfarande på hjälp, säger räddningstjänsten i Västerås.",
    "Danish": "Børnene på øen må vente på færgen, som først sejler igen på lørdag, siger borgmesteren.",
    "Polish": "Minister powiedział, że rozmowy będą kontynuowane w Genewie w przyszłym miesiącu.",
    "Czech": "Žáci se vrátí do škol až v pondělí, protože topení stále nefunguje, řekl ředitel.",
    "Turkish": "Dışişleri Bakanı, görüşmelerin gelecek hafta Cenevre'de süreceğini açıkladı.",
    "Russian": "Жители города третий день остаются без воды, сообщила пресс-служба мэрии.",
    "Ukrainian": "Її слова підтвердили й інші учасники зустрічі, які залишилися в Києві.",
    "Greek": "Οι κάτοικοι της πόλης μένουν χωρίς νερό για τρίτη ημέρα, ανακοίνωσε ο δήμος.",
    "Arabic": "يعيش سكان المدينة بلا ماء لليوم الثالث على التوالي، حسبما أعلنت البلدية.",
    "Chinese": "市政府说,居民已经第三天没有自来水,修理工作还要两天才能完成。",
    "Japanese": "市によると、住民は三日目も水が使えず、修理にはあと二日かかる見込みだ。",
}
WRITTEN_IN = {
    "cp1252": ("English", "French", "German", "Spanish", "Portuguese", "Italian", "Swedish", "Danish"),
    "latin-1": ("German", "Portuguese", "Swedish"),
    "mac_roman": ("French", "Swedish"),
    "cp1250": ("Polish", "Czech"),
    "iso8859-2": ("Polish", "Czech"),
    "cp1254": ("Turkish",),
    "cp1251": ("Russian", "Ukrainian"),
    "koi8-r": ("Russian",),
    "koi8-u": ("Ukrainian",),
    "cp866": ("Russian",),
    "cp1253": ("Greek",),
    "cp1256": ("Arabic",),
    "gb18030": ("Chinese",),
    "shift_jis": ("Japanese",),
}


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, encoding) for encoding, several in WRITTEN_IN.items() for language in several]
)
def test_one_sentence_is_enough_to_tell_an_old_encoding(language: str, encoding: str) -> None:
    assert decode(SENTENCES[language].encode(encoding)) == SENTENCES[language]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("language", SENTENCES)
def test_unicode_is_read_in_each_of_its_forms(language: str, encoding: str) -> None:
    text = f"{SENTENCES[language]} 🌾\n"
    assert decode(text.encode(encoding)) == text


def test_a_name_from_another_language_does_not_change_the_encoding() -> None:
    text = "Mr. Müller met José Núñez at the Café Curaçao; it cost them 80 €, said a waiter."
    assert decode(text.encode("cp1252")) == text


def test_what_stands_behind_megabytes_of_english_is_told_all_the_same() -> None:
    text = "A line of plain English.\n" * 100_000 + "“Non”, a-t-il dit, déjà fâché.\n"
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "data",
    [
        ("Où est-ce ? Là-bas, déjà. " * 20).encode() + b"\xe9",
        "Жители города третий день остаются без воды".encode()[:-1],
        "市政府说居民已经第三天没有自来水".encode().replace("政".encode(), b"\xe6\x94"),
    ],
    ids=["a byte of another encoding", "cut", "a byte lost"],
)
def test_damaged_utf8_is_said_so_and_not_taken_for_another_encoding(data: bytes) -> None:
    with pytest.raises(ArticleError, match="damaged characters: save it anew"):
        decode(data)
