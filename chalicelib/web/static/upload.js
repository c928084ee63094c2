/* Files go straight to where they are kept, with their progress shown; without this script the form itself carries them. */
(() => {
  const files = document.querySelector("#files"), input = document.querySelector("#file"), news = document.querySelector("#file-news");
  if (!files || !input || !crypto.subtle) return;
  const { address, sending, checking, done, failed, busy } = files.dataset;
  const token = input.form.querySelector("[name=_token]").value;
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let open = 0;
  document.querySelector("#file-add").remove();

  /* One request to the bucket; XMLHttpRequest, because fetch does not tell how far it is. */
  const send = (url, fields, file, progress) => new Promise((resolve, reject) => {
    const body = new FormData(), request = new XMLHttpRequest();
    for (const name in fields) body.append(name, fields[name]);
    body.append("file", file);
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => (request.status < 300 ? resolve() : reject());
    request.onerror = reject;
    request.open("POST", url);
    request.send(body);
  });
  /* The permission is for these bytes and no others. */
  const fingerprint = async (file) => {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const refresh = async () => {
    const state = await (await fetch(address)).json();
    files.innerHTML = state.html;
    return state.awaited;
  };
  const upload = async (file) => {
    const line = document.createElement("p"), text = document.createElement("span"), bar = document.createElement("progress");
    const say = (words, part = "") => (text.textContent = words.replace("{name}", file.name).replace("{done}", part));
    let told = -1;
    bar.max = 1;
    bar.setAttribute("aria-label", file.name);
    line.append(text, " ", bar);
    news.append(line);
    try {
      const facts = { name: file.name, type: file.type, size: file.size };
      if (file.size <= files.dataset.most) facts.sha256 = await fingerprint(file);
      const fields = new URLSearchParams({ _token: token, ...facts });
      const reply = await fetch(address, { method: "POST", body: fields });
      const asked = await reply.json();
      if (!reply.ok) return void ((say(file.name + ": " + asked.error + ".")), bar.remove());
      await send(asked.url, asked.fields, file, (part) => {
        bar.value = part;
        if (Math.floor(part * 4) > told) say(sending, Math.round(part * 100) + "%");
        told = Math.floor(part * 4);
      });
      say(checking);
      bar.removeAttribute("value");
      for (let tries = 0; tries < 30 && (await refresh()).includes(asked.id); tries++) await wait(400 + 100 * tries);
      say(done);
    } catch { say(file.name + ": " + failed + "."); }
    bar.remove();
  };
  input.addEventListener("change", async () => {
    const chosen = [...input.files];
    input.value = "";
    open++;
    for (const file of chosen) await upload(file);
    open--;
  });
  input.form.addEventListener("submit", (event) => {
    if (!open) return;
    event.preventDefault();
    news.append(Object.assign(document.createElement("p"), { textContent: busy + "." }));
  });
})();
