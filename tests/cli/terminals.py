"""A terminal for tests, in tmux."""

import subprocess
import sys
import time

GRADE = [sys.executable, "-m", "grader"]


class Terminal:
    """`terminal.start("grade watch 3")`, `terminal.type("q")`, `terminal.wait_for(text)`."""

    def __init__(self, folder, state):
        self._socket = str(folder / "tmux")
        self._state = state

    def start(self, *arguments, cwd, width=80, height=24, setting=""):
        command = (
            f"cd {cwd}; unset COLUMNS NO_COLOR; {setting} CNN_GRADER_STATE={self._state} TERM=screen "
            f"{' '.join([*GRADE, *arguments])}; echo ended $?; exec sleep 120"
        )
        self.run("new-session", "-d", "-x", str(width), "-y", str(height), command)

    def run(self, *arguments):
        command = ["tmux", "-f", "/dev/null", "-S", self._socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def type(self, *keys):
        self.run("send-keys", *keys)

    def screen(self):
        return self.run("capture-pane", "-p")

    def wait_for(self, text, seconds=60):
        return self.wait_until(lambda screen: text in screen, repr(text), seconds)

    def wait_until(self, holds, expected, seconds=60):
        """Wait until `holds(screen)` is true, and return that screen. Test all lines in one call: a redraw takes a moment."""
        deadline = time.monotonic() + seconds
        while not holds(screen := self.screen()):
            assert time.monotonic() < deadline, f"{expected} did not come:\n{screen}"
            time.sleep(0.05)
        return screen

    def line_of(self, length, seconds=60):
        """Wait for one line of this length, and return it."""

        def lines(screen):
            return [line for line in screen.splitlines() if len(line) == length]

        expected = f"one line of {length} characters"
        (line,) = lines(self.wait_until(lambda screen: len(lines(screen)) == 1, expected, seconds))
        return line

    def close(self):
        self.run("kill-server")
