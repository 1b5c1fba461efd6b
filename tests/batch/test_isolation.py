"""Every page and table with scores says if the programs were not isolated."""

from grader.report.pages import NOT_ISOLATED
from tests.batch.test_batch import batch, class_of, gradebook


def test_results_state_that_programs_were_not_isolated(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    (hand_ins / "broken").mkdir()
    (hand_ins / "broken" / "dropout.py").write_text("def (")
    said = batch(hand_ins, tmp_path / "out", "--isolation", "process")
    assert f"Not isolated. {NOT_ISOLATED}" in said
    for name in ("index.html", "run.html"):
        assert NOT_ISOLATED in (tmp_path / "out" / name).read_text()
    rows = gradebook(tmp_path / "out")
    assert rows["learner000"]["03_dropout note"] == "not isolated"
    assert rows["broken"]["03_dropout note"].startswith("not isolated; Python cannot read this line")


def test_results_of_isolated_programs_do_not_mention_isolation(tmp_path):
    hand_ins = class_of(tmp_path / "hand_ins", 1, hostile=False)
    said = batch(hand_ins, tmp_path / "out")
    for text in (said, (tmp_path / "out" / "index.html").read_text(), (tmp_path / "out" / "run.html").read_text()):
        assert "not isolated" not in text.lower()
    assert gradebook(tmp_path / "out")["learner000"]["03_dropout note"] == ""


def test_the_words_about_missing_isolation():
    assert NOT_ISOLATED == (
        "The programs ran as plain processes. A hostile program could have read the hidden tests or changed results, "
        "so the scores could be forged."
    )
