"""Let atheris, a fuzzer that is guided by coverage, try what test_fuzz tries, for a minute each.

    python tests/fuzz.py [SECONDS] [TARGET ...]        (or: make fuzz)

It fails on any error but those that are documented, on two seconds spent over one input and on a
gigabyte of memory. Inputs that failed are kept in test_fuzz.py.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ilodata", "yaml"]):
    import test_fuzz


def main(seconds="60", *names):
    """Fuzz one target in this process, which atheris ends, or several in one process each."""
    if len(names) != 1:
        runs = ([sys.executable, __file__, seconds, name] for name in names or test_fuzz.TARGETS)
        return max(subprocess.run(run).returncode for run in runs)
    print(*names, flush=True)
    folder = Path(tempfile.mkdtemp(prefix="ilodata-fuzz-"))
    (folder / "corpus").mkdir()
    for seed in range(20):  # from which hypothesis makes texts
        (folder / "corpus" / str(seed)).write_bytes(random.Random(seed).randbytes(1000))
    once = test_fuzz.tried(names[0], test_fuzz.prepare(folder)).hypothesis.fuzz_one_input
    options = [f"-max_total_time={seconds}", "-rss_limit_mb=1024", "-timeout=2", "-max_len=2000"]
    options += ["-print_final_stats=1", "-verbosity=0", "-seed=1"]
    options += [f"-artifact_prefix={folder}/", str(folder / "corpus")]
    atheris.Setup([*names, *options], once)
    return atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
