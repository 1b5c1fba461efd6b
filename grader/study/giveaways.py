"""Find questions and cards whose right answer shows itself: by its size, length or position, or as always the same.

A learner who knows nothing is right in one of four. If the right number is the largest in most variants, or the right
text the longest in most questions, that learner is right more often.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from grader.study.cards import Card
from grader.study.number import number_of
from grader.study.question_bank import Asking, QuestionBank
from grader.study.questions import Choice, Generated, Short

SEEDS = 200
MOST = 0.55  # of the variants; chance is a quarter, and two ranks in turn give half
MOST_IN_PLACE = 0.4  # the order is shuffled: 200 coins of a quarter give this with probability 2e-6
FEWEST_CHOICES = 8  # with fewer fixed questions, one of the same rank says nothing
FEWEST_FORMS = 4
FEWEST_ALIKE, MOST_ALIKE = 4, 0.75  # cards that are answered by yes or no, and the share of one of the words
_YES_NO = re.compile(r"(Yes|No)\b")


@dataclass
class Standing:
    """The place of the right answer among the options: counts by rank in size, by length, and by position."""

    size: Counter[str] = field(default_factory=Counter)
    length: Counter[str] = field(default_factory=Counter)
    position: Counter[str] = field(default_factory=Counter)

    def add(self, asking: Asking) -> None:
        """Count a question with options."""
        right = getattr(asking.question, "right", "")
        numbers = [number_of(option.replace(",", "")) for option in asking.options]
        value = number_of(right.replace(",", ""))
        if value is not None and None not in numbers:
            rank = sum(number < value for number in numbers if number is not None)
            self.size[RANKS[rank]] += 1
        else:
            others = [len(option) for option in asking.options if option != right]
            extreme = "longest" if len(right) > max(others) else "shortest" if len(right) < min(others) else ""
            self.length[extreme] += 1
        self.position[f"number {asking.options.index(right) + 1}"] += 1

    def given_away(self) -> Iterator[tuple[str, float]]:
        """Yield each way in which the right answer stands out, and the share of questions in which it does."""
        for counts, most in ((self.size, MOST), (self.length, MOST), (self.position, MOST_IN_PLACE)):
            for name, count in counts.items():
                if name and count / counts.total() > most:
                    yield name, count / counts.total()


RANKS = ("the smallest", "the second smallest", "the second largest", "the largest")


def standing_of(bank: QuestionBank, question_id: str, seeds: int = SEEDS) -> Standing:
    """Return how the right answer of a generated question stands among the options, over these seeds."""
    standing = Standing()
    for seed in range(seeds):
        standing.add(bank.ask(question_id, seed))
    return standing


def standing_of_choices(bank: QuestionBank, seeds: int = SEEDS) -> Standing:
    """Return the same over all questions with fixed options."""
    standing = Standing()
    fixed = [name for name, (_, question) in bank.where.items() if isinstance(question, Choice)]
    for name in fixed:
        for seed in range(max(1, seeds // len(fixed))):
            standing.add(bank.ask(name, seed))
    return standing


def giveaways(bank: QuestionBank) -> Iterator[tuple[str, str]]:
    """Yield the ids of generated questions that give their answer away, and how. The id is empty for all fixed ones."""
    for name, (_, question) in bank.where.items():
        if isinstance(question, Generated):
            for how, share in standing_of(bank, name).given_away():
                yield name, _said(f'the right answer of "{name}"', how, share, "variants")
    if sum(isinstance(question, Choice) for _, question in bank.where.values()) >= FEWEST_CHOICES:
        for how, share in standing_of_choices(bank).given_away():
            yield "", _said("the right answer of questions with fixed options", how, share, "cases")


def few_forms(bank: QuestionBank) -> Iterator[tuple[str, int]]:
    """Yield the ids of questions for a typed word that accept few forms of it, and how many."""
    for name, (_, question) in bank.where.items():
        if isinstance(question, Short):
            forms = {" ".join(form.lower().split()) for form in question.right}
            if len(forms) < FEWEST_FORMS:
                yield name, len(forms)


def one_sided(cards: Mapping[str, Card]) -> tuple[str, Fraction, list[Card]] | None:
    """Return the word that answers nearly all cards that are answered by yes or no; None if both words do."""
    words = {card.id: found[1] for card in cards.values() if (found := _YES_NO.match(card.back))}
    if len(words) < FEWEST_ALIKE:
        return None
    ((word, count),) = Counter(words.values()).most_common(1)
    if count / len(words) <= MOST_ALIKE:
        return None
    return word, Fraction(count, len(words)), [cards[key] for key, said in words.items() if said == word]


def _said(what: str, how: str, share: float, of: str) -> str:
    most = MOST_IN_PLACE if how.startswith("number") else MOST
    return f"{what} is {how} in {share:.0%} of {SEEDS} {of}; expected at most {most:.0%}"
