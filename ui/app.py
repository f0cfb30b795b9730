"""The page: the frame, its tabs, its look; opened on this machine and talking to no other."""

from __future__ import annotations

import logging
import os
import socket
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import gradio as gr
from gradio.themes import Base
from starlette.middleware import Middleware

from assistant.dialogue import Dialogue
from corpus.own import OwnLibrary
from scoring.load import load_rules
from ui.asks import Asks
from ui.chat import Chat
from ui.errors import PageError
from ui.grade_page import GradePage, lay_out_grading
from ui.grading import own_rules, reviews_of
from ui.headers import OwnHostOnly
from ui.library_page import LIMIT_MB, LibraryPage, lay_out_library
from ui.library_texts import read_library_texts
from ui.render import header, notice
from ui.source_view import SourceView
from ui.talk_page import lay_out
from ui.talk_texts import read_talk_texts
from ui.texts import Texts, read_texts
from ui.train_html import word
from ui.train_page import TrainPage, lay_out_training
from ui.warming import warm

if TYPE_CHECKING:
    from assistant.writer import Writer

_A_DAY = 24 * 3600
_STYLES = ("style.css", "grade.css", "library.css", "talk.css", "train.css")
_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
          "WenQuanYi Micro Hei", "system-ui", "sans-serif")  # fmt: skip
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f6f54"/>'
    '<circle cx="16" cy="16" r="8" fill="none" stroke="#fff" stroke-width="3"/></svg>'
)
_HEAD = (
    "<script>document.documentElement.lang='zh-CN'</script>"
    f'<link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(_ICON)}">'
)


def build(
    advisor: Asks, *, home: Path, texts: Texts | None = None, pause: float = 0.15, writer: Writer | None = None
) -> gr.Blocks:
    """Return the page, not yet opened.

    Args:
        advisor: who answers.
        home: folder for what the page keeps (conversations.sqlite, feedback.jsonl).
        texts: the words of the screen; from text.yaml where not given.
        pause: seconds between two sentences of an answer.
        writer: an optional model that phrases answers.
    """
    texts, shelf, talk = texts or read_texts(), read_library_texts(), read_talk_texts()
    dialogue = Dialogue(cast(Any, advisor), load_rules(own_rules(home)), home, writer)
    with gr.Blocks(
        analytics_enabled=False, title=texts.title, fill_width=True, delete_cache=(_A_DAY, _A_DAY)
    ) as page:  # uploads broken off are cleared
        gr.HTML(header(advisor.library, texts), js_on_load=None, elem_classes="top")
        if advisor.index.legs == "lexical":
            gr.HTML(notice(texts.lexical_only), js_on_load=None, elem_classes="legs")
        with gr.Tabs():
            with gr.Tab(talk.tab):
                lay_out(Chat(advisor, dialogue, texts, talk, home=home, pause=pause), page)
            with gr.Tab(shelf.tab) as library_tab:
                lay_out_library(LibraryPage(advisor, texts, shelf, home=home), library_tab)
            with gr.Tab(texts.grade.tab):
                rules = partial(load_rules, own_rules(home))
                sources = SourceView(OwnLibrary(home), texts, shelf)
                grading = GradePage(
                    texts.grade,
                    rules=rules,
                    reviews=lambda used: reviews_of(advisor.library, used),
                    source=lambda event: sources.open(advisor.library, event),
                )
                lay_out_grading(grading)
            with gr.Tab(word("tab")) as train_tab:
                lay_out_training(TrainPage(advisor, texts, shelf, home=home, rules=rules), train_tab)
    return page


def open_page(
    advisor: Asks, *, host: str, port: int, home: Path, pause: float = 0.15, writer: Writer | None = None
) -> gr.Blocks:
    """Open the page and return at once; its address is `local_url`, `close()` ends it.

    Raises:
        PageError: where the port cannot be had.
    """
    _keep_local()
    texts = read_texts()
    _check_port(host, port, texts)
    page = build(advisor, home=home, texts=texts, pause=pause, writer=writer)
    page.queue(default_concurrency_limit=4, api_open=False)
    try:
        page.launch(server_name=host, server_port=port, prevent_thread_lock=True, **_look(), **_closed_doors())
    except OSError as error:
        raise PageError(texts.port_taken.format(host=host, port=port)) from error
    return page


def serve(advisor: Asks, *, host: str, port: int, home: Path, writer: Writer | None = None) -> None:
    """Open the page and stay until Ctrl+C; the models are loaded meanwhile.

    Raises:
        PageError: where the port cannot be had.
    """
    page = open_page(advisor, host=host, port=port, home=home, writer=writer)
    print(read_texts().serving.format(address=page.local_url), flush=True)
    warm(advisor)
    page.block_thread()


def _keep_local() -> None:
    """Turn off every outward habit of the page's library, and any proxy between the page and itself."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    for name in ("NO_PROXY", "no_proxy"):
        kept = [part for part in os.environ.get(name, "").split(",") if part]
        os.environ[name] = ",".join(dict.fromkeys([*kept, "127.0.0.1", "localhost"]))
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _check_port(host: str, port: int, texts: Texts) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # a port that was closed a moment ago is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise PageError(texts.port_taken.format(host=host, port=port)) from error


def _look() -> dict[str, Any]:
    theme: Any = Base(primary_hue="emerald", neutral_hue="stone", font=_FONTS, font_mono=("monospace",))
    css = "\n".join(files("ui").joinpath(name).read_text(encoding="utf-8") for name in _STYLES)
    return {"theme": theme, "css": css, "head": _HEAD}


def _closed_doors() -> dict[str, Any]:
    return {
        "share": False,
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "run_history": False,
        "enable_monitoring": False,
        "max_file_size": f"{LIMIT_MB}mb",
        "footer_links": [],
        "show_error": False,
        "quiet": True,
        "inbrowser": False,
        "app_kwargs": {"middleware": [Middleware(OwnHostOnly)], "docs_url": None, "redoc_url": None},
    }
