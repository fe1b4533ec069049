"""Candidates for shortcuts, and what is none."""

import numpy as np
import pytest
from scipy.stats import t as student

from limelight.training.alarms import ERROR, RISE, shortcuts, validation_of
from limelight.training.drift import shares, signed_shares
from limelight.training.evidence import Evidence, gathered, lane, names_of

STEPS = np.array([0, 10, 20, 30])
FLAT = [(0, 0.9), (10, 0.905), (20, 0.895), (30, 0.9)]


def rising(*rises, start=0.1):
    return Evidence(tuple(range(len(rises))), start + np.outer([0, 0, 1, 1], rises))


def test_a_net_share_that_rises_while_validation_is_flat_is_said():
    [alarm] = shortcuts({"tuesday": rising(0.3, 0.32, 0.28, 0.31, 0.29)}, STEPS, "eval_accuracy", FLAT)
    assert (alarm.feature, alarm.from_step, alarm.to_step, alarm.examples) == ("tuesday", 0, 30, 5)
    assert (alarm.from_share, alarm.to_share) == pytest.approx((0.1, 0.4))
    assert alarm.said == ("'tuesday' came to speak for the target with 40% of the evidence in 5 examples at step 30, "
                          "from 10% at step 0, while eval_accuracy did not rise: it may be a shortcut.")


def test_a_rise_that_is_gone_at_the_next_evaluation_is_none():
    gone = Evidence(tuple(range(5)), 0.1 + np.outer([0, 0.3, 0, 0.3], np.ones(5)))
    assert shortcuts({"tuesday": gone}, STEPS, "eval_accuracy", FLAT) == []


def test_what_was_evidence_before_has_to_double_its_share():
    rises = (0.3, 0.32, 0.28, 0.31, 0.29)
    for start, found in ((0.2, 1), (0.35, 0)):
        assert len(shortcuts({"good": rising(*rises, start=start)}, STEPS, "eval_accuracy", FLAT)) == found


def test_what_came_up_while_validation_rose_has_to_rise_by_more_than_that_since():
    steps, better = np.array([0, 10, 20, 30, 40]), [(0, 0.5), (10, 0.9), (20, 0.91), (30, 0.91), (40, 0.91)]
    spread = np.array([-0.02, 0.02, -0.01, 0.01, 0.0])
    for before, found in ((-0.3, 0), (-0.1, 0), (0.0, 1), (0.08, 1)):
        share = np.array([before, 0.08, 0.1, 0.25, 0.25])[:, None] + spread * np.array([0, 0, 1, 1, 1])[:, None]
        evidence = {"good": Evidence(tuple(range(5)), share)}
        assert len(shortcuts(evidence, steps, "eval_accuracy", better)) == found


def test_what_speaks_now_for_the_target_and_now_against_it_is_none():
    values = [np.array([[0.0, 1], [0, 1], [side, 1], [side, 1]]) for side in (1, -1, 1, -1, 1, -1)]
    names = [["word", "other"]] * 6
    found = gathered(names, values, signed_shares)
    assert found["word"].shares[2].tolist() == [0.5, -0.5] * 3
    assert shortcuts(found, STEPS, "accuracy", FLAT) == []
    assert [each.feature for each in shortcuts(gathered(names, values, shares), STEPS, "accuracy", FLAT)] == ["word"]


def test_of_one_target_for_all_a_shortcut_may_speak_against_it():
    evidence = {"tuesday": rising(-0.3, -0.32, -0.28, -0.31, -0.29, start=0.0)}
    assert shortcuts(evidence, STEPS, "accuracy", FLAT) == []
    [alarm] = shortcuts(evidence, STEPS, "accuracy", FLAT, both=True)
    assert alarm.to_share == pytest.approx(-0.3) and "against the target with 30% of the evidence" in alarm.said
    turned = rising(-0.7, -0.72, -0.68, -0.71, -0.69, start=0.1)
    [alarm] = shortcuts({"tuesday": turned}, STEPS, "accuracy", FLAT, both=True)
    assert "against the target with 60% of the evidence" in alarm.said and "from 10% the other way" in alarm.said


