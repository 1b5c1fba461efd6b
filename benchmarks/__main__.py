"""Run all benchmarks except the longest: `python -m benchmarks`."""

from benchmarks import batch, peers, startup

startup.main()
batch.main(["kills"])
peers.main()
