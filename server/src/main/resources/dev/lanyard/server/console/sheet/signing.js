// Signs in the browser what somebody decides about a review or a version of the role library. A private key is read from a file or kept here;
// what is sent is what was shown, with its signature. Pages work without it: then they say the command to type.
"use strict";

{
  const CURVE = { name: "ECDSA", namedCurve: "P-256" };
  const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
  const REVIEW = "lanyard-review-statement+jwt";
  // Object identifiers of DER: PBKDF2 with HMAC-SHA-256, and AES-256 in CBC mode.
  const HMAC_SHA256 = "2a864886f70d0209";
  const AES_256_CBC = "60864801650304012a";
  const MOST_ITERATIONS = 10_000_000;

  const utf8 = (text) => new TextEncoder().encode(text);
  const bytes = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const hex = (content) => Array.from(content, (one) => one.toString(16).padStart(2, "0")).join("");
  const base64url = (content) =>
    btoa(Array.from(new Uint8Array(content), (one) => String.fromCharCode(one)).join(""))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  // The keys that this browser keeps, by person.
  function keys(mode, work) {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("lanyard", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("keys", mode);
        const request = work(transaction.objectStore("keys"));
        transaction.oncomplete = () => {
          opening.result.close();
          resolve(request.result);
        };
        transaction.onabort = () => reject(transaction.error);
      };
    });
  }

  // The elements in an element of DER.
  function elements(content) {
    const all = [];
    for (let at = 0; at < content.length; ) {
      let begin = at + 2;
      let length = content[at + 1];
      if (length > 127) {
        const more = length - 128;
        length = content.subarray(begin, begin + more).reduce((sum, one) => sum * 256 + one, 0);
        begin += more;
      }
      all.push(content.subarray(begin, begin + length));
      at = begin + length;
    }
    return all;
  }

  // A key of `lanyard approver key`: a JWK, or its public half beside PKCS#8 under PBES2.
  async function privateJwk(text, passphrase) {
    if (!text.includes("BEGIN ENCRYPTED PRIVATE KEY")) {
      return JSON.parse(text);
    }
    const [, jwk] = /Public-Key: (\{[^\n]*\})/.exec(text);
    const [, pem] = /-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END/.exec(text);
    const [algorithm, sealed] = elements(elements(bytes(pem.replace(/\s/g, "")))[0]);
    const [derivation, cipher] = elements(elements(algorithm)[1]);
    const [salt, count, ...others] = elements(elements(derivation)[1]);
    const [cipherName, iv] = elements(cipher);
    const iterations = count.reduce((sum, one) => sum * 256 + one, 0);
    const [hash] = elements(others.at(-1));
    if (hex(hash) !== HMAC_SHA256 || hex(cipherName) !== AES_256_CBC || iterations > MOST_ITERATIONS) {
      throw new Error("encrypted in another way");
    }
    const secret = await crypto.subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret, { name: "AES-CBC", length: 256 }, false, ["decrypt"]);
    const open = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, key, sealed));
    const number = elements(elements(elements(elements(open)[0])[2])[0])[1];
    const fixed = new Uint8Array(32);
    fixed.set(number, 32 - number.length);
    return { ...JSON.parse(jwk), d: base64url(fixed) };
  }

  // The key that signs: of the file that was chosen, else of this browser.
  async function signer(form) {
    const file = form.querySelector("[data-file]").files[0];
    if (!file) {
      const own = await keys("readonly", (store) => store.get(form.dataset.person));
      if (!own) {
        throw new Error("Choose your key file first.");
      }
      return own;
    }
    let jwk;
    let key;
    try {
      jwk = await privateJwk((await file.text()).trim(), form.querySelector("[data-passphrase]").value);
      const { x, y, d } = jwk;
      key = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x, y, d }, CURVE, false, ["sign"]);
    } catch {
      throw new Error("This is not a key of 'lanyard approver key', or its passphrase is another one.");
    }
    return { key, x: jwk.x };
  }

  // Asks the server again before anything is signed: what time it is there, as what this computer takes for the time does
  // not matter; whether somebody is signed in still; and whether what was read is what is there. What was written stays.
  async function refresh(form) {
    const answer = await fetch(location.href, { redirect: "error" }).catch(() => undefined);
    if (!answer?.ok) {
      throw new Error("You are not signed in any more, or the server does not answer. Sign in in another window, and show it again.");
    }
    const page = parsed(await answer.text());
    const fresh = [...page.querySelectorAll("form[data-signs]")]
      .find((one) => one.getAttribute("action") === form.getAttribute("action"));
    const stood = (root) => [...root.querySelectorAll("[data-item]")].map((item) => item.dataset.stood).join();
    const said = ["pack", "about", "claims"];
    if (!fresh || said.some((one) => fresh.dataset[one] !== form.dataset[one]) || stood(fresh) !== stood(form)) {
      throw new Error("Something was decided or signed meanwhile. Open the page again and read it.");
    }
    form.dataset.at = fresh.dataset.at;
    form.dataset.key = fresh.dataset.key;
    form.querySelector("[name=form_token]").value = fresh.querySelector("[name=form_token]").value;
  }

  function statement(form, about, ruling, rationale) {
    if (!rationale.trim()) {
      throw new Error("A rationale that says nothing is none: write why.");
    }
    const { installation, signs, review, pack, name, claims } = form.dataset;
    const iat = Math.floor(Date.parse(form.dataset.at) / 1000);
    // Of a step about the role library the page says everything but why and when.
    if (claims) {
      return { ...JSON.parse(claims), rationale, iat };
    }
    return { aud: installation, kind: signs, review, pack, about, ruling, sub: name, rationale, iat };
  }

  // What was chosen on the page: each statement with the decision that it takes the place of.
  function statements(form) {
    if (form.dataset.signs === "sign") {
      const rationale = form.querySelector("[data-rationale]").value;
      return [{ says: statement(form, form.dataset.about, "", rationale), stood: "" }];
    }
    const all = [...form.querySelectorAll("[data-item]")]
      .filter((item) => item.querySelector("[data-ruling]").value)
      .map((item) => ({
        says: statement(
          form,
          item.dataset.item,
          item.querySelector("[data-ruling]").value,
          item.querySelector("[data-rationale]").value),
        stood: item.dataset.stood,
      }));
    if (all.length === 0) {
      throw new Error("Decide about an item first.");
    }
    return all;
  }

  async function signed(says, key, typ) {
    const input = `${base64url(utf8(JSON.stringify({ alg: "ES256", typ })))}.${base64url(utf8(JSON.stringify(says)))}`;
    return `${input}.${base64url(await crypto.subtle.sign(SIGNATURE, key, utf8(input)))}`;
  }

  function attend(form) {
    const shown = form.querySelector("[data-shown]");
    const problem = form.querySelector("[data-problem]");
    let all = [];
    const attempt = async (work) => {
      problem.textContent = "";
      try {
        await work();
      } catch (error) {
        problem.textContent = error.message;
      }
    };
    const steps = {
      rest() {
        for (const item of form.querySelectorAll("[data-item]")) {
          if (!item.dataset.stood && !item.querySelector("[data-ruling]").value) {
            item.querySelector("[data-ruling]").value = form.querySelector("#rest-ruling").value;
            item.querySelector("[data-rationale]").value = form.querySelector("#rest-rationale").value;
          }
        }
        shown.hidden = true;
      },
      async show() {
        shown.hidden = true;
        statements(form);
        await refresh(form);
        all = statements(form);
        form.querySelector("[data-statements]").textContent =
          all.map((one) => JSON.stringify(one.says, null, 2)).join("\n\n");
        const own = await keys("readonly", (store) => store.get(form.dataset.person));
        form.querySelector("[data-own]").hidden = own?.x !== form.dataset.key;
        shown.hidden = false;
        form.querySelector("[data-statements]").focus();
      },
    };
    form.addEventListener("click", (event) => {
      const step = event.target.dataset?.step;
      if (step) {
        attempt(steps[step]);
      }
    });
    // What is changed after it was shown is shown again before it is signed.
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-ruling], [data-rationale]")) {
        shown.hidden = true;
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      attempt(async () => {
        if (shown.hidden) {
          throw new Error("Look at what you sign first.");
        }
        const { key, x } = await signer(form);
        if (x !== form.dataset.key) {
          throw new Error(`This is not the key that the approvers file has for ${form.dataset.name}.`);
        }
        // All or nothing: what a first attempt left in the form would be sent twice by the second.
        const signatures = [];
        for (const { says, stood } of all) {
          signatures.push(`${await signed(says, key, form.dataset.type ?? REVIEW)} ${stood}`.trim());
        }
        for (const [number, value] of signatures.entries()) {
          const field = document.createElement("input");
          field.type = "hidden";
          field.name = `statement-${number}`;
          field.value = value;
          form.append(field);
        }
        form.submit();
      });
    });
  }

  async function keep(place) {
    const { person, name, key } = place.dataset;
    const problem = place.querySelector("[data-problem]");
    async function show() {
      const own = await keys("readonly", (store) => store.get(person));
      place.querySelector("[data-none]").hidden = Boolean(own);
      place.querySelector("[data-have]").hidden = !own;
      if (own) {
        const jwk = JSON.stringify({ kty: "EC", crv: "P-256", x: own.x, y: own.y, use: "sig", alg: "ES256" });
        place.querySelector("[data-says]").textContent =
          own.x === key
            ? "This browser has your key: what you decide here is signed by it."
            : "This browser has a key of yours that the approvers file does not have.";
        place.querySelector("[data-entry]").textContent =
          `  - name: ${JSON.stringify(name)}\n    may: [review]\n    key: ${jwk}`;
      }
    }
    const steps = {
      async make() {
        const pair = await crypto.subtle.generateKey(CURVE, false, ["sign"]);
        const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
        await keys("readwrite", (store) => store.add({ key: pair.privateKey, x, y }, person));
      },
      forget: () => keys("readwrite", (store) => store.delete(person)),
    };
    place.addEventListener("click", async (event) => {
      const step = event.target.dataset?.step;
      if (step) {
        problem.textContent = "";
        await steps[step]().then(show).catch((error) => {
          problem.textContent = error.message;
        });
      }
    });
    await show().catch((error) => {
      problem.textContent = error.message;
    });
  }

  document.querySelectorAll("form[data-signs]").forEach(attend);
  document.querySelectorAll("[data-keys]").forEach(keep);
  document.querySelectorAll(".scripted").forEach((part) => {
    part.hidden = false;
  });
}
