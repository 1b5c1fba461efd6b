"""Stand-ins replace the modules that a learner's file imports and the sandbox lacks."""

import pytest

from grader.sandbox import Raised, Returned, Sandboxed
from grader.sandbox.reason import Reason
from grader.submission import SourceFile, Submission, screen
from tests.sandbox.conftest import LIMITS


def opener(zygote):
    """Yield `load(source, **companions)`, which screens and loads a file and returns `call(name, *arguments)`."""
    opened = []

    def load(source, forbidden=None, **companions):
        texts = {"toy.py": source, **{f"{name}.py": text for name, text in companions.items()}}
        files = tuple(
            SourceFile(name, text, screen(text, name, ["numpy", "toy"], forbidden)) for name, text in texts.items()
        )
        functions = [line.split("(")[0][4:] for line in source.splitlines() if line.startswith("def ")]
        sandboxed = Sandboxed(zygote, Submission("someone", "01_toy", files, "0" * 64), "toy", functions, LIMITS)
        opened.append(sandboxed)
        failure = sandboxed.load()
        assert failure is None, failure
        return lambda name, *arguments: sandboxed.call(name, arguments, {})

    yield load
    for sandboxed in opened:
        sandboxed.close()


@pytest.fixture
def load(zygote):
    yield from opener(zygote)


@pytest.fixture
def load_confined(namespaces):
    """The same in namespaces: a plain process that is no longer root may be unable to read the standard library."""
    yield from opener(namespaces)


def value(answer):
    assert isinstance(answer, Returned), answer
    return answer.value


def unavailable(answer):
    assert isinstance(answer, Raised), answer
    assert answer.reason is Reason.UNAVAILABLE, answer
    return answer.message


def test_a_package_that_computes_raises_in_the_function_that_uses_it(load):
    call = load("from scipy import signal\ndef f():\n    return signal.convolve2d(1, 2)\ndef g():\n    return 1\n")

    assert unavailable(call("f")) == (
        "scipy.signal.convolve2d (line 3), which is unavailable in this exercise. Use NumPy and the standard library."
    )
    assert value(call("g")) == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import nunpy\ndef f():\n    nunpy.ones(3)", 'nunpy.ones (line 3), which does not exist. Did you mean "numpy"?'),
        ("import colections\ndef f():\n    colections.Counter()", 'Did you mean "collections"?'),
        ("from utils import pad\ndef f():\n    pad(3)", "utils.pad (line 3), which is not installed here and was not handed in with toy.py."),
        ("from .utils import pad\ndef f():\n    pad(3)", "utils.pad (line 3), which is not installed here and was not handed in with toy.py."),
        ("from . import utils\ndef f():\n    utils.pad(3)", "utils.pad (line 3), which is not installed here"),
        ("from utils import *\ndef f():\n    pad(3)", "utils.pad (line 3), which is not installed here"),
        ("import torch\nw = torch.ones(3)\ndef f():\n    return 1 + w", "torch.ones (line 4)"),
        ("import torch\nw = torch.ones(3)\ndef f():\n    return w @ w", "torch.ones (line 4)"),
        ("import torch, numpy\nw = torch.ones(3)\ndef f():\n    return numpy.ones(3) * w", "torch.ones (line 4)"),
        ("import torch, numpy\nw = torch.ones(3)\ndef f():\n    return numpy.sum(w)", "torch.ones (line 4)"),
        ("import torch, numpy\nw = torch.ones(3)\ndef f():\n    return numpy.asarray(w)", "torch.ones (line 4)"),
        ("import torch\nw = torch.ones(3)\ndef f():\n    return [one for one in w]", "torch.ones (line 4)"),
        ("import torch\nw = torch.ones(3)\ndef f():\n    return float(w[0])", "torch.ones (line 4)"),
        ("import torch\nclass N(torch.nn.Module):\n    pass\ndef f():\n    return N()(3)", "torch.nn.Module (line 5)"),
        ("def f():\n    import torch.nn.functional as F\n    return F.conv2d()", "torch.nn.functional.conv2d (line 3)"),
        ("def f():\n    return __import__('scipy').misc()", "scipy.misc (line 2)"),
        ("def g():\n    return torch.ones(3)\nimport torch\ndef f():\n    return g()", "torch.ones (line 2)"),
        ("import attr\n@attr.s\nclass A:\n    x = attr.ib()\ndef f():\n    return A(1)", "attr.s (line 6)"),
    ],
)  # fmt: skip
def test_each_kind_of_use_is_reported_with_its_line(load, source, words):
    assert words in unavailable(load(source)("f"))


def test_a_function_may_catch_the_exception(load):
    call = load(
        "import scipy\ndef f():\n    try:\n        return scipy.f()\n    except ImportError:\n        return 2\n"
    )

    assert value(call("f")) == 2


