"""The evaluation tasks on a handful of products whose figures can be worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search import Query, SearchEngine
from search.calibration import KINDS, Background, Floor
from search.catalog import Catalog
from search.errors import InputError
from search.lab import report
from search.lab.benchmark import baselines, datasets, main, run, tasks
from search.query.fusion import Weights
from search.schema import Product

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
WORDS = ("red", "blue", "shirts", "shoes")
GREYS = {"shirts": 60, "shoes": 200}
HUES = {"red": (255, 0), "blue": (0, 255)}


class Toy:
    """One dimension for each of WORDS; a picture says its colour in red and blue, its kind in green."""

    name, fingerprint, dim, image_size = "toy", "0123456789abcdef", len(WORDS) + 1, 8

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._unit([word in text.lower().split() for word in WORDS]) for text in texts])

    def encode_images(self, images: Sequence[Image.Image]) -> np.ndarray:
        pixels = (image.getpixel((0, 0)) for image in images)
        return np.stack([self._unit([r > b, b > r, g < 100, g >= 100]) for r, g, b in pixels])

    def _unit(self, told: Sequence[bool]) -> np.ndarray:
        # The last dimension is what a text without a known word points at: nothing in the catalog.
        row = np.array([*told, not any(told)], np.float32)
        return row / np.linalg.norm(row)


def product(number: int, colour: str, kind: str, title: str | None = None) -> Product:
    red, blue = HUES[colour]
    picture = Image.new("RGB", (8, 8), (red, GREYS[kind], blue))
    return Product(str(number), title or f"{colour} {kind}", picture, category=kind.title(), colour=colour.title())


def shop(counts: dict[tuple[str, str], int]) -> Catalog:
    kinds = [pair for pair, n in counts.items() for _ in range(n)]
    return Catalog(product(number, *pair) for number, pair in enumerate(kinds))


#: A score of 1 is then 5 spreads above 0 and very close, 1/2 is 2.5 and related, by these curves.
SPREAD = dict.fromkeys(KINDS, 0.2)
CURVES = dict.fromkeys(("photo", "words", "both"), (1.0, -2.0, 0.0))

#: 8 products; 2 of each colour and kind.
EVEN = {(colour, kind): 2 for colour in HUES for kind in GREYS}


def case(counts: dict[tuple[str, str], int] = EVEN, background: Background | None = None, **more: Any) -> tasks.Case:
    made = run.make_case(Toy(), [shop(counts)], **{"min_right": 2, **more})
    return replace(made, background=background) if background else made


def values(figures: dict[str, dict], *names: str) -> list[float]:
    return [pytest.approx(figures[name]["value"]) for name in names]


def test_a_title_with_several_pictures_counts_each_of_them_as_right():
    figures = tasks.title(case())
    # 4 distinct titles, each finds its 2 pictures first
    assert figures["recall@1"]["n"] == 4
    assert figures["recall@1"]["value"] == 1
    assert figures["mrr"]["value"] == 1
    # at random, one of the 2 right pictures among 8 comes first 2 times in 8
    assert figures["recall@1"]["chance"] == pytest.approx(2 / 8)


def test_asking_once_per_product_weighs_a_title_by_its_pictures():
    catalog = Catalog([
        *(product(n, "red", "shirts", "Unknown words") for n in range(3)),
        *(product(9 + n, "blue", "shoes") for n in range(12)),
        product(99, "blue", "shirts"),
    ])  # fmt: skip
    figures = tasks.title(run.make_case(Toy(), [catalog], min_right=1))
    # "Unknown words" scores 0 with every picture, and of equal scores the wrong come first
    assert figures["recall@10"]["value"] == pytest.approx((0 + 1 + 1) / 3)
    assert figures["recall@10_each_product"]["value"] == pytest.approx((3 * 0 + 12 * 1 + 1 * 1) / 16)


def test_titles_are_compared_without_case_and_spaces():
    catalog = Catalog([product(1, "red", "shirts", "Red  Shirts"), product(2, "red", "shirts", "red shirts")])
    assert tasks.title(run.make_case(Toy(), [catalog], min_right=1))["recall@1"]["n"] == 1


def test_chinese_titles_are_asked_where_there_are_any():
    names = {"red": "红", "blue": "蓝"}
    catalog = Catalog(replace(p, attributes={"title_zh": names[p.colour.lower()]}) for p in shop(EVEN))
    figures = tasks.title(run.make_case(Toy(), [catalog], min_right=1))
    assert figures["recall@1_zh"]["n"] == 2
    assert figures["recall@1_zh"]["chance"] == pytest.approx(4 / 8)
    assert "recall@1_zh" not in tasks.title(case())


def test_the_gallery_holds_more_than_is_asked_for():
    found = run.make_case(Toy(), [shop({("red", "shirts"): 1}), shop({("red", "shirts"): 3})], min_right=1)
    figures = tasks.title(found)
    assert figures["recall@1"]["n"] == 1
    assert figures["recall@1"]["chance"] == pytest.approx(4 / 4)


def test_words_find_kinds_and_colours():
    figures = tasks.attributes(case())
    assert figures["kind_en"] == {
        "label": "kind, words, P@10", "value": 1.0, "low": 1.0, "high": 1.0, "n": 2,
        "chance": pytest.approx(4 / 8),
    }  # fmt: skip
    assert figures["colour_kind_en"]["value"] == 1
    assert figures["colour_kind_en"]["n"] == 4


def test_kinds_that_are_too_rare_are_not_asked_for():
    figures = tasks.attributes(case({("red", "shirts"): 3, ("blue", "shirts"): 1}, min_right=3))
    assert figures["kind_en"]["n"] == 1
    assert figures["colour_kind_en"]["n"] == 1
    with pytest.raises(tasks.TooSmall, match="5 products"):
        tasks.attributes(case(min_right=5))


def test_chinese_words_are_asked_for_as_the_glossary_names_them():
    assert datasets.in_chinese("Red", "Dresses") == "红色" + "连衣裙"
    assert datasets.in_chinese("", "dresses") == "连衣裙"
    # the catalog says Mugs, the glossary Mug
    assert datasets.in_chinese("red", "Mugs") == "红色" + "马克杯"
    assert datasets.in_chinese("Red", "Unheard Of") == ""
    # the toy knows no Chinese: everything ties at 0 and the wrong answers come first
    assert tasks.attributes(case({("red", "shirts"): 2, ("blue", "shirts"): 20}))["colour_kind_zh"]["value"] < 1


def test_a_photo_does_not_find_itself():
    figures = tasks.photo(case(min_right=1))
    # the one other picture of its kind and colour comes first
    assert figures["same_kind_colour"]["value"] == 1
    assert figures["same_kind_colour"]["n"] == 8
    assert figures["same_kind"]["chance"] == pytest.approx(3 / 7)


def test_a_photo_in_another_colour_needs_both_photo_and_words():
    figures = tasks.composed(case(dict.fromkeys(EVEN, 20), min_right=10))
    # 2 kinds x 2 colours, 3 photos of each
    assert figures["composed"]["n"] == 2 * 2 * 3
    # red shirt + "in blue": blue shirts score (1/2 + 1/2 + ...), everything else less
    composed, photo, words, reference = values(figures, "composed", "photo", "words", "reference")
    assert composed == 1
    assert photo == 0
    assert reference == 1
    # "in blue" ties blue shirts with blue shoes, and ties count against it
    assert words == 0
    assert figures["gain"]["value"] == pytest.approx(1)
    assert figures["gain"]["chance"] is None


def test_drawn_queries_depend_on_the_seed_alone():
    counts = dict.fromkeys(EVEN, 20)
    one, two, other = (tasks.Composed.draw(case(counts, seed=seed)).rows.tolist() for seed in (1, 1, 2))
    assert one == two != other


def test_an_excluded_colour_leaves_the_first_ten():
    figures = tasks.exclude(case(dict.fromkeys(EVEN, 10), min_right=10))
    without, left, plain_left = values(figures, "without", "without_left", "plain_left")
    assert without == 1
    assert left == 0
    # without the exclusion all 20 shirts tie: for "still that colour" the wrong ones stand last,
    # and they are the ones judged as present
    assert plain_left == 0
    assert figures["without"]["chance"] == pytest.approx(10 / 40)


def test_a_sweep_finds_the_weights_that_the_toy_needs():
    found = tasks.sweep(case(dict.fromkeys(EVEN, 20), min_right=10))
    shares = {point["weight"]: point["value"] for point in found["sweeps"]["text"]["curve"]}
    assert shares[0] == 0
    assert shares[1] == 0
    assert shares[0.5] == 1
    assert found["choice"]["photo"] + found["choice"]["text"] == 1
    assert found["choice"]["text"] == 0.5
    # any exclusion breaks the tie, and of equal values the smallest is chosen: 0.1 x 0.5
    assert found["choice"]["exclude"] == pytest.approx(0.05)


def test_the_default_weights_are_as_good_as_the_best_of_the_sweep():
    path = report.BENCHMARKS / "sweep-fashion-validation.json"
    if not path.exists():
        pytest.skip("the weights have not been swept yet")
    result, weights = json.loads(path.read_text()), Weights()
    share = weights.text / (weights.photo + weights.text)
    exclusion = weights.exclude / weights.text * result["choice"]["text"]
    for name, weight in (("text", share), ("exclude", exclusion)):
        curve = result["sweeps"][name]["curve"]
        nearest = min(curve, key=lambda point: abs(point["weight"] - weight))
        # A hundredth is well inside the interval of either figure.
        assert nearest["value"] >= max(point["value"] for point in curve) - 0.01, name


def test_the_engine_ranks_a_composed_query_as_the_evaluation_does():
    catalog = shop(dict.fromkeys(EVEN, 4))
    engine = SearchEngine.build(catalog, Toy(), cache_dir=None)
    red_shirt = next(iter(catalog))
    hits = engine.search(Query(image=red_shirt.image, text="in blue"), k=16).hits
    found = run.make_case(Toy(), [catalog], min_right=1)
    query = tasks.fused(found.weights, photo=found.vectors[:1], text=found.texts(["in blue"]))[0]
    assert [hit.score for hit in hits] == pytest.approx(sorted(found.vectors @ query, reverse=True), abs=1e-6)
    assert {hit.product.colour + hit.product.category for hit in hits[:4]} == {"BlueShirts"}


def test_a_scene_finds_one_of_its_products(tmp_path: Path):
    product(1, "blue", "shirts").image.save(tmp_path / "room.png")
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\n1,room.png,4|5\n")

    class FromFile(Toy):
        def encode_images(self, images: Sequence[Path | Image.Image]) -> np.ndarray:
            return super().encode_images([Image.open(i) if isinstance(i, Path) else i for i in images])

    # rows 4 and 5 are the blue shirts
    figures = tasks.scene(run.make_case(FromFile(), [shop(EVEN)], min_right=2, scenes=tmp_path))
    assert figures["recall@1"]["value"] == 1
    assert figures["recall@1"]["chance"] == pytest.approx(2 / 8)


def test_a_scene_of_a_product_that_is_gone_is_refused(tmp_path: Path):
    (tmp_path / "scenes.csv").write_text("id,image,product_ids\n1,room.png,nothing\n")
    with pytest.raises(datasets.InputError, match=r"room\.png"):
        tasks.scene(case(scenes=tmp_path))


def test_a_band_shows_the_share_of_hits_of_the_right_kind():
    background = Background(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)
    figures = tasks.bands(case(dict.fromkeys(EVEN, 10), background=background))
    # "red shirts": 10 red shirts score 1, 10 blue shirts and 10 red shoes 1/2, the rest 0; 24 are shown
    assert figures["words_very_close"]["value"] == 1
    assert figures["words_very_close"]["n"] == 40 * 10
    assert figures["words_very_close"]["chance"] == pytest.approx(20 / 40)
    assert figures["words_related"]["n"] == 40 * (24 - 10)
    # a photo does not find itself
    assert figures["photo_very_close"]["n"] == 40 * 9
    assert "words_weak" not in figures


def test_a_promise_of_one_for_every_hit_is_off_by_the_wrong_ones():
    certain = dict.fromkeys(CURVES, (0.0, 50.0, 0.0))
    figures = tasks.calibration_error(
        case(dict.fromkeys(EVEN, 10), background=Background(np.zeros(len(WORDS) + 1), 40, SPREAD, certain))
    )
    # among the 24 hits for "red shirts" are 10 red shirts and, at the same score, 10 blue ones and 10 red shoes
    assert 4 / 24 <= figures["words"]["value"] <= 14 / 24
    assert figures["words"]["n"] == 40 * 24
    assert figures["words"]["low"] <= figures["words"]["value"] <= figures["words"]["high"]


@pytest.mark.parametrize(("floor", "refused"), [(0.9, 1.0), (0.1, 0.0)])
def test_what_is_below_the_floor_is_refused(floor, refused):
    unlike = np.full((3, len(WORDS) + 1), 0.5, np.float32)
    shop_case = replace(
        case(dict.fromkeys(EVEN, 10), background=Background(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)),
        outside=unlike / np.linalg.norm(unlike, axis=1, keepdims=True),
        outside_words=["red shirts"],
    )
    shop_case.encoder.floors = {"photo": Floor(floor, 10), "words": Floor(floor, 10)}
    figures = tasks.refusal(shop_case)
    assert figures["outside"]["value"] == refused
    assert figures["outside"]["n"] == 3
    assert figures["own"]["value"] == 0  # each has its like at a cosine of 1
    assert figures["outside_words"]["value"] == 0


def test_a_floor_is_what_queries_of_the_catalog_reach():
    shop_case = replace(
        case(dict.fromkeys(EVEN, 10), background=Background(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)),
        outside=np.eye(len(WORDS) + 1, dtype=np.float32)[:1],
        outside_words=["red"],
    )
    assert tasks.floors(shop_case) == {"photo": (1.0, 40, 0.0), "words": (1.0, 40, 0.0)}


def test_a_floor_grows_as_the_nearest_comes_nearer_in_larger_catalogs():
    rng, size = np.random.default_rng(0), 800
    photos = rng.standard_normal((size, len(WORDS) + 1)).astype(np.float32)
    photos /= np.linalg.norm(photos, axis=1, keepdims=True)
    column = np.full(size, "")
    grown = replace(
        case(dict.fromkeys(EVEN, 10)),
        vectors=photos, titles=column, titles_zh=column, ids=column, asked=size, outside=photos[:1],
        kinds=np.full(size, "shirts"), colours=np.full(size, "red"),
    )  # fmt: skip
    floor = tasks.floors(grown)["photo"]
    assert floor.size == size
    assert floor.growth > 0.01
    quarter = tasks.floors(grown.thinned(np.arange(size // 4)))["photo"]
    assert floor.among(size // 4) == pytest.approx(quarter.cosine, abs=0.03)


def test_a_catalog_without_colours_is_asked_for_its_kinds():
    shop_case = replace(
        case(dict.fromkeys(EVEN, 10), background=Background(np.zeros(len(WORDS) + 1), 40, SPREAD, CURVES)),
        outside=np.eye(len(WORDS) + 1, dtype=np.float32)[:1],
        colours=np.full(40, ""),
    )
    assert tasks.refusal(shop_case)["own_words"]["n"] == 2


def test_without_anything_from_elsewhere_nothing_can_be_refused():
    with pytest.raises(tasks.TooSmall, match="--outside"):
        tasks.refusal(case(EVEN))


def test_titles_that_repeat_the_kind_are_not_asked():
    catalog = Catalog(replace(item, title=item.category) for item in shop(EVEN))
    with pytest.raises(tasks.TooSmall, match="no titles of their own"):
        tasks.title(run.make_case(Toy(), [catalog]))


def test_photos_are_asked_for_their_kind_where_no_colour_is_known():
    catalog = Catalog(replace(item, colour=None) for item in shop(EVEN))
    assert list(tasks.photo(run.make_case(Toy(), [catalog], min_right=1))) == ["same_kind"]


class Clothes(Toy):
    """A toy that reads the glossary's names of two kinds of clothing/."""

    def encode_texts(self, texts: Sequence[str]) -> np.ndarray:
        known = {"shirt": "shirts", "button-up shirt": "shirts", "shoes": "shoes", "pair of shoes": "shoes"}
        return super().encode_texts([known.get(text, "") for text in texts])


