"""Why a check did not pass. The program decides by these reasons; the words of a message are for people."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A reason, in the order in which a check can meet it: the call, its end, its answer, the check itself."""

    NOT_IMPLEMENTED = "not implemented"
    NOT_DEFINED = "not defined"
    UNAVAILABLE = "package unavailable"
    LOST_VALUE = "value lost with its process"
    RAISED = "raised"

    TIMED_OUT = "timed out"
    OUT_OF_CPU_TIME = "out of processor time"
    DIED = "died"
    EXITED = "exited"
    INVALID_ANSWER = "invalid answer"
    OVER_BUDGET = "over budget"

    NOT_RETURNED = "returned nothing"
    WRONG_TYPE = "wrong type"
    WRONG_SHAPE = "wrong shape"
    WRONG_VALUE = "wrong value"
    WRONG_DISTRIBUTION = "wrong distribution"
    CHANGED_INPUT = "changed its input"
    GENERATOR_UNUSED = "generator unused"
    NO_EXCEPTION = "no exception"
    WRONG_EXCEPTION = "wrong exception"
    TOO_SLOW = "too slow"
    UNUSABLE_MODEL = "unusable model"
    UNUSABLE_ANSWER = "unusable answer"

    NOT_LOADED = "file not loaded"
    SKIPPED = "skipped"
    GRADER_FAULT = "grader fault"
