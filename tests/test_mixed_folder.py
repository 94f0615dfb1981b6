"""A folder of a thousand files in every format, encoding and script, some seventy of them broken: nothing else is lost.

The folder is made here, the same each time. What each article's text must be is what was written, not what was read.
"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from index import build
from index.store import open_store
from tests.conftest import HashingEmbedder
from tests.files import encrypted, mail, pdf, word, zipped

SENTENCES = {
    "English": (
        "“We agreed to pay £80 for each ton,” he said — the minister’s first remark since the talks began.",
        "The café on the corner stayed open, and Ms. O’Neill served the drivers who waited for the ferry.",
        "Prices rose by 3½ per cent in May; the bank’s governor called it “a bump in the road”.",
    ),
    "French": (
        "Les négociations ont repris à Genève, où l’on espère un accord avant la fin de l’été.",
        "La récolte de blé a été très mauvaise, ce qui inquiète les éleveurs de la région.",
        "« Nous n’avons pas cédé », a-t-elle répété devant les députés réunis à l’Assemblée.",
    ),
    "German": (
        "Der Außenminister erklärte, die Verhandlungen würden im nächsten Frühjahr weitergeführt.",
        "Größere Schäden gab es nicht; das Wasser floss über die Felder südlich der Stadt ab.",
        "Für die Bürger ändert sich zunächst nichts, sagte eine Sprecherin der Behörde.",
    ),
    "Russian": (
        "Жители города третий день остаются без воды, сообщила пресс-служба мэрии.",
        "Урожай пшеницы оказался ниже прошлогоднего, однако экспорт сокращать не планируют.",
        "Министр иностранных дел заявил, что переговоры продолжатся на следующей неделе.",
    ),
    "Arabic": (
        "يعيش سكان المدينة بلا ماء لليوم الثالث على التوالي، حسبما أعلنت البلدية.",
        "كان محصول القمح أقل من العام الماضي، لكن الصادرات لن تنخفض.",
    ),
    "Chinese": (
        "市政府说,居民已经第三天没有自来水,修理工作还要两天才能完成。",
        "今年的小麦收成低于去年,但是出口不会减少。",
    ),
    "Emoji": ("Rain 🌧 fell on the wheat 🌾 for three days 👩‍🌾🏽, said the mayor of Łódź, naïvely.",),
}
ENCODINGS = {
    "English": ("utf-8", "utf-8-sig", "utf-16", "cp1252"),
    "French": ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"),
    "German": ("utf-8", "utf-16-le", "cp1252", "latin-1"),
    "Russian": ("utf-8", "utf-8-sig", "utf-16", "koi8-r", "cp1251"),
    "Arabic": ("utf-8", "utf-8-sig", "utf-16-be"),
    "Chinese": ("utf-8", "utf-16", "gb18030"),
    "Emoji": ("utf-8", "utf-8-sig", "utf-16"),
}
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}

Made = tuple[bytes, dict[str, str]]
"""A file, and the text of each article in it by its key: an empty key where the file is one article."""


class Writer:
    """Writes articles, no two alike; what it writes follows from its seed alone."""

    def __init__(self) -> None:
        self.random = random.Random(3)
        self.number = 0

    def sentences(self, language: str) -> list[str]:
        """Return a few sentences, no two alike, as trafilatura may leave out what repeats; the last is of no other."""
        self.number += 1
        chosen = self.random.sample(SENTENCES[language], self.random.randint(1, len(SENTENCES[language])))
        return [*chosen, f"{self.number}, {self.number % 97}, {self.number % 89}."]

    def language(self) -> str:
        return self.random.choice(list(SENTENCES))

    def text(self) -> Made:
        language = self.language()
        encoding = self.random.choice(ENCODINGS[language])
        text = self.random.choice(["\n", "\n\n", " ", "\r\n"]).join(self.sentences(language)) + "\n"
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:  # latin-1 has no typographic quotes
            data, encoding = text.encode("cp1252"), "cp1252"
        return MARKS.get(encoding, b"") + data, {"": text.replace("\r\n", "\n")}

    def markdown(self) -> Made:
        paragraphs = self.sentences(self.language())
        body = f"**{paragraphs[0]}**\n\n" + "\n\n".join(paragraphs[1:])
        return f"---\ntitle: Title {self.number}\n---\n{body}\n".encode(), {"": "\n\n".join(paragraphs)}

    def page(self) -> Made:
        paragraphs = self.sentences(self.language())
        menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/news'>News</a></li></ul></nav>"
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        page = f"<html><head><title>T</title></head><body>{menu}<article>{body}</article></body></html>"
        return page.encode(self.random.choice(["utf-8", "utf-8-sig", "utf-16"])), {"": "\n\n".join(paragraphs)}

    def portable(self) -> Made:
        line = f"Paper {self.number} says that it rained in Odesa on each of three days."
        return pdf(line), {"": line}

    def document(self) -> Made:
        paragraphs = self.sentences(self.language())
        return word(*paragraphs), {"": "\n\n".join(paragraphs)}

    def mail(self) -> Made:
        text = "\n".join(self.sentences(self.language())) + "\n"
        return mail(text).as_bytes(), {"": text}

    def rows(self) -> Iterator[tuple[str, str]]:
        for row in range(self.random.randint(1, 3)):
            yield f"r{row}", " ".join(self.sentences(self.language()))

    def lines(self) -> Made:
        rows = dict(self.rows())
        lines = (json.dumps({"id": key, "text": text}, ensure_ascii=len(key) % 2 == 1) for key, text in rows.items())
        return "\n".join(lines).encode(), rows

    def json(self) -> Made:
        rows = dict(self.rows())
        said = {"articles": [{"id": key, "content": text, "title": "T"} for key, text in rows.items()]}
        return json.dumps(said, ensure_ascii=False).encode("utf-8-sig"), rows

    def table(self) -> Made:
        rows = dict(self.rows())
        lines = ["id;text", *(f'{key};"{text}"' for key, text in rows.items())]
        return "\r\n".join(lines).encode(), rows

    def feed(self) -> Made:
        rows = dict(self.rows())
        entries = "".join(
            f'<item><guid isPermaLink="false">{key}</guid><description>{text}</description></item>'
            for key, text in rows.items()
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{entries}</channel></rss>'.encode(), rows

    def archive(self) -> Made:
        (one, text), (many, rows) = self.text(), self.lines()
        return zipped({"a.txt": one, "b/c.jsonl": many}), {
            "a.txt": text[""],
            **{f"b/c.jsonl#{key}": row for key, row in rows.items()},
        }


def good(folder: Path, count: int) -> dict[str, str]:
    """Write `count` files; return the text of each article by its id."""
    writer = Writer()
    kinds: list[tuple[str, Callable[[], Made]]] = [
        *[(".txt", writer.text)] * 4,
        *[(".md", writer.markdown)] * 2,
        *[(".html", writer.page)] * 2,
        *((".pdf", writer.portable), (".docx", writer.document), (".eml", writer.mail), (".jsonl", writer.lines)),
        *((".json", writer.json), (".csv", writer.table), (".rss", writer.feed), (".zip", writer.archive)),
    ]
    texts: dict[str, str] = {}
    for number in range(count):
        suffix, make = kinds[number % len(kinds)]
        path = f"{('', 'below/', 'ниже/ещё/', '下面/')[number % 4]}{number}{suffix}"
        data, articles = make()
        put(folder, path, data)
        texts |= {f"{path}#{key}" if key else path: text for key, text in articles.items()}
    return texts


def put(folder: Path, path: str, data: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)


def several(suffix: str, *data: bytes) -> dict[str, bytes]:
    return {f"bad/{number}{suffix}": each for number, each in enumerate(data)}


def broken(folder: Path) -> tuple[set[str], dict[str, str]]:
    """Write some seventy files, broken wholly or in part: the failures, and the text that stands beside them."""
    french = "Où est-ce ? Là-bas, déjà fâché. ".encode() * 9
    bomb = zipped({"word/document.xml": b"\0" * (65 * 2**20)})
    klingon = b"Subject: A\nContent-Type: text/plain; charset=klingon\n\nabc"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">]><rss version="2.0"><channel/></rss>'
    program = bytes(range(256)) * 20
    files = {
        **several(
            ".txt", b"", b" \n\t\n", b"\xef\xbb\xbf", program, b"It\0rained.", french + b"\xff", french[:-2] + b"\xc3"
        ),
        **several(".markdown", b"\xff\xfeI\0t", b"\x89PNG\r\n\x1a\n\0", b"PK\x03\x04\0\0", b"%PDF\0"),
        **several(
            ".md", b"", b"---\ntitle: [\n---\nText.", b"---\ntitle: x\n---\n", b"> " * 200 + b"Text.", b"[" * 20_000
        ),
        **several(".html", b"", b"<script>x</script>", b"<div>" * 5_000, program, b"<br>" * 100_001, b"<body></body>"),
        **several(".htm", b"<!-- x -->"),
        **several(".pdf", b"", b"%PDF-1.4\n", pdf(""), pdf("It rained.")[:60], program),
        **several(".docx", b"", word("It rained.")[:400], zipped({"x.xml": "<x/>"}), program, bomb),
        **several(".eml", b"", b"Just words.\n", b"Subject: A\n\n", program, klingon),
        **several(".json", b"", b"{", b"[]", b"3", b'["x"]', b"[" * 100_000, program),
        **several(".csv", b"", b"name,age\nAda,36\n", program),
        **several(".jsonl", b"", b'{"name": "Ada"}\n', program),
        **several(".xml", b"", b"<html><p>x</p></html>", b"<a>" * 9, program),
        **several(".rss", laughs, b'<rss version="2.0"><channel><item><title>A</title></item></channel></rss>'),
        **several(".zip", b"", zipped({}), zipped({"x.jpg": "x"}), program),
        **{f"bad/old{suffix}": b"x" for suffix in (".doc", ".odt", ".rtf", ".epub")},
    }
    for path, data in files.items():
        put(folder, path, data)
    (folder / "bad/link.txt").symlink_to(folder / "0.txt")
    parts: dict[str, tuple[bytes, dict[str, str], set[str]]] = {
        "part/a.jsonl": (b'{"text": "A."}\n{"text": \n{"text": "C."}', {"#1": "A.", "#3": "C."}, {"#2"}),
        "part/b.zip": (
            zipped({"a.txt": "It rained.", "b.json": "{", "c.zip": zipped({"x.txt": "x"}), "d.txt": ""}),
            {"#a.txt": "It rained."},
            {"#b.json", "#c.zip", "#d.txt"},
        ),
        "part/c.zip": (
            encrypted(zipped({"a.txt": "It rained.", "b.txt": "It stopped."})),
            {"#b.txt": "It stopped."},
            {"#a.txt"},
        ),
    }
    failed = {*files, "bad/link.txt"}
    texts: dict[str, str] = {}
    for path, (data, kept, lost) in parts.items():
        put(folder, path, data)
        texts |= {f"{path}{key}": text for key, text in kept.items()}
        failed |= {f"{path}{key}" for key in lost}
    return failed, texts


def test_of_a_thousand_files_every_failure_is_named_and_nothing_else_is_lost(tmp_path: Path) -> None:
    folder, embedder = tmp_path / "articles", HashingEmbedder()
    failed, texts = broken(folder)
    count = 1_000 - sum(1 for place in folder.rglob("*") if not place.is_dir())
    texts |= good(folder, count)
    report = build(folder, store=tmp_path / "store", embedder=embedder)
    assert {failure.path for failure in report.failed} == failed
    assert all(" " in failure.reason for failure in report.failed)
    assert (report.added, report.changed, report.removed, report.unchanged) == (len(texts), 0, 0, 0)
    with open_store(str(tmp_path / "store")).snapshot(embedder.fingerprint) as snapshot:
        assert {article.id: article.text for article in snapshot.articles()} == texts
    again = build(folder, store=tmp_path / "store", embedder=embedder)
    assert (again.added, again.changed, again.removed, again.unchanged) == (0, 0, 0, len(texts))
    assert {failure.path for failure in again.failed} == failed
