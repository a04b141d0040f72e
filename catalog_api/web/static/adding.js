// Adding a source without leaving the page: the form is sent in the background and the answer is put in its place, so that the
// token and the secrets that were typed stay in their fields. Without this file the same form is sent as usual.
"use strict";

(() => {
  const secrets = "input[type=password]";
  const kept = new Map();

  const put = (fresh) => {
    document.querySelector("main").replaceChildren(...[...fresh.querySelector("main").childNodes].map((node) => document.adoptNode(node)));
    document.title = fresh.title;
    document.querySelectorAll(secrets).forEach((field) => { field.value = kept.get(field.id) || ""; });
    const next = document.querySelector("#problems") || document.querySelector("#found");
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "start" });
    }
  };

  const wait = (form, button) => {
    form.setAttribute("aria-busy", "true");
    const note = document.createElement("p");
    note.className = "note busy";
    note.setAttribute("role", "status");
    note.textContent = form.dataset.busy;
    button.after(note);
    form.querySelectorAll("button").forEach((one) => { one.disabled = true; });
    return () => {
      form.removeAttribute("aria-busy");
      note.remove();
      form.querySelectorAll("button").forEach((one) => { one.disabled = false; });
    };
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form.adding")) return;
    event.preventDefault();
    const button = event.submitter || form.querySelector("button");
    const body = new FormData(form, button);
    form.querySelectorAll(secrets).forEach((field) => kept.set(field.id, field.value));
    const ready = wait(form, button);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      if (answer.redirected) {
        kept.clear();
        location.assign(answer.url);
        return;
      }
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      ready();
      const hidden = document.createElement("input");  // the network failed: the browser says so itself
      Object.assign(hidden, { type: "hidden", name: "do", value: button.value });
      form.append(hidden);
      form.submit();
    }
  });
})();
