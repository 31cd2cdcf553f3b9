"""The model that ships: it loads as open_clip loads it, from anywhere, and embeds both languages and pictures."""

import json
from pathlib import Path

import open_clip
import pytest
import torch
from PIL import Image

from search.lab.train import network

ROOT = Path(__file__).parents[3]
MODEL = ROOT / "assets" / "model"


@pytest.mark.parametrize(("cwd", "name"), [(ROOT, "local-dir:assets/model"), (Path("/"), f"local-dir:{MODEL}")])
def test_it_loads_by_relative_path_and_from_any_folder(monkeypatch, cwd: Path, name: str):
    monkeypatch.chdir(cwd)
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    tokenizer = open_clip.get_tokenizer(name)
    model.eval()
    pictures = torch.stack([preprocess(Image.new("RGB", size, "red")) for size in ((60, 80), (300, 200))])
    with torch.inference_mode():
        rows = [model.encode_image(pictures), model.encode_text(tokenizer(["red dress", "红色连衣裙"]))]
    for found in rows:
        assert found.shape == (2, 256)
        assert found.isfinite().all()
        assert (found.norm(dim=1) > 0).all()


def test_the_folder_is_at_most_40_megabytes_and_the_weights_are_half_precision():
    assert sum(file.stat().st_size for file in MODEL.iterdir()) <= 40e6
    from safetensors import safe_open

    with safe_open(MODEL / "open_clip_model.safetensors", "pt") as weights:
        assert {weights.get_tensor(name).dtype for name in weights.keys()} <= {torch.float16, torch.int64}  # noqa: SIM118


def test_a_places_contribution_is_exact_because_pool_and_projection_are_linear():
    model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{MODEL}")
    model.eval()
    picture = preprocess(Image.linear_gradient("L").convert("RGB"))[None]
    with torch.inference_mode():
        places = model.visual.trunk.forward_features(picture).flatten(2)[0].T  # (places, 1280)
        summed = model.visual.head(places / len(places)).sum(0)
        assert torch.allclose(summed, model.encode_image(picture)[0], atol=1e-4)


def test_the_shipped_configuration_is_the_one_the_training_writes():
    shipped = json.loads((MODEL / "open_clip_config.json").read_text(encoding="utf-8"))
    text = shipped["model_cfg"]["text_cfg"]
    size = shipped["preprocess_cfg"]["size"]
    assert shipped == network.config(size, text["vocab_size"], text["context_length"], text["layers"], text["width"])


def test_exported_weights_load_back_to_half_precision_equality(tmp_path: Path):
    configuration = network.config(32, 300, 8, layers=1, width=64, dimension=16)
    model = network.create(configuration["model_cfg"])
    network.export(model.state_dict(), configuration, tmp_path)
    loaded, _, _ = open_clip.create_model_and_transforms(f"local-dir:{tmp_path}")
    for name, tensor in loaded.state_dict().items():
        expected = model.state_dict()[name]
        assert torch.equal(tensor, expected.half().float() if expected.is_floating_point() else expected), name


GOLDEN_TEXTS = ("red linen dress", "女士杏色手提包", "running shoes for men", "brown leather sofa")
GOLDEN_PICTURES = ("mug-001", "dress-001", "chair-001")


def test_its_vectors_are_the_golden_ones(request):
    """Another version of torch or open_clip must not change what the weights say; new weights need --update-golden."""
    name = f"local-dir:{MODEL}"
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    folder = ROOT / "assets" / "catalog" / "images"
    opened = [preprocess(Image.open(folder / f"{picture}.webp").convert("RGB")) for picture in GOLDEN_PICTURES]
    with torch.inference_mode():
        texts = model.eval().encode_text(open_clip.get_tokenizer(name)(list(GOLDEN_TEXTS)), normalize=True)
        rows = torch.cat([texts, model.encode_image(torch.stack(opened), normalize=True)])
    vectors = dict(zip([*GOLDEN_TEXTS, *GOLDEN_PICTURES], rows, strict=True))
    path = ROOT / "tests" / "golden" / "vectors.json"
    if request.config.getoption("--update-golden"):
        rounded = {name: [round(value, 4) for value in row.tolist()] for name, row in vectors.items()}
        path.write_text(json.dumps(rounded, ensure_ascii=False) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert list(golden) == list(vectors)
    for name, row in vectors.items():
        assert torch.allclose(row, torch.tensor(golden[name]), atol=2e-3), name
