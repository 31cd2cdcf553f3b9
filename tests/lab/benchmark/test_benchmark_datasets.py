"""Splits, and what lies beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.lab.benchmark import datasets


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
