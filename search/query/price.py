"""Price limits among words: "under 60", "between €20 and €60", "20-40 euros", 100元以下, 不超过50.

A number is money only if a currency stands beside it, if a word says that it is a price ("under", "budget", 低于), or if
nothing else is left for it to be ("jackets over 40"). Lengths, sizes, ages, years and counts are none: "boots over 3 cm
heel", "shoes from 2020", "over 40 jackets".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search.lexicon.tokens import Phrases, Token, glued, listed, text_at

# How much a phrase says about the number after it: PRICE, that it is a price unless a unit follows; NUMBER, nothing,
# so that the number must have nothing else to be.
PRICE, NUMBER = True, False
LOW, HIGH = "low", "high"

#: Phrases before an amount: (which end of the range it is, how much the phrase says).
_BEFORE = Phrases(
    {
        **dict.fromkeys(
            ("under", "below", "cheaper than", "up to", "lower than", "低于", "不超过", "不高于", "不多于", "少于",
             "小于", "最多", "最高", "不到", "便宜于", "最贵", "不贵于"),
            (HIGH, PRICE),
        ),
        **dict.fromkeys(
            ("less than", "at most", "max", "maximum", "no more than", "not more than", "not over", "not above",
             "<", "<=", "≤"),
            (HIGH, NUMBER),
        ),
        **dict.fromkeys(("高于", "超过", "不低于", "不少于", "至少", "大于", "多于", "最低"), (LOW, PRICE)),
        **dict.fromkeys(
            ("over", "above", "more than", "at least", "min", "minimum", "from", "starting at", "starting from",
             "higher than", "no less than", "not less than", "not under", "not below", ">", ">=", "≥"),
            (LOW, NUMBER),
        ),
    }
)  # fmt: skip
#: Phrases after an amount, in the same way.
_AFTER = Phrases(
    {
        **dict.fromkeys(("以下", "以内", "之内", "之下", "内", "封顶"), (HIGH, PRICE)),
        **dict.fromkeys(("or less", "or under", "or below", "or cheaper", "and under", "and below"), (HIGH, NUMBER)),
        **dict.fromkeys(("max", "maximum", "at most", "at the most", "tops"), (HIGH, NUMBER)),
        **dict.fromkeys(("以上", "起", "之上"), (LOW, PRICE)),
        **dict.fromkeys(
            ("or more", "or over", "or above", "and up", "and over", "and above", "upwards"), (LOW, NUMBER)
        ),
    }
)
#: Words that call what follows a price; True for those that set a limit by themselves ("budget 100").
_NOUNS = Phrases(
    {
        **dict.fromkeys(
            ("price", "prices", "priced", "cost", "costs", "costing", "价格", "价钱", "价位", "售价"), False
        ),
        **dict.fromkeys(("budget", "预算", "max price", "maximum price", "price limit"), True),
    }
)
_LINKS = frozenset({"is", "of", "at", ":", "：", "=", "range", "my", "在", "为", "是", "about"})
_JOINS = Phrases(dict.fromkeys(("-", "–", "—", "~", "～", "to", "till", "until", "up to", "到", "至"), True))
_CURRENCIES = Phrases(
    {
        **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "buck", "bucks", "美元", "美金"), "USD"),
        **dict.fromkeys(("€", "eur", "euro", "euros", "欧元", "欧"), "EUR"),
        **dict.fromkeys(("£", "gbp", "pound", "pounds", "quid", "英镑"), "GBP"),
        **dict.fromkeys(("¥", "￥", "cny", "rmb", "yuan", "kuai", "元", "块", "块钱", "人民币", "元人民币"), "CNY"),
        **dict.fromkeys(("jpy", "yen", "日元"), "JPY"),
        **dict.fromkeys(("₹", "inr", "rs", "rupee", "rupees", "卢比"), "INR"),
        **dict.fromkeys(("chf", "francs", "瑞士法郎"), "CHF"),
    }
)
#: What makes the number before it a measure: units, ages, counts, and signs of sizes and proportions.
_UNITS = Phrases(
    dict.fromkeys(
        listed("""cm mm m km in. inch inches ft feet foot yd kg g gram grams lb lbs oz ounce ounces ml cl l litre litres liter
        liters w watt watts v volt volts hz khz mp megapixel megapixels gb tb mb mah kwh k lumens lumen percent degree
        degrees denier thread year years yr yrs month months week weeks day days hour hours hr hrs minute minutes min
        mins second seconds o'clock piece pieces pcs pc pair pairs pack packs people persons person seat seats seater
        inch-wide % ‰ " ″ ” ' ′ ° × x * / ＋ + 厘米 公分 毫米 米 英寸 英尺 寸 尺 公斤 千克 克 斤 磅 升 毫升 瓦 伏 岁
        年 月 天 小时 分钟 秒 件 个 只 双 条 款 号 码 人 片 瓶 张 把 台 本 盒 包 套 层 格 座 位 度 支 倍 折"""),
        True,
    )
)
#: After these a number is a size, an age or a model's name.
_NO_MONEY_AFTER = frozenset(
    listed("""size sizes eu uk us age ages aged air no number # № model type version series iso step level with has have
    having 尺码 码 号 岁 年龄 身高 - − x ×""")
)
_PEOPLE = frozenset(listed("women woman men man ladies people adults seniors anyone those"))
_CHILDREN = frozenset(listed("kids kid children child toddlers toddler babies baby boys girls"))
#: Words that may follow a number that stands for itself.
_BOUNDARY = frozenset(
    listed("""for with in on at and but or not no without except excluding please only from by under below over above less more
    cheaper between max min that which as each total""")
)
#: About so much: a fifth less or more.
_ROUGHLY = 0.2
_ABOUT = Phrases(
    dict.fromkeys(
        ("around", "about", "approximately", "approx", "roughly", "circa", "ca", "大约", "大概", "约", "差不多"), True
    )
)
_OR_SO = Phrases(dict.fromkeys(("左右", "上下", "or so"), True))
#: Currencies that nothing else is written with; pounds are a weight, too.
_SIGNS = frozenset(listed("$ € £ ¥ ￥ ₹ eur euro euros usd gbp dollar dollars 元 块"))
#: Of these 4k is a resolution.
_SCREENS = frozenset(
    listed("tv tvs monitor monitors screen display laptop laptops camera cameras projector webcam video")
)
_YEARS = range(1900, 2100)
#: Sizes of clothes and shoes are no higher.
_SIZES_END = 60
#: The lowest number in Chinese characters that is a price without a currency.
_CHINESE_FROM = 20
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10000}


@dataclass(frozen=True)
class PriceLimit:
    """A price limit at the tokens first to last (exclusive); None where there is no limit on that side.

    currency: an ISO 4217 code where a currency was named ("¥" is read as CNY), else None.
    """

    first: int
    last: int
    low: float | None
    high: float | None
    currency: str | None = None


@dataclass(frozen=True)
class _Amount:
    """thousands: whether it is written in them, 2k."""

    value: float
    currency: str | None
    end: int
    thousands: bool = False


@dataclass(frozen=True)
class _Reading:
    """A limit as it may be meant. says_price: whether its words can only mean a price; opener: its first word."""

    low: _Amount | None
    high: _Amount | None
    end: int
    says_price: bool
    opener: str = ""

    @property
    def amounts(self) -> list[_Amount]:
        return [amount for amount in (self.low, self.high) if amount is not None]

    @property
    def currency(self) -> str | None:
        return next((amount.currency for amount in reversed(self.amounts) if amount.currency), None)


def find_limits(tokens: Sequence[Token], is_size: Callable[[str], bool] | None = None) -> list[PriceLimit]:
    """All price limits, in order, without overlap. is_size: whether a range, "36-40", may be one of sizes here; another one
    that ends the query is a price. Without it none is."""
    found, at = [], 0
    while at < len(tokens):
        limit = _limit_at(tokens, at) or (_bare_range(tokens, at, is_size) if is_size else None)
        if limit:
            found.append(limit)
        at = limit.last if limit else at + 1
    return found


def _limit_at(tokens: Sequence[Token], at: int) -> PriceLimit | None:
    noun = _NOUNS.at(tokens, at)
    start = noun[0] if noun else at
    if noun:
        while text_at(tokens, start) in _LINKS:
            start += 1
    for read in (_between, _compared, _joined, _around, _followed, _closing, _priced):
        reading = read(tokens, start)
        if reading and _is_money(tokens, at, reading, named=noun is not None):
            return _as_limit(at, reading)
    if noun and noun[1] and (amount := _amount(tokens, start)) and not _UNITS.at(tokens, amount.end):
        return _as_limit(at, _Reading(None, amount, amount.end, True))
    return None


def _as_limit(first: int, reading: _Reading) -> PriceLimit:
    low = reading.low.value if reading.low else None
    high = reading.high.value if reading.high else None
    if low is not None and high is not None and low > high:  # "between 60 and 20"
        low, high = high, low
    return PriceLimit(first, reading.end, low, high, reading.currency)


def _between(tokens: Sequence[Token], at: int) -> _Reading | None:
    """between A and B, from A to B, 介于A和B之间."""
    opener = text_at(tokens, at)
    joins = {
        "between": ("and", "to", "-", "–"),
        "from": ("to", "till", "until", "-", "–"),
        "介": ("和", "到", "至", "-"),
    }
    if opener not in joins:
        return None
    start = at + 1 + (opener == "介" and text_at(tokens, at + 1) == "于")
    first = _amount(tokens, start)
    if not first or text_at(tokens, first.end) not in joins[opener]:
        return None
    second = _amount(tokens, first.end + 1)
    return _Reading(first, second, _past_range(tokens, second.end), opener == "介", opener) if second else None


def _compared(tokens: Sequence[Token], at: int) -> _Reading | None:
    """under A, at least A, 不超过A."""
    before = _BEFORE.at(tokens, at)
    amount = _amount(tokens, before[0]) if before else None
    if not before or not amount:
        return None
    side, says_price = before[1][0], before[1][1] or amount.thousands
    end = _past_suffix(tokens, amount.end, side)
    low, high = (amount, None) if side == LOW else (None, amount)
    return _Reading(low, high, end, says_price, text_at(tokens, at))


def _around(tokens: Sequence[Token], at: int) -> _Reading | None:
    """around A, about A, 大约A, A左右: a fifth less to a fifth more."""
    before = _ABOUT.at(tokens, at)
    amount = _amount(tokens, before[0] if before else at)
    after = _OR_SO.at(tokens, amount.end) if amount else None
    if not amount or not (before or after):
        return None
    low, high = (replace(amount, value=round(amount.value * share, 2)) for share in (1 - _ROUGHLY, 1 + _ROUGHLY))
    return _Reading(low, high, after[0] if after else amount.end, amount.thousands or bool(after), text_at(tokens, at))


def _closing(tokens: Sequence[Token], at: int) -> _Reading | None:
    """for A at the end, where A is too many for people or ages: at most A. "Sofa 2k" says it by its thousands."""
    opened = text_at(tokens, at) == "for"
    amount = _amount(tokens, at + opened)
    if not amount or amount.end < len(tokens) or not (opened or amount.thousands) or at == 0:
        return None
    if not opened and not _SCREENS.isdisjoint(token.text for token in tokens):
        return None
    return _Reading(None, amount, amount.end, True) if amount.value > _SIZES_END or amount.currency else None


def _priced(tokens: Sequence[Token], at: int) -> _Reading | None:
    """£20, 100元: a price by its sign alone, which is then the most to pay."""
    amount = _amount(tokens, at)
    signs = {token.text for token in tokens[at : amount.end]} if amount else set()
    return _Reading(None, amount, amount.end, True) if amount and signs & _SIGNS else None


def _past_suffix(tokens: Sequence[Token], at: int, side: str) -> int:
    """The token after "or less" in "under 60 or less", which says nothing new."""
    after = _AFTER.at(tokens, at)
    return after[0] if after and after[1][0] == side else at


def _joined(tokens: Sequence[Token], at: int) -> _Reading | None:
    """20-40 euros, $20 to $40, 20到40元, 20到40之间."""
    first = _amount(tokens, at)
    join = _JOINS.at(tokens, first.end) if first else None
    second = _amount(tokens, join[0]) if join else None
    if not first or not second:
        return None
    end = _past_range(tokens, second.end)
    # 50到100的包 is a price, 36到40的鞋 are sizes and 3到5的玩具 ages.
    chinese = text_at(tokens, first.end) in ("到", "至") and text_at(tokens, end) == "的" and second.value > _SIZES_END
    return _Reading(first, second, end, end > second.end or chinese)


def _bare_range(tokens: Sequence[Token], at: int, is_size: Callable[[str], bool]) -> PriceLimit | None:
    """ "Belts 40-69": a range that ends the query and can be nothing else."""
    numbers = 0 < at == len(tokens) - 3 and all(token.kind in ("number", "sign") for token in tokens[at:])
    reading = _joined(tokens, at) if numbers else None
    if reading is None or reading.end < len(tokens):
        return None
    years = all(amount.value in _YEARS for amount in reading.amounts)
    if years or text_at(tokens, at - 1) in _NO_MONEY_AFTER or _ages(tokens, at, reading):
        return None
    return None if is_size("".join(token.text for token in tokens[at:])) else _as_limit(at, reading)


def _past_range(tokens: Sequence[Token], at: int) -> int:
    return at + 2 if text_at(tokens, at) + text_at(tokens, at + 1) in ("之间", "以内", "之内") else at


def _followed(tokens: Sequence[Token], at: int) -> _Reading | None:
    """60 or less, 100元以下, 50以上."""
    amount = _amount(tokens, at)
    after = _AFTER.at(tokens, amount.end) if amount else None
    if not amount or not after:
        return None
    side, says_price = after[1]
    low, high = (amount, None) if side == LOW else (None, amount)
    # "iphone 12 max": a bare number after another word is rather a part of its name.
    return _Reading(low, high, after[0], says_price, "" if says_price else "bare")


def _is_money(tokens: Sequence[Token], at: int, reading: _Reading, *, named: bool) -> bool:
    """Whether the numbers of a reading that begins at token `at` are money."""
    if _measures(tokens, reading.end):
        return False
    if reading.currency or named:
        return True
    if text_at(tokens, at - 1) in _NO_MONEY_AFTER or _ages(tokens, at, reading):
        return False
    if reading.opener in ("from", "between") and all(a.value in _YEARS for a in reading.amounts):
        return False
    if reading.says_price:
        return True
    return bool(reading.opener) and reading.opener != "bare" and _bounded(tokens, reading.end)


def _measures(tokens: Sequence[Token], at: int) -> bool:
    """Whether what stands at token `at` makes the number before it a length, a count ...: "cm", "-inch", "岁"."""
    if text_at(tokens, at) == "-" and glued(tokens, at) and glued(tokens, at + 1):
        return True
    unit = _UNITS.at(tokens, at)
    # 60 包 is a bag, 60包 are packets.
    return unit is not None and (tokens[at].kind != "han" or unit[0] > at + 1 or glued(tokens, at))


def _bounded(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing at token `at` can belong to the number before it."""
    return at >= len(tokens) or tokens[at].kind in ("sign", "han") or tokens[at].text in _BOUNDARY


