"""The parts of a cluster without a cluster: what goes wrong, and whose fault it is."""

import json
import socket
import threading
from pathlib import Path

import pytest

from grader.batch import ClassSettings, class_run, run_class
from grader.batch.cluster.cluster_address import parsed_address
from grader.batch.cluster.cluster_error import ClusterError
from grader.batch.cluster.parcels import packed_course, request_for, request_of, unpacked_course
from grader.batch.cluster.software import software_here
from grader.batch.cluster.warm_pools import WarmPools
from grader.batch.pool import WorkerError, WorkerPool, WorkerStartError
from grader.batch.task import Task
from grader.cli.entry import run
from grader.course import load_course
from grader.sandbox import Refusal
from grader.submission.submission import content_hash
from tests.batch.dask_processes import HANGING, RIGHT, TOY, toy_class
from tests.needs import needs

needs("distributed", "a cluster is a Dask cluster")

from grader.batch.cluster import cluster_pool, connection_to_dask, warm_pools  # noqa: E402 - they import Dask
from grader.batch.cluster.cluster_pool import ClusterPool  # noqa: E402
from grader.batch.cluster.connection_to_dask import Answer  # noqa: E402
from grader.batch.cluster.grading_plugin import GradingPlugin  # noqa: E402

COURSE = load_course(TOY)
CONTENTS = {"double.py": RIGHT.read_bytes()}


RIGHT_TEXT = RIGHT.read_text()


