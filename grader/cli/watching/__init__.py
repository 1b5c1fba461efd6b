"""Grade a file after each save, and show the verdict on one screen.

Four threads, one queue. The main thread takes what happened from the queue, computes the new state and draws it. The
others only report: `FileWatch` saves, `GradingThread` results, `LiveTerminal` keys. A save interrupts the run of the
save before, so that nothing queues up.
"""
