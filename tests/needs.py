"""What only some tests need: where it is missing they skip with the reason, but in CI they fail.

`GRADER_TESTS_WITHOUT` names what a job of CI runs without, separated by commas: `GRADER_TESTS_WITHOUT=tensorflow,anki`.
"""

import importlib
import os
import shutil
import warnings
from importlib.util import find_spec

import pytest

FROM = {"keras": "tensorflow", "h5py": "tensorflow", "fsrs_rs_python": "fsrs-rs-python", "IPython": "ipython",
        "axe_playwright_python": "axe-playwright-python"}  # fmt: skip


def needs(module, why):
    """Return a Python module; where it is missing, skip the test, or the file if it is called outside of one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what their imports warn of is theirs to mend
            return importlib.import_module(module)
    except ImportError as error:
        said = str(error)
    return missing(package_of(module), f"{said} ({why}): pip install -e '.[dev]'")


def needs_installed(module, why):
    """Skip unless a Python module is installed, without importing it here."""
    if not is_installed(module):
        missing(package_of(module), f"{package_of(module)} is not installed ({why}): pip install -e '.[dev]'")


def needs_program(name, why):
    """Return the path of a program; where it is missing, skip."""
    path = shutil.which(name)
    return path or missing(name, f"{name} is not installed ({why}): run .ci/system-packages")


def missing(package, reason):
    """Skip with the reason, or fail in CI unless this job runs without the package."""
    without = {name.strip() for name in os.environ.get("GRADER_TESTS_WITHOUT", "").split(",")}
    if os.environ.get("CI") and package not in without:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def is_installed(module):
    """Return True if the module can be found."""
    return find_spec(module.partition(".")[0]) is not None


def package_of(module):
    """Return the package of an index that a module comes from."""
    name = module.partition(".")[0]
    return FROM.get(name, name)
