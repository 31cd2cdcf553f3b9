"""Every word on the page, in English and Chinese.

`Words("zh")("more_like")` is the page's own text; `Words.value` translates a catalog's plain words
(red, mug, cotton) from values_zh.txt; `Words.error` says what an error says, in the reader's
language. A test holds both languages to the same keys and the same placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from search.errors import VitrineError
from search.explain.narrate import TEMPLATES
from search.schema import Product

_EN: Mapping[str, str] = {
    # frame
    "tagline": "Visual product search",
    "page_title": "Vitrine, visual product search",
    "skip": "Skip to the results",
    "language": "Language",
    "to_dark": "Switch to dark colours",
    "to_light": "Switch to light colours",
    "catalog_size": "{name} · {count} products",
    "catalog_tip": "The catalog that is being searched.",
    "catalog_issues": "{count} rows of the catalog were skipped, the first: {first}",
    "search_panel": "Search",
    "catalog_embedded": "Sample catalog",
    "tabs": "Parts of Vitrine",
    "tab_search": "Search",
    # rail: photo
    "photo_drop": "Drop a photo here",
    "photo_hint": "or paste one",
    "photo_choose": "Choose a photo",
    "photo_camera": "Camera",
    "photo_paste": "Paste",
    "photo_private": "Your photo is not part of the link.",
    "photo_yours": "Your photo",
    "photo_remove": "Remove the photo",
    "photo_uploading": "Sending the photo",
    "photo_failed": "The photo could not be sent. Try a smaller one (up to 32 MB), or check the connection.",
    "photo_not_image": "That is not a picture. Use a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file.",
    "paste_empty": "There is no picture on the clipboard. Copy one, then press Paste or Ctrl+V.",
    "camera_title": "Take a photo",
    "camera_shoot": "Take the photo",
    "camera_denied": "The camera cannot be used. Allow it in the browser's settings, or choose a file.",
    "crop": "Choose a part",
    "crop_hint": "Drag over the part to search with. Arrow keys move it, Shift and arrow keys resize it.",
    "crop_region": "Part of the photo to search with",
    "crop_all": "Whole photo",
    "crop_part": "Only the marked part counts. Drag to choose another, or take the whole photo.",
    "samples": "Try one of these",
    "sample_alt": "Sample photo: {caption}",
    # rail: words
    "words": "Words",
    "words_hint": "e.g. red, without stripes",
    "search": "Search",
    "words_clear": "Clear the words",
    "not": "Must not have",
    "not_hint": "e.g. leather",
    "not_add": "Add",
    "not_remove": "Allow again: {phrase}",
    "balance": "What counts more",
    "balance_photo": "Photo",
    "balance_words": "Words",
    "balance_tip": "How much the photo and the words each count. In the middle stand the weights that did best "
    "in the tests.",
    "balance_idle": "Works when there is both a photo and words.",
    "balance_value": "{percent} percent towards the words",
    # rail: filters
    "filters": "Filters",
    "filters_count": "Filters ({count})",
    "filters_clear": "Clear all",
    "filters_done": "Show products",
    "close": "Close",
    "category": "Category",
    "colour": "Colour",
    "gender": "For",
    "material": "Material",
    "pattern": "Pattern",
    "brand": "Brand",
    "price": "Price",
    "price_low": "Lowest price",
    "price_high": "Highest price",
    "price_from": "from {price}",
    "price_to": "to {price}",
    "show_all": "Show all {count}",
    "show_fewer": "Show fewer",
    "facet_tip": "{count} products with the other filters as they are",
    "size_label": "Number of results",
    # the sentence
    "say_intro": "Products",
    "say_photo": "like this photo",
    "say_photo_part": "like a part of this photo",
    "say_like": "like {title}",
    "say_words": "described as “{words}”",
    "say_not": "without {phrase}",
    "say_filter": "{field}: {values}",
    "say_price_to": "up to {high}",
    "say_price_from": "from {low}",
    "say_price": "{low} to {high}",
    "say_or": " or ",
    "say_remove": "Remove: {part}",
    "say_reset": "Start over",
    "count": "{shown} of {total}",
    "count_tip": "{shown} shown of {total} products that pass the filters; the catalog has {size}.",
    "time": "{ms} ms",
    "time_tip": "Time the search itself took, in milliseconds: {steps}.",
    "copy_link": "Copy link",
    "copied": "Link copied",
    "copied_private": "Link copied. Your photo is not part of it.",
    # results
    "results": "Results",
    "band_exact": "Exact match",
    "band_very_close": "Very close",
    "band_related": "Related",
    "band_weak": "Weak",
    "band_exact_blurb": "this very picture, or this very name",
    "band_very_close_blurb": "what you are looking for, or nearly",
    "band_related_blurb": "alike in kind, colour or shape",
    "band_weak_blurb": "the nearest of the rest",
    "band_tip": "How likely this is the kind of product that was asked for: very close from 80 %, related from 50 %. "
    "Scores of a photo and of words cannot be compared with each other; bands can.",
    "no_close_title": "No close match.",
    "no_close_body": "The catalog may not have this. The nearest products follow.",
    "no_good_title": "No good match in this catalog.",
    "no_good_body": "Nothing in it is like what you asked for. These are only the nearest of what there is.",
    "likely_tip": "{likely} of the hits with such a score are the kind of product that was asked for, as measured on "
    "this catalog. The score itself is {score}: how near product and query are to the model, 1 at the most.",
    "rank_tip": "Rank {rank}",
    "details": "Details",
    "details_of": "Details of {title}",
    "more_like": "More like this",
    "more_like_of": "More like {title}",
    "no_picture": "No picture",
    "loading": "Searching",
    "starting": "The catalog is being opened. This page goes on by itself.",
    "starting_pictures": "The catalog is being read: {done} of {total} pictures. This page goes on by itself.",
    # the shop and its empty states
    "shop_title": "What are you looking for?",
    "shop_lead": "Drop a photo, describe it in words, or do both: a photo of a chair and “in green” finds green "
    "chairs like it.",
    "shop_try": "Try",
    "shop_all": "All products",
    "shop_rest": "Other products",
    "shop_everything": "All",
    "shop_by_department": "Departments",
    "shop_by_category": "Categories",
    "shop_more_kinds": "More kinds",
    "shop_count": "{count} products",
    "shop_see_all": "See all {count}",
    "shop_filtered": "{count} products pass the filters",
    "shop_more": "{count} more pass the filters: narrow them down, or show more results.",
    "no_match_title": "Nothing passes these filters",
    "no_match_body": "No product of the catalog has all of them at once. Remove one:",
    "no_match_clear": "Clear all filters",
    "error_title": "That did not work",
    "error_unexpected": "Something went wrong on our side. Your photo, words and filters are still here: try again, "
    "and tell whoever runs this page if it keeps happening.",
    "error_retry": "Try again",
    "error_offline": "The server does not answer. Your search is still here: check the connection and try again.",
    # details
    "angles_of": "Pictures of {title}",
    "angle": "Picture {at} of {total}",
    "angle_map": "The colours belong to the first picture.",
    "score_parts": "What the score is made of",
    "part_photo": "Photo",
    "part_text": "Words",
    "part_exclude": "Must not have",
    "part_personal": "Your taste",
    "part_rules": "Shop rules",
    "part_total": "Score",
    "part_photo_tip": "What the photo adds",
    "part_text_tip": "What the words add",
    "part_exclude_tip": "What the exclusions take away",
    "part_personal_tip": "What your taste adds",
    "part_rules_tip": "What the shop's rules add",
    "part_total_tip": "The sum of the lines above",
    # why it was found
    "why_photo": "Your photo",
    "why_product": "This product",
    "why_no_map": "This model cannot say where in the pictures the score comes from.",
    "why_hint": "Choose a part of the score, a word or an attribute to see where it comes from.",
    "why_hint_pairs": "Click a place in one picture to see its partner in the other. Choose a part of the score, a word "
    "or an attribute to see where it comes from.",
    "why_opacity": "Colour over the picture",
    "why_raw": "Show the grid",
    "why_pick": "{picture}: choose a place with a click or the arrow keys",
    "why_unit_score": "of the score, each place",
    "why_unit_next": "places that favour one or the other",
    "why_unit_attribute": "what makes it this rather than another",
    "why_unit_pair": "in common with the chosen place",
    "why_rest": "{share} in no single place",
    "why_overlap": "{share} together: places overlap",
    "why_low_next": "the next",
    "why_high_next": "this one",
    "why_low_attribute": "against",
    "why_high_attribute": "for",
    "why_low_pair": "little",
    "why_high_pair": "most",
    "why_partner": "The ring in the other picture marks the place that has most in common with the chosen one.",
    "why_shown": "Shown: {label}, {value}.",
    "why_words": "What each word adds",
    "why_word": "“{word}”",
    "why_any": "any product",
    "why_any_tip": "What these words add to the average product of the catalog. The words' values are what they add "
    "here beyond that.",
    "why_without": "Without the words this product would be number {rank} of {total}.",
    "why_without_far": "Without the words this product would not be among the first 1,000.",
    "why_traits": "What they share",
    "why_shared": "the same",
    "why_different": "different",
    "why_read": "{value} ({certainty})",
    "why_unsure": "not sure, perhaps {value} ({certainty})",
    "why_next": "Why this and not number {rank}, {title}?",
    "why_next_gap": "This product scores {gap} more. Where the difference comes from:",
    "why_next_there": "there: {value}",
    "why_next_same": "The catalog describes both alike: what differs is in the pictures.",
    "why_next_label": "the difference to the next",
    "why_next_where": "Show where they differ",
    "facts": "About this product",
    **{f"why_say_{key}": text for key, text in TEMPLATES.items()},
    "rank_of": "Rank {rank}",
    "no_price": "Price not given",
    "id": "Article",
    "tags": "Tags",
    "department": "Department",
    "season": "Season",
    "usage": "Occasion",
    "room": "Room",
    "secondary_colour": "Second colour",
    "size_attribute": "Size",
    "year": "Year",
    "sub_category": "Sub-category",
    "master_category": "Department",
}

_ZH: Mapping[str, str] = {
    "tagline": "以图搜货",
    "page_title": "Vitrine 以图搜货",
    "skip": "跳到搜索结果",
    "language": "语言",
    "to_dark": "切换为深色",
    "to_light": "切换为浅色",
    "catalog_size": "{name} · {count} 件商品",
    "catalog_tip": "正在搜索的商品目录。",
    "catalog_issues": "目录中有 {count} 行被跳过，第一处：{first}",
    "search_panel": "搜索",
    "catalog_embedded": "示例目录",
    "tabs": "Vitrine 的各个部分",
    "tab_search": "搜索",
    "photo_drop": "把图片拖到这里",
    "photo_hint": "也可以直接粘贴",
    "photo_choose": "选择图片",
    "photo_camera": "拍照",
    "photo_paste": "粘贴",
    "photo_private": "您的图片不会写进链接。",
    "photo_yours": "您的图片",
    "photo_remove": "移除图片",
    "photo_uploading": "正在上传图片",
    "photo_failed": "图片上传失败。请换一张小一些的（不超过 32 MB），或检查网络。",
    "photo_not_image": "这不是图片。请使用 JPEG、PNG、WebP、GIF、BMP、TIFF 或 AVIF 文件。",
    "paste_empty": "剪贴板里没有图片。请先复制一张，再点“粘贴”或按 Ctrl+V。",
    "camera_title": "拍一张照片",
    "camera_shoot": "拍照",
    "camera_denied": "无法使用摄像头。请在浏览器设置中允许，或选择一个文件。",
    "crop": "选取局部",
    "crop_hint": "拖动选取要搜索的部分。方向键移动，Shift 加方向键调整大小。",
    "crop_region": "用来搜索的局部",
    "crop_all": "整张图片",
    "crop_part": "只有标出的局部参与搜索。可拖动另选，或改用整张图片。",
    "samples": "试试这些图片",
    "sample_alt": "示例图片：{caption}",
    "words": "文字",
    "words_hint": "例如：红色，不要条纹",
    "search": "搜索",
    "words_clear": "清除文字",
    "not": "不要",
    "not_hint": "例如：皮革",
    "not_add": "添加",
    "not_remove": "取消排除：{phrase}",
    "balance": "更看重哪个",
    "balance_photo": "图片",
    "balance_words": "文字",
    "balance_tip": "图片和文字各占多少。正中间是测试中效果最好的比例。",
    "balance_idle": "同时有图片和文字时可用。",
    "balance_value": "偏向文字 {percent}%",
    "filters": "筛选",
    "filters_count": "筛选（{count}）",
    "filters_clear": "全部清除",
    "filters_done": "查看商品",
    "close": "关闭",
    "category": "类别",
    "colour": "颜色",
    "gender": "适用",
    "material": "材质",
    "pattern": "图案",
    "brand": "品牌",
    "price": "价格",
    "price_low": "最低价",
    "price_high": "最高价",
    "price_from": "{price} 起",
    "price_to": "至 {price}",
    "show_all": "显示全部 {count} 项",
    "show_fewer": "收起",
    "facet_tip": "在其他筛选不变时有 {count} 件商品",
    "size_label": "显示多少个结果",
    "say_intro": "商品：",
    "say_photo": "与这张图片相似",
    "say_photo_part": "与图片的局部相似",
    "say_like": "与“{title}”相似",
    "say_words": "描述为“{words}”",
    "say_not": "不要{phrase}",
    "say_filter": "{field}：{values}",
    "say_price_to": "{high} 以内",
    "say_price_from": "{low} 起",
    "say_price": "{low} 至 {high}",
    "say_or": "或",
    "say_remove": "移除：{part}",
    "say_reset": "重新开始",
    "count": "{shown} / {total} 件",
    "count_tip": "显示 {shown} 件，符合筛选的共 {total} 件，目录共 {size} 件。",
    "time": "{ms} 毫秒",
    "time_tip": "搜索本身所用的时间（毫秒）：{steps}。",
    "copy_link": "复制链接",
    "copied": "链接已复制",
    "copied_private": "链接已复制，其中不含您的图片。",
    "results": "结果",
    "band_exact": "完全一致",
    "band_very_close": "非常接近",
    "band_related": "相关",
    "band_weak": "较弱",
    "band_exact_blurb": "就是这张图片，或就是这个名称",
    "band_very_close_blurb": "正是或几乎就是您要找的",
    "band_related_blurb": "种类、颜色或外形相近",
    "band_weak_blurb": "其余商品中最接近的",
    "band_tip": "该商品属于所找种类的可能性：80 % 以上为非常接近，50 % 以上为相关。图片的分数与文字的分数不能互相比较，档位可以。",
    "no_close_title": "没有很接近的商品。",
    "no_close_body": "目录里可能没有。以下是最接近的。",
    "no_good_title": "本目录中没有合适的商品。",
    "no_good_body": "目录里没有与您要找的相似的商品，以下只是其中相对接近的。",
    "likely_tip": "在本目录上测得：同样分数的结果中有 {likely} 属于所找的种类。分数本身为 {score}，即模型眼中商品与查询的接近程度，最高为 1。",
    "rank_tip": "第 {rank} 名",
    "details": "详情",
    "details_of": "“{title}”的详情",
    "more_like": "找相似",
    "more_like_of": "找与“{title}”相似的",
    "no_picture": "没有图片",
    "loading": "正在搜索",
    "starting": "正在打开商品目录，完成后页面会自动继续。",
    "starting_pictures": "正在读取商品目录：{done} / {total} 张图片，完成后页面会自动继续。",
    "shop_title": "想找什么？",
    "shop_lead": "拖入一张图片，或用文字描述，或两者一起：一张椅子的图片加上“绿色”，就能找到相似的绿色椅子。",
    "shop_try": "试试",
    "shop_all": "全部商品",
    "shop_rest": "其他商品",
    "shop_everything": "全部",
    "shop_by_department": "部门",
    "shop_by_category": "类别",
    "shop_more_kinds": "更多种类",
    "shop_count": "{count} 件商品",
    "shop_see_all": "查看全部 {count} 件",
    "shop_filtered": "有 {count} 件商品符合筛选",
    "shop_more": "还有 {count} 件符合筛选：可以再缩小范围，或显示更多结果。",
    "no_match_title": "没有符合这些筛选的商品",
    "no_match_body": "目录中没有同时满足全部条件的商品。去掉其中一个：",
    "no_match_clear": "清除全部筛选",
    "error_title": "没有成功",
    "error_unexpected": "我们这边出了问题。您的图片、文字和筛选都还在：请再试一次；如果一直这样，请告诉本页的管理者。",
    "error_retry": "再试一次",
    "error_offline": "服务器没有回应。您的搜索还在：请检查网络后再试。",
    "angles_of": "“{title}”的图片",
    "angle": "第 {at} 张图片，共 {total} 张",
    "angle_map": "颜色标示只属于第一张图片。",
    "score_parts": "分数的构成",
    "part_photo": "图片",
    "part_text": "文字",
    "part_exclude": "不要",
    "part_personal": "您的偏好",
    "part_rules": "店铺规则",
    "part_total": "分数",
    "part_photo_tip": "图片加了多少",
    "part_text_tip": "文字加了多少",
    "part_exclude_tip": "排除项减了多少",
    "part_personal_tip": "您的偏好加了多少",
    "part_rules_tip": "店铺规则加了多少",
    "part_total_tip": "以上各项之和",
    "why_photo": "您的图片",
    "why_product": "这件商品",
    "why_no_map": "这个模型无法说明分数来自图片的哪里。",
    "why_hint": "点选分数的一部分、一个词或一项属性，就能看到它来自哪里。",
    "why_hint_pairs": "点一张图片中的一处，就能看到另一张中与它对应的地方。点选分数的一部分、一个词或一项属性，就能看到它来自哪里。",
    "why_opacity": "颜色浓淡",
    "why_raw": "显示网格",
    "why_pick": "{picture}：点击或用方向键选一处",
    "why_unit_score": "（每处占分数的比例）",
    "why_unit_next": "（偏向哪一件的地方）",
    "why_unit_attribute": "（使它是这个而不是别的）",
    "why_unit_pair": "（与所选处的共同点）",
    "why_rest": "{share} 不在任何一处",
    "why_overlap": "合计 {share}：各处有重叠",
    "why_low_next": "下一件",
    "why_high_next": "这一件",
    "why_low_attribute": "不支持",
    "why_high_attribute": "支持",
    "why_low_pair": "少",
    "why_high_pair": "最多",
    "why_partner": "另一张图中的圆圈，标出与所选处共同点最多的地方。",
    "why_shown": "正在显示：{label}，{value}。",
    "why_words": "每个词的贡献",
    "why_word": "“{word}”一词",
    "why_any": "任何商品",
    "why_any_tip": "这些文字给目录中一般商品加的分。各个词的数值，是它们在这件商品上比一般商品多加的分。",
    "why_without": "不看文字，这件商品会排在第 {rank} 位（共 {total} 件）。",
    "why_without_far": "不看文字，这件商品不在前 1,000 名之内。",
    "why_traits": "共同之处",
    "why_shared": "相同",
    "why_different": "不同",
    "why_read": "{value}（{certainty}）",
    "why_unsure": "不确定，可能是{value}（{certainty}）",
    "why_next": "为什么是它，而不是第 {rank} 名“{title}”？",
    "why_next_gap": "这件商品高出 {gap} 分。差别来自：",
    "why_next_there": "对方：{value}",
    "why_next_same": "目录对两者的描述相同：差别在图片里。",
    "why_next_label": "与下一件的差别",
    "why_next_where": "显示两者差别所在",
    "why_say_nothing": "查询中没有什么支持这件商品，它只是其余商品中最好的。",
    "why_say_photo_then_words": "主要因为您的图片（占分数的 {photo}），您的文字再加 {text}。",
    "why_say_photo_not_words": "只因为您的图片（占分数的 {photo}），您的文字减去 {text}。",
    "why_say_words_then_photo": "主要因为您的文字（占分数的 {text}），您的图片再加 {photo}。",
    "why_say_words_not_photo": "只因为您的文字（占分数的 {text}），您的图片减去 {photo}。",
    "why_say_photo_only": "它符合您的图片。",
    "why_say_words_only": "它符合您的文字。",
    "why_say_shared": "两者都是：{values}。",
    "why_say_shared_sure": "两者都是：{values}（从您的图片读出，把握至少 {certainty}）。",
    "why_say_differs": "您的图片更像{seen}（{certainty}），而不是{value}。",
    "why_say_unsure": "图片中是什么并不确定，可能是{values}。",
    "why_say_word": "“{word}”一词最重要（{share}）。",
    "why_say_word_place": "“{word}”一词最重要（{share}），在商品图片的{place}。",
    "why_say_excluded": "因为您排除的内容，它失去 {share}。",
    "why_say_guess": "{value}（{certainty}）",
    "why_say_join": "、",
    "why_say_place_top_left": "左上",
    "why_say_place_top": "上方",
    "why_say_place_top_right": "右上",
    "why_say_place_left": "左侧",
    "why_say_place_middle": "中间",
    "why_say_place_right": "右侧",
    "why_say_place_bottom_left": "左下",
    "why_say_place_bottom": "下方",
    "why_say_place_bottom_right": "右下",
    "facts": "商品信息",
    "rank_of": "第 {rank} 名",
    "no_price": "未标价",
    "id": "货号",
    "tags": "标签",
    "department": "部门",
    "season": "季节",
    "usage": "场合",
    "room": "空间",
    "secondary_colour": "次要颜色",
    "size_attribute": "尺寸",
    "year": "年份",
    "sub_category": "子类别",
    "master_category": "部门",
}

TEXTS: Mapping[str, Mapping[str, str]] = {"en": _EN, "zh": _ZH}

#: What each error code says in Chinese; English is the error's own sentence. A code that is not
#: here, or whose details are missing, is shown in English: better than a wrong sentence.
ERRORS_ZH: Mapping[str, str] = {
    "only_exclusions": "只说了不要什么。请再放一张图片，或描述要找的商品。",
    "empty_query": "没有图片，也没有文字。请放一张图片，或描述要找的商品。",
    "text_too_long": "文字有 {length} 个字符，最多 {limit} 个。请用一两句话描述商品。",
    "no_product": "目录中没有编号为“{id}”的商品，它可能已下架。",
    "unknown_field": "目录中没有“{field}”这个字段。",
    "bad_price_range": "价格范围不对。请填写最低价和最高价，可以只填一个。",
    "no_sample": "没有编号为“{id}”的示例图片。请另选一张。",
    "upload_gone": "这张图片已不在服务器上。请再上传一次。",
    "image_format": "这是图形或文档，不是照片。请使用 JPEG、PNG、WebP、GIF、BMP、TIFF 或 AVIF 图片。",
    "image_unreadable": "这个文件无法作为图片读取。请使用 JPEG、PNG、WebP、GIF、BMP、TIFF 或 AVIF 图片。",
    "image_pixels": "图片为 {width} x {height} 像素，上限是 {limit} 百万像素。请换一张小一些的。",
    "image_aspect": "图片为 {width} x {height} 像素，长边最多是短边的 {limit} 倍。请裁剪出需要的部分。",
    "image_scans": "这张渐进式 JPEG 的扫描次数超过 {limit} 次。请重新保存为 JPEG。",
    "image_pieces": "这张图片由过多的数据块组成（超过 {limit} 个）。请重新保存。",
    "image_metadata": "图片的元数据超过 {limit} MB。请去掉元数据后重新保存。",
    "image_small": "图片只有 {width} x {height} 像素，每边至少要 {limit} 像素。请换一张大一些的。",
    "image_bytes": "图片有 {size} MB，上限是 {limit} MB。请换一张小一些的。",
    "image_damaged": "图片已损坏。请重新保存，或换一张。",
    "image_missing": "找不到这张图片。请再上传一次。",
    "image": "这张图片无法使用。请换一张。",
}

VALUES_FILE = Path(__file__).with_name("values_zh.txt")


class Words:
    """The page's words in one language, "en" or "zh"."""

    def __init__(self, lang: str):
        self.lang = lang if lang in TEXTS else "en"
        self._texts = TEXTS[self.lang]

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values) if values else self._texts[key]

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def field(self, name: str) -> str:
        """The label of a product's field or attribute; an unknown one is made readable."""
        key = "size_attribute" if name == "size" else name
        return self._texts.get(key) or name.replace("_", " ").strip().capitalize()

    def value(self, field: str, value: object) -> str:
        """A catalog value as the page shows it: "mug" is Mug, or 马克杯.

        Several values in one, separated by "|", are translated one by one.
        """
        texts = [text.strip() for text in str(value).split("|") if text.strip()]
        if self.lang == "zh":
            return "、".join(_chinese(field, text) or text for text in texts)
        return ", ".join(text[:1].upper() + text[1:] for text in texts)

    def tags(self, product: Product) -> str:
        """The product's tags in one line; a tag is a plain word of any field."""
        if self.lang == "zh":
            return "、".join(dict.fromkeys(_chinese("tags", tag) or tag for tag in product.tags))
        return ", ".join(product.tags)

    def title(self, product: Product) -> str:
        """The product's title, in this language where the catalog has it."""
        return str(product.attributes.get(f"title_{self.lang}") or product.title)

    def description(self, product: Product) -> str:
        return str(product.attributes.get(f"description_{self.lang}") or product.description or "")

    def price(self, product: Product) -> str:
        """The price with its currency, or nothing where the catalog gives none."""
        return "" if product.price is None else money(product.price, product.attributes.get("currency"))

    def error(self, error: VitrineError) -> str:
        """What an error says and what to do about it."""
        template = ERRORS_ZH.get(error.code) if self.lang == "zh" else None
        try:
            return template.format(**error.details) if template else str(error)
        except (KeyError, IndexError):
            return str(error)


