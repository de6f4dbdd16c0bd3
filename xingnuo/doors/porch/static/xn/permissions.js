/* Device permissions: our words first, then the browser's prompt, then only the outcome is sent. */
(() => {
  "use strict";
  const stop = (stream) => stream.getTracks().forEach((track) => track.stop());
  const media = (wish) => async () => {
    if (!navigator.mediaDevices) return "unavailable";
    stop(await navigator.mediaDevices.getUserMedia(wish));
    return "granted";
  };
  const ASK = {
    camera: media({ video: true }),
    microphone: media({ audio: true }),
    geolocation: () => new Promise((done, fail) => {
      if (!navigator.geolocation) return done("unavailable");
      /* The position itself is dropped here: this form reports a decision, not a place. */
      navigator.geolocation.getCurrentPosition(() => done("granted"), (error) =>
        error.code === error.PERMISSION_DENIED ? fail(new DOMException("", "NotAllowedError"))
          : done("granted"), { timeout: 10000, maximumAge: Infinity });
    }),
    notifications: async () => {
      if (!window.Notification) return "unavailable";
      const answer = await Notification.requestPermission();
      return answer === "default" ? "dismissed" : answer;
    },
  };

  async function ask(kind) {
    if (!ASK[kind]) return "unavailable";
    try {
      return await ASK[kind]();
    } catch (error) {
      return error.name === "NotAllowedError" ? "denied" : "unavailable";
    }
  }

  for (const form of document.querySelectorAll("form[data-permission]")) {
    form.addEventListener("submit", async (event) => {
      /* Refusing never touches the browser: the prompt cannot even appear. */
      if (event.submitter?.value !== "agree") return;
      event.preventDefault();
      if (form.hasAttribute("aria-busy")) return;
      form.setAttribute("aria-busy", "true");
      form.elements.outcome.value = await ask(form.dataset.permission);
      /* `submit()` leaves the pressed button out, so its answer is added by hand. */
      const answer = document.createElement("input");
      Object.assign(answer, { type: "hidden", name: "answer", value: "agree" });
      form.append(answer);
      form.submit();
    });
  }
})();
