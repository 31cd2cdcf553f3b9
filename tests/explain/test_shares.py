"""One scale: per cent of the match, which add up and are never above 100."""

from __future__ import annotations

import pytest

from search.explain.shares import apportioned, in_percent, match_of, percent


def test_the_match_is_all_that_speaks_for_a_hit():
    # 0.4 + 0.2 speak for it, 0.1 against; the words, 0.15 + 0.05, are in the part "text" already.
    assert match_of({"photo": 0.4, "text": 0.2, "exclude": -0.1}, [0.15, 0.05]) == pytest.approx(0.6)


def test_no_share_is_above_a_hundred_where_words_speak_against_each_other():
    words = [0.5, -0.45, 0.05]  # together the part "text", 0.1
    match = match_of({"text": 0.1}, words)
    assert match == pytest.approx(0.55)
    assert max(in_percent(dict(enumerate(words)), match).values()) <= 100


def test_nothing_that_speaks_for_a_hit_is_no_match():
    assert match_of({"text": -0.2}, [-0.2]) == 0
    assert in_percent({"text": -0.2}, 0.0) == {"text": 0}


def test_shares_add_up_after_rounding():
    # 33.4 + 33.3 + 33.3 = 100: rounded one by one they would say 99.
    assert in_percent({"a": 0.334, "b": 0.333, "c": 0.333}, 1.0) == {"a": 34, "b": 33, "c": 33}


def test_rounded_parts_add_up_to_the_rounded_score():
    # 100.4 + 100.4 + 100.4 thousandths are 301.2: rounded one by one they would say 300.
    parts = apportioned({"photo": 0.1004, "text": 0.1004, "rules": 0.1004}, 0.001)
    assert sorted(parts.values()) == [100, 100, 101]


def test_what_is_taken_away_adds_up_too():
    assert apportioned({"photo": 0.4126, "text": 0.1003, "exclude": -0.0518}, 0.001) == {
        "photo": 413,
        "text": 100,
        "exclude": -52,
    }


@pytest.mark.parametrize(
    ("share", "positive", "said"),
    [(13, True, "13\u2009%"), (-3, False, "\u22123\u2009%"), (0, True, "<1\u2009%"), (0, False, "\u2212<1\u2009%")],
)
def test_a_share_is_written_with_a_true_minus_and_never_as_nothing(share, positive, said):
    assert percent(share, positive=positive) == said