def task_of(folder, number=0, text=RIGHT_TEXT):
    path = Path(folder, f"learner{number}", "double.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    place = ("double.py", path.relative_to(folder).parts, "", "")
    sha256 = content_hash({"double.py": path.read_bytes()})
    return Task(number, f"learner{number}", "01_double", sha256, str(folder), (place,), seed=3)


def reply_of(**fields):
    return json.dumps({"report": "{}", "faults": 0, "seconds": 0.1, "worker": "tcp://one:1", **fields}).encode()


class FakeDask:
    """Takes the place of the connection. `replies` says what comes back for each try of a submission."""

    can_get_workers = True

    def __init__(self, replies):
        self.replies = replies
        self.sent = []
        self.workers = {"tcp://one:1": 1, "tcp://two:1": 1}
        self.most = 0
        self._waiting = {}
        self._tries = {}

    def __call__(self, address, isolation, on_wait):
        return self

    def install(self, plugin, name, software):
        self.plugin = plugin

    def threads(self):
        return self.workers

    def workers_of(self, keys):
        return {"tcp://one:1"}

    def submit(self, requests, workers=()):
        return [self._submit(packed, workers) for packed in requests]

    def _submit(self, packed, workers):
        learner = request_of(packed).content.learner
        tries = self._tries[learner] = self._tries.get(learner, -1) + 1
        self.sent.append((learner, tuple(workers)))
        key = ("plugin", len(self.sent))
        self._waiting[key] = self.replies(learner, tries)
        self.most = max(self.most, len(self._waiting))
        return key

    def answers(self, timeout):
        ready = {key: answer for key, answer in self._waiting.items() if answer is not None}
        for key in ready:
            del self._waiting[key]
        return [Answer(key, *one) if isinstance(one, tuple) else Answer(key, one) for key, one in ready.items()]

    def forget(self, key):
        self._waiting.pop(key, None)

    def close(self):
        pass


@pytest.fixture
def pool_of(monkeypatch):
    def _pool(replies):
        dask = FakeDask(replies)
        monkeypatch.setattr(cluster_pool, "DaskConnection", dask)
        return ClusterPool(parsed_address("local:2"), COURSE, "namespaces", lambda: None), dask

    return _pool


def ends(pool, tasks):
    return [one for group in pool.run(iter(tasks)) for one in group]


@pytest.mark.parametrize(
    "broken",
    [reply_of(lost="the worker died"), (None, "its worker was lost"), b"not JSON", reply_of(faults=-1), reply_of(x=1)],
    ids=["lost", "gone", "not JSON", "negative faults", "an unknown field"],
)
def test_a_lost_submission_is_graded_elsewhere_and_after_three_tries_the_fault_is_ours(pool_of, tmp_path, broken):
    pool, _ = pool_of(lambda learner, tries: broken if tries < 2 else reply_of())
    (end,) = ends(pool, [task_of(tmp_path)])
    assert (end.report, end.faults, end.failure, pool.replaced) == ("{}", 0, "", 2)

    pool, _ = pool_of(lambda learner, tries: broken)
    (end,) = ends(pool, [task_of(tmp_path)])
    assert (end.report, end.faults, pool.replaced) == ("", 1, 3)
    assert end.failure.startswith("the cluster lost it 3 times: ")


def test_a_message_that_is_no_valid_text_arrives_as_in_a_local_batch(pool_of, tmp_path):
    pool, _ = pool_of(lambda learner, tries: reply_of(changed="\udcff"))
    (end,) = ends(pool, [task_of(tmp_path)])

    assert (end.changed, pool.replaced) == ("\udcff", 0)


def test_a_worker_that_lost_a_submission_does_not_get_it_again(pool_of, tmp_path):
    pool, dask = pool_of(lambda learner, tries: reply_of() if tries else reply_of(lost="no memory"))
    ends(pool, [task_of(tmp_path)])

    assert dask.sent == [("learner0", ()), ("learner0", ("tcp://two:1",))]


def test_a_submission_that_killed_its_workers_is_not_sent_again(pool_of, tmp_path):
    pool, dask = pool_of(lambda learner, tries: (None, "killed four workers", True))
    (end,) = ends(pool, [task_of(tmp_path)])

    assert (len(dask.sent), end.faults, end.failure) == (1, 1, "the cluster lost it 1 time: killed four workers")


def test_a_request_that_nobody_answers_is_taken_back(pool_of, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_pool, "_most_seconds", lambda task: -1.0)
    pool, dask = pool_of(lambda learner, tries: reply_of() if tries else None)
    (end,) = ends(pool, [task_of(tmp_path)])

    assert end.report == "{}"
    assert dask.sent[1] == ("learner0", ("tcp://two:1",))


def test_without_workers_for_too_long_the_batch_ends(pool_of, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_pool, "LOST_SECONDS", -1.0)
    pool, dask = pool_of(lambda learner, tries: None)
    dask.workers = {}
    with pytest.raises(ClusterError) as caught:
        ends(pool, [task_of(tmp_path)])

    assert "all its workers are gone, and 1 submission not graded" in str(caught.value)


def test_a_worker_without_a_sandbox_ends_the_batch_with_the_reason(pool_of, tmp_path):
    pool, _ = pool_of(lambda *_: reply_of(unusable="no namespaces.", refusal="user namespaces"))
    with pytest.raises(WorkerError) as caught:
        ends(pool, [task_of(tmp_path)])

    assert str(caught.value) == "the Dask worker tcp://one:1: no namespaces"
    assert (caught.value.refusal, caught.value.isolation) == (Refusal.USER_NAMESPACES, "namespaces")


def test_at_most_some_hundred_submissions_are_in_flight(pool_of, tmp_path, monkeypatch):
    pool, dask = pool_of(lambda learner, tries: reply_of())
    one = task_of(tmp_path)
    assert len(ends(pool, [one] * 600)) == 600
    assert dask.most == cluster_pool.IN_FLIGHT == 256

    monkeypatch.setattr(cluster_pool, "IN_FLIGHT_BYTES", 1)
    pool, dask = pool_of(lambda learner, tries: reply_of())
    assert len(ends(pool, [one] * 50)) == 50
    assert dask.most == cluster_pool.GROUP


def test_a_file_that_has_changed_is_not_sent(pool_of, tmp_path):
    pool, dask = pool_of(lambda learner, tries: reply_of())
    changed, gone = task_of(tmp_path, 1), task_of(tmp_path, 2)
    (tmp_path / "learner1" / "double.py").write_text("x = 1\n")
    (tmp_path / "learner2" / "double.py").unlink()
    found = {end.task.number: end.changed for end in ends(pool, [changed, gone])}

    assert found[1] == "changed while it was graded; grade it again"
    assert "No such file" in found[2]
    assert dask.sent == []


def test_a_request_and_a_course_arrive_as_they_were_sent(tmp_path):
    task = task_of(tmp_path)
    sent = request_for(task, CONTENTS, "c" * 64, "process")
    assert request_of(sent.packed()) == sent
    assert (tmp_path / "there").mkdir() is None
    there = request_of(sent.packed()).task(tmp_path / "there")
    assert (there.learner, there.sha256, there.seed, there.seconds) == (
        task.learner, task.sha256, task.seed, task.seconds,
    )  # fmt: skip

    course = unpacked_course(packed_course(COURSE), tmp_path / "course")
    assert [one.content_hash() for one in course] == [one.content_hash() for one in COURSE]


class FakeWorker:
    address = "tcp://here:1"


@pytest.fixture
def plugin():
    """`plugin(**software)` returns a plugin as it is set up in a Dask worker."""
    made = []

    def _plugin(**software):
        one = GradingPlugin({**software_here(), **software}, "namespaces", packed_course(COURSE))
        one.setup(FakeWorker())
        made.append(one)
        return one

    yield _plugin
    for one in made:
        one.teardown(FakeWorker())


def answer_to(plugin, task, course_hash):
    return json.loads(plugin.answer(request_for(task, CONTENTS, course_hash, "namespaces").packed()))


def test_a_plugin_refuses_another_version_and_another_course(plugin, tmp_path):
    task, ours = task_of(tmp_path), COURSE.find("1").content_hash()

    other_version = answer_to(plugin(**{"cnn-grader": "0.0.9"}), task, ours)
    other_course = answer_to(plugin(), task, "0" * 64)

    here = software_here()["cnn-grader"]
    assert other_version == {"different": f"It has cnn-grader {here}; expected 0.0.9.", "worker": "tcp://here:1"}
    assert other_course["different"] == f"It has 01_double with the hash {ours[:16]}; expected {'0' * 16}."


def test_a_plugin_answers_whatever_it_gets(plugin):
    assert json.loads(plugin().answer(b"\xff"))["lost"].startswith("UnicodeDecodeError")


def test_an_error_of_a_plugin_names_the_worker_and_the_remedy(pool_of, tmp_path):
    pool, _ = pool_of(lambda *_: reply_of(different="It has numpy 1; expected 2."))
    with pytest.raises(ClusterError) as caught:
        ends(pool, [task_of(tmp_path)])

    assert str(caught.value).startswith("the worker tcp://one:1 must not be used. It has numpy 1; expected 2. Install")


def test_workers_are_warm(tmp_path):
    made = []
    pools = WarmPools(lambda: made.append(WorkerPool(1, TOY, "namespaces")) or made[-1])
    for number in range(2):
        with pools.one() as pool:
            (end,) = ends(pool, [task_of(tmp_path, number)])
            assert json.loads(end.report)["score"]["earned"] == 5
    assert len(made) == 1
    pools.end()


def test_a_plugin_that_ends_does_not_wait_for_a_submission(tmp_path):
    pools = WarmPools(lambda: WorkerPool(1, TOY, "namespaces"))

    def grade():
        with pools.one() as pool:
            ends(pool, [task_of(tmp_path, text=HANGING)])

    threading.Timer(0.3, pools.end).start()
    with pytest.raises(WorkerStartError):
        grade()
    with pytest.raises(WorkerStartError):
        grade()


def test_workers_that_nobody_uses_end(monkeypatch):
    monkeypatch.setattr(warm_pools, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(warm_pools, "_LOOK_SECONDS", 0.01)
    closed = []

    class OneWorker:
        def close(self):
            closed.append(self)

    pools = WarmPools(OneWorker)
    with pools.one() as lent:
        pass
    while not closed:
        pass
    pools.end()
    assert closed == [lent]


@pytest.mark.parametrize(
    "text", ["", "local:0", "local:", "somewhere", "tcp://a:99999", "http://a:1", "tls://a b:1", "tcp://a:8786/x"]
)
def test_an_address_that_is_none_is_refused_before_anything_else(text, tmp_path, capsys):
    assert run(["batch", str(tmp_path / "nothing"), "--out", str(tmp_path / "out"), "--cluster", text]) == 2
    assert f'--cluster is "{text}"; expected the address of a Dask scheduler' in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_workers_and_a_cluster_are_two_choices(tmp_path, capsys):
    given = ["batch", str(tmp_path), "--out", str(tmp_path / "out"), "--cluster", "local:2", "--workers", "2"]
    assert run(given) == 2
    assert "Use --workers or --cluster, not both." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "warns"), [("tcp://192.0.2.1:8786", True), ("127.0.0.1:8786", False), ("tls://192.0.2.1:8786", False)]
)
def test_a_scheduler_without_tls_on_the_network_gets_a_warning(tmp_path, capsys, monkeypatch, address, warns):
    def refuse(*_):
        raise ClusterError("not in this test")

    monkeypatch.setattr("grader.batch.cluster.opening.open_cluster", refuse)
    hand_ins = toy_class(tmp_path / "hand_ins")
    assert (
        run(["batch", str(hand_ins), "--course", str(TOY), "--out", str(tmp_path / "out"), "--cluster", address]) == 2
    )
    assert capsys.readouterr().err.count("has no TLS. Everybody who reaches it can") == warns


