"""The programs are never imported here: they are learners' programs, and some of them leave files behind."""

collect_ignore_glob = ["*/*.py"]
