"""What is asked, and how an answer is judged.

Queries are made from the data, answers are judged by its own words (`category` is the kind,
`colour` the colour, compared exactly: "Navy Blue" does not answer "blue"). The gallery is the data
and whatever is added to it; what is added is found but never asked for.

P@10 is the share of right answers among the first ten. Queries with fewer than `min_right` right
answers in the gallery are left out; where that is less than ten, P@10 of a query with R < 10 right
answers is that of the first R, see metrics.precision_at_k. Ties count against the model.

Vectors come from the encoder and are fused by search.query.fusion, as in the engine; only the search
itself is one matrix product for all queries instead of one index call each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from search import calibration, metrics
from search.errors import InputError
from search.lab.benchmark.datasets import in_chinese, in_english, names_of, read_scenes, read_synonyms
from search.query import fusion, objects
from search.schema import BANDS

#: Photos of one (kind, colour, other colour); more would only ask the same question again.
PHOTOS_PER_TRIPLET = 3
#: Composed queries at most, drawn from all: against 33,000 products their judgements take 66 MB.
COMPOSED_QUERIES = 2000
#: Searches whose hits are judged at most, and the fewest that are worth leaving out those of the background.
BAND_QUERIES, FEWEST_SEARCHES = 256, 50
#: The share of the catalog's own queries that a floor turns away where it is measured: at most 5 of 100 are to be refused
#: elsewhere, and 308 photographs can be off by one of 100.
REFUSED = 0.04
#: Shares of a catalog in which floors are measured again, and how often.
THINNED, THINNINGS = (1 / 2, 1 / 4, 1 / 8), 8
#: Right answers that each of the listed synonyms has in the splits it was listed for: with fewer, one odd label decides.
SYNONYM_RIGHT = 5
#: What a sweep tries: shares of the words beside the photo, and exclusions as multiples of the words' weight.
WORD_SHARES = tuple(step / 20 for step in range(21))
EXCLUDE_RATIOS = tuple(step / 10 for step in range(21))

Strings = NDArray[np.str_]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """What a task works on: pictures as vectors, what the catalog says of them, and an encoder.

    The first `asked` rows are the data under test; the others only stand in the gallery. `packshots`
    are clean pictures of the same articles; `inside` and `outside` are to be found and to be refused.
    All have the same encoder.
    """

    encoder: Any
    vectors: Floats  # (n, d) unit rows
    titles: Strings  # (n,)
    titles_zh: Strings  # (n,) "" = none
    kinds: Strings  # (n,) "" = unknown
    colours: Strings  # (n,) "" = unknown
    ids: Strings  # (n,)
    asked: int
    min_right: int
    weights: fusion.Weights = field(default_factory=fusion.Weights)
    seed: int = 0
    scenes: Path | None = None
    background: calibration.Background | None = None
    packshots: Case | None = None
    inside: Floats | None = None  # (m, d) photographs of the catalog's kinds
    outside: Floats | None = None  # (m, d) photos of things that the catalog does not have
    outside_words: Sequence[str] = ()  # their kinds
    images: Sequence[Any] = ()  # (n,) as the catalog names them, for tasks that look again

    def ranked(
        self, queries: Floats, right: Bools, own: NDArray[np.int64] | None = None, among: Bools | None = None
    ) -> Bools:
        """(q, n) judgements in rank order.

        Args:
            queries: (q, d) unit rows.
            right: (q, n) which products answer.
            own: (q,) the row of each query's own photo, which then counts as last and wrong.
            among: (q, n) which products compete; the others come last.
        """
        found = np.empty(right.shape, dtype=bool)
        for start in range(0, len(queries), 256):  # 256 x 33,000 scores take 34 MB
            part = slice(start, start + 256)
            scores, judged = queries[part] @ self.vectors.T, right[part].copy()
            if among is not None:
                scores[~among[part]] = -np.inf
            if own is not None:
                each = np.arange(len(scores))
                scores[each, own[part]], judged[each, own[part]] = -np.inf, False
            found[part] = metrics.ranked(scores, judged)
        return found

    def thinned(self, rows: NDArray[np.int64]) -> Case:
        """The case of a catalog that has only `rows` of the data under test."""
        of_rows = ("vectors", "titles", "titles_zh", "kinds", "colours", "ids")
        return replace(self, asked=len(rows), images=(), **{name: getattr(self, name)[rows] for name in of_rows})

    def texts(self, words: Sequence[str]) -> Floats:
        """(q, d) vectors; each distinct text is encoded once."""
        distinct, where = np.unique(np.asarray(words), return_inverse=True)
        return self.encoder.encode_texts(distinct.tolist())[where]

    def frequent(self, *columns: Strings, at_least: int | None = None) -> list[tuple[str, ...]]:
        """Combinations of known values that the data under test have, and the gallery often enough, sorted.

        Args:
            columns: each (n,), of this case.
            at_least: min_right when not given.
        """
        rows = list(zip(*(column.tolist() for column in columns), strict=True))
        counts = Counter(rows)
        enough = self.min_right if at_least is None else at_least
        return sorted(key for key in set(rows[: self.asked]) if all(key) and counts[key] >= enough)

    def figure(
        self, label: str, values: ArrayLike, chance: ArrayLike | None, groups: Sequence[str] | Strings | None = None
    ) -> dict[str, Any]:
        """A figure as it is written: label, mean, interval, chance level, number of queries.

        Args:
            values: (q,) one per query.
            chance: (q,) their expectations under a random order; None for a difference.
            groups: (q,) queries with one name are drawn together, see metrics.bootstrap.
        """
        level = None if chance is None else float(np.asarray(chance).mean())
        return {"label": label, **vars(metrics.bootstrap(values, groups, seed=self.seed)), "chance": level}


class TooSmall(InputError):
    """The data cannot answer a task's question; the task is left out, and the result says why."""

    code = "too_small"


