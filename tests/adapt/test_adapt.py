"""Adapting a model to a catalog: what is merged equals what was trained, and what is held out stays out."""

from __future__ import annotations

import builtins
import copy
import json
import math
from pathlib import Path

import numpy as np
import open_clip
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from search import Catalog, Product, Query, SearchEngine, load_encoder
from search import images as pictures
from search.adapt import AdaptationLayer, Lora, Pairs, Recipe, adapt, from_checkpoint
from search.adapt.methods import adaptable
from search.encoder.openclip import OpenClipEncoder
from search.errors import InputError, ModelError
from search.lab.train import network

PX = 32
TEXT = {"context_length": 8, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1}
#: The embedded model's architecture is the network's own; the others end their picture towers in other ways.
VISION = {
    "conv": {"timm_model_name": "tf_efficientnet_lite0", "timm_pool": "avg", "timm_proj": "linear", "image_size": PX},
    "mlp": {"timm_model_name": "tf_efficientnet_lite0", "timm_pool": "avg", "timm_proj": "mlp", "image_size": PX},
    "vit": {"image_size": PX, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
}
QUICK = Recipe(epochs=3, rate=1e-2, patience=3, batch=8, items=6)


def tiny(folder: Path, kind: str) -> OpenClipEncoder:
    """An encoder of random weights, from a folder in open_clip's own format."""
    configuration = {"model_cfg": {"embed_dim": 16, "custom_text": True, "vision_cfg": VISION[kind], "text_cfg": TEXT}}
    configuration["preprocess_cfg"] = network.config(PX, 0, 0)["preprocess_cfg"]
    torch.manual_seed(0)
    model = open_clip.CustomTextCLIP(16, VISION[kind], TEXT)
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps(configuration), encoding="utf-8")
    torch.save(model.state_dict(), folder / "open_clip_pytorch_model.bin")
    return load_encoder(f"local-dir:{folder}")


@pytest.fixture(scope="module", params=list(VISION))
def encoder(request, tmp_path_factory) -> OpenClipEncoder:
    return tiny(tmp_path_factory.mktemp("models") / request.param, request.param)


@pytest.fixture(scope="module")
def vit(tmp_path_factory) -> OpenClipEncoder:
    return tiny(tmp_path_factory.mktemp("models") / "vit", "vit")


def pairs(per_item: int = 4) -> Pairs:
    """Six items of one colour each; the photos of an item are its colour inverted, with noise."""
    rng = np.random.default_rng(0)
    colours = rng.integers(30, 225, (6, 3))

    def picture(colour: np.ndarray, noise: int) -> Image.Image:
        grain = rng.integers(-noise, noise + 1, (PX, PX, 3))
        return Image.fromarray(np.clip(colour + grain, 0, 255).astype(np.uint8))

    items = [picture(colour, 2) for colour in colours]
    queries = [picture(255 - colour, 25) for colour in colours for _ in range(per_item)]
    return Pairs(queries, items, np.repeat(np.eye(6, dtype=bool), per_item, axis=0))


def embed(model, encoder: OpenClipEncoder, some) -> torch.Tensor:
    """(n, d), not normalised."""
    with torch.no_grad():
        return model.encode_image(torch.stack([encoder.preprocess(picture) for picture in some]))


def scrambled(module: torch.nn.Module) -> torch.nn.Module:
    """With something learned that is far from nothing."""
    torch.manual_seed(1)
    for parameter in module.parameters():
        if parameter.requires_grad:
            parameter.data.normal_(std=0.1)
    return module


@pytest.mark.parametrize("rank", [None, 3])
def test_the_folded_adaptation_layer_equals_the_applied_one(encoder, rank):
    method, some = AdaptationLayer(rank), pairs().items
    model = copy.deepcopy(encoder.model)
    layer = scrambled(method.attach(model, encoder.dim))
    before = embed(encoder.model, encoder, some)
    with torch.no_grad():
        applied = layer(before)
    method.merge(model, layer)
    assert not torch.allclose(applied, before, atol=1e-3)
    assert torch.allclose(embed(model, encoder, some), applied, atol=1e-5)


