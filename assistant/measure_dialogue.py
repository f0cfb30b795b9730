"""The conversation measured: time of a turn, many conversations at once, and processes killed in the middle."""

from __future__ import annotations

import os
import random
import signal
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from assistant.advisor import Advisor
from assistant.dialogue import Dialogue
from assistant.understand import read_yaml
from scoring.model import Rules


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of turns, and what the killed processes left.

    Attributes:
        median: of a turn, one conversation alone; processor: the processor time of it.
        alone95, crowd95: the 95th percentile alone, and with all conversations at once.
        kills: how many processes were killed; early: those killed before their last turn was saved.
        damaged: those after which a turn or a value was lost, doubled or changed.
    """

    turns: int
    median: float
    processor: float
    alone95: float
    crowd: int
    crowd_median: float
    crowd95: float
    kills: int
    early: int
    damaged: tuple[str, ...]

    def record(self) -> dict[str, object]:
        """Return the figures as the command prints them, times in milliseconds."""
        return {
            "turns": self.turns,
            "turn_median_ms": round(self.median * 1000, 1),
            "turn_processor_median_ms": round(self.processor * 1000, 1),
            "turn_p95_ms": round(self.alone95 * 1000, 1),
            "conversations_at_once": self.crowd,
            "at_once_median_ms": round(self.crowd_median * 1000, 1),
            "at_once_p95_ms": round(self.crowd95 * 1000, 1),
            "kills": self.kills,
            "kills_before_the_end": self.early,
            "damaged": list(self.damaged),
        }


def script() -> tuple[str, ...]:
    """Return the messages of the measurement."""
    return tuple(read_yaml("assistant", "measured_turns.yaml")["turns"])


def measure_dialogue(
    advisor: Advisor, rules: Rules, *, plain: Advisor, crowd: int = 20, kills: int = 50, pause: float = 1.0
) -> Measured:
    """Return the figures.

    Args:
        advisor: answers the questions.
        rules: grade.
        plain: answers them in the processes that are killed; one without a model, since those are forked.
        crowd: how many conversations go on at once, each pausing for `pause` seconds on average between its turns.
        kills: how many processes to kill.
    """
    with tempfile.TemporaryDirectory() as home:
        dialogue = Dialogue(advisor, rules, Path(home))
        play(dialogue, dialogue.new(), script())  # the first use of everything
        busy: list[float] = []
        alone = [one for _ in range(3) for one in play(dialogue, dialogue.new(), script(), busy=busy)]
        together = at_once(dialogue, crowd, pause)
        dialogue.close()
    early, damaged = kill_and_resume(plain, rules, kills)
    return Measured(
        turns=len(alone),
        median=statistics.median(alone),
        processor=statistics.median(busy),
        alone95=_percentile(alone),
        crowd=crowd,
        crowd_median=statistics.median(together),
        crowd95=_percentile(together),
        kills=kills,
        early=early,
        damaged=tuple(damaged),
    )


def _percentile(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def play(
    dialogue: Dialogue,
    key: str,
    messages: Sequence[str],
    *,
    pause: float = 0.0,
    seed: int = 0,
    busy: list[float] | None = None,
) -> list[float]:
    """Take the messages as turns of one conversation; return the seconds of each, and into `busy` of the processor."""
    chance = random.Random(seed)  # noqa: S311 - pauses of a measurement
    seconds: list[float] = []
    for message in messages:
        if pause:
            time.sleep(chance.uniform(0, 2 * pause))
        started, worked = time.perf_counter(), time.process_time()
        dialogue.turn(key, message)
        seconds.append(time.perf_counter() - started)
        if busy is not None:
            busy.append(time.process_time() - worked)
    return seconds


def at_once(dialogue: Dialogue, crowd: int, pause: float) -> list[float]:
    """Play the script in many conversations at once; return the seconds of all turns."""
    seconds: list[float] = []

    def one(seed: int) -> None:
        seconds.extend(play(dialogue, dialogue.new(), script(), pause=pause, seed=seed))

    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seconds


def kill_and_resume(advisor: Advisor, rules: Rules, kills: int, *, seed: int = 9) -> tuple[int, list[str]]:
    """Kill a process at a random moment of a conversation, `kills` times, and go on with it in another.

    Returns how many kills came before the last turn was saved, and what was wrong afterwards: each conversation must
    stand where an undisturbed one stood after as many turns, with none of the answered turns missing, and end like it.
    """
    chance = random.Random(seed)  # noqa: S311 - moments of a measurement
    messages = script()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        wanted = _undisturbed(advisor, rules, home / "whole", messages)
        early, damaged = 0, list[str]()
        for number in range(kills):
            told = _killed(advisor, rules, home / "killed", messages, chance)
            dialogue = Dialogue(advisor, rules, home / "killed")
            key = dialogue.list()[0].id
            kept = len(dialogue.turns(key))
            early += kept < len(messages)
            fault = _fault(dialogue, key, told, wanted, messages)
            if fault:
                damaged.append(f"{number}: {fault}")
            dialogue.delete(key)
            dialogue.close()
    return early, damaged


def _undisturbed(advisor: Advisor, rules: Rules, home: Path, messages: Sequence[str]) -> list[Any]:
    """Return the interview's record before the first turn and after each."""
    dialogue = Dialogue(advisor, rules, home)
    key = dialogue.new()
    found = [_standing(dialogue, key)]
    for message in messages:
        dialogue.turn(key, message)
        found.append(_standing(dialogue, key))
    dialogue.close()
    return found


def _standing(dialogue: Dialogue, key: str) -> Any:
    interview = dialogue.interview(key)
    return None if interview is None else interview.record()


def _killed(advisor: Advisor, rules: Rules, home: Path, messages: Sequence[str], chance: random.Random) -> int:
    """Let another process talk until it is killed; return how many turns it had answered by then."""
    context = get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_talk, args=(advisor, rules, home, messages, sending))
    child.start()
    sending.close()
    told, last = 0, chance.randrange(len(messages))
    while told <= last and receiving.poll(60):
        told = receiving.recv()
    time.sleep(chance.uniform(0, 0.06))
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    while receiving.poll(0):
        try:
            told = receiving.recv()
        except EOFError:
            break
    return told


def _talk(advisor: Advisor, rules: Rules, home: Path, messages: Sequence[str], sending: Any) -> None:
    dialogue = Dialogue(advisor, rules, home)
    key = dialogue.new()
    for number, message in enumerate(messages, 1):
        dialogue.turn(key, message)
        sending.send(number)
    time.sleep(60)


def _fault(dialogue: Dialogue, key: str, told: int, wanted: Sequence[Any], messages: Sequence[str]) -> str:
    numbers = [one.number for one in dialogue.turns(key)]
    if numbers != list(range(1, len(numbers) + 1)) or not told <= len(numbers) <= told + 1:
        return f"turns {numbers} after {told} answered"
    if _standing(dialogue, key) != wanted[len(numbers)]:
        return f"another interview after turn {len(numbers)}"
    for message in messages[len(numbers) :]:
        dialogue.turn(key, message)
    return "" if _standing(dialogue, key) == wanted[-1] else f"another end, resumed after turn {len(numbers)}"