def same_titles(titles: Strings) -> NDArray[np.int64]:
    """(n,) the same number for titles that differ in case and spaces at most."""
    return np.unique([" ".join(title.casefold().split()) for title in titles], return_inverse=True)[1]


# ---- tasks: each returns figures by name; its docstring becomes the definition in the result


def title(case: Case) -> dict[str, Any]:
    """Title -> picture. Each distinct title (case and spaces aside) is asked once; every picture
    with that title is right, recall@k is 1 if one of them is among the first k. "each product"
    asks once per product instead, so that a title with five pictures counts five times. Where the
    data have Chinese titles (title_zh), these are asked in the same way. Titles that only repeat
    the kind are not asked."""
    figures = {}
    for suffix, label, titles in (("", "title", case.titles), ("_zh", "Chinese title", case.titles_zh)):
        asked_titles = titles[: case.asked]
        if (asked_titles == "").any() or (asked_titles == case.kinds[: case.asked]).all():
            continue
        codes = same_titles(titles)
        asked, first, counts = np.unique(codes[: case.asked], return_index=True, return_counts=True)
        right = asked[:, None] == codes
        ranked = case.ranked(case.texts(titles[first].tolist()), right)
        n, n_right = len(codes), right.sum(axis=1)
        measures = {
            "recall@1": (metrics.hit_at_k(ranked, 1), metrics.chance_hit_at_k(n_right, n, 1)),
            "recall@10": (metrics.hit_at_k(ranked, 10), metrics.chance_hit_at_k(n_right, n, 10)),
            "MRR": (metrics.reciprocal_rank(ranked), metrics.chance_reciprocal_rank(n_right, n)),
        }
        for name, (values, chance) in measures.items():
            figures[name.lower() + suffix] = case.figure(f"{label} to picture, {name}", values, chance)
        values, chance = (np.repeat(column, counts) for column in measures["recall@10"])
        figures["recall@10_each_product" + suffix] = case.figure(
            f"{label} to picture, recall@10, each product", values, chance, np.repeat(asked, counts).astype(str)
        )
    if not figures:
        raise TooSmall("These products have no titles of their own.")
    return figures


