// Solves ALTCHA challenges (PBKDF2/SHA-256). On a page it defines solveAltcha; loaded as a Web Worker it works for a page.
//
// solveAltcha(challenge, { progress, workerURL, signal }) promises the value of the form's field altcha. progress is called with an
// estimate of the part that is done, rising to 1: nobody but the server knows how many tries it takes. workerURL is where this file is
// served from the page's own origin. Where there is none, or the page may not make a worker, the page's own thread does the work,
// with breaks. signal is an AbortSignal that ends the work.
(() => {
  "use strict";

  // WebCrypto derives keys on threads of its own. A batch keeps several cores busy; between batches this thread may do other things.
  const batch = 8;

  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");

  // work tries the counters from 0 up and calls told with how many it has tried.
  const work = async (challenge, told, signal) => {
    const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
    if (!globalThis.crypto?.subtle) {
      throw new Error("This page has to be opened over HTTPS.");
    }
    if (algorithm !== "PBKDF2/SHA-256") {
      throw new Error("Unknown challenge: " + algorithm);
    }
    const { subtle } = globalThis.crypto;
    const nonceBytes = bytes(nonce);
    const saltBytes = bytes(salt);
    const derive = async (counter) => {
      const password = new Uint8Array(nonceBytes.length + 4);
      password.set(nonceBytes);
      new DataView(password.buffer).setUint32(nonceBytes.length, counter);
      const key = await subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      return hex(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: saltBytes, iterations: cost }, key, keyLength * 8));
    };
    for (let first = 0; first <= 0xffffffff; first += batch) {
      if (signal?.aborted) throw signal.reason;
      const counters = Array.from({ length: batch }, (_, i) => first + i);
      const keys = await Promise.all(counters.map(derive));
      const hit = keys.findIndex((key) => key.startsWith(keyPrefix));
      if (hit >= 0) {
        const solution = { counter: counters[hit], derivedKey: keys[hit] };
        return btoa(JSON.stringify({ challenge, solution }));
      }
      told(first + batch);
    }
    throw new Error("The challenge has no solution.");
  };

  if (typeof WorkerGlobalScope === "function") {
    globalThis.onmessage = async ({ data }) => {
      try {
        postMessage({ solved: await work(data, (tried) => postMessage({ tried })) });
      } catch (problem) {
        postMessage({ problem: problem.message });
      }
    };
    return;
  }

  // employ has a worker do the work. It promises null where there is no worker, be it that it cannot be made, loaded or kept.
  const employ = (workerURL, challenge, told, signal) => new Promise((resolve, reject) => {
    let worker;
    try {
      worker = new Worker(workerURL);
    } catch {
      resolve(null);
      return;
    }
    const end = (settle, value) => {
      worker.terminate();
      signal?.removeEventListener("abort", stop);
      settle(value);
    };
    const stop = () => end(reject, signal.reason);
    worker.onerror = (event) => {
      event.preventDefault();
      end(resolve, null);
    };
    worker.onmessage = ({ data }) => {
      if (data.tried) {
        told(data.tried);
      } else if (data.solved) {
        end(resolve, data.solved);
      } else {
        end(reject, new Error(data.problem));
      }
    };
    signal?.addEventListener("abort", stop);
    worker.postMessage(challenge);
  });

  globalThis.solveAltcha = async (challenge, { progress = () => {}, workerURL, signal } = {}) => {
    if (signal?.aborted) throw signal.reason;
    let most = 0; // who takes over from a worker that broke starts anew
    const told = (tried) => {
      if (tried <= most) return;
      most = tried;
      progress(tried / (tried + 100)); // a hundred tries are half of what the default difficulty takes on average
    };
    const solved = (workerURL && await employ(workerURL, challenge, told, signal)) || await work(challenge, told, signal);
    progress(1);
    return solved;
  };
})();
