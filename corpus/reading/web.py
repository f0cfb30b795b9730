"""Saved web pages -> the text of the document in them, without what the site puts around it.

Of trafilatura, readability-lxml and justext none was better on Chinese government pages: on the page of gov.cn,
whose markup ends too early, they found nothing, and the others left rankings or print buttons in, or ran the
paragraphs together (see DECISIONS.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from corpus.errors import Unreadable
from corpus.reading.encoding import decoded
from corpus.reading.markup import BLOCKS, Block, blocks_of, is_data, lines_of
from corpus.reading.model import Line
from corpus.reading.tidy import han_count, tidy

_NAMES = (
    "script style noscript template iframe object embed svg canvas nav button select option input textarea link meta"
)
_NEVER = frozenset(_NAMES.split(" "))
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:share|fenxiang|bdshare|related|relation|xiangguan|xgwz|xgbd|recommend|tuijian|rank(?:ing)?|phb|paihang"
    r"|sidebar|side|crumbs?|breadcrumb|position|nav(?:bar|igation)?|menu|footer|foot|copyright|toolbar|tools?|comments?"
    r"|pinglun|qrcode|ewm|erweima|login|search|header|head|top(?:bar|nav)?|banner|ad|ads|advert|pagination|prenext)(?:$|[-_\s])",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"^[\[【（(\s]*(?:打\s*印|关\s*闭|关闭窗口|打印本页|收\s*藏|纠\s*错|返回(?:顶部|首页)?|分享(?:到)?[:：]?.{0,20}|字[号体][:：]?.{0,12}"
    r"|排行榜|热点排行|相关(?:新闻|链接|阅读|文章|稿件|报道|解读|文件|推荐)[:：]?|推荐阅读|延伸阅读|热门推荐|猜你喜欢|上一篇.{0,60}"
    r"|下一篇.{0,60}|扫一扫.{0,20}|责任编辑[:：].{0,12}|[\[(（]?责编[:：].{0,10}|编辑[:：].{0,10}|您?当前位置[:：].*|首页|更多|更多>>"
    r"|微信|微博|QQ空间|举报|点赞|评论|浏览(?:量|次数)?[:：]?\s*\d*|阅读[:：]?\s*\d+|来源[:：].{0,20}|发布时间[:：].{0,24}|【字体.{0,12})"
    r"[\]】）)\s|]*$"
)
_AFTER = re.compile(
    r"^(?:相关(?:新闻|链接|阅读|文章|稿件|报道|推荐)|推荐阅读|延伸阅读|热门推荐|猜你喜欢|排行榜|热点排行|精彩推荐)[:：]?$"
)
_FILES = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar)(?:$|[?#])", re.IGNORECASE)
_LABELS = {
    "发文字号": "number", "文号": "number", "发文机关": "issuer", "发布机构": "issuer", "制定机关": "issuer",
    "主办单位": "issuer", "成文日期": "issued", "制发日期": "issued", "发布日期": "published", "发布时间": "published",
    "公开日期": "published", "公布日期": "published", "来源": "source", "索引号": "index", "施行日期": "in_force",
    "生效日期": "in_force", "实施日期": "in_force", "有效性": "status", "效力状态": "status", "时效性": "status",
    "公开事项名称": "title", "标题": "title",
}  # fmt: skip
_LABEL = re.compile(
    rf"^(?:{'|'.join(re.sub('(?<=.)(?=.)', r's*', k).replace('s*', chr(92) + 's*') for k in _LABELS)})\s*[:：]"
)
_METAS = {
    "articletitle": "title", "pubdate": "published", "publishdate": "published", "firstpublishedtime": "published",
    "contentsource": "source", "sitename": "site", "author": "author", "og:title": "title", "og:url": "url",
    "article:published_time": "published", "keywords": "keywords",
}  # fmt: skip
_SITE = re.compile(r"\s*[-_—|–]+\s*[^-_—|–]{2,20}$")
_MOST = 0.8
_TOO_EARLY = re.compile(r"^\s*<\?xml[^>]*\?>|</(?:html|body)\s*>", re.IGNORECASE)
"""Marks that some sites put in the middle of a page; a parser would stop there."""


def page_lines(raw: bytes) -> tuple[list[Line], Mapping[str, str]]:
    """Return the lines of a saved page's document, and what the page says of it."""
    from lxml import html

    text = _TOO_EARLY.sub("", decoded(raw, markup=True))
    parser = cast(Any, html).HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    tree = cast(Any, html).document_fromstring((text or "<html/>").encode(), parser=parser)
    head = _head(tree)
    _without_furniture(tree)
    body = tree.find("body")
    root = _content(body if body is not None else tree)
    everything = blocks_of(body if body is not None else tree)
    inside = set(root.iter())
    head = {**_labelled([b for b in everything if b.element not in inside]), **head}
    lines = lines_of(_kept(blocks_of(root)))
    title = head.get("title", "")
    if title and not any(_same(title, line.text) for line in lines[:6]):
        lines.insert(0, Line(title, kind="heading", level=1))
    return lines, head


