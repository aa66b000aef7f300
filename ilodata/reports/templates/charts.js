/* Makes each static chart live when it comes near the window. Nothing moves by itself, the box
   keeps its size, and a chart that fails stays as it was. Stands after Vega in one function. */
const specs = JSON.parse(document.getElementById("charts").textContent);
const refuse = () => Promise.reject(new Error("nothing is fetched"));
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);
addEventListener("keydown", event => { if (event.key === "Escape") tip.hidden = true; });
addEventListener("scroll", () => { tip.hidden = true; }, {passive: true});

const point = (handler, event, item, value) => {
  tip.hidden = value == null || value === "";
  if (tip.hidden) return;
  tip.replaceChildren();
  for (const [name, said] of typeof value === "object" ? Object.entries(value) : [["", value]]) {
    const line = tip.appendChild(document.createElement("div"));
    if (name) line.appendChild(document.createElement("b")).textContent = `${name}: `;
    line.append(String(said));
  }
  const place = (at, size, room) => Math.max(4, Math.min(at + 14, room - size - 4)) + "px";
  tip.style.left = place(event.clientX, tip.offsetWidth, innerWidth);
  tip.style.top = place(event.clientY, tip.offsetHeight, innerHeight);
};

/* As outputs.narrowed does it, so that the live chart is laid out like the static one. */
const narrowed = (spec, width) => {
  if (Array.isArray(spec)) return spec.map(each => narrowed(each, width));
  if (!spec || typeof spec !== "object") return spec;
  return Object.fromEntries(Object.entries(spec).map(([key, it]) => [key,
    key === "datasets" || key === "values" ? it
    : (key === "width" || key === "continuousWidth") && typeof it === "number" ? Math.min(it, width)
    : narrowed(it, width)]));
};

const enliven = async place => {
  const still = place.firstElementChild, live = document.createElement("div");
  const {chart, narrow} = place.parentElement.dataset;
  const spec = place.className === "narrow" ? narrowed(specs[chart], Number(narrow)) : specs[chart];
  try {
    const {view} = await window.vegaEmbed(live, spec, {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
      logLevel: 1,
      tooltip: point, loader: {load: refuse, sanitize: refuse, http: refuse, file: refuse},
      config: {aria: false, font: getComputedStyle(still).fontFamily},
    });
    const svg = live.querySelector("svg.marks");
    if (!svg.querySelector("path, rect, line, text")) throw new Error("the picture is empty");
    svg.setAttribute("preserveAspectRatio", "xMinYMin");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("focusable", "false");
    live.classList.add("live");
    live.style.width = `${still.getAttribute("width")}px`;
    live.style.aspectRatio = `${still.getAttribute("width")} / ${still.getAttribute("height")}`;
    still.replaceWith(live);
    place.dataset.live = "yes";
    place.view = view;
  } catch (error) {
    place.dataset.live = "failed";
    console.warn(chart, error);
  }
};

/* Of a wide and a narrow picture one is shown; the other goes live if it is shown in its turn. */
const near = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    enliven(entry.target);
  }
}, {rootMargin: "600px"});
for (const place of document.querySelectorAll(".chart[data-chart] > div")) near.observe(place);
