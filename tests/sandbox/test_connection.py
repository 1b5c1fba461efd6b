"""The pipes of a child, without a child."""

import os
import socket
import time

import pytest

from grader.sandbox import Limits
from grader.sandbox.connection import Connection, LateError


def test_bytes_that_keep_coming_do_not_stretch_the_time_of_an_answer():
    channel, theirs = socket.socketpair()
    status, keeper = socket.socketpair()
    (stdout, out), (stderr, err) = os.pipe(), os.pipe()
    theirs.send(b"x" * 1000)
    connection = Connection(1, channel, status, stdout, stderr, Limits(), None)
    try:
        with pytest.raises(LateError):
            connection.read_frame(time.monotonic() - 1, 0)
    finally:
        connection.end(wait=False)
        theirs.close()
        keeper.close()
        for descriptor in (out, err):
            os.close(descriptor)
