"""`grade batch --cluster` gives the results of a local batch, whatever happens to the workers."""

import os
import signal
import subprocess
import sys

import pytest

from grader.batch.cluster.cluster_error import ClusterError
from tests.batch.dask_processes import (
    RIGHT,
    TOY,
    dask_workers_below,
    existing_cluster,
    graded,
    nothing_is_left,
    own_environment,
    running_below,
    started,
    toy_class,
    wait_for,
)
from tests.batch.small_class import gradebook_of, texts_in
from tests.batch.test_batch import graded_in
from tests.grading import COURSE, ROOT
from tests.needs import needs

needs("distributed", "a cluster is a Dask cluster")


NO_PACKAGE = """
import importlib.metadata, sys
installed, sys.modules["grader"] = importlib.metadata.version, None
importlib.metadata.version = lambda name: installed("missing" if name == "cnn-grader" else name)
"""


@pytest.fixture
def env(tmp_path):
    return own_environment(tmp_path)


def test_a_cluster_gives_the_results_of_a_local_batch_and_leaves_nothing(tmp_path, env):
    """The small course is not installed with the package, so the workers get it from the scheduler."""
    hand_ins = toy_class(tmp_path / "hand_ins")

    graded(hand_ins, tmp_path / "cluster", "--course", TOY, "--cluster", "local:1", env=env)
    left = nothing_is_left(tmp_path)
    graded(hand_ins, tmp_path / "local", "--course", TOY, "--workers", "1", env=env)

    rows = gradebook_of(tmp_path / "cluster")
    assert [rows[name]["01_double raw"] for name in ("right000", "wrong", "stub")] == ["5", "4", ""]
    assert texts_in(tmp_path / "cluster") == texts_in(tmp_path / "local")
    assert left


@pytest.mark.thorough
def test_the_same_for_an_exercise_of_the_built_in_course(tmp_path, env):
    exercise = COURSE.find("3")
    for learner, text in {
        "right": exercise.reference_path.read_text(),
        "wrong": (ROOT / "tests/samples/03_dropout/dropout.py").read_text(),
        "hanging": exercise.reference_path.read_text().replace("def dropout(", "while True: pass\ndef dropout("),
        "stub": exercise.stub.read_text(),
        "unreadable": "\udcff",
    }.items():
        (tmp_path / "hand_ins" / learner).mkdir(parents=True)
        (tmp_path / "hand_ins" / learner / "dropout.py").write_bytes(text.encode("utf-8", "surrogateescape"))

    graded(tmp_path / "hand_ins", tmp_path / "cluster", "--cluster", "local:2", env=env)
    graded(tmp_path / "hand_ins", tmp_path / "local", "--workers", "2", env=env)

    assert len([name for name in texts_in(tmp_path / "cluster") if name.endswith("03_dropout.json")]) == 4
    assert texts_in(tmp_path / "cluster") == texts_in(tmp_path / "local")


