"""Pages in Chromium: proof one touch away, short, silent, readable everywhere and by everybody.

Needs playwright and Debian's chromium; without them these tests are skipped, unless the variable
ILODATA_BROWSER says ``required``. NODE_DIR may name a folder with ``node_modules/axe-core`` and
``node_modules/vnu-jar``, which judge accessibility and markup.
"""

import csv
import io
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from conftest import REPO, python
from ilodata.reports import lists

pytestmark = pytest.mark.slow  # make test-all

LIST, _ = lists.entries(REPO / "reports" / "default.yaml")
NAMES = [it.name for it in LIST]
FEW = list({it.notebook: it.name for it in LIST}.values())  # one of each notebook
MONEY = next(it.name for it in LIST if "funding" in it.notebook)
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"], runOnly: {type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}))
  .violations.map(each => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`)"""
SEEN = """() => {
  const main = [...document.querySelectorAll("[data-main] svg")].find(it => it.checkVisibility());
  const box = main?.getBoundingClientRect();
  const sizes = [...document.querySelectorAll("svg text")].filter(it => it.checkVisibility() && it.textContent.trim())
    .map(it => parseFloat(getComputedStyle(it).fontSize) * it.getScreenCTM().a);
  return {words: document.body.innerText.match(/\\S+/g).length, top: box?.top, bottom: box?.bottom,
    screens: document.documentElement.scrollHeight / innerHeight, text: Math.min(...sizes),
    wide: document.documentElement.scrollWidth}; }"""
# The middle of a link that breaks may lie beside it.
ON_ONE_LINE = """() => [...document.querySelectorAll(".finds a.ev")]
  .find(it => it.getClientRects().length === 1).setAttribute("data-tried", "")"""
# Words in charts that stand on one another, on a mark that does not hold them, or outside of their
# page or card. A mark that is a ground for others has no colour of its own strength.
CROWDED = """() => [...document.querySelectorAll("svg")].filter(it => it.checkVisibility()).flatMap(svg => {
  const box = (it, in_ = 0) => { const r = it.getBoundingClientRect(), h = r.height * in_;
    return {l: r.left, r: r.right, t: r.top + h, b: r.bottom - h}; };
  const meet = (a, b) => Math.min(a.r, b.r) - Math.max(a.l, b.l) > 2 && Math.min(a.b, b.b) - Math.max(a.t, b.t) > 1;
  const words = [...svg.querySelectorAll("text")].filter(it => it.textContent.trim());
  const marks = [...svg.querySelectorAll("a.ev > :is(path, rect, circle)")]
    .filter(it => !(it.getAttribute("fill") || "").includes("wash"));
  const frame = box(svg.closest(".box") || document.body);
  return words.flatMap((word, at) => { const a = box(word, .22), said = word.textContent;
    return [...words.slice(at + 1).filter(it => meet(a, box(it, .22))).map(it => said + " on " + it.textContent),
      ...marks.map(it => box(it)).filter(b => meet(a, b) && !(a.l > b.l - 2 && a.r < b.r + 2)).map(() => said + " on a mark"),
      ...(a.l < frame.l - 1 || a.r > frame.r + 1 ? [said + " outside"] : [])]; }); })"""
OPEN = "() => document.querySelectorAll('details').forEach(it => { it.open = true; })"
INSIDE = ("file:", "data:")  # where nothing has to be fetched
FONTS = {"wide": '"DejaVu Sans", Verdana', "narrow": '"DejaVu Sans Condensed", "Arial Narrow"'}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the pages of the default list, with all that it includes."""
    out = tmp_path_factory.mktemp("html")
    done = python("-m", "ilodata.cli", "build", "--out", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def opened(browser, built):
    """Open a page; whatever it asks of the network or logs as an error fails the test."""
    tabs, wrong = [], []

    def show(name, viewport=WIDE, **how):
        tabs.append(tab := browser.new_page(viewport=viewport, **how))
        tab.on("request", lambda it: it.url.startswith(INSIDE) or wrong.append(it.url))
        tab.on("console", lambda it: it.type != "error" or wrong.append(it.text))
        tab.on("pageerror", lambda it: wrong.append(str(it)))
        tab.goto((built / f"{name}.html").as_uri())
        return tab

    yield show
    for tab in tabs:
        tab.close()
    assert not wrong, wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_page_answers_on_its_first_screen_and_is_short(opened, built, name, tmp_path):
    tab = opened(name)
    wide = tab.evaluate(SEEN)
    tab.pdf(path=tmp_path / "a.pdf", format="A4")
    tab.set_viewport_size(PHONE)
    phone = tab.evaluate(SEEN)
    assert wide["bottom"] <= 900, f"the main chart ends at {wide['bottom']} px"
    assert phone["top"] <= 1100, f"the main chart starts at {phone['top']} px on a phone"
    assert wide["words"] <= 1500 and wide["screens"] <= 8 and phone["screens"] <= 16
    assert min(wide["text"], phone["text"]) >= 12, "words in charts can be read"
    assert (built / f"{name}.html").stat().st_size <= 200_000
    pages = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "a.pdf").read_bytes()))
    assert pages <= 5, f"{pages} printed pages"


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("name", [*NAMES, "index", "codebook"])
def test_words_have_room_and_nothing_scrolls_sideways_with_any_font(opened, name, font):
    tab = opened(name, bypass_csp=True)
    style = f":root {{ --sans: {FONTS[font]} !important; --serif: {FONTS[font]} !important; }}"
    style += " svg { letter-spacing: -.03em }" * (font == "narrow")
    tab.add_style_tag(content=style)
    tab.evaluate(OPEN)
    for width in (360, 800, 1000, 1280):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert not tab.evaluate(CROWDED), f"at {width} px"


def test_a_card_opens_by_press_by_key_by_pointer_and_by_tab_and_gives_the_focus_back(opened):
    tab = opened(MONEY)
    tab.evaluate(ON_ONE_LINE)
    link, card = tab.locator("[data-tried]"), tab.locator("#card")
    link.click()
    assert card.is_visible() and card.locator("blockquote, .ep").count()
    assert tab.evaluate("() => document.activeElement.id") == "card"
    tab.keyboard.press("Escape")
    assert card.is_hidden()
    assert tab.evaluate("() => document.activeElement.className").startswith("ev")
    tab.keyboard.press("Enter")
    assert card.is_visible() and link.get_attribute("aria-expanded") == "true"
    tab.mouse.click(5, 5)
    assert card.is_hidden()
    tab.locator("[data-main] svg a.ev").first.hover()
    card.wait_for(state="visible", timeout=2000)
    tab.mouse.move(5, 5)
    card.wait_for(state="hidden", timeout=2000)
    tab.locator("[data-main] svg a.ev:not([tabindex])").first.focus()
    tab.keyboard.press("Shift+Tab")
    tab.wait_for_timeout(300)  # what has just shut does not open again at once
    tab.keyboard.press("Tab")
    card.wait_for(state="visible", timeout=2000)


@pytest.mark.parametrize("name", FEW)
def test_a_card_stands_on_the_screen_and_not_on_what_it_is_of(opened, name):
    tab = opened(name)
    assert not tab.evaluate("""() => [...document.querySelectorAll("a.ev")].filter(link => {
      if (!link.checkVisibility()) return false;
      link.scrollIntoView({block: "nearest"});
      link.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
      const it = card.getBoundingClientRect(), of = link.getBoundingClientRect();
      card.hidePopover();
      return it.top < 0 || it.bottom > innerHeight || (it.top < of.bottom - 1 && it.bottom > of.top + 1);
    }).map(link => link.outerHTML)""")
    tab.set_viewport_size(PHONE)
    tab.evaluate(ON_ONE_LINE)
    tab.locator("[data-tried]").click()
    box = tab.locator("#card").bounding_box()
    on_a_phone = (round(box["y"] + box["height"]), round(box["width"]))
    assert on_a_phone == (PHONE["height"], PHONE["width"]), "it is a sheet at the bottom"


def test_without_script_the_words_stand_as_notes_with_a_way_back(opened):
    tab = opened(MONEY, java_script_enabled=False)
    tab.locator(".finds a.ev").first.focus()
    tab.keyboard.press("Enter")
    note = tab.locator(".notes > li:target")
    assert note.is_visible()
    note.locator(".back a").first.click()
    assert tab.locator(":target").evaluate("it => it.className").startswith("ev")
    assert tab.locator("button:visible").count() == 0, "no button that does nothing"


def test_tables_evidence_and_charts_can_be_saved(opened):
    tab = opened(MONEY)
    for link in tab.locator("a[data-csv]").all():
        text = unquote(link.get_attribute("href").partition(",")[2])
        assert text.startswith("\ufeff# "), "for Excel; caption and citation come first"
        rows = list(csv.reader(io.StringIO(re.sub(r"(?m)^\ufeff?#.*\n", "", text))))
        assert len(rows) > 1 and len({len(row) for row in rows}) == 1
        assert "⚠" not in text and "↗" not in text and "\u00a0" not in text
    for kind, begins in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with tab.expect_download() as saved:
            tab.locator(f"[data-main] [data-save={kind}]").click()
        content = Path(saved.value.path()).read_bytes()
        assert content.startswith(begins) and saved.value.suggested_filename.endswith(f".{kind}")
        assert b"var(--" not in content, "a saved chart has its colours in it"


def test_words_and_their_source_can_be_copied(opened):
    tab = opened(MONEY, permissions=["clipboard-read", "clipboard-write"])
    tab.locator(".finds a.ev").first.click()
    tab.locator("#card [data-copy]").click()
    tab.locator("#card", has_text="Copied").wait_for()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert "… " in copied and tab.title() in copied and "\u00a0" not in copied
    tab.goto(f"{tab.url}#e-2")
    tab.reload()
    assert tab.locator("#e-2").is_visible(), "an address opens what it leads into"


def test_the_search_finds_words_that_stand_anywhere_in_a_page(opened):
    tab = opened("index")
    search = tab.locator("#search")
    search.fill("maritime")
    assert re.match(r"([1-9]|1\d) of \d+ pages", tab.locator("[role=status]").inner_text())
    search.fill("US$ 746,014")
    assert 1 <= tab.locator("article:visible").count() < len(NAMES), "an amount is one word"
    search.fill("zebra")
    assert tab.locator("article:visible").count() == 0
    search.fill("")
    assert tab.locator("article:visible").count() == len(NAMES)


@pytest.mark.parametrize("name", [*NAMES, "index", "codebook"])
def test_axe_and_the_nu_checker_find_nothing(browser, built, name):
    node = Path(os.environ.get("NODE_DIR", REPO.parent / "plan" / "node")) / "node_modules"
    if not (node / "axe-core").is_dir():
        pytest.skip("axe-core is not there: accessibility was NOT checked; set NODE_DIR")
    script = (node / "axe-core" / "axe.min.js").read_text("utf-8")
    for viewport, scheme in ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light")):
        tab = browser.new_page(viewport=viewport, color_scheme=scheme, bypass_csp=True)
        tab.goto((built / f"{name}.html").as_uri())
        tab.evaluate(OPEN)
        tab.evaluate(script)
        assert not tab.evaluate(AXE), f"{name}, {scheme}, {viewport['width']} px"
        tab.close()
    jar = node / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if jar.is_file():
        command = ["java", "-jar", jar, built / f"{name}.html"]
        assert subprocess.run(command, capture_output=True, text=True).stderr == ""
