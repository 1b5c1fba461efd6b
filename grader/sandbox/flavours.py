"""The kinds of zygotes, one for each kind of exercise: what they import, and what their children may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.sandbox.limits import MIB, Limits


@dataclass(frozen=True)
class Flavour:
    """Packages in view, what is imported before the fork, and the limits of a child.

    `optional` packages are in view if they are installed: some functions of Keras need them. `preload_later` is
    imported when nobody waits: only some learners use it. If it `uses_keras`, its children can work with models and may
    start threads, and their data is limited as well as their address space: TensorFlow maps more than it uses. `needs`
    is a package that not everybody has installed.
    """

    packages: tuple[str, ...]
    optional: tuple[str, ...] = field(default=(), kw_only=True)
    preload: tuple[str, ...]
    preload_later: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    uses_keras: bool = False
    needs: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def in_view(self) -> tuple[str, ...]:
        """Return all packages that a child sees, if they are installed."""
        return self.packages + self.optional


FLAVOURS = {
    "numpy": Flavour(
        packages=("numpy",),
        preload=("numpy", "numpy.random"),
        preload_later=(
            "inside.missing", "numpy.testing", "statistics", "dataclasses", "fractions", "decimal", "textwrap",
        ),
    ),
    "keras": Flavour(
        packages=(
            "numpy", "keras", "tensorflow", "absl", "astunparse", "certifi", "charset_normalizer", "flatbuffers",
            "gast", "google", "h5py", "idna", "markdown_it", "mdurl", "ml_dtypes", "namex", "opt_einsum", "optree",
            "packaging", "pygments", "requests", "rich", "six", "termcolor", "typing_extensions", "urllib3", "wrapt",
        ),
        optional=("PIL", "scipy"),
        # Import only: a zygote that has run a single operation of TensorFlow hangs its children.
        preload=("numpy", "numpy.random", "tensorflow", "keras", "inside.keras_graphs", "inside.keras_steps"),
        environment={
            "KERAS_BACKEND": "tensorflow",
            "TF_CPP_MIN_LOG_LEVEL": "3",  # messages of TensorFlow about the machine are not the learner's output
            "TF_NUM_INTRAOP_THREADS": "1",  # two threads give different weights than one
            "TF_NUM_INTEROP_THREADS": "1",
            "CUDA_VISIBLE_DEVICES": "-1",
            "HDF5_USE_FILE_LOCKING": "FALSE",  # a callback that keeps the best weights writes a file
            "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": "upb",
            "MALLOC_ARENA_MAX": "8",  # an arena reserves 64 MiB of address space, and each thread may get its own
        },
        uses_keras=True,
        needs="tensorflow",
        # A right answer: 12 seconds of training, 0.4 GiB. The nearest wrong way: an endless loop, a list that grows.
        limits=Limits(
            call_seconds=90.0, load_seconds=15.0, submission_seconds=240.0, cpu_seconds=300, memory_bytes=3072 * MIB,
            stops_per_function=1,
        ),
    ),
}  # fmt: skip
