"""Training the reader: what is drawn is what is learned from, cropping cuts no answer, a run can be taken up again."""

import random
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the reader is trained with torch")

import torch

from index.minilm import vocabulary
from index.records import Span
from qa.reader import __main__ as make
from qa.reader import cross
from qa.reader.both import Both
from qa.reader.cross import Group, Groups, in_tensors, loss_of
from qa.reader.draw import Drawing
from qa.reader.drawn import Drawn
from qa.reader.examples import Example, turn
from qa.reader.network import Network, working_type
from qa.reader.pairs import Mix, Pair, Pairs
from qa.reader.rewording import of_people
from qa.reader.smooth import largest_inputs
from qa.reader.train import Recipe, Texts, Training, auc, batches, save
from qa.reader.weights import load

DIMENSION = 24
TABLES = {"words": 120, "places": 40, "types": 2}
ANSWER = 50
"""The word that answers every question."""


def pair(number: int, *, answered: bool = True) -> Pair:
    """Return a pair whose passage is of words 60 to 99, with the one that answers among them, or not."""
    rng = np.random.default_rng(number)
    passage = rng.integers(60, 100, 20)
    if answered:
        passage[10] = ANSWER
    passage = np.append(passage, 102)  # what closes a text
    spans = np.stack([np.arange(21), np.arange(21) + 1], axis=1)
    spans[-1] = 0
    answers = (Span(10, 11),) if answered else ()
    example = Example("?", "".join(chr(65 + each % 26) for each in passage[:-1]), answers, "")
    marks = (10,) if answered else ()
    return Pair(example, np.array([101, *rng.integers(20, 40, 4), 102]), passage, spans, marks, marks)


def weights() -> dict[str, np.ndarray]:
    """Return a network of one layer and random numbers."""
    rng = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {f"{name}.weight": (rows, DIMENSION) for name, rows in TABLES.items()}
    for name, (out, into) in {"look": (3, 1), "seen": (1, 1), "wide": (2, 1), "narrow": (1, 2)}.items():
        shapes |= {f"layers.0.{name}.weight": (out * DIMENSION, into * DIMENSION)}
        shapes |= {f"layers.0.{name}.bias": (out * DIMENSION,)}
    found = {name: rng.normal(0, 0.1, shape).astype(np.float32) for name, shape in shapes.items()}
    for name in ("first", "layers.0.seen_norm", "layers.0.narrow_norm"):
        found |= {f"{name}.weight": np.ones(DIMENSION, np.float32), f"{name}.bias": np.zeros(DIMENSION, np.float32)}
    return found


def drawn() -> Drawn:
    drawing = Drawing()
    epochs = [drawing.rows([pair(100 * epoch + n, answered=n % 3 > 0) for n in range(96)]) for epoch in range(2)]
    judged = {"all": drawing.judged([pair(1000 + number, answered=number % 2 > 0) for number in range(20)])}
    return drawing.drawn(epochs, judged, weights())


def said_by(command: list[str]) -> str:
    """Return what a command prints."""
    return subprocess.check_output(command, text=True)


def test_what_is_drawn_is_read_as_it_was_written(tmp_path: Path) -> None:
    before = drawn()
    before.save(tmp_path / "drawn.npz")
    after = Drawn.load(tmp_path / "drawn.npz")
    assert [after.questions[n].tolist() for n in range(3)] == [before.questions[n].tolist() for n in range(3)]
    assert len(after.epochs) == 2
    assert (after.epochs[1].marks == before.epochs[1].marks).all()
    assert after.judged["all"].passages == list(before.judged["all"].passages)
    assert after.base.keys() == before.base.keys()


@pytest.mark.parametrize("cropped", [0.0, 1.0])
def test_the_words_that_answer_are_wanted_in_a_batch_cropped_or_whole(cropped: float) -> None:
    torch.manual_seed(1)
    given = drawn()
    texts, rows = Texts(given, "cpu"), given.epochs[0]
    batch = texts.batch(rows, np.arange(96), cropped)
    for number, (ids, wanted) in enumerate(zip(batch.ids, batch.wanted, strict=True)):
        said = [ids[wanted[:, side]].tolist() for side in (0, 1)]
        assert said == ([[ANSWER]] * 2 if number % 3 else [[101]] * 2)
        assert bool(batch.answered[number]) == bool(number % 3)
    lengths = batch.there.sum(dim=1)
    assert (lengths < 27).any() == bool(cropped)
    assert lengths.max() <= 27
    assert not batch.allowed[:, 1:6].any(), "no answer lies in the question"


