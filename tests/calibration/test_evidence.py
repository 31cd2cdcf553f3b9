"""The probability of everything asked, from named pieces of evidence."""

import numpy as np
import pytest

from search.calibration.evidence import EVIDENCE, Found, chance_met, fit, gathered, log_odds, probabilities
from search.schema import Aspect, Verdict

COLOUR, KIND = Aspect("colour", "blue", ("colours:blue",), ("blue",)), Aspect("kind", "mug", ("kinds:mug",))
PHOTO = Aspect("kind", "mug", source="photo")


def found(size=1, **more):
    zeros = np.zeros(size)
    given = {
        "likeness": np.full(size, 0.5),
        "shares": np.ones(size),
        "checked": zeros,
        "refined": zeros,
        "second": zeros,
        "named": zeros > 0,
    }
    return Found(**(given | more))


def evidence(verdicts, **more):
    (row,) = gathered(found(**more), [verdicts])
    return {name: value for name, value in zip(EVIDENCE, row.tolist(), strict=True) if value}


def said(state, source="catalog", aspect=KIND, found="", certainty=1.0):
    return Verdict(aspect, state, found, source, certainty)


def test_everything_met_by_the_catalog_is_evidence_and_one_denial_undoes_it():
    assert evidence({"kind": said("met"), "colour": said("met", aspect=COLOUR, found="Blue")}) == {"bias": 1, "met": 1}
    assert evidence({"kind": said("met"), "colour": said("not met", aspect=COLOUR)}) == {"bias": 1, "denied": 1}
    assert evidence({"kind": said("nearly")}) == {"bias": 1, "nearly": 1, "nearly_kind": 1}
    assert evidence({"colour": said("nearly", aspect=COLOUR)}) == {"bias": 1, "nearly": 1}


def test_likeness_and_the_photos_kind_count_otherwise_where_all_is_met():
    more = {"likeness": np.array([0.8]), "kind": np.array([0.2]), "kind_open": np.array([False])}
    met = evidence({"colour": said("met", aspect=COLOUR, found="blue")}, **more)
    assert met == {"bias": 1, "met": 1, "likeness_met": pytest.approx(np.log(4)), "kind": pytest.approx(-np.log(4)),
                   "kind_met": pytest.approx(-np.log(4))}  # fmt: skip
    denied = evidence({"colour": said("not met", aspect=COLOUR)}, **more)
    assert denied == {"bias": 1, "denied": 1, "likeness": pytest.approx(np.log(4)), "kind": pytest.approx(-np.log(4))}


def test_a_narrower_colour_and_what_only_a_text_says_are_told_apart():
    navy = {"colour": said("met", aspect=COLOUR, found="Navy blue")}
    assert evidence(navy) == {"bias": 1, "met": 1, "narrower": 1}
    titled = {"colour": said("met", "text", aspect=COLOUR, found="navy")}
    assert evidence(titled) == {"bias": 1, "met": 1, "by_text": 1, "narrower": 1}
    assert "narrower" not in evidence({"colour": said("met", "text", aspect=COLOUR, found="蓝色")}), (
        "the same in Chinese"
    )
    both = {"kind": said("met", "text"), "colour": said("met", aspect=COLOUR, found="blue")}
    assert evidence(both) == {"bias": 1, "met": 1, "by_text": 0.5}


def test_words_that_are_lacking_leave_not_all_met_and_unknown_ones_count_by_themselves():
    assert evidence({"kind": said("met")}, shares=np.array([0.75])) == {"bias": 1, "lacking": 0.25}
    assert evidence({"kind": said("met")}, unknown=2) == {"bias": 1, "met": 1, "unknown": 1}, "what is known is met"
    assert evidence({}, unknown=1) == {"bias": 1, "unknown": 1, "unasked": 1}


def test_further_words_that_a_product_has_all_are_evidence_and_those_it_lacks_too():
    assert evidence({}, further=True) == {"bias": 1, "unasked": 1, "had": 1}
    assert evidence({}, further=True, shares=np.array([0.5])) == {"bias": 1, "unasked": 1, "lacking": 0.5}
    assert evidence({"kind": said("nearly")}, refined=np.array([-2.5])) == {
        "bias": 1, "nearly": 1, "nearly_kind": 1, "refined": -2.5,
    }  # fmt: skip


