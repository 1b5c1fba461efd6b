"""The imports of a file that may be missing, and whether the file handles that."""

import gc
import time

import pytest

from grader.submission import Imports, Problem, screen


def look(text, forbidden=None):
    seen = screen(text, "dropout.py", ["numpy", "dropout"], forbidden)
    assert not isinstance(seen, Problem), seen.message
    return seen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import numpy as np",
        "import numpy.lib.stride_tricks",
        "from numpy.lib.stride_tricks import sliding_window_view",
        "from numpy import *",
        "from __future__ import annotations",
        "import os, sys, logging, ctypes, socket, subprocess, collections.abc",
        "from os.path import *",
        "import dropout",
        "__import__('os')",
        "name = 'scipy'\n__import__(name)",
        "'import scipy'",
        "if __name__ == '__main__':\n    import scipy",
        "if '__main__' == __name__:\n    import scipy",
        "if TYPE_CHECKING:\n    import torch",
        "if typing.TYPE_CHECKING:\n    import torch",
    ],
)
def test_most_files_need_nothing(text):
    assert look(text) == Imports()


@pytest.mark.parametrize(
    "text",
    [
        "import scipy.signal",
        "import numpy, scipy",
        "import scipy as np",
        "from scipy import *",
        "import numpyx",
        "import tkinter",
        "def f():\n    import scipy",
        "async def f():\n    import scipy",
        "class A:\n    import scipy",
        "match 1:\n    case 1:\n        import scipy",
        "with open('x') as f:\n    import scipy",
        "for i in 1, 2:\n    pass\nelse:\n    import scipy",
        "if 1:\n    import scipy",
        "if __name__ != '__main__':\n    import scipy",
        "if __name__ == '__main__':\n    pass\nelse:\n    import scipy",
        "if TYPE_CHECKING:\n    pass\nelif 1:\n    import scipy",
        "from . import other",
        "from .other import f",
        "from .. import other",
        "__import__('scipy')",
        "x = [importlib.import_module('scipy.signal')]",
    ],
)
def test_an_import_that_may_be_missing_gets_a_stand_in(text):
    assert look(text) == Imports(stand_ins=True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np", (2,)),
        ("try:\n    import torch\nexcept ModuleNotFoundError:\n    torch = None", (2,)),
        ("try:\n    import torch\nexcept Exception as error:\n    print(error)", (2,)),
        ("try:\n    import torch\nexcept BaseException:\n    pass", (2,)),
        ("try:\n    import torch\nexcept:\n    pass", (2,)),
        ("try:\n    import torch\nexcept* ImportError:\n    pass", (2,)),
        ("try:\n    import torch\nexcept (OSError, ImportError):\n    pass", (2,)),
        ("try:\n    import torch\nexcept builtins.ImportError:\n    pass", (2,)),
        ("try:\n    import torch\nexcept ValueError:\n    raise\nexcept ImportError:\n    pass", (2,)),
        ("try:\n    import torch\nexcept ImportError:\n    sys.exit\nelse:\n    pass", (2,)),
        ("try:\n    if 1:\n        import torch\n    import torch.nn\nexcept ImportError:\n    pass", (3, 4)),
        ("try:\n    try:\n        import torch\n    finally:\n        pass\nexcept ImportError:\n    pass", (3,)),
        ("def f():\n    try:\n        import torch\n    except ImportError:\n        return None", (3,)),
        ("with contextlib.suppress(ImportError):\n    import torch", (2,)),
        ("with suppress(OSError, ModuleNotFoundError):\n    import torch", (2,)),
        ("try:\n    torch = importlib.import_module('torch')\nexcept ImportError:\n    torch = None", (2,)),
    ],
)
def test_a_file_that_handles_a_missing_package_gets_no_stand_in(text, lines):
    assert look(text) == Imports(guarded=lines)


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import torch\nexcept ValueError:\n    pass",
        "try:\n    import torch\nfinally:\n    pass",
        "try:\n    pass\nexcept ImportError:\n    import torch",
        "try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    import torch",
        "try:\n    def f():\n        import torch\nexcept ImportError:\n    pass",
        "try:\n    import torch\nexcept ImportError:\n    raise",
        "try:\n    import torch\nexcept ImportError:\n    raise SystemExit('pip install torch')",
        "try:\n    import torch\nexcept ImportError:\n    print('pip install torch')\n    sys.exit(1)",
        "try:\n    import torch\nexcept ImportError:\n    exit()",
        "try:\n    import torch\nexcept ImportError:\n    os.system('pip install torch')\n    import torch",
        "with suppress(KeyError):\n    import torch",
    ],
)
def test_a_file_that_gives_up_without_a_package_gets_a_stand_in(text):
    assert look(text) == Imports(stand_ins=True)


def test_the_same_package_can_be_needed_in_one_line_and_optional_in_another():
    text = "import torch\ntry:\n    import torch\nexcept ImportError:\n    pass\n"

    assert look(text) == Imports(stand_ins=True, guarded=(3,))


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("import threading, asyncio", ("asyncio", "threading")),
        ("from concurrent.futures import ThreadPoolExecutor", ("concurrent",)),
        ("import multiprocessing.dummy as mp", ("multiprocessing",)),
        ("try:\n    import _thread\nexcept ImportError:\n    import threading", ("_thread", "threading")),
    ],
)
def test_imports_of_threads_and_processes_are_listed(text, packages):
    assert look(text).parallel == packages


def test_names_that_a_notebook_defines_are_recognised():
    assert look("get_ipython().run_line_magic('matplotlib', 'inline')") == Imports(notebook=True)
    assert look("display(1)") == Imports(notebook=True)


def test_a_file_that_tests_whether_it_is_in_a_notebook_gets_no_such_names():
    assert look("try:\n    get_ipython()\nexcept NameError:\n    pass\n") == Imports()


def test_a_forbidden_name_counts_if_its_package_is_imported():
    forbidden = {"numpy.fft": "write the sums", "scipy.signal": "write the loop"}

    assert look("import math", forbidden) == Imports()
    assert look("import numpy", forbidden) == Imports(stand_ins=True, forbidden=(("numpy.fft", "write the sums"),))


@pytest.mark.parametrize(
    "line",
    [
        "import scipy\n",
        "try:\n import torch\nexcept ImportError: 0\n",
        "if 1:\n import a\nelif 2: pass\n",
        "x = __import__('scipy')\n",
        "with suppress(ImportError): import a\n",
    ],
)
def test_the_time_is_linear_in_the_length(line, request):
    gc.disable()  # it would search the objects of all earlier tests
    request.addfinalizer(gc.enable)

    def seconds(times):
        text = line * times
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            look(text)
            best = min(best, time.process_time() - begun)
        return best

    seconds(100)
    assert seconds(8000) < 8 * 3 * seconds(1000)


def test_a_chain_of_a_thousand_branches_is_walked_without_recursion():
    chain = "if 0:\n    pass\n" + "elif 1:\n    import scipy\n" * 800

    assert look(chain).stand_ins
