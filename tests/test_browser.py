"""Pages in Chromium: live, readable everywhere, silent, and nothing gets in.

Needs playwright and Debian's chromium; without them these tests are skipped, unless the variable
ILODATA_BROWSER says ``required``. NODE_DIR may name a folder with ``node_modules/axe-core`` and
``node_modules/vnu-jar``, which judge accessibility and markup.
"""

import csv
import gzip
import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from ilodata import tables
from ilodata.reports import lists, pages, run

REPO = Path(__file__).resolve().parent.parent
EVIL = '</script><script>ran=1</script><img src=x onerror="ran=1"><!-- \'"&amp; {{7*7}} ${7*7}'
# Columns that are read as ids, dates or figures cannot hold any text.
READ = re.compile(
    r".*_id|id|record|field|subject|object|part_of|published|retrieved|latest_date|signed|date|"
    "period|as_of|printed"
)
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
WATCH = """
window.shifted = 0;
new PerformanceObserver(list => { for (const e of list.getEntries()) window.shifted += e.value; })
  .observe({type: "layout-shift", buffered: true});
"""
SIZES = """() => [...document.querySelectorAll(".chart")].map(e => {
  const box = e.getBoundingClientRect(), drawn = e.querySelector("svg").getBoundingClientRect();
  return [box.width, box.height, drawn.width, drawn.height].map(Math.round);
})"""
SCROLL = """async () => {
  for (const box of document.querySelectorAll(".chart[data-chart]")) {
    box.scrollIntoView();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)));
  }
}"""
LIVE = "() => [...document.querySelectorAll('.chart[data-chart]')].map(e => e.dataset.live)"
CUT = """() => [document.documentElement, ...document.querySelectorAll("main, .scroll, pre, table, p")]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.tagName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}`)"""
TABLES = """() => [...document.querySelectorAll("a.csv")].map(link => ({
  name: link.download, href: link.href,
  rows: [...link.parentElement.previousElementSibling.querySelectorAll("tr")].map(
    row => [...row.cells].map(cell => cell.textContent.replace(/\\s+/g, " ").trim())),
}))"""
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}))
  .violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`)"""
NAMES = ["sources", "timelines", "funding-2017-2022", "sstc-reach"]
ALL = [*NAMES, "index", "codebook", "alone", "evil", "failed", "evil-index"]


def missing(what):
    said = f"{what}: the pages were NOT tried in a browser"
    if os.environ.get("ILODATA_BROWSER") == "required":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="module")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        missing("chromium is not installed")
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def built(browser, tmp_path_factory):
    """Write every kind of page: of the saved notebooks, and of data that are all markup."""
    out = tmp_path_factory.mktemp("html")
    context = pages.context_of_data("reports/default.yaml")
    context["charts"] = run._script(out, standalone=False)
    listed = {each["name"]: each for each in lists.read_list(REPO / "reports" / "default.yaml")}
    entries = []
    for name in NAMES:
        report = listed[name]
        nb = nbformat.read(REPO / report["notebook"], 4)
        run._write(out / f"{name}.html", pages.render_page(nb, report, context))
        record = {"key": run._key(report, context, REPO), "status": "built"}
        record |= {"sha256": run._sha256(out / f"{name}.html"), "findings": pages.findings_of(nb)}
        entries.append(run._entry(report, {name: record}, context, REPO, out))
    run._write(out / "index.html", pages.render_index(entries, context))
    run._write(out / "codebook.html", pages.render_codebook(context["codebook"]))
    alone = context | {"charts": run._script(out, standalone=True)}
    run._write(out / "alone.html", pages.render_page(nb, report, alone))
    evil = of_markup(tmp_path_factory.mktemp("markup"), out / context["charts"]["name"])
    paths = {name: out / f"{name}.html" for name in ALL}
    return (
        paths
        | {f"evil{end}": evil / f"{end[1:] or 'evil'}.html" for end in ("", "-index")}
        | {"failed": evil / "failed.html"}
    )


def of_markup(root, script):
    """Build a report of all the charts and tables from data with markup in every text."""
    shutil.copytree(REPO / "data", root / "data")
    for resource in tables.package()["resources"]:
        keys = {
            field
            for key in resource["schema"].get("foreignKeys", [])
            for field in pages.outputs.listed(key["fields"])
        }
        free = [
            field["name"]
            for field in resource["schema"]["fields"]
            if field["type"] == "string"
            and not {"enum", "pattern"} & set(field.get("constraints", {}))
            and field["name"] not in keys
            and not READ.fullmatch(field["name"])
        ]
        path = root / "data" / resource["path"]
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        for row in rows:
            row |= {name: row[name] + EVIL for name in free if row[name]}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    saved = [nbformat.read(path, 4) for path in sorted((REPO / "notebooks").glob("*.ipynb"))]
    cells = [cell for nb in saved for cell in nb.cells]
    given = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    given[0].source += f'\ntext: str = ""  # {EVIL}'
    for cell in given[1:]:
        cell.metadata.tags = []
    place = root / "notebooks" / "<img src=x onerror=ran=1> & 'more'.ipynb"
    for folder in (place.parent, root / "reports"):
        folder.mkdir()
    cells.append(nbformat.v4.new_code_cell("print(text)\ntext"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), place)
    report = {"name": "evil", "title": EVIL, "notebook": f"notebooks/{place.name}"}
    report["parameters"] = {"text": EVIL}
    listed = root / "reports" / "list.yaml"
    listed.write_text(json.dumps({"reports": [report]}), encoding="utf-8")
    out = root / "<b>html #1 & \"2\" '%41'"
    out.mkdir()
    shutil.copy(script, out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ILODATA_DATA", str(root / "data"))
        assert run.build(listed, out=out) == 0
        context = pages.context_of_data("reports/list.yaml")
        error = dict.fromkeys(("where", "message", "source", "traceback"), EVIL)
        [checked] = lists.read_list(listed)
        run._write(out / "failed.html", pages.render_failure(error, checked, context))
    return out


def visit(browser, path, seen=None, **options):
    """Open a page; note in ``seen`` what it asks of the network and what goes wrong."""
    seen = [] if seen is None else seen
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
    context.add_init_script(WATCH)

    def watch(route):
        if route.request.url.split(":")[0] in ("file", "data", "blob"):
            route.continue_()
        else:
            seen.append(f"request: {route.request.url}")
            route.abort()

    context.route("**/*", watch)
    page = context.new_page()
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (seen.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: seen.append(said.text) if said.type == "error" else None)
    page.goto(path.as_uri(), wait_until="load")
    return page


def enliven(page):
    page.evaluate(SCROLL)
    page.wait_for_function(f"({LIVE})().every(Boolean)", timeout=30_000)
    return page.evaluate(LIVE)


def open_all(page):
    page.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true; })")


@pytest.mark.parametrize("name", ALL)
def test_a_page_is_silent_and_its_charts_go_live_without_moving_anything(browser, built, name):
    seen = []
    page = visit(browser, built[name], seen)
    before = page.evaluate(SIZES)
    assert enliven(page) == ["yes"] * len(before) * (name not in ("index", "evil-index"))
    assert page.evaluate(SIZES) == before
    assert page.evaluate("window.shifted") < 0.001
    assert page.evaluate("document.querySelectorAll('.vega-embed svg.marks').length") == len(before)
    assert page.evaluate("typeof ran") == "undefined"
    assert seen == []
    page.context.close()


@pytest.mark.parametrize("name", ALL)
def test_a_page_shows_its_charts_without_javascript_too(browser, built, name):
    page = visit(browser, built[name], java_script_enabled=False)
    charts = page.locator(".chart > svg")
    assert charts.count() == built[name].read_text("utf-8").count('<div class="chart"')
    for number in range(charts.count()):
        box = charts.nth(number).bounding_box()
        assert box["width"] > 100 and box["height"] > 40
    page.context.close()


@pytest.mark.parametrize("name", ALL)
def test_a_page_fits_a_phone_and_a_sheet_of_paper(browser, built, name):
    page = visit(browser, built[name], viewport={"width": 390, "height": 844})
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 986})  # A4 within the margins of page.css
    assert page.evaluate(CUT) == []
    page.context.close()


@pytest.mark.parametrize("name", [name for name in ALL if "evil" not in name])
def test_a_page_is_small(built, name):
    held = built[name].read_bytes()
    script = run._script(built["index"].parent, True)["text"] if name == "alone" else ""
    held = held.replace(script.encode(), b"")
    assert len(held) < 450_000
    assert len(gzip.compress(held, mtime=0)) < 100_000


def test_pointing_at_a_mark_tells_what_it_is(browser, built):
    page = visit(browser, built["funding-2017-2022"])
    enliven(page)
    mark = page.locator(".chart .mark-symbol path").first
    mark.scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # what scrolls hides what was told
    mark.hover()
    assert page.locator(".tip").is_visible()
    assert "label: " in page.locator(".tip").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator(".tip").is_visible()
    page.context.close()


def test_a_chart_that_cannot_be_made_live_stays_as_it_was(browser, built, tmp_path):
    path = tmp_path / "page.html"
    shutil.copy(built["funding-2017-2022"], path)
    seen = []
    page = visit(browser, path, seen)  # the shared script is not beside it
    assert page.locator(".chart > svg").first.is_visible()
    assert all("charts-" in each or "ERR_FILE_NOT_FOUND" in each for each in seen)
    text = path.read_text("utf-8")
    script = next(built["index"].parent.glob("charts-*.js"))
    shutil.copy(script, tmp_path)
    broken = script.read_text("utf-8").replace("specs[box.dataset.chart], {", "{}, {")
    (tmp_path / script.name).write_text(broken, encoding="utf-8")
    assert script.name in text
    page.reload()
    assert set(enliven(page)) == {"failed"}
    assert page.locator(".chart > svg").first.is_visible()
    page.context.close()


@pytest.mark.parametrize("name", [*NAMES, "evil", "alone"])
def test_what_is_downloaded_is_the_table_that_is_shown(browser, built, name):
    page = visit(browser, built[name])
    offered = page.evaluate(TABLES)
    assert len({each["name"] for each in offered}) == len(offered) > 0
    assert len(offered) == page.locator("table:has(caption)").count()
    for each in offered:
        text = unquote(each["href"].partition(",")[2]).removeprefix("\ufeff")
        rows = [line for line in text.splitlines(keepends=True) if not line.startswith("# ")]
        if "rowspan" not in built[name].read_text("utf-8"):
            assert list(csv.reader(rows)) == [[as_data(it) for it in row] for row in each["rows"]]
        assert "Data edition" in text.splitlines()[-len(rows) - 1]
    open_all(page)
    with page.expect_download() as waiting:
        page.locator("a.csv").first.click()
    assert waiting.value.suggested_filename == offered[0]["name"]
    held = Path(waiting.value.path()).read_text("utf-8")
    assert held == unquote(offered[0]["href"].partition(",")[2])
    page.context.close()


def as_data(text):
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text) if re.fullmatch(r"[\d,.]+", text) else text
    return "" if text == "–" else text


def test_the_index_is_searched_by_titles_and_findings(browser, built):
    page = visit(browser, built["index"])
    shown = page.locator(".entry:visible")
    assert shown.count() == page.locator(".picture svg").count() == len(NAMES)
    page.get_by_label("Search titles and findings").fill("channel TOTALS")
    assert shown.count() == 1 and "Who paid what" in shown.first.inner_text()
    assert page.get_by_role("status").inner_text() == f"1 of {len(NAMES)} reports"
    page.get_by_label("Search titles and findings").fill("no such words")
    assert shown.count() == page.locator(".group:visible").count() == 0
    page.context.close()
    page = visit(browser, built["index"], java_script_enabled=False)
    assert page.locator(".entry:visible").count() == len(NAMES)
    assert not page.get_by_label("Search titles and findings").is_visible()
    page.context.close()


@pytest.fixture(scope="module")
def node():
    folder = Path(os.environ.get("NODE_DIR", "")) / "node_modules"
    if not os.environ.get("NODE_DIR") or not (folder / "axe-core" / "axe.min.js").is_file():
        pytest.skip("NODE_DIR names no folder with axe-core: accessibility was NOT judged")
    return folder


@pytest.mark.parametrize("name", ALL)
def test_axe_finds_nothing_in_any_state_of_a_page(browser, built, node, name):
    axe = (node / "axe-core" / "axe.min.js").read_text("utf-8")
    phone = {"viewport": {"width": 390, "height": 844}}
    for state in ({}, {"color_scheme": "dark"}, phone):
        page = visit(browser, built[name], **state)
        enliven(page)
        page.evaluate(axe)
        assert page.evaluate(AXE) == [], state
        open_all(page)
        assert page.evaluate(AXE) == [], (state, "all open")
        page.context.close()


def test_the_markup_of_every_page_is_valid(built, node):
    jar = node / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file() or not shutil.which("java"):
        pytest.skip("vnu-jar or java is missing: the markup was NOT judged")
    command = ["java", "-jar", str(jar), "--errors-only", *map(str, built.values())]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
