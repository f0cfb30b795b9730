"""What can be wrong in training, told to who must act.

TrainingError
    ItemFault         the author of own items
    ProgressDamaged   a file of progress that is damaged or was changed by other hands
    ExamClosed        an exam that is over, or was not begun
"""

from __future__ import annotations


class TrainingError(Exception):
    """The trainee or the trainer has to act; the message says what, where and what to do."""


class ItemFault(TrainingError):
    """Exercises of one's own have faults; the message lists all of them, one a line."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class ProgressDamaged(TrainingError):
    """The file of progress cannot be used as it is; a copy was kept."""


class ExamClosed(TrainingError):
    """The exam takes no more answers."""
