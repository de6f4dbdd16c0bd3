/* Keys for lists: j next, k previous; Enter follows the link that has the focus. All optional. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const rows = [...document.querySelectorAll("[data-keys] a")];
  const step = { j: 1, k: -1 };
  document.addEventListener("keydown", (event) => {
    const by = step[event.key];
    if (!by || !rows.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input,select,textarea")) return;
    const now = rows.indexOf(document.activeElement);
    const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : now + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
    event.preventDefault();
  });
})();
