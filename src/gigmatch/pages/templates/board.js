"use strict";
(() => {
  const body = document.body, main = document.querySelector("main");
  const pages = [...document.querySelectorAll(".page")];
  const at = document.getElementById("at"), pause = document.getElementById("pause");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let now = 0, running = !still, timer = 0;
  if (!pages.length) {
    if ("reload" in body.dataset) { setTimeout(() => location.reload(), Number(body.dataset.ms)); }
    return;
  }
  body.classList.add("turning");

  // Letters become smaller until everything is there; only where half the size is not enough, it is cut.
  function fit(page) {
    for (const line of page.querySelectorAll(".work, .pay, .rest")) {
      line.style.setProperty("--fit", 1);
      for (let size = .95; size > .45 && (line.scrollWidth > line.clientWidth + 1 || line.scrollHeight > line.clientHeight + 1); size -= .05) {
        line.style.setProperty("--fit", size);
      }
    }
  }
  function show(to) {
    now = (to + pages.length) % pages.length;
    pages.forEach((page, k) => page.classList.toggle("now", k === now));
    fit(pages[now]);
    at.textContent = body.dataset.page.replace("%n", now + 1).replace("%a", pages.length);
  }
  function wait() {
    clearInterval(timer);
    pause.textContent = running ? body.dataset.pause : body.dataset.play;
    main.setAttribute("aria-live", running ? "off" : "polite");
    at.setAttribute("aria-live", running ? "off" : "polite");
    if (running) { timer = setInterval(turn, Number(body.dataset.ms)); }
  }
  function turn() {
    if ("reload" in body.dataset && now === pages.length - 1) { location.reload(); return; }
    show(now + 1);
  }
  function go(step) { show(now + step); wait(); }
  function toggle() { running = !running; wait(); }

  document.getElementById("previous").addEventListener("click", () => go(-1));
  document.getElementById("next").addEventListener("click", () => go(1));
  pause.addEventListener("click", toggle);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
    if (event.key in steps) { event.preventDefault(); go(steps[event.key]); }
    if (event.key === "Home" || event.key === "End") { event.preventDefault(); show(event.key === "Home" ? 0 : -1); wait(); }
    if (event.key === " " && event.target.tagName !== "BUTTON") { event.preventDefault(); toggle(); }
  });
  addEventListener("resize", () => fit(pages[now]));
  document.fonts.ready.then(() => fit(pages[now]));
  show(0);
  wait();
})();
