"""What is searched with by itself: the part of a photo that `SearchEngine.focus` chooses, among a benchmark's products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.calibration import rejection_thresholds
from search.encoder.locator import load_locator
from search.encoder.locator.instances import iou
from search.images import Region
from search.lab.benchmark.base import Benchmark, Floats
from search.lab.benchmark.locating import RIGHT
from search.query.encode import QueryEncoder
from search.query.looks import Looker
from search.query.objects import See, Seen, find_objects

if TYPE_CHECKING:
    from search.schema import ImageInput


class Chooser:
    """The engine's choice, from vectors instead of an index.

    Args:
        benchmark: whose encoder looks, and whose scores are calibrated.
        gallery: (n, d) unit rows of the products that are searched; the benchmark's when not given.
    """

    def __init__(self, benchmark: Benchmark, gallery: Floats | None = None):
        self._gallery = benchmark.vectors if gallery is None else gallery
        self._scale, self._thresholds = benchmark.calibration, rejection_thresholds(benchmark.encoder)
        self.looker = Looker(benchmark.encoder, lambda: load_locator(benchmark.encoder))
        self._photos = QueryEncoder(benchmark.encoder, self.looker)

    def chosen(self, photos: Sequence[ImageInput], own: Sequence[int] | None = None) -> Floats:
        """(n, d) unit rows of what is searched with of n photos.

        Args:
            own: the row of the gallery that each photo itself is, which is then not there.
        """
        found = []
        for at, photo in enumerate(photos):
            focus = find_objects(self.looker, photo, self._see(None if own is None else own[at])).focus
            found.append(self._photos.photo(photo, focus))
        return np.array(found, np.float32)

    def focus(self, photo: ImageInput) -> Region | None:
        """The part of a photo that is searched with, as it was encoded; None for the whole."""
        return self.looker.crop_of(photo, find_objects(self.looker, photo, self._see(None)).focus)

    def whole(self, photos: Sequence[ImageInput]) -> Floats:
        """(n, d) unit rows of n photos, each seen whole."""
        return np.array([self._photos.photo(photo, None) for photo in photos], np.float32)

    def own_object(self, photo: ImageInput, box: Region) -> np.ndarray:
        """(d,) unit vector of the object of a photo that overlaps a box best; zeros where none does by RIGHT."""
        found = find_objects(self.looker, photo, self._see(None)).objects
        overlaps = [float(iou(box, np.array(each.box))) for each in found]
        if not overlaps or max(overlaps) < RIGHT:
            return np.zeros(self._gallery.shape[1], np.float32)
        return self._photos.photo(photo, found[int(np.argmax(overlaps))].box)

    def _see(self, without: int | None) -> See:
        def see(vectors: np.ndarray) -> list[Seen]:
            scores = vectors @ self._gallery.T
            if without is not None:
                scores[:, without] = -1
            return [self._seen(float(nearest)) for nearest in scores.max(axis=1)]

        return see

    def _seen(self, nearest: float) -> Seen:
        known = self._scale is None or self._scale.in_catalog(self._thresholds, {"photo": nearest})
        return Seen(nearest, known, "", 0.0)
