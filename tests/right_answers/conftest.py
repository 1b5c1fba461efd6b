"""The programs are never imported here: they are learners' programs, and some need TensorFlow."""

collect_ignore_glob = ["*/*.py"]
