"""Text in old encodings, short as articles are: each character as it was written, or a refusal."""

import io
import unicodedata

import pytest

from index.errors import ArticleError
from index.formats.encoding import decode, lines_of
from index.formats.html import read_html

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
    "Romanian": "Primăria a anunţat că oraşul rămâne fără apă încă două zile, după cum a spus şi ministrul.",
    "Hungarian": "A város lakói már harmadik napja víz nélkül élnek, közölte a polgármesteri hivatal főnöke.",
    "Croatian": "Građani su već treći dan bez vode, a popravak će potrajati još dva dana, javlja općina.",
    "Slovak": "Obyvatelia mesta sú už tretí deň bez vody, oznámil starosta, ktorý čaká na ďalšiu pomoc z Košíc.",
    "Lithuanian": "Miesto gyventojai jau trečią dieną gyvena be vandens, pranešė savivaldybė šeštadienį.",
    "Vietnamese": "Người dân thành phố đã ba ngày không có nước, và phải chờ thêm hai ngày nữa, theo chính quyền.",
    "Korean": "시에 따르면 주민들은 사흘째 물을 쓰지 못하고 있으며, 수리에는 이틀이 더 걸릴 것으로 보인다.",
    "Hebrew": "תושבי העיר נותרו בלי מים זה היום השלישי, והתיקון יימשך עוד יומיים, כך הודיעה העירייה.",
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
    "cp1250": ("Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Romanian"),
    "iso8859-2": ("Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Romanian"),
    "cp1257": ("Lithuanian",),
    "cp1258": ("Vietnamese",),
    "cp949": ("Korean",),
    "euc-kr": ("Korean",),
    "cp1255": ("Hebrew",),
    "iso8859-8": ("Hebrew",),
    "cp1254": ("Turkish",),
    "cp1251": ("Russian", "Ukrainian"),
    "koi8-r": ("Russian",),
    "koi8-u": ("Ukrainian",),
    "cp866": ("Russian",),
    "cp1253": ("Greek",),
    "iso8859-7": ("Greek",),
    "euc-jp": ("Japanese",),
    "cp1256": ("Arabic",),
    "gb18030": ("Chinese",),
    "shift_jis": ("Japanese",),
}


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, encoding) for encoding, several in WRITTEN_IN.items() for language in several]
)
def test_one_sentence_is_enough_to_tell_an_old_encoding(language: str, encoding: str) -> None:
    assert decode(written(SENTENCES[language], encoding)) == SENTENCES[language]


def written(text: str, encoding: str) -> bytes:
    """Encode a text; in Windows-1258 as it is typed there: the mark of a tone stands behind its letter."""
    if encoding != "cp1258":
        return text.encode(encoding)
    return "".join(map(_with_its_tone_behind, text)).encode(encoding)


def _with_its_tone_behind(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tones


SHORT = {
    "cp1250": ("Casa mare a fost vândută după război.", "Nu ştim când, a spus el.", "Se întâmplă în Bucureşti."),
    "cp1258": ("Hà Nội hôm nay có mưa.", "Ông nói rằng thỏa thuận đã được ký.", "Nghị sĩ Smith đến Đà Nẵng."),
    "cp949": ("비가 왔다.", "대통령은 NATO 정상회의에 참석한다고 밝혔다.", "곡물 협정이 7월에 끝났다."),
    "cp1255": ("ירד גשם בעיר.", 'נשיא ארה"ב דונלד טראמפ נפגש עם מזכ"ל נאט"ו.', "בשנת 2014 נחתם ההסכם במינסק."),
    "cp1251": ("он сказал, что не знает, когда придут люди.", "снова выпал снег", "На саммите НАТО выступит Путин."),
    "cp1253": ("είπε ότι δεν ξέρει πότε θα έρθουν", "Η βροχή έπεσε στην πόλη."),
    "gb18030": ("昨天下午下雨了。", "北约秘书长访问北京,讨论粮食协议。"),
    "euc-jp": ("昨日の午後、雨が降った。", "大統領は協定に署名しなかった。"),
    "big5": ("昨天下午下雨了,市長說明天還會下。",),
    "cp1252": ("Il va à la gare à midi, à pied, à Paris ou à Lyon.", "Nº 5 de la 3ª avenida; irmãs e irmãos."),
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, several in SHORT.items() for text in several])
def test_a_few_words_are_enough_where_spelling_tells(encoding: str, text: str) -> None:
    assert decode(written(text, encoding)) == text


def test_quotation_marks_tell_the_newer_romanian_encoding() -> None:
    text = "„Nu avem apă”, a spus primarul oraşului. „Aşteptăm două zile”, a adăugat şi vecinul.".translate(
        {ord("ş"): "ș", ord("ţ"): "ț"}
    )
    assert decode(text.encode("iso8859-16")) == text


def test_vietnamese_letters_are_one_character_each_in_rows_and_pages_too() -> None:
    text = SENTENCES["Vietnamese"]
    assert list(lines_of(io.BytesIO(written(f"{text}\n{text}", "cp1258")))) == [f"{text}\n", text]
    page = written(f"<meta charset=windows-1258><title>Tin</title><p>{text}</p>", "cp1258")
    assert read_html("a.html", page)[0].text == text


@pytest.mark.parametrize(
    ("said", "meant", "text"),
    [
        ("euc-kr", "cp949", "똠방각하가 펲시콜라를 마셨다."),
        ("iso-8859-8-i", "iso8859-8", "ירד גשם בעיר."),
        ("gb2312", "gbk", "朱镕基说話"),
    ],
)
def test_a_page_may_name_an_encoding_as_browsers_understand_it(said: str, meant: str, text: str) -> None:
    page = f"<meta charset={said}><title>x</title><p>{text}</p>".encode(meant)
    assert read_html("a.html", page)[0].text == text


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
