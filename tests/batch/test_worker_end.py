"""A worker process whose coordinator is gone ends without a word."""

import socket
import subprocess
import sys

from tests.grading import ROOT

TOY = ROOT / "tests" / "samples" / "toy_course"


def test_a_worker_ends_silently_if_its_coordinator_leaves_a_reply_unread():
    ours, theirs = socket.socketpair()
    program = f"from grader.batch.serve import main; main('{theirs.fileno()}', {str(TOY)!r}, 'process')"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True) as worker:
        theirs.close()
        ours.recv(1, socket.MSG_PEEK)
        ours.close()
        _, errors = worker.communicate(timeout=60)
    assert (worker.returncode, errors) == (0, "")
