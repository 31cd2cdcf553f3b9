"""The embedded model, and every kind of tower with random weights."""

import json

import numpy as np
import pytest

from search import load_encoder
from search.encoder import EmbeddingCache
from search.encoder import encoder as register
from search.encoder.base import fingerprint, unit
from search.encoder.loading import LOADERS
from search.errors import ModelError
from tests.encoder.contract import CHECKS, check, name_of


@pytest.fixture(params=["toy", "embedded"])
def any_encoder(request):
    return request.getfixturevalue("encoder" if request.param == "toy" else "embedded")


@pytest.mark.parametrize("promise", CHECKS, ids=name_of)
def test_an_encoder_keeps_the_contract(promise, any_encoder, tmp_path):
    promise(any_encoder, tmp_path)


def test_an_encoder_is_registered_by_what_stands_before_the_colon(encoder):
    @register("toy")
    def load(name, device):
        assert (name, device) == ("toy:of three colours", "cpu")
        return encoder

    assert load_encoder("toy:of three colours", device="cpu") is encoder
    with pytest.raises(ValueError, match="there is a loader of 'toy' already: load"):
        register("toy")(load)
    del LOADERS["toy"]
    with pytest.raises(ModelError, match="no model 'toy:of three colours'"):
        load_encoder("toy:of three colours")


class TestEmbedded:
    def test_it_is_small(self, embedded):
        assert embedded.dim == 256

    def test_it_opens_from_any_folder(self, embedded, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert load_encoder().fingerprint == embedded.fingerprint

    def test_it_fits_its_forty_megabytes(self):
        from search.encoder.loading import EMBEDDED

        assert sum(file.stat().st_size for file in EMBEDDED.iterdir()) < 40 * 2**20


class WordTokens:
    """A tokenizer that needs no vocabulary: a text's letters as ids, cut and padded to the length."""

    def __init__(self, length: int, vocabulary: int):
        self.length, self.vocabulary = length, vocabulary

    def __call__(self, texts):
        import torch

        rows = [[1 + ord(c) % (self.vocabulary - 2) for c in text[: self.length - 1]] for text in texts]
        return torch.tensor([row + [self.vocabulary - 1] + [0] * (self.length - 1 - len(row)) for row in rows])


@pytest.mark.slow
@pytest.mark.parametrize(
    "architecture",
    ["ViT-B-32", "ViT-B-16-SigLIP", "RN50", "convnext_base", "EVA02-B-16", "coca_ViT-B-32", "MobileCLIP-S1"],
)
def test_any_tower_of_open_clip_constructs_and_encodes(architecture):
    import open_clip

    from search.encoder.openclip import OpenClipEncoder

    model, _, preprocess = open_clip.create_model_and_transforms(architecture, pretrained=None)
    text = open_clip.get_model_config(architecture)["text_cfg"]
    tokens = WordTokens(text.get("context_length", 77), text.get("vocab_size", 49408))
    check(OpenClipEncoder(architecture, model, preprocess, tokens))


def tiny_tokenizer():
    """Seven words, with the marks that real tokenizers put around a text (an empty one has them too)."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = {word: n for n, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", "a", "red", "shoe"])}
    core = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    core.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    special = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=core, **special)


def write_towers(folder, vision, text):
    """A tiny model in open_clip's local-dir format with random weights."""
    import open_clip
    import torch

    config = {
        "model_cfg": {"embed_dim": 32, "vision_cfg": vision, "text_cfg": text},
        "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3},
    }
    folder.mkdir(exist_ok=True)
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False, pretrained_text=False)
    torch.save(model.state_dict(), folder / "open_clip_pytorch_model.bin")


def test_a_local_folder_with_a_transformers_text_tower(tmp_path):
    """The text tower and its tokenizer come from transformers, both from disk."""
    from transformers import RobertaConfig

    folder = tmp_path / "model"
    folder.mkdir()
    tiny_tokenizer().save_pretrained(folder)
    RobertaConfig(
        vocab_size=7, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=40, pad_token_id=1,
    ).save_pretrained(folder)  # fmt: skip
    vision = {"image_size": 32, "layers": 1, "width": 32, "patch_size": 16, "head_width": 16}
    text = {"hf_model_name": str(folder), "hf_tokenizer_name": str(folder), "hf_proj_type": "mlp",
            "hf_pooler_type": "mean_pooler", "hf_model_pretrained": False, "context_length": 16}  # fmt: skip
    write_towers(folder, vision, text)
    encoder = load_encoder(f"local-dir:{folder}")
    check(encoder)
    assert encoder.dim == 32


