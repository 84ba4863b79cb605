// Where the focus is, and what is wrong with that: it can't be seen, or it does
// not stand behind the stop before (`window.stopBefore`).
const active = document.activeElement;
const faults = [];
const fault = (text) => faults.push(text);
const box = active.getBoundingClientRect();
if (active === document.body) {
  fault("the focus is lost");
} else {
  const style = getComputedStyle(active);
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (!drawn) fault("nothing shows where the focus is");
  if (box.width === 0 || box.height === 0) fault("it has no extent");
  // Some of it is in sight and not behind anything. A box or a radio button is
  // small: all of it is looked at.
  const inside = (x, y) => {
    const found = document.elementFromPoint(x, y);
    return found && (active.contains(found) || found.contains(active));
  };
  const steps = [0.1, 0.3, 0.5, 0.7, 0.9];
  const seen = steps.some((across) => steps.some((down) =>
    inside(box.left + box.width * across, box.top + box.height * down)));
  if (!seen) fault("it can't be seen");
  const before = window.stopBefore;
  if (before && before !== document.body && before.isConnected) {
    const follows = before.compareDocumentPosition(active) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (!follows) fault("it stands before the last stop");
    // What stays at an edge of the window has no place in the page's order.
    const stays = (element) => element.closest(".places, #skip, #workbench");
    const above = before.getBoundingClientRect();
    // Columns are read one after the other: the next one begins at the top.
    const nextColumn = box.left >= above.right;
    if (!stays(before) && !stays(active) && !nextColumn && box.bottom <= above.top) {
      fault("it is drawn above the last stop");
    }
  }
}
window.stopBefore = active;
return { element: active.outerHTML.slice(0, 200), faults };