def attributes(case: Case) -> dict[str, Any]:
    """Words -> pictures, P@10. One query for each kind ("shirts") and each colour and kind ("red
    shirts") of the data, in the catalog's own words in lower case; and in Chinese by the first
    names in the glossary of search/finetune, where queries with a word that it lacks are left out."""
    kinds = [("", kind) for (kind,) in case.frequent(case.kinds)]
    pairs = case.frequent(case.colours, case.kinds)
    figures = {}
    for name, label, wanted, phrase in (
        ("kind_en", "kind, words", kinds, in_english),
        ("colour_kind_en", "colour and kind, words", pairs, in_english),
        ("kind_zh", "kind, Chinese words", kinds, in_chinese),
        ("colour_kind_zh", "colour and kind, Chinese words", pairs, in_chinese),
    ):
        asked = [(said, colour, kind) for colour, kind in wanted if (said := phrase(colour, kind))]
        if asked:
            words, colours, names = (np.array(column)[:, None] for column in zip(*asked, strict=True))
            right = (case.kinds == names) & ((case.colours == colours) | (colours == ""))
            precision = metrics.precision_at_k(case.ranked(case.texts(words.ravel().tolist()), right), 10)
            chance = metrics.chance_precision(right.sum(axis=1), len(case.kinds))
            figures[name] = case.figure(f"{label}, P@10", precision, chance)
    if not figures:
        raise TooSmall(f"No kind has {case.min_right} products in this gallery.")
    return figures


def synonyms(case: Case) -> dict[str, Any]:
    """Everyday words that stand in no caption of a training picture ("spectacles", 眼镜) -> pictures,
    P@10: the words of search/lab/benchmark/synonyms.psv with at least five right pictures in the
    gallery, each as it is listed, against the kinds listed for it. With fewer than ten right
    pictures P@10 looks no further than there are. The interval draws whole sets of kinds, whose
    words are not independent."""
    listed = read_synonyms()
    right = np.stack([np.isin(case.kinds, synonym.kinds) for synonym in listed])
    enough = right.sum(axis=1) >= min(case.min_right, SYNONYM_RIGHT)
    # Other shops have kinds that the list does not know of, which would be judged wrong.
    if enough.mean() < 0.5:
        raise TooSmall("The words are listed for the kinds of fashion/, of which this gallery has few.")
    right, asked = right[enough], [synonym for synonym, keep in zip(listed, enough, strict=True) if keep]
    precision = metrics.precision_at_k(case.ranked(case.texts([synonym.word for synonym in asked]), right), 10)
    chance = metrics.chance_precision(right.sum(axis=1), len(case.kinds))
    languages, groups = (np.array(c) for c in zip(*((s.language, "; ".join(s.kinds)) for s in asked), strict=True))
    return {
        name: case.figure(f"{label}, P@10", precision[chosen], chance[chosen], groups[chosen])
        for name, label, chosen in (
            ("all", "words of no caption", np.full(len(asked), True)),
            ("en", "words of no caption, English", languages == "en"),
            ("zh", "words of no caption, Chinese", languages == "zh"),
            ("unread", "words of no caption and no dictionary", np.array([not s.in_dictionary for s in asked])),
        )
    }


def zero_shot(case: Case) -> dict[str, Any]:
    """Photo -> its kind by words alone, accuracy. Each picture is given the kind whose words are
    nearest; a kind's vector is the mean of those of its names in one language (the ensemble in the
    space of embeddings of Radford et al. 2021, 3.1.4). Kinds and names are those of the section of
    search/lab/train/glossary.psv that has every kind of the data; chance is a guess among them."""
    kinds = case.kinds[: case.asked]
    names = names_of(kinds[kinds != ""].tolist())
    if not names or not (kinds != "").any():
        raise TooSmall("No section of the glossary names all kinds of these products.")
    known = np.flatnonzero(kinds != "")
    right = kinds[known, None] == np.array(list(names))
    chance = metrics.chance_hit_at_k(np.ones(len(known)), len(names), 1)
    figures = {}
    for language, label in (("en", "words"), ("zh", "Chinese words")):
        means = np.stack([case.texts(getattr(entry, language)).mean(axis=0) for entry in names.values()])
        scores = case.vectors[known] @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T
        accuracy = metrics.hit_at_k(metrics.ranked(scores, right), 1)
        figures[language] = case.figure(f"photo to its kind by {label}, zero-shot accuracy", accuracy, chance)
    return figures


