"""SearchEngine: the only place where catalog, encoder, index, fusion, ranking and explanations meet."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from search import calibration, checks, indexing, ranking, storage
from search.catalog import Catalog, FacetValue
from search.encoder import Encoder, load_encoder
from search.errors import QueryError
from search.explain import Explainer, ExplanationRequest, Neighbour
from search.explain.schema import Explanation
from search.images import Region
from search.index import DEFAULT, Index
from search.indexing import Progress
from search.query.fusion import Weights
from search.query.objects import Found, Object, Seen
from search.query.suggest import Suggester, Suggestion
from search.query.vocabulary import Vocabulary
from search.schema import Hit, Product, Query, SearchResult
from search.searching import Understanding
from search.settings import Settings
from search.timing import Clock

if TYPE_CHECKING:
    from search.schema import ImageInput


class SearchEngine:
    """A catalog that can be searched.

    Make one with `build`, `load` or `open`. Searching is safe from several threads, also while products are added or
    removed: what is remembered and follows from the catalog is kept by its revision.
    """

    def __init__(
        self,
        catalog: Catalog,
        encoder: Encoder,
        index: Index,
        scale: calibration.ScoreCalibration,
        *,
        weights: Weights | None = None,
        cache_dir: Path | None = None,
    ):
        self.catalog = catalog
        self.encoder = encoder
        self.index = index
        self.calibration = scale
        self.thresholds = calibration.rejection_thresholds(encoder)
        self.weights = weights or Weights()
        self._cache_dir = cache_dir
        self._lock = threading.RLock()
        self._understanding = Understanding(encoder, self.weights)
        self._explainer = Explainer(encoder, self._understanding.looker)
        self._understanding.warm(catalog)
        Suggester.of(catalog)

    @classmethod
    def build(
        cls,
        catalog: Catalog,
        encoder: Encoder | None = None,
        *,
        weights: Weights | None = None,
        index: str = DEFAULT,
        cache_dir: Path | None = Settings.cache_dir,
        progress: Progress | None = None,
    ) -> SearchEngine:
        """Encode a catalog and index it: the first picture of every product, not its `more_images`.

        Embeddings are kept by the content of the picture, so that an interrupted build goes on where it stopped and
        unchanged pictures are never encoded twice. Products whose picture turns out to be damaged are left out and
        named in `catalog.report`.

        Args:
            encoder: the embedded model when not given.
            weights: of the fusion.
            index: the name of the kind of index (search.index.INDEXES).
            cache_dir: where embeddings are kept; None keeps none.
            progress: called with (products done, products in all).

        Raises:
            CatalogError: not a single picture could be used.
            IndexFileError: there is no such kind of index.
        """
        encoder, weights = encoder or load_encoder(), weights or Weights()
        built = indexing.build(catalog, encoder, index=index, cache_dir=cache_dir, progress=progress)
        scale = indexing.calibrate(catalog, built, encoder, weights)
        return cls(catalog, encoder, built, scale, weights=weights, cache_dir=cache_dir)

    @classmethod
    def load(
        cls,
        path: str | Path,
        encoder: Encoder | None = None,
        *,
        weights: Weights | None = None,
        cache_dir: Path | None = Settings.cache_dir,
    ) -> SearchEngine:
        """Open what `save` wrote.

        Args:
            encoder: the one it was built with; loaded by its name when not given.

        Raises:
            IndexFileError, DamagedIndexError, StaleIndexError: with the command that rebuilds it.
            ModelError: its model cannot be had.
        """
        stored = storage.load(Path(path))
        model = stored.manifest["model"]
        encoder = encoder or load_encoder(model["name"])
        storage.check_encoder(Path(path), stored.manifest, encoder)
        return cls(stored.catalog, encoder, stored.index, stored.calibration, weights=weights, cache_dir=cache_dir)

    @classmethod
    def open(cls, settings: Settings, *, progress: Progress | None = None) -> SearchEngine:
        """The engine that the settings ask for: a saved index, or a catalog that is encoded now.

        Raises:
            VitrineError: whatever stands in the way, in one sentence.
        """
        if settings.index is not None:
            encoder = load_encoder(settings.model) if settings.model else None
            return cls.load(settings.index, encoder, cache_dir=settings.cache_dir)
        # The catalog first: a wrong path should not cost the seconds that a model takes to load.
        catalog = Catalog.load(settings.catalog)
        return cls.build(catalog, load_encoder(settings.model), cache_dir=settings.cache_dir, progress=progress)

    def save(self, path: str | Path) -> None:
        """Write catalog, index and manifest to a folder, all or nothing.

        Pictures that are files stay where they are and are referred to; others are copied in.

        Raises:
            IndexFileError: the folder holds something else, or cannot be written.
        """
        with self._lock:
            storage.save(Path(path), self.catalog, self.index, self.calibration, self.encoder)

    def search(self, query: Query, k: int = 12) -> SearchResult:
        """The k best products that pass the filters.

        Raises:
            EmptyQueryError: neither a photo nor words.
            ImageError: the photo cannot be used.
            FilterError: a filter on a field that the catalog does not have.
            QueryError: `like` names no product, k is no positive whole number, or wants and exclusions cancel out.
        """
        checks.instance(query, Query, "query")
        if (k := checks.count(k)) < 1:
            raise QueryError(f"{k} results were asked for.", "Ask for at least one.", code="bad_k")
        clock = Clock()
        with self._lock:
            query, parsed = self._understanding.read(query, self.catalog)
        with clock("encode"):
            known = self._vector(query.like) if query.like is not None else None
            given = self._understanding.encode(query, known)
        fused = self._understanding.fuse(query, given)
        with self._lock:
            where = self._understanding.where(query, parsed, self.catalog)
            with clock("search"):
                asked = self._understanding.asked(query, parsed, given, fused, self.catalog, self.index)
                rows = ranking.candidates(asked, self.index, where, k)
                found = asked.at(rows, self.index.vectors(rows.tolist()))
            with clock("rank"):
                scale = self.calibration, self.thresholds
                assessor = self._understanding.assessor(asked, parsed, where, *scale, self.index)
                hits = ranking.rank(found, k, assessor)
                groups = ranking.Grouping(asked, self.index, where, assessor).groups(hits, k)
            return SearchResult(
                query=query,
                hits=hits,
                total=int(where.mask.sum()),
                size=len(self.catalog),
                timings=MappingProxyType(clock.milliseconds),
                vectors=MappingProxyType({**given, "fused": fused.vector}),
                in_catalog=assessor.in_catalog(asked),
                fused=fused,
                parsed=parsed,
                aspects=asked.aspects,
                groups=groups,
            )

    def explain(self, result: SearchResult, hit: Hit) -> Explanation:
        """Where and why a hit matched: heatmaps on both pictures, words, parts, attributes, a sentence.

        Args:
            hit: one of the result's.

        Raises:
            QueryError: the product is no longer in the catalog.
            ImageError: the photo is no longer where it was.
        """
        checks.instance(result, SearchResult, "result")
        checks.instance(hit, Hit, "hit")
        query, fused = result.query, result.fused
        if fused is None:
            raise QueryError("This result does not come from a search.", "Explain what `search` returned.")
        with self._lock:
            known = self.catalog.get(query.like) if query.like is not None else None
            ranked = (*result.hits, *result.further)
            after = (other for other in ranked if other.rank == hit.rank + 1 and other.product.id in self.catalog)
            following = next(after, None)
            request = ExplanationRequest(
                query=query,
                photo=known.image if known else query.image,
                hit=hit,
                product=self._vector(hit.product.id),
                fused=fused,
                known=known,
                next=Neighbour(following, self._vector(following.product.id)) if following else None,
                values=self.catalog.facet_values(),
                vocabulary=Vocabulary.of(self.catalog),
                centre=self.calibration.centre,
                rank_without_words=self._understanding.rank_without_words(
                    result, hit.product.id, self.catalog, self.index
                ),
            )
        return self._explainer.explain(request)

    def prefetch_explanation(self, result: SearchResult) -> None:
        """Begin in the background with what explaining any of a result's hits will need; returns at once.

        Only the newest result is prepared for, and only where it has a photo; `explain` does itself what was not.
        """
        query, photo = result.query, result.vectors.get("photo")
        if photo is None:
            return
        with self._lock:
            known = self.catalog.get(query.like) if query.like and query.like in self.catalog else None
        image = known.image if known else query.image
        if image is not None:
            self._explainer.prefetch(image, photo, region=query.region, values=self.catalog.facet_values)

    def add(self, products: Iterable[Product]) -> None:
        """Add products to the catalog and the index; all of them or, on an error, none.

        Raises:
            InputError: an id is taken, or something is no product.
            ImageError: a picture cannot be used; the message names the product.
        """
        products = checks.several(products, "products", "Give several, as a list.")
        for product in products:
            checks.instance(product, Product, "product")
        vectors = indexing.embed_all(products, self.encoder, self._cache_dir)
        with self._lock:
            self.index.add(self.catalog.add(products), vectors)
            self._understanding.warm(self.catalog)
            self.calibration = self.calibration.with_added(vectors)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove products; all of them or, on an error, none.

        Raises:
            QueryError: there is no such product.
        """
        with self._lock:
            rows = self.catalog.remove(ids)
            self.calibration = self.calibration.with_removed(self.index.vectors(rows))
            self.index.remove(rows)
            self._understanding.warm(self.catalog)

    def objects(self, image: ImageInput) -> tuple[Object, ...]:
        """The things in a photo, the one that a shopper means first; () where nothing is found.

        Each has a box to search with (`Query(image=image, region=object.box)`), a mask, and what it is and how sure, see
        Object. The answer is remembered, with the objects' vectors: searching with one of them encodes nothing again.
        Without a locator (search.encoder.locator) there is at most one, a window without a mask.

        Raises:
            ImageError: the photo cannot be used.
        """
        return self._found(image).objects

    def focus(self, image: ImageInput) -> Region | None:
        """The part of a photo to search with, for `Query.region`: the box of the first of its objects; None for the whole.

        A photo of one thing stays whole, and so does one like nothing in the catalog, so that a search can say so.

        Raises:
            ImageError: the photo cannot be used.
        """
        return self._found(image).focus

    def _found(self, image: ImageInput) -> Found:
        def see(vectors: np.ndarray) -> list[Seen]:
            with self._lock:
                return self._understanding.see(vectors, self.catalog, self.index, self.calibration, self.thresholds)

        return self._understanding.objects.find(image, self.catalog.revision, see)

    def facets(
        self, filters: Mapping[str, Any] | None = None, query: Query | None = None
    ) -> dict[str, list[FacetValue]]:
        """See Catalog.facets; with a query, under its filters, and the price and the exclusions of its words too."""
        with self._lock:
            if query is None:
                return self.catalog.facets(filters)
            return self.catalog.facets(*self._understanding.narrowing(query, self.catalog))

    def price_span(self) -> tuple[float, float] | None:
        """See Catalog.price_span."""
        with self._lock:
            return self.catalog.price_span()

    def suggest(self, prefix: str, lang: str = "en", k: int = 8) -> tuple[Suggestion, ...]:
        """See Suggester.suggest; it never waits for a search.

        Raises:
            QueryError: the prefix is no string, or k no whole number.
        """
        return Suggester.of(self.catalog).suggest(checks.query_text(prefix), lang, checks.count(k))

    def _vector(self, product_id: str) -> np.ndarray:
        """The (d,) vector of a product in the index."""
        with self._lock:
            return self.index.vectors([self.catalog.row(product_id)])[0]
