"""A seed -> articles that can be told apart word by word, and the folder that holds them.

Every sentence of an article begins with the article's own token, which names its version too: `n17g3` is article 17 in
its third version. So what is found, and whether it is whole, and of one version, is read from the text alone.
"""

import json
import random
from collections.abc import Mapping
from pathlib import Path

Articles = Mapping[str, str]
"""The text of each article by its id: the path of its file, or `rows.jsonl#key`."""
WORDS = tuple(
    """
    grain veto treaty salt corridor harbour minister ceasefire border pipeline summit embargo tariff harvest convoy
    parliament ballot senate drought glacier reactor orbit vaccine museum orchestra stadium
    """.split()  # noqa: SIM905 - words read better as words
)
ROWS = "rows.jsonl"


def story(number: int, version: int, *, sentences: int = 12) -> str:
    """Return the text of an article: at 12 sentences, two chunks or three."""
    chance = random.Random(f"{number} {version}")
    return " ".join(
        f"N{number}g{version} told the {' '.join(chance.choices(WORDS, k=chance.randint(8, 14)))} once more."
        for _ in range(sentences)
    )


def token(text: str) -> str:
    """Return the token that each sentence of an article begins with."""
    return text.partition(" ")[0].lower()


def articles(count: int) -> dict[str, str]:
    """Return `count` articles, of which the last three are the rows of one file."""
    numbers = range(count)
    return {_name(number, count): story(number, 1) for number in numbers}


def changed(before: Articles, *, version: int = 2) -> dict[str, str]:
    """Return other articles: of each five, one is edited, one is gone, one has moved; as many as are gone are new."""
    after: dict[str, str] = {}
    for number, (name, text) in enumerate(before.items()):
        if number % 5 == 0 or name == f"{ROWS}#2":
            after[name] = story(number, version)
        elif number % 5 == 1:
            after[f"new{number}v{version}.txt"] = story(1000 + number, version)
        elif number % 5 == 2 and ROWS not in name:
            after[f"moved/{version}{Path(name).name}"] = text
        else:
            after[name] = text
    return after


def write(folder: Path, wanted: Articles) -> None:
    """Make `folder` hold these articles and nothing else."""
    files = {name: text for name, text in wanted.items() if "#" not in name}
    rows = {name.partition("#")[2]: text for name, text in wanted.items() if "#" in name}
    if rows:
        files[ROWS] = "\n".join(json.dumps({"id": key, "text": text}) for key, text in rows.items())
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.rglob("*"):
        if file.is_file() and file.relative_to(folder).as_posix() not in files:
            file.unlink()
    for name, said in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text() != said:
            file.write_text(said)


def _name(number: int, count: int) -> str:
    from_the_end = count - number
    return f"{ROWS}#{from_the_end}" if from_the_end <= 3 else f"{'abc'[number % 3]}/{number:04}.txt"