def test_a_kind_is_told_by_the_mean_of_its_names():
    # two shirts, and three shoes that the shop calls shirts
    right = [product(n, "red", "shirts") for n in range(2)]
    wrong = [product(9 + n, "red", "shoes") for n in range(3)]
    catalog = Catalog(replace(item, category="Shirt") for item in (*right, *wrong))
    figures = tasks.zero_shot(run.make_case(Clothes(), [catalog]))
    assert figures["en"]["value"] == pytest.approx(2 / 5)
    # clothing/ has 17 kinds, whether they are in the data or not
    assert figures["en"]["chance"] == pytest.approx(1 / 17)
    # no Chinese name is known: all kinds tie, and ties count against it
    assert figures["zh"]["value"] == 0


def test_kinds_that_no_section_of_the_glossary_names_are_not_guessed():
    assert list(datasets.names_of(["Shirt", "Polo"]))[:2] == ["T-Shirt", "Longsleeve"]
    assert datasets.names_of(["Shirt", "Unheard Of"]) == {}
    with pytest.raises(tasks.TooSmall, match="No section"):
        tasks.zero_shot(case())


def packed(shots: Catalog, **more: Any) -> tasks.Case:
    """A red and a blue shirt, and blue shoes; each title is an article, each kind a group."""
    asked = Catalog([product(1, "red", "shirts"), product(2, "blue", "shirts"), product(3, "blue", "shoes")])
    return run.make_case(Toy(), [asked], packshots=shots, **more)