def packshot(case: Case) -> dict[str, Any]:
    """Photo taken in a shop -> the clean picture of the same article, among all packshots: recall@k
    is 1 if one with the photo's title (the article) is among the first k; and in the same way one
    of the same kind (the group of articles). The interval draws whole articles, whose photos are
    not independent."""
    shots = case.packshots
    if shots is None:
        raise TooSmall("There are no packshots (packshots.parquet) beside these pictures.")
    articles, figures = case.titles[: case.asked], {}
    scores = case.vectors[: case.asked] @ shots.vectors.T
    for suffix, label, own, theirs in (
        ("", "photo to packshot", articles, shots.titles),
        ("_group", "photo to a packshot of its group", case.kinds[: case.asked], shots.kinds),
    ):
        right = own[:, None] == theirs
        if not right.any(axis=1).all():
            lost = sorted(set(own[~right.any(axis=1)].tolist()))
            raise InputError(
                f"There are no packshots of {', '.join(lost[:5])}.", "Name those of these data with --packshots."
            )
        ranked, n_right = metrics.ranked(scores, right), right.sum(axis=1)
        for k in (1, 5):
            chance = metrics.chance_hit_at_k(n_right, right.shape[1], k)
            figures[f"recall@{k}{suffix}"] = case.figure(
                f"{label}, recall@{k}", metrics.hit_at_k(ranked, k), chance, articles
            )
    return figures


def photo(case: Case) -> dict[str, Any]:
    """Photo -> products, P@10. Each picture of the data is asked for products of its kind, and of
    its kind and colour; itself it cannot find. Other pictures of the same article count as right.
    The interval draws whole kinds (and colours), whose pictures are not independent."""
    figures = {}
    for name, label, columns in (
        ("same_kind_colour", "photo to the same kind and colour", (case.kinds, case.colours)),
        ("same_kind", "photo to the same kind", (case.kinds,)),
    ):
        # One more than min_right, because a picture is not an answer to itself.
        wanted = set(case.frequent(*columns, at_least=case.min_right + 1))
        keys = list(zip(*(column[: case.asked].tolist() for column in columns), strict=True))
        rows = np.array([row for row, key in enumerate(keys) if key in wanted], dtype=np.int64)
        if not len(rows):
            continue
        right = np.logical_and.reduce([column[rows, None] == column for column in columns])
        precision = metrics.precision_at_k(case.ranked(case.vectors[rows], right, rows), 10)
        chance = metrics.chance_precision(right.sum(axis=1) - 1, len(case.kinds) - 1)
        figures[name] = case.figure(f"{label}, P@10", precision, chance, ["|".join(keys[row]) for row in rows])
    if not figures:
        raise TooSmall(f"No picture has {case.min_right} others of its kind in this gallery.")
    return figures


def composed(case: Case) -> dict[str, Any]:
    """Photo of an item + "in {other colour}" -> items of its kind in the other colour, P@10.
    Queries are drawn by seed: at most three photos for each (kind, colour, other colour) with
    enough right answers, at most 2,000 in all. Beside it the photo alone, "in {other colour}" alone, and, as a
    reference that is told the kind, the words "{other colour} {kind}". `gain` is the paired
    difference to the better of photo and words alone. The interval draws whole (kind, other
    colour) targets, whose queries are not independent."""
    asked = Composed.draw(case)
    photos, words, reference = case.vectors[asked.rows], case.texts(asked.words), case.texts(asked.reference)
    found = {
        "composed": ("photo and words", fused(case.weights, photo=photos, text=words)),
        "photo": ("photo alone", photos),
        "words": ("words alone", words),
        "reference": ("reference: words with the kind", reference),
    }
    values = {name: asked.precision(case, queries) for name, (_, queries) in found.items()}
    figures = {
        name: case.figure(f"composed, {label}, P@10", values[name], asked.chance, asked.targets)
        for name, (label, _) in found.items()
    }
    single = max(("photo", "words"), key=lambda name: values[name].mean())
    figures["gain"] = case.figure(
        f"composed, gain over {found[single][0]}", values["composed"] - values[single], None, asked.targets
    )
    return figures


