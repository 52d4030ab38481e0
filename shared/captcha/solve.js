// Solves an ALTCHA challenge (PBKDF2/SHA-256) and resolves to the value of the form's altcha field.
// progress, if given, is called with the number of counters tried so far.
//
// WebCrypto derives keys off the main thread, so the page stays alive; a batch keeps several cores busy.
async function solveAltcha(challenge, progress) {
  "use strict";
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  if (!globalThis.crypto || !globalThis.crypto.subtle) {
    throw new Error("This page has to be opened over HTTPS.");
  }
  if (algorithm !== "PBKDF2/SHA-256") {
    throw new Error("Unknown challenge: " + algorithm);
  }
  const { subtle } = globalThis.crypto;
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

  const nonceBytes = bytes(nonce);
  const saltBytes = bytes(salt);
  const derive = async (counter) => {
    const password = new Uint8Array(nonceBytes.length + 4);
    password.set(nonceBytes);
    new DataView(password.buffer).setUint32(nonceBytes.length, counter);
    const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    return hex(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: saltBytes, iterations: cost }, key, keyLength * 8));
  };

  const batch = 8;
  for (let first = 0; first <= 0xffffffff; first += batch) {
    const counters = Array.from({ length: batch }, (_, i) => first + i);
    const keys = await Promise.all(counters.map(derive));
    const hit = keys.findIndex((key) => key.startsWith(keyPrefix));
    if (hit >= 0) {
      const solution = { counter: counters[hit], derivedKey: keys[hit] };
      return btoa(JSON.stringify({ challenge, solution }));
    }
    if (progress) {
      progress(first + batch);
    }
  }
  throw new Error("The challenge has no solution.");
}