def archived_page(raw: bytes, name: str) -> bytes:
    """Return the page of a web archive (.mht).

    Raises:
        Unreadable: when there is none in it.
    """
    import email
    import email.policy

    for part in email.message_from_bytes(raw, policy=email.policy.default).walk():
        if part.get_content_type() == "text/html":
            return bytes(cast(Any, part).get_payload(decode=True))
    raise Unreadable(name, "no-text", f"{name!r} 是网页归档，里面没有网页。请在浏览器里打开后另存为“仅 HTML”。")


def _head(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = _METAS.get(str(meta.get("name") or meta.get("property") or "").lower())
        value = tidy(str(meta.get("content") or ""))
        if key and value:
            found.setdefault(key, value)
    if "title" not in found:
        headings = [tidy("".join(cast("list[str]", list(h.itertext())))) for h in tree.iter("h1")]
        named = [h for h in headings if han_count(h) >= 6]
        title = tidy(str(tree.findtext(".//title") or ""))
        while not named and _SITE.search(title) and han_count(_SITE.sub("", title)) >= 6:
            title = _SITE.sub("", title)
        if shown := (named[0] if named else title.strip("【】 ")):
            found["title"] = shown
    return found


def _without_furniture(tree: Any) -> None:
    """Take out of a tree what is never a document's text."""
    total = max(1, _sentences(tree))
    doomed: list[Any] = []
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("html", "body"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        style = str(element.get("style") or "").replace(" ", "").lower()
        hidden = "display:none" in style or "hidden" in element.attrib
        unlikely = hidden or element.tag in ("footer", "aside") or bool(_FURNITURE.search(names))
        if element.tag in _NEVER or (unlikely and _sentences(element) < 0.3 * total):
            doomed.append(element)
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _sentences(element: Any) -> int:
    """Return how much text outside links an element has."""
    return han_count(
        "".join(element.xpath(".//text()[not(ancestor::a) and not(ancestor::script) and not(ancestor::style)]"))
    )


def _content(body: Any) -> Any:
    """Return the innermost element that still has nearly all sentences; of two copies of a text, one."""
    scores: dict[Any, int] = {}
    for element in reversed(list(body.iter())):
        if isinstance(element.tag, str):
            own = han_count(element.text or "") + sum(han_count(c.tail or "") for c in element)
            scores[element] = 0 if element.tag == "a" else own + sum(scores.get(c, 0) for c in element)
    here = body
    while True:
        children = [c for c in here if c.tag in BLOCKS and c.tag != "p"]
        ranked = sorted(children, key=lambda c: -scores.get(c, 0))
        first, second = (scores[ranked[0]], scores[ranked[1]]) if len(ranked) > 1 else (0, 0)
        one = bool(ranked) and scores[ranked[0]] >= _MOST * scores[here]
        if one or (second > 0.9 * first > 200 and _copies(ranked[0], ranked[1])):
            here = ranked[0]
        else:
            tables = [t for t in (here, *here.iterancestors()) if t.tag == "table" and is_data(t)]
            return tables[-1].getparent() if tables else here


def _copies(one: Any, other: Any) -> bool:
    first, second = ({b.text for b in blocks_of(e) if len(b.text) > 20} for e in (one, other))
    return bool(first) and len(first & second) > 0.7 * min(len(first), len(second) or 1)


def _kept(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks without buttons, lists of links and what follows 相关新闻."""
    found: list[Block] = []
    for at, block in enumerate(blocks):
        if _AFTER.match(block.text) and sum(han_count(b.text) for b in blocks[at:] if not b.linked) < 200:
            break
        if all(_BUTTON.match(t) for t in re.findall(r"[^\[\]【】|]+|^$", block.text)) or _BUTTON.match(block.text):
            continue
        links = block.linked > 0.6 * len("".join(block.text.split()))
        attached = any(_FILES.search(f) for f in block.files) or block.text.startswith("附件")
        if links and not attached and not block.text.endswith("。"):
            continue
        found.append(block)
    return found


def _labelled(blocks: Sequence[Block]) -> dict[str, str]:
    """Return what a site's own table says of the document: 发文字号：…"""
    found: dict[str, str] = {}
    texts = [part for b in blocks for part in b.text.split("；")]
    for at, text in enumerate(texts):
        label = _LABEL.match(text)
        if not label:
            continue
        key = _LABELS[re.sub(r"[\s:：]", "", label[0])]
        value = text[label.end() :].strip() or (texts[at + 1].strip() if at + 1 < len(texts) else "")
        if value and not _LABEL.match(value) and len(value) < 200:
            found.setdefault(key, value)
    return found


def _same(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    first, second = (re.sub(r"[（(]?\S{2,10}〔\d{4}〕\d+号[)）]?|\s", "", t) for t in (one, other))
    return len(second) >= 6 and (first in second or second in first or fuzz.ratio(first, second) > 85)
