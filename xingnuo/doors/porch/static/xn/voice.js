/* Voice: the microphone runs while the button is held, and at no other time. Letting go sends. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-voice]");
  if (!form) return;
  const button = form.querySelector("[data-hold]");
  const said = form.querySelector("[role=status]");
  const most = Number(form.dataset.voice) * 1000;
  let held = false, recorder = null, timer = 0;

  const tell = (words) => { said.textContent = words; };
  const silence = (stream) => stream.getTracks().forEach((track) => track.stop());

  function send(parts, kind) {
    const sound = new Blob(parts, { type: kind });
    if (sound.size < 200) return tell("太短了，请按住再说一次");
    const files = new DataTransfer();
    files.items.add(new File([sound], "voice", { type: kind }));
    form.elements.voice.files = files.files;
    tell("正在发送");
    form.submit();
  }

  async function start() {
    if (held) return;
    held = true;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      held = false;
      return tell("没有打开麦克风，请打字");
    }
    /* Let go while the browser was still asking: nothing was said, nothing is recorded. */
    if (!held) return silence(stream);
    const parts = [];
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => { silence(stream); send(parts, recorder.mimeType); };
    recorder.start();
    button.setAttribute("aria-pressed", "true");
    tell("正在录，松开就发");
    timer = setTimeout(stop, most);
  }

  function stop() {
    held = false;
    clearTimeout(timer);
    button.removeAttribute("aria-pressed");
    if (recorder?.state === "recording") recorder.stop();
  }

  button.addEventListener("pointerdown", (event) => { event.preventDefault(); start(); });
  for (const name of ["pointerup", "pointercancel", "pointerleave", "blur"]) {
    button.addEventListener(name, stop);
  }
  button.addEventListener("keydown", (event) => {
    if ((event.key === " " || event.key === "Enter") && !event.repeat) {
      event.preventDefault();
      start();
    }
  });
  button.addEventListener("keyup", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
})();
