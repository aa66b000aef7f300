"""How fast a list is built: by a shell loop, by xargs, by ilodata build.

``make bench`` runs it; ``python tests/bench.py --reports 32 --rounds 3``. The ways run one after
the other, again and again, so that a noisy machine is noisy for all of them; medians count. (a)
and (b) run as many reports as ``--loop`` says, since each costs the same.
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
WINDOWED = NOTEBOOKS[1:3]


def listed(folder, number):
    """Write a list of so many reports: all notebooks in turn, each report another window."""
    (folder / "reports").mkdir(parents=True)
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    reports = []
    for n in range(number):
        notebook = NOTEBOOKS[n % len(NOTEBOOKS)]
        start, end = str(1985 + n // len(NOTEBOOKS) % 32), str(2025 - n // 128)
        given = {"start": start, "end": end} if notebook in WINDOWED else {}
        report = {"name": f"r{n}", "title": f"Report {n}", "parameters": given}
        reports.append(report | {"notebook": f"notebooks/{notebook}.ipynb"})
    path = folder / "reports" / "bench.yaml"
    path.write_text(json.dumps({"reports": reports}))
    return path, reports


def by_shell(folder, reports, at_once):
    """Run papermill and nbconvert for each report, as a shell script would; return the seconds.

    Seen once: one of two papermills at work at once failed. Then all of it is run again.
    """
    for again in range(3):
        lines = _lines(folder, reports)
        started = time.perf_counter()
        done = subprocess.run(f"xargs -0 -P{at_once} -n1 sh -c < {lines}", shell=True)
        took = time.perf_counter() - started
        if done.returncode == 0 and len(list(folder.glob("*.html"))) == len(reports):
            return took
        lost = [
            log
            for log in folder.glob("*.log")
            if not log.with_suffix("").with_suffix(".html").exists()
        ]
        last = [log.read_text().strip().splitlines()[-1:] for log in lost]
        print(
            f"the shell's way lost {len(lost)} of {len(reports)} reports: {last}; again", flush=True
        )
        folder.rename(f"{folder}-{again}")
    raise SystemExit("the shell's way lost a report three times")


def _lines(folder, reports):
    """Write the commands of a shell script, one a report."""
    folder.mkdir()
    lines = []
    for report in reports:
        ran = folder / f"{report['name']}.ipynb"
        given = " ".join(f"-r {name} {value}" for name, value in report["parameters"].items())
        notebook = ROOT / report["notebook"]
        lines.append(
            f"{BIN}/papermill --no-progress-bar --cwd {notebook.parent} {given} {notebook} {ran} "
            f">{ran}.log 2>&1 && {BIN}/jupyter nbconvert --to html {ran} >>{ran}.log 2>&1"
        )
    script = folder / "lines"
    script.write_text("\0".join(lines))
    return script


def by_build(path, out, *more):
    """Build the list by the command; return its manifest's records."""
    command = [f"{BIN}/ilodata", "build", str(path), f"--out={out}", "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads((out / "manifest.json").read_text())["reports"]


def by_length(scratch, number):
    """Build so many reports; print whether the last take longer, or more memory, than the first."""
    path, _ = listed(scratch / "project", number)
    began = time.time()
    records = list(by_build(path, scratch / "long").values())
    print(f"{number} reports in {time.time() - began:.0f} s, all of them built", flush=True)
    for notebook in NOTEBOOKS:  # one after the other, since the largest is built first
        own = [record for record in records if notebook in record["notebook"]]
        own.sort(key=lambda record: record["built_at"])
        half = len(own) // 2
        spent = [
            sum(sum(record["seconds"].values()) for record in part) / len(part)
            for part in (own[:half], own[half:])
        ]
        print(f"{notebook}: first half {spent[0]:.2f} s a report, second half {spent[1]:.2f} s")
    print(f"most memory of one report {max(record['peak_mb'] for record in records)} MB")


def main():
    """Measure, and print medians, ratios, memory and the share of each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=32)
    parser.add_argument("--loop", type=int, default=4, help="reports that (a) and (b) run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, help="build so many reports instead, once")
    parser.add_argument("--skip-shell", action="store_true", help="only (c)")
    given = parser.parse_args()
    spent = {way: [] for way in ("loop", "xargs", "build", "only", "nothing")}
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if given.long:
            by_length(scratch, given.long)
            return
        path, reports = listed(scratch / "project", given.reports)
        by_build(path, scratch / "first", "--only=r0")  # byte code
        for turn in range(given.rounds):
            for way, at_once in (("loop", 1), ("xargs", 2)):
                if not given.skip_shell:
                    took = by_shell(scratch / f"{way}{turn}", reports[: given.loop], at_once)
                    spent[way].append(took / given.loop)
            out = scratch / f"build{turn}"
            for way, more in (("build", ()), ("nothing", ()), ("only", ("--force", "--only=r3"))):
                started = time.perf_counter()
                records = by_build(path, out, *more)
                took = time.perf_counter() - started
                spent[way].append(took / (given.reports if way == "build" else 1))
            last = {way: round(times[-1], 2) for way, times in spent.items() if times}
            print(f"round {turn + 1}:", last, flush=True)
    middle = {way: statistics.median(values) for way, values in spent.items() if values}
    of = middle.get("loop", float("nan"))
    print(f"\n{given.reports} reports, {os.cpu_count()} cores, medians of {given.rounds} rounds")
    for way, words in (
        ("loop", "(a) shell loop of papermill and nbconvert, seconds a report"),
        ("xargs", "(b) the same by xargs -P2"),
        ("build", "(c) ilodata build, its start included"),
        ("only", "cold build of one report, seconds"),
        ("nothing", "nothing to do, seconds"),
    ):
        if way in middle:
            print(f"{words:58} {middle[way]:7.2f} {of / middle[way]:6.1f} times (a)")
    run, page = (
        statistics.median(record["seconds"][stage] for record in records.values())
        for stage in ("run", "page")
    )
    most = max(record["peak_mb"] for record in records.values())
    print(
        f"one report (median): cells {run:.2f} s, page {page:.2f} s; most memory of one {most} MB"
    )


if __name__ == "__main__":
    main()
