"""Threads, pools and executors that run each call at once, in the only thread of a submission."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable
from typing import Any


def install(packages: Collection[str]) -> None:
    """Replace what starts processes in these `packages`; replace what starts threads if threads are refused."""
    if not _may_start_threads():
        _replace_threads()
    if "concurrent" in packages or "multiprocessing" in packages:
        _replace_processes()
    if "asyncio" in packages:
        _replace_event_loop()


def _may_start_threads() -> bool:
    import _thread

    try:
        _thread.start_new_thread(int, ())
    except RuntimeError:
        return False
    return True


def _replace_threads() -> None:
    import _thread
    import concurrent.futures.thread
    import threading

    modules: tuple[Any, ...] = (concurrent.futures, concurrent.futures.thread)
    for module in modules:
        module.ThreadPoolExecutor = _executor()
    # The originals of `join` and `is_alive` wait for a lock that a real thread releases.
    changes: dict[str, Any] = {
        "start": _run_thread,
        "join": lambda self, timeout=None: None,
        "is_alive": lambda self: self is threading.main_thread(),
    }
    for name, method in changes.items():
        setattr(threading.Thread, name, method)
    timer: Any = threading.Timer
    timer.start = lambda self: self._started.set()  # a timer may act after the end of the program
    starter: Any = _thread
    starter.start_new_thread = _run_new_thread


def _run_thread(self: Any) -> None:
    """Run the thread's function to its end."""
    import threading

    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    self._started.set()
    try:
        self.run()
    except SystemExit:
        return
    except Exception:
        threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self)))


def _run_new_thread(function: Callable[..., Any], arguments: tuple[Any, ...], named: Any = None) -> int:
    function(*arguments, **(named or {}))
    return 1


def _replace_processes() -> None:
    import concurrent.futures
    import multiprocessing.dummy
    import multiprocessing.pool

    futures: Any = concurrent.futures
    futures.ProcessPoolExecutor = _executor()
    threads: Any = multiprocessing.dummy
    package: Any = multiprocessing
    for name in (
        "Process", "Queue", "JoinableQueue", "Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event",
        "Barrier", "Value", "Array", "Pipe", "current_process", "active_children",
    ):  # fmt: skip
        setattr(package, name, getattr(threads, name))
    package.SimpleQueue = threads.Queue
    package.Manager = threads.Manager = _Manager
    package.get_context = lambda method=None: package
    package.Pool = threads.Pool = InlinePool
    package.pool.Pool = package.pool.ThreadPool = InlinePool


def _replace_event_loop() -> None:
    """Run coroutines without the socket that other threads use to wake an event loop."""
    import asyncio
    import selectors

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self) -> None:
            super().__init__(selectors.SelectSelector())

        def _make_self_pipe(self) -> None:
            """Make no pipe."""

        _close_self_pipe = _write_to_self = _make_self_pipe

    policy: Any = type(asyncio.get_event_loop_policy())
    policy._loop_factory = Loop


def _executor() -> type:
    """Return an executor class. It is made when needed: `concurrent.futures` takes a while to import."""
    from concurrent.futures import Executor, Future

    class InlineExecutor(Executor):
        """Runs each call when it is submitted."""

        def __init__(
            self, max_workers: int | None = None, *_: Any, initializer: Any = None, initargs: Any = (), **__: Any
        ) -> None:
            self._max_workers = max_workers or 1
            if initializer is not None:
                initializer(*initargs)

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            """Return a future that has finished."""
            future: Future[Any] = Future()
            future.set_running_or_notify_cancel()
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)
            return future

    return InlineExecutor


class _Manager:
    """Shares plain objects: there is only one process."""

    dict, list = dict, list

    def __enter__(self) -> _Manager:
        return self

    def __exit__(self, *_: object) -> None:
        """Keep everything."""

    def shutdown(self) -> None:
        """Keep everything."""

    def __getattr__(self, name: str) -> Any:
        import multiprocessing.dummy

        return getattr(multiprocessing.dummy, name)


class _Result:
    """The result of `apply_async` and similar methods: the call has already run."""

    def __init__(self, call: Callable[[], Any], callback: Any = None, error_callback: Any = None) -> None:
        self._error: Exception | None = None
        try:
            self._value = call()
        except Exception as error:
            self._error = error
        if self._error is None and callback is not None:
            callback(self._value)
        if self._error is not None and error_callback is not None:
            error_callback(self._error)

    def get(self, timeout: float | None = None) -> Any:
        """Return the value, or raise what the call raised."""
        if self._error is not None:
            raise self._error
        return self._value

    def wait(self, timeout: float | None = None) -> None:
        """Return at once."""

    def ready(self) -> bool:
        """Return True: the call has run."""
        return True

    def successful(self) -> bool:
        """Return whether the call returned."""
        return self._error is None


class InlinePool:
    """A pool without workers: it runs each call itself."""

    def __init__(self, processes: int | None = None, initializer: Any = None, initargs: Any = (), *_: Any, **__: Any):
        if initializer is not None:
            initializer(*initargs)

    def __enter__(self) -> InlinePool:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""

    def map(self, func: Any, iterable: Iterable[Any], chunksize: int | None = None) -> list[Any]:
        """Return the answers in order."""
        return [func(item) for item in iterable]

    def starmap(self, func: Any, iterable: Iterable[Any], chunksize: int | None = None) -> list[Any]:
        """Return the answers to calls with several arguments, in order."""
        return [func(*item) for item in iterable]

    def imap(self, func: Any, iterable: Iterable[Any], chunksize: int = 1) -> Any:
        """Return the answers one by one."""
        return map(func, iterable)

    imap_unordered = imap

    def apply(self, func: Any, args: Any = (), kwds: Any = None) -> Any:
        """Return the answer to one call."""
        return func(*args, **(kwds or {}))

    def apply_async(
        self, func: Any, args: Any = (), kwds: Any = None, callback: Any = None, error_callback: Any = None
    ) -> _Result:
        """Run one call and keep its answer for `get`."""
        return _Result(lambda: func(*args, **(kwds or {})), callback, error_callback)

    def map_async(
        self, func: Any, iterable: Any, chunksize: Any = None, callback: Any = None, error_callback: Any = None
    ) -> _Result:
        """Run all calls and keep their answers for `get`."""
        return _Result(lambda: self.map(func, iterable), callback, error_callback)

    def starmap_async(
        self, func: Any, iterable: Any, chunksize: Any = None, callback: Any = None, error_callback: Any = None
    ) -> _Result:
        """Run all calls with several arguments and keep their answers for `get`."""
        return _Result(lambda: self.starmap(func, iterable), callback, error_callback)

    def close(self) -> None:
        """Leave nothing running."""

    terminate = join = close


class Parallel:
    """`joblib.Parallel` that runs one call after another."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Accept and ignore every option."""

    def __enter__(self) -> Parallel:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running."""

    def __call__(self, calls: Iterable[Any]) -> list[Any]:
        """Return the answers in order."""
        return [function(*arguments, **named) for function, arguments, named in calls]


def delayed(function: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
    """Return a function that records its calls for `Parallel`."""
    return lambda *arguments, **named: (function, arguments, named)


def map_to_list(function: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> list[Any]:
    """Return the answers in order."""
    return list(map(function, *iterables))
