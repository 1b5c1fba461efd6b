"""All benchmarks but the longest ones: `python -m benchmarks`."""

from benchmarks import batch, peers, startup

startup.main()
batch.main(["kills"])
peers.main()
