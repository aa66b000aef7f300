"""Stage one: run a notebook as a kernel would, in a process of its own."""

import asyncio
import logging
import os
import sys
import tempfile
from types import SimpleNamespace

from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.iostream import OutStream
from jupyter_core.utils import run_sync
from nbclient.client import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.utils import chdir
from traitlets.config import Config

MOST = 10_000_000  # characters that a cell may print: more is a mistake that would fill the memory
SILENCE = 60  # seconds without a message from a kernel in this process: it is broken
# No file, and no thread that writes it.
NO_HISTORY = Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}})


class CellError(Exception):
    """A cell that ended a run: where it stands, the error in words, its source."""

    def __init__(self, cell, message):
        super().__init__(message)
        self.failure = {"where": place(cell), "message": message, "source": cell.source}


def place(cell):
    """Say where a cell stands: counted from 1 in its notebook, prose too, and its first line."""
    number = cell.metadata.get("position")
    first = next((line for line in cell.source.splitlines() if line.strip()), "").strip()
    first = first if len(first) <= 50 else f"{first[:49]}…"
    return f"cell {number} ({first})" if number else "the cell that gives the parameters"


def execute(notebook, parameters, tell=lambda where: None):
    """Run the cells of a notebook in its own folder; the process is used up by it.

    ``parameters`` are put behind the cell tagged so; what an earlier papermill gave it is left out.
    ``tell`` is called with the `place` of each cell before it runs.

    Returns the notebook with its outputs and each cell's ``position`` in its metadata, and CellError or
    None. An output of type error is an error, whatever else says, except in a cell tagged
    ``raises-exception``; so is a cell that ends Python.
    """
    nb, error = load_notebook_node(str(notebook)), None
    for number, cell in enumerate(nb.cells, 1):
        cell.metadata["position"] = number
    nb.cells = [each for each in nb.cells if "injected-parameters" not in each.metadata.tags]
    papermill_engines.register("fast", InProcess)
    name = {"kernel_name": "python3", "engine_name": "fast"}
    if parameters:
        nb = parameterize_notebook(nb, parameters, language="python", **name)
    try:
        with chdir(str(notebook.parent)):
            how = {"progress_bar": False, "on_cell_start": lambda cell, **_: tell(place(cell))}
            papermill_engines.execute_notebook_with_engine(nb=nb, **name, **how)
    except CellError as ended:
        error = ended
    return nb, error


def _hold_to_its_end(cell, reply):
    """Raise CellError where a cell left an error that it may not, or ended Python by itself."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if reply["status"] == "error" and not errors:  # IPython prints a bad magic, a group of errors
        told = {key: reply[key] for key in ("ename", "evalue", "traceback")}
        errors = [new_output("error", **told)]
        cell.outputs += errors
    if any(each.get("source") == "ask_exit" for each in reply.get("payload", [])):
        raise CellError(cell, "exit() ends Python here; what comes after it did not run")
    if errors and "raises-exception" not in cell.metadata.get("tags", []):
        said = f"{errors[0].ename}: {errors[0].evalue}"
        if errors[0].ename == "SystemExit":
            said += " (the cell ends Python; what comes after it did not run)"
        raise CellError(cell, said)


class Stream(OutStream):
    """What cells print, and before it what the programs have printed that they start.

    ``number`` is the file descriptor, 1 or 2, whose place a file takes.
    """

    flush_interval = 3600  # seconds: what a cell prints is not split where a clock says so

    def __init__(self, kernel, number):
        name = {1: "stdout", 2: "stderr"}[number]
        super().__init__(kernel.session, kernel.iopub_thread, name, watchfd=False)
        self.number, self.printed, self.read = number, 0, 0
        self.file = tempfile.TemporaryFile()  # noqa: SIM115, it is open as long as this
        os.dup2(self.file.fileno(), number)

    def fileno(self):
        """Return the descriptor, which programs can write to."""
        return self.number

    def write(self, text):
        """Publish a text; refuse what would fill the memory."""
        begin, self.read = self.read, os.fstat(self.file.fileno()).st_size
        size = min(self.read - begin, max(0, MOST - self.printed))
        text = os.pread(self.file.fileno(), size, begin).decode("utf-8", "replace") + text
        self.printed += len(text)
        if text and self.printed > MOST:
            raise RuntimeError(f"a cell prints more than {MOST:,} characters; print less")
        return super().write(text)

    def flush(self):
        """Publish what was printed."""
        self.write("")
        super().flush()


def _unwatched():
    """Let a process that a cell has forked print to the descriptors, as a program does."""
    sys.stdout, sys.stderr = (open(number, "w", 1, closefd=False) for number in (1, 2))  # noqa: PTH123, SIM115


class Kernel(InProcessKernel):
    """ipykernel's in-process kernel, which from 7.0 fails on a cell with ``await``."""

    async def do_execute(self, *arguments, **more):
        """Run a cell as if shell messages had a thread, as they have in a kernel of its own."""
        self.shell_channel_thread = SimpleNamespace(parent_thread=None)
        try:
            return await super().do_execute(*arguments, **more)
        finally:
            self.shell_channel_thread = None


class InProcess(Engine):
    """Run code cells in this process, in ipykernel's in-process kernel; nbclient reads them."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, on_cell_start, **_):
        """Run the cells in order; papermill calls this."""
        # Nobody connects to it: without an address it lists the machine's interfaces to find one.
        manager = InProcessKernelManager(config=NO_HISTORY, ip="127.0.0.1")
        manager.kernel = kernel = Kernel(parent=manager, session=manager.session)
        kernel.stdout, kernel.stderr = Stream(kernel, 1), Stream(kernel, 2)
        sys.stdout, sys.stderr = kernel.stdout, kernel.stderr  # which cell prints, is told to these
        os.register_at_fork(after_in_child=_unwatched)
        client = manager.client()
        client.start_channels()
        reader = NotebookClient(nb_man.nb, record_timing=False)
        reader.reset_execution_trackers()
        sys.path.insert(0, "")  # the folder of the notebook, as in a kernel
        for name in ("ipykernel", "papermill", "traitlets"):  # a notebook's log is its own
            logging.getLogger(name).propagate = False
        for index, cell in enumerate(nb_man.nb.cells):
            skipped = reader.skip_cells_with_tag in cell.metadata.tags
            if cell.cell_type != "code" or not cell.source.strip() or skipped:
                continue
            nb_man.cell_start(cell, index)
            on_cell_start(cell=cell)
            kernel.stdout.printed = kernel.stderr.printed = 0
            reply = _run(client, reader, cell, index)
            nb_man.cell_complete(cell, cell_index=index)
            _hold_to_its_end(cell, reply["content"])


def _run(client, reader, cell, index):
    """Run one cell, read what it shows into its outputs, and return the kernel's reply."""
    reader.clear_before_next_output = False
    asked = client.execute(cell.source, allow_stdin=False)
    reply = client.get_shell_msg(timeout=SILENCE)
    cell.execution_count = reply["content"].get("execution_count")
    while True:
        message = client.get_iopub_msg(timeout=SILENCE)
        if message["parent_header"].get("msg_id") != asked:
            continue  # of a task that an earlier cell began: nbclient leaves it out too
        try:
            reader.process_message(message, cell, index)
        except CellExecutionComplete:
            break
    run_sync(asyncio.sleep)(0)  # such tasks go on between cells
    return reply
