"""Break builds for real, and count what is lost: ``make faults`` prints the tally.

    python tests/faults.py [KILLS] [BUILDS]

A batch of 40 reports is built; processes of it are killed at random moments, the disk fills up,
folders cannot be written, notebooks vanish or hang; then one process builds a report a thousand
times. After each fault what stands is compared with what an undisturbed build leaves, and processes
that are left over are looked for.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
from test_run import command, listing, project

from conftest import python

MARK = f"faults-{uuid.uuid4().hex}"
MARKED = {"ILODATA_FAULTS": MARK}
NUMBER = 40
VARIES = rb'"(built_at|peak_mb|page|run)": .*'  # a line each in manifest.json and .runs
TALLY = Counter()
# How a build ends, by what is hit in it; 0 where it tries again, or had just ended by itself.
CODES = {"build": (-signal.SIGKILL, 0), "worker": (0,), "notebook": (0,), "Ctrl-C": (130, 0)}


def hold(what, is_right, detail=""):
    """Count what was held, and what of it went wrong."""
    TALLY[what] += 1
    if not is_right:
        TALLY[f"WRONG {what}"] += 1
        print(f"WRONG: {what} {detail}"[:600], flush=True)


def start(folder, name, out, *more):
    words = command(folder / "reports" / f"{name}.yaml", f"--out={out}", *more)
    how = {"env": os.environ | MARKED, "start_new_session": True, "text": True}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)


def ended(build):
    """Wait for a build; return exit code and errors."""
    errors = build.communicate(timeout=300)[1]
    return build.returncode, errors


def ours():
    """List the processes of builds: number to command line."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            marked = process.environ().get("ILODATA_FAULTS") == MARK
            if marked and process.status() != psutil.STATUS_ZOMBIE:
                found[process.pid] = " ".join(process.cmdline())
    return found


def records(out):
    """Return what is known of each report of a folder, by name."""
    return {path.stem: json.loads(path.read_text()) for path in out.glob(".runs/*.json")}


def standing(out):
    return {page.name: page.read_bytes() for page in out.glob("traces-*.html")}


def whole(out):
    """Return what each file of a folder holds, by name, but for what varies between builds."""
    files = [path for path in out.rglob("*") if path.is_file()]
    return {str(path.relative_to(out)): re.sub(VARIES, b"", path.read_bytes()) for path in files}


def check(before, right, out):
    """Hold what stands after a fault against the pages of an undisturbed build."""
    now = standing(out)
    others = [name for name, text in now.items() if right[name] != text]
    hold("pages whole, and under their own names", not others, others)
    hold("finished reports kept", set(before) <= set(now), sorted(set(before) - set(now)))
    none_left()


def none_left():
    until = time.monotonic() + 5
    while (left := ours()) and time.monotonic() < until:
        time.sleep(0.05)
    hold("no process left", not left, left)


def hit(build, whom):
    """Kill a process of a build, or press Ctrl-C; return its kind, "" if the build ends before."""
    while build.poll() is None:
        kinds = {}
        with suppress(psutil.Error, OSError):  # one has just ended: what is found will do
            for process in psutil.Process(build.pid).children(recursive=True):
                # What runs a notebook prints into a file without a name, others nowhere.
                prints = "deleted" in str(Path(f"/proc/{process.pid}/fd/1").readlink())
                kind = "notebook" if prints else "page worker, or not yet a notebook"
                if process.ppid() == build.pid:
                    is_server = "forkserver" in " ".join(process.cmdline())
                    kind = "fork server" if is_server else "resource tracker"
                kinds[process.pid] = kind
        # Ctrl-C ends a build in order from its first process on; before, Python may be starting.
        able = {"build": [build.pid], "Ctrl-C": [-build.pid] * bool(kinds)}  # its group
        able = able.get(whom, [pid for pid, kind in kinds.items() if whom in (kind, "worker")])
        with suppress(ProcessLookupError, IndexError):  # it has just ended, or none is there yet
            victim = random.choice(able)
            os.kill(victim, signal.SIGINT if whom == "Ctrl-C" else signal.SIGKILL)
            return kinds.get(victim, whom)
        time.sleep(0.01)
    return ""


def kills(folder, right, rounds, whom):
    """Kill at random moments; build on from where it stopped until all stands, and anew."""
    out, took, done = folder / f"out-{whom}", 4.0, 0
    for _ in range(10 * rounds):  # some builds end before they are hit
        before, begun = standing(out), time.monotonic()
        build = start(folder, "a", out)
        with suppress(subprocess.TimeoutExpired):
            build.wait(random.uniform(0.2, took))
        kind, sent = hit(build, whom), time.monotonic()
        build.wait(1_800)  # what it has started to fork from may go on importing for a moment
        needed = time.monotonic() - sent
        code, errors = ended(build)
        said = f"{kind}: {code} after {needed:.2f} s, {errors[-300:]}"
        hold(f"{whom}: exit code as it has to be", code in (CODES[whom] if kind else (0,)), said)
        if kind == "Ctrl-C":
            is_right = needed < 1 and "Traceback" not in errors
            hold("Ctrl-C ended within a second, without a traceback", is_right, said)
        check(before, right, out)
        if code == 0:
            took = time.monotonic() - begun
            wrong = whole(out).items() ^ right.items()
            hold("complete builds that are right", not wrong, sorted(dict(wrong)))
            shutil.rmtree(out)
        TALLY[f"{whom} hit: {kind or 'nothing, it had ended'}"] += 1
        done += bool(kind) and code == CODES[whom][0]
        if done == rounds:
            break
    hold(f"{whom}: hit as often as asked for", done == rounds, done)
    code, errors = ended(start(folder, "a", out))
    hold("batches built on to their end", code == 0 and whole(out) == right, errors)