def test_how_far_the_best_product_stands_above_counts_where_not_all_is_met():
    more = {"likeness": np.array([0.2]), "best": 0.8}
    assert evidence({}, **more)["below"] == pytest.approx(2 * np.log(4)), "log(.8 / .2) - log(.2 / .8)"
    assert "below" not in evidence({"kind": said("met")}, **more)
    assert "below" not in evidence({}, likeness=np.array([0.9]), best=0.8), "it is the best itself"


def test_what_the_model_sees_counts_by_its_log_odds_and_what_it_cannot_see_is_open():
    seen = evidence({"kind": said("met", "model", certainty=0.9), "colour": said("unknown", "", aspect=COLOUR)})
    assert seen == {"bias": 1, "seen": pytest.approx(np.log(9)), "open": 2, "unseen": 1}
    assert chance_met(said("not met", "model", certainty=0.9)) == pytest.approx(0.1)
    assert chance_met(said("unknown", "model", certainty=0.3)) == 0.3


def test_the_photos_kind_counts_by_its_probability_not_by_its_verdict():
    row = evidence(
        {"kind": said("not met", aspect=PHOTO)}, kind=np.array([0.2]), kind_open=np.array([False]), worded=False
    )
    assert row == {"bias": 1, "kind": pytest.approx(np.log(0.25))}
    row = evidence({}, kind=np.array([0.8]), kind_open=np.array([True]), worded=False)
    assert row == {"bias": 1, "kind_seen": pytest.approx(np.log(4)), "kind_open": 1}


def test_a_product_that_is_named_is_told_from_all_others():
    rows = gathered(found(2, named=np.array([True, False]), naming=True), [{"kind": said("met")}] * 2)
    at = [EVIDENCE.index("named"), EVIDENCE.index("unnamed")]
    assert rows[:, at].tolist() == [[1, 0], [0, 1]]
    assert rows[:, EVIDENCE.index("met")].tolist() == [1, 1]


def test_log_odds_are_bounded():
    assert log_odds(np.array([0.0, 0.5, 1.0]), 6).tolist() == pytest.approx([-6, 0, 6])


def test_of_no_hits_there_is_no_evidence():
    assert gathered(found(0), []).shape == (0, len(EVIDENCE))


def test_weights_are_found_again_and_few_hits_leave_the_prior():
    rng = np.random.default_rng(0)
    rows = np.zeros((20_000, len(EVIDENCE)))
    rows[:, 0], rows[:, 1] = 1, rng.uniform(-4, 4, len(rows))
    likely = probabilities(rows, {"bias": -1.0, "likeness": 0.8})
    assert likely[0] == pytest.approx(1 / (1 + np.exp(1 - 0.8 * rows[0, 1])))
    again = fit(rows, rng.random(len(rows)) < likely, {"met": 2.0})
    assert (again["bias"], again["likeness"], again["met"]) == pytest.approx((-1, 0.8, 2), abs=0.06)
    few = fit(rows[:1], np.array([True]), {"bias": -1.0, "likeness": 0.8}, precision=100.0)
    assert (few["bias"], few["likeness"]) == pytest.approx((-1, 0.8), abs=0.05)


def test_what_the_model_sees_never_speaks_against_a_hit():
    rng = np.random.default_rng(0)
    rows = np.zeros((4000, len(EVIDENCE)))
    rows[:, EVIDENCE.index("bias")] = 1
    rows[:, EVIDENCE.index("refined")] = rng.normal(size=4000)
    rows[:, EVIDENCE.index("met")] = rows[:, EVIDENCE.index("refined")] + rng.normal(size=4000)
    right = rng.random(4000) < 1 / (1 + np.exp(rows[:, EVIDENCE.index("refined")]))
    fitted = fit(rows, right, {})
    assert fitted["refined"] == 0
    alone = fit(rows * (np.array(EVIDENCE) != "refined"), right, {})
    assert fitted == alone, "what else speaks is fitted without it"
