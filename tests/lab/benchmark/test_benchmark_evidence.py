"""Fitting the probability's weights to judged queries."""

import json

import numpy as np
import pytest

from search import Catalog, SearchEngine
from search.calibration.evidence import EVIDENCE, probabilities
from search.calibration.prior import PRIOR
from search.lab.benchmark import evidence, run
from search.lab.benchmark.evidence import Judged, evidence_of, fitted, judged
from search.lab.benchmark.shopping import ShopperQuery
from search.schema import Product, Query
from tests.conftest import ToyEncoder, swatch


def product(id, kind, colour):
    return Product(id, f"{colour} {kind}", swatch(colour), category=kind.title(), colour=colour.title())


def hits(right, *, in_catalog=True, made="words", **named):
    """n hits whose evidence is a bias of 1 and what is named."""
    rows = np.zeros((len(right), len(EVIDENCE)))
    rows[:, EVIDENCE.index("bias")] = 1
    for name, values in named.items():
        rows[:, EVIDENCE.index(name)] = values
    return Judged(
        ShopperQuery("kind", Query(text="mug"), frozenset(), ""), "whole", made, rows, np.array(right), in_catalog
    )


def test_what_goes_with_right_hits_gets_weight_and_each_modality_its_own():
    told = hits([True] * 50 + [False] * 50, met=[1] * 50 + [0] * 50)
    weights = fitted([told])
    assert weights["words"]["met"] > 2
    assert "met" not in weights["photo"]
    likely = probabilities(told.evidence, weights["words"])
    assert likely[0] > 0.85
    assert likely[-1] < 0.15


def test_hits_of_a_query_that_is_refused_teach_nothing():
    told, refused = hits([True] * 50, met=1), hits([False] * 500, met=1, in_catalog=False)
    assert fitted([told, refused]) == fitted([told])


def test_an_unknown_word_counts_against_a_hit_though_no_query_can_show_it():
    assert fitted([hits([True] * 20)])["words"]["unknown"] == -2.2


def test_the_evidence_of_a_result_gives_its_probabilities_again():
    colours = ["red", "blue", "green"] * 2
    shop = Catalog([product(str(n), "mug" if n % 2 else "vase", colour) for n, colour in enumerate(colours)])
    engine = SearchEngine.build(shop, ToyEncoder(), cache_dir=None)
    compared = 0
    for query in (Query(text="red mug"), Query(text="something red"), Query(image=swatch("red"))):
        result = engine.search(query, 4)
        made = "photo" if query.image else "words"
        gathered = evidence_of(engine, result)
        again = probabilities(gathered, engine.calibration.evidence[made])
        # What is certain, a name or a denied kind, is not left to the weights.
        free = [
            at
            for at, hit in enumerate(result.hits)
            if not gathered[at, EVIDENCE.index("named")]
            and all(verdict.state != "not met" for verdict in hit.verdicts.values())
        ]
        compared += len(free)
        assert [result.hits[at].probability for at in free] == pytest.approx([again[at] for at in free])
    assert compared >= 3


def test_a_query_that_wants_nothing_or_is_judged_by_something_else_than_was_said_teaches_nothing():
    shop = Catalog([product("1", "mug", "red"), product("2", "vase", "blue")])
    engine = SearchEngine.build(shop, ToyEncoder(), cache_dir=None)
    asked = [
        ShopperQuery("kind", Query(text="mug"), frozenset({"1"}), "mug"),
        ShopperQuery("negation_only", Query(text="not red"), frozenset({"2"}), "red"),
        ShopperQuery("photo_colour_kind", Query(text="mug"), frozenset({"1"}), "mug"),
        ShopperQuery("known_item", Query(text="red mug"), frozenset({"1"}), "red mug", frozenset({"1"})),
    ]
    (found,) = judged(engine, asked, "whole")
    assert found.asked.form == "kind"
    assert found.met.tolist() == [hit.product.id == "1" for hit in engine.search(asked[0].query, 24).hits]


def test_the_command_writes_the_weights_for_every_modality(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "ask_all", lambda options: [hits([True, False], met=[1, 0])])
    out = tmp_path / "prior.json"
    assert run.main(["--fit-evidence", "--data", "anything", "--out", str(out)]) == 0
    written = json.loads(out.read_text(encoding="utf-8"))
    assert list(written) == list(PRIOR)


def test_data_that_cannot_be_read_are_refused_in_words(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(evidence, "load_encoder", ToyEncoder)
    assert run.main(["--fit-evidence", "--data", str(tmp_path / "none.csv"), "--out", str(tmp_path / "w.json")]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_what_ships_names_only_evidence_that_there_is():
    assert set(PRIOR) == {"photo", "words", "both"}
    assert {name for weights in PRIOR.values() for name in weights} <= set(EVIDENCE)
