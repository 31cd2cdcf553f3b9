import numpy as np
import pytest

from search.calibration import (
    RELATED,
    THRESHOLDS_FILE,
    VERY_CLOSE,
    PlattScaling,
    RejectionThreshold,
    ScoreCalibration,
    band,
    modality,
    recolour_queries,
    rejection_thresholds,
)
from search.errors import ModelError
from search.query.fusion import Weights, fuse
from search.ranking.pipeline import rank_order

X, Y, Z = np.eye(3)
SPREAD = {"photo": 0.1, "words": 0.05}


def test_a_probability_is_a_logistic_curve_over_spreads_above_the_mean_of_the_query():
    measured = ScoreCalibration(0.2 * X, 10, SPREAD, {"photo": (2.0, -3.0, 0.0)})  # mean of a photo along X: 0.2
    photo = fuse(Weights(), photo=X)
    likely = measured.probabilities(photo, 0.2 + 0.1 * np.array([1.5, 2.5]))
    assert likely == pytest.approx([0.5, 1 / (1 + np.exp(-2))])


def test_bands_say_a_probability_in_a_word():
    assert [band(p) for p in (VERY_CLOSE, VERY_CLOSE - 1e-9, RELATED, RELATED - 1e-9)] == [
        "very_close", "related", "related", "weak",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "made"),
    [({"photo": X}, "photo"), ({"text": X, "exclude": Y}, "words"), ({"photo": X, "text": Y}, "both")],
)
def test_exclusions_do_not_change_what_a_query_is_modality(parts, made):
    assert modality(fuse(Weights(1, 1, 0.5), **parts)) == made


def test_a_curve_is_found_again_from_many_judged_hits():
    rng = np.random.default_rng(0)
    z = rng.uniform(0, 6, 40_000)
    relevant = rng.random(len(z)) < 1 / (1 + np.exp(-(1.2 * z - 4)))
    assert PlattScaling.fit(z, relevant, (3.0, -1.0, 0.0))[:2] == pytest.approx((1.2, -4), abs=0.12)


def test_the_curve_of_photo_and_words_knows_how_well_they_agree():
    rng = np.random.default_rng(0)
    z, agreement = rng.uniform(0, 6, 40_000), rng.uniform(-2, 3, 40_000)
    relevant = rng.random(len(z)) < 1 / (1 + np.exp(-(1.2 * z - 4 - 0.5 * agreement)))
    assert PlattScaling.fit(z, relevant, (3.0, -1.0, 0.0), agreement, (-1, 1, 3)) == pytest.approx(
        (1.2, -4, -0.5), abs=0.12
    )

    measured = ScoreCalibration(0.1 * Z, 10, SPREAD, {"both": (2.0, -3.0, -0.5)})
    same, other = (fuse(Weights(1, 1, 0), photo=X, text=words) for words in (X, Y))
    assert measured.query_offset(same, 1.0) == pytest.approx(1 / SPREAD["words"])
    assert measured.query_offset(other, 1.0) == pytest.approx(0)
    assert measured.query_offset(fuse(Weights(1, 1, 0), photo=X), 1.0) == 0
    at = [measured.probabilities(fused, fused.vector @ measured.centre + np.array([0.5]))[0] for fused in (same, other)]
    assert at[0] < at[1], "words that the photo does not fit pull every score down, the right ones too"


def test_a_change_is_a_colour_that_the_product_does_not_have():
    colours = ["Red", "blue", "", "red"]
    asked = recolour_queries(colours)
    assert [words.removeprefix("in ") for words in (asked[0], asked[1], asked[3])] == ["blue", "red", "blue"]
    assert recolour_queries(["red", "Red", ""]) == []


def test_few_hits_leave_the_curve_near_what_is_known_of_others():
    assert PlattScaling.fit(np.array([4.0]), np.array([True]), (1.5, -4.7, 0.2)) == pytest.approx(
        (1.5, -4.7, 0.0), abs=0.15
    )
    none = np.zeros(0)
    assert PlattScaling.fit(none, none, (1.5, -4.7, 0.2)) == pytest.approx((1.5, -4.7, 0.0), abs=1e-6), (
        "nothing of the query"
    )
    assert PlattScaling.fit(none, none, (1.5, -4.7, 0.2), none, (1, 3)) == pytest.approx((1.5, -4.7, 0.2), abs=1e-6)


