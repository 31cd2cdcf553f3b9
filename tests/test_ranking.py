import numpy as np

from search.ranking import RELATED, VERY_CLOSE, background, order


def test_bands_count_spreads_above_the_mean_of_mismatches():
    measured = background({"photo": np.array([0.1, 0.3])})  # mean 0.2, spread 0.1
    assert measured.band("photo", 0.2 + VERY_CLOSE * 0.1 + 1e-9) == "very_close"
    assert measured.band("photo", 0.2 + RELATED * 0.1 + 1e-9) == "related"
    assert measured.band("photo", 0.2 + RELATED * 0.1 - 1e-9) == "weak"


def test_pairs_that_are_no_mismatch_do_not_count():
    assert background({"words": np.array([0.1, np.nan, 0.3])}).mean["words"] == 0.2


def test_a_catalog_of_one_has_a_background_too():
    measured = background({"photo": np.array([np.nan])})
    assert measured.mean["photo"] == 0
    assert measured.spread["photo"] > 0


def test_equal_scores_keep_the_catalogs_order():
    assert order(np.array([0.5, 0.9, 0.5]), np.array([7, 2, 3])).tolist() == [1, 2, 0]
