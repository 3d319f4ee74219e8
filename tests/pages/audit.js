// What is wrong with how a page is laid out, as a list of sentences; empty where nothing is.
const wrong = [], width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) { wrong.push(`the page is ${document.documentElement.scrollWidth} wide`); }

const isAside = (part) => part && getComputedStyle(part).position === "absolute";  // for screen readers alone
const isShown = (element) => {
  if (element.closest(".hidden, .skip, style, script, title")) { return false; }
  const style = getComputedStyle(element);
  return element.getClientRects().length > 0 && style.visibility !== "hidden" && !isAside(element.closest("thead"));
};
// What is cut off can be scrolled to, by keyboard as well.
const scrolls = (element, style) => `${style.overflowX} ${style.overflowY}` === "auto auto" && element.tabIndex === 0;
const cutsOff = (style) => style.overflowX !== "visible" || style.overflowY !== "visible";
// The part of a box that can be seen: what its surroundings cut off is told once, of them.
const visible = (box, element) => {
  const seen = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    if (cutsOff(getComputedStyle(at))) {
      const frame = at.getBoundingClientRect();
      seen.left = Math.max(seen.left, frame.left);
      seen.right = Math.min(seen.right, frame.right);
      seen.top = Math.max(seen.top, frame.top);
      seen.bottom = Math.min(seen.bottom, frame.bottom);
    }
  }
  return seen;
};
const told = (text) => JSON.stringify(text.trim().slice(0, 40));

// Nothing hangs over the edge, nothing is cut off.
for (const element of document.querySelectorAll("body *")) {
  if (!isShown(element)) { continue; }
  const box = visible(element.getBoundingClientRect(), element.parentElement);
  if (!element.closest("svg") && (box.left < -1 || box.right > width + 1)) {
    wrong.push(`${element.tagName} hangs over the edge: ${told(element.textContent)}`);
  }
  const style = getComputedStyle(element);
  if (cutsOff(style) && !scrolls(element, style) && element.textContent.trim() && !element.closest("svg") && element.tagName !== "BODY"
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)) {
    wrong.push(`${element.tagName}.${element.className} cuts off ${told(element.textContent)}`);
  }
}

// No two texts lie over each other. Letters do not fill their line, so a quarter above and below is let go.
const boxes = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.data.trim() || !isShown(node.parentElement)) { continue; }
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const whole of range.getClientRects()) {
    const box = visible(whole, node.parentElement);
    if (box.right - box.left > 1 && box.bottom - box.top > 1) {
      const trim = (box.bottom - box.top) / 4;
      boxes.push({ node, left: box.left + 1, right: box.right - 1, top: box.top + trim, bottom: box.bottom - trim });
    }
  }
}
boxes.sort((a, b) => a.top - b.top);
for (let i = 0; i < boxes.length; i++) {
  for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j++) {
    const a = boxes[i], b = boxes[j];
    if (a.node !== b.node && a.left < b.right && b.left < a.right) {
      wrong.push(`${told(a.node.data)} lies over ${told(b.node.data)}`);
    }
  }
}

// Letters stand out from what they are on: contrast as WCAG reckons it.
const light = (colour) => {
  const parts = colour.match(/[\d.]+/g).slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4));
  return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    if (!colour.endsWith(", 0)") && colour !== "transparent") { return colour; }
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(0, 0, 0)" : "rgb(255, 255, 255)";
};
const seen = new Set();
for (const { node } of boxes) {
  const element = node.parentElement, style = getComputedStyle(element);
  const ink = element.closest("svg") ? style.fill : style.color, pair = `${ink} on ${ground(element)}`;
  if (seen.has(pair)) { continue; }
  seen.add(pair);
  const [a, b] = [light(ink), light(ground(element))].sort((x, y) => y - x);
  if ((a + .05) / (b + .05) < 4.5) { wrong.push(`${told(node.data)} is hard to read: ${pair}`); }
}
return wrong.slice(0, 20);
