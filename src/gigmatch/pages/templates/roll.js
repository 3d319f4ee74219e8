"use strict";
// A page for each slip, as long as the slip: paper ends where its text ends. Without this, slips follow one another.
document.fonts.ready.then(() => {
  const mm = 96 / 25.4, slips = [...document.querySelectorAll(".slip")];
  const lengths = slips.map((slip) => Math.ceil(slip.getBoundingClientRect().height / mm) + 8);
  const rules = [...new Set(lengths)].map((n) => `@page long${n} { size: 80mm ${n}mm; margin: 3mm 4mm; }`);
  const sheet = document.styleSheets[0];
  for (const rule of rules) { sheet.insertRule(rule, sheet.cssRules.length); }
  slips.forEach((slip, k) => { slip.style.page = `long${lengths[k]}`; });
  document.body.classList.add("cut");
});
