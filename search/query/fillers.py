"""Words that ask for nothing by themselves."""

from __future__ import annotations

from search.lexicon.tokens import listed

#: Words that only join others, or only say that something is wanted.
FUNCTION = frozenset(
    listed(
        """a an the and or of in on at to for from by with without as is are be am was that which who whom whose this these
        those it its i i'm i'd i've im me my mine we us our you your he she him her his their them they some any every
        each all both no not nor so such than then there here what where when how if but just only also too very really
        quite rather more most much many few lot lots please pls plz want wants wanted wanna need needs needed looking
        look search searching find finding found show buy buying get getting give have has having like likes love would
        could can should may might will do does did me got let lets thing things something anything stuff everything
        item items article articles product products one ones piece pieces pair pairs kind kinds sort sorts type types
        style styles about around into onto out up down over under per via against made make makes wear wears wearing use used
        using work works somebody someone anyone person people thanks thank goes go going match matches
        matching colour color coloured colored size sized shade bit little s t x vs etc e g ie eg other another similar
        same different between price prices priced euro euros eur usd gbp dollar dollars"""
    )
)
#: What is thought of a thing: for the model to see, nothing that a catalog would have to say.
OPINIONS = frozenset(
    listed(
        """nice good best better great cool cute pretty beautiful lovely perfect amazing awesome gorgeous stunning
        attractive elegant stylish trendy fashionable chic fancy comfy comfortable cosy cozy warm soft light lightweight
        heavy simple basic minimal minimalist minimalistic modern contemporary classic vintage retro rustic boho bohemian
        scandinavian nordic industrial luxury luxurious premium quality durable sturdy practical useful popular new newest
        latest old favourite favorite special unique unusual funny fun bold bright dark pale pastel deep vivid colorful
        colourful big large huge small tiny mini long short tall low high thin thick slim wide narrow loose tight oversized
        young adult nicely really affordable ideal suitable romantic sexy feminine masculine sleek shiny matte natural
        handmade aesthetic outfit look gift present"""
    )
)
#: The same in Chinese, as the pieces that stand between words for things; longest first where it matters.
CHINESE = frozenset(
    listed(
        """的 了 是 在 有 和 与 或 或者 或是 及 跟 同 给 把 被 让 我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 这种 那种 一个 一件 一双 一条
        一只 一款 一把 一张 一台 一套 一顶 一副 一些 个 件 双 条 只 款 把 张 台 套 顶 副 些 种 类 样 想 想要 要 想买 买 购买 找 寻找 看看 看
        请 帮 帮我 需要 喜欢 搜索 推荐 适合 合适 用 用的 可以 能 会 吗 呢 吧 啊 呀 哦 么 什么 怎么 很 非常 最 更 比较 一点 点 有点 也 都
        还 还是 又 就 再 不 没 好 好看 漂亮 美丽 可爱 时尚 时髦 舒服 舒适 高级 高档 简约 简单 现代 复古 经典 百搭 好用 实用 新款 新 大 小
        大号 小号 长 短 高 低 厚 薄 宽松 修身 轻 轻便 温柔 气质 风格 风 式 型 色 颜色 系 东西 商品 产品 物品 款式 穿 穿的 戴 戴的 送 送给
        人 上 里 中 下 去 来 做 制 质 材质 面料 带 带有 配 搭配 之 以 而 但 但是 为 为了 对 从 到 于 等 您好 你好 谢谢 质量 价格 礼物 礼品 送礼 礼"""
    )
)
#: What turns the thing named before it into what the thing is for: a "mug holder" is no mug.
HEADS = frozenset(
    listed(
        """accessory accessories adapter bag box cabinet care case charger charm cleaner clip cover cushion dispenser dryer
        frame grinder hanger holder hook insole insoles kit laces liner maker mat opener organiser organizer pack pad
        polish press protector rack repair repellent set shelf sleeve stand steamer sticker stickers strap straps stretcher
        tray tree warmer washer winder wrap"""
    )
)
#: The same, as the last character of a Chinese word.
CHINESE_HEADS = frozenset("机架器套盒垫罩刷油夹挂绳带柜箱膏剂粉店厂")