def test_no_stand_in_raises_at_the_top_level(load):
    call = load(
        "import torch, numpy as np\nfrom sklearn.datasets import load_digits\n"
        "x, y = load_digits(return_X_y=True)\nimages = (x.reshape(-1, 8, 8)[:10] / 16).astype(np.float32)\n"
        "for image, label in zip(images, y):\n    print(image.sum(), label)\n"
        "n, *shape = images.shape\nassert np.allclose(torch.ones(3), 1)\nassert images.ndim == 3\n"
        "zeros = np.zeros(images.shape[0] + 2)\nwith torch.no_grad():\n    total = abs(-torch.tensor([1]) + 1)\n"
        "total += 1; images[0] = 3; del images[1]\nprint(f'{total:.2f}', len(x), total > 3, 3 in total)\n"
        "device = 'cuda' if torch.cuda.is_available() else 'cpu'\n"
        "def f():\n    return device\n"
    )

    assert value(call("f")) == "cpu"


def test_a_package_that_draws_does_nothing(load):
    call = load(
        "import matplotlib.pyplot as plt\nfrom IPython.display import display\n"
        "def f(x):\n    fig, (a, b) = plt.subplots(1, 2)\n    a.plot(x); b.set(title='x')\n"
        "    for ax in fig.axes:\n        ax.axis('off')\n    display(fig)\n    plt.show()\n    return x\n"
    )

    assert value(call("f", 7)) == 7


def test_a_progress_bar_yields_its_items(load):
    call = load(
        "from tqdm import tqdm, trange\nfrom rich.progress import track\nimport tqdm.auto\n"
        "def f():\n    bar = tqdm.auto.tqdm([1, 2])\n"
        "    return [list(bar), len(bar), list(track(range(2), 'x')), list(trange(1, 3)), list(tqdm.tqdm(total=3))]\n"
    )

    assert value(call("f")) == [[1, 2], 2, [0, 1], [1, 2], []]


def test_decorators_that_change_nothing_return_the_function(load):
    call = load(
        "import functools, jax, numba, pytest, torch\n"
        "@numba.njit(cache=True)\ndef a():\n    return sum(i for i in numba.prange(4))\n"
        "@functools.partial(jax.jit, static_argnums=0)\ndef b():\n    return 2\n"
        "@torch.no_grad()\ndef c():\n    return 3\n"
        "@pytest.mark.parametrize('x', [1])\n@pytest.fixture\ndef d():\n    return 4\n"
        "@jax.vmap\ndef e():\n    return 5\n"
        "def f():\n    return [a(), b(), c(), d()]\ndef g():\n    return e()\n"
    )

    assert value(call("f")) == [6, 2, 3, 4]
    assert "jax.vmap (line 21)" in unavailable(call("g"))  # it changes the result


def test_an_optional_import_fails_as_it_does_elsewhere(load_confined):
    call = load_confined(
        "import importlib.util, sys\nimport torch\n"
        "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n"
        "try:\n    import torch as other\nexcept ImportError as error:\n    other = str(error)\n"
        "found = importlib.util.find_spec('torch')\n"
        "def f():\n    return [np.__name__, other, found, 'torch' in sys.modules]\n"
    )

    assert value(call("f")) == ["numpy", "No module named 'torch'", None, False]


def test_a_package_that_looks_for_an_optional_one_does_not_find_it(load):
    call = load(
        "import matplotlib\nimport doctest, json\n"
        "def f():\n    import inside.functions\n    try:\n        exec('import matplotlib', {})\n"
        "    except ImportError:\n        return 'missing'\n"
    )

    assert value(call("f")) == "missing"


def test_a_companion_has_its_own_stand_ins(load):
    call = load(
        "import pooling\ndef f():\n    return pooling.one()\ndef g():\n    return pooling.two()\n",
        pooling="import scipy\nscipy.seed(0)\ndef one():\n    return 1\ndef two():\n    return scipy.two()\n",
    )

    assert value(call("f")) == 1
    assert "scipy.two (line 6)" in unavailable(call("g"))


def test_a_companion_that_cannot_be_imported_costs_the_functions_that_use_it(load):
    call = load(
        "from pooling import pool\ndef f():\n    return 1\ndef g():\n    return pool()\n",
        pooling="raise ImportError('pooling.py cannot be used: line 3 is not Python')\n",
    )

    assert value(call("f")) == 1
    words = "pooling.pool (line 5), which cannot be imported: pooling.py cannot be used: line 3 is not Python"
    assert unavailable(call("g")) == words


