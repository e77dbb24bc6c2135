// The Camunda form, rendered by its makers' viewer instead of the plain fields; sent by the same form either way. What is
// half entered stays in this tab's own storage, per person and task, until it is recorded, dropped or its person signs out:
// it outlives the page and the server, and nobody else ever gets it.
(async () => {
  "use strict";
  const form = document.getElementById("decision"), box = document.getElementById("viewer"), plain = document.getElementById("plain");
  const problem = document.getElementById("form-problem"), send = form.querySelector("button.main");
  const kept = "firedrill-draft:" + form.dataset.draft;
  // After a refused answer the plain fields hold what was entered.
  if (form.dataset.entered) return;
  if (!send) sessionStorage.removeItem(kept);

  function keep(answers, initial) {
    const draft = Object.fromEntries(Object.entries(answers).filter(([name, value]) => value !== null && value !== "" && value !== initial[name]));
    if (Object.keys(draft).length) sessionStorage.setItem(kept, JSON.stringify(draft));
    else sessionStorage.removeItem(kept);
  }

  function draft() {
    try {
      const found = JSON.parse(sessionStorage.getItem(kept) || "null");
      if (found) {
        document.getElementById("draft").hidden = false;
        document.getElementById("draft-drop").addEventListener("click", () => { sessionStorage.removeItem(kept); location.reload(); });
      }
      return found || {};
    } catch (e) {
      return {};
    }
  }
  try {
    const schema = JSON.parse(form.dataset.schema), data = JSON.parse(form.dataset.data);
    // Who decides is who is signed in.
    schema.components = schema.components.filter((component) => component.key !== "decidedBy");
    ["decision", "reason", "decidedBy", "decidedAt"].forEach((name) => delete data[name]);
    const viewer = new FormViewer.Form({ container: box });
    box.hidden = false;
    const fields = schema.components.map((component) => component.key).filter(Boolean);
    const only = (all) => Object.fromEntries(fields.filter((name) => name in all).map((name) => [name, all[name]]));
    const initial = only(data);
    await viewer.importSchema(schema, send ? { ...data, ...only(draft()) } : data);
    if (send) viewer.on("changed", (event) => keep(only(event.data), initial));
    else viewer.setProperty("readOnly", true);
    plain.remove();
    form.addEventListener("submit", (event) => {
      const { data: answers, errors } = viewer.submit();
      const wrong = Object.keys(errors).length;
      problem.hidden = !wrong;
      if (wrong) {
        event.preventDefault();
        problem.textContent = wrong === 1 ? "One field is missing or wrong; see above." : wrong + " fields are missing or wrong; see above.";
        const field = box.querySelector(".fjs-has-errors input, .fjs-has-errors textarea");
        if (field) field.focus();
        return;
      }
      document.getElementById("answers").value = JSON.stringify(answers);
    });
  } catch (e) {
    box.hidden = true;
  }
})();
