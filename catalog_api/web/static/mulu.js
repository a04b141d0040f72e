// What sharpens the pages: suggestions while typing, a run that moves, a check that answers by itself.
// Everything works without this file.
"use strict";

(() => {
  const later = (wait, act) => {
    let timer = 0;
    return (...given) => {
      clearTimeout(timer);
      timer = setTimeout(() => act(...given), wait);
    };
  };

  // Suggestions: the ARIA combobox pattern over /api/v1/suggest.
  document.querySelectorAll("form.find input[type=search]").forEach((box, number) => {
    const list = document.createElement("ul");
    list.id = `suggestions-${number}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.dataset.suggestions || "");
    list.hidden = true;
    box.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"], ["autocomplete", "off"]]) {
      box.setAttribute(name, value);
    }
    let chosen = -1;
    let asked = 0;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const choose = (index) => {
      const options = list.children;
      if (!options.length) return;
      chosen = (index + options.length) % options.length;
      [...options].forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      box.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };
    const go = (option) => {
      if (option.dataset.name) {
        location.href = `/dataset/${encodeURIComponent(option.dataset.name)}`;
        return;
      }
      box.value = option.textContent;
      close();
      box.form.submit();
    };
    const show = (items) => {
      list.replaceChildren(...items.map((item, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.textContent = item.words;
        if (item.name) option.dataset.name = item.name;
        option.addEventListener("mousedown", (event) => { event.preventDefault(); go(option); });
        return option;
      }));
      chosen = -1;
      list.hidden = !items.length;
      box.setAttribute("aria-expanded", String(!!items.length));
    };
    const ask = later(120, async () => {
      const words = box.value.trim().slice(0, 200);
      const turn = ++asked;
      if (!words) return close();
      try {
        const answer = await fetch(`/api/v1/suggest?q=${encodeURIComponent(words)}&limit=8`, { headers: { Accept: "application/json" } });
        if (!answer.ok || turn !== asked || document.activeElement !== box) return;
        const body = await answer.json();
        show(Array.isArray(body) ? body : body.items || []);
      } catch { close(); }
    });
    box.addEventListener("input", ask);
    box.addEventListener("blur", close);
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); go(list.children[chosen]); }
    });
  });

  // A run that is under way: fetch its page every two seconds and put the new numbers in; the page's own refresh is
  // only for browsers without scripts.
  const run = document.querySelector("[data-run]");
  if (run) {
    const step = async () => {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        if (answer.ok) {
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
          const next = fresh.querySelector("#run");
          if (next) document.querySelector("#run").replaceWith(document.adoptNode(next));
          if (!fresh.querySelector("[data-run]")) return;
        }
      } catch { /* the next step tries again */ }
      setTimeout(step, 2000);
    };
    setTimeout(step, 2000);
  }

  // A chosen file fills the text box's place, so that it is plain which of the two is checked.
  const form = document.querySelector("form.check");
  if (form) {
    const file = form.querySelector("input[type=file]");
    const area = form.querySelector("textarea");
    file.addEventListener("change", () => {
      area.disabled = file.files.length > 0;
    });
    // Live findings: what was pasted is checked after a pause, and the answer is put below the form.
    const place = document.querySelector("#findings");
    const check = later(700, async () => {
      if (!area.value.trim() || file.files.length) return;
      const body = new FormData(form);
      body.delete("file");
      try {
        const answer = await fetch(form.action, { method: "POST", body });
        if (!answer.ok && answer.status !== 422) return;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#findings");
        if (fresh) place.replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
      } catch { /* the button still works */ }
    });
    area.addEventListener("input", check);
  }
})();
