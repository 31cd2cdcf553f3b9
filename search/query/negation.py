"""What must not be there, among words: "without stripes", "not leather", "no logo or hood", 不要条纹, 非皮革.

Only phrases with one sensible reading are taken: "not bad", "not only", "no iron", "without a doubt", "why not" and two
negations in a row stay words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.lexicon import lexicon
from search.lexicon.tokens import Phrases, Token, glued, listed, text_at

_VERBS = ("want", "like", "need", "have", "include", "show me")
_NEGATORS = Phrases(
    dict.fromkeys(
        (
            "without", "without any", "w/o", "not", "no", "except", "except for", "excluding", "nothing", "other than",
            "apart from", "anything but", "isn't", "aren't", "is not", "are not", "minus the",
            *(f"{do} {verb}" for do in ("don't", "do not", "doesn't", "does not", "mustn't", "must not", "shouldn't",
                                        "should not", "can't", "cannot") for verb in _VERBS),
        ),
        "en",
    )
    | dict.fromkeys(
        ("不要", "不想要", "不需要", "不喜欢", "不想", "别要", "不能有", "不含", "不带", "不是", "不包括", "不包含",
         "没有", "沒有", "没带", "除了", "无需", "非", "排除", "去掉"),
        "zh",
    )
)  # fmt: skip
#: What follows a negator that then excludes nothing.
_STAYS = Phrases(
    dict.fromkeys(
        (
            *listed(
                """only too very so more less just really quite that yet sure necessarily all always bad ugly boring
                expensive pricey cheap enough as iron show slip sew spill drill skid crease pull fuss nonsense name
                brainer doubt question fail limit limits delay saying hesitation exception compromise problem problems
                ado reason matter longer one way wonder thanks"""
            ),
            *("a doubt", "any doubt", "a question", "a problem", "further ado", "a fuss", "a hitch"),
            *("sleeve shirt", "sleeves shirt"),
            *listed("太 很 过于 只"),
        ),
        True,
    )
)
#: What only begins like a negation; what has no pattern is plain, which the lexicon knows.
_IDIOMS = Phrases(
    dict.fromkeys(
        (
            *listed("非常 非凡 非洲 非主流 非要 非得 非但 非同 没有问题 没有关系 没有错 有没有 除非"),
            *listed("没有图案 不要图案 不带图案"),
            *(
                "without pattern",
                "without a pattern",
                "without any pattern",
                "without patterns",
                "no pattern",
                "no patterns",
            ),
        ),
        True,
    )
)
#: After "non-" these are qualities that are wanted.
_NOT_WITHOUT = frozenset(
    listed("stick slip iron toxic skid crease scratch spill marking fade shrink woven fiction drip fog")
)
_FILLERS = Phrases(
    dict.fromkeys(("in", "with", "made of", "made from", "of", "from", "by", "like", "a", "an", "the", "any"), True)
)
#: Words after which something new begins.
_ENDS = frozenset(
    listed("""and but or nor with in for from under below over above please that which who if yet just 的 但 并 而 要 也 还 且
    都 或 和 跟 与 及""")
)
_OR = Phrases(dict.fromkeys(("or", "nor", "或者", "或是", "或", "以及", "和", "跟", "与", "及", "、"), True))
#: The second half of 除了…以外.
_OUTSIDE = Phrases(dict.fromkeys(("以外", "之外"), True))
_CONNECTORS = frozenset(listed("with but and or that which is are has have having 但 但是 而 并 且 i 我"))
#: A character that looks like a conjunction but begins a word.
_NOT_CONJUNCTIONS = frozenset({"和服", "和平", "与众", "及膝", "及踝", "要素"})
#: Characters before it that a conjunction-like character may end a word with.
_LONGEST_BEFORE = 3


@dataclass(frozen=True)
class Exclusion:
    """Something to leave out.

    first, last: the tokens that say so, negator and article included; what: (first, last) of the tokens that name it.
    bare_no: whether the negator is no more than "no" or "not", so that what is wanted may follow ("no logo shirt").
    """

    first: int
    last: int
    what: tuple[int, int]
    bare_no: bool = False


def find_exclusions(tokens: Sequence[Token], taken: Sequence[bool]) -> list[Exclusion]:
    """All exclusions, in order, without overlap. taken: (n,) which tokens already mean something else."""
    found: list[Exclusion] = []
    at = 0
    while at < len(tokens):
        if not taken[at] and (short := _attached(tokens, at)):
            found.append(short)
            at = short.last
            continue
        idiom = _IDIOMS.at(tokens, at)
        if idiom and _OR.at(tokens, idiom[0]):  # "no pattern or logo": what follows must not be there either
            idiom = None
        negator = None if taken[at] or idiom else _NEGATORS.at(tokens, at)
        if not negator:
            at = idiom[0] if idiom else at + 1
            continue
        start, language = negator
        goes_on = bool(found) and found[-1].last == at - 1 and text_at(tokens, at - 1) == "or"
        if not goes_on and _means_nothing(tokens, at, start):
            # Both negators of a double negation are passed over.
            again = _NEGATORS.at(tokens, start)
            at = again[0] if again else start
            continue
        several = _excluded(tokens, taken, at, start, language)
        found += several
        at = several[-1].last if several else start
    return found


def apart(tokens: Sequence[Token], whole: Callable[[str], bool]) -> list[Token]:
    """Tokens with "non-leather" and "leather-free" taken apart, "non-" and "-free" being signs.

    whole: whether a word is one that the catalog's texts have as it is, which is asked for and no exclusion.
    """
    found: list[Token] = []
    for token in tokens:
        text, start, end = token.text, token.start, token.end
        if token.kind == "word" and text.startswith("non-") and text[4:] not in _NOT_WITHOUT and not whole(text):
            found += [Token("non-", start, start + 4, "sign"), Token(text[4:], start + 4, end, "word")]
        elif token.kind == "word" and text.endswith("-free") and _is_detail(text[:-5]) and not whole(text):
            found += [Token(text[:-5], start, end - 5, "word"), Token("-free", end - 5, end, "sign")]
        else:
            found.append(token)
    return found


def _is_detail(word: str) -> bool:
    return any(concept.scheme in ("materials", "patterns", "colours") for concept in lexicon().find(word))


def _attached(tokens: Sequence[Token], at: int) -> Exclusion | None:
    """What a sign at or behind a word leaves out: "-leather" after a space, "non-leather", "leather-free"."""
    if text_at(tokens, at + 1) == "-free":
        return Exclusion(at, at + 2, (at, at + 1))
    if tokens[at].text not in ("non-", "-") or at + 1 == len(tokens) or not glued(tokens, at + 1):
        return None
    typed_apart = at == 0 or (not glued(tokens, at) and len(tokens[at - 1].text) > 1) or tokens[at - 1].kind == "han"
    if tokens[at].text == "-" and (glued(tokens, at) or not typed_apart or tokens[at + 1].kind not in ("word", "han")):
        return None
    end = at + 2
    while end < len(tokens) and glued(tokens, end) and tokens[end].kind == tokens[end - 1].kind == "han":
        end += 1
    return Exclusion(at, end, (at + 1, end))


def _means_nothing(tokens: Sequence[Token], at: int, start: int) -> bool:
    """Whether the negator at tokens `at` to `start` excludes nothing, whatever comes after the next words."""
    before = text_at(tokens, at - 1)
    if before in ("why", "or", "whether", "do", "does", "did", "will", "would", "can", "could", "should", "if"):
        return True
    if start < len(tokens) and tokens[start].kind == "number":  # Chanel no 5
        return True
    return bool(_STAYS.at(tokens, start) or _NEGATORS.at(tokens, start))


def _excluded(tokens: Sequence[Token], taken: Sequence[bool], at: int, start: int, language: str) -> list[Exclusion]:
    """The exclusions that one negator at token `at` governs: "no stripes or dots" has two."""
    found: list[Exclusion] = []
    first = at
    bare_no = tokens[at].text in ("no", "not", "不", "没", "非") and start - at <= 2
    while True:
        begin = _past_fillers(tokens, start)
        end = begin
        while end < len(tokens) and not taken[end] and not _ends(tokens, end, begin, language):
            end += 1
        if end == begin:
            return found
        last = _past_tail(tokens, end)
        found.append(Exclusion(first, last, (begin, end), bare_no))
        joined = None if _in_label(tokens, end) else _OR.at(tokens, end)
        if not joined or (language == "en" and text_at(tokens, end) not in ("or", "nor")):
            return found
        first, start = end, joined[0]
        if start < len(tokens) and (_NEGATORS.at(tokens, start) or text_at(tokens, start) in _ENDS):
            return found


def _past_fillers(tokens: Sequence[Token], at: int) -> int:
    while filler := _FILLERS.at(tokens, at):
        at = filler[0]
    return at


def _ends(tokens: Sequence[Token], at: int, begin: int, language: str) -> bool:
    """Whether what is excluded ends before token `at`."""
    token = tokens[at]
    if token.kind == "sign" and token.text not in "&'/%+":
        return not (token.text == "-" and glued(tokens, at) and glued(tokens, at + 1))
    if token.text + text_at(tokens, at + 1) in _NOT_CONJUNCTIONS or (at > begin and _in_label(tokens, at)):
        return False
    if language == "zh" and at > begin and not glued(tokens, at) and "han" in (token.kind, tokens[at - 1].kind):
        return True
    if _OUTSIDE.at(tokens, at):
        return True
    return token.text in _ENDS or _NEGATORS.at(tokens, at) is not None


def _in_label(tokens: Sequence[Token], at: int) -> bool:
    """Whether a Chinese character is the end or the middle of a word that the lexicon has: 跟 of 高跟鞋."""
    if at >= len(tokens) or tokens[at].kind != "han" or text_at(tokens, at) not in "和跟与及或":
        return False
    for first in range(max(0, at - _LONGEST_BEFORE), at):
        if all(tokens[step].kind == "han" and glued(tokens, step + 1) for step in range(first, at)):
            word = "".join(token.text for token in tokens[first : at + 1])
            if lexicon().find(word):
                return True
    return False


def _past_tail(tokens: Sequence[Token], at: int) -> int:
    """Past what only joins the exclusion to the rest: 的, 以外的, "and"."""
    outside = _OUTSIDE.at(tokens, at)
    at = outside[0] if outside else at
    return at + (text_at(tokens, at) in ("的", "and", "but"))


def with_connectors(tokens: Sequence[Token], first: int, lowest: int) -> int:
    """Where a part that begins at token `first` begins with the words that only join it to the rest: "with", "but"."""
    while first > lowest and tokens[first - 1].text in _CONNECTORS:
        first -= 1
    return first
