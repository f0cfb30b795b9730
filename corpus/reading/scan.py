"""Pictures of pages -> text, by OCR on this machine. The one door to rapidocr; its models are in its wheel."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corpus.reading.grid import Grid, Ruling, grids
from corpus.reading.limits import LIMITS
from corpus.reading.model import Box, PageText
from corpus.reading.printed import Char, printed_lines
from corpus.reading.tidy import HAN

Picture = NDArray[np.uint8]

_DETECT_SIDE = 960
_UNSURE = 0.8
_HEAD, _WIDE_SHARE = 0.4, 0.35
"""Of a page's height and width: where a letterhead stands, and how wide it is at least."""
_WIDE = str.maketrans("(),:;?!", "（），：；？！")
_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])[(),:;?!]|[(),:;?!](?=[{HAN}])")
_OPEN = re.compile(r"（([^（）()]*)\)|\(([^（）()]*)）")
_LOCK = threading.Lock()


@cache
def _engine() -> Any:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"  # named outright, so that nothing is ever downloaded
    return cast(Any, rapidocr).RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.4,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECT_SIDE,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Rec.rec_batch_num": 1,  # padding costs more than batching saves
        }
    )


def scanned_page(picture: Picture, number: int, *, scale: float, why: str = "") -> PageText:
    """Return what OCR reads on a page.

    Args:
        picture: the page, RGB.
        number: of the page.
        scale: pixels a point.
        why: why it was not read otherwise, for the note.
    """
    gray = without_stamp(picture)
    quads, texts, scores = _recognised(gray)
    height, width = gray.shape
    skew = _skew(quads)
    turned = _straight(quads, skew, (width / 2, height / 2))
    chars = [_char(q, t, scale) for q, t in zip(turned, texts, strict=True)]
    tables = _tables(gray, skew, scale)
    lines = printed_lines(sorted(chars, key=lambda c: (c.box.top, c.box.left)), tables, width / scale)
    unsure = sum(len(t) for t, s in zip(texts, scores, strict=True) if s < _UNSURE)
    notes = [why] if why else []
    if unsure:
        notes.append(f"约 {unsure} 个字认得没有把握，请对照原件")
    return PageText(number, "ocr", "；".join(notes), width / scale, height / scale, tuple(lines), round(skew, 2))


def wide_punctuation(text: str) -> str:
    """Return a line with the marks beside Chinese characters as Chinese ones; OCR mixes the two.

    >>> wide_punctuation("(一)年消费量,其中:GB/T 2589(2020)")
    '（一）年消费量，其中：GB/T 2589(2020)'
    """
    text = _BESIDE_HAN.sub(lambda m: m[0].translate(_WIDE), text)
    return _OPEN.sub(lambda m: f"（{m[1] or m[2] or ''}）", text)


def without_stamp(picture: Picture) -> Picture:
    """Return a page in gray with red stamps made faint, so that the text under them can be read.

    Red across the top of a page is no stamp but the letterhead: it stays.
    """
    color = picture.astype(np.int16)
    red, green, blue = color[:, :, 0], color[:, :, 1], color[:, :, 2]
    gray = (red * 3 + green * 6 + blue) // 10
    stamped = (red > green + 35) & (red > blue + 35)
    top = round(_HEAD * len(stamped))
    across = np.flatnonzero(stamped[:top].sum(axis=0) > 2)
    if len(across) and across[-1] - across[0] > _WIDE_SHARE * stamped.shape[1]:
        stamped[:top] = False
    return np.where(stamped, red, gray).astype(np.uint8)


def _recognised(gray: Picture) -> tuple[list[NDArray[np.float64]], list[str], list[float]]:
    import cv2

    narrow = cast(Any, cv2).resize(gray, None, fx=LIMITS.ocr_width, fy=1.0, interpolation=cv2.INTER_AREA)
    with _LOCK:
        found = _engine()(cast(Any, cv2).cvtColor(narrow, cv2.COLOR_GRAY2BGR))
    if found.boxes is None:
        return [], [], []
    quads = [np.asarray(b, dtype=np.float64) / (LIMITS.ocr_width, 1.0) for b in found.boxes]
    return quads, [wide_punctuation(str(t)) for t in found.txts], [float(s) for s in found.scores]


def _skew(quads: Sequence[NDArray[np.float64]]) -> float:
    """Return by how many degrees the long lines slope."""
    slopes: list[float] = []
    for quad in quads:
        across = quad[1] - quad[0]
        if across[0] > 8 * abs(quad[3][1] - quad[0][1]):
            slopes.append(math.degrees(math.atan2(float(across[1]), float(across[0]))))
    return median(slopes) if len(slopes) >= 3 and abs(median(slopes)) > 0.15 else 0.0


def _straight(
    quads: Sequence[NDArray[np.float64]], skew: float, centre: tuple[float, float]
) -> list[NDArray[np.float64]]:
    if not skew:
        return list(quads)
    angle = math.radians(-skew)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return [(quad - centre) @ turn.T + centre for quad in quads]


def _char(quad: NDArray[np.float64], text: str, scale: float) -> Char:
    left, right = float(quad[:, 0].min()), float(quad[:, 0].max())
    top, bottom = float(quad[:2, 1].mean()), float(quad[2:, 1].mean())
    box = Box(left / scale, top / scale, right / scale, max(bottom, top + 1) / scale)
    return Char(text, box, 0.75 * (box.bottom - box.top))


def _tables(gray: Picture, skew: float, scale: float) -> list[Grid]:
    """Return the ruled tables of a page, found as long dark strokes."""
    import cv2

    vision = cast(Any, cv2)
    height, width = gray.shape
    if skew:
        turn = vision.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        gray = vision.warpAffine(gray, turn, (width, height), borderValue=255)
    dark = vision.adaptiveThreshold(gray, 255, vision.ADAPTIVE_THRESH_MEAN_C, vision.THRESH_BINARY_INV, 31, 15)
    rulings: list[list[Ruling]] = []
    for across in (True, False):
        length = round(40 * scale)
        kernel = vision.getStructuringElement(vision.MORPH_RECT, (length, 1) if across else (1, length))
        strokes = vision.morphologyEx(vision.dilate(dark, np.ones((3, 3), np.uint8)), vision.MORPH_OPEN, kernel)
        _, _, stats, _ = vision.connectedComponentsWithStats(strokes)
        found: list[Ruling] = []
        for x, y, w, h, _ in cast("list[list[int]]", stats.tolist())[1:]:
            thick = h if across else w
            if thick <= 8 * scale:
                at, start, end = (y + h / 2, x, x + w) if across else (x + w / 2, y, y + h)
                found.append(Ruling(at / scale, start / scale, end / scale))
        rulings.append(found)
    return grids(rulings[0], rulings[1]) if all(rulings) and max(map(len, rulings)) < 400 else []
