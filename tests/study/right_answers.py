"""The right answer of any question, as a learner types it."""

from grader.study.questions import Choice, Match, Numeric, Order, Several, Short


def right_answer(asking):
    """Return what a learner types who knows the answer."""
    question = asking.question
    if isinstance(question, Numeric):
        return str(question.right)
    if isinstance(question, Short):
        return question.right[0]
    if isinstance(question, Choice):
        wanted = [question.right]
    elif isinstance(question, Several):
        wanted = [one.answer for one in question.options if one.right]
    elif isinstance(question, Match):
        wanted = list(question.pairs.values())
    else:
        assert isinstance(question, Order)
        wanted = list(question.steps)
    return " ".join(str(asking.options.index(one) + 1) for one in wanted)