@pytest.mark.thorough
def test_plain_processes_and_a_submission_that_hangs(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", hanging=True)
    options = ("--course", TOY, "--isolation", "process")

    graded(hand_ins, tmp_path / "cluster", *options, "--cluster", "local:1", env=env)
    graded(hand_ins, tmp_path / "local", *options, "--workers", "1", env=env)

    assert texts_in(tmp_path / "cluster") == texts_in(tmp_path / "local")
    assert nothing_is_left(tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_dask_worker_that_dies_costs_only_time(tmp_path, env, how):
    hand_ins = toy_class(tmp_path / "hand_ins", right=150)
    out = tmp_path / "cluster"

    run = started(hand_ins, out, "--course", TOY, "--cluster", "local:2", env=env)
    wait_for(lambda: graded_in(out / "journal.db") >= 5)
    os.kill(dask_workers_below(tmp_path)[0], how)
    at_the_kill = graded_in(out / "journal.db")
    text, errors = run.communicate(timeout=120)
    graded(hand_ins, tmp_path / "local", "--course", TOY, env=env)

    assert run.returncode == 0, text + errors
    assert at_the_kill < 151
    assert texts_in(out) == texts_in(tmp_path / "local")
    assert nothing_is_left(tmp_path, seconds=60)  # what the worker was grading runs to its limit


@pytest.mark.thorough
def test_a_frozen_dask_worker_costs_only_time(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", right=60)
    impatient = {**env, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s"}  # a busy machine must not lose the other one
    with existing_cluster(tmp_path, 2, impatient) as (address, workers):
        run = started(hand_ins, tmp_path / "cluster", "--course", TOY, "--cluster", address, env=env)
        wait_for(lambda: graded_in(tmp_path / "cluster" / "journal.db") >= 5)
        workers[0].send_signal(signal.SIGSTOP)
        text, errors = run.communicate(timeout=120)
    graded(hand_ins, tmp_path / "local", "--course", TOY, env=own_environment(tmp_path))

    assert run.returncode == 0, text + errors
    assert texts_in(tmp_path / "cluster") == texts_in(tmp_path / "local")


@pytest.mark.thorough
def test_an_existing_cluster_goes_on_without_our_processes(tmp_path, env):
    """A second batch uses the same cluster. Both grade with two seeds."""
    hand_ins = toy_class(tmp_path / "hand_ins")
    with existing_cluster(tmp_path, 1, env) as (address, _):
        for out in ("first", "second"):
            options = ("--course", TOY, "--cluster", address, "--repeat", "2")
            text = graded(hand_ins, tmp_path / out, *options, env=env)
            wait_for(lambda: not [line for _, line in running_below(tmp_path) if "grader.batch" in line], 10)

    assert texts_in(tmp_path / "first") == texts_in(tmp_path / "second")
    assert "No verdict changed over 2 seeds." in text
    assert "TLS" not in text


@pytest.mark.thorough
def test_a_cluster_with_tls_takes_its_certificates_from_the_configuration_of_dask(tmp_path, env):
    from distributed import Security

    temporary = Security.temporary()
    pem = {"CA_FILE": temporary.tls_ca_file}
    for role in ("client", "scheduler", "worker"):
        for part in ("cert", "key"):
            pem[f"{role.upper()}__{part.upper()}"] = getattr(temporary, f"tls_{role}_{part}")
    secure = dict(env)
    for name, text in pem.items():
        (tmp_path / name).write_text(text)
        secure[f"DASK_DISTRIBUTED__COMM__TLS__{name}"] = str(tmp_path / name)
    hand_ins = toy_class(tmp_path / "hand_ins")

    with existing_cluster(tmp_path, 1, {**secure, "DASK_DISTRIBUTED__COMM__DEFAULT_SCHEME": "tls"}) as (address, _):
        graded(hand_ins, tmp_path / "out", "--course", TOY, "--cluster", address, env=secure)
        stranger = graded(hand_ins, tmp_path / "no", "--course", TOY, "--cluster", address, code=2, env=env)

    assert address.startswith("tls://")
    assert gradebook_of(tmp_path / "out")["right000"]["01_double raw"] == "5"
    assert "distributed.comm.tls" in stranger


@pytest.mark.thorough
def test_ctrl_c_ends_with_130_and_the_same_command_continues(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", right=150)
    out = tmp_path / "cluster"
    options = ("--course", TOY, "--cluster", "local:2")

    run = started(hand_ins, out, *options, env=env)
    wait_for(lambda: graded_in(out / "journal.db") >= 5)
    run.send_signal(signal.SIGINT)
    _, errors = run.communicate(timeout=30)
    left = nothing_is_left(tmp_path)
    recorded = graded_in(out / "journal.db")
    graded(hand_ins, out, *options, env=env)
    graded(hand_ins, tmp_path / "local", "--course", TOY, env=env)

    assert run.returncode == 130
    assert "Run the same command to continue" in errors
    assert 5 <= recorded < 151
    assert left
    assert texts_in(out) == texts_in(tmp_path / "local")


@pytest.mark.thorough
def test_ctrl_c_does_not_wait_for_frozen_workers(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", right=60)
    with existing_cluster(tmp_path, 1, env) as (address, workers):
        run = started(hand_ins, tmp_path / "cluster", "--course", TOY, "--cluster", address, env=env)
        wait_for(lambda: graded_in(tmp_path / "cluster" / "journal.db") >= 5)
        workers[0].send_signal(signal.SIGSTOP)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=40)

    assert run.returncode == 130, errors
    assert "Run the same command to continue" in errors


@pytest.mark.thorough
def test_a_coordinator_that_is_killed_leaves_no_process(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", right=150)
    out = tmp_path / "cluster"

    run = started(hand_ins, out, "--course", TOY, "--cluster", "local:2", env=env)
    wait_for(lambda: graded_in(out / "journal.db") >= 5)
    run.kill()
    run.communicate()

    wait_for(lambda: not running_below(tmp_path), 30)


@pytest.mark.thorough
def test_without_any_worker_the_batch_says_that_it_can_continue(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", right=150)
    out = tmp_path / "cluster"

    run = started(hand_ins, out, "--course", TOY, "--cluster", "local:1", env=env)
    wait_for(lambda: graded_in(out / "journal.db") >= 5)
    os.kill(dask_workers_below(tmp_path)[0], signal.SIGKILL)
    _, errors = run.communicate(timeout=60)
    graded(hand_ins, out, "--course", TOY, "--cluster", "local:1", env=env)

    assert run.returncode == 2
    assert "all its workers are gone" in errors
    assert "Every recorded report is safe. Run the same command to continue." in errors
    assert len(list((out / "reports").rglob("*.json"))) == 151


@pytest.mark.thorough
def test_a_scheduler_that_dies_ends_the_batch(tmp_path, env):
    hand_ins = toy_class(tmp_path / "hand_ins", right=150)
    out = tmp_path / "cluster"

    run = started(hand_ins, out, "--course", TOY, "--cluster", "local:1", env=env)
    wait_for(lambda: graded_in(out / "journal.db") >= 5)
    scheduler = min(pid for pid, line in running_below(tmp_path) if "local_process" in line)
    os.kill(scheduler, signal.SIGKILL)
    _, errors = run.communicate(timeout=60)

    assert run.returncode == 2, errors
    assert "Run the same command to continue." in errors
    assert nothing_is_left(tmp_path, seconds=60)


@pytest.mark.thorough
def test_a_scheduler_without_workers_is_waited_for_and_then_named(tmp_path, env, monkeypatch):
    from grader.batch import ClassSettings, Stage, run_class
    from grader.batch.cluster import connection_to_dask

    monkeypatch.setattr(connection_to_dask, "QUIET_SECONDS", 0.2)
    monkeypatch.setattr(connection_to_dask, "FIRST_WORKER_SECONDS", 1.0)
    stages = []
    with existing_cluster(tmp_path, 0, env) as (address, _):
        settings = ClassSettings(toy_class(tmp_path / "in"), tmp_path / "out", TOY, cluster=address)
        with pytest.raises(ClusterError) as caught:
            run_class(settings, lambda progress: stages.append(progress.stage))

    assert stages == [Stage.CONNECTING]
    assert "has had no worker for 1 seconds. Start some: dask worker tcp://127.0.0.1:" in str(caught.value)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("import grader; grader.__version__ = '0.0.9'\n", "It has cnn-grader 0.0.9; expected 0.1.0."),
        (NO_PACKAGE, "It has no cnn-grader; expected 0.1.0."),
    ],
    ids=["another version", "no package"],
)
def test_a_worker_with_other_software_is_refused(tmp_path, env, before, words):
    hand_ins = toy_class(tmp_path / "hand_ins")
    with existing_cluster(tmp_path, 1, env, before) as (address, _):
        text = graded(hand_ins, tmp_path / "out", "--course", TOY, "--cluster", address, code=2, env=env)

    assert words in text
    assert "Install the same versions on all machines" in text
    assert not (tmp_path / "out" / "index.html").exists()


def test_without_dask_the_message_names_the_extra(tmp_path):
    hand_ins = toy_class(tmp_path / "hand_ins")
    program = (
        "import sys; sys.modules['distributed'] = None; from grader.cli.entry import run;"
        f"sys.exit(run(['batch', {str(hand_ins)!r}, '--out', {str(tmp_path / 'out')!r}, '--cluster', 'local:1']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

    assert done.returncode == 2
    assert done.stderr.startswith("Error: The cluster cannot grade: Dask is not installed (distributed is missing).")
    assert "pip install 'cnn-grader[cluster]'" in done.stderr


def test_a_batch_without_a_cluster_loads_nothing_of_dask(tmp_path):
    (tmp_path / "hand_ins" / "ada").mkdir(parents=True)
    (tmp_path / "hand_ins" / "ada" / "double.py").write_text(RIGHT.read_text())
    arguments = [
        "batch", str(tmp_path / "hand_ins"), "--out", str(tmp_path / "out"), "--course", str(TOY), "--workers", "1"
    ]  # fmt: skip
    program = (
        "import sys; from grader.cli.entry import run;"
        f"code = run({arguments!r}); print(code, sorted({{'dask', 'distributed'}} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

    assert done.stdout.splitlines()[-1] == "0 []", done.stderr
