"""Let atheris, a fuzzer that is guided by coverage, try what test_fuzz tries, for a minute each.

    python tests/fuzz.py [TARGET]        (or: make fuzz)

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


def main(target=""):
    """Fuzz one target in this process, which atheris ends, or each in a process of its own."""
    if not target:
        runs = ([sys.executable, __file__, each] for each in test_fuzz.TARGETS)
        return max(subprocess.run(run).returncode for run in runs)
    print(target, flush=True)
    folder = Path(tempfile.mkdtemp(prefix="ilodata-fuzz-"))
    (folder / "corpus").mkdir()
    for seed in range(20):  # from which hypothesis makes texts
        (folder / "corpus" / str(seed)).write_bytes(random.Random(seed).randbytes(1000))
    once = test_fuzz.tried(target, test_fuzz.prepare(folder)).hypothesis.fuzz_one_input
    options = ["-max_total_time=60", "-rss_limit_mb=1024", "-timeout=2", "-max_len=2000"]
    options += ["-print_final_stats=1", "-verbosity=0", "-seed=1"]
    options += [f"-artifact_prefix={folder}/", str(folder / "corpus")]
    atheris.Setup([target, *options], once)
    return atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
