"""The text of the repository is plain English: no phrase of the list below, and the words of the field in the course.

To check more text, add its file or folder to ROOTS. Markdown and YAML are read whole, without code; of Python files, the
comments and strings are read.
"""

import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
COURSE = ("exercises", "rubrics", "solutions", "tests/hidden")
ROOTS = (*COURSE, "docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "tests/README.md", "grader")
SUFFIXES = (".md", ".yaml", ".py")
PROSE = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


@dataclass(frozen=True)
class Rule:
    """A phrase (a regular expression; a space outside of a lookbehind is any white space), and what to write instead."""

    phrase: str
    instead: str
    bad: str
    good: str = ""
    course_only: bool = False

    def found_in(self, text):
        """Yield the position and the words of each match."""
        flags = re.IGNORECASE if self.phrase.islower() else 0
        for match in re.finditer(self.phrase.replace(" ", r"\s+"), text, flags | re.MULTILINE):
            yield match.start(), " ".join(match.group().split())


START = r"(?:^|(?<=[.!?:*|-]\s)|(?<=[^#]#\s)|(?<=[\"'(]))"
QUESTION = START + r"(?:What|Whether|Whoever|Who|How|Where)\b(?:[^.!?\n]|\n(?!\s*\n))*\.(?=[\s\"'*|]|$)"
NOT_A_PLACE = r"(?! (?:top|the|each|every|its|a|an|one|both|either|this|that)\b)"

RULES = (
    # The words that STYLE names.
    Rule(r"\bby lot\b", "at random", "Units are dropped by lot.", "Their lots are small."),
    Rule(
        r"\b(?:where (?:an? |the )?\w+|only \S+|sum|mean|value|name|id|number|column|field|line) (?:is|are|was|were) due\b",
        "is required, or: use the ...",
        "A mean where a sum is due.",
        "The cards that are due today; nothing is due before its due date, and the delay is due to the network.",
    ),
    Rule(r"\bto be had\b", "available", "The sandbox is not to be had here."),
    Rule(r"\bof ours\b", "of the grader, or leave it out", "A fault of ours costs nothing.", "the course of hours"),
    Rule(r"\bwhoever\b", "the person: the learner, you", "Whoever reads it waits."),
    Rule(r"\b(?:that|which|who) (?:is|are|was) none\b", "say what is wrong with it", "An answer that is none"),
    Rule(r"\b(?:stand|stands) apart\b", "is separate", "The timings stand apart."),
    Rule(
        rf"\b(?:go|goes|going|went) on\b{NOT_A_PLACE}", "continue, keep", "The loss goes on falling.", "It goes on top."
    ),
    Rule(r"\b(?:lead|leads) on\b", "same cause as", "The question leads on here too."),
    Rule(
        r"\b(?:is|are|was|were) told\b(?! (?:apart|from)\b)",
        "active: pass, tell, show",
        "The loss is told that.",
        "They are told apart.",
    ),
    # The left column of its table.
    Rule(r"\bdraws? other\b", "a different seed gives different ...", "Another one draws other inputs."),
    Rule(r"\bhanded nothing in\b", "without a submission", "Two learners handed nothing in."),
    Rule(r"\bhas another form\b", "what was returned, what is expected", "There the answer has another form."),
    Rule(r"\bexpected another\b", "expected 0.2", "a pixel of 51 became 1, expected another number"),
    Rule(r"\bthat of who\b", "name it: random guessing", "below that of who knows nothing"),
    Rule(r"\bback because\b", "you missed this in ...", "back because exercise 1 failed"),
    Rule(r"\banew\b", "again, or: to start over", "To begin anew, move it away.", "a new one"),
    Rule(r"\b(?:is|are) (?:not )?waited for\b", "waits for", "Its end is not waited for."),
    Rule(r"\bis believed by\b", "misconception", "What is believed by many"),
    Rule(r"\bheld against\b", "compared with", "Answers are held against each other."),
    Rule(r"\bdoes not allow; expected only\b", "... is not allowed. Use ...", "which it does not allow; expected only x"),
    # Sentences that nobody would say.
    Rule(
        QUESTION,
        "start with the subject, or with a verb in the imperative",
        "What is padded never wins.",
        "What is padded? Nothing. What happens at 0.5 is a question, isn't it?",
    ),
    Rule(r"\bfell into\b", "Common traps", "Traps that others fell into"),
    Rule(r"\bbecomes? of\b", "happens to, or: what does ... become", "What becomes of the red?"),
    Rule(r"\bmakes? of (?:this|that|it|a|an|the|each|[{\d])", "return for, turn into", "What does it make of this map?"),
    Rule(r"\bhow many (?:\w+ ){1,2}has\b", "how many ... does ... have", "How many rows has the output?"),
    Rule(r"\bwhich (?:shape|size|form|value) (?:has|have)\b", "what shape does ... have", "Which shape has dx?"),
    Rule(r"\b(?:is|are|was|were) to be\b", "must be, or active", "The squares are to be summed."),
    Rule(r"\bstill to (?:come|be)\b", "must still be, or active", "Beta is still to be added."),
    Rule(r"\balso where\b", "even if", "an axis, also where there is one channel"),
    Rule(r"\bwhere (?:none|nothing|nobody)\b", "if nothing", "0 where nothing fits"),
    Rule(r"\bif nobody (?:says|gives|asks|names)\b", "by default", "If nobody says, it is 1.", "if nobody can read it"),
    Rule(r"\b(?:nothing|something) else is said\b", "by default", "the size, unless something else is said"),
    Rule(r"\bso many (?:are|have|survive|epochs|parameters)\b", "that many", "So many survive.", "so many weights"),
    Rule(r"\b(?:kernel|size|layer|squares) less\b", "minus, fewer", "It adds its kernel less one.", "less work"),
    Rule(r"\bknows? nothing of\b", "knows nothing about", "The engine knows nothing of it."),
    Rule(r"\bnobody misses\b", "say what it does not change", "so nobody misses it"),
    Rule(r"\bat hand\b(?!-)", "current", "the batch at hand"),
    Rule(r"\bfor ever\b", "forever", "They are silent for ever."),
    Rule(r"\bnought\b", "zero", "nought point nine"),
    Rule(r"\bof one's own\b", "your own", "a seed of one's own"),
    Rule(r"\b(?:is|are) exchanged\b", "are swapped", "Rows and columns are exchanged."),
    Rule(r"\bopens the same door\b", "names the exercise in every tree", "One key opens the same door."),
    Rule(
        r"\b(?:numbers?|bias|biases|steps|batches|once|mask|network|implementation) an? "
        r"(?:filter|pixel|class|epoch|batch|function|image|channel|layer)\b",
        "per filter, per pixel ...",
        "adds one bias a filter",
        "a mask and a filter",
    ),
    # The words of the field.
    Rule(
        r"(?<!lag\s)(?<!left\s)(?<!leave\s)(?<!leaves\s)(?<!nothing\s)\bbehind\b",
        "after",
        "the layer behind it",
        "It leaves nothing behind.",
        course_only=True,
    ),
    Rule(r"\bupright (?:edge|bar|line)", "vertical", "Only upright edges are left.", course_only=True),
    Rule(r"\blevel (?:edge|bar|line)", "horizontal", "Only level edges are left.", course_only=True),
    Rule(r"\bturn\w* (?:it |the kernel )?(?:round|around)\b", "flip", "The kernel is turned round.", course_only=True),
    Rule(r"\b(?:stand|stands)\b(?!-)(?! for\b)", "is, goes", "The odd zero stands at the end.", "a stand-in",
         course_only=True),
    Rule(r"\b(?:lie|lies)\b", "is", "Which way does your window lie?", "They are earlier.", course_only=True),
    Rule(r"\bbeside\b", "next to, with", "the file beside this one", "Besides, it is fast.", course_only=True),
    Rule(
        r"\b(?:loss|labels|convolution|network|layer|one|Conv2D) wants?\b",
        "need, take",
        "Integer labels want the sparse loss.",
        "the loss you want",
        course_only=True,
    ),
    Rule(r"(?<!')\bKeras' \w", "in Keras, of Keras", "by Keras' default", "'Keras' and 'NumPy'", course_only=True),
)  # fmt: skip


def prose_of(path):
    """Return the prose of a file: its text with code blanked, so that every line keeps its number."""
    text = path.read_text(encoding="utf-8")
    return prose_of_python(text) if path.suffix == ".py" else without_code(text)


def prose_of_python(text):
    """Return the text with comments and strings only."""
    lines = [re.sub(r"[^\n]", "_", line) for line in text.splitlines(keepends=True)]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in PROSE:
            (first, start), column = token.start, token.end[1]
            for number, part in enumerate(token.string.split("\n"), first - 1):
                end = column if number == token.end[0] - 1 else start + len(part)
                lines[number] = lines[number][:start] + part + lines[number][end:]
                start = 0
    return "".join(lines)


def without_code(text):
    """Blank fenced blocks and code in back quotes, and keep the lines."""
    return re.sub(r"```.*?```|`[^`\n]*`", lambda match: re.sub(r"[^\n]", "_", match.group()), text, flags=re.DOTALL)


def faults_of(path, course):
    """Yield "file:line: words: replacement" for each phrase of the rules."""
    prose = prose_of(path)
    for rule in RULES:
        if course or not rule.course_only:
            for start, words in rule.found_in(prose):
                yield f'{path}:{prose.count(chr(10), 0, start) + 1}: "{words}": write {rule.instead}'


def files_of(root):
    """Return the files of a root that hold text."""
    path = REPOSITORY / root
    return [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)


@pytest.mark.parametrize("root", ROOTS)
def test_the_text_is_plain_english(root):
    files = files_of(root)

    assert files
    faults = [fault for file in files for fault in faults_of(file, course=root in COURSE)]
    assert not faults, "\n".join(["", *faults])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.bad)
def test_each_rule_finds_its_phrase_and_spares_an_innocent_one(rule):
    assert list(rule.found_in(rule.bad))
    assert not list(rule.found_in(rule.good))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lesson.md", "# Dropout\n\nUnits are dropped by\nlot.\n"),
        ("rubric.yaml", "title: Dropout\n\nname: Units are dropped by lot.\n"),
        ("stub.py", '"""Dropout.\n\nUnits are dropped by lot.\n"""\n'),
        ("stub.py", "x = 1\n\nx = 2  # drawn by lot\n"),
        ("questions.py", "x = 1\n\nx = f'drawn by lot {x}'\n"),
    ],
)
def test_a_planted_sentence_is_reported_with_its_line_and_a_replacement(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)

    assert list(faults_of(path, course=True)) == [f'{path}:3: "by lot": write at random']


def test_code_is_no_prose(tmp_path):
    path = tmp_path / "lesson.md"
    path.write_text("`by lot`\n\n```python\nby lot = 3\n```\n")

    assert not list(faults_of(path, course=True))


def test_the_field_has_its_words_in_the_course_only(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("The clock is an hour behind.\n")

    assert list(faults_of(path, course=True))
    assert not list(faults_of(path, course=False))
