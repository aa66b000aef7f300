"""What every report needs, imported once by the server that reports are forked from.

A fork copies one thread only, so none may be alive when this has been imported.
"""

import contextlib
import os

from ilodata.charts import look  # first: nbformat would start the parser that this spares us

# ruff: noqa: E402
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else the debugger warns on stderr

import ipykernel.debugger  # noqa: F401
import ipykernel.inprocess.ipkernel  # noqa: F401
import ipykernel.zmqshell  # noqa: F401
import nbclient  # noqa: F401
import nbformat
import pandas as pd
import papermill  # noqa: F401

import ilodata.reports.page  # noqa: F401
from ilodata import profiles, sources, tables, timelines  # noqa: F401
from ilodata.evidence import doubts

pd.set_option("display.max_columns", 20)  # as in a kernel; elsewhere pandas asks the terminal
with contextlib.suppress(Exception):  # what is wrong with the tables, each report says by itself
    for resource in tables.package()["resources"]:
        tables.read(resource["name"])
    tables.read("events").groupby("kind").size().to_frame().to_html()
    doubts()
    look.nothing("Nothing").to_dict(validate=False)  # which is not drawn: that starts threads
    nbformat.validate(nbformat.v4.new_notebook())
