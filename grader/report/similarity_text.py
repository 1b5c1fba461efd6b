"""The similar programs of an exercise as text."""

from __future__ import annotations

from collections.abc import Iterator

from grader.report.pages.similar_pairs import NO_VERDICT, Similarity
from grader.text import counted, for_line

LISTED = 20
BAR = 40  # characters of the longest bar


def similarity_text(similarity: Similarity) -> str:
    """Return the distribution and the pairs as lines."""
    return "".join(f"{line}\n" for line in _lines(similarity))


def _lines(similarity: Similarity) -> Iterator[str]:
    yield f"{similarity.key}: {counted(similarity.compared, 'program')} compared"
    most = max(similarity.counts)
    yield "The highest share of each program:"
    for tenth, count in enumerate(similarity.counts):
        if most:
            bar = "#" * -(-BAR * count // most)
            yield f"  {10 * tenth:>3} to {10 * tenth + 10:>3} %  {count:>5}  {bar}".rstrip()
    if not similarity.pairs:
        yield f"No two programs have a share of {100 * similarity.least:.0f} % or more."
    for pair in similarity.pairs[:LISTED]:
        yield f"{100 * pair.share:>4.0f} %  {for_line(pair.first)} | {for_line(pair.second)}"
    if more := len(similarity.pairs[LISTED:]) + similarity.more:
        yield f"and {counted(more, 'more pair')}."
    if similarity.pairs:
        yield NO_VERDICT
    yield from (f"Identical files: {for_line(names)}" for names in similarity.identical[:LISTED])
    if similarity.little:
        yield f"Too little code of their own to compare: {counted(len(similarity.little), 'program')}."
    yield from (f"Not compared: {for_line(names)}: {for_line(why)}" for names, why in similarity.unread[:LISTED])