def disks(folder, right):
    """Fill a disk, and take the right to write away."""
    for name, options, said in (
        ("full", "size=1300k", "cannot be written: No space left on device"),
        ("read-only", "ro", "read-only: cannot be written: Read-only file system"),
    ):
        out = folder / name
        out.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", out]
        if subprocess.run(mount, capture_output=True).returncode:
            print(f"NOT TRIED: a {name} disk (mounting needs root)")
            continue
        code, errors = ended(start(folder, "a", out))
        hold(f"{name} disk: one sentence, exit 1", said in errors and code == 1, errors)
        check({}, right, out)
        kept = len(standing(out))
        hold(f"{name} disk: pages before it kept", 0 < kept < NUMBER or name != "full", kept)
        subprocess.run(["umount", out], check=True)


def odd_ones(folder, right):
    """Remove a notebook half-way; build twice at once; print without end."""
    out, notebook = folder / "removed", folder / "notebooks" / "traces.ipynb"
    build = start(folder, "a", out)
    while len(standing(out)) < 5 and build.poll() is None:
        time.sleep(0.01)
    kept = notebook.read_bytes()
    notebook.unlink()
    code, errors = ended(build)
    notebook.write_bytes(kept)
    good = {f"{name}.html" for name, it in records(out).items() if it["status"] == "built"}
    found = standing(out)
    is_right = 5 <= len(good) < NUMBER and code == 1
    is_right &= all(found[name] == right[name] for name in good)
    hold("notebook removed: others stay, right", is_right, errors)
    is_right = ended(start(folder, "a", out))[0] == 0 and whole(out) == right
    hold("notebook removed: built on", is_right)

    both = [start(folder, "a", out := folder / "twice") for _ in range(2)]
    codes, said = zip(*map(ended, both), strict=True)
    is_right = sorted(codes) == [0, 1] and whole(out) == right
    is_right &= "another build is writing here" in " ".join(said)
    hold("two builds into a folder: one is told to wait", is_right, said)

    code, errors = ended(start(folder, "prints", out := folder / "prints", "--timeout=60"))
    is_right = code == 1 and "the report prints more than 10,000,000 characters" in errors
    known = records(out)
    is_right &= known["paid"]["status"] == "built" and known["prints"]["peak_mb"] < 1_000
    hold("a cell that prints 1 GB: told, others built, little memory", is_right, errors)

    code, errors = ended(start(folder, "hangs", out := folder / "hangs", "--timeout=20"))
    said = "failed: hangs, its run: still at work after 20 seconds, at cell 3"
    is_right = code == 1 and said in errors and records(out)["paid"]["status"] == "built"
    hold("a cell that sleeps for ever: told, others built", is_right, errors)
    none_left()  # what the cell has started sleeps, too


MANY = """
import os, resource, sys
from pathlib import Path
from ilodata.reports import run
path, number, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
seen, pages = [], set()
for _ in range(number):
    assert run.build(path, ["traces-0"], out, force=True) == 0
    pages.add((out / "traces-0.html").read_bytes())
    used = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024
    seen.append((used, len(os.listdir("/proc/self/fd")), len(list(out.rglob("*")))))
print(len(pages), len(seen), *seen[number // 10], *seen[-1])
"""


def many(folder, right, number):
    """Build one report again and again in one process: nothing grows."""
    listed, out = folder / "reports" / "a.yaml", folder / "many"
    done = python("-c", MANY, listed, number, out, **MARKED)
    assert done.returncode == 0, done.stderr
    pages, count, *seen = map(int, done.stdout.strip().splitlines()[-1].split())
    hold(f"{count:,} builds in one process: the same page", pages == 1 and count == number)
    (kb, files, kept), (later_kb, later_files, later_kept) = seen[:3], seen[3:]
    is_flat = later_kb < kb + 20_000 and later_files <= files + 2 and later_kept <= kept + 2
    said = f"from {kb // 1024} to {later_kb // 1024} MB, open files from {files} to {later_files}"
    hold(f"memory of it {said}", is_flat)
    check({}, right, out)


def main(rounds="100", builds="1000"):
    """Break builds in every way, print the tally, and return 1 if anything was lost."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's "&" has it ignored
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "project"
        listed = project(folder, listing("traces", where=[str(number) for number in range(NUMBER)]))
        for name in ("prints", "hangs"):
            listed.with_name(f"{name}.yaml").write_text(listing(name, "paid"))
        code, errors = ended(start(folder, "a", folder / "a"))
        assert code == 0, errors
        right = whole(folder / "a")
        assert len(standing(folder / "a")) == NUMBER
        try:
            odd_ones(folder, right)
            disks(folder, right)
            for whom, part in (("build", 0.3), ("worker", 0.3), ("notebook", 0.2), ("Ctrl-C", 0.2)):
                kills(folder, right, max(1, round(int(rounds) * part)), whom)
            many(folder, right, int(builds))
        finally:  # a part that crashes takes nothing of it along
            for what, number in sorted(TALLY.items()):
                print(f"{number:6,}  {what}")
    return int(any(what.startswith("WRONG") for what in TALLY))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