def exclude(case: Case) -> dict[str, Any]:
    """Words without a colour, P@10: "{kind}" minus "{colour}" -> items of the kind in any other
    known colour, against the kind's words alone, for each kind and colour of the data with enough
    items of the colour and of others. `left` is the share of the first ten that still has the kind
    and the colour. The interval draws whole kinds."""
    asked = Excluded.draw(case)
    kinds, colours = case.texts(asked.words), case.texts(asked.unwanted)
    figures = {}
    for name, label, queries in (
        ("without", "with the exclusion", fused(case.weights, text=kinds, exclude=colours)),
        ("plain", "words alone", kinds),
    ):
        precision, left = asked.precision(case, queries), asked.left(case, queries)
        chance, groups = asked.chance, list(asked.kinds)
        figures[name] = case.figure(f"exclude a colour, {label}, P@10", precision, chance, groups)
        figures[f"{name}_left"] = case.figure(
            f"exclude a colour, {label}, still that colour (less is better)", left, asked.wrong.mean(axis=1), groups
        )
    return figures


def scene(case: Case) -> dict[str, Any]:
    """Photograph of a room -> the very product: recall@k is 1 if one of the products in the
    photograph is among the first k of the catalog. Asked is the whole photograph, uncropped; and the part of it
    that `SearchEngine.focus` chooses, as the app does."""
    if case.scenes is None:
        raise TooSmall("There are no photographs (scenes.csv) of these products.")
    pictures, products = read_scenes(case.scenes)
    right = np.array([np.isin(case.ids, wanted) for wanted in products])
    if not right.any(axis=1).all():
        lost = [pictures[row].name for row in np.flatnonzero(~right.any(axis=1))]
        raise InputError(f"The catalog lacks the products of {', '.join(lost[:5])}.", "Render the scenes again.")
    looks = np.stack([objects.look(case.encoder, picture) for picture in pictures])
    chosen = [objects.choose((one @ case.vectors.T).max(axis=1)) for one in looks]
    asked = {"": looks[:, 0], "focused_": looks[np.arange(len(looks)), chosen]}
    n_right = right.sum(axis=1)
    figures = {}
    for name, queries in asked.items():
        ranked, which = case.ranked(queries, right), "a part of the scene" if name else "scene"
        for k in (1, 5):
            figures[f"{name}recall@{k}"] = case.figure(
                f"{which} to the very product, recall@{k}",
                metrics.hit_at_k(ranked, k),
                metrics.chance_hit_at_k(n_right, len(case.ids), k),
            )
    return figures


#: What a kind of query is called in the tables, where its name alone says too little.
ASKED_AS = {"changed": "photo and another colour"}


@dataclass(frozen=True)
class Searches:
    """The first hits of searches made of products of the catalog, judged; one row per search."""

    likely: NDArray[np.float64]  # (q, k) probabilities of a good match
    right: Bools  # (q, k) of the kind asked for
    chance: NDArray[np.float64]  # (q,) share of that kind in the gallery
    ids: Strings  # (q,)

    @classmethod
    def of(cls, case: Case) -> dict[str, Searches]:
        """By what the queries are made of.

        Asked are products that the background was not measured with, as far as there are enough.

        Raises:
            TooSmall: there are no kinds, or no background.
        """
        known = np.flatnonzero((case.kinds != "")[: case.asked])
        unseen = np.setdiff1d(known, calibration.probes(case.asked))
        rows = np.random.default_rng(case.seed).permutation(unseen if len(unseen) >= FEWEST_SEARCHES else known)
        rows = np.sort(rows[:BAND_QUERIES])
        if case.background is None or not len(rows):
            raise TooSmall("There are no kinds to compare.")
        photos = case.vectors[rows]
        words = case.texts([in_english(case.colours[row], case.kinds[row]) for row in rows])
        asked = {"photo": {"photo": photos}, "words": {"text": words}, "both": {"photo": photos, "text": words}}
        if changes := calibration.changes(case.colours[rows].tolist()):
            asked["changed"] = {"photo": photos, "text": case.texts(changes)}
        found = {}
        for query, parts in asked.items():
            made = [
                fusion.fuse(case.weights, **dict(zip(parts, row, strict=True)))
                for row in zip(*parts.values(), strict=True)
            ]
            scores = np.stack([one.vector for one in made]).astype(np.float32) @ case.vectors.T
            if query != "words":
                scores[np.arange(len(rows)), rows] = -np.inf
            first = np.argsort(-scores, axis=1)[:, : min(calibration.DEPTH, len(case.ids) - 1)]
            close = np.take_along_axis(scores, first, axis=1)
            same = case.kinds == case.kinds[rows][:, None]
            found[query] = cls(
                np.stack([case.background.probabilities(one, row) for one, row in zip(made, close, strict=True)]),
                np.take_along_axis(same, first, axis=1),
                same.mean(axis=1),
                case.ids[rows],
            )
        return found


