/* Progressive enhancement only: every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* Sheets: a link to the plain page opens the dialog of the same question instead. */
  function openSheet(event, link) {
    const sheet = document.getElementById(link.dataset.sheet);
    if (!sheet || !sheet.showModal) return;
    event.preventDefault();
    sheet.showModal();
  }

  function toggleEye(button) {
    const input = document.getElementById(button.dataset.eye);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.setAttribute("aria-label", shown ? "隐藏密码" : "显示密码");
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      say(button, "已复制");
    } catch {
      say(button, "未能复制，请长按文字复制");
    }
  }

  function say(button, words) {
    const before = button.textContent;
    button.textContent = words;
    button.setAttribute("aria-live", "polite");
    setTimeout(() => { button.textContent = before; }, 2000);
  }

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    let hit;
    if ((hit = at("[data-sheet]"))) openSheet(event, hit);
    else if ((hit = at("[data-close]"))) hit.closest("dialog").close();
    else if ((hit = at("[data-eye]"))) toggleEye(hit);
    else if ((hit = at("[data-copy]"))) copy(hit);
    else if (at("[data-print]")) print();
    else if (event.target.matches("dialog.sheet")) event.target.close();
  });

  /* Theme and size are shown at once while choosing; the form still saves them. */
  document.addEventListener("change", (event) => {
    const kind = event.target.closest("[data-live]")?.dataset.live;
    if (kind) root.dataset[kind] = event.target.value;
  });

  /* Six cells mirror one real input. */
  for (const box of all("[data-code]")) {
    const input = box.querySelector("input");
    const cells = all("i", box);
    const draw = () => {
      const typed = input.value.replace(/\D/g, "").slice(0, cells.length);
      if (typed !== input.value) input.value = typed;
      const dots = input.type === "password";
      cells.forEach((cell, place) => {
        cell.textContent = place < typed.length ? (dots ? "•" : typed[place]) : "";
        cell.className = place === Math.min(typed.length, cells.length - 1) ? "at" : "";
      });
    };
    input.addEventListener("input", draw);
    draw();
  }

  /* Long numbers are grouped when typing ends; the form sends them without spaces. */
  const SIZES = { phone: [3, 4, 4], card: [4, 4, 4, 4, 4], id: [6, 4, 4, 4] };
  for (const box of all("[data-group]")) {
    const input = box.querySelector("input");
    const plain = () => input.value.replace(/\s/g, "");
    const grouped = () => {
      let from = 0;
      const text = plain();
      const parts = SIZES[box.dataset.group].map((size) => text.slice(from, (from += size)));
      return [...parts, text.slice(from)].filter(Boolean).join(" ");
    };
    input.addEventListener("blur", () => { input.value = grouped(); });
    input.form?.addEventListener("submit", () => { input.value = plain(); });
    if (input.value && document.activeElement !== input) input.value = grouped();
  }

  /* One press sends a form once. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) event.preventDefault();
    else form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
  }));

  /* `autofocus` already does this where the browser knows it on any element. */
  const summary = document.querySelector("[data-focus]");
  addEventListener("load", () => {
    if (summary && document.activeElement !== summary) summary.focus();
  });

  /* The app switcher shows no figures. */
  document.addEventListener("visibilitychange", () => {
    root.classList.toggle("away", document.hidden);
  });

  if (root.dataset.worker && "serviceWorker" in navigator) {
    navigator.serviceWorker.register(root.dataset.worker).catch(() => {});
  }
})();
