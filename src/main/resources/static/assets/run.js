// The run's own diagram with what is done, running, waiting and failed marked on it.
(async () => {
  "use strict";
  const box = document.getElementById("diagram");
  const MOODS = ["good", "busy", "open", "bad", "quiet"];
  const LEGIBLE = 0.55;
  let shown = {}, first = true;

  const viewer = new BpmnJS({
    container: box,
    bpmnRenderer: { defaultFillColor: "var(--paper)", defaultStrokeColor: "var(--edge)", defaultLabelColor: "var(--ink)" },
    textRenderer: { defaultStyle: { fontFamily: "system-ui, 'DejaVu Sans', sans-serif" } },
  });

  async function marks() {
    const answer = await fetch(box.dataset.marks);
    if (answer.ok) show(await answer.json());
  }

  function show(next) {
    const canvas = viewer.get("canvas"), overlays = viewer.get("overlays"), elements = viewer.get("elementRegistry");
    for (const [id, mark] of Object.entries(next)) {
      const before = shown[id];
      if (!elements.get(id) || (before && before.mood === mark.mood && before.note === mark.note)) continue;
      MOODS.forEach((mood) => canvas.removeMarker(id, "is-" + mood));
      canvas.addMarker(id, "is-" + mark.mood);
      overlays.remove({ element: id });
      if (mark.note) {
        const note = document.createElement("div");
        note.className = "step-note " + mark.mood;
        note.textContent = mark.note;
        overlays.add(id, "note", { position: { bottom: 10, left: 6 }, html: note });
      }
    }
    const moved = first || JSON.stringify(here(next)) !== JSON.stringify(here(shown));
    shown = next;
    if (moved) look();
    first = false;
  }

  const here = (all) => Object.entries(all).filter(([, mark]) => ["busy", "open", "bad"].includes(mark.mood)).map(([id]) => id);

  // The whole diagram when it can be read that way, else the part where the run is.
  function look() {
    const canvas = viewer.get("canvas");
    canvas.resized();
    canvas.zoom("fit-viewport");
    if (canvas.zoom() < LEGIBLE && here(shown).length) centre();
  }

  function centre() {
    const canvas = viewer.get("canvas"), elements = viewer.get("elementRegistry");
    const ids = here(shown).length ? here(shown) : Object.keys(shown).slice(-1);
    const element = ids.map((id) => elements.get(id)).filter(Boolean).pop();
    const size = canvas.getSize(), scale = Math.max(canvas.zoom(), box.clientWidth < 700 ? 0.7 : 0.8);
    if (!element) return;
    canvas.viewbox({
      x: element.x + element.width / 2 - size.width / scale / 2, y: element.y + element.height / 2 - size.height / scale / 2,
      width: size.width / scale, height: size.height / scale,
    });
  }

  try {
    const [bpmn, stands] = await Promise.all([fetch(box.dataset.bpmn), fetch(box.dataset.marks)]);
    if (!bpmn.ok) throw new Error(bpmn.status);
    await viewer.importXML(await bpmn.text());
    if (stands.ok) show(await stands.json());
    document.addEventListener("firedrill:moved", marks);
    document.querySelector(".zoom").hidden = false;
    document.querySelector(".zoom").addEventListener("click", (event) => {
      const canvas = viewer.get("canvas"), what = event.target.dataset.zoom;
      if (what === "fit") canvas.zoom("fit-viewport");
      if (what === "here") centre();
      if (what === "in") canvas.zoom(canvas.zoom() * 1.25);
      if (what === "out") canvas.zoom(canvas.zoom() / 1.25);
    });
  } catch (e) {
    box.textContent = "The diagram cannot be shown just now; the steps below say the same.";
  }
})();
