/* One contact, picked by the person in the browser's own list; only its number comes here. */
(() => {
  "use strict";
  if (!navigator.contacts?.select) return;
  for (const button of document.querySelectorAll("[data-contact]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const said = document.querySelector("[data-contact-said]");
      try {
        const [one] = await navigator.contacts.select(["tel"], { multiple: false });
        const digits = (one?.tel?.[0] ?? "").replace(/[^\d+]/g, "");
        const number = digits.replace(/^\+?86(?=1\d{10}$)/, "");
        if (number) document.getElementById(button.dataset.contact).value = number;
        said.textContent = number ? "" : "没有选到号码，可以直接输入。";
      } catch {
        said.textContent = "没有打开通讯录，可以直接输入。";
      }
    });
  }
})();
