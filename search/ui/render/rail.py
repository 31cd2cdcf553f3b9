"""The left side: photo and words (`rail`), and what narrows the search (`refine`).

`rail` depends on the language alone, so that typing and the photo are never disturbed by an
answer; `refine` is drawn anew with every answer, because its counts change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.catalog import FacetValue
from search.ui.render.markup import esc, icon, icon_button
from search.ui.state import SIZES, State
from search.ui.words import Words, money

#: Values shown before "show all": what fits without making the rail a list of its own.
_VALUES = 8
#: Groups that are open at first.
_OPEN = ("category", "colour", "gender")

#: What a colour word looks like. Names are the ones common in catalogs; an unknown one has no dot.
_SWATCHES = {
    "red": "#c8322d", "maroon": "#6d1a2c", "burgundy": "#6d1a2c", "crimson": "#a3142d", "orange": "#ef7b1a",
    "rust": "#a8432f", "coral": "#f0705a", "peach": "#f7b48f", "yellow": "#f5cb1d", "mustard": "#d9a21b",
    "green": "#2f7d4a", "olive": "#6b7033", "lime green": "#8cc63f", "sea green": "#2e8b6a", "teal": "#14757a",
    "turquoise blue": "#2fb5c7", "turquoise": "#2fb5c7", "blue": "#2857b8", "navy blue": "#1d2b53", "navy": "#1d2b53",
    "purple": "#6b3fa0", "lavender": "#b6a1da", "mauve": "#a77d99", "magenta": "#cf2879", "pink": "#ee86a5",
    "rose": "#d9748a", "brown": "#6f452b", "coffee brown": "#4f2f20", "mushroom brown": "#9b8371", "tan": "#b97f4b",
    "khaki": "#b3a369", "beige": "#e0cfb1", "cream": "#f1e6cf", "nude": "#e3bfa5", "skin": "#e3bfa5",
    "white": "#fdfdfc", "off white": "#f4f1e8", "grey": "#83868a", "gray": "#83868a", "grey melange": "#a5a7aa",
    "charcoal": "#3d4045", "taupe": "#8b7d70", "black": "#17171a", "gold": "#d0a347", "silver": "#c2c5ca",
    "bronze": "#9a6b3a", "copper": "#b9704a", "steel": "#8d949b", "metallic": "#a9adb3",
}  # fmt: skip


def rail(words: Words, samples: Sequence[tuple[str, str, str, str]]) -> str:
    """Photo, samples and words.

    Args:
        samples: (kind, id, address of the picture, caption), where the kind is "sample" for a
            sample photo and "like" for a product of the catalog.
    """
    return (
        f'<form class="rail" data-search role="search" aria-label="{esc(words("search_panel"))}">'
        f"{_photo(words)}{_samples(words, samples)}{_words(words)}</form>"
    )


def _photo(words: Words) -> str:
    remove = icon_button("cross", words("photo_remove"), "data-photo-remove", "on-photo")
    return (
        f'<div class="field photo"><div class="photo__empty" data-dropzone>{icon("image")}'
        f'<p class="photo__invite"><strong>{esc(words("photo_drop"))}</strong><span>{esc(words("photo_hint"))}</span></p>'
        f'<input class="visually-hidden" type="file" accept="image/*" data-file tabindex="-1" '
        f'aria-label="{esc(words("photo_choose"))}"><div class="photo__ways">'
        f'<button type="button" class="button button--small" data-choose>{icon("upload")}{esc(words("photo_choose"))}</button>'
        f'<button type="button" class="button button--small" data-camera>{icon("camera")}{esc(words("photo_camera"))}</button>'
        f'<button type="button" class="button button--small" data-paste>{icon("paste")}{esc(words("photo_paste"))}</button>'
        f'</div></div><div class="photo__set"><div class="photo__stage"><div class="photo__frame" data-frame>'
        f'<img data-photo-image alt=""><div class="photo__veil" data-veil></div>'
        f'<div class="photo__region" data-region tabindex="0" role="group" aria-label="{esc(words("crop_region"))}"></div>'
        f'</div>{remove}<p class="photo__busy" role="status">{esc(words("photo_uploading"))}</p></div>'
        f'<div class="photo__line"><span class="photo__label" data-photo-label></span>'
        f'<button type="button" class="button button--small" data-crop>{icon("crop")}{esc(words("crop"))}</button>'
        f'<button type="button" class="button button--small" data-whole>{icon("expand")}{esc(words("crop_all"))}</button></div>'
        f'<p class="hint photo__part-hint">{esc(words("crop_part"))}</p>'
        f'<p class="hint photo__crop-hint">{esc(words("crop_hint"))}</p>'
        f'<p class="hint photo__private">{icon("lock")}{esc(words("photo_private"))}</p></div>'
        f'<p class="field__error" role="alert" data-photo-error></p></div>'
    )


def _samples(words: Words, samples: Sequence[tuple[str, str, str, str]]) -> str:
    if not samples:
        return ""
    buttons = "".join(
        f'<button type="button" class="sample" data-{kind}="{esc(key)}" title="{esc(caption)}" '
        f'aria-label="{esc(words("sample_alt", caption=caption))}">'
        f'<img src="{esc(address)}" alt="" loading="lazy" decoding="async"></button>'
        for kind, key, address, caption in samples
    )
    return (
        f'<div class="field samples"><p class="label" id="samples-label">{esc(words("samples"))}</p>'
        f'<div class="samples__strip" role="group" aria-labelledby="samples-label">{buttons}</div></div>'
    )


def _words(words: Words) -> str:
    clear = icon_button("cross", words("words_clear"), "data-words-clear")
    return (
        f'<div class="field"><label class="label" for="words">{esc(words("words"))}</label>'
        f'<div class="search"><input class="input" id="words" type="text" enterkeyhint="search" autocomplete="off" '
        f'placeholder="{esc(words("words_hint"))}" data-text>{clear}'
        f'<button type="submit" class="button button--primary search__go" aria-label="{esc(words("search"))}" '
        f'title="{esc(words("search"))}">{icon("search")}</button></div></div>'
    )


def refine(
    words: Words,
    state: State,
    facets: Mapping[str, Sequence[FacetValue]],
    span: tuple[float, float] | None,
    currency: str | None = None,
) -> str:
    """Exclusions, balance, filters and the number of results."""
    clear = (
        f'<button type="button" class="link-button" data-clear-filters>{esc(words("filters_clear"))}</button>'
        if state.filters
        else ""
    )
    groups = "".join(_facet(words, name, values, state) for name, values in facets.items() if values)
    return (
        f'<div class="refine" id="refine" role="group" aria-label="{esc(words("filters"))}">'
        f'<div class="refine__top"><h2>{esc(words("filters"))}</h2>'
        f"{icon_button('cross', words('close'), 'data-sheet-close')}</div>"
        f"{_exclusions(words, state)}{_balance(words, state)}"
        f'<div class="refine__head"><h2 class="label">{esc(words("filters"))}</h2>{clear}</div>'
        f"{groups}{_price(words, state, span, currency)}{_size(words, state)}"
        f'<button type="button" class="button button--primary refine__done" data-sheet-close>'
        f"{esc(words('filters_done'))}</button></div>"
    )


def _exclusions(words: Words, state: State) -> str:
    chips = "".join(
        f'<button type="button" class="part part--not" data-drop="exclude:{esc(phrase)}" '
        f'aria-label="{esc(words("not_remove", phrase=phrase))}" title="{esc(words("not_remove", phrase=phrase))}">'
        f'<span class="part__text">{esc(phrase)}</span>{icon("cross")}</button>'
        for phrase in state.exclude
    )
    return (
        f'<form class="field" data-not-form><label class="label" for="not">{esc(words("not"))}</label>'
        f'<div class="chips">{chips}</div><div class="search"><input class="input" id="not" type="text" '
        f'enterkeyhint="done" autocomplete="off" placeholder="{esc(words("not_hint"))}" data-not>'
        f'<button type="submit" class="button search__go" aria-label="{esc(words("not_add"))}" '
        f'title="{esc(words("not_add"))}">{icon("plus")}</button></div></form>'
    )


def _balance(words: Words, state: State) -> str:
    works = state.has_photo and bool(state.text)
    percent = round(state.balance * 100)
    hint = "" if works else f'<p class="hint">{esc(words("balance_idle"))}</p>'
    return (
        f'<div class="field balance" title="{esc(words("balance_tip"))}">'
        f'<label class="label" for="balance">{esc(words("balance"))}</label><div class="balance__row">'
        f"<span>{esc(words('balance_photo'))}</span>"
        f'<input id="balance" type="range" min="0" max="100" step="5" value="{percent}" data-balance '
        f'aria-valuetext="{esc(words("balance_value", percent=percent))}"{"" if works else " disabled"}>'
        f"<span>{esc(words('balance_words'))}</span></div>{hint}</div>"
    )


def _facet(words: Words, name: str, values: Sequence[FacetValue], state: State) -> str:
    chosen = {str(value).casefold() for value in state.filters.get(name, ())}
    rows = "".join(
        _value(words, name, entry, entry.value.casefold() in chosen, at >= _VALUES) for at, entry in enumerate(values)
    )
    more = ""
    if len(values) > _VALUES:
        show_all = esc(words("show_all", count=len(values)))
        more = f'<button type="button" class="link-button" data-more="{esc(name)}">{show_all}</button>'
    opened = " open" if name in _OPEN or chosen else ""
    count = f'<span class="facet__chosen">{len(chosen)}</span>' if chosen else ""
    return (
        f'<details class="facet" data-facet="{esc(name)}"{opened}><summary>{esc(words.field(name))}{count}'
        f'{icon("chevron")}</summary><div class="facet__values" role="group" aria-label="{esc(words.field(name))}">'
        f"{rows}</div>{more}</details>"
    )


def _value(words: Words, name: str, entry: FacetValue, chosen: bool, beyond: bool) -> str:
    swatch = _SWATCHES.get(entry.value.casefold()) if name == "colour" else None
    dot = f'<span class="swatch" style="background:{swatch}" aria-hidden="true"></span>' if swatch else ""
    tip = esc(words("facet_tip", count=entry.count))
    # A chosen value is never hidden behind "show all".
    kind = "value value--beyond" if beyond and not chosen else "value"
    return (
        f'<label class="{kind}" title="{tip}"><input type="checkbox" data-value="{esc(entry.value)}" '
        f'{"checked" if chosen else ""}><span class="value__box" aria-hidden="true">{icon("check")}</span>{dot}'
        f'<span class="value__name">{esc(words.value(name, entry.value))}</span>'
        f'<span class="value__count" aria-label="{tip}">{entry.count}</span></label>'
    )


def _price(words: Words, state: State, span: tuple[float, float] | None, currency: str | None) -> str:
    if span is None:
        return ""
    low, high = state.filters.get("price", (None, None))

    def edge(name: str, value: float | None, limit: float) -> str:
        shown = "" if value is None else f"{value:g}"
        return (
            f'<input class="input" type="number" min="0" step="any" inputmode="decimal" value="{shown}" '
            f'data-price="{name}" aria-label="{esc(words(f"price_{name}"))}" placeholder="{esc(money(limit, currency))}">'
        )

    opened = '<span class="facet__chosen">1</span>' if "price" in state.filters else ""
    return (
        f'<details class="facet" data-facet="price" open><summary>{esc(words("price"))}{opened}{icon("chevron")}</summary>'
        f'<div class="price">{edge("low", low, span[0])}<span aria-hidden="true">–</span>'
        f"{edge('high', high, span[1])}</div></details>"
    )


def _size(words: Words, state: State) -> str:
    options = "".join(
        f'<label class="size"><input type="radio" name="size" value="{size}" data-size '
        f"{'checked' if size == state.k else ''}><span>{size}</span></label>"
        for size in SIZES
    )
    return (
        f'<fieldset class="field sizes"><legend class="label">{esc(words("size_label"))}</legend>'
        f'<div class="sizes__row">{options}</div></fieldset>'
    )
