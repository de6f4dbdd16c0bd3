/* The keypad of payment passwords: buttons that fill the real inputs, one after the other. */
(() => {
  "use strict";
  const LENGTH = 6;
  for (const pad of document.querySelectorAll("[data-keypad]")) {
    const inputs = pad.dataset.keypad.split(" ").map((id) => document.getElementById(id));
    let current = inputs[0];
    for (const input of inputs) {
      /* Our own keys are there: the phone's need not cover half of the page. */
      input.inputMode = "none";
      input.addEventListener("focus", () => { current = input; });
    }
    const put = (value) => {
      current.value = value;
      current.dispatchEvent(new Event("input", { bubbles: true }));
    };
    pad.addEventListener("click", (event) => {
      const key = event.target.closest("[data-digit]")?.dataset.digit;
      if (!key) return;
      if (key === "clear") put("");
      else if (key === "back") put(current.value.slice(0, -1));
      else {
        const full = current.value.length >= LENGTH;
        if (full) current = inputs[inputs.indexOf(current) + 1] || current;
        if (current.value.length < LENGTH) put(current.value + key);
      }
    });
  }
})();
