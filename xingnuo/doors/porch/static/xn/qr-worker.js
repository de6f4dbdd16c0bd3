/* Reads a code from a picture, beside the page. The first message says where the decoder is. */
"use strict";
onmessage = ({ data }) => {
  if (data.decoder) return importScripts(data.decoder);
  const { pixels, width, height } = data;
  const found = jsQR(new Uint8ClampedArray(pixels), width, height);
  postMessage(found ? found.data : "");
};