@pytest.mark.parametrize(
    "source",
    [
        "import numpy.fft\ndef f():\n    return numpy.fft.fft([1])\ndef g():\n    return numpy.ones(1)",
        "import numpy as np\ndef f():\n    return np.fft.fft([1])\ndef g():\n    return np.ones(1)",
        "import numpy as np\nfrom numpy import fft\ndef f():\n    return fft.fft([1])\ndef g():\n    return np.ones(1)",
        "import numpy as np\nfrom numpy.fft import *\ndef f():\n    return fft([1])\ndef g():\n    return np.ones(1)",
        "import numpy as np\nfrom numpy.fft import fft\ndef f():\n    return fft([1])\ndef g():\n    return np.ones(1)",
        "import numpy as np\nimport numpy.fft as q\ndef f():\n    return q.fft([1])\ndef g():\n    return np.ones(1)",
    ],
)
def test_a_forbidden_module_is_refused_at_its_first_use_with_the_reason(load, source):
    call = load(source, {"numpy.fft": "write the sums yourself"})

    assert "numpy.fft.fft (line " in unavailable(call("f"))
    assert unavailable(call("f")).endswith("), which this exercise does not allow: write the sums yourself")
    assert value(call("g")).tolist() == [1]


def test_a_forbidden_function_does_not_affect_its_neighbours(load):
    call = load(
        "import numpy as np\ndef f():\n    return np.convolve([1], [2])\ndef g():\n    return np.pad([1], 1)\n",
        {"numpy.convolve": "write the loop"},
    )

    assert "which this exercise does not allow: write the loop" in unavailable(call("f"))
    assert value(call("g")).tolist() == [0, 1, 0]


def test_a_line_at_the_top_that_the_sandbox_refuses_is_skipped(load_confined):
    call = load_confined(
        "import numpy as np, urllib.request\nx = np.load('digits.npy')\nprint(x.shape)\n"
        "def f():\n    return 1\n"
        "if True:\n    urllib.request.urlopen('http://example.org')\n"
        "name = input()\n"
        "@np.vectorize\ndef g():\n    return 2\n"
    )

    assert value(call("f")) == 1
    assert value(call("g")) == 2


def test_a_different_failure_at_the_top_level_still_fails(run, zygote):
    answer = run(zygote, "import math\ndef f():\n    return 1\nmath.sqrt(-1)\n").call("f", (), {})

    assert answer.kind == "ValueError"


def test_the_skipped_line_is_reported(load, zygote):
    files = (SourceFile("toy.py", "x = open('data.csv')\ndef f():\n    return x\n"),)
    with Sandboxed(zygote, Submission("someone", "01_toy", files, "0" * 64), "toy", ["f"], LIMITS) as sandboxed:
        assert sandboxed.load() is None

    assert sandboxed.captured.stderr == (
        "toy.py, line 1 was skipped: FileNotFoundError: [Errno 2] No such file or directory: 'data.csv'. "
        "The sandbox contains only the files that you handed in. "
        'Move such a line below `if __name__ == "__main__":`.\n'
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import socket; socket.socket()", "The sandbox has no network."),
        ("import urllib.request as r; r.urlopen('http://example.org')", "The sandbox has no network."),
        ("import subprocess; subprocess.run(['ls'])", "The sandbox starts no other processes."),
        ("import os; os.fork()", "The sandbox has no network and starts no other processes."),
        ("open('/boundary/new', 'w')", "In the sandbox you can write into the current folder only."),
        ("open('there is none')", "The sandbox contains only the files that you handed in."),
        ("input()", "The sandbox has no keyboard, so input() cannot read a line."),
        ("import _thread as t, threading; threading.Thread(target=int).start()", "The sandbox starts no threads."),
    ],
)
def test_a_refusal_says_what_the_sandbox_lacks(namespaces, run, line, words):
    answer = run(namespaces, f"def f():\n    {line}\n").call("f", (), {})

    assert isinstance(answer, Raised), answer
    assert answer.message.endswith(words)


def test_threads_and_pools_run_at_once(load_confined):
    call = load_confined(
        "import threading, multiprocessing as mp, _thread\n"
        "from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor, wait\n"
        "out = []\n"
        "def boom():\n    raise ValueError('boom')\n"
        "def f():\n"
        "    with ThreadPoolExecutor(2, initializer=out.append, initargs=(0,)) as pool:\n"
        "        done, left = wait([pool.submit(boom), pool.submit(abs, -1)])\n"
        "        out.append(sorted(str(one.exception()) for one in done))\n"
        "    thread = threading.Thread(target=out.append, args=(1,), daemon=True)\n"
        "    thread.start(); thread.join(1)\n"
        "    threading.Thread(target=boom).start()\n"
        "    with mp.get_context('spawn').Pool(3) as pool:\n"
        "        out.append([*pool.imap(abs, [-2]), *pool.starmap_async(pow, [(2, 3)]).get(), pool.apply(abs, (-4,))])\n"
        "    process = mp.Process(target=out.append, kwargs={}, args=(5,))\n"
        "    process.start(); process.join()\n"
        "    return [*out, process.exitcode, thread.is_alive()]\n"
    )

    assert value(call("f")) == [0, ["None", "boom"], 1, [2, 8, 4], 5, 0, False]