def _ages(tokens: Sequence[Token], at: int, reading: _Reading) -> bool:
    """ "women over 50", "kids under 5"."""
    before = text_at(tokens, at - 1)
    if before in _PEOPLE:
        return reading.opener == "over" and reading.amounts[0].value < 100
    return before in _CHILDREN and all(amount.value <= 18 for amount in reading.amounts)


def _amount(tokens: Sequence[Token], at: int) -> _Amount | None:
    """An amount at token `at`, with a currency before or after it if there is one."""
    before = _CURRENCIES.at(tokens, at)
    start = before[0] if before else at
    if start >= len(tokens):
        return None
    if tokens[start].kind == "number":
        value, end = _value(tokens[start].text), start + 1
    else:
        value, end = _chinese_number(tokens, start)
    thousands = tokens[start].kind == "number" and glued(tokens, end) and text_at(tokens, end) == "k"
    if thousands and value is not None:
        value, end = value * 1000, end + 1
    after = _CURRENCIES.at(tokens, end)
    currency = before[1] if before else after[1] if after else None
    if value is None or not _stands_alone(tokens, start, end, before is not None, after is not None):
        return None
    # 一 and 两 are rather counts, and 百搭 is a word.
    counts = value < _CHINESE_FROM or text_at(tokens, end - 1) == text_at(tokens, start)
    if tokens[start].kind == "han" and not currency and counts:
        return None
    return _Amount(value, currency, after[0] if after else end, thousands)


