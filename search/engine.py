"""SearchEngine: the only place where catalog, encoder, index, fusion and ranking meet."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from search import calibration, images, storage
from search.catalog import Catalog, FacetValue
from search.encoder import EmbeddingCache, Encoder, load_encoder
from search.errors import CatalogError, EmptyQueryError, ImageError, QueryError, StaleIndexError
from search.explain import Explainer, Neighbour, Question
from search.images import Region
from search.index import FaissIndex, Index
from search.query import objects
from search.query.fusion import Fused, Weights, fuse
from search.query.parse import parse
from search.schema import Explanation, Hit, Product, Query, SearchResult, price_range
from search.settings import Settings

if TYPE_CHECKING:
    from search.schema import ImageInput

Progress = Callable[[int, int], None]

#: Products hashed, looked up and encoded at a time: what an interrupted build loses at most.
_CHUNK = 64
#: Photos whose embedding is kept while somebody tries other words with the same photo.
_REMEMBERED = 64
#: How far down a product is looked for when the words are left out.
_DEEPEST = 1000


class SearchEngine:
    """A catalog that can be searched.

    Make one with `build`, `load` or `open`. Searching is safe from several threads, also while
    products are added or removed.
    """

    def __init__(
        self,
        catalog: Catalog,
        encoder: Encoder,
        index: Index,
        background: calibration.Background,
        *,
        weights: Weights | None = None,
        cache_dir: Path | None = None,
    ):
        self.catalog = catalog
        self.encoder = encoder
        self.index = index
        self.background = background
        self.weights = weights or Weights()
        self._cache_dir = cache_dir
        self._lock = threading.RLock()
        self._explainer = Explainer(encoder)
        self._photos: OrderedDict[tuple[bytes, Any], np.ndarray] = OrderedDict()
        self._focused: OrderedDict[tuple[bytes, int], Region | None] = OrderedDict()

    @classmethod
    def build(
        cls,
        catalog: Catalog,
        encoder: Encoder | None = None,
        *,
        weights: Weights | None = None,
        cache_dir: Path | None = Settings.cache_dir,
        progress: Progress | None = None,
    ) -> SearchEngine:
        """Encode a catalog and index it: the first picture of every product, not its `more_images`.

        Embeddings are kept by the content of the picture, so that a build that was interrupted
        goes on where it stopped and unchanged pictures are never encoded twice. Products whose
        picture turns out to be damaged are left out and named in `catalog.report`.

        Args:
            encoder: the embedded model when not given.
            weights: of the fusion.
            cache_dir: where embeddings are kept; None keeps none.
            progress: called with (products done, products in all).

        Raises:
            CatalogError: not a single picture could be used.
        """
        encoder = encoder or load_encoder()
        products = list(catalog)
        vectors, problems = embed(products, encoder, cache_dir, progress)
        if len(problems) == len(products):
            problem = next(iter(problems.values()), "It is empty.")
            raise CatalogError(f"No picture of {catalog.name} can be used. {problem}", "Check the pictures.")
        if problems:
            catalog.dropped(problems)
        index = FaissIndex(encoder.dim)
        index.add(catalog.rows().tolist(), np.stack([vectors[product.id] for product in catalog]))
        measured = _measure(catalog, index, encoder, weights or Weights())
        return cls(catalog, encoder, index, measured, weights=weights, cache_dir=cache_dir)

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
        if encoder.fingerprint != model["fingerprint"]:
            command = storage.rebuild_command(Path(path), stored.manifest)
            raise StaleIndexError(
                f"The index in {path} was built with {model['name']} ({model['fingerprint']}), "
                f"not with {encoder.name} ({encoder.fingerprint}).",
                f"Build it again: {command}",
                path=str(path),
                command=command,
            )
        return cls(stored.catalog, encoder, stored.index, stored.background, weights=weights, cache_dir=cache_dir)

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
        model = {name: getattr(self.encoder, name) for name in ("name", "fingerprint", "dim", "preprocessing")}
        with self._lock:
            storage.save(Path(path), self.catalog, self.index, self.background, model)

    def search(self, query: Query, k: int = 12) -> SearchResult:
        """The k best products that pass the filters.

        Raises:
            EmptyQueryError: neither a photo nor words.
            ImageError: the photo cannot be used.
            FilterError: a filter on a field that the catalog does not have.
            QueryError: `like` names no product, k is not positive, or wants and exclusions cancel out.
        """
        if k < 1:
            raise QueryError(f"{k} results were asked for.", "Ask for at least one.", code="bad_k")
        clock = _Clock()
        query = self._understood(query)
        with clock("encode"):
            vectors = self._encode(query)
        fused = self._fused(query, vectors)
        with self._lock:
            allowed = self.catalog.mask(query.filters)
            total = int(allowed.sum())
            if query.like is not None:
                allowed[self.catalog.row(query.like)] = False
            with clock("search"):
                rows, _ = self.index.search(fused.vector.astype(np.float32), k, allowed)
            with clock("rank"):
                found = self.index.vectors(rows.tolist())
                hits = self._hits(fused, rows, found, self._best(fused, query))
                fits = self._fits(query, vectors, hits, found)
                if not fits:
                    hits = tuple(replace(hit, band="weak", probability=0.0) for hit in hits)
                else:
                    hits = self._exact_first(query, vectors, hits, found)
            size = len(self.catalog)
        return SearchResult(
            query,
            hits,
            total,
            size,
            MappingProxyType(clock.milliseconds),
            MappingProxyType({**vectors, "fused": fused.vector}),
            in_catalog=fits,
        )

    def explain(self, result: SearchResult, hit: Hit, *, lexicon: Collection[str] = ()) -> Explanation:
        """Where and why a hit matched: heatmaps on both pictures, words, parts, attributes, a sentence.

        Args:
            hit: one of the result's.
            lexicon: Chinese words that stay together when the query's words are valued one by one.

        Raises:
            QueryError: the product is no longer in the catalog.
            ImageError: the photo is no longer where it was.
        """
        query = result.query
        given = {name: vector for name, vector in result.vectors.items() if name != "fused"}
        with self._lock:
            known = self.catalog.get(query.like) if query.like is not None else None
            following = next((other for other in result.hits if other.rank == hit.rank + 1), None)
            if following is not None and following.product.id not in self.catalog:
                following = None
            question = Question(
                query=query,
                photo=known.image if known else query.image,
                hit=hit,
                product=self._stored(hit.product.id),
                fused=self._fused(query, given),
                known=known,
                next=Neighbour(following, self._stored(following.product.id)) if following else None,
                values=self._values(),
                lexicon=lexicon,
                centre=self.background.centre,
                rank_without_words=self._rank_without_words(query, given, hit),
            )
        return self._explainer.explain(question)

    def prepare(self, result: SearchResult) -> None:
        """Begin in the background with what explaining any of a result's hits will need; returns at once.

        Only the newest result is prepared for, and only where it has a photo. Nothing has to be
        prepared: `explain` does itself what was not.
        """
        query, photo = result.query, result.vectors.get("photo")
        if photo is None:
            return
        with self._lock:
            if query.like is not None and query.like not in self.catalog:
                return
            image = self.catalog.get(query.like).image if query.like is not None else query.image
        if image is not None:
            self._explainer.prepare(image, photo, region=query.region, values=self._values)

    def _values(self) -> dict[str, list[Any]]:
        """The catalog's values by field, from which a photo is read."""
        return {name: [value.value for value in values] for name, values in self.facets().items()}

    def _rank_without_words(self, query: Query, given: Mapping[str, np.ndarray], hit: Hit) -> int | None:
        """Where the hit would stand if the query had no words; None if it has only words, or if that
        is below the first _DEEPEST."""
        if "text" not in given or "photo" not in given:
            return None
        fused = self._fused(replace(query, text=""), {name: v for name, v in given.items() if name != "text"})
        allowed = self.catalog.mask(query.filters)
        if query.like is not None:
            allowed[self.catalog.row(query.like)] = False
        rows, _ = self.index.search(fused.vector.astype(np.float32), _DEEPEST, allowed)
        found = np.flatnonzero(rows == self.catalog.row(hit.product.id))
        return int(found[0]) + 1 if found.size else None

    def add(self, products: Iterable[Product]) -> None:
        """Add products to the catalog and the index; all of them or, on an error, none.

        Raises:
            InputError: an id is taken.
            ImageError: a picture cannot be used; the message names the product.
        """
        products = list(products)
        vectors, problems = embed(products, self.encoder, self._cache_dir)
        if problems:
            product_id, problem = next(iter(problems.items()))
            raise ImageError(f"Product {product_id!r}: {problem}", "None of the products was added.")
        with self._lock:
            rows = self.catalog.add(products)
            if rows:
                added = np.stack([vectors[product.id] for product in products])
                self.index.add(rows, added)
                self.background = self.background.with_added(added)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove products; all of them or, on an error, none.

        Raises:
            QueryError: there is no such product.
        """
        with self._lock:
            rows = self.catalog.remove(ids)
            self.background = self.background.with_removed(self.index.vectors(rows))
            self.index.remove(rows)

    def focus(self, image: ImageInput) -> Region | None:
        """The part of a photo to search with, for `Query.region`: the one most like a product; None for the whole.

        That takes as long as encoding 26 photos (10 with a model of large pictures); the answer is remembered. A photo
        like nothing in the catalog stays whole, so that a search can say so.

        Raises:
            ImageError: the photo cannot be used.
        """
        with self._lock:
            key = images.content_hash(image), self.catalog.revision
        if key in self._focused:
            return self._focused[key]
        looks = objects.look(self.encoder, image)
        with self._lock:
            everything = self.catalog.mask({})
            found = [self.index.search(look, 1, everything)[1] for look in looks]
        nearest = np.array([scores[0] if len(scores) else -1.0 for scores in found])
        fits = self.background.fits(getattr(self.encoder, "floors", {}), {"photo": float(nearest[0])})
        at = objects.choose(nearest) if fits else 0
        region = objects.WINDOWS[at] if at else None
        _remember(self._focused, key, region)
        return region

    def facets(self, filters: Mapping[str, Any] | None = None) -> dict[str, list[FacetValue]]:
        """See Catalog.facets."""
        with self._lock:
            return self.catalog.facets(filters)

    def price_span(self) -> tuple[float, float] | None:
        """See Catalog.price_span."""
        with self._lock:
            return self.catalog.price_span()

    def _understood(self, query: Query) -> Query:
        """The query with exclusions and price limits moved from the words to where they belong."""
        parsed = parse(query.text, prices=self.price_span() is not None)
        exclusions = tuple(dict.fromkeys((*query.exclusions, *parsed.exclusions)))
        filters = dict(query.filters)
        if parsed.price:
            low, high = price_range(parsed.price)
            if "price" in filters:
                set_low, set_high = price_range(filters["price"])
                low, high = max(low, set_low), min(high, set_high)
            if low <= high:
                filters["price"] = (None if low == -np.inf else low, None if high == np.inf else high)
        text = parsed.text.strip()
        if not query.has_photo and not text:
            if exclusions:
                raise EmptyQueryError(
                    f"The query only says what to leave out ({', '.join(exclusions)}).",
                    "Add a photo, or words for what you are looking for.",
                    code="only_exclusions",
                )
            raise EmptyQueryError("There is neither a photo nor words.", "Add a photo, words, or both.")
        return replace(query, text=text, exclude=exclusions, filters=filters)

    def _encode(self, query: Query) -> dict[str, np.ndarray]:
        """The (d,) unit vectors of photo, text and exclude, where the query has them."""
        vectors: dict[str, np.ndarray] = {}
        if query.like is not None:
            vectors["photo"] = self._stored(query.like)
        elif query.image is not None:
            vectors["photo"] = self._photo_vector(query.image, query.region)
        texts = ([query.text] if query.text else []) + list(query.exclusions)
        if texts:
            encoded = self.encoder.encode_texts(texts)
            if query.text:
                vectors["text"] = encoded[0]
            if query.exclusions:
                mean = encoded[-len(query.exclusions) :].mean(axis=0)
                vectors["exclude"] = mean / max(float(np.linalg.norm(mean)), 1e-6)
        return vectors

    def _fused(self, query: Query, vectors: Mapping[str, np.ndarray]) -> Fused:
        """The query's vectors as one; the balance counts only where there are both photo and words."""
        both = query.has_photo and bool(query.text)
        return fuse(self.weights.at(query.balance) if both else self.weights, **vectors)

    def _stored(self, product_id: str) -> np.ndarray:
        """The (d,) vector of a product in the index."""
        with self._lock:
            return self.index.vectors([self.catalog.row(product_id)])[0]

    def _photo_vector(self, image: Any, region: Any) -> np.ndarray:
        key = (images.content_hash(image), region)
        if key not in self._photos:
            picture = images.load(image, region=region, at_least=self.encoder.image_size)
            _remember(self._photos, key, self.encoder.encode_images([picture])[0])
        return self._photos[key]

    def _best(self, fused: Fused, query: Query) -> float | None:
        """The score of the best product whatever the filters, which change what is shown, not what it is worth.

        None where the first hit is the best product, or where nothing depends on it.
        """
        if not query.filters or calibration.made_of(fused) != "words":
            return None
        rows, _ = self.index.search(fused.vector.astype(np.float32), 1, self.catalog.mask({}))
        return float(self.index.vectors(rows.tolist())[0] @ fused.vector)

    def _hits(self, fused: Fused, rows: np.ndarray, found: np.ndarray, best: float | None) -> tuple[Hit, ...]:
        parts = fused.parts(found)
        scores = np.array([sum(part.values()) for part in parts], np.float64)
        likely = self.background.probabilities(fused, scores, best)
        return tuple(
            Hit(
                rank=rank,
                score=float(scores[at]),
                product=self.catalog.at(int(rows[at])),
                parts=MappingProxyType(parts[at]),
                band=calibration.band(likely[at]),
                probability=float(likely[at]),
            )
            for rank, at in enumerate(calibration.order(scores, rows), start=1)
        )

    def _exact_first(
        self, query: Query, vectors: Mapping[str, np.ndarray], hits: tuple[Hit, ...], found: np.ndarray
    ) -> tuple[Hit, ...]:
        """The first hits called exact that are the very picture or are named by the words; bands stay in order."""
        named = {query.text.casefold()} - {""}
        likeness = found @ vectors["photo"] if "photo" in vectors else np.zeros(len(found))
        exact = 0
        for hit, cosine in zip(hits, likeness, strict=True):
            names = {hit.product.id.casefold(), hit.product.title.casefold()}
            if cosine < calibration.SAME_PICTURE and not (names & named and not query.has_photo):
                break
            exact += 1
        return (*(replace(hit, band="exact") for hit in hits[:exact]), *hits[exact:])

    def _fits(self, query: Query, vectors: Mapping[str, np.ndarray], hits: Sequence[Hit], found: np.ndarray) -> bool:
        """Whether the catalog has anything like the query; a product of the catalog always has."""
        if query.like is not None or not hits:
            return True
        closest = {
            kind: float((found @ vectors[part]).max())
            for part, kind in (("photo", "photo"), ("text", "words"))
            if part in vectors
        }
        return self.background.fits(getattr(self.encoder, "floors", {}), closest)


