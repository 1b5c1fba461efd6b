"""JUnit's XML as `pytest --junitxml` writes it (xunit2): one suite per report, one test case per check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.report.exports.export_file import ClassFile, Columns
from grader.text import for_xml, for_xml_attribute, with_margin

JUNIT_START = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="cnn-grader">\n'
JUNIT_END = "</testsuites>\n"


def class_files(columns: Columns) -> list[ClassFile]:
    """Return the file with the suites of the whole class."""
    return [ClassFile("junit.xml", JUNIT_START, JUNIT_END, of_report=to_junit_suite)]


def to_junit_suite(learner: str, report: Mapping[str, Any]) -> str:
    """Return the suite of one report, given as the mapping that its JSON holds.

    It holds no times, so that the same report gives the same bytes.
    """
    checks = [check for criterion in report["criteria"] for check in criterion["checks"]]
    verdicts = [check["verdict"] for check in checks]
    failed, faults, left = (verdicts.count(one) for one in ("failed", "grader_fault", "not_run"))
    suite = for_xml_attribute(f"{learner} {report['exercise']}")
    head = f'<testsuite name={suite} tests="{len(checks)}" errors="{faults}" failures="{failed}" skipped="{left}">\n'
    classname = for_xml_attribute(f"{report['exercise']}.{learner}")
    return head + "".join(_case(classname, check) for check in checks) + _problems(report) + "</testsuite>\n"


def _case(classname: str, check: Mapping[str, Any]) -> str:
    opening = f"<testcase classname={classname} name={for_xml_attribute(check['name'])}"
    element = {"failed": "failure", "grader_fault": "error", "not_run": "skipped"}.get(check["verdict"])
    if element is None:
        return f"{opening} />\n"
    first = for_xml_attribute(check["message"].partition("\n")[0] or check["title"])
    return f"{opening}><{element} message={first}>{for_xml(check['message'])}</{element}></testcase>\n"


def _problems(report: Mapping[str, Any]) -> str:
    """Return why nothing could run, once for all checks."""
    lines = "\n".join(f"Line {one['line']}: {one['message']}" for one in report["problems"])
    return f"<system-err>{for_xml(with_margin(lines))}</system-err>\n" if lines else ""