def _stands_alone(tokens: Sequence[Token], start: int, end: int, signed: bool, named: bool) -> bool:
    """Whether the number is not a part of a word or of another number: not mp3, 3cm, -5, #5."""
    if not signed and glued(tokens, start) and (tokens[start - 1].kind == "word" or tokens[start - 1].text in "#№-−."):
        joined = tokens[start - 1].text in "-−" and start > 1 and glued(tokens, start - 1)
        if not joined:
            return False
    return named or not (glued(tokens, end) and tokens[end].kind == "word")


def _value(text: str) -> float | None:
    """1,299 and 1.299 are 1299; 40.50 and 40,5 are 40.5. None for zero and for what no price can be."""
    whole, _, decimals = re.sub("[.,]", " ", text).rpartition(" ")
    if not whole or len(decimals) > 2:
        whole, decimals = whole + decimals, "0"
    digits = whole.replace(" ", "")
    if len(digits) > 12:
        return None
    value = float(f"{digits}.{decimals}")
    return value if math.isfinite(value) and value > 0 else None


def _chinese_number(tokens: Sequence[Token], at: int) -> tuple[float | None, int]:
    """(value, the token after it) of 三十, 一百五十, 两千; (None, at) where there is none."""
    total, digit, start = 0, 0, at
    while (text := text_at(tokens, at)) and (text in _DIGITS or text in _POWERS) and at - start < 8:
        if text in _DIGITS:
            digit = _DIGITS[text]
        else:
            total += (digit or 1) * _POWERS[text]
            digit = 0
        at += 1
    return (float(total + digit) or None, at) if at > start else (None, start)
