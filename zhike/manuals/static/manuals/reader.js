// The reader of a regulation: which clause is in view, and finding in the text. The page works without it.
const page = document.querySelector("[data-reader]");

if (page) {
  const pages = page.querySelector(".zk-pages");
  const links = new Map([...page.querySelectorAll(".zk-toc a[data-clause]")].map((a) => [a.dataset.clause, a]));
  const sections = [...page.querySelectorAll(".zk-sheet [data-clause]")];
  follow(pages, sections, links);
  find(page, pages, sections, links);
}

// Mark the clause that stands at the top of the window, in the text and in the contents.
function follow(pages, sections, links) {
  const seen = new Set();
  let current = null;
  const mark = () => {
    const first = sections.find((section) => seen.has(section));
    if (!first || first === current) return;
    current?.classList.remove("is-at");
    links.get(current?.dataset.clause)?.removeAttribute("aria-current");
    current = first;
    current.classList.add("is-at");
    const link = links.get(current.dataset.clause);
    link?.setAttribute("aria-current", "true");
    if (link && !page.querySelector("[data-find]").value) link.scrollIntoView({ block: "nearest" });
  };
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) entry.isIntersecting ? seen.add(entry.target) : seen.delete(entry.target);
    mark();
  }, { root: scrolls(pages) ? pages : null, rootMargin: "-12% 0px -70% 0px" });
  sections.forEach((section) => observer.observe(section));
}

function scrolls(box) {
  return getComputedStyle(box).overflowY !== "visible";
}

// Find as one types: clauses without the words leave the contents, the words are marked in the text.
function find(page, pages, sections, links) {
  const field = page.querySelector("[data-find]");
  const said = page.querySelector("[data-found]");
  let timer = 0;
  let marks = [];
  let at = -1;

  const look = () => {
    clear(marks);
    marks = [];
    at = -1;
    const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const section of sections) {
      const text = section.textContent.toLowerCase();
      const hit = words.every((word) => text.includes(word));
      links.get(section.dataset.clause)?.classList.toggle("is-out", words.length > 0 && !hit);
      if (words.length && hit) marks.push(...marked(section.querySelector(".zk-book") || section, words));
    }
    said.textContent = words.length ? String(marks.length) : "";
    if (marks.length) step(1);
  };
  const step = (by) => {
    marks[at]?.classList.remove("is-here");
    at = (at + by + marks.length) % marks.length;
    const mark = marks[at];
    mark.classList.add("is-here");
    mark.closest("details:not([open])")?.setAttribute("open", "");
    mark.scrollIntoView({ block: "center" });
  };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && marks.length) { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape" && field.value) { event.stopPropagation(); field.value = ""; look(); }
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { field.value = asked; look(); if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView(); }
}

function marked(root, words) {
  const made = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    let rest = text;
    for (;;) {
      const low = rest.data.toLowerCase();
      const hits = words.map((word) => [low.indexOf(word), word.length]).filter(([place]) => place >= 0);
      if (!hits.length || low.length !== rest.data.length) break;
      const [place, length] = hits.sort((a, b) => a[0] - b[0])[0];
      const hit = rest.splitText(place);
      rest = hit.splitText(length);
      const mark = document.createElement("mark");
      hit.replaceWith(mark);
      mark.append(hit);
      made.push(mark);
    }
  }
  return made;
}

function clear(marks) {
  for (const mark of marks) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}
