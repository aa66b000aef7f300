"""One forked process for each report, from a warm parent; processes that draw; none left behind.

A fork gives every report a process of its own in milliseconds, with all imports done. It is safe
only while this process has a single thread, so charts, which need an engine with threads, are
drawn by processes forked before anything heavy is loaded.
"""

import atexit
import functools
import gc
import json
import mmap
import os
import random
import resource
import signal
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import NamedTuple

NO_FONTS = Path(__file__).parents[1] / "charts" / "no-fonts.conf"
SHARE = 2  # reports at work for which one process draws: a quarter of their work is drawing
# Drawings that a process keeps: a sweep needs many again, since few parameters change every chart.
KEPT, SMALL = 128, 100_000  # how many; characters of a specification whose drawing is not large
# A process of one report ends before its garbage grows; the search takes a tenth of its time.
SELDOM = 50_000  # containers made since the last search
_TRIVIAL = {"data": {"values": [{"a": 1}]}, "mark": "tick", "encoding": {"x": {"field": "a"}}}


class Ended(NamedTuple):
    """How a job ended without an answer of its own: "killed" or "timed out", and where it was."""

    how: str
    where: str


class Pool:
    """The processes of one build; use it in a ``with``, which leaves none of them behind.

    Parameters
    ----------
    size : int
        How many reports are at work at once.
    """

    def __init__(self, size):
        self.running = {}  # connection: (pid, slot, job, when it has to end, memory: where it is)
        self.leaving = []  # processes that have answered, and end by themselves
        self.lines = [None] * size  # by slot: where its report asks for drawings
        self.alive = set()  # those that are to be ended; an interrupted start has no other trace
        self._have_watched()
        many = max(1, size // SHARE)
        self.drawers = [self._drawer(range(first, size, many)) for first in range(many)]

    def __enter__(self):
        gc.disable()  # what is loaded before the forks is no garbage, and the search takes long
        return self

    def __exit__(self, *_):
        gc.enable()
        self.running.clear()
        for line in self.lines:
            line.close()
        for pid in self.alive:
            _end(pid)
        os.close(self.keeper)  # whoever keeps watch sees it, and ends
        with suppress(ChildProcessError):
            while True:
                os.wait()

    def each(self, jobs, do, timeout=None, meanwhile=None):
        """Do each job in a process of its own; give (job, answer) as they end.

        Parameters
        ----------
        jobs : iterable
        do : callable
            ``do(job, tell)`` returns what JSON can hold; ``tell(text)`` says where it is.
        timeout : float, optional
            Seconds after which a job is ended.
        meanwhile : callable, optional
            Called once in this process, when the first jobs are at work.

        Yields
        ------
        tuple
            The job and its answer, or an `Ended` if its process was killed or took too long. A
            killed one is tried once more before that.
        """
        waiting, free = deque(jobs), list(range(len(self.lines)))
        again, tried, done = [], set(), []
        gc.freeze()  # so that the children do not copy what none of them changes
        gc.enable()
        while True:
            while free and (again or waiting):
                slot = free.pop()  # jobs of one kind are neighbours: from both ends come two kinds
                job = again.pop() if again else waiting.pop() if slot % 2 else waiting.popleft()
                self._start(job, do, slot, timeout)
            while self.leaving:  # now that the next are at work
                self._end(self.leaving.pop())
            yield from done
            if meanwhile:
                meanwhile()
                meanwhile = None
            if not self.running:
                return
            done = []
            for job, slot, answer in self._ended():
                free.append(slot)
                if isinstance(answer, Ended):
                    self._redraw(slot)  # it may wait for the rest of a question
                    if answer.how == "killed" and id(job) not in tried:
                        tried.add(id(job))
                        again.append(job)
                        continue
                done.append((job, answer))

    def _start(self, job, do, slot, timeout):
        if os.waitpid(self.drawers[slot % len(self.drawers)], os.WNOHANG)[0]:
            self._redraw(slot)
        here, there = Pipe()
        where = mmap.mmap(-1, mmap.PAGESIZE)  # shared: a message would wake this process each time
        where.write(b"its start")
        pid = self._fork(_answer, job, do, there, self.lines[slot], here, where)
        there.close()
        until = time.monotonic() + timeout if timeout else float("inf")
        self.running[here] = pid, slot, job, until, where

    def _ended(self):
        """Wait until something happens; give the jobs that came to an end."""
        soonest = min(entry[3] for entry in self.running.values())
        patience = max(0, soonest - time.monotonic()) if soonest < float("inf") else None
        ready = set(wait(list(self.running), patience))
        now = time.monotonic()
        for line in list(self.running):
            pid, slot, job, until, where = self.running[line]
            if line in ready:
                try:
                    answer = json.loads(line.recv_bytes())
                    self.leaving.append(pid)
                except (EOFError, OSError, ValueError):
                    status = self._end(pid)
                    answer = Ended("killed", f"{_told(where)} ({_last_words(status)})")
            elif now >= until:
                self._end(pid)
                answer = Ended("timed out", _told(where))
            else:
                continue
            where.close()
            line.close()
            del self.running[line]
            yield job, slot, answer

    def _drawer(self, slots):
        """Begin a process that draws for the reports of some slots; return its number."""
        pairs = [Pipe() for _ in slots]
        for slot, (here, _) in zip(slots, pairs, strict=True):
            self.lines[slot] = here
        pid = self._fork(_draw, [there for _, there in pairs], self.lines)
        for _, there in pairs:
            there.close()
        return pid

    def _redraw(self, slot):
        """Have another process draw; reports that asked the one before draw by themselves."""
        many = len(self.drawers)
        slots = range(slot % many, len(self.lines), many)
        for each in slots:
            self.lines[each].close()
        self._end(self.drawers[slot % many])
        self.drawers[slot % many] = self._drawer(slots)

    def _end(self, pid):
        status = _end(pid)
        self.alive.discard(pid)
        self._tell_keeper("-", pid)
        return status

    def _have_watched(self):
        """Begin to have watch kept over all processes that are at work."""
        self.closed_in_child = []
        watched, self.keeper = os.pipe()
        self.watcher = self._fork(_keep_watch, watched, self.keeper)
        os.close(watched)
        self.closed_in_child = [self.keeper]
        for pid in self.alive:
            self._tell_keeper("+", pid)

    def _tell_keeper(self, sign, pid):
        try:
            os.write(self.keeper, f"{sign}{pid}\n".encode())
        except BrokenPipeError:  # it was killed: another one takes over
            os.close(self.keeper)
            self._have_watched()
            os.write(self.keeper, f"{sign}{pid}\n".encode())

    def _fork(self, run, *arguments):
        """Run a function in a forked process, a group of its own; return its number."""
        if _threads() > 1:
            raise RuntimeError(
                "a process with several threads cannot be forked safely; run the command, "
                "ilodata build, instead of calling build() here"
            )
        sys.stdout.flush()
        sys.stderr.flush()
        # Ctrl-C waits until the process that is begun is known, so that it can be ended.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        pid = os.fork()
        if pid:
            try:
                with suppress(OSError):
                    os.setpgid(pid, pid)
                if self.closed_in_child:  # the first is the one that keeps watch
                    self.alive.add(pid)
                    self._tell_keeper("+", pid)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            return pid
        code = 1
        try:
            os.setpgid(0, 0)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
            for number in self.closed_in_child:
                with suppress(BrokenPipeError):  # the parent tells it too, unless it is killed now
                    os.write(number, f"+{os.getpid()}\n".encode())
                os.close(number)
            with open(os.devnull, "rb") as nothing:  # noqa: PTH123
                os.dup2(nothing.fileno(), 0)
            run(*arguments)
            code = 0
        except BaseException:
            with suppress(Exception):
                sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)


