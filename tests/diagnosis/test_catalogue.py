"""Every misconception in MISCONCEPTIONS has a variant, or the file says why it cannot have one."""

import ast

import pytest

from tests.diagnosis.judging import COURSE

SEEN = {
    "00_why_cnns": """
        why.channels-ignored why.bias-forgotten why.bias-per-weight why.params-scale-with-image why.pool-has-params
        why.bn-two-not-four why.flatten-keeps-neighbours why.conv-is-invariant why.pool-fully-invariant
    """,
    "01_convolution": """
        conv.true-convolution conv.bias-per-element conv.bias-forgotten conv.bias-summed-over-filters
        conv.bias-first-only conv.bias-per-channel conv.channels-first-only conv.channels-averaged
        conv.stride-only-in-shape conv.stride-only-in-index conv.stride-ignored conv.stride-axes-swapped
        conv.size-uses-filter-count conv.output-axes-swapped conv.kernel-transposed conv.rows-columns-swapped
        conv.kernel-reshaped-not-transposed conv.pad-hardcoded-1 conv.same-means-input-size
        conv.same-means-input-size-floor conv.same-means-input-size-ceil conv.same-one-too-many
        conv.same-half-kernel-both-sides conv.same-extra-pad-first conv.same-ignores-stride
        conv.same-leaves-border-zero conv.pad-replicates-edge conv.pad-reflects conv.output-ceil
        conv.output-off-by-one conv.activation-baked-in conv.integer-output conv.mutates-input
        conv.batch-loop-first-only convb.dx-crop-empty-when-pad-0 convb.assign-not-accumulate convb.pad-hardcoded-1
        convb.dx-padding-kept convb.dx-cropped-from-corner convb.same-one-too-many convb.stride-axis-mixed-up
        convb.dx-kernel-flipped convb.dw-flipped convb.grads-averaged-over-batch convb.db-mean-all
        convb.db-first-example convb.db-over-batch-only convb.stride-ignored
    """,
    "02_pooling": """
        pool.stride-default-1 pool.max-pads-with-zero pool.max-starts-at-zero pool.avg-counts-padding pool.avg-is-sum
        pool.avg-is-median pool.max-of-absolute pool.mode-ignored-max pool.mode-ignored-avg pool.across-channels
        pool.keeps-partial-windows pool.window-is-stride pool.width-from-height pool.window-transposed
        pool.slice-transposed pool.assumes-2x2 pool.stride-only-in-shape pool.stride-ignored
        poolb.assign-not-accumulate poolb.max-overwrites poolb.ties-all-full-gradient poolb.ties-last-wins
        poolb.ties-shared poolb.avg-not-divided
        poolb.avg-sqrt-divided poolb.max-gradient-times-value poolb.max-gradient-to-everyone
    """,
    "03_dropout": """
        drop.rate-is-keep drop.no-rescale drop.scaled-by-other-prob drop.multiplies-keep drop.scale-at-test
        drop.scale-at-both drop.active-at-inference drop.gaussian-mask drop.binomial-count
        drop.mask-shared-across-batch drop.exact-count drop.fixed-seed drop.on-output-layer drop.backward-new-mask
        drop.backward-no-mask drop.backward-no-scale
    """,
    "04_batch_norm": """
        bn.eps-outside-sqrt bn.eps-after-division bn.eps-forgotten bn.eps-squared bn.eps-missing-at-inference
        bn.divides-by-variance bn.sqrt-of-std bn.ddof-1 bn.running-var-unbiased bn.normalises-globally
        bn.global-variance bn.sum-over-all-divided-by-batch bn.normalises-per-sample bn.normalises-batch-axis-only
        bn.batch-stats-at-inference bn.running-stats-in-training bn.momentum-swapped bn.running-never-updated
        bn.running-replaced bn.updates-at-inference bn.running-stores-std bn.gamma-beta-ignored bn.gamma-beta-swapped
        bn.beta-inside-scale bn.beta-forgotten bn.no-scale-at-inference bnb.statistics-are-constants
        bnb.forgets-mean-path bnb.forgets-variance-path bnb.gamma-missing-in-dx bnb.dgamma-uses-raw-x
        bnb.param-grads-averaged bnb.eps-forgotten
    """,
}
CONVENTIONS = {"poolb.ties-all-full-gradient", "poolb.ties-last-wins", "poolb.ties-shared", "bn.running-var-unbiased"}


@pytest.mark.parametrize("key", SEEN)
def test_every_misconception_has_a_variant_or_the_file_says_why_not(key):
    exercise = COURSE.find(key)
    variants = {one.id for one in exercise.misconceptions()}
    excused = ast.get_docstring(ast.parse(exercise.misconceptions_path.read_text(encoding="utf-8")))

    assert not [name for name in SEEN[key].split() if name not in variants and f"`{name}`" not in excused]


@pytest.mark.parametrize("key", SEEN)
def test_only_known_conventions_cost_no_points(key):
    found = {one.id for one in COURSE.find(key).misconceptions() if one.severity == "convention"}

    assert found == CONVENTIONS & set(SEEN[key].split())


@pytest.mark.parametrize("key", SEEN)
def test_the_hints_of_a_misconception_differ(key):
    """The question asks, the probe is an input, the name names the mistake; each has more than two words."""
    for one in COURSE.find(key).misconceptions():
        assert one.question.endswith("?") or "?" in one.question, one.id
        assert len({one.question, one.probe, one.name, one.belief}) == 4, one.id
        assert min(len(rung.split()) for rung in (one.question, one.probe, one.name)) >= 3, one.id
