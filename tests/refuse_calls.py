"""Run a command on a kernel that refuses some system calls.

    python refuse_calls.py NAME=ERROR... -- COMMAND...

For example: flock=ENOLCK, user_namespaces=EPERM. A seccomp filter gives the error; all processes below inherit it.
"""

import errno
import os
import sys

import pyseccomp

CLONE_NEWUSER = 0x10000000
PR_SET_SECCOMP = 22


def rules(name):
    """Yield each system call of a name, with what its arguments must be."""
    if name == "user_namespaces":
        with_the_flag = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER)
        yield from (("clone", with_the_flag), ("unshare", with_the_flag))
    elif name == "seccomp":
        yield from (("prctl", pyseccomp.Arg(0, pyseccomp.EQ, PR_SET_SECCOMP)), ("seccomp",))
    elif name == "chmod":
        yield from (("chmod",), ("fchmod",), ("fchmodat",))
    else:
        yield (name,)


def main(arguments):
    split = arguments.index("--")
    kernel = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    kernel.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # its flags lie in memory, where no filter sees them
    for refused in arguments[:split]:
        name, _, error = refused.partition("=")
        for call, *conditions in rules(name):
            kernel.add_rule(pyseccomp.ERRNO(getattr(errno, error)), call, *conditions)
    kernel.load()
    command = arguments[split + 1 :]
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