def _threads():
    """Count the threads of this process, those of libraries too where the system tells."""
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return threading.active_count()


def _end(pid):
    """End a process with its group, and return how it ended."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        return os.waitpid(pid, 0)[1]
    return 0


def _last_words(status):
    if os.WIFSIGNALED(status):
        return f"ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with exit code {os.WEXITSTATUS(status)}"


def _keep_watch(watched, ours):
    """End the groups of processes that are at work when the parent is no more."""
    os.close(ours)
    groups = set()
    with os.fdopen(watched) as lines:
        for line in lines:
            (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def _draw(lines, theirs):
    """Draw charts, one after the other, as long as somebody may ask."""
    for line in theirs:
        if line:
            line.close()
    import vl_convert

    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)  # as `charts.look` does, which takes long to load
    with suppress(Exception):
        vl_convert.vegalite_to_svg(_TRIVIAL, allowed_base_urls=[])  # starts its engine

    def drawn(spec):
        try:
            said = {"svg": vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])}
        except Exception as error:
            said = {"error": str(error)}
        return json.dumps(said).encode()

    kept = functools.lru_cache(KEPT)(drawn)
    while lines:
        for line in wait(lines):
            try:
                spec = line.recv_bytes().decode()
                line.send_bytes((kept if len(spec) < SMALL else drawn)(spec))
            except (EOFError, OSError):
                lines.remove(line)


def _told(where):
    """Return what a process said last of where it is."""
    return where[:].rstrip(b"\0").decode("utf-8", "ignore")


def _answer(job, do, line, drawer, theirs, where):
    """Do a job in this process, and send its answer when nothing is left to do."""
    theirs.close()
    atexit._clear()  # what the parent registered is for the parent to run
    gc.set_threshold(SELDOM, 10, 10)
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    from ilodata.charts import look

    alone, turn = look.draw, threading.Lock()  # a page draws while its cells draw ahead

    def draw(spec):
        with turn:
            try:
                drawer.send_bytes(json.dumps(spec).encode())
                said = json.loads(drawer.recv_bytes())
            except (EOFError, OSError):  # it was killed
                return alone(spec)
        if "error" in said:
            raise ValueError(said["error"])
        return said["svg"]

    look.draw = draw

    def tell(text):
        where[:] = text.encode()[: len(where)].ljust(len(where), b"\0")

    answer = do(job, tell)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    answer["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    line.send_bytes(json.dumps(answer).encode())
