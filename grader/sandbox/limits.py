"""What a submission may use."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Beside each limit: what our references need, and what the nearest wrong way needs.

    ==================  ==============  ===========================  ==========
    limit               a right answer  the nearest wrong way        the limit
    ==================  ==============  ===========================  ==========
    call_seconds        0.05 (loops)    endless                      3
    load_seconds        0.01            endless                      5
    submission_seconds  0.3             a stop in every function     30
    cpu_seconds         0.3             endless, asleep in between   30
    memory_bytes        40 MiB          grows until it ends          512 MiB
    reply_bytes         0.1 MiB         np.zeros((10**5, 10**5))     64 MiB
    all_replies_bytes   14 MiB (races)  61 MiB in each of 170 calls  1 GiB
    ==================  ==============  ===========================  ==========

    `all_replies_bytes` limits all answers of one submission together, and with them the work of reading them: no answer
    is kept after its check. A race of 20 rounds needs ten times as many bytes as one of two.
    """

    call_seconds: float = 3.0
    load_seconds: float = 5.0
    submission_seconds: float = 30.0
    cpu_seconds: int = 30
    memory_bytes: int = 512 * MIB
    scratch_bytes: int = 16 * MIB
    output_bytes: int = 64 * 1024
    reply_bytes: int = 64 * MIB
    all_replies_bytes: int = 1024 * MIB
    open_files: int = 64
    stops_per_function: int = 2
    """After so many stops a function is not called again: it will not do better, and each costs `call_seconds`."""


STACK_BYTES = 8 * MIB
"""The largest stack of the main thread, as Linux sets it by default. A stack is not counted as data."""

STARTUP_SECONDS = 60.0
"""How long a zygote may take to import its packages before we give it up; NumPy takes 0.1, TensorFlow 3."""

KILL_SECONDS = 5.0
"""How long a zygote may take to report the end of a child that was killed; a loaded machine takes 0.1."""

LAST_BREATH_SECONDS = 0.5
"""How long a child whose channel has ended may take to end, so that an exit is told from a closed channel."""