def _remember(kept: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    kept[key] = value
    while len(kept) > _REMEMBERED:
        kept.popitem(last=False)


class _Clock:
    """Milliseconds by step."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.milliseconds[step] = self.milliseconds.get(step, 0.0) + (perf_counter() - start) * 1000


def embed(
    products: Sequence[Product], encoder: Encoder, cache_dir: Path | None, progress: Progress | None = None
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """(id -> (d,) vector, id -> what is wrong with its picture); see SearchEngine.build for the rest."""
    vectors: dict[str, np.ndarray] = {}
    problems: dict[str, str] = {}
    cache = _open_cache(cache_dir, encoder)

    def attempt(read: Callable[[Product], Any]) -> Callable[[Product], Any]:
        def run(product: Product) -> Any:
            try:
                return read(product)
            except ImageError as error:
                problems[product.id] = error.problem
                return None

        return run

    def decode(product: Product) -> Any:
        return images.load(product.image, at_least=encoder.image_size)

    with ThreadPoolExecutor(2) as pool:
        for at in range(0, len(products), _CHUNK):
            chunk = products[at : at + _CHUNK]
            hashed = pool.map(attempt(lambda product: images.content_hash(product.image)), chunk)
            hashes = {product.id: digest for product, digest in zip(chunk, hashed, strict=True) if digest}
            known = cache.get(list(hashes.values())) if cache else {}
            first = {digest: product for product in reversed(chunk) if (digest := hashes.get(product.id))}
            fresh = {digest: product for digest, product in first.items() if digest not in known}
            decoded = zip(fresh, pool.map(attempt(decode), fresh.values()), strict=True)
            usable = {digest: picture for digest, picture in decoded if picture is not None}
            if usable:
                encoded = encoder.encode_images(list(usable.values()))
                known.update(zip(usable, encoded, strict=True))
                if cache:
                    cache.put(usable, encoded)
            for product in chunk:
                digest = hashes.get(product.id)
                if digest in known:
                    vectors[product.id] = known[digest]
                elif digest:  # the same damaged picture under another id
                    problems[product.id] = problems[first[digest].id]
            if progress:
                progress(min(at + _CHUNK, len(products)), len(products))
    if cache:
        cache.close()
    return vectors, problems


def _open_cache(folder: Path | None, encoder: Encoder) -> EmbeddingCache | None:
    """The cache, or None where there is none or the disk does not let us: it only saves time."""
    if folder is None:
        return None
    try:
        return EmbeddingCache(folder / "embeddings", encoder.fingerprint, encoder.dim)
    except (OSError, sqlite3.Error):
        return None


def _measure(catalog: Catalog, index: Index, encoder: Encoder, weights: Weights) -> calibration.Background:
    """The background of this catalog under this encoder, from queries made of its own products.

    A pair counts as a mismatch when the categories differ, or, in a catalog without categories,
    when the products do; there, what a score is worth cannot be measured and is taken from elsewhere.
    """
    rows = catalog.rows()
    everything = index.vectors(rows.tolist())
    probes = calibration.probes(len(rows))
    products = [catalog.at(int(rows[at])) for at in probes]
    kinds = np.array([catalog.at(int(row)).category or "" for row in rows], object)
    mismatch = kinds[probes][:, None] != kinds[None, :]
    sorted_by_kind = bool(mismatch.any())
    if not sorted_by_kind:
        mismatch = probes[:, None] != np.arange(len(rows))[None, :]
    captions = [f"{p.colour or ''} {p.category or p.title}".strip() for p in products]
    queries = {"photo": everything[probes], "words": encoder.encode_texts(captions)}
    measured = calibration.background(everything, queries, mismatch)
    if not sorted_by_kind:
        return measured
    if changes := calibration.changes([p.colour or "" for p in products]):
        texts, of_product = np.unique(changes, return_inverse=True)
        queries["change"] = encoder.encode_texts(texts.tolist())[of_product]
    return calibration.calibrated(measured, everything, queries, probes, ~mismatch, weights)