def test_how_large_the_inputs_of_a_layer_get_is_the_mean_over_texts() -> None:
    given = drawn()
    texts, network = Texts(given, "cpu"), Network(weights())
    some = [texts.batch(given.epochs[0], np.array([number])) for number in range(3)]
    found = largest_inputs(network, some)
    assert {name: len(values) for name, values in found.items()} == {
        "layers.0.look": DIMENSION,
        "layers.0.seen": DIMENSION,
        "layers.0.wide": DIMENSION,
        "layers.0.narrow": 2 * DIMENSION,
    }
    places = network.places.weight[: some[0].ids.shape[1]]
    states = [network.first(network.words(one.ids) + places + network.types(one.kinds))[0] for one in some]
    wanted = torch.stack([one.abs().amax(dim=0) for one in states]).mean(dim=0)
    assert found["layers.0.look"] == pytest.approx(wanted.detach().numpy(), rel=1e-4)


def test_batches_hold_every_row_once_and_no_more_than_their_tokens() -> None:
    lengths = np.random.default_rng(0).integers(5, 90, 300)
    found = list(batches(lengths, 400))
    assert sorted(np.concatenate(found).tolist()) == list(range(300))
    assert all(len(rows) * lengths[rows].max() <= 400 for rows in found)


def test_a_run_learns_and_is_taken_up_again_where_it_was_left(tmp_path: Path) -> None:
    recipe = Recipe(epochs=15, tokens=800, rate=3e-3, faster=1.0, dropped=0.0, checkpoints=3, averaged=0.9)
    whole = Training(recipe, drawn(), tmp_path / "whole")
    whole.run()
    figures = (tmp_path / "whole" / "curve.jsonl").read_text().splitlines()
    assert len(figures) == 3
    assert '"exact": 1.0' in figures[-1]
    assert '"AUC of the span": 1.0' in figures[-1]

    stopped = Training(recipe, drawn(), tmp_path / "parts")
    learn, kept = stopped._learn, stopped._keep

    def keep_and_stop() -> None:
        kept()
        raise KeyboardInterrupt

    stopped._keep = keep_and_stop  # type: ignore[method-assign]
    assert learn is not None
    with pytest.raises(KeyboardInterrupt):
        stopped.run()
    again = Training(recipe, drawn(), tmp_path / "parts")
    assert 0 < again.step < again.steps
    again.run()
    assert again.step == whole.step
    assert len((tmp_path / "parts" / "curve.jsonl").read_text().splitlines()) == 3


def test_a_student_learns_what_its_teacher_says_without_any_mark(tmp_path: Path) -> None:
    recipe = Recipe(epochs=15, tokens=800, rate=3e-3, faster=1.0, dropped=0.0, checkpoints=1, averaged=0.9)
    Training(recipe, drawn(), tmp_path / "teacher").run()
    unmarked = drawn()
    epochs = [replace(rows, marks=np.full_like(rows.marks, -1)) for rows in unmarked.epochs]
    student = Training(
        replace(recipe, trust=1.0),
        replace(unmarked, epochs=epochs),
        tmp_path / "student",
        teachers=[tmp_path / "teacher" / "reader.npz"],
    )
    student.run()
    assert '"exact": 1.0' in (tmp_path / "student" / "curve.jsonl").read_text()
    assert load(tmp_path / "student" / "reader.npz").keys() >= weights().keys()


def test_one_network_learns_to_mark_words_and_to_tell_sentences_apart(tmp_path: Path) -> None:
    class Sentences:
        def drawn(self, number: int) -> list[Group]:
            rng = np.random.default_rng(number)
            return [self.one(rng, answered=place % 4 > 0) for place in range(24)]

        def one(self, rng: np.random.Generator, *, answered: bool) -> Group:
            texts = [np.append(rng.integers(60, 100, 8), 102) for _ in range(3)]
            if answered:
                texts[1][4] = ANSWER
            question = np.array([101, *rng.integers(20, 40, 4), 102])
            return Group(question, texts, [False, answered, False])

    recipe = Recipe(epochs=40, tokens=800, rate=3e-3, faster=1.0, dropped=0.0, checkpoints=1, averaged=0.9)
    save(Network(weights()), tmp_path / "begin.npz")
    groups = Sentences()
    run = Both(recipe, drawn(), tmp_path / "out", groups, tmp_path / "begin.npz")  # type: ignore[arg-type]
    run.run()
    assert '"exact": 1.0' in (tmp_path / "out" / "curve.jsonl").read_text()
    unseen = groups.drawn(10_000)
    with torch.no_grad():
        assert float(loss_of(run.averaged.eval()(in_tensors(unseen))[1], unseen)) < 0.3


def test_what_is_held_still_learns_nothing(tmp_path: Path) -> None:
    given = drawn()
    run = Training(Recipe(epochs=1, tokens=800, rate=3e-3, still=1, checkpoints=1), given, tmp_path)
    before = {name: values.clone() for name, values in run.exact.state_dict().items()}
    run.run()
    moved = {name for name, values in run.exact.state_dict().items() if not torch.equal(values, before[name])}
    assert {name.partition(".")[0] for name in moved} == {"ends", "pooled", "answers"}