def test_no_scheduler_at_the_address(tmp_path, monkeypatch):
    monkeypatch.setattr(connection_to_dask, "CONNECT_SECONDS", 0.5)
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{reserved.getsockname()[1]}"
        settings = ClassSettings(toy_class(tmp_path / "in"), tmp_path / "out", TOY, cluster=address)
        with pytest.raises(ClusterError) as caught:
            run_class(settings, lambda progress: None)

    assert str(caught.value).startswith(f"no Dask scheduler answered at tcp://{address} within 0.5 seconds (")
    assert "Connection refused)" in str(caught.value) or "(no answer)" in str(
        caught.value
    )  # the deadline interrupts a try
    assert "`dask scheduler` is running" in str(caught.value)


def test_tls_without_certificates_names_the_setting(tmp_path, monkeypatch):
    monkeypatch.setattr(connection_to_dask, "CONNECT_SECONDS", 0.5)
    settings = ClassSettings(toy_class(tmp_path / "in"), tmp_path / "out", TOY, cluster="tls://127.0.0.1:1")
    with pytest.raises(ClusterError) as caught:
        run_class(settings, lambda progress: None)

    assert str(caught.value) == (
        "tls://127.0.0.1:1 needs certificates, and none are configured. Name them in Dask's configuration, "
        "distributed.comm.tls (docs/cluster.md)."
    )


def test_the_cluster_is_no_part_of_what_a_later_command_repeats(tmp_path):
    settings = ClassSettings(tmp_path, tmp_path / "out", TOY, cluster="local:2")
    assert "cluster" not in json.loads(settings.recorded())
    assert class_run.ClassSettings.of_record(tmp_path / "out", settings.recorded()).cluster is None
