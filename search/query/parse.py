"""What people type -> what they mean: exclusions and price limits inside the words.

"red dress without stripes under 60" means the words "red dress", the exclusion "stripes" and a
price of at most 60. Only phrases with one sensible reading are taken out; everything else stays
with the words and is left to the model.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

#: An exclusion ends at punctuation, at the next negation, or at a word that starts a new thought.
_END = r"(?=$|[,.;!?，。；！？、]|\b(?:and|but|or|with|in|for|under|below|over|above|not|no|without)\b)"
_ENGLISH = re.compile(
    r"\b(?:without(?:\s+any)?|not|no|except(?:\s+for)?|excluding|but\s+not|nothing)\s+"
    r"(?!only\b|too\b|very\b|more\b|less\b|just\b|iron\b|show\b|slip\b|sew\b|sleeves?\s+shirt)"
    r"(?:in\s+|made\s+of\s+)?(?:an?\s+|the\s+|any\s+)?(?P<what>[^,.;!?，。；！？、]+?)\s*" + _END,
    re.IGNORECASE,
)
#: 不要条纹, 没有logo, 不带帽子, 非皮革, 除了红色
_CHINESE = re.compile(
    r"(?:不要|不想要|不含|不带|没有|沒有|除了|无需|非(?!洲|常|凡|主流))(?P<what>[^,.;!?，。；！？、的但和或\s]+)的?"
)
#: Hyphenated or joined "-less" and "non-" words are kinds of their own (sleeveless), so they stay.

_NUMBER = r"(?P<n>\d+(?:[.,]\d{1,2})?)"
_SIGN = r"[$€£¥￥]?\s*"
_UNIT = r"\s*(?:usd|eur|gbp|cny|rmb|dollars?|euros?|pounds?|yuan|bucks|元|块|欧元|美元|€|\$|£)?"
_BELOW = re.compile(
    rf"(?:\b(?:under|below|less\s+than|cheaper\s+than|up\s+to|at\s+most|max(?:imum)?)\s+{_SIGN}{_NUMBER}{_UNIT})"
    rf"|(?:(?:低于|不超过|少于|最多){_SIGN}(?P<m>\d+(?:\.\d+)?){_UNIT})"
    rf"|(?:{_SIGN}(?P<k>\d+(?:\.\d+)?){_UNIT}\s*(?:以下|以内|之内))",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"(?:\b(?:over|above|more\s+than|at\s+least|min(?:imum)?|from)\s+{_SIGN}{_NUMBER}{_UNIT}\b)"
    rf"|(?:(?:高于|超过|至少){_SIGN}(?P<m>\d+(?:\.\d+)?){_UNIT})"
    rf"|(?:{_SIGN}(?P<k>\d+(?:\.\d+)?){_UNIT}\s*以上)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wording:
    """Words as understood: what is wanted, what is not, and a price range (None = no limit said)."""

    text: str
    exclusions: tuple[str, ...] = ()
    price: tuple[float | None, float | None] | None = None


def understand(text: str, *, prices: bool = True) -> Wording:
    """Read exclusions and price limits out of the words.

    Args:
        prices: whether there are any; in a catalog without them "under 60" would let nothing pass.

    Never raises: a phrase that is not understood stays in `text`.
    """
    low = high = None
    rest = text
    for pattern, is_low in ((_BELOW, False), (_ABOVE, True)) if prices else ():
        if match := pattern.search(rest):
            amount = float(next(value for value in match.groupdict().values() if value).replace(",", "."))
            if math.isfinite(amount):
                low, high = (amount, high) if is_low else (low, amount)
                rest = rest[: match.start()] + " " + rest[match.end() :]
    if low is not None and high is not None and low > high:
        low = high = None
        rest = text
    exclusions: list[str] = []

    def take(match: re.Match[str]) -> str:
        exclusions.append(match.group("what").strip())
        return " "

    for pattern in (_ENGLISH, _CHINESE):
        rest = pattern.sub(take, rest)
    rest = re.sub(r"\s+", " ", rest)
    rest = re.sub(r"^[\s,.;，。；、]+|[\s,;，；、]+$", "", rest)
    rest = re.sub(r"\s*([,;，；、])(?:\s*[,;，；、])+", r"\1", rest)
    rest = re.sub(r"^(?:and|but|or)\s+|\s+(?:and|but|or|with)$", "", rest, flags=re.IGNORECASE)
    if not rest and len(exclusions) == 1 and re.match(r"\s*no\s", text, re.IGNORECASE):
        # "no logo t-shirt": with nothing else said, the last word is what is wanted.
        first, _, last = exclusions[0].rpartition(" ")
        if first:
            exclusions, rest = [first], last
    price = None if low is None and high is None else (low, high)
    return Wording(rest, tuple(dict.fromkeys(exclusions)), price)
