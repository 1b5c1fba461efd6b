"""Programs of learners are data: they are graded by `python -m benchmarks.keras_programs`, and never imported here."""

collect_ignore_glob = ["*/*"]
