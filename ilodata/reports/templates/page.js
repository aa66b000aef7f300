/* Opens what a link points into, searches the index, offers to copy the citation, loads what makes
   charts live: a page needs none of it. */
(() => {
  const reveal = () => {
    const target = document.querySelector(":target");
    if (!target) return;
    for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();
  const search = document.getElementById("search");
  if (search) {
    const words = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const entries = [...document.querySelectorAll(".entry")].map(e => [e, words(e.textContent)]);
    const filter = () => {
      const wanted = words(search.value).split(/\s+/);
      for (const [entry, text] of entries) entry.hidden = !wanted.every(word => text.includes(word));
      for (const group of document.querySelectorAll(".group"))
        group.hidden = !group.querySelector(".entry:not([hidden])");
      const found = entries.filter(([entry]) => !entry.hidden).length;
      search.parentElement.querySelector("[role=status]").textContent =
        search.value.trim() && `${found} of ${entries.length} reports`;
    };
    search.parentElement.style.visibility = "visible";
    search.addEventListener("input", filter);
    if (search.value) filter();
  }
  const charts = document.getElementById("charts");
  if (charts && charts.dataset.src) {
    addEventListener("load", () => {
      document.head.appendChild(document.createElement("script")).src = charts.dataset.src;
    });
  }
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      await navigator.clipboard.writeText(text.replace(/\s+/g, " ").trim());
      button.textContent = "Copied";
    });
  }
})();
