"""Stage one: run a notebook as a kernel would, in a process of its own, and what it may print."""

import logging
import os
import sys
import tempfile
from types import SimpleNamespace

from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.inprocess.manager import InProcessKernelManager
from ipykernel.iostream import OutStream
from nbclient.client import NotebookClient
from nbclient.exceptions import CellExecutionComplete
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from papermill.utils import chdir
from traitlets.config import Config

from ilodata.problems import shorten
from ilodata.reports.records import Failure
from ilodata.show import in_notebook

MOST, MOST_SHOWN = 10_000_000, 30_000_000  # bytes printed, characters of a cell: memory is finite
TOO_MUCH = f"the report prints more than {MOST:,} characters; print less"
SILENCE = 60  # seconds without a message from a kernel in this process: it is broken
# No file, and no thread that writes it.
NO_HISTORY = Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}})


class CellError(Exception):
    """A cell that ended a run: where it stands, the error in words, its source."""

    def __init__(self, cell, message):
        super().__init__(message)
        self.failure = Failure(where=place(cell), message=message, source=cell.source)


def place(cell):
    """Say where a cell stands: counted from 1 in its notebook, prose too, and its first line."""
    number = cell.metadata.get("position")
    first = shorten(cell.source.strip().partition("\n")[0].strip(), 50)
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
    nb.cells = [cell for cell in nb.cells if "injected-parameters" not in cell.metadata.tags]
    papermill_engines.register("in-process", InProcess)
    if parameters:
        nb = parameterize_notebook(nb, parameters, kernel_name="python3", language="python")
    try:
        with chdir(str(notebook.parent)):
            papermill_engines.execute_notebook_with_engine(
                "in-process", nb, kernel_name="python3", progress_bar=False, tell=tell
            )
    except CellError as ended:
        error = ended
    return nb, error


class Stream(OutStream):
    """What cells print, and the programs and processes that they start, by way of a file.

    The file takes the place of the descriptor ``number``, 1 or 2; what is new in it is published
    whenever IPython flushes: before it shows anything else, and at the end of a cell.
    """

    def __init__(self, kernel, number):
        name = {1: "stdout", 2: "stderr"}[number]
        super().__init__(kernel.session, kernel.iopub_thread, name, watchfd=False)
        self.number, self.read = number, 0
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), number)

    def fileno(self):
        """Return the descriptor, which programs can write to."""
        return self.number

    def write(self, text):
        """Write a text into the file; refuse what would fill the memory."""
        if os.fstat(self.number).st_size + len(text) > MOST:
            raise RuntimeError(TOO_MUCH)
        os.write(self.number, text.encode("utf-8", "replace"))
        return len(text)

    def flush(self):
        """Publish what was printed since the last time."""
        if new := os.pread(self.number, MOST - self.read, self.read):
            self.read += len(new)
            super().write(new.decode("utf-8", "replace"))
        super().flush()


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
    def execute_managed_notebook(cls, nb_man, kernel_name, tell, **_):
        """Run the cells in order; papermill calls this."""
        # Nobody connects to it: without an address it lists the machine's interfaces to find one.
        manager = InProcessKernelManager(config=NO_HISTORY, ip="127.0.0.1")
        manager.kernel = kernel = Kernel(parent=manager, session=manager.session)
        kernel.stdout, kernel.stderr = Stream(kernel, 1), Stream(kernel, 2)
        sys.stdout, sys.stderr = kernel.stdout, kernel.stderr  # which cell prints, is told to these
        in_notebook(kernel.shell)  # else importing ilodata does this
        client = manager.client()
        client.start_channels()
        reader = NotebookClient(nb_man.nb, record_timing=False)
        sys.path.insert(0, "")  # the folder of the notebook, as in a kernel
        for name in ("ipykernel", "papermill", "traitlets"):  # a notebook's log is its own
            logging.getLogger(name).propagate = False
        for index, cell in enumerate(nb_man.nb.cells):
            skipped = reader.skip_cells_with_tag in cell.metadata.tags
            if cell.cell_type != "code" or not cell.source.strip() or skipped:
                continue
            nb_man.cell_start(cell, index)
            tell(place(cell))
            reply = _run(client, reader, cell, index)
            nb_man.cell_complete(cell, cell_index=index)
            _hold_to_its_end(cell, reply)


def _run(client, reader, cell, index):
    """Run one cell, read what it shows into its outputs, and return the kernel's reply."""
    reader.clear_before_next_output = False
    asked = client.execute(cell.source, allow_stdin=False)
    reply = client.get_shell_msg(timeout=SILENCE)["content"]
    cell.execution_count = reply.get("execution_count")
    while True:
        message = client.get_iopub_msg(timeout=SILENCE)
        if message["parent_header"].get("msg_id") != asked:
            continue  # of a task that an earlier cell began: nbclient leaves it out too
        try:
            reader.process_message(message, cell, index)
        except CellExecutionComplete:
            break
    return reply


def _hold_to_its_end(cell, reply):
    """Raise CellError where a cell left an error that it may not, or ended Python by itself."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if reply["status"] == "error" and not errors:  # IPython prints a bad magic, a group of errors
        error = {key: reply[key] for key in ("ename", "evalue", "traceback")}
        errors = [new_output("error", **error)]
        cell.outputs += errors
    printed = (os.fstat(number).st_size for number in (1, 2))  # by programs that it started, too
    if max(printed) > MOST:
        raise CellError(cell, TOO_MUCH)
    if len(str(cell.outputs)) > MOST_SHOWN:
        cell.outputs = errors
        raise CellError(cell, f"the cell shows more than {MOST_SHOWN:,} characters; show less")
    if any(asked.get("source") == "ask_exit" for asked in reply.get("payload", [])):
        raise CellError(cell, "exit() ends Python here; what comes after it did not run")
    if errors and "raises-exception" not in cell.metadata.get("tags", []):
        said = f"{errors[0].ename}: {errors[0].evalue}"
        if errors[0].ename == "SystemExit":
            said += " (the cell ends Python; what comes after it did not run)"
        raise CellError(cell, said)
