// What is wrong with the page's outline: identifiers given twice, references to
// nothing, headings that skip a level, landmarks that are missing.
const wrong = [];
const all = [...document.querySelectorAll("[id]")].map((element) => element.id);
for (const id of all.filter((id, place) => all.indexOf(id) !== place)) {
  wrong.push(`#${id} is there twice`);
}
const references = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];
for (const name of references) {
  for (const element of document.querySelectorAll(`[${name}]`)) {
    for (const id of element.getAttribute(name).split(/\s+/)) {
      if (!document.getElementById(id)) wrong.push(`${name}: there is no #${id}`);
    }
  }
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
  if (!heading.checkVisibility()) continue;
  const next = Number(heading.tagName[1]);
  if (next > level + 1) wrong.push(`${heading.outerHTML} is below a level ${level}`);
  if (heading.textContent.trim() === "") wrong.push(`${heading.outerHTML} says nothing`);
  level = next;
}
for (const [name, number] of [["main", 1], ["body > header", 1], ["h1", 1], ["footer", 1]]) {
  const found = document.querySelectorAll(name).length;
  if (found !== number) wrong.push(`${found} of ${name}`);
}
return wrong;
