"""JUnit's XML as `pytest --junitxml` writes it (xunit2): a suite for each learner and exercise, a case a check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

JUNIT_START = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="cnn-grader">\n'
JUNIT_END = "</testsuites>\n"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


def to_junit_suite(learner: str, report: Mapping[str, Any]) -> str:
    """The suite of one report, which is the JSON of ours as a mapping. No times: the same report, the same bytes."""
    checks = [check for criterion in report["criteria"] for check in criterion["checks"]]
    verdicts = [check["verdict"] for check in checks]
    failed, faults, left = (verdicts.count(one) for one in ("failed", "grader_fault", "not_run"))
    suite = _attribute(f"{learner} {report['exercise']}")
    head = f'<testsuite name={suite} tests="{len(checks)}" errors="{faults}" failures="{failed}" skipped="{left}">\n'
    classname = _attribute(f"{report['exercise']}.{learner}")
    return head + "".join(_case(classname, check) for check in checks) + "</testsuite>\n"


def _case(classname: str, check: Mapping[str, Any]) -> str:
    opening = f"<testcase classname={classname} name={_attribute(check['name'])}"
    element = {"failed": "failure", "grader_fault": "error", "not_run": "skipped"}.get(check["verdict"])
    if element is None:
        return f"{opening} />\n"
    first, message = check["message"].partition("\n")[0], escape(_legal(check["message"]))
    return f"{opening}><{element} message={_attribute(first or check['title'])}>{message}</{element}></testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _legal(text: str) -> str:
    """What XML cannot carry, as pytest writes it: `#x1B`."""
    return _NOT_XML.sub(lambda match: f"#x{ord(match[0]):02X}", text)