def test_words_that_some_products_answer_far_better_are_answered_less_by_the_rest():
    measured = ScoreCalibration(np.zeros(3), 10, SPREAD, {"words": (2.0, -3.0, -0.5)})
    words = fuse(Weights(), text=X)
    assert measured.query_offset(words, 0.4) == pytest.approx(0.4 / SPREAD["words"])
    alone, beside = measured.probabilities(words, np.array([0.1])), measured.probabilities(words, np.array([0.1, 0.4]))
    assert beside[0] < alone[0]
    assert measured.probabilities(words, np.array([0.1]), best=0.4) == pytest.approx(beside[:1])
    assert not len(measured.probabilities(words, np.zeros(0)))


def test_only_right_hits_still_make_a_curve():
    slope, intercept, _ = PlattScaling.fit(np.linspace(0, 5, 500), np.ones(500, bool), (1.5, -4.7, 0.0))
    assert 0 <= slope < 10
    assert 1 / (1 + np.exp(-(slope * 3 + intercept))) > 0.9


def test_a_calibrated_catalog_knows_what_its_scores_are_worth():
    """Two kinds far apart: beside itself a photo finds its own kind near, the other kind far."""
    rng = np.random.default_rng(1)
    near = [axis + 0.2 * rng.standard_normal((40, 3)) for axis in (X, Y)]
    vectors = np.concatenate(near)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kinds = np.repeat([0, 1], 40)
    own = np.arange(0, 80, 4)
    relevant = kinds[own, None] == kinds[None, :]
    queries = {"photo": vectors[own], "words": vectors[own]}
    measured = ScoreCalibration.fit(vectors, queries, ~relevant).fit_curves(
        vectors, queries, own, relevant, Weights(1, 1, 0)
    )
    fused = fuse(Weights(), photo=X)
    low, high = measured.probabilities(fused, np.array([float(Y @ X), 0.98]))
    assert low < 0.2 < 0.8 < high


@pytest.mark.parametrize(
    ("closest", "expected"),
    [
        ({"photo": 0.6}, True),
        ({"photo": 0.5}, False),
        ({"photo": 0.5, "words": 0.5}, True),
        ({"photo": 0.5, "words": 0.3}, False),
    ],
)
def test_a_query_fits_where_one_of_its_parts_comes_near_a_product(closest, expected):
    assert (
        ScoreCalibration(X, 10, SPREAD).in_catalog(
            {"photo": RejectionThreshold(0.55, 10), "words": RejectionThreshold(0.4, 10)}, closest
        )
        is expected
    )


def test_a_catalog_that_is_hard_to_name_lowers_the_threshold_of_words_alone():
    measured = ScoreCalibration(X, 10, SPREAD, text_threshold=0.3)
    thresholds = {"photo": RejectionThreshold(0.55, 10), "words": RejectionThreshold(0.4, 10)}
    assert measured.in_catalog(thresholds, {"words": 0.31})
    assert not measured.in_catalog(thresholds, {"words": 0.29})
    assert not measured.in_catalog(thresholds, {"photo": 0.5})


def test_among_more_products_the_nearest_must_be_nearer():
    threshold = RejectionThreshold(0.5, 1000, growth=0.02)
    assert threshold.among(1000) == 0.5
    assert threshold.among(8000) == pytest.approx(0.5 + 0.02 * np.log(8))
    assert threshold.among(0) == threshold.among(1), "an empty catalog is asked too"
    measured = ScoreCalibration(X, 1000, SPREAD)
    closest = {"photo": 0.51}
    assert measured.in_catalog({"photo": threshold}, closest)
    assert not measured.with_added(np.tile(X, (3000, 1))).in_catalog({"photo": threshold}, closest)


def test_what_a_catalog_is_called_is_measured_on_its_own_descriptions():
    vectors, words = np.array([X, Y]), np.array([X, 0.6 * X + 0.8 * Z])
    measured = ScoreCalibration.fit(vectors, {"photo": vectors, "words": words}, ~np.eye(2, dtype=bool))
    assert measured.text_threshold == pytest.approx(np.quantile([1.0, 0.6], 0.05))


def test_without_thresholds_nothing_is_refused():
    assert ScoreCalibration(X, 10, SPREAD).in_catalog({}, {"photo": -0.2})


def test_a_fused_query_has_the_spread_of_its_parts():
    measured = ScoreCalibration(np.zeros(3), 10, SPREAD)
    fused = fuse(Weights(3, 4, 0), photo=X, text=Y)  # components 0.6 and 0.8
    expected = np.hypot(0.6 * 0.1, 0.8 * 0.05)
    assert measured.z(fused, np.array([1.0]))[0] == pytest.approx(1 / expected)


