"""How fast a list is built: by a shell loop, and by ilodata build.

``make bench`` runs it; ``python tests/bench.py --reports 32 --rounds 3``. The ways run one after
the other, again and again, so that a noisy machine is noisy for all of them; medians count. The loop
runs as many reports as ``--loop`` says, since each costs the same.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NOTEBOOKS = ("00-sources", "01-timelines", "02-funding-flows", "03-sstc-reach")
WAYS = {
    "loop": "shell loop of papermill and nbconvert, seconds a report",
    "build": "ilodata build, its start included, seconds a report",
    "only": "cold build of one report, seconds",
    "nothing": "nothing to do, seconds",
}


def listed(folder, number):
    """Write a list of so many reports: all notebooks in turn, each report another window."""
    (folder / "reports").mkdir(parents=True)
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    reports = []
    for n in range(number):
        notebook = NOTEBOOKS[n % len(NOTEBOOKS)]
        start, end = str(1985 + n // len(NOTEBOOKS) % 32), str(2025 - n // 128)
        given = {"start": start, "end": end} if notebook in NOTEBOOKS[1:3] else {}
        report = {"name": f"r{n}", "title": f"Report {n}", "parameters": given}
        reports.append(report | {"notebook": f"notebooks/{notebook}.ipynb"})
    path = folder / "reports" / "bench.yaml"
    path.write_text(json.dumps({"reports": reports}))
    return path, reports


def by_shell(folder, reports):
    """Run papermill and nbconvert for each report, as a shell script would; return the seconds."""
    folder.mkdir()
    lines = [f"exec >{folder}/log 2>&1"]
    for report in reports:
        ran, notebook = folder / f"{report['name']}.ipynb", ROOT / report["notebook"]
        given = " ".join(f"-r {name} {value}" for name, value in report["parameters"].items())
        ways = f"--no-progress-bar --cwd {notebook.parent} {given} {notebook} {ran}"
        lines += [f"{BIN}/papermill {ways}", f"{BIN}/jupyter nbconvert --to html {ran}"]
    started = time.perf_counter()
    subprocess.run(["sh", "-ec", "\n".join(lines)], check=True)
    return time.perf_counter() - started


def by_build(path, out, *more):
    """Build the list by the command; return the seconds, and its manifest's records."""
    command = [f"{BIN}/ilodata", "build", str(path), f"--out={out}", *more]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    took = time.perf_counter() - started
    assert done.returncode == 0, done.stderr + done.stdout
    return took, json.loads((out / "manifest.json").read_text())["reports"]


def by_length(scratch, number):
    """Build so many reports; print whether the last take longer than the first, and the memory."""
    took, records = by_build(listed(scratch / "project", number)[0], scratch / "long")
    print(f"{number} reports in {took:.0f} s, all of them built")
    own = [sum(records[f"r{n}"]["seconds"].values()) for n in range(number)]
    half = number // 8 * 4  # the notebooks in turn
    first, second = (statistics.mean(of) for of in (own[:half], own[half:]))
    print(f"first half {first:.2f} s a report, second half {second:.2f} s")
    print(f"most memory of one report {max(it['peak_mb'] for it in records.values())} MB")


def main():
    """Measure, and print medians, ratios, memory and the share of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=32)
    parser.add_argument("--loop", type=int, default=4, help="reports that the loop runs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, help="build so many reports instead, once")
    given = parser.parse_args()
    spent = {way: [] for way in WAYS}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if given.long:
            by_length(scratch, given.long)
            return
        path, reports = listed(scratch / "project", given.reports)
        by_build(path, scratch / "first", "--only=r0")  # byte code
        for turn in range(given.rounds):
            took = by_shell(scratch / f"loop{turn}", reports[: given.loop])
            spent["loop"].append(took / given.loop)
            for way, more in (("build", ()), ("nothing", ()), ("only", ("--force", "--only=r3"))):
                took, records = by_build(path, scratch / f"build{turn}", *more)
                spent[way].append(took / (given.reports if way == "build" else 1))
            said = {way: round(it[-1], 2) for way, it in spent.items()}
            print(f"round {turn + 1}:", said, flush=True)
    print(f"\n{given.reports} reports, {os.cpu_count()} cores, medians of {given.rounds} rounds")
    middle = {way: statistics.median(values) for way, values in spent.items()}
    for way, words in WAYS.items():
        print(f"{words:58} {middle[way]:7.2f} {middle['loop'] / middle[way]:6.1f} times the loop")
    for of in ("run", "page"):
        took = statistics.median(it["seconds"][of] for it in records.values())
        print(f"one report, median of its {of}: {took:.2f} s")


if __name__ == "__main__":
    main()
