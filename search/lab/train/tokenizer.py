"""The tokenizer of the embedded model: one vocabulary for English and Chinese product language.

Byte-pair encoding: Sennrich et al. 2016, arXiv 1508.07909. A unigram vocabulary on the same lines cut the most
frequent words in two ("nik" "e", "line" "n"); BPE keeps them whole. NFKC folds full-width letters and digits, which
Chinese shop titles use; what was never seen falls back to its UTF-8 bytes, so nothing becomes "unknown".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

PAD, CLS, UNK = "[PAD]", "[CLS]", "[UNK]"
SPECIALS = (PAD, CLS, UNK)  # ids 0, 1, 2: open_clip pads with 0
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
VOCABULARY = 8192


def train_tokenizer(lines: Iterable[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    """A tokenizer trained on `lines`, with at most `vocabulary` pieces including 3 special and 256 byte pieces.

    Every character seen in `lines` is a piece, because a Chinese colour is often one character.
    """
    normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    # Chinese is read character by character: learned from captions made of templates, longer pieces would be
    # whole templates ("女士杏色的"), which no real query repeats.
    splitter = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(r"\p{Han}"), behavior="isolated"),
            pre_tokenizers.Metaspace(prepend_scheme="always"),
        ]
    )
    learner = Tokenizer(models.BPE(unk_token=UNK))
    learner.normalizer = normalizer
    learner.pre_tokenizer = splitter
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(BYTES), special_tokens=list(SPECIALS), min_frequency=3, show_progress=False
    )
    learner.train_from_iterator(lines, trainer)
    model = json.loads(learner.to_str())["model"]
    table = model["vocab"] | {byte: len(model["vocab"]) + number for number, byte in enumerate(BYTES)}
    merges = [tuple(merge) for merge in model["merges"]]
    tokenizer = Tokenizer(models.BPE(table, merges, unk_token=UNK, byte_fallback=True))
    tokenizer.add_special_tokens(list(SPECIALS))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.ByteFallback(),
            decoders.Metaspace(prepend_scheme="always"),
            decoders.Fuse(),
            decoders.Replace(Regex(r"(?<=\p{Han}) (?=\p{Han})"), ""),
        ]
    )
    # open_clip pools the first position, so every text starts with [CLS].
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{CLS} $A", pair=f"{CLS} $A $B", special_tokens=[(CLS, SPECIALS.index(CLS))]
    )
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path, context: int) -> None:
    """Write `tokenizer.json` and `tokenizer_config.json` as transformers' AutoTokenizer reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": context,
        "pad_token": PAD,
        "cls_token": CLS,
        "unk_token": UNK,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def encode(tokenizer: Tokenizer, texts: list[str], context: int) -> list[list[int]]:
    """Ids of `texts`, each exactly `context` long: [CLS] first, padded with 0, cut at the end.

    Equal to open_clip's HFTokenizer on the saved files, without the time transformers takes around it.
    """
    rows = (encoding.ids[:context] for encoding in tokenizer.encode_batch(texts))
    return [row + [0] * (context - len(row)) for row in rows]