def bands(case: Case) -> dict[str, Any]:
    """What the match bands promise: among the first 24 hits of a search, the share of the query's
    kind in each band. Asked are up to 256 products drawn by seed, others than the background was
    measured with: their photo (itself not found), their words ("red shirts"), both, and the photo with another
    colour ("in blue"), where the kind is still the photo's. n counts
    hits; chance is the share of the kind in the gallery; the interval draws whole searches."""
    figures = {}
    for query, done in Searches.of(case).items():
        named = np.array([[calibration.band(p) for p in row] for row in done.likely])
        base, searches = (np.broadcast_to(column[:, None], named.shape) for column in (done.chance, done.ids))
        for band in BANDS:
            hits = named == band
            if hits.any():
                figures[f"{query}_{band}"] = case.figure(
                    f"{ASKED_AS.get(query, query)}, hits called {band.replace('_', ' ')}, right kind",
                    done.right[hits], base[hits], searches[hits],
                )  # fmt: skip
    return figures


def calibration_error(case: Case) -> dict[str, Any]:
    """Expected calibration error of the probability shown beside a hit: the mean difference between
    what was promised and the share of hits of the right kind, over 15 bins (Guo et al. 2017), for
    the same searches as the bands. The interval draws whole searches; n counts hits. As chance
    stands the error of a probability that is always the share of the kind in the gallery."""
    figures = {}
    for query, done in Searches.of(case).items():
        error = metrics.calibration_error(done.likely, done.right)
        rng = np.random.default_rng(case.seed)
        drawn = [rng.integers(len(done.ids), size=len(done.ids)) for _ in range(500)]
        low, high = np.quantile(
            [metrics.calibration_error(done.likely[d], done.right[d]) for d in drawn], (0.025, 0.975)
        )
        plain = np.broadcast_to(done.chance[:, None], done.right.shape)
        figures[query] = {
            "label": f"{ASKED_AS.get(query, query)}, calibration error of the probability (less is better)",
            "value": error, "low": float(low), "high": float(high), "n": int(done.right.size),
            "chance": metrics.calibration_error(plain, done.right),
        }  # fmt: skip
    return figures


@dataclass(frozen=True)
class Asked:
    """Queries of one sort, and the cosine of the best product for each."""

    label: str
    made: str  # "photo" or "words"
    foreign: bool  # to be refused
    cosines: NDArray[np.float64]

    @classmethod
    def of(cls, case: Case) -> dict[str, Asked]:
        """
        Raises:
            TooSmall: there is nothing from elsewhere.
        """
        if case.outside is None:
            raise TooSmall("There are no pictures from elsewhere (--outside) that could be refused.")
        said = case.frequent(case.colours, case.kinds, at_least=1)
        said = said or [("", *kind) for kind in case.frequent(case.kinds, at_least=1)]
        phrases = [in_english(*pair) for pair in said]
        photographs = [] if case.inside is None else [case.inside]
        if case.scenes is not None:
            photographs.append(case.encoder.encode_images(read_scenes(case.scenes)[0]))
        sorts = {
            "outside": ("photos from elsewhere", "photo", True, case.outside),
            "own": ("photos of the catalog (less is better)", "photo", False, case.vectors[: case.asked]),
            "own_words": ("words for its kinds and colours (less is better)", "words", False, case.texts(phrases)),
        }
        if case.outside_words:
            words = case.texts(case.outside_words)
            sorts["outside_words"] = ("words for things from elsewhere", "words", True, words)
        if photographs:
            label = "photographs of its kinds (less is better)"
            sorts["inside"] = (label, "photo", False, np.concatenate(photographs))
        found = {}
        for name, (label, made, foreign, queries) in sorts.items():
            scores = queries @ case.vectors.T
            if name == "own":
                np.fill_diagonal(scores, -np.inf)
            found[name] = cls(label, made, foreign, scores.max(axis=1).astype(np.float64))
        return found


