/* Pushing to this browser: after our words and the browser's prompt, its address goes to us. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-push]");
  if (!form) return;
  const WAIT_MS = 4000;
  const plain = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  /* A worker that is not there never gets ready: nobody waits for it for ever. */
  const late = () => new Promise((_, refuse) => setTimeout(refuse, WAIT_MS));

  async function subscribe() {
    if (!("serviceWorker" in navigator) || !("PushManager" in window)) return "unavailable";
    if ((await Notification.requestPermission()) !== "granted") return "denied";
    const worker = await Promise.race([navigator.serviceWorker.ready, late()]);
    const made = await worker.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push),
    });
    form.elements.endpoint.value = made.endpoint;
    form.elements.p256dh.value = plain(made.getKey("p256dh"));
    form.elements.auth.value = plain(made.getKey("auth"));
    return "granted";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    form.elements.outcome.value = await subscribe().catch(() => "unavailable");
    form.submit();
  });
})();
