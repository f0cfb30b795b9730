"""The list of conversations as HTML: opened, renamed, saved, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.conversations import Conversation
from ui.render import safe
from ui.talk_texts import TalkTexts

_SHOWN = 12


class TalkList:
    """Draws the list of conversations."""

    def __init__(self, more: TalkTexts) -> None:
        self.more = more

    def shelf(self, found: Sequence[Conversation], current: str) -> str:
        """Return the list of conversations, the one used last first."""
        more = self.more
        rows = [self._conversation(one, one.id == current) for one in found]
        body = f"<ul>{''.join(rows[:_SHOWN])}</ul>" if rows else f'<p class="hint">{safe(more.list_none)}</p>'
        if rows[_SHOWN:]:
            count = safe(more.list_more.format(count=len(rows) - _SHOWN))
            body += f"<details><summary>{count}</summary><ul>{''.join(rows[_SHOWN:])}</ul></details>"
        return (
            f'<section class="side-card talks-card"><h2>{safe(more.list_)}</h2>'
            f'<p class="hint">{safe(more.list_hint)}</p>{body}</section>'
        )

    def _conversation(self, one: Conversation, current: bool) -> str:
        more, key = self.more, safe(one.id)
        time = datetime.fromisoformat(one.changed).astimezone()
        here = ' class="current" aria-current="true"' if current else ""

        def button(do: str, word: str, **data: Any) -> str:
            held = "".join(f' data-{name}="{value}"' for name, value in data.items())
            return f'<button type="button" data-do="{do}"{held} data-id="{key}">{safe(word)}</button>'

        return (
            f'<li{here}><button type="button" class="title" data-do="open" data-id="{key}">'
            f"<span>{safe(one.title)}</span><time>{time:%m-%d %H:%M}</time></button>"
            f"<details><summary>{safe(more.more)}</summary>"
            f'<form data-id="{key}"><label>{safe(more.title_label)}<input name="title" maxlength="40"'
            f' value="{safe(one.title)}"></label><div class="row"><button type="submit">{safe(more.rename)}</button>'
            f"{button('save', more.word, kind='docx')}{button('save', more.markdown, kind='md')}</div></form>"
            f"<details><summary>{safe(more.delete)}</summary>{button('delete', more.delete_sure)}</details>"
            "</details></li>"
        )
