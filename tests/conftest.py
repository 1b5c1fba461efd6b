"""No test writes into the record of whoever runs it."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _a_record_of_its_own(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNN_GRADER_STATE", str(tmp_path_factory.mktemp("record")))
        yield
