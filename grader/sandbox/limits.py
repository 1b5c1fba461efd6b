"""The limits of a submission.

Below each limit is what a right answer needs, and what the nearest wrong way needs. The limit is between them.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The limits of one submission; the defaults are those of exercises in NumPy."""

    call_seconds: float = 3.0
    """A right answer: 0.05, with plain loops. The nearest wrong way: an endless loop."""

    load_seconds: float = 5.0
    """A right answer: 0.01. The nearest wrong way: an endless loop at the top of the file."""

    submission_seconds: float = 30.0
    """A right answer: 0.3. The nearest wrong way: a timeout in every function."""

    cpu_seconds: int = 30
    """A right answer: 0.3. The nearest wrong way: an endless loop, even one that sleeps between calls."""

    memory_bytes: int = 512 * MIB
    """A right answer: 40 MiB. The nearest wrong way: a list that grows until the memory is full."""

    scratch_bytes: int = 16 * MIB
    """A right answer: its own files; our longest reference has 40 KiB. The nearest wrong way: a file that grows."""

    output_bytes: int = 64 * 1024
    """A right answer: nothing. The nearest wrong way: a print in each step of a loop."""

    reply_bytes: int = 64 * MIB
    """A right answer: 0.1 MiB. The nearest wrong way: np.zeros((10**5, 10**5)), which is 75 GiB."""

    all_replies_bytes: int = 1024 * MIB
    """All answers of a submission together, and with them the work of reading them: no answer outlives its check.

    A right answer: 14 MiB, with races of 20 rounds. The nearest wrong way: 61 MiB in each of 170 calls.
    """

    open_files: int = 64
    """A right answer: 5, namely the standard streams, the channel and the file of a module that is imported.

    The nearest wrong way: a file for each image.
    """

    stops_per_function: int = 2
    """After this many stops a function is not called again: it will not do better, and each costs `call_seconds`."""

    @property
    def used_up(self) -> str:
        """Say that a submission has used all its time."""
        return f"the whole file had used its {self.submission_seconds:g} seconds before this call"


STACK_BYTES = 8 * MIB
"""The largest stack of the main thread, as Linux sets it by default. A stack is not counted as data."""

STARTUP_SECONDS = 60.0
"""How long a zygote may take to import its packages; NumPy takes 0.1, TensorFlow 3."""

KILL_SECONDS = 5.0
"""How long a zygote may take to report the end of a child that was killed; a loaded machine takes 0.1."""

LAST_BREATH_SECONDS = 0.5
"""The time that a child has to exit after its channel has ended. Later, the channel counts as closed by the child."""
