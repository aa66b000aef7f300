/* Cards of evidence, copying, saving, search: a page reads well without. */
(() => {
  const $ = (what, where = document) => where.querySelector(what);
  const all = (what, each) => document.querySelectorAll(what).forEach(each);
  const root = document.documentElement, card = $("#card"), px = (n) => n + "px", GAP = 8;
  let current, pinned, timer, shut = 0;

  // One card for the page: it shows a copy of the note to which a link leads.
  function open(link, pin, x) {
    clearTimeout(timer);
    if (card.matches(":popover-open") && current === link) {
      pinned ||= pin;
      if (pin) card.focus({ preventScroll: true });
      return;
    }
    const note = $(link.getAttribute("href") + " > .eb");
    if (!note) return;
    current?.classList.remove("on");
    [current, pinned] = [link, pin];
    $(".eb", card).replaceChildren(...note.cloneNode(true).childNodes);
    card.showPopover();
    place(link, x);
    card.scrollTop = 0;
    link.classList.add("on");
    link.setAttribute("aria-expanded", "true");
    if (pin) card.focus({ preventScroll: true });
  }

  // The card stands below its link, or above where that side is larger, and is no higher than it.
  function place(link, x) {
    Object.assign(card.style, { left: "", top: "", maxHeight: "" });
    if (innerWidth < 480) return;  // a sheet at the bottom, by the style
    const boxes = [...link.getClientRects()];
    const box = boxes.find((it) => x >= it.left && x <= it.right) || boxes[0];
    const { top, bottom } = link.getBoundingClientRect();  // no line of it is to lie under the card
    const below = innerHeight - bottom - 2 * GAP, above = top - 2 * GAP;
    const up = card.offsetHeight > below && above > below;
    card.style.maxHeight = px(Math.max(160, up ? above : below));
    const left = Math.max(GAP, Math.min(box.left, root.clientWidth - card.offsetWidth - GAP));
    Object.assign(card.style, { left: px(left + scrollX), top: px(scrollY + (up ? top - GAP - card.offsetHeight : bottom + GAP)) });
  }

  const later = (what, ms) => { clearTimeout(timer); timer = setTimeout(what, ms); };
  const leave = () => { if (!pinned) later(() => card.hidePopover(), 250); };
  const linkOf = (event) => event.target.closest?.("a.ev");
  const isMark = (link) => link?.ownerSVGElement;
  if (card) {
    card.addEventListener("beforetoggle", (event) => {
      if (event.newState === "open") return;
      current?.classList.remove("on");
      current?.setAttribute("aria-expanded", "false");
      if (card.contains(document.activeElement)) current?.focus({ preventScroll: true });
      shut = event.timeStamp;
    });
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", leave);
    document.addEventListener("click", (event) => {
      const link = linkOf(event);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (!(event.detail && link === current && pinned && event.timeStamp - shut < 100)) open(link, true, event.clientX);
    });
    document.addEventListener("pointerover", (event) => {
      const link = linkOf(event);
      if (!link || event.pointerType !== "mouse" || (pinned && card.matches(":popover-open"))) return;
      later(() => open(link, false, event.clientX), isMark(link) ? 90 : 350);
    });
    document.addEventListener("pointerout", (event) => { if (linkOf(event)) leave(); });
    document.addEventListener("focusin", (event) => {
      const link = linkOf(event);
      if (isMark(link) && link.matches(":focus-visible") && event.timeStamp - shut > 100) open(link, false);
    });
    document.addEventListener("focusout", (event) => {
      if (isMark(linkOf(event)) && !card.contains(event.relatedTarget)) leave();
    });
    all("a.ev", (link) => link.setAttribute("aria-haspopup", "dialog"));
  }

  // Notes are for paper and for pages without script; here they open on demand.
  root.classList.add("js");
  all("[data-all], [data-save], [data-copy], [data-csv]", (button) => { button.hidden = false; });
  const showNotes = () => { all(".notes", (it) => it.classList.add("all")); all("[data-all]", (it) => { it.hidden = true; }); };
  all("[data-all]", (button) => button.addEventListener("click", showNotes));
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let it = target; it; it = it.parentElement) if (it.tagName === "DETAILS") it.open = true;
    if (target.closest(".notes")) showNotes();
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  all("[data-copy]", (button) => button.addEventListener("click", async () => {
    const text = $(button.dataset.copy).innerText.replace(/\u00a0/g, " ").replace(/\s*\n\s*/g, "\n").trim();
    const before = button.textContent;
    const said = (words) => { button.textContent = words; setTimeout(() => { button.textContent = before; }, 2000); };
    await navigator.clipboard.writeText(button.closest("#card") ? `${text}\n${document.title}` : text)
      .then(() => said("Copied"), () => said("Copying is blocked: select the words"));
  }));

  // Each table, and the evidence, as a file: the page's own rows under caption and citation.
  const told = (it) => {
    const copy = it.cloneNode(true);
    copy.querySelectorAll(".warn, .page, .perma").forEach((one) => one.remove());
    return copy.textContent.trim().replace(/\s*\n\s*/g, "; ").replace(/\s+/g, " ");
  };
  const rowsOf = (at) => {
    if (at.rows) return [...at.rows].map((row) => [...row.cells].map(told));
    const held = (note, what) => [...note.querySelectorAll(what)].map(told).join(" | ");
    const rows = [...document.querySelectorAll(".notes > li")].map((note) => [note.id.slice(2), ...[".eb > p:first-child", "blockquote", ".es", ".ey, .ep li"].map((what) => held(note, what))]);
    return [["note", "statement", "words of the documents", "where they stand", "how we know"], ...rows];
  };
  all("[data-csv]", (link) => {
    // A spreadsheet would run as a formula what begins with one of these.
    const cell = (text) => `"${text.replace(/^(?=[=+@])/, "'").replace(/"/g, '""')}"`;
    const at = document.getElementById(link.dataset.csv);
    const named = at.closest("[aria-label]")?.getAttribute("aria-label") || at.textContent;
    const notes = [named, $("#cite").textContent].map((text) => `# ${text.trim()}`);
    const rows = rowsOf(at).map((row) => row.map(cell).join(","));
    link.href = "data:text/csv;charset=utf-8,\ufeff" + encodeURIComponent([...notes, ...rows, ""].join("\n"));
  });

  // A saved chart has its title in it, and the colours that the page has now.
  const LINE = 20;
  const set = (element, given) => { Object.entries(given).forEach((pair) => element.setAttribute(...pair)); return element; };
  const made = (kind, given) => set(document.createElementNS("http://www.w3.org/2000/svg", kind), given);
  const drawing = (figure) => {
    const svg = [...figure.querySelectorAll("svg")].find((it) => it.checkVisibility()).cloneNode(true);
    const [left, top, width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    const title = ($("figcaption", figure)?.innerText || "").split(/\n+/), head = LINE * title.length + 10;
    const lines = [...title.map((words, at) => [words, top - head + 12 + LINE * at]), [document.title, top + height + LINE]];
    lines.forEach(([words, y], at) => {
      const line = made("text", { x: left, y, "font-size": 13.5, "font-weight": at ? "normal" : "bold", fill: "var(--ink)" });
      line.textContent = words;
      svg.append(line);
    });
    const box = { x: left - 16, y: top - head - 16, width: width + 32, height: height + head + LINE + 32 };
    svg.prepend(made("rect", { ...box, fill: "var(--paper)" }));
    set(svg, { ...box, viewBox: Object.values(box).join(" "), "font-family": "Arial, sans-serif" });
    const style = getComputedStyle(root);
    const source = new XMLSerializer().serializeToString(svg).replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    return { source, ...box };
  };
  const save = (address, name) => Object.assign(document.createElement("a"), { href: address, download: name }).click();
  all("[data-save]", (button) => button.addEventListener("click", () => {
    const { source, width, height } = drawing(button.closest("figure"));
    const address = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(source), { save: kind, name } = button.dataset;
    if (kind === "svg") return save(address, `${name}.svg`);
    const picture = new Image();
    picture.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      save(canvas.toDataURL("image/png"), `${name}.png`);
    };
    picture.src = address;
  }));

  // The index holds the words of all pages: [numbers of pages, their words].
  const search = $("#search");
  if (search) {
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const index = JSON.parse($("#index").content.textContent).map(([pages, words]) => [pages, words.split(" ")]);
    const find = () => {
      const asked = fold(search.value).match(/[\p{L}\p{N}]([\p{L}\p{N}'’.,-]*[\p{L}\p{N}])?/gu) || [];
      const found = asked.map((ask) => new Set(index.flatMap(([pages, words]) => words.some((it) => it.startsWith(ask)) ? pages : [])));
      let shown = 0, many = 0;
      all("[data-at]", (entry) => {
        entry.hidden = !found.every((pages) => pages.has(Number(entry.dataset.at)));
        shown += !entry.hidden;
        many += 1;
      });
      all("main section", (it) => { it.hidden = asked.length > 0 && !$("[data-at]:not([hidden])", it); });
      $("[role=status]").textContent = asked.length ? `${shown} of ${many} ${many === 1 ? "page" : "pages"}` : "";
    };
    search.closest("search").hidden = false;
    search.addEventListener("input", find);
    if (search.value) find();
  }
})();