def test_a_photo_finds_the_packshot_of_its_article():
    clean = [
        product(1, "red", "shirts"),
        product(2, "red", "shoes", title="blue shirts"),
        product(3, "blue", "shirts", title="blue shoes"),
    ]
    # the packshot titled "blue shirts" is put among the shirts
    shots = Catalog([clean[0], replace(clean[1], category="Shirts"), replace(clean[2], category="Shoes")])
    figures = tasks.packshot(packed(shots))
    # the red shirt finds itself; the blue shirt finds the one called "blue shoes" first; the blue shoes score 1/2
    # with both others, and of equal scores the wrong come first
    assert values(figures, "recall@1", "recall@5") == [1 / 3, 1]
    # of its group: the red shirt a shirt; the others as before
    assert values(figures, "recall@1_group", "recall@5_group") == [1 / 3, 1]
    assert figures["recall@1"]["chance"] == pytest.approx(1 / 3)
    # two of the three packshots are shirts, which two photos ask for
    assert figures["recall@1_group"]["chance"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_photos_without_their_packshot_are_refused():
    with pytest.raises(tasks.TooSmall, match=r"packshots\.parquet"):
        tasks.packshot(case())
    with pytest.raises(InputError, match=r"no packshots of blue shirts, blue shoes.*--packshots"):
        tasks.packshot(packed(Catalog([product(1, "red", "shirts")])))


def test_a_split_is_found_in_its_folder(tmp_path: Path):
    for split in ("test", "train", "validation"):
        (tmp_path / f"{split}.parquet").touch()
    assert datasets.locate(str(tmp_path), "test") == str(tmp_path / "test.parquet")
    with pytest.raises(datasets.CatalogError, match=r"several splits.*--split test or train or validation"):
        datasets.locate(str(tmp_path))
    with pytest.raises(datasets.CatalogError, match="no split 'tset'"):
        datasets.locate(str(tmp_path), "tset")


def test_the_only_split_that_is_not_trained_on_needs_no_name(tmp_path: Path):
    for split in ("packshots", "train", "validation"):
        (tmp_path / f"{split}.parquet").touch()
    found = datasets.locate(str(tmp_path))
    assert found == str(tmp_path / "validation.parquet")
    assert datasets.packshots_beside(found) == str(tmp_path / "packshots.parquet")
    assert datasets.packshots_beside(str(tmp_path / "packshots.parquet")) is None
    assert datasets.packshots_beside(str(tmp_path / "elsewhere" / "validation.parquet")) is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog on disk: 3 red and 3 blue shirts, as a CSV with PNGs."""
    lines = ["id,title,image,category,colour"]
    for number, colour in enumerate(["red", "blue"] * 3):
        item = product(number, colour, "shirts")
        item.image.save(tmp_path / f"{number}.png")
        lines.append(f"{number},{item.title},{number}.png,{item.category},{item.colour}")
    (tmp_path / "catalog.csv").write_text("\n".join(lines))
    return tmp_path


def test_the_command_prints_and_writes_one_result(folder: Path, capsys: pytest.CaptureFixture[str]):
    out = folder / "out" / "result.json"
    assert main(["--data", str(folder), "--baseline", "histogram", "--min-right", "1", "--out", str(out)]) == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result == json.loads(out.read_text())
    assert list(result)[:6] == ["kind", "name", "command", "date", "seed", "machine"]
    assert result["model"]["name"] == "colour-histogram"
    assert result["data"]["products"] == 6
    assert len(result["data"]["sha256"]) == 16
    # the two others of its colour come first
    assert result["tasks"]["photo"]["figures"]["same_kind_colour"]["value"] == 1
    assert "skipped" in result["tasks"]["scene"]
    assert result["tasks"]["title"]["not_applicable"] == "it reads no words"
    assert "photo to the same kind and colour" in printed.err


def test_data_that_can_answer_nothing_say_so(folder: Path, capsys: pytest.CaptureFixture[str]):
    argv = ["--data", str(folder), "--baseline", "histogram", "--min-right", "50", "--limit", "4"]
    assert main(argv) == 1
    assert "50 others" in capsys.readouterr().err


def test_photographs_of_a_shop_are_compared_with_the_packshots_beside_them(shared: Path, tmp_path: Path):
    out = tmp_path / "result.json"
    argv = ["--data", str(shared / "grocery"), "--baseline", "random", "--out", str(out)]
    assert main([*argv, "--task", "packshot", "zero_shot", "bands"]) == 0
    result = json.loads(out.read_text())
    assert result["data"]["name"] == "grocery/validation"
    assert result["packshots"]["name"] == "grocery/packshots"
    assert result["packshots"]["products"] == 81
    figures = result["tasks"]["packshot"]["figures"]
    assert figures["recall@1"]["n"] == 296
    assert figures["recall@5"]["chance"] == pytest.approx(5 / 81, abs=1e-4)
    assert result["tasks"]["zero_shot"]["figures"]["zh"]["chance"] == pytest.approx(1 / 43, abs=1e-4)
    assert result["tasks"]["bands"]["not_applicable"] == "chance has no band"


def test_a_baseline_has_no_weights_to_sweep(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["--data", str(folder), "--baseline", "random", "--sweep"]) == 2
    assert "Leave out --sweep or --baseline." in capsys.readouterr().err


def test_data_that_are_missing_end_in_one_sentence(capsys: pytest.CaptureFixture[str]):
    assert main(["--data", "/nowhere", "--baseline", "histogram"]) == 2
    error = capsys.readouterr().err
    assert "/nowhere" in error
    assert "Traceback" not in error


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_vectors_that_know_nothing_score_at_chance_on_real_products():
    found = run.make_case(baselines.Random(), [Catalog.load(SHARED / "fashion" / "test.parquet")])
    assert found.asked == 2085
    assert found.min_right == 10
    words, likeness = tasks.attributes(found), tasks.photo(found)
    # 47 colours and kinds have ten products, and the glossary translates each of them
    assert words["colour_kind_en"]["n"] == words["colour_kind_zh"]["n"] == 47
    unheard = tasks.synonyms(found)["all"]
    for figure in (
        words["kind_en"],
        words["colour_kind_en"],
        likeness["same_kind"],
        tasks.title(found)["mrr"],
        unheard,
    ):
        assert figure["low"] - 0.01 <= figure["chance"] <= figure["high"] + 0.01, figure["label"]
