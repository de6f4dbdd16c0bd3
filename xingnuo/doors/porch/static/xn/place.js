/* Fills a form's place from the device, once, by the person's tap; without it both are typed. */
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-place]")) {
    const { latitude, longitude } = form.elements;
    const said = form.querySelector("[data-said]");
    const typed = form.querySelector("details");
    const fill = (then) => {
      if (!navigator.geolocation) return miss();
      said.textContent = "正在取位置……";
      navigator.geolocation.getCurrentPosition((found) => {
        latitude.value = found.coords.latitude.toFixed(5);
        longitude.value = found.coords.longitude.toFixed(5);
        said.textContent = "已取到位置。";
        then?.();
      }, miss, { timeout: 10000, maximumAge: 60000, enableHighAccuracy: true });
    };
    const miss = () => {
      said.textContent = "没有取到位置，可以在下面手动填写。";
      if (typed) typed.open = true;
    };
    form.querySelector("[data-fill]")?.addEventListener("click", () => fill());
    form.addEventListener("submit", (event) => {
      if (latitude.value && longitude.value) return;
      event.preventDefault();
      fill(() => form.requestSubmit());
    });
  }
})();
