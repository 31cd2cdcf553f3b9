"""A query -> what the ranking is given: its vectors, what is seen in its photo, what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from search.catalog.aspects import ProductAspects
from search.encoder.locator import load_locator
from search.errors import EmptyQueryError
from search.index.keywords import Keywords
from search.query.encode import QueryEncoder
from search.query.fusion import FusedQuery, Weights, fuse, nothing
from search.query.looks import Locator, Looker
from search.query.objects import ObjectFinder, Seen
from search.query.photo import NOTHING, PhotoReading
from search.query.reading import PhotoReader
from search.query.resolve import resolve
from search.query.vocabulary import Vocabulary
from search.ranking import Assessor, Context, Counterfactual, Judge

if TYPE_CHECKING:
    from search.calibration import ScoreCalibration, Thresholds
    from search.catalog import Catalog, Filter
    from search.encoder import Encoder
    from search.index import Index
    from search.query.parse import ParsedQuery
    from search.schema import Query, SearchResult


class Understanding:
    """How queries are understood under one encoder; remembers photos and the words of catalogs.

    Args:
        load: gives the locator that stands beside an encoder, or None; that of the embedded model when not given.

    What is given a catalog and its index is called while neither changes.
    """

    def __init__(self, encoder: Encoder, weights: Weights, load: Callable[[Encoder], Locator | None] | None = None):
        self.weights = weights
        self.photos = PhotoReader(encoder)
        self.looker = Looker(encoder, lambda: (load or load_locator)(encoder))
        self._queries = QueryEncoder(encoder, self.looker)
        self.objects = ObjectFinder(self.looker)
        self._counterfactual = Counterfactual()

    @staticmethod
    def warm(catalog: Catalog) -> None:
        """Read what the products say, which the next search would otherwise wait for."""
        ProductAspects.of(catalog)
        Keywords.of(catalog)
        Vocabulary.of(catalog)

    @staticmethod
    def read(query: Query, catalog: Catalog) -> tuple[Query, ParsedQuery]:
        """What the words ask for in this catalog, see `resolve`."""
        return resolve(query, Vocabulary.of(catalog), prices=catalog.price_span() is not None)

    @staticmethod
    def where(query: Query, parsed: ParsedQuery | None, catalog: Catalog) -> Filter:
        """The rows that may be found: what passes the filters, has nothing that must not be there and every quoted phrase
        as it stands, but for the product that stands in for the photo.

        Raises:
            FilterError: a filter on a field that the catalog does not have.
            QueryError: `like` names no product.
        """
        where = catalog.where(query.filters, without=() if query.like is None else [query.like])
        where = where.excluding(Understanding.unwanted(parsed, catalog))
        if not (parsed and parsed.phrases):
            return where
        texts = ProductAspects.of(catalog).texts
        having = texts.rows_with_phrase(parsed.phrases[0])
        for phrase in parsed.phrases[1:]:
            having = texts.rows_with_phrase(phrase, having)
        return where.excluding(np.setdiff1d(catalog.rows(), having))

    @staticmethod
    def narrowing(query: Query, catalog: Catalog) -> tuple[Mapping[str, Any], np.ndarray]:
        """(the filters of a query and its words, (n,) the rows that have what must not be there)."""
        try:
            query, parsed = Understanding.read(query, catalog)
        except EmptyQueryError:
            return query.filters, np.zeros(0, np.int64)
        return query.filters, Understanding.unwanted(parsed, catalog)

    @staticmethod
    def unwanted(parsed: ParsedQuery | None, catalog: Catalog) -> np.ndarray:
        """(n,) the rows of products that say that they have what must not be there."""
        says, rows = ProductAspects.of(catalog), catalog.rows()
        excluded = [each for each in (parsed.aspects if parsed else ()) if each.excluded]
        having = [rows[says.agreement(each, rows) == 1] for each in excluded]
        return np.concatenate([np.zeros(0, np.int64), *having])

    def see(
        self, vectors: np.ndarray, catalog: Catalog, index: Index, scale: ScoreCalibration, thresholds: Thresholds
    ) -> list[Seen]:
        """What the catalog says of each of (n, d) unit rows of a photo's objects."""
        return [self._seen(self.photos.read(one, catalog, index), scale, thresholds) for one in vectors]

    @staticmethod
    def _seen(reading: PhotoReading, scale: ScoreCalibration, thresholds: Thresholds) -> Seen:
        known = reading.nearest > -1 and scale.in_catalog(thresholds, {"photo": reading.nearest})
        kind = reading.readings.get("kind")
        if kind is None:
            return Seen(reading.nearest, known, "", 0.0)
        best = kind.best
        name = best.concepts[0] if best.concepts else best.text
        return Seen(reading.nearest, known, name if known else "", best.certainty)

    def encode(self, query: Query, known: np.ndarray | None) -> dict[str, np.ndarray]:
        """See QueryEncoder.encode."""
        return self._queries.encode(query, known)

    def fuse(self, query: Query, given: Mapping[str, np.ndarray]) -> FusedQuery:
        """The query's vectors as one; the balance counts only where there are both photo and words.

        Raises:
            QueryError: wants and exclusions cancel out.
        """
        parts = {name: vector for name, vector in given.items() if name != "fused"}
        if not parts:  # only a price was said
            return nothing(self._queries.encoder.dim)
        return fuse(self.weights.at(query.balance) if {"photo", "text"} <= parts.keys() else self.weights, **parts)

    def asked(
        self,
        query: Query,
        parsed: ParsedQuery,
        given: Mapping[str, np.ndarray],
        fused: FusedQuery,
        catalog: Catalog,
        index: Index,
    ) -> Context:
        """The query as the ranking's signals are given it, without products yet."""
        reads = query.read_photo and "photo" in given
        photo = self.photos.read(given["photo"], catalog, index) if reads else NOTHING
        stated = [aspect.name for aspect in parsed.aspects if not aspect.excluded]
        return Context(
            query=query,
            given={name: vector for name, vector in given.items() if name != "fused"},
            fused=fused,
            catalog=catalog,
            aspects=(*parsed.aspects, *photo.aspects(stated)),
            typed=parsed.original,
            photo=photo,
            sort=parsed.sort,
        )

    def assessor(
        self,
        ctx: Context,
        parsed: ParsedQuery,
        where: Filter,
        scale: ScoreCalibration,
        thresholds: Thresholds,
        index: Index,
    ) -> Assessor:
        """Who says what the hits of a query are worth."""
        return Assessor(
            scale=scale,
            thresholds=thresholds,
            judge=Judge(ctx.says, lambda name: self.photos.choices(ctx.catalog, name), self.photos.encode),
            index=index,
            unknown=len(parsed.unknown),
            corrected=bool(parsed.corrections),
            open_vocabulary=getattr(self.photos.encoder, "open_vocabulary", True),
            filtered=bool(where.conditions),
        )

    def rank_without_words(self, result: SearchResult, product_id: str, catalog: Catalog, index: Index) -> int | None:
        """Where a hit would stand if the query had no words; None where it has only words, or far down."""
        query, parsed, fused = result.query, result.parsed, result.fused
        given = {name: vector for name, vector in result.vectors.items() if name not in ("text", "fused")}
        if "text" not in result.vectors or "photo" not in given or parsed is None or fused is None:
            return None
        without = self.fuse(query, given)

        def ask() -> Context:
            return self.asked(query, parsed, result.vectors, fused, catalog, index).without_words(without)

        key = catalog.revision, without.vector.tobytes(), query.balance, parsed.aspects
        where = self.where(query, parsed, catalog)
        return self._counterfactual.rank(key, ask, index, where, catalog.row(product_id))
