"""Programs of learners are data: they are graded by `python -m benchmarks.independent`, and never imported here."""

collect_ignore_glob = ["*/*"]
