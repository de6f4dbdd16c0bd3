/* Unlocking: WebAuthn through real forms, and the 3×3 pattern. Biometrics stay on the device. */
(() => {
  "use strict";
  const SAID = {
    NotAllowedError: "没有完成验证。可以再试一次，或改用密码。",
    InvalidStateError: "这台设备已经设置过了。",
    NotSupportedError: "这台设备不支持，请改用密码或图案。",
    SecurityError: "当前网址不能使用指纹或面容，请改用密码。",
  };

  const bytes = (text) => Uint8Array.from(
    atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }));

  /* Browsers without the JSON helpers (before 2024-2025) get the same by hand. */
  function parse(kind, json) {
    const helper = window.PublicKeyCredential?.[
      kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
    if (helper) return helper.call(window.PublicKeyCredential, json);
    const options = { ...json, challenge: bytes(json.challenge) };
    if (kind === "create") {
      options.user = { ...json.user, id: bytes(json.user.id) };
      options.excludeCredentials = named(json.excludeCredentials);
    } else options.allowCredentials = named(json.allowCredentials);
    return options;
  }

  function plain(credential) {
    if (credential.toJSON) return credential.toJSON();
    const response = {};
    for (const key of ["clientDataJSON", "attestationObject", "authenticatorData", "signature",
      "userHandle"]) if (credential.response[key]) response[key] = text(credential.response[key]);
    const { id, type, authenticatorAttachment } = credential;
    return { id, rawId: text(credential.rawId), type, authenticatorAttachment, response,
      clientExtensionResults: credential.getClientExtensionResults() };
  }

  async function options(form) {
    const token = form.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    const answer = await fetch(form.dataset.options, {
      method: "POST", credentials: "same-origin",
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    if (!answer.ok) throw new Error("options");
    return answer.json();
  }

  async function verify(form) {
    const kind = form.dataset.webauthn;
    const said = form.querySelector("[data-said]");
    form.setAttribute("aria-busy", "true");
    if (said) said.textContent = "请在设备上完成验证";
    try {
      if (!window.PublicKeyCredential) throw new DOMException("", "NotSupportedError");
      const json = await options(form);
      const publicKey = parse(kind, json.publicKey || json);
      const credential = await navigator.credentials[kind]({ publicKey });
      form.elements.credential.value = JSON.stringify(plain(credential));
      form.submit();
    } catch (error) {
      if (said) said.textContent = SAID[error.name] || "没有连上，请再试一次，或改用密码。";
      delete form.dataset.sent;
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  for (const form of document.querySelectorAll("form[data-webauthn]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!form.hasAttribute("aria-busy")) verify(form);
    });
  }

  const LEAST = 4;
  const name = (place) => place.dataset.dot;

  for (const board of document.querySelectorAll("[data-pattern]")) {
    const input = document.getElementById(board.dataset.pattern);
    const dots = [...board.querySelectorAll("[data-dot]")];
    const line = board.querySelector("polyline");
    const svg = board.querySelector("svg");
    const said = board.parentElement.querySelector(".pattern-said");
    let path = [];
    let stroke = null;
    /* Pointer presses are handled as they happen; the click that follows must not count twice. */
    let handled = false;

    const centre = (number) => {
      const circle = dots[number - 1].querySelector("circle");
      return [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))];
    };
    const draw = (end) => {
      const points = path.map(centre);
      if (end && points.length) points.push(end);
      line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
      for (const dot of dots) {
        const on = path.includes(name(dot));
        dot.classList.toggle("on", on);
        dot.setAttribute("aria-pressed", String(on));
      }
      input.value = path.join("");
      const short = path.length && path.length < LEAST;
      said.textContent = short ? `至少连 ${LEAST} 个点` : path.length ? `已连 ${path.length} 个点` : "";
    };
    const add = (number) => {
      const last = path.at(-1);
      if (path.includes(number)) return;
      if (last) {
        /* A line across a dot takes that dot along, as phones do. */
        const middle = (Number(last) + Number(number)) / 2;
        const [a, b] = [centre(last), centre(number)];
        const whole = [0, 1].every((axis) => Math.abs(a[axis] - b[axis]) % 176 === 0);
        if (whole && !path.includes(String(middle))) path.push(String(middle));
      }
      path.push(number);
    };
    const under = (event) => {
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    };
    const near = (point) => dots.find((dot) => {
      const [x, y] = centre(name(dot));
      return Math.hypot(x - point[0], y - point[1]) <= 30;
    });

    board.addEventListener("pointerdown", (event) => {
      const dot = near(under(event));
      if (!dot) return;
      stroke = { start: name(dot), moved: false };
      handled = true;
      board.setPointerCapture(event.pointerId);
    });
    board.addEventListener("pointermove", (event) => {
      if (!stroke) return;
      const point = under(event);
      const dot = near(point);
      if (dot && name(dot) !== stroke.start && !stroke.moved) {
        /* A drawn line starts over; single taps add to what is there. */
        path = [stroke.start];
        stroke.moved = true;
      }
      if (dot && stroke.moved) add(name(dot));
      if (stroke.moved) draw(point);
    });
    const end = () => {
      if (stroke && !stroke.moved) add(stroke.start);
      stroke = null;
      draw();
    };
    board.addEventListener("pointerup", end);
    board.addEventListener("pointercancel", end);
    board.addEventListener("click", (event) => {
      const dot = event.target.closest("[data-dot]");
      if (dot && !handled) { add(name(dot)); draw(); }
      handled = false;
    });
    board.addEventListener("keydown", (event) => {
      const dot = event.target.closest("[data-dot]");
      if (!dot || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      add(name(dot));
      draw();
    });
    const clear = () => { path = []; draw(); };
    board.closest("form")?.addEventListener("reset", () => setTimeout(clear));
    input.addEventListener("input", () => {
      path = [...new Set(input.value.replace(/[^1-9]/g, ""))];
      draw();
    });
  }
})();