@pytest.mark.parametrize("last", [None, 2])
def test_merged_lora_equals_unmerged_lora_and_leaves_the_same_modules(encoder, last):
    method, some = Lora(rank=2, last=last), pairs().items
    model = copy.deepcopy(encoder.model)
    tower = scrambled(method.attach(model, encoder.dim))
    with torch.no_grad():
        applied = tower(torch.stack([encoder.preprocess(picture) for picture in some]))
    method.merge(model, tower)
    merged = embed(model, encoder, some)
    assert torch.allclose(merged, applied, rtol=1e-3, atol=1e-4)
    assert not torch.allclose(merged, embed(encoder.model, encoder, some), atol=1e-3)
    assert model.state_dict().keys() == encoder.model.state_dict().keys()


def test_lora_takes_pointwise_convolutions_linear_layers_and_attention(tmp_path):
    conv, vit = (tiny(tmp_path / kind, kind).model.visual for kind in ("conv", "vit"))
    assert "trunk.conv_head" in adaptable(conv)
    assert adaptable(conv)[-1] == "head.proj"
    assert not any("dw" in name or "stem" in name for name in adaptable(conv))
    assert adaptable(vit) == [
        f"transformer.resblocks.{n}.{layer}" for n in (0, 1) for layer in ("attn", "mlp.c_fc", "mlp.c_proj")
    ]


def test_lora_trains_what_its_pattern_names_and_nothing_else(vit):
    tower = Lora(modules=r".*\.mlp\.c_fc").attach(copy.deepcopy(vit.model), vit.dim)
    trained = [name for name, parameter in tower.named_parameters() if parameter.requires_grad]
    assert len(trained) == 2 * 2
    assert all("c_fc.lora_" in name for name in trained)
    with pytest.raises(ModelError, match=r"matches 'head'\. It has: .*mlp\.c_proj"):
        Lora(modules="head").attach(copy.deepcopy(vit.model), vit.dim)


def test_a_tower_that_does_not_end_in_a_projection_is_refused_by_the_layer(vit):
    model = copy.deepcopy(vit.model)
    model.visual.forward = lambda x: F.normalize(type(model.visual).forward(model.visual, x), dim=1)
    with pytest.raises(ModelError, match=r"does not end in a linear projection.* Adapt it with Lora"):
        AdaptationLayer().attach(model, vit.dim)


@pytest.mark.parametrize("method", [AdaptationLayer(), Lora(rank=2, last=2)], ids=lambda method: method.name)
def test_an_adapted_model_is_saved_opened_by_open_clip_and_searched_with(encoder, method, tmp_path):
    some = pairs()
    weights = {name: tensor.clone() for name, tensor in encoder.model.state_dict().items()}
    adapted = adapt(encoder, some, method, recipe=QUICK)
    assert all(torch.equal(tensor, weights[name]) for name, tensor in encoder.model.state_dict().items())

    name = adapted.save(tmp_path / "adapted")
    model, _, _ = open_clip.create_model_and_transforms(name)
    assert torch.equal(embed(model.eval(), encoder, some.items), embed(adapted.model, encoder, some.items))
    opened = load_encoder(name)
    assert np.array_equal(opened.encode_texts(["a red mug"]), encoder.encode_texts(["a red mug"]))
    catalog = Catalog([Product(str(n), f"item {n}", item, "Things") for n, item in enumerate(some.items)], name="toy")
    engine = SearchEngine.build(catalog, opened, cache_dir=None)
    result = engine.search(Query(image=some.queries[0]), k=6)
    expected = some.ranked(opened.encode_images(some.queries), opened.encode_images(some.items))[0]
    assert [hit.product.id == "0" for hit in result.hits] == expected.tolist()


def test_only_the_projection_changes_under_the_adaptation_layer(vit):
    recipe = Recipe(epochs=40, rate=1e-2, patience=40, batch=16, items=6, keep=0.0)
    adapted = adapt(vit, pairs(8), AdaptationLayer(), recipe=recipe)
    assert adapted.best > 0
    own = vit.model.state_dict()
    changed = [name for name, tensor in adapted.model.state_dict().items() if not torch.equal(tensor, own[name])]
    assert changed == ["visual.proj"]


def test_explanations_stay_exact_after_the_layer_is_folded(tmp_path):
    conv, some = tiny(tmp_path / "conv", "conv"), pairs()
    adapted = load_encoder(adapt(conv, some, AdaptationLayer(), recipe=QUICK).save(tmp_path / "adapted"))
    catalog = Catalog([Product(str(n), f"item {n}", item, "Things") for n, item in enumerate(some.items)], name="toy")
    engine = SearchEngine.build(catalog, adapted, cache_dir=None)
    result = engine.search(Query(image=some.queries[0]), k=1)
    why = engine.explain(result, result.hits[0])
    assert why.method
    assert why.product_map.sum() + why.product_residual == pytest.approx(result.hits[0].score, abs=1e-5)


