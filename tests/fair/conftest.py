"""Wrong programs, each with one mistake, and what a fair report says. They are data: pytest imports none of them."""

collect_ignore_glob = ["[!t]*.py", "typos.py"]