def test_an_exclusion_lowers_the_mean_with_the_score():
    """Everything loses the same by it, so nothing changes its band."""
    measured = ScoreCalibration(0.5 * Z, 10, {"photo": 0.1, "words": 1e-9})
    plain, without = fuse(Weights(1, 1, 1), photo=X), fuse(Weights(1, 1, 1), photo=X, exclude=Z)
    product = 0.6 * X + 0.5 * Z
    scores = [np.array([product @ fused.vector]) for fused in (plain, without)]
    assert measured.z(plain, scores[0]) == pytest.approx(measured.z(without, scores[1]))


def test_only_mismatches_are_measured():
    vectors = np.array([X, -X, Y, -Y])  # mean 0
    mismatch = np.array([[False, True, True, False]])
    measured = ScoreCalibration.fit(vectors, {"photo": X[None]}, mismatch)
    assert measured.spread["photo"] == pytest.approx(np.std([-1, 0]))
    assert measured.centre.tolist() == [0, 0, 0]


def test_a_catalog_of_one_has_a_background_too():
    measured = ScoreCalibration.fit(X[None], {"photo": X[None]}, np.array([[False]]))
    assert measured.spread["photo"] > 0


def test_the_mean_follows_what_comes_and_goes():
    before = ScoreCalibration(np.array([1.0, 0, 0]), 2, SPREAD)
    after = before.with_added(np.array([[4.0, 3, 0]]))
    assert (after.centre.tolist(), after.size) == ([2, 1, 0], 3)
    again = after.with_removed(np.array([[4.0, 3, 0]]))
    assert (again.centre.tolist(), again.size) == ([1, 0, 0], 2)


def test_equal_scores_keep_the_catalogs_order():
    assert rank_order(np.array([0.5, 0.9, 0.5]), np.array([7, 2, 3])).tolist() == [1, 2, 0]


def test_a_photo_of_the_catalog_is_not_judged_by_finding_itself():
    """Only itself is relevant to each query: a photo, which must not find itself, finds nothing relevant at all."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(60, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    own, itself, nothing = np.arange(60), np.eye(60, dtype=bool), np.zeros((60, 60), bool)
    queries = {"photo": vectors, "words": vectors}
    measured = ScoreCalibration.fit(vectors, queries, ~itself)
    found, none = (measured.fit_curves(vectors, queries, own, each, Weights()).curves for each in (itself, nothing))
    assert found["photo"] == none["photo"]
    assert found["words"] != none["words"], "words may find the product that they were made of"


def test_the_thresholds_of_a_model_lie_in_its_folder(encoder, tmp_path):
    assert rejection_thresholds(encoder) == {}, "an encoder of no folder"
    encoder.folder = tmp_path
    assert rejection_thresholds(encoder) == {}, "a folder of a model that was not measured"
    (tmp_path / THRESHOLDS_FILE).write_text(
        '{"photo": {"cosine": 0.5, "size": 100, "growth": 0.1}, "words": {"cosine": 0.4, "size": 100}}'
    )
    assert rejection_thresholds(encoder) == {"photo": (0.5, 100, 0.1), "words": (0.4, 100, 0.0)}
    for damaged in ("{", "[]", '{"photo": {"cosine": 0.5, "size": 100}}', '{"photo": {"floor": 1}, "words": {}}'):
        (tmp_path / THRESHOLDS_FILE).write_text(damaged)
        with pytest.raises(ModelError, match=r"rejection thresholds in .* cannot be read"):
            rejection_thresholds(encoder)


def test_the_embedded_model_has_thresholds(embedded):
    assert set(rejection_thresholds(embedded)) == {"photo", "words"}


def test_what_a_manifest_keeps_is_read_back():
    curves = {"photo": PlattScaling(1, -2), "words": PlattScaling(3, -4, 0.5), "both": PlattScaling(5, -6, 0.7)}
    scale = ScoreCalibration(np.array([0.5, 0.5, 0]), 2, SPREAD, curves, 0.3)
    again = ScoreCalibration.from_dict(scale.to_dict(), np.array([X, Y]))
    assert (again.centre.tolist(), again.size, again.text_threshold) == ([0.5, 0.5, 0], 2, 0.3)
    assert (again.spread, again.curves) == (SPREAD, curves)
