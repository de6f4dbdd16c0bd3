/* Reads a code by the camera where the browser can; the picture never leaves the device. */
(() => {
  "use strict";
  const open = document.querySelector("[data-scan]");
  if (!open || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const video = document.querySelector("[data-scan-view]");
  const input = document.querySelector("#id_code");
  const said = document.querySelector("[data-said]");
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  open.hidden = false;
  open.addEventListener("click", async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment" },
      });
      video.srcObject = stream;
      video.hidden = false;
      open.hidden = true;
      await video.play();
      const look = async () => {
        const [found] = await detector.detect(video).catch(() => []);
        if (!found) return requestAnimationFrame(look);
        stream.getTracks().forEach((track) => track.stop());
        input.value = found.rawValue.slice(0, 200);
        input.form.requestSubmit();
      };
      look();
    } catch {
      said.textContent = "没有打开相机，可以在下面输入码。";
    }
  });
})();
