"""Rankings on the embedded catalog with the embedded model, as files.

A change of the model, the catalog or the fusion that moves them has to be looked at:
`pytest tests/test_golden.py --update-golden` writes the files anew, and the diff shows what moved.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search import Query

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = Path(__file__).parent / "golden"
SCENES = ROOT / "assets" / "scenes"

QUERIES = {
    "words": {"text": "red mug"},
    "chinese": {"text": "红色杯子"},
    "words-excluding": {"text": "chair not black"},
    "photo": {"image": "scene-011.jpg"},
    "photo-hard": {"image": "scene-001.jpg"},
    "photo-words": {"image": "scene-011.jpg", "text": "in blue"},
    "photo-region": {"image": "scene-011.jpg", "region": (0.2, 0.2, 0.8, 0.8)},
    "filtered": {"text": "something for the desk", "filters": {"price": (None, 60)}},
    "like": {"like": "first"},
}
K = 8


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_the_ranking_is_the_golden_one(shop, name, request):
    fields = dict(QUERIES[name])
    if "image" in fields:
        fields["image"] = SCENES / fields["image"]
    if "like" in fields:
        fields["like"] = next(iter(shop.catalog)).id
    # More than are compared, because the last one may change places with the next.
    hits = shop.search(Query(**fields), k=2 * K).hits
    # Four digits: more differ between processors.
    ranking = [{"id": hit.product.id, "score": round(hit.score, 4), "band": hit.band} for hit in hits]
    path = GOLDEN / f"{name}.json"
    if request.config.getoption("--update-golden"):
        path.write_text(json.dumps(ranking[:K], indent=1) + "\n", encoding="utf-8")
    assert path.is_file(), f"{path} is missing; look at the ranking and write it with --update-golden"
    golden = json.loads(path.read_text(encoding="utf-8"))
    scores = {hit["id"]: hit["score"] for hit in ranking}
    for rank, (expected, got) in enumerate(zip(golden, ranking[:K], strict=True), start=1):
        # Two products within rounding may change places between processors.
        assert scores.get(expected["id"]) == pytest.approx(expected["score"], abs=3e-3), f"rank {rank}"
        assert got["score"] == pytest.approx(expected["score"], abs=3e-3), f"rank {rank}"