def refusal(case: Case) -> dict[str, Any]:
    """The share of queries that are answered with "no good match in this catalog". Photos of things that
    the catalog does not have (--outside) and the words for their kinds should be; photos of the
    catalog (itself not found), photographs of its kinds (--inside, and the scenes) and words for its
    colours and kinds should not."""
    if case.background is None:
        raise TooSmall("There is no background of scores.")
    fits, least = case.background.fits, getattr(case.encoder, "floors", {})
    return {
        name: case.figure(
            f"refused, {asked.label}",
            [not fits(least, {asked.made: cosine}) for cosine in asked.cosines],
            None,
        )
        for name, asked in Asked.of(case).items()
    }


def floors(case: Case) -> dict[str, calibration.Floor]:
    """The cosine, of a photo and of words, that the best product reaches for 96 of 100 queries of the
    catalog, of whatever sort is served worst; and how it grows with the logarithm of the catalog's
    size, by least squares over random halves, quarters and eighths of it (at least 50 products). Queries from
    elsewhere have no say in it."""
    whole, rng = _least(case), np.random.default_rng(case.seed)
    parts = [round(case.asked * share) for share in THINNED for _ in range(THINNINGS)]
    parts = [part for part in parts if part >= FEWEST_SEARCHES]
    found = [_least(case.thinned(np.sort(rng.permutation(case.asked)[:part]))) for part in parts]
    fewer = np.log(np.array(parts, np.float64) / case.asked)
    return {
        made: calibration.Floor(
            round(cosine, 3),
            case.asked,
            round(max(0.0, float(fewer @ [part[made] - cosine for part in found] / (fewer @ fewer))), 4)
            if parts
            else 0.0,
        )
        for made, cosine in whole.items()
    }


def _least(case: Case) -> dict[str, float]:
    sorts = [asked for asked in Asked.of(case).values() if not asked.foreign]
    return {
        made: min(float(np.quantile(asked.cosines, REFUSED)) for asked in sorts if asked.made == made)
        for made in calibration.KINDS
    }


TASKS: Mapping[str, Callable[[Case], dict[str, Any]]] = {
    task.__name__: task
    for task in (
        title,
        attributes,
        synonyms,
        photo,
        composed,
        exclude,
        zero_shot,
        packshot,
        scene,
        bands,
        refusal,
    )
} | {"calibration": calibration_error}

# ---- queries of several parts


@dataclass(frozen=True)
class Composed:
    """Queries "this, in another colour"; one entry per query in every field."""

    rows: NDArray[np.int64]  # the item in the photo
    kinds: Strings
    others: Strings  # the colour asked for
    right: Bools  # (q, n)

    @classmethod
    def draw(cls, case: Case) -> Composed:
        """
        Raises:
            TooSmall: no kind has one colour often enough and an item in another.
        """
        rng = np.random.default_rng(case.seed)
        rows_of: dict[tuple[str, str], list[int]] = {}
        asked = slice(case.asked)
        for row, key in enumerate(zip(case.kinds[asked].tolist(), case.colours[asked].tolist(), strict=True)):
            rows_of.setdefault(key, []).append(row)
        drawn = [
            (row, kind, other)
            for kind, other in case.frequent(case.kinds, case.colours)
            for (same, colour), rows in sorted(rows_of.items())
            if same == kind and colour not in ("", other)
            for row in rng.permutation(rows)[:PHOTOS_PER_TRIPLET]
        ]
        if not drawn:
            raise TooSmall(f"No kind has {case.min_right} products in one colour, and one in another.")
        if len(drawn) > COMPOSED_QUERIES:
            drawn = [drawn[at] for at in np.sort(rng.permutation(len(drawn))[:COMPOSED_QUERIES])]
        rows, kinds, others = (np.array(column) for column in zip(*drawn, strict=True))
        right = (case.kinds == kinds[:, None]) & (case.colours == others[:, None])
        return cls(rows, kinds, others, right)

    @property
    def words(self) -> list[str]:
        return [f"in {other.lower()}" for other in self.others]

    @property
    def reference(self) -> list[str]:
        return [in_english(other, kind) for other, kind in zip(self.others, self.kinds, strict=True)]

    @property
    def targets(self) -> list[str]:
        return [f"{kind}|{other}" for kind, other in zip(self.kinds, self.others, strict=True)]

    @property
    def chance(self) -> NDArray[np.float64]:
        return metrics.chance_precision(self.right.sum(axis=1), self.right.shape[1] - 1)

    def precision(self, case: Case, queries: Floats) -> NDArray[np.float64]:
        """(q,) P@10 of (q, d) query vectors; the item in the photo cannot be found."""
        return metrics.precision_at_k(case.ranked(queries, self.right, self.rows), 10)