def money(amount: float, currency: Any = None) -> str:
    """A price as people write it: "€1,249", "€19.90", or "19.90" where the currency is unknown."""
    code = str(currency or "").upper()
    sign = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥"}.get(code, f"{code} " if code else "")
    return sign + (f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}")


def _chinese(field: str, value: str) -> str | None:
    """The Chinese word for a catalog value; singular and plural count as the same word."""
    folded = value.casefold()
    forms = (folded, folded + "s", folded + "es", folded.removesuffix("s"), folded.removesuffix("es"))
    own = "colour" if "colour" in field else field
    # A tag is a word of any field; a field that is not listed speaks the words of kinds.
    names = (own, *_values()) if field == "tags" else (own,) if own in _values() else ("category",)
    return next((_values()[name][form] for name in names for form in forms if form in _values()[name]), None)


@cache
def chinese_words() -> frozenset[str]:
    """Every Chinese word that the page knows, so that a query's words are not taken apart."""
    return frozenset(word for table in _values().values() for word in table.values() if len(word) > 1)


@cache
def _values() -> Mapping[str, Mapping[str, str]]:
    """Field -> value (folded) -> Chinese."""
    fields: dict[str, dict[str, str]] = {}
    table: dict[str, str] = {}
    for line in VALUES_FILE.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("["):
            table = fields.setdefault(line[1:-1], {})
        elif line and not line.startswith("#"):
            value, _, chinese = line.partition("|")
            table[value.strip()] = chinese.strip()
    return fields
