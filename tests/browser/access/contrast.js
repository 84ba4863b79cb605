// Text that is too faint by WCAG 2.2, 1.4.3: less than 4.5 to 1 against what is
// behind it, or 3 to 1 for large text. axe leaves some of it undecided.
const channel = (value) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const colour = (text) => {
  const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return { parts: [red, green, blue], alpha };
};
const light = ([red, green, blue]) =>
  0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const behind = (element) => {
  for (let around = element; around; around = around.parentElement) {
    const found = colour(getComputedStyle(around).backgroundColor);
    if (found.alpha === 1) return found.parts;
  }
  return [255, 255, 255];
};
const opacity = (element) => {
  let all = 1;
  for (let around = element; around; around = around.parentElement) {
    all *= Number(getComputedStyle(around).opacity);
  }
  return all;
};
const faint = [];
const look = (element, style, own, what) => {
  const back = behind(element);
  const { parts, alpha } = colour(style.color);
  const strength = alpha * own;
  const seen = parts.map((part, place) => part * strength + back[place] * (1 - strength));
  const [bright, dark] = [light(seen), light(back)].sort((one, other) => other - one);
  const ratio = (bright + 0.05) / (dark + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${what}`);
};
for (const element of document.querySelectorAll("body *")) {
  const off = element.closest("[aria-disabled=true], :disabled, script, style, noscript");
  if (off || !element.checkVisibility({ visibilityProperty: true })) continue;
  const says = [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
  const style = getComputedStyle(element);
  const what = `${element.tagName}#${element.id}.${element.className}: ${element.textContent.slice(0, 40)}`;
  if (says || ["INPUT", "TEXTAREA"].includes(element.tagName)) {
    look(element, style, opacity(element), what);
  }
  if (element.placeholder) {
    const place = getComputedStyle(element, "::placeholder");
    look(element, place, opacity(element) * Number(place.opacity), `placeholder ${what}`);
  }
}
return faint;
