/* Reads a code by the camera or from a picture; neither ever leaves the device. */
(() => {
  "use strict";
  const box = document.querySelector("[data-scan]");
  if (!box || !window.Worker) return;
  const SIDE_MAX = 720;
  const video = box.querySelector("video");
  const open = box.querySelector("[data-scan-open]");
  const picker = box.querySelector("[data-scan-file]");
  const file = picker.querySelector("input");
  const said = box.querySelector("[data-said]");
  const input = document.querySelector("#id_code");
  const tell = (words) => { said.textContent = words; };
  let worker = null;

  function pixels(source, wide, high) {
    const scale = Math.min(1, SIDE_MAX / Math.max(wide, high));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(wide * scale);
    canvas.height = Math.round(high * scale);
    const drawn = canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(source, 0, 0, canvas.width, canvas.height);
    return drawn.getImageData(0, 0, canvas.width, canvas.height);
  }

  function read(picture) {
    if (!worker) {
      worker = new Worker(box.dataset.worker);
      worker.postMessage({ decoder: box.dataset.decoder });
    }
    return new Promise((done, fail) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = fail;
      const { data, width, height } = picture;
      worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer]);
    });
  }

  function use(text) {
    input.value = text.slice(0, 200);
    input.form.requestSubmit();
  }

  async function camera() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      return tell("没有打开相机。可以选一张有码的图片，或者在下面输入码。");
    }
    const stop = () => stream.getTracks().forEach((track) => track.stop());
    addEventListener("pagehide", stop);
    video.srcObject = stream;
    video.hidden = false;
    open.hidden = true;
    tell("把码放进画面里。");
    try {
      await video.play();
      let text = "";
      while (!text) {
        await new Promise(requestAnimationFrame);
        if (video.videoWidth) text = await read(pixels(video, video.videoWidth, video.videoHeight));
      }
      use(text);
    } catch {
      tell("读不出码，可以在下面输入。");
    } finally {
      stop();
      video.hidden = true;
    }
  }

  async function picture() {
    const [chosen] = file.files;
    if (!chosen) return;
    try {
      const seen = await createImageBitmap(chosen);
      const text = await read(pixels(seen, seen.width, seen.height));
      if (text) return use(text);
      tell("这张图片里没有读到码，换一张，或者在下面输入。");
    } catch {
      tell("这张图片打不开，换一张，或者在下面输入。");
    }
    file.value = "";
  }

  if (open && navigator.mediaDevices) {
    open.hidden = false;
    open.addEventListener("click", camera);
  }
  picker.hidden = false;
  file.addEventListener("change", picture);
})();
