"use strict";
(() => {
  const root = document.documentElement;
  const find = (selector, at = document) => [...at.querySelectorAll(selector)];
  const isChinese = () => root.dataset.lang === "zh";
  const word = text => typeof text === "string" ? text : isChinese() ? text.chinese : text.english;
  const number = value => typeof value === "number" ? String(+value.toPrecision(5)) : String(value);

  const kept = name => { try { return localStorage.getItem(name); } catch { return null; } };

  // The language: from the address, else what was chosen before, else what the browser asks for.
  function setLanguage(language) {
    root.dataset.lang = language;
    root.lang = language === "zh" ? "zh-Hans" : "en";
    try { localStorage.setItem("thalweg-language", language); } catch { /* pages from the disk may have no storage */ }
    for (const element of find("[data-en]"))
      element.setAttribute("aria-label", element.dataset[language]);
    for (const link of find("a[data-page]"))
      link.href = link.dataset.page + "#" + language;
    document.title = root.dataset[language === "zh" ? "titleZh" : "titleEn"];
  }
  const asked = location.hash.slice(1);
  setLanguage(["en", "zh"].includes(asked) ? asked : kept("thalweg-language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
  for (const button of find("[data-language]"))
    button.addEventListener("click", () => setLanguage(isChinese() ? "en" : "zh"));

  root.dataset.theme = kept("thalweg-theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("thalweg-theme", root.dataset.theme); } catch { /* as above */ }
  });

  function save(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // A picture by itself: the styles of the page go into its elements.
  function alone(svg) {
    const copy = svg.cloneNode(true);
    const from = find("*", svg), to = find("*", copy);
    from.forEach((element, i) => {
      const style = getComputedStyle(element);
      if (style.display === "none")
        to[i].setAttribute("display", "none");
      for (const name of ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family", "text-anchor"])
        to[i].setAttribute(name, style.getPropertyValue(name));
    });
    const box = svg.viewBox.baseVal;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.setAttribute("style", "background:" + getComputedStyle(document.body).backgroundColor);
    return new XMLSerializer().serializeToString(copy);
  }

  function savePng(svg, name) {
    const image = new Image(), box = svg.viewBox.baseVal, scale = 2;
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = box.width * scale;
      canvas.height = box.height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(name, "image/png", blob));
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(alone(svg));
  }

  function rowsOf(picture) {
    switch (picture.kind) {
      case "lines":
        return [["series", "x", "y", "low", "high"], ...picture.series.flatMap(series => series.x.map((x, i) =>
          [word(series.name), x, series.y[i], series.low?.[i] ?? "", series.high?.[i] ?? ""]))];
      case "histograms":
        return [["row", "histogram", "from", "to", "count"], ...picture.rows.flatMap(row => row.histograms.flatMap(histogram => histogram.counts.map((count, i) => {
          const bin = (histogram.high - histogram.low) / histogram.counts.length;
          return [word(row.name), word(histogram.name), histogram.low + i * bin, histogram.low + (i + 1) * bin, count];
        })))];
      case "bars":
        return [["bar", "value", "low", "high"], ...picture.bars.map(bar => [word(bar.name), bar.value, bar.low, bar.high])];
      case "heat":
        return [["", ...picture.columns.map(word)], ...picture.rows.map((row, i) => [word(row), ...picture.values[i]])];
      case "paths":
        return [["path", "step", "x", "y"], ...picture.paths.flatMap(path => path.x.map((x, i) => [word(path.name), i, x, path.y[i]]))];
      default:
        return [picture.columns.map(word), ...picture.rows.map(row => row.map(word))];
    }
  }
  const csv = rows => rows.map(row => row.map(cell => /[",\n]/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : cell).join(",")).join("\r\n") + "\r\n";

  function readLines(figure, svg, picture) {
    const [left, right, x0, x1, isXLog] = svg.dataset.plot.split(" ").map(Number);
    const reading = figure.querySelector(".reading"), cursor = svg.querySelector(".cursor");
    const xs = [...new Set(picture.series.flatMap(series => series.x))].sort((a, b) => a - b).filter(x => !isXLog || x > 0);
    const place = x => isXLog ? (Math.log10(x) - Math.log10(x0)) / (Math.log10(x1) - Math.log10(x0)) : (x - x0) / (x1 - x0);
    let at = -1;
    function show(index) {
      at = Math.max(0, Math.min(xs.length - 1, index));
      const x = left + place(xs[at]) * (right - left);
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
      reading.textContent = word(picture.x.label) + " " + number(xs[at]) + ": " + picture.series.map(series => {
        const i = series.x.indexOf(xs[at]);
        return i < 0 ? null : word(series.name) + " " + number(series.y[i]);
      }).filter(text => text).join(" · ");
    }
    svg.addEventListener("pointermove", event => {
      const box = svg.getBoundingClientRect();
      const share = ((event.clientX - box.left) / box.width * svg.viewBox.baseVal.width - left) / (right - left);
      let best = 0;
      xs.forEach((x, i) => { if (Math.abs(place(x) - share) < Math.abs(place(xs[best]) - share)) best = i; });
      show(best);
    });
    svg.addEventListener("keydown", event => {
      if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        show(at + (event.key === "ArrowRight" ? 1 : -1));
        event.preventDefault();
      }
    });
  }

  function readRows(figure, svg) {
    const reading = figure.querySelector(".reading");
    svg.addEventListener("pointermove", event => {
      const text = event.target.closest?.("[data-reading]");
      reading.textContent = text ? text.dataset.reading : "";
    });
  }

  function playPaths(figure, svg, picture) {
    const [left, right, x0, x1, , bottom, top, y0, y1] = svg.dataset.plot.split(" ").map(Number);
    const slider = figure.querySelector("input[type=range]"), button = figure.querySelector("[data-play]");
    const px = x => left + Math.max(-.02, Math.min(1.02, (x - x0) / (x1 - x0))) * (right - left);
    const py = y => bottom + Math.max(-.02, Math.min(1.02, (y - y0) / (y1 - y0))) * (top - bottom);
    const reading = figure.querySelector(".reading");
    let timer = 0;
    function show(step) {
      slider.value = step;
      picture.paths.forEach((path, i) => {
        const group = svg.querySelector(`[data-series="${i}"]`), count = Math.min(step + 1, path.x.length);
        const points = path.x.slice(0, count).map((x, k) => [px(x), py(path.y[k])]).filter(point => point.every(Number.isFinite));
        group.querySelector("path").setAttribute("d", points.map((point, k) => (k ? "L" : "M") + point.join(" ")).join(""));
        const last = points.at(-1), head = group.querySelector(".head");
        if (last && head) {
          head.setAttribute("cx", last[0]);
          head.setAttribute("cy", last[1]);
        }
      });
      reading.textContent = (isChinese() ? "步 " : "step ") + step + ": " + picture.paths.map(path => {
        const i = Math.min(step, path.x.length - 1);
        return `${word(path.name)} (${number(path.x[i])}, ${number(path.y[i])})`;
      }).join(" · ");
    }
    function stop() {
      clearInterval(timer);
      timer = 0;
      button.setAttribute("aria-pressed", "false");
    }
    slider.addEventListener("input", () => show(+slider.value));
    button.addEventListener("click", () => {
      if (timer)
        return stop();
      let step = +slider.value >= +slider.max ? 0 : +slider.value;
      button.setAttribute("aria-pressed", "true");
      timer = setInterval(() => step >= +slider.max ? stop() : show(step++ + 1), 90);
    });
  }

  for (const figure of find("figure")) {
    const data = figure.querySelector("script[type='application/json']"), svg = figure.querySelector("svg");
    if (!data)
      continue;
    const picture = JSON.parse(data.textContent), name = figure.dataset.name;
    figure.querySelector("[data-save=csv]")?.addEventListener("click", () => save(name + ".csv", "text/csv", csv(rowsOf(picture))));
    if (!svg)
      continue;
    figure.querySelector("[data-save=svg]")?.addEventListener("click", () => save(name + ".svg", "image/svg+xml", alone(svg)));
    figure.querySelector("[data-save=png]")?.addEventListener("click", () => savePng(svg, name + ".png"));
    for (const button of find(".legend button", figure)) {
      button.addEventListener("click", () => {
        const isOn = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", isOn);
        svg.querySelector(`[data-series="${button.dataset.toggle}"]`).style.display = isOn ? "" : "none";
      });
    }
    if (picture.kind === "lines")
      readLines(figure, svg, picture);
    else if (picture.kind === "paths")
      playPaths(figure, svg, picture);
    else
      readRows(figure, svg);
  }

  const search = document.querySelector("input[type=search]");
  search?.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const row of find("table.labs tbody tr"))
      row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
  });
})();