@pytest.mark.parametrize("kind", ["CLIP", "Siglip"])
def test_clip_and_siglip_from_transformers(tmp_path, kind):
    import transformers

    vision = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
              "image_size": 32, "patch_size": 16}  # fmt: skip
    text = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
            "vocab_size": 7, "max_position_embeddings": 16, "projection_size": 32, "eos_token_id": 2,
            "bos_token_id": 0, "pad_token_id": 1}  # fmt: skip
    more = {"projection_dim": 24} if kind == "CLIP" else {}
    config = getattr(transformers, f"{kind}Config")(vision_config=vision, text_config=text, **more)
    size = {"height": 32, "width": 32}
    pixels = getattr(transformers, f"{kind}ImageProcessor")(size=size, crop_size=size)
    folder = tmp_path / kind
    getattr(transformers, f"{kind}Model")(config).save_pretrained(folder)
    getattr(transformers, f"{kind}Processor")(pixels, tiny_tokenizer()).save_pretrained(folder)
    encoder = load_encoder(f"transformers:{folder}")
    check(encoder)
    assert encoder.dim == (24 if kind == "CLIP" else 32)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ViT-B-23/openai", "Close names: ViT-B-32"),
        ("ViT-B-32/laion2b", "ViT-B-32/laion2b_"),
        ("ViT-B-32", "named without weights"),
        ("local-dir:/no/such/folder", "no open_clip model"),
        ("hf-hub:nobody/nothing", "cannot be reached"),
        ("transformers:nobody/nothing", "cannot be reached"),
        ("ViT-B-32/laion2b_s34b_b79k", "cannot be reached"),
    ],
)
def test_a_name_that_cannot_be_had_is_one_error_that_names_what_can(name, says, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", "/nonexistent")
    with pytest.raises(ModelError, match=says) as refused:
        load_encoder(name)
    assert "The embedded model always works" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_local_model_without_weights_is_refused_instead_of_searching_at_random(tmp_path):
    (tmp_path / "open_clip_config.json").write_text("{}")
    with pytest.raises(ModelError, match="has no weights"):
        load_encoder(f"local-dir:{tmp_path}")


def test_a_damaged_local_model_is_one_error(tmp_path):
    (tmp_path / "open_clip_config.json").write_text("{}")
    (tmp_path / "open_clip_model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ModelError, match="cannot be read"):
        load_encoder(f"local-dir:{tmp_path}")


def test_the_fingerprint_follows_weights_and_preprocessing():
    import torch

    layer = torch.nn.Linear(2, 2)
    before = fingerprint(layer.state_dict(), {"size": 224})
    assert fingerprint(layer.state_dict(), {"size": 224}) == before
    assert fingerprint(layer.state_dict(), {"size": 256}) != before
    with torch.no_grad():
        layer.weight[0, 0] += 1e-3
    assert fingerprint(layer.state_dict(), {"size": 224}) != before


def test_unit_leaves_a_row_of_zeros():
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0, 0]]


class TestCache:
    def test_what_was_put_comes_back(self, tmp_path):
        cache = EmbeddingCache(tmp_path, "f", 3)
        vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
        cache.put([b"a", b"b"], vectors)
        cache.close()
        again = EmbeddingCache(tmp_path, "f", 3).get([b"b", b"c"])
        assert list(again) == [b"b"]
        assert again[b"b"].tolist() == [3, 4, 5]

    def test_encoders_do_not_share_a_cache(self, tmp_path):
        EmbeddingCache(tmp_path, "f", 3).put([b"a"], np.ones((1, 3), np.float32))
        assert EmbeddingCache(tmp_path, "g", 3).get([b"a"]) == {}

    def test_more_hashes_than_sqlite_takes_at_once(self, tmp_path):
        cache = EmbeddingCache(tmp_path, "f", 1)
        keys = [n.to_bytes(4, "big") for n in range(1234)]
        cache.put(keys, np.arange(1234, dtype=np.float32)[:, None])
        assert cache.get(keys)[keys[1233]].tolist() == [1233]

    def test_a_damaged_file_is_begun_anew(self, tmp_path):
        (tmp_path / "f.sqlite").write_bytes(b"not a database" * 100)
        cache = EmbeddingCache(tmp_path, "f", 1)
        cache.put([b"a"], np.ones((1, 1), np.float32))
        assert cache.get([b"a"])


def test_embeddings_of_another_length_are_not_taken_from_the_cache(tmp_path):
    """A file of the same fingerprint may have been written by a version that cut vectors off elsewhere."""
    EmbeddingCache(tmp_path, "f", 4).put([b"a", b"b"], np.ones((2, 4), np.float32))
    wider = EmbeddingCache(tmp_path, "f", 3)
    wider.put([b"b"], np.ones((1, 3), np.float32))
    assert wider.get([b"a", b"b"]).keys() == {b"b"}