def test_adaptation_finds_more_and_repeats_itself_exactly(vit):
    some = pairs(8)
    recipe = Recipe(epochs=40, rate=1e-2, patience=40, batch=16, items=6, keep=0.0)
    one, two = (adapt(vit, some, AdaptationLayer(), recipe=recipe) for _ in range(2))
    assert one.history[one.best].mrr > one.history[0].mrr + 0.1
    assert [epoch.loss for epoch in one.history[1:]] == [epoch.loss for epoch in two.history[1:]]
    assert torch.equal(one.model.visual.proj, two.model.visual.proj)


def test_it_stops_after_its_patience_and_gives_back_the_best(vit, monkeypatch):
    from search.adapt import fit

    measured = iter([0.5, 0.6, 0.7, 0.6, 0.7, 0.9])
    states = []

    def measure(run, number, loss):
        states.append(run.state())
        return fit.Epoch(number, loss, 0.0, 0.0, next(measured), 0.0)

    monkeypatch.setattr(fit._Run, "measure", measure)
    adapted = adapt(vit, pairs(), AdaptationLayer(), recipe=Recipe(epochs=9, rate=1e-2, patience=2, batch=8))
    # Epoch 2 is the best, 3 is worse, 4 only equal: two epochs without a better one, so there is no 5.
    assert (len(adapted.history) - 1, adapted.best) == (4, 2)
    expected = (torch.eye(vit.dim) + states[2]["up"]) @ vit.model.visual.proj.T
    assert torch.allclose(adapted.model.visual.proj.T, expected, atol=1e-6)
    assert not torch.allclose(states[2]["up"], states[4]["up"], atol=1e-4)


def test_a_model_that_training_does_not_help_comes_back_as_it_was(vit):
    some = pairs()
    recipe = Recipe(epochs=6, rate=1e-7, patience=2, batch=8, keep=0.0)
    adapted = adapt(vit, some, AdaptationLayer(), recipe=recipe)
    assert adapted.best == 0
    assert len(adapted.history) == 1 + 2
    assert torch.allclose(adapted.model.visual.proj, vit.model.visual.proj, atol=1e-7)


@pytest.mark.parametrize("method", [AdaptationLayer(), Lora(rank=2, last=2)], ids=lambda method: method.name)
def test_held_out_queries_are_measured_and_never_trained_on(vit, method):
    some = pairs()
    one = adapt(vit, some, method, recipe=QUICK)
    assert sorted([*one.training, *one.held_out]) == list(range(len(some.queries)))
    # Other held-out pictures change what is measured, and no loss of any step.
    other = [Image.effect_noise((PX, PX), 80) if row in one.held_out else q for row, q in enumerate(some.queries)]
    two = adapt(vit, Pairs(other, some.items, some.relevant), method, recipe=QUICK)
    assert [epoch.loss for epoch in one.history[1:]] == [epoch.loss for epoch in two.history[1:]]
    assert [epoch.mrr for epoch in one.history] != [epoch.mrr for epoch in two.history]


def test_the_photos_of_the_reported_split_are_not_among_those_trained_on(shared):
    hashes = [
        {
            pictures.content_hash(cell["bytes"])
            for cell in pq.read_table(shared / "grocery" / f"{split}.parquet").column("image").to_pylist()
        }
        for split in ("train", "validation")
    ]
    assert all(hashes)
    assert not hashes[0] & hashes[1]