@dataclass(frozen=True)
class Excluded:
    """Queries "this kind, but not in that colour"; one entry per query in every field."""

    kinds: Strings
    colours: Strings
    right: Bools  # (q, n) the kind in another known colour
    wrong: Bools  # (q, n) the kind in that colour

    @classmethod
    def draw(cls, case: Case) -> Excluded:
        """
        Raises:
            TooSmall: no kind has one colour often enough and others often enough.
        """
        pairs = case.frequent(case.kinds, case.colours)
        columns = np.array(pairs).reshape(-1, 2).T
        same, that = (
            column == wanted[:, None] for column, wanted in zip((case.kinds, case.colours), columns, strict=True)
        )
        right, wrong = same & ~that & (case.colours != ""), same & that
        keep = right.sum(axis=1) >= case.min_right
        if not keep.any():
            raise TooSmall(f"No kind has {case.min_right} products in a colour and as many in others.")
        return cls(columns[0][keep], columns[1][keep], right[keep], wrong[keep])

    @property
    def words(self) -> list[str]:
        return [kind.lower() for kind in self.kinds]

    @property
    def unwanted(self) -> list[str]:
        return [colour.lower() for colour in self.colours]

    @property
    def chance(self) -> NDArray[np.float64]:
        return metrics.chance_precision(self.right.sum(axis=1), self.right.shape[1])

    def precision(self, case: Case, queries: Floats) -> NDArray[np.float64]:
        """(q,) P@10 of (q, d) query vectors."""
        return metrics.precision_at_k(case.ranked(queries, self.right), 10)

    def left(self, case: Case, queries: Floats) -> NDArray[np.float64]:
        """(q,) share of the first ten with the kind and the colour that was not wanted."""
        return case.ranked(queries, self.wrong)[:, :10].mean(axis=1)


def fused(weights: fusion.Weights, **parts: Floats) -> Floats:
    """(q, d) fused queries from parts of (q, d) each, by the formula the engine uses."""
    rows = (dict(zip(parts, row, strict=True)) for row in zip(*parts.values(), strict=True))
    return np.stack([fusion.fuse(weights, **row).vector for row in rows]).astype(np.float32)


# ---- choosing the fusion's weights


def sweep(case: Case) -> dict[str, Any]:
    """P@10 of the composed and the exclude task over the fusion's weights, and the best of each.

    Photo and words share 1 between them (only their ratio changes a ranking). The exclusion is
    swept beside words that have the share just found. Of equal values the most even share and the
    smallest exclusion are chosen.
    """
    asked, without = Composed.draw(case), Excluded.draw(case)
    photos, words = case.vectors[asked.rows], case.texts(asked.words)
    kinds, colours = case.texts(without.words), case.texts(without.unwanted)

    def composed_at(share: float) -> dict[str, Any]:
        queries = fused(fusion.Weights(1 - share, share, 0), photo=photos, text=words)
        return {"weight": share, **case.figure("", asked.precision(case, queries), None, asked.targets)}

    shares = [composed_at(share) for share in WORD_SHARES]
    text = max(shares, key=lambda point: (point["value"], -abs(point["weight"] - 0.5)))["weight"]

    def excluded_at(weight: float) -> dict[str, Any]:
        queries = fused(fusion.Weights(1 - text, text, weight), text=kinds, exclude=colours)
        return {"weight": weight, **case.figure("", without.precision(case, queries), None, list(without.kinds))}

    exclusions = [excluded_at(text * ratio) for ratio in EXCLUDE_RATIOS]
    best = max(exclusions, key=lambda point: (point["value"], -point["weight"]))["weight"]
    curves = {
        "text": ("weight of the words, the photo's is the rest", "composed, P@10", text, shares),
        "exclude": (f"weight of the exclusion, the words' is {text:g}", "exclude a colour, P@10", best, exclusions),
    }
    return {
        "choice": {"photo": 1 - text, "text": text, "exclude": best},
        "sweeps": {
            name: dict(zip(("parameter", "label", "choice", "curve"), curve, strict=True))
            for name, curve in curves.items()
        },
    }
