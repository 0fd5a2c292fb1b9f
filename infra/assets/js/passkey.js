// Forms that a passkey answers: the challenge is fetched when it is needed, the answer travels in the form.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const written = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (known = []) => known.map((one) => ({ ...one, id: bytes(one.id) }));

const use = async (options) => {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  const said = { clientDataJSON: written(clientDataJSON), authenticatorData: written(authenticatorData), signature: written(signature) };
  if (userHandle) said.userHandle = written(userHandle);
  return { id, rawId: written(rawId), type, clientExtensionResults: {}, response: said };
};

const setUp = async (options) => {
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials) };
  const { id, rawId, type, response } = await navigator.credentials.create({ publicKey });
  const said = { clientDataJSON: written(response.clientDataJSON), attestationObject: written(response.attestationObject) };
  return { id, rawId: written(rawId), type, clientExtensionResults: {}, response: said };
};

const answer = async (form) => {
  const asked = await fetch(form.dataset.challenge, { headers: { Accept: "application/json" } });
  if (asked.redirected) return location.assign(form.dataset.expired || location.href);
  if (!asked.ok) throw new Error(`${asked.status}`);
  const { options, state } = await asked.json();
  const credential = await (form.dataset.passkey === "use" ? use : setUp)(options);
  form.elements.credential.value = JSON.stringify(credential);
  form.elements.state.value = state;
  return form.submit();
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[type=submit]");
    const failure = form.querySelector("[role=alert]");
    for (const without of form.parentElement.querySelectorAll("[data-without-passkey]")) without.hidden = true;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failure.textContent = "";
      failure.hidden = true;
      button.disabled = true;
      try {
        await answer(form);
      } catch (error) {
        failure.textContent = error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed;
        failure.hidden = false;
      } finally {
        button.disabled = false;
      }
    });
  }
}