def test_what_comes_with_better_validation_is_none():
    better = [(0, 0.5), (10, 0.6), (20, 0.9), (30, 0.95)]
    assert shortcuts({"good": rising(0.3, 0.32, 0.28, 0.31, 0.29)}, STEPS, "eval_accuracy", better) == []
    for metric, falls in (("eval_loss", True), ("eval_rmse", True), ("wer", True), ("eval_power", False)):
        points = [(step, -value if falls else value) for step, value in better]
        assert shortcuts({"good": rising(0.3, 0.32, 0.28, 0.31, 0.29)}, STEPS, metric, points) == []


def test_the_limit_is_students_at_a_level_shared_by_features_and_evaluations():
    rises = np.array([0.2, 0.32, 0.25, 0.35, 0.22])
    for among in (1, 2000):
        evidence = {"a": rising(*rises, start=0.0), **{str(i): rising(0, 0, 0, 0, 0) for i in range(among - 1)}}
        level = ERROR / (among * 3 * 4)
        least = rises.mean() - student.isf(level, 4) * rises.std(ddof=1) / np.sqrt(5)
        found = shortcuts(evidence, STEPS, "accuracy", FLAT)
        assert bool(found) == (least > RISE) and bool(found) == (among == 1)


def test_noise_alarms_in_no_more_than_the_share_of_trainings_that_is_said():
    rng = np.random.default_rng(0)
    points = [(int(step), 0.9) for step in range(10)]
    alarms = 0
    for _ in range(300):
        # Each share wanders about one mean rise of exactly RISE, the worst there is without being one.
        drawn = {str(i): Evidence(tuple(range(6)), np.vstack([np.zeros(6), rng.normal(RISE, 0.05, (9, 6))]))
                 for i in range(5)}
        alarms += bool(shortcuts(drawn, np.arange(10), "accuracy", points))
    assert alarms / 300 <= ERROR


def test_features_of_few_examples_tell_nothing():
    assert shortcuts({"tuesday": rising(0.4, 0.4, 0.4, 0.4)}, STEPS, "accuracy", FLAT) == []


@pytest.mark.parametrize(("names", "found"), [
    (["loss", "accuracy", "eval_loss", "eval_accuracy", "eval_f1"], "eval_accuracy"), (["loss", "val_f1"], "val_f1"),
    (["loss", "accuracy"], "accuracy"), (["loss", "eval_loss"], "eval_loss"), (["loss", "learning_rate"], None),
    (["train_acc", "val_loss", "val_acc"], "val_acc"), (["train_accuracy", "val/Acc"], "val/Acc"),
    (["loss", "train_accuracy"], None), (["dev_f1", "dev_mcc"], "dev_f1"), (["eval_vaccines", "eval_mcc"], "eval_mcc"),
    (["interval_f1"], "interval_f1"), (["loss", "eval_recall"], "eval_recall")])
def test_the_metric_that_tells_of_validation_is_known_by_its_name(names, found):
    assert validation_of(names) == found


def test_shares_are_gathered_by_word_and_add_up_to_one():
    values = [np.array([[1.0, -1, 2], [0, 0, 4]]), np.array([[3.0, 1], [1, 1]])]
    evidence = gathered([["a", "b", "a"], ["b", "c"]], values)
    assert evidence["a"].shares.tolist() == [[0.75], [1]] and evidence["b"].examples == (0, 1)
    names, shares = lane(evidence, 2, 3)
    assert names[0] == "a" or names[0] == "b"
    assert shares.sum(1) == pytest.approx([1, 1])
    assert shares[:, names.index("b")] == pytest.approx([(0.25 + 0.75) / 2, (0 + 0.5) / 2])


def test_regions_of_pictures_that_are_cut_alike_have_one_name_and_others_none_in_common():
    features = ["segment 0", "segment 1"]
    assert names_of("image", 4, features, alike=True) == features
    assert names_of("image", 4, features, alike=False) == ["segment 0 of picture 5", "segment 1 of picture 5"]
    assert names_of("text", 4, ["Good"], alike=False) == ["good"]
