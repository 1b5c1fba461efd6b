"""The report as JSON, its hash and its JSON Schema."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from grader.report.report import Report
from grader.text import for_json


def to_json(report: Report) -> str:
    """Return the report as text that is safe to print: keys in the order of the contract, a newline at the end."""
    return for_json(report.model_dump_json(indent=2, by_alias=True)) + "\n"


def content_hash(report: Report) -> str:
    """SHA-256 over the report without `sha256` and `run`.

    What is hashed is compact JSON in ASCII with sorted keys: anyone who has the report can compute it again.
    """
    content = content_of(report)
    del content["sha256"], content["run"]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def content_of(report: Report) -> dict[str, Any]:
    """Return the report as plain data, with keys as in the contract."""
    return report.model_dump(mode="json", by_alias=True)


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(by_alias=True, mode="serialization"),
    }
