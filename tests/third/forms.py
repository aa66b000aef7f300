"""An invented third document (source.txt) as plain text, as HTML and as PDF.

Nothing in it is a fact. Its figures agree with the tables (US$ 236 million, 7 December 2022),
differ from them (US$ 5.6 million) and are new (the project in Viet Nam).
"""

import html
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = (Path(__file__).parent / "source.txt").read_text(encoding="utf-8")
BLOCKS = [
    (len(block) - len(block.lstrip("#")), block.lstrip("# "))
    for block in SOURCE.strip().split("\n\n")
]  # level of the heading or 0, and the words


def written(path, text):
    """Write a text; return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def text(path):
    """Write plain text: a heading is a line between empty lines."""
    return written(path, "\n\n".join(words for _, words in BLOCKS) + "\n")


def page(path, style=""):
    """Write HTML as pages are: scripts, entities, no-break spaces, tags inside a sentence."""
    body = []
    for level, words in BLOCKS:
        words = html.escape(words).replace("US$ ", "US$&nbsp;").replace("ILO", "<abbr>ILO</abbr>")
        words = words.replace("7 December", "<b>7</b>\n December")
        body.append(f"<h{level}>{words}</h{level}>" if level else f"<p>{words}</p>")
    return written(
        path,
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>A site</title>{style}"
        f"<script>var year = 1999</script></head><body><main>{''.join(body)}</main></body></html>",
    )


def holding(operators):
    """Give a PDF whose page holds some operators between BT and ET; a reader finds its objects itself."""
    stream = f"BT\n{operators}\nET".encode("cp1252")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont/Helvetica>>",
    ]
    numbered = b"".join(b"%d 0 obj\n%s\nendobj\n" % it for it in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + numbered + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def printed(path, body=None):
    """Let Chromium print HTML, by default the source in two columns, with a ligature."""
    if not (browser := shutil.which("chromium")):
        pytest.skip("no chromium here to print a PDF")
    style = "<style>body{font:11pt serif;columns:2}h1{font-size:20pt;column-span:all}</style>"
    source = page(path.with_suffix(".html"), style)
    ligature = source.read_text("utf-8").replace("figure", "\ufb01gure")
    written(source, body or ligature)
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={path.parent / 'profile'}"
    command = [browser, *options, profile, f"--print-to-pdf={path}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return path
