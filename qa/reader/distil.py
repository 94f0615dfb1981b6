"""Train a reader by teachers: `python -m qa.reader.distil DRAWN OUT --begin READER.onnx`.

Four teachers, which differ in seed, dropout and cropping, learn from the marks. Then a student that begins as READER
learns what they and READER say, together: each of them is sure of other things that are not so (Furlanello et al.,
Born-Again Neural Networks, 2018). Taken up again where it was left. `OUT/student/reader.npz` is what comes out;
`python -m qa.reader.weights` makes of it what ships.
"""

from qa.reader.drawn import Drawn
from qa.reader.train import Recipe, Training, arguments

TEACHERS = {
    "one": Recipe(seed=1, rate=2e-4, dropped=0.15, cropped=0.0),
    "two": Recipe(seed=2, rate=2e-4, dropped=0.15, cropped=0.5),
    "three": Recipe(seed=3, rate=3e-4, dropped=0.2, cropped=0.5),
    "four": Recipe(seed=4, rate=1.5e-4, dropped=0.1, cropped=0.7),
}
STUDENT = Recipe(seed=12, epochs=6, rate=1.2e-4, dropped=0.1, cropped=0.5, trust=0.8, checkpoints=3)


def main() -> None:
    """Train the teachers, one after the other, and the student."""
    given = arguments(__doc__.split("\n")[0], "the reader that the student begins as")
    drawn = Drawn.load(given.drawn)
    teachers = [given.begin]
    for name, recipe in TEACHERS.items():
        Training(recipe, drawn, given.out / name).run()
        teachers.append(given.out / name / "reader.npz")
    Training(STUDENT, drawn, given.out / "student", teachers=teachers, begin=given.begin).run()


if __name__ == "__main__":
    main()
