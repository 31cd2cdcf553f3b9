"""The tables of the task `shopper`: a row for each form of query, from one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from search.lab.benchmark.shopping.asking import LEVELS
from search.lab.benchmark.shopping.forms import FORMS

Figures = Mapping[str, Mapping[str, Any]]
Rows = list[list[str]]
#: What a column of the first table is called, and the beginning of its figures' names.
SYSTEMS = {
    "whole": LEVELS["whole"],
    "titles": LEVELS["titles"],
    "pictures": LEVELS["pictures"],
    "bm25-whole": "BM25 alone, everything known",
    "bm25-titles": "BM25 alone, titles",
    "vectors": "vectors alone",
}
MEASURES = {"top": "called close, right", "ece": "ECE", "denied": "right, denied"}
ABSENT = {"close": "called close", "related": "called related or better", "refused": "answered with “no good match”"}


def found(figures: Figures, write: Callable[[Mapping[str, Any]], str]) -> tuple[list[str], Rows]:
    """P@5 or MRR of every form, by the engine at every level and by the baselines: (head, rows)."""
    rows = []
    for form, about in FORMS.items():
        measure = "mrr" if about.measure == "mrr" else "p5"
        each = [figures.get(f"{system}.{form}.{measure}") for system in SYSTEMS]
        first = next((figure for figure in each if figure), None)
        if first:
            cells = [write(figure) if figure else "–" for figure in each]
            name = f"{about.label}, {'MRR' if measure == 'mrr' else 'P@5'}"
            rows.append([name, str(first["n"]), f"{first['chance']:.3f}", *cells])
    return ["", "queries", "chance", *SYSTEMS.values()], rows


def promised(figures: Figures) -> tuple[list[str], Rows]:
    """What bands, probabilities and refusals keep, of every form and of all together: (head, rows)."""
    columns = [(level, measure) for level in LEVELS for measure in MEASURES]
    rows = []
    for form in (*FORMS, "all"):
        each = [figures.get(f"{level}.{form}.{measure}") for level, measure in columns]
        if any(each):
            label = FORMS[form].label if form in FORMS else "all forms"
            cells = [_promise(figure, measure) for figure, (_, measure) in zip(each, columns, strict=True)]
            rows.append([label, *cells])
    head = [f"{LEVELS[level]}: {MEASURES[measure]}" for level, measure in columns]
    return ["", *head], rows


def absent(figures: Figures) -> tuple[list[str], Rows]:
    """The share of queries for what the shop does not have that something is called close to: (head, rows)."""
    rows = []
    for form, about in FORMS.items():
        for level, known in LEVELS.items():
            each = [figures.get(f"{level}.{form}.{measure}") for measure in ABSENT]
            if about.measure == "absent" and all(each):
                values = [f"{figure['value']:.3f}" for figure in each if figure]
                rows.append([f"{about.label}, {known}", str((each[0] or {})["n"]), *values])
    return ["", "queries", *ABSENT.values()], rows


def _promise(figure: Mapping[str, Any] | None, measure: str) -> str:
    """A share with the number of hits that it is of, where these are not all."""
    if not figure:
        return "–"
    return f"{figure['value']:.3f}" + (f" of {figure['n']:,}" if measure == "top" else "")


def tables(
    figures: Figures, write: Callable[[Mapping[str, Any]], str], table: Callable[[Sequence[str], Rows], str]
) -> str:
    """The three tables one after the other, those without rows left out."""
    parts = (found(figures, write), promised(figures), absent(figures))
    return "\n".join(table(head, rows) for head, rows in parts if rows)