@pytest.mark.parametrize(("native", "wanted"), [(True, torch.bfloat16), (False, torch.float32)])
def test_layers_learn_in_bfloat16_only_where_the_processor_reckons_in_it(
    monkeypatch: pytest.MonkeyPatch, *, native: bool, wanted: torch.dtype
) -> None:
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: native)
    assert working_type("cpu") == wanted


def test_a_group_has_a_sentence_of_each_of_several_other_passages() -> None:
    own = Example("Who sank the Aurora?", "The Aurora was old. A storm sank her.", (Span(20, 27),), "")
    near = ["Nobody sank the Bella. She was sold.", "The Clio burnt. Who knows why?", "A pilot sank the Dora."]
    for elsewhere in (1, 3):
        recipe = cross.Recipe(elsewhere=elsewhere, alike=1.0, bare=1.0)
        (group,) = Groups(recipe, [(own, near)], ()).drawn(0)
        said = [vocabulary().tokenizer.decode(ids.tolist()) for ids in group.texts]
        assert len(said) == len(group.answers) == 2 + elsewhere
        assert group.answers.count(True) == 1
        of_others = {"nobody sank the bella.", "who knows why?", "the clio burnt.", "a pilot sank the dora."}
        assert len(of_others.intersection(said)) == elsewhere


def test_no_sentence_answers_a_group_whose_question_is_turned() -> None:
    own = Example(
        "Which ship was the first to sink?", "The Aurora was the first to sink. Who cared?", (Span(4, 10),), ""
    )
    for turned in (0.0, 1.0):
        (group,) = Groups(cross.Recipe(turned=turned), [(own, [])], ()).drawn(0)
        assert ("last" in vocabulary().tokenizer.decode(group.question.tolist())) is bool(turned)
        assert any(group.answers) is not bool(turned)


def test_auc_is_how_often_what_is_there_is_surer() -> None:
    assert auc([True, False, True, False], [4.0, 3.0, 2.0, 1.0]) == 0.75


def test_what_is_done_is_passed_over_when_the_reader_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []

    def run(command: list[str], *, check: bool) -> None:
        assert check
        called.append(command[2:])
        if len(called) == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sys.argv", ["qa.reader", "data", str(tmp_path)])
        patched.setattr("subprocess.run", run)
        with pytest.raises(KeyboardInterrupt):
            make.main()
        make.main()
    names = ["draw", "draw", "cross", "both", "both", "smooth"]
    assert [command[0] for command in called] == [f"qa.reader.{name}" for name in (*names[:4], *names[3:])]
    assert called[3] == called[4], "the step that was cut off goes on"
    for step in make.steps(Path("data"), tmp_path):
        said = said_by([*step.command[:3], "--help"])
        assert all(str(option) in said for option in step.given if str(option).startswith("--"))


def test_an_epoch_has_the_latest_examples_of_ours_more_often_than_the_others() -> None:
    pairs = object.__new__(Pairs)
    pairs.written = [Example(str(n), "", (), "") for n in range(100)]
    pairs.mined_of_written = [[str(n)] for n in range(100)]
    pairs.mix = Mix(written=0.5, latest=2, of_latest=3)
    drawn = [(int(example.question), near) for example, near in pairs.drawn_of_written(random.Random(1))]
    assert all(near == [str(number)] for number, near in drawn)
    times = Counter(number for number, _ in drawn)
    assert (times[98], times[99]) == (3, 3)
    assert 30 < len(drawn) - 6 < 70
    assert max(times[number] for number in range(98)) == 1


def test_people_are_asked_for_where_a_passage_says_how_many_soldiers() -> None:
    def asked(question: str, *answers: Span) -> set[str]:
        example = Example(question, "Of the army, 40 soldiers and 3 men in white fell.", answers, "")
        return {of_people(example, random.Random(seed), 0.5).question for seed in range(20)}

    soldiers = "How many army soldiers fell?"
    assert asked(soldiers, Span(13, 24)) == {soldiers, "How many people fell?"}
    assert asked(soldiers) == {soldiers}, "its passage does not answer"
    assert asked("How many men fell?", Span(29, 34)) == {"How many men fell?"}, "of these there may be others beside"


def test_a_turned_question_asks_for_the_opposite_of_which_its_passage_does_not_speak() -> None:
    passage = "The Aurora was the first ship to sink, in 1901. The largest was the Bella."

    def turned(question: str) -> str | None:
        example = turn(Example(question, passage, (Span(42, 46),), ""), random.Random(1))
        assert example is None or not example.answers
        return example.question if example else None

    assert turned("When did the first ship sink?") == "When did the last ship sink?"
    assert turned("Which was the smallest ship?") == "Which was the biggest ship?"
    assert turned("Was the Aurora the first ship?") is None, "yes or no answers both"
    assert turned("When did the last ship sink?") is None, "the first stands there"
    assert turned("When did the Aurora sink?") is None
