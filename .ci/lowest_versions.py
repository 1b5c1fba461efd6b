"""Print the lowest version that pyproject.toml allows of each package that the grader needs, for `pip --constraint`."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"

for requirement in tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]:
    found = re.match(r"([\w.-]+)>=([\d.]+)", requirement)
    if found is None:
        raise SystemExit(f"pyproject.toml gives no lowest version: {requirement}")
    print(f"{found[1]}=={found[2]}")
