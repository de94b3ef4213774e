"use strict";
(() => {
  const root = document.documentElement, byId = id => document.getElementById(id);
  const kept = name => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* pages from the disk may have no storage */ } };
  const t = (english, chinese) => root.dataset.lang === "zh" ? chinese : english;
  const show = value => value === 0 ? "0" : String(+Number(value).toPrecision(6));
  const NS = "http://www.w3.org/2000/svg";
  const fill = (element, attributes, children) => {
    for (const [name, value] of Object.entries(attributes ?? {}))
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
    return element;
  };
  const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const s = (tag, attributes, ...children) => fill(document.createElementNS(NS, tag), attributes, children);

  const first = {
    tab: "race", lang: null, surface: "ravine", condition: 20, x: -7, y: 2, steps: 60, noise: 0, batch: 1, seed: 1, at: 60, chosen: 1,
    racers: [
      { name: "sgd", settings: { learning_rate: "0.95" } },
      { name: "momentum", settings: { learning_rate: "0.1" } },
      { name: "adagrad", settings: { learning_rate: "1.5" } },
      { name: "adam", settings: { learning_rate: "0.3" } },
    ],
    map: { low: -3, high: 0.5 },
    signals: { depth: 6, width: 100, activation: "tanh", initializer: "xavier_normal", gain: 1, seed: 1 },
  };
  let state = structuredClone(first), catalogue = null, call = null, answer = null, played = null;

  // The state lies in the address, so that a link shows the same.
  const write = () => {
    try { history.replaceState(null, "", "#" + encodeURIComponent(JSON.stringify({ ...state, lang: root.dataset.lang }))); } catch { /* some browsers allow so many changes in a time */ }
  };
  const read = () => {
    try {
      const text = decodeURIComponent(location.hash.slice(1));
      if (text.startsWith("{")) state = { ...structuredClone(first), ...JSON.parse(text) };
      else if (text === "en" || text === "zh") state.lang = text;
    } catch { state = structuredClone(first); }
  };
  const setLanguage = language => {
    root.dataset.lang = language;
    root.lang = language === "zh" ? "zh-Hans" : "en";
    keep("thalweg-language", language);
    byId("language").textContent = t("中文", "English");
    byId("title").textContent = t("Playground", "试验场");
    document.title = t("Thalweg playground", "Thalweg 试验场");
    document.querySelector("header nav a").href = "index.html#" + language;
    byId("theme").setAttribute("aria-label", t("Light or dark", "浅色或深色"));
  };

  function ask(name, request) {
    const result = JSON.parse(call(name, JSON.stringify(request)));
    if (result.error && !result.paths) throw new Error(result.error);
    return result;
  }
  const ground = () => ({
    surface: state.surface, condition: +state.condition, x: +state.x, y: +state.y, steps: +state.steps, noise: +state.noise,
    batch: +state.batch, seed: +state.seed,
  });
  const surfaceOf = () => catalogue.surfaces.find(item => item.name === state.surface) ?? catalogue.surfaces[0];
  const ruleOf = name => catalogue.optimizers.find(item => item.name === name);
  const momentumOf = rule => rule?.parameters.find(parameter => ["mu", "b1"].includes(parameter.name))?.name ?? "";
  const chosen = () => state.racers[Math.min(state.chosen, state.racers.length - 1)];
  const textOf = racer => {
    const settings = Object.entries(racer.settings ?? {});
    return settings.length ? `${racer.name}(${settings.map(([name, value]) => `${name}=${value}`).join(", ")})` : racer.name;
  };

  function slider(label, value, range, change, write = show) {
    const out = h("output", {}, write(+value));
    const input = h("input", { type: "range", min: range[0], max: range[1], step: range[2], value, oninput: () => {
      out.textContent = write(+input.value);
      change(+input.value);
    } });
    return h("label", {}, h("span", {}, label), input, out);
  }
  const logSlider = (label, value, low, high, change) => slider(label, Math.log10(Math.max(+value, 10 ** low)), [low, high, 0.01],
    power => change(+(10 ** power).toPrecision(3)), power => show(+(10 ** power).toPrecision(3)));
  const choice = (label, value, options, change) => h("label", { class: "short" }, h("span", {}, label), h("select", {
    onchange: event => change(event.target.value) },
    options.map(([name, text]) => h("option", { value: name, selected: name === value }, text))));
  const textBox = (label, value, change) => h("label", { class: "short" }, h("span", {}, label), h("input", { type: "text", value,
    spellcheck: "false", onchange: event => change(event.target.value.trim()) }));

  let pending = 0;
  const later = action => { cancelAnimationFrame(pending); pending = requestAnimationFrame(action); };

  // Drawing of the surface: bands of equal height, with lines between them.
  let drawn = null;
  function paint(canvas) {
    const key = [state.surface, state.condition, root.dataset.theme].join();
    if (drawn?.key !== key) {
      const columns = 121, rows = 91, width = 640, height = 480;
      const { bounds, values } = ask("surface", { surface: state.surface, condition: +state.condition, columns, rows });
      let low = Infinity, high = -Infinity;
      for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
      const image = new ImageData(width, height), dark = root.dataset.theme === "dark";
      const band = new Int16Array(width * height);
      for (let j = 0; j < height; j++)
        for (let i = 0; i < width; i++) {
          const u = i / (width - 1) * (columns - 1), v = (height - 1 - j) / (height - 1) * (rows - 1);
          const a = Math.min(Math.floor(u), columns - 2), b = Math.min(Math.floor(v), rows - 2), p = u - a, q = v - b;
          const at = b * columns + a;
          const value = (values[at] * (1 - p) + values[at + 1] * p) * (1 - q) + (values[at + columns] * (1 - p) + values[at + columns + 1] * p) * q;
          band[j * width + i] = Math.floor(Math.log1p(300 * (value - low) / (high - low || 1)) / Math.log(301) * 22);
        }
      for (let at = 0; at < band.length; at++) {
        const edge = band[at] !== band[at + 1] && (at + 1) % width || band[at] !== (band[at + width] ?? band[at]);
        const shade = band[at] / 22, base = dark ? [22 + 50 * shade, 28 + 58 * shade, 36 + 72 * shade] : [252 - 74 * shade, 252 - 56 * shade, 250 - 32 * shade];
        image.data.set([...base.map(value => edge ? value + (dark ? 26 : -30) : value), 255], at * 4);
      }
      drawn = { key, bounds, image };
    }
    canvas.width = 640;
    canvas.height = 480;
    canvas.getContext("2d").putImageData(drawn.image, 0, 0);
  }
  const toX = x => (x - drawn.bounds[0]) / (drawn.bounds[1] - drawn.bounds[0]) * 640;
  const toY = y => 480 - (y - drawn.bounds[2]) / (drawn.bounds[3] - drawn.bounds[2]) * 480;
  const clip = value => Math.max(-2000, Math.min(3000, value)).toFixed(2);

  function drawPaths(svg) {
    const parts = [];
    answer.paths.forEach((path, i) => {
      const last = Math.min(+state.at, path.x.length - 1);
      const points = path.x.map((x, j) => `${clip(toX(x))},${clip(toY(path.y[j]))}`);
      parts.push(s("polyline", { class: `path past c${i % 8}`, points: points.join(" ") }),
        s("polyline", { class: `path c${i % 8}`, points: points.slice(0, last + 1).join(" ") }),
        s("circle", { class: `head c${i % 8}`, cx: clip(toX(path.x[last])), cy: clip(toY(path.y[last])), r: i === state.chosen ? 8 : 6 }));
    });
    parts.push(s("path", { d: `M${toX(state.x) - 7} ${toY(state.y)}h14m-7 -7v14`, stroke: "currentColor", "stroke-width": 2 }));
    svg.replaceChildren(...parts, ...vectors());
  }

  let taken = null;
  function vectors() {
    if (!taken) return [];
    const [x, y] = taken.point, unit = 640 / (drawn.bounds[1] - drawn.bounds[0]), up = 480 / (drawn.bounds[3] - drawn.bounds[2]);
    const arrow = (kind, dx, dy, size) => {
      const length = Math.hypot(dx * unit, dy * up) || 1, scale = size ? size / length : 1;
      const [ex, ey] = [toX(x) + dx * unit * scale, toY(y) - dy * up * scale];
      return s("g", {}, s("line", { class: `arrow ${kind}`, x1: clip(toX(x)), y1: clip(toY(y)), x2: clip(ex), y2: clip(ey) }),
        s("circle", { class: `arrow ${kind}`, cx: clip(ex), cy: clip(ey), r: 3 }));
    };
    const parts = [];
    if (surfaceOf().isQuadratic)
      for (const [, ex, ey] of taken.eigen)
        parts.push(s("line", { class: "eigen", x1: clip(toX(x - 50 * ex)), y1: clip(toY(y - 50 * ey)), x2: clip(toX(x + 50 * ex)), y2: clip(toY(y + 50 * ey)) }));
    const terms = taken.rules.flatMap(rule => rule.terms.filter(term => !term.isFactor));
    const largest = Math.max(1e-300, ...terms.map(term => Math.hypot(term.x * unit, term.y * up)));
    for (const term of terms)
      parts.push(arrow(term.kind, -term.x, -term.y, 70 * Math.hypot(term.x * unit, term.y * up) / largest || 0.01));
    if (!terms.length) parts.push(arrow("gradient", -taken.gradient[0], -taken.gradient[1], 60));
    parts.push(arrow("update", taken.update[0], taken.update[1], 0));
    return parts;
  }

  // A chart of lines, by steps.
  function lines(series, isLog, label) {
    const all = series.flat().filter(value => Number.isFinite(value) && (!isLog || value > 0));
    const map = isLog ? value => Math.log10(Math.max(value, 1e-12)) : value => value;
    const low = Math.max(isLog ? -12 : -Infinity, Math.min(...all.map(map))), high = Math.max(...all.map(map)), count = Math.max(2, ...series.map(row => row.length));
    const x = i => 46 + i / (count - 1) * 306, y = value => 126 - (map(value) - low) / (high - low || 1) * 112;
    const tick = value => isLog ? (10 ** value).toExponential(0) : show(+value.toPrecision(3));
    const now = Math.min(+state.at, count - 1);
    return s("svg", { viewBox: "0 0 360 150", class: "chart", role: "img", "aria-label": label },
      s("line", { class: "axis", x1: 46, x2: 352, y1: 126, y2: 126 }), s("line", { class: "axis", x1: 46, x2: 46, y1: 14, y2: 126 }),
      s("text", { class: "tick end", x: 42, y: 18 }, tick(high)), s("text", { class: "tick end", x: 42, y: 126 }, tick(low)),
      s("text", { class: "tick end", x: 352, y: 142 }, String(count - 1)), s("text", { class: "tick", x: 46, y: 142 }, "0"),
      s("line", { class: "cursor", x1: x(now), x2: x(now), y1: 14, y2: 126 }),
      series.map((row, i) => s("polyline", { class: `line c${i % 8}`, points: row.map((value, j) => `${x(j).toFixed(1)},${y(value).toFixed(1)}`).join(" ") })));
  }

  const parts = {};
  function race() {
    try {
      answer = ask("race", { ground: ground(), racers: state.racers.map(({ name, settings }) => ({ name, settings })) });
      byId("state").textContent = "";
    } catch (error) {
      byId("state").textContent = error.message;
      return;
    }
    state.at = Math.min(+state.at, +state.steps);
    scrub();
  }
  function scrub() {
    write();
    if (!answer || !parts.svg?.isConnected) return;
    taken = null;
    const path = answer.paths[state.chosen], step = Math.min(Math.max(+state.at, 1), +state.steps);
    let message = path?.error ?? "";
    if (path && !path.error && step < path.x.length)
      try { taken = ask("step", { ground: ground(), racer: { name: chosen().name, settings: chosen().settings }, step }); } catch (error) { message = error.message; }
    paint(parts.canvas);
    drawPaths(parts.svg);
    parts.time.max = state.steps;
    parts.time.value = state.at;
    parts.timeText.textContent = state.at;
    parts.losses.replaceChildren(lines(answer.paths.map(item => item.values), true, t("Value by step", "各步的函数值")));
    parts.ranks.replaceChildren(...answer.paths.map((item, i) => h("tr", {}, h("th", { scope: "row" }, h("span", { class: `key c${i % 8}` }), item.text),
      h("td", {}, item.error ? h("span", { class: "error" }, item.error) : item.diverged ? t("diverged", "发散") : show(item.values[Math.min(state.at, item.values.length - 1)])),
      h("td", {}, item.error ? "" : `${show(item.x[Math.min(state.at, item.x.length - 1)])}, ${show(item.y[Math.min(state.at, item.y.length - 1)])}`))));
    parts.step.replaceChildren(...stepTable(message));
  }

  const kinds = {
    momentum: ["what momentum added", "动量所加"], gradient: ["the gradient's own share", "梯度自身的份额"],
    root: ["what the root divided by", "根号所除"], correction: ["factor of bias correction", "偏差修正的倍数"],
  };
  function stepTable(message) {
    if (!taken) return message ? [h("p", { class: "error" }, message)] : [];
    const pair = values => [h("td", {}, show(values[0])), h("td", {}, show(values[1] ?? ""))];
    const row = (name, values) => h("tr", {}, h("th", { scope: "row" }, name), pair(values));
    const rows = [row(t("point w", "点 w"), taken.point), row(t("slope of the surface", "曲面的梯度"), taken.slope),
      row(t("gradient g that the rules got", "规则收到的梯度 g"), taken.gradient)];
    for (const rule of taken.rules) {
      rows.push(h("tr", {}, h("th", { scope: "rowgroup", colspan: 3 }, h("code", {}, rule.rule), h("br"), h("span", { class: "formula-text soft" }, rule.formula))));
      for (const slot of rule.slots)
        rows.push(row(`${slot.name}: ${t("before", "之前")}`, slot.before), row(`${slot.name}: ${t("after", "之后")}`, slot.after));
      for (const term of rule.terms)
        rows.push(row(t(...kinds[term.kind]), [term.x, term.y]));
      rows.push(row(t("update u that it gave", "给出的更新 u"), rule.output));
    }
    rows.push(row(t("update of the weights", "权重的更新"), taken.update));
    if (surfaceOf().isQuadratic)
      taken.eigen.forEach(([value, x, y]) => rows.push(row(`${t("eigenvalue", "特征值")} ${show(value)}`, [x, y].map(part => Math.abs(part) < 1e-12 ? 0 : part))));
    return [h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": t("Terms of the update", "更新的各项") }, h("table", {}, h("thead", {}, h("tr", {},
      h("th", { scope: "col" }, t("term", "项")), h("th", { scope: "col" }, "x"), h("th", { scope: "col" }, "y"))), h("tbody", {}, rows)))];
  }

  function racerForm(racer, i) {
    const rule = ruleOf(racer.name), momentum = momentumOf(rule);
    const set = (name, value) => { delete racer.points?.[name]; (racer.settings ??= {})[name] = String(value); later(race); };
    const valueOf = name => racer.settings?.[name] ?? rule.parameters.find(parameter => parameter.name === name)?.default ?? "0";
    const isNumber = name => Number.isFinite(+valueOf(name));
    const content = [choice(t("rule", "规则"), racer.name, [...catalogue.optimizers.filter(item => !item.needsLayers).map(item => [item.name, item.name]),
      ...(rule ? [] : [[racer.name, racer.name]])], name => { state.racers[i] = { name, settings: {} }; render(); })];
    if (rule) {
      if (!racer.points?.learning_rate)
        content.push(isNumber("learning_rate")
          ? logSlider(t("rate", "学习率"), valueOf("learning_rate"), -4, 1, value => set("learning_rate", value))
          : textBox(t("rate", "学习率"), valueOf("learning_rate"), value => set("learning_rate", value)));
      if (momentum && !racer.points?.[momentum])
        content.push(isNumber(momentum) ? slider(`${t("momentum", "动量")} ${momentum}`, valueOf(momentum), [0, 0.999, 0.001], value => set(momentum, value))
          : textBox(`${t("momentum", "动量")} ${momentum}`, valueOf(momentum), value => set(momentum, value)));
      for (const name of ["b2", "rho", "decay"])
        if (rule.parameters.some(parameter => parameter.name === name) && isNumber(name))
          content.push(slider(name === "decay" ? t("weight decay", "权重衰减") : `${t("decay", "衰减")} ${name}`, valueOf(name), name === "decay" ? [0, 1, 0.01] : [0, 0.9999, 0.0001], value => set(name, value)));
      for (const parameter of rule.parameters.filter(item => item.choices.length && item.name !== "decay_scope"))
        content.push(choice(parameter.name, valueOf(parameter.name), parameter.choices.map(name => [name, name]), value => { set(parameter.name, value); render(); }));
      content.push(scheduleForm(racer, rule, momentum));
    }
    content.push(h("div", { class: "tools" },
      h("button", { type: "button", "aria-pressed": String(i === state.chosen), onclick: () => { state.chosen = i; render(); } }, t("step mode", "逐步查看")),
      state.racers.length > 1 ? h("button", { type: "button", onclick: () => { state.racers.splice(i, 1); state.chosen = 0; render(); } }, t("remove", "移除")) : null));
    let formula = "", source = "";
    try { const entry = ask("entry", textOf(racer)); formula = entry.formula; source = entry.source; } catch (error) { formula = error.message; }
    content.push(h("p", { class: "formula-text" }, formula.replaceAll("; ", "\n")), h("p", { class: "soft" }, source));
    return h("details", { open: i === state.chosen }, h("summary", {}, h("span", { class: `key c${i % 8}` }), racer.name), content);
  }

  // Schedules by kind, for the length of the race.
  const schedules = {
    constant: v => show(v), cosine: (v, n) => `cosine(${show(v)}, ${n})`, linear: (v, n) => `linear(${show(v)}, ${n})`,
    exponential: v => `exponential(${show(v)}, 0.97)`, inverse_time: v => `inverse_time(${show(v)}, 0.1)`,
    step: (v, n) => `step(${show(v)}, ${Math.max(1, Math.floor(n / 3))}, 0.3)`,
    warmup: (v, n) => `cosine(${show(v)}, ${n}, warmup=${Math.max(1, Math.floor(n / 5))})`,
  };
  function scheduleForm(racer, rule, momentum) {
    const form = name => {
      const text = racer.settings?.[name] ?? rule.parameters.find(parameter => parameter.name === name)?.default ?? "0.1";
      const value = Number.isFinite(+text) ? +text : +(/[\d.eE+-]+/.exec(text.slice(text.indexOf("(")))?.[0] ?? 0.1) || 0.1;
      const kind = racer.points?.[name] ? "points" : Number.isFinite(+text) ? "constant" : text.includes("warmup") ? "warmup" : text.split("(")[0];
      const names = [...Object.keys(schedules).map(item => [item, item]), ["points", t("points to drag", "可拖动的点")]];
      if (!names.some(([item]) => item === kind)) names.push([kind, kind]);
      const plot = h("div", {});
      if (kind === "points") plot.append(pointEditor(racer, name));
      else if (kind !== "constant")
        try { plot.append(lines([ask("schedule", { text, steps: +state.steps }).values], false, t("Schedule", "调度"))); } catch (error) { plot.append(h("p", { class: "error" }, error.message)); }
      const change = chosenKind => {
        delete racer.points?.[name];
        if (chosenKind === "points") {
          let values = null;
          try { values = kind === "constant" ? null : ask("schedule", { text, steps: +state.steps + 1 }).values; } catch { /* the points begin at the value instead */ }
          const at = step => +(values?.[step] ?? value).toPrecision(3), middle = Math.round(state.steps / 2);
          (racer.points ??= {})[name] = [...new Set([0, middle, +state.steps])].map(step => [step, at(step)]);
        }
        else if (schedules[chosenKind]) (racer.settings ??= {})[name] = schedules[chosenKind](value, +state.steps);
        else return;
        render();
      };
      return [choice(name, kind, names, change), plot];
    };
    return h("details", { open: Object.values(racer.settings ?? {}).some(value => String(value).includes("(")) }, h("summary", {}, t("schedules", "调度")), form("learning_rate"), momentum ? form(momentum) : null);
  }

  // A schedule as points: dragged, or moved with the arrow keys. The library joins them; the page moves points alone.
  const mostPoints = 8;
  function pointEditor(racer, name) {
    const isRate = name === "learning_rate", steps = Math.max(1, +state.steps), points = racer.points[name];
    const [low, high] = isRate ? [-4, 1] : [0, 0.999], up = value => isRate ? Math.log10(Math.max(value, 1e-4)) : value, down = height => +(isRate ? 10 ** height : height).toPrecision(3);
    const x = step => 46 + step / steps * 306, y = value => 126 - (Math.max(low, Math.min(high, up(value))) - low) / (high - low) * 112;
    const line = s("polyline", { class: "line c0" }), handles = s("g", {}), reading = h("p", { class: "reading", "aria-live": "polite" }), code = h("code", {});
    const svg = s("svg", { viewBox: "0 0 360 150", class: "chart editor", role: "group", "aria-label": `${t("Schedule as points", "由点组成的调度")}: ${name}` },
      s("line", { class: "axis", x1: 46, x2: 352, y1: 126, y2: 126 }), s("line", { class: "axis", x1: 46, x2: 46, y1: 14, y2: 126 }),
      s("text", { class: "tick end", x: 42, y: 18 }, show(down(high))), s("text", { class: "tick end", x: 42, y: 126 }, show(down(low))),
      s("text", { class: "tick end", x: 352, y: 142 }, String(steps)), s("text", { class: "tick", x: 46, y: 142 }, "0"), line, handles);
    let current = 0, values = [];
    const say = i => `${t("step", "步")} ${points[i][0]}: ${show(points[i][1])}`;
    const apply = () => {
      try {
        const joined = ask("points", { points: points.map(([step, value]) => ({ step, value })), steps: steps + 1 });
        (racer.settings ??= {})[name] = joined.text;
        values = joined.values;
        line.setAttribute("points", values.map((value, step) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(" "));
        code.textContent = `${name}=${joined.text}`;
        reading.textContent = say(current);
        write();
      } catch (error) { reading.textContent = error.message; }
      [...handles.children].forEach((handle, i) => {
        for (const [key, value] of Object.entries({ cx: x(Math.min(points[i][0], steps)).toFixed(1), cy: y(points[i][1]).toFixed(1), "aria-valuenow": points[i][1], "aria-valuetext": say(i) }))
          handle.setAttribute(key, value);
      });
      later(race);
    };
    // Steps rise from point to point; the first stays at step 0.
    const move = (i, step, height) => {
      const from = i === 0 ? 0 : points[i - 1][0] + 1, to = i === 0 ? 0 : (points[i + 1]?.[0] ?? steps + 1) - 1;
      points[i] = [Math.max(from, Math.min(to, Math.round(step))), down(Math.max(low, Math.min(high, height)))];
      current = i;
      apply();
    };
    const drag = i => event => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const box = svg.getBoundingClientRect();
      move(i, ((event.clientX - box.left) / box.width * 360 - 46) / 306 * steps, low + (126 - (event.clientY - box.top) / box.height * 150) / 112 * (high - low));
    };
    const press = i => event => {
      const [step, value] = points[i], height = up(value), fine = (high - low) / 100;
      const to = { ArrowUp: [step, height + fine], ArrowDown: [step, height - fine], PageUp: [step, height + 10 * fine], PageDown: [step, height - 10 * fine],
        ArrowRight: [step + 1, height], ArrowLeft: [step - 1, height], Home: [step, low], End: [step, high] }[event.key];
      if (event.key === "Delete" || event.key === "Backspace") remove(i);
      else if (to) move(i, ...to);
      else return;
      event.preventDefault();
    };
    const remove = i => {
      if (i === 0 || points.length < 3) return;
      points.splice(i, 1);
      current = i - 1;
      build();
      handles.children[current].focus();
    };
    const add = () => {
      if (points.length >= mostPoints) return;
      const ends = [...points.map(([step]) => step), steps + 1];
      let at = 0;
      for (let i = 1; i < points.length; i++)
        if (ends[i + 1] - ends[i] > ends[at + 1] - ends[at]) at = i;
      const step = Math.floor((ends[at] + ends[at + 1]) / 2);
      if (step === ends[at] || step > steps) return;
      points.splice(at + 1, 0, [step, +(values[step] ?? points[at][1]).toPrecision(3)]);
      current = at + 1;
      build();
      handles.children[current].focus();
    };
    const build = () => {
      handles.replaceChildren(...points.map((point, i) => s("circle", { class: "handle", r: 9, tabindex: 0, role: "slider", "aria-orientation": "vertical", "aria-valuemin": down(low), "aria-valuemax": down(high),
        "aria-label": `${name}, ${t("point", "点")} ${i + 1}`, onpointerdown: event => { event.currentTarget.setPointerCapture(event.pointerId); event.currentTarget.focus(); event.preventDefault(); },
        onpointermove: drag(i), onkeydown: press(i), onfocus: () => { current = i; reading.textContent = say(i); } })));
      apply();
    };
    build();
    return h("div", {}, svg, reading, h("p", { class: "soft" }, t("Drag a point, or move it with the arrow keys; Delete removes it.", "拖动点，或用方向键移动；Delete 键删除。")),
      h("div", { class: "tools" }, h("button", { type: "button", onclick: add }, t("add a point", "添加点")), h("button", { type: "button", onclick: () => remove(current) }, t("remove the point", "移除该点"))),
      h("p", { class: "formula-text" }, code));
  }

  // Rates that suit the surface: of some that the library tries, the one that lowers the value most.
  function bestRates() {
    const rates = Array.from({ length: 16 }, (_, i) => +(10 ** (-3 + i * 0.25)).toPrecision(2));
    for (const racer of state.racers) {
      if (!ruleOf(racer.name) || !Number.isFinite(+(racer.settings?.learning_rate ?? 0))) continue;
      try {
        const { outcomes, decades } = ask("map", { ground: ground(), racer: { name: racer.name, settings: racer.settings }, momentum: "", rates, momenta: [0] });
        let best = 0;
        outcomes.forEach((outcome, i) => { if (outcome < 3 && (outcomes[best] === 3 || decades[i] > decades[best])) best = i; });
        racer.settings = { ...racer.settings, learning_rate: String(rates[best]) };
      } catch { /* the race says what is wrong with it */ }
    }
  }

  function raceTab() {
    const place = (x, y) => { state.x = +x.toPrecision(5); state.y = +y.toPrecision(5); race(); };
    parts.canvas = h("canvas", { width: 640, height: 480, "aria-hidden": "true" });
    parts.svg = s("svg", { viewBox: "0 0 640 480", "aria-hidden": "true", onclick: event => {
      const box = parts.svg.getBoundingClientRect(), b = drawn.bounds;
      place(b[0] + (event.clientX - box.left) / box.width * (b[1] - b[0]), b[3] - (event.clientY - box.top) / box.height * (b[3] - b[2]));
    } });
    const stage = h("div", { class: "stage", tabindex: 0, role: "application", "aria-label": t("Surface: arrow keys move the start", "曲面：方向键移动起点"), onkeydown: event => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key], b = drawn.bounds;
      if (!move) return;
      event.preventDefault();
      place(+state.x + move[0] * (b[1] - b[0]) / 80, +state.y + move[1] * (b[3] - b[2]) / 80);
    } }, parts.canvas, parts.svg);
    parts.timeText = h("output", {});
    parts.time = h("input", { type: "range", min: 0, max: state.steps, step: 1, value: state.at, oninput: () => { state.at = +parts.time.value; later(scrub); } });
    const play = h("button", { type: "button", onclick: () => {
      if (played) { clearInterval(played); played = null; play.textContent = t("Play", "播放"); return; }
      if (+state.at >= +state.steps) state.at = 0;
      // Who asked for less motion gets the end at once.
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) { state.at = +state.steps; scrub(); return; }
      play.textContent = t("Pause", "暂停");
      played = setInterval(() => {
        if (!parts.time.isConnected || +state.at >= +state.steps) { clearInterval(played); played = null; play.textContent = t("Play", "播放"); return; }
        state.at = +state.at + 1;
        scrub();
      }, 80);
    } }, t("Play", "播放"));
    parts.losses = h("div", {});
    parts.ranks = h("tbody", {});
    parts.step = h("div", {});
    const set = name => value => { state[name] = value; later(race); };
    const entry = surfaceOf();
    return h("div", { class: "columns" },
      h("div", {}, stage,
        h("div", { class: "tools" }, play), h("label", {}, h("span", {}, t("step", "步")), parts.time, parts.timeText),
        parts.losses,
        h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": t("Standing", "名次") }, h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("optimizer", "优化器")), h("th", { scope: "col" }, t("value", "函数值")), h("th", { scope: "col" }, "x, y"))), parts.ranks)),
        h("h2", {}, t("The update, taken apart", "拆开一次更新")),
        h("p", { class: "soft" }, t("Of the optimizer in step mode, at the chosen step: black the update, green the gradient's share, purple what momentum added.", "所选优化器在所选步的更新：黑色为更新，绿色为梯度的份额，紫色为动量所加。")), parts.step),
      h("div", {},
        h("fieldset", {}, h("legend", {}, t("Surface", "曲面")),
          choice(t("surface", "曲面"), state.surface, catalogue.surfaces.map(item => [item.name, t(item.title.english, item.title.chinese)]), name => {
            const next = catalogue.surfaces.find(item => item.name === name);
            Object.assign(state, { surface: name, x: next.start[0], y: next.start[1], noise: next.noise });
            bestRates();
            render();
          }),
          entry.name === "ravine" ? logSlider(t("condition", "条件数"), state.condition, 0, 3, set("condition")) : null,
          slider(t("steps", "步数"), state.steps, [1, 500, 1], set("steps")),
          slider(t("noise", "噪声"), state.noise, [0, 10, 0.1], set("noise")),
          logSlider(t("batch", "批量"), state.batch, 0, 3, value => set("batch")(Math.round(value))),
          slider(t("seed", "种子"), state.seed, [1, 20, 1], set("seed"))),
        h("fieldset", {}, h("legend", {}, t("Optimizers", "优化器")), state.racers.map(racerForm),
          h("div", { class: "tools" }, h("button", { type: "button", onclick: () => { bestRates(); render(); } }, t("find good rates", "寻找合适的学习率")),
            h("button", { type: "button", onclick: () => { state.racers.push({ name: "rmsprop", settings: { learning_rate: "0.1" } }); state.chosen = state.racers.length - 1; render(); } }, t("add an optimizer", "添加优化器"))))));
  }

  const outcomes = [["converges", "收敛"], ["converges while it oscillates", "振荡着收敛"], ["still on its way", "仍在途中"], ["diverges", "发散"]];
  let mapRun = 0;
  function mapTab() {
    const racer = chosen(), rule = ruleOf(racer.name), momentum = momentumOf(rule), columns = 24, rows = momentum ? 16 : 1, run = ++mapRun;
    const rates = Array.from({ length: columns }, (_, i) => +(10 ** (state.map.low + (state.map.high - state.map.low) * i / (columns - 1))).toPrecision(3));
    const momenta = Array.from({ length: rows }, (_, i) => momentum ? +(0.99 * (1 - i / (rows - 1 || 1))).toPrecision(3) : 0);
    const svg = s("svg", { viewBox: `0 0 640 ${rows * 20 + 40}`, class: "cells", role: "img", "aria-label": t("Map of rate and momentum", "学习率与动量的图") },
      s("text", { class: "tick", x: 50, y: rows * 20 + 32 }, `${t("rate", "学习率")} ${show(rates[0])}`), s("text", { class: "tick end", x: 626, y: rows * 20 + 32 }, show(rates[columns - 1])),
      s("text", { class: "tick end", x: 44, y: 16 }, momentum ? show(momenta[0]) : ""), s("text", { class: "tick end", x: 44, y: rows * 20 }, momentum ? show(momenta[rows - 1]) : ""));
    const reading = h("p", { class: "reading", "aria-live": "polite" });
    const counts = [0, 0, 0, 0];
    const line = row => {
      if (run !== mapRun || row >= rows || !svg.isConnected) return;
      try {
        const part = ask("map", { ground: ground(), racer: { name: racer.name, settings: racer.settings }, momentum, rates, momenta: [momenta[row]] });
        part.outcomes.forEach((outcome, i) => {
          counts[outcome]++;
          const text = `${t("rate", "学习率")} ${show(rates[i])}${momentum ? `, ${momentum} ${show(momenta[row])}` : ""}: ${t(...outcomes[outcome])}, ${t("value fell by", "函数值下降")} ${show(+part.decades[i].toFixed(1))} ${t("decades", "个数量级")}`;
          svg.append(s("rect", { class: `o${outcome}`, x: 50 + i * 24, y: row * 20, width: 23, height: 19, rx: 2,
            "fill-opacity": outcome === 3 ? 0.8 : (0.35 + 0.65 * Math.min(1, Math.max(0, part.decades[i] / 12))).toFixed(2),
            onmouseenter: () => { reading.textContent = text; },
            onclick: () => { delete racer.points; racer.settings = { ...racer.settings, learning_rate: String(rates[i]), ...(momentum ? { [momentum]: String(momenta[row]) } : {}) }; state.tab = "race"; render(); } }, s("title", {}, text)));
        });
        reading.textContent = outcomes.map((name, i) => `${t(...name)}: ${counts[i]}`).join(" · ");
      } catch (error) { reading.textContent = error.message; return; }
      setTimeout(() => line(row + 1), 0);
    };
    setTimeout(() => line(0), 0);
    return h("div", {}, h("p", {}, t("Each cell is a race of its own on the surface and with the steps of the other page. A click takes its rate and momentum over.", "每一格都是用另一页的曲面与步数单独跑出的。点击即采用该处的学习率与动量。")),
      choice(t("optimizer", "优化器"), String(state.chosen), state.racers.map((item, i) => [String(i), textOf(item)]), value => { state.chosen = +value; render(); }),
      slider(t("lowest rate, decade", "最低学习率（数量级）"), state.map.low, [-5, 0, 0.5], value => { state.map.low = value; }, show),
      slider(t("highest rate, decade", "最高学习率（数量级）"), state.map.high, [-1, 2, 0.5], value => { state.map.high = value; }, show),
      h("div", { class: "tools" }, h("button", { type: "button", onclick: render }, t("Draw again", "重画"))),
      h("p", {}, outcomes.map((name, i) => [s("svg", { width: 14, height: 14, "aria-hidden": "true" }, s("rect", { class: `o${i}`, width: 14, height: 14 })), ` ${t(...name)} `])), svg, reading);
  }

  const normalizations = { none: ["without batch normalization", "无批量归一化"], before: ["before the activation", "激活之前"], after: ["after the activation", "激活之后"] };
  function signalsTab(kindsOfNorm) {
    const box = h("div", {}), request = state.signals;
    const histogram = (counts, color, label) => {
      const most = Math.max(1, ...counts);
      return s("svg", { viewBox: "0 0 155 64", role: "img", "aria-label": label }, counts.map((count, i) => s("rect", { class: `bar ${color}`, x: i * 5, width: 4.5, y: 60 - 56 * count / most, height: 56 * count / most })));
    };
    const run = () => {
      write();
      const content = [];
      try {
        for (const normalization of kindsOfNorm) {
          const result = ask("signals", { ...request, depth: +request.depth, width: +request.width, gain: +request.gain, seed: +request.seed, normalization });
          if (kindsOfNorm.length > 1) content.push(h("h2", {}, t(...normalizations[normalization])));
          for (const [name, counts, deviation, range, color] of [[["Forward: activations", "前向：激活值"], "forward", "deviation", result.forwardRange, "c0"], [["Backward: gradients", "反向：梯度"], "backward", "gradientDeviation", result.backwardRange, "c1"]])
            content.push(h(kindsOfNorm.length > 1 ? "h3" : "h2", {}, `${t(...name)}, ±${show(+range.toPrecision(3))}`), h("div", { class: "histograms" }, result.layers.map((layer, i) => h("div", {},
              histogram(layer[counts], color, `${t("layer", "层")} ${i + 1}`), h("div", { class: "soft" }, `${t("layer", "层")} ${i + 1}: ${t("deviation", "标准差")} ${show(+layer[deviation].toPrecision(4))}`)))));
        }
      } catch (error) { content.push(h("p", { class: "error" }, error.message)); }
      box.replaceChildren(...content);
    };
    const set = name => value => { request[name] = value; later(run); };
    run();
    return h("div", {}, h("fieldset", {}, h("legend", {}, t("Network", "网络")),
      slider(t("depth", "深度"), request.depth, [1, 30, 1], set("depth")), slider(t("width", "宽度"), request.width, [10, 200, 10], set("width")),
      choice(t("activation", "激活函数"), request.activation, catalogue.activations.map(name => [name, name]), set("activation")),
      choice(t("initializer", "初始化"), request.initializer, [...new Set([...catalogue.initializers.map(item => item.name), request.initializer])].map(name => [name, name]), set("initializer")),
      textBox(t("or as a text", "或写成文本"), request.initializer, set("initializer")),
      logSlider(t("factor (gain)", "倍数（增益）"), request.gain, -2, 1, set("gain")), slider(t("seed", "种子"), request.seed, [1, 20, 1], set("seed"))), box);
  }

  const tabs = [["race", ["Race", "竞赛"], raceTab], ["map", ["Map of rate and momentum", "学习率与动量图"], mapTab],
    ["start", ["Initialization", "初始化"], () => signalsTab(["none"])], ["norm", ["Batch normalization", "批量归一化"], () => signalsTab(["none", "before", "after"])]];
  function render() {
    write();
    state.chosen = Math.max(0, Math.min(state.chosen, state.racers.length - 1));
    const tab = tabs.find(([name]) => name === state.tab) ?? tabs[0];
    const select = name => { state.tab = name; render(); document.querySelector("[role=tab][aria-selected=true]").focus(); };
    byId("app").replaceChildren(
      h("div", { role: "tablist", "aria-label": t("Pages", "页面") }, tabs.map(([name, label], i) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(name === tab[0]), "aria-controls": "panel", tabindex: name === tab[0] ? 0 : -1,
        onclick: () => select(name), onkeydown: event => {
          const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (move) select(tabs[(i + move + tabs.length) % tabs.length][0]);
        } }, t(...label)))),
      h("div", { role: "tabpanel", id: "panel", "aria-labelledby": `tab-${tab[0]}` }, tab[2]()));
    if (tab[0] === "race") race();
  }

  // Runtime and libraries come out of this file: nothing is loaded from elsewhere.
  async function open() {
    const files = new Map([...document.querySelectorAll("script[data-file]")].map(element => [element.dataset.file, element]));
    const bytes = async name => {
      const packed = Uint8Array.from(atob(files.get(name).textContent), sign => sign.charCodeAt(0));
      return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
    };
    const scripts = {};
    for (const name of files.keys())
      if (name.endsWith(".js")) {
        // A script from a blob has an address to which none can be relative; nothing is loaded from the one that stands for it.
        const text = new TextDecoder().decode(await bytes(name)).replaceAll("import.meta.url", '"file:///thalweg/"');
        scripts[name] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      }
    const { dotnet } = await import(scripts["dotnet.js"]);
    const runtime = await dotnet.withResourceLoader((type, name) => scripts[name]
      ?? bytes(name).then(content => new Response(content, { headers: { "Content-Type": "application/wasm" } }))).create();
    const exported = await runtime.getAssemblyExports(runtime.getConfig().mainAssemblyName);
    await runtime.runMain();
    return exported.Thalweg.Labs.Playground.Program.Call;
  }

  read();
  setLanguage(state.lang ?? kept("thalweg-language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
  root.dataset.theme = kept("thalweg-theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    keep("thalweg-theme", root.dataset.theme);
    if (catalogue) render();
  });
  byId("language").addEventListener("click", () => { setLanguage(root.dataset.lang === "zh" ? "en" : "zh"); if (catalogue) render(); else write(); });
  addEventListener("hashchange", () => { read(); if (state.lang) setLanguage(state.lang); if (catalogue) render(); });
  byId("state").textContent = t("The libraries start …", "正在启动库……");
  open().then(function ready(answerer) {
    call = answerer;
    // For tests, which compare the page with the library.
    root.thalweg = call;
    catalogue = ask("catalogue", {});
    byId("state").textContent = "";
    render();
    root.dataset.ready = "yes";
  }).catch(error => { byId("state").textContent = `${t("The playground could not start", "试验场无法启动")}: ${error.message}`; console.error(error); });
})();
