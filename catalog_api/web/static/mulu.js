// What sharpens the pages: suggestions while typing, a slider over years, a map to draw on, a check that answers by
// itself. A run that moves is `live.js`, adding a source `adding.js`.
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
  document.querySelectorAll("form.find input[data-suggestions]").forEach((box, number) => {
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
      box.value = option.dataset.words;
      close();
      box.form.submit();
    };
    const show = (items) => {
      list.replaceChildren(...items.map((item, at) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.append(item.words);
        option.dataset.words = item.words;
        if (item.name) option.dataset.name = item.name;
        const kind = document.createElement("small");
        kind.textContent = box.dataset[item.kind] || "";
        option.append(" ", kind);
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
      else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen < 0 ? -1 : chosen - 1); }
      else if (event.key === "Escape") { close(); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); go(list.children[chosen]); }
    });
  });

  // Two sliders over the bars of a form of years; what they say stands in the two fields, which are what is sent.
  document.querySelectorAll("form.years[data-first]").forEach((form) => {
    const first = Number(form.dataset.first);
    const last = Number(form.dataset.last);
    const fields = [...form.querySelectorAll("input[type=text]")];
    if (last <= first) return;
    const slider = document.createElement("div");
    slider.className = "slider";
    const knobs = fields.map((field, end) => {
      const knob = document.createElement("input");
      Object.assign(knob, { type: "range", min: first, max: last, step: 1 });
      knob.setAttribute("aria-label", field.labels[0].textContent.trim());
      knob.value = field.value.slice(0, 4) || (end ? last : first);
      return knob;
    });
    const bars = [...form.querySelectorAll(".bars rect")];
    const shade = () => bars.forEach((bar, at) => {
      bar.classList.toggle("pale", first + at < Number(knobs[0].value) || first + at > Number(knobs[1].value));
    });
    knobs.forEach((knob, end) => knob.addEventListener("input", () => {
      const other = Number(knobs[1 - end].value);
      knob.value = end ? Math.max(knob.value, other) : Math.min(knob.value, other);
      fields[end].value = Number(knob.value) === (end ? last : first) ? "" : knob.value;
      shade();
    }));
    fields.forEach((field, end) => field.addEventListener("input", () => {
      knobs[end].value = field.value.slice(0, 4) || (end ? last : first);
      shade();
    }));
    slider.append(...knobs);
    form.querySelector(".ends").after(slider);
  });

  // A map to draw on: dragging makes a box, a click sets the point; both only fill the fields of the forms below.
  document.querySelectorAll("[data-map]").forEach((area) => {
    const map = area.querySelector("svg");
    const chosen = map.querySelector(".chosen");
    const field = (name) => area.querySelector(`[name=${name}]`);
    const view = map.viewBox.baseVal;
    const whole = { x: -180, y: -90, width: 360, height: 180 };
    area.querySelector(".zoom").hidden = false;
    map.classList.add("drawn");

    const place = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
      return { x: Math.min(180, Math.max(-180, at.x)), y: Math.min(90, Math.max(-90, at.y)) };
    };
    const draw = (kind, values) => {
      const shape = document.createElementNS("http://www.w3.org/2000/svg", kind);
      Object.entries(values).forEach(([name, value]) => shape.setAttribute(name, value));
      chosen.replaceChildren(shape);
    };
    const fill = (values) => Object.entries(values).forEach(([name, value]) => {
      field(name).value = String(Math.round(value * 1000) / 1000);
    });
    const box = (a, b) => {
      const [west, east] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
      const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
      draw("rect", { x: west, y: top, width: east - west, height: bottom - top });
      fill({ west, east, south: -bottom, north: -top });
    };
    const point = (at) => {
      const height = (Number(field("kilometres").value) || 50) / 111.195;
      const width = height / Math.max(0.02, Math.cos(at.y * Math.PI / 180));
      draw("ellipse", { cx: at.x, cy: at.y, rx: Math.min(180, width), ry: height });
      fill({ longitude: at.x, latitude: -at.y });
    };

    let start = null;
    map.addEventListener("pointerdown", (event) => {
      start = { ...place(event), left: event.clientX, top: event.clientY };
      map.setPointerCapture(event.pointerId);
    });
    map.addEventListener("pointermove", (event) => { if (start) box(start, place(event)); });
    map.addEventListener("pointerup", (event) => {
      if (!start) return;
      const moved = Math.hypot(event.clientX - start.left, event.clientY - start.top) > 5;
      if (moved) box(start, place(event)); else point(start);
      start = null;
    });
    map.addEventListener("pointercancel", () => { start = null; });

    const zoom = (factor) => {
      const [width, height] = [Math.min(whole.width, view.width * factor), Math.min(whole.height, view.height * factor)];
      const shape = chosen.firstElementChild?.getBBox();
      const middle = shape && factor < 1
        ? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 }
        : { x: view.x + view.width / 2, y: view.y + view.height / 2 };
      view.x = Math.max(whole.x, Math.min(middle.x - width / 2, whole.x + whole.width - width));
      view.y = Math.max(whole.y, Math.min(middle.y - height / 2, whole.y + whole.height - height));
      [view.width, view.height] = [width, height];
      map.classList.toggle("world", width > 120);
      map.querySelectorAll("text").forEach((text) => { text.style.fontSize = `${width / 25}px`; });
      map.querySelectorAll("circle").forEach((dot) => { dot.style.r = `${width / 130}px`; });
    };
    area.querySelector("[data-zoom=in]").addEventListener("click", () => zoom(0.5));
    area.querySelector("[data-zoom=out]").addEventListener("click", () => zoom(2));
  });

  // A menu closes when something else is looked at, and by Escape.
  document.querySelectorAll("details.menu").forEach((menu) => {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
    });
  });

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