def test_a_run_leaves_curves_for_tensorboard_and_a_checkpoint_of_the_best(vit, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    method = Lora(rank=2, last=2)
    adapted = adapt(vit, pairs(), method, recipe=QUICK, run_dir=tmp_path / "run")
    events = EventAccumulator(str(tmp_path / "run")).Reload()
    curve = [event.value for event in events.Scalars("held_out/MRR")]
    assert curve == pytest.approx([epoch.mrr for epoch in adapted.history])
    assert [event.step for event in events.Scalars("train/loss")] == list(range(1, len(adapted.history)))

    restored = from_checkpoint(vit, method, tmp_path / "run" / "best.pt")
    own = adapted.model.state_dict()
    assert all(torch.equal(tensor, own[name]) for name, tensor in restored.state_dict().items())
    with pytest.raises(ModelError, match="another method"):
        from_checkpoint(vit, AdaptationLayer(), tmp_path / "run" / "best.pt")


def test_an_interrupt_keeps_the_best_so_far(vit, monkeypatch):
    from search.adapt import fit

    epoch = fit._Run.epoch

    def interrupted(run, number):
        if number == 2:
            raise KeyboardInterrupt
        return epoch(run, number)

    monkeypatch.setattr(fit._Run, "epoch", interrupted)
    assert len(adapt(vit, pairs(), AdaptationLayer(), recipe=QUICK).history) == 1 + 1


@pytest.mark.parametrize(("package", "run_dir"), [("peft", None), ("torch.utils.tensorboard", "run")])
def test_a_missing_package_is_named_with_the_command_that_installs_it(vit, tmp_path, monkeypatch, package, run_dir):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name == package:
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ModuleNotFoundError, match=r"pip install -r search/adapt/requirements.txt"):
        adapt(vit, pairs(), Lora(), run_dir=run_dir and tmp_path / run_dir)
    assert (Path(__file__).parents[2] / "search" / "adapt" / "requirements.txt").is_file()


def test_targets_go_evenly_to_all_that_is_right_and_rows_without_any_ask_nothing():
    from search.adapt.fit import _shares

    right = torch.tensor([[True, False, True, False], [False, True, False, False], [False] * 4])
    assert _shares(right).tolist() == [[0.5, 0, 0.5, 0], [0, 1, 0, 0], [0, 0, 0, 0]]


def test_pairs_from_ids_and_what_they_refuse():
    some = pairs(1).items
    built = Pairs.of(some[:2], ["a", ["a", "b"]], some[:3], ["a", "b", "a"])
    assert built.relevant.tolist() == [[True, False, True], [True, True, True]]
    with pytest.raises(InputError, match="Query 1 is answered by 'c', which is no item"):
        Pairs.of(some[:2], ["a", "c"], some[:2], ["a", "b"])
    with pytest.raises(InputError, match="1 of 2 queries have no relevant item, the first is query 1"):
        Pairs(some[:2], some[:2], np.array([[True, False], [False, False]]))
    with pytest.raises(InputError, match="There is 1 query"):
        Pairs.of(some[:1], ["a"], some[:1], ["a"]).hold_out(0.5, 0)
    with pytest.raises(InputError, match=r"\(1, 2\), for 2 queries"):
        Pairs(some[:2], some[:2], np.ones((1, 2), bool))


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"rate": 0.0}, {"keep": -1.0}, {"held_out": 1.0}, {"patience": 0}])
def test_a_recipe_that_cannot_be_followed_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Recipe(**{"epochs": 1, "rate": 0.1} | wrong)


def test_the_source_folder_is_not_overwritten_and_other_encoders_are_refused(vit, encoder):
    adapted = adapt(vit, pairs(), AdaptationLayer(), recipe=QUICK)
    with pytest.raises(FileExistsError, match="choose another folder"):
        adapted.save(vit.name.removeprefix("local-dir:"))

    class Other:
        name = "transformers:some/model"

    with pytest.raises(ModelError, match="is no open_clip model"):
        adapt(Other(), pairs(), AdaptationLayer())


def test_a_model_of_open_clips_list_is_saved_with_its_configuration(tmp_path, monkeypatch):
    vision = open_clip.get_model_config("ViT-B-32")
    small = {**vision, "embed_dim": 16, "vision_cfg": VISION["vit"], "text_cfg": TEXT}
    monkeypatch.setattr(open_clip, "get_model_config", lambda name: small if name == "ViT-B-32" else None)
    torch.manual_seed(0)
    model = open_clip.CLIP(16, VISION["vit"], TEXT)
    preprocess = open_clip.image_transform(PX, is_train=False)
    named = OpenClipEncoder("ViT-B-32/openai", model, preprocess, open_clip.SimpleTokenizer(context_length=8))
    model.visual.preprocess_cfg = network.config(PX, 0, 0)["preprocess_cfg"]
    named.preprocessing = model.visual.preprocess_cfg
    opened = load_encoder(adapt(named, pairs(), AdaptationLayer(), recipe=QUICK).save(tmp_path / "adapted"))
    assert np.allclose(opened.encode_texts(["a mug"]), named.encode_texts(["a mug"]), atol=1e-6)
    assert opened.preprocessing["resize_mode"] == "longest"
    assert math.isclose(float(np.linalg.norm(opened.encode_images([pairs().items[0]])[0])), 1, abs_tol=1e-5)
