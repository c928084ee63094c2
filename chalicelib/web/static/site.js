/* Three things, each of which the portal can do without: warn before a session ends, leave in a hurry, show errors first. */
(() => {
  const { base, left, warn, exit } = document.currentScript.dataset;
  const find = (selector) => document.querySelector(selector);
  const form = find("main form:has(textarea, input:not([type=hidden]))");
  const here = location.pathname.slice(base.length) + location.search;
  let typed = false;
  form?.addEventListener("input", () => (typed = true));
  find("#errors")?.focus();

  const token = () => find("input[name=_token]")?.value || "";
  const fields = () => new URLSearchParams(typed ? new FormData(form) : {});

  /* Away at once: nothing stays on the screen or under "back", the session ends, what was typed waits for its owner. */
  const leave = () => {
    document.documentElement.hidden = true;
    document.title = "…";
    if (left) {
      const sent = fields();
      sent.set("_token", token());
      sent.set("_path", location.pathname.slice(base.length));
      navigator.sendBeacon(base + "/session/end", sent);
    }
    location.replace(exit);
  };
  let presses = 0, last = 0;
  if (exit) {
    find(".exit").addEventListener("click", (event) => { event.preventDefault(); leave(); });
    addEventListener("keydown", (event) => {
      presses = event.key === "Escape" && event.timeStamp - last < 1500 ? presses + 1 : +(event.key === "Escape");
      last = event.timeStamp;
      if (presses === 3) leave();
    }, true);
  }
  if (!left) return;

  const dialog = find("#session");
  let ends, timer;
  const arm = (leftS, warnS) => {
    clearTimeout(timer);
    ends = Date.now() + leftS * 1000;
    timer = setTimeout(check, warnS * 1000);
  };
  /* Another window may have used the session meanwhile, and a telephone may have slept: the portal knows. */
  const check = async () => {
    let state;
    try { state = await (await fetch(base + "/session")).json(); }
    catch { return void (timer = setTimeout(check, 10000)); }
    if (!state.leftS) return over();
    if (state.warnS) { dialog.close(); return arm(state.leftS, state.warnS); }
    arm(state.leftS, Math.min(state.leftS, 30));
    const { lang } = document.documentElement, at = new Date(ends).toLocaleTimeString(lang, { timeStyle: "short" });
    const why = find("#session-why");
    why.textContent = why.dataset.text.replace("{}", lang === "nl" ? at.replace(":", ".") + " uur" : at);
    if (!dialog.open) dialog.showModal();
  };
  /* The form of a session that is over is kept for whoever filled it in, and not carried out. */
  const over = async () => {
    if (typed) await fetch(form.action, { method: "POST", body: fields(), redirect: "manual" }).catch(() => 0);
    location.replace(base + "/session/ended?next=" + encodeURIComponent(here));
  };
  const stay = async () => {
    await fetch(base + "/session/stay", { method: "POST", body: new URLSearchParams(), redirect: "manual" });
    check();
  };
  dialog.addEventListener("cancel", stay);
  find("#session-stay").addEventListener("submit", (event) => { event.preventDefault(); stay(); });
  document.addEventListener("visibilitychange", () => document.hidden || check());
  arm(+left, +warn);
})();
