/* The further pictures of an opened card (search/ui/render/angles.py): a click or the arrow keys show
   one large. Maps belong to the first picture, which stays where it is, under the others. */

window.vitrineAngles = (function () {
  "use strict";

  const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

  function open(card) {
    const strip = card && card.querySelector("[data-angles]");
    const frame = card && card.querySelector("[data-angle-frame]");
    if (!strip || !frame) return;
    const buttons = Array.from(strip.querySelectorAll("[data-angle]"));
    const first = frame.querySelector("img");
    const other = frame.appendChild(document.createElement("img"));
    other.className = "angle-shown";
    let chosen = 0;

    async function choose(at) {
      chosen = at;
      buttons.forEach((button, each) => {
        button.setAttribute("aria-checked", String(each === at));
        button.tabIndex = each === at ? 0 : -1;
      });
      if (at) {
        other.src = buttons[at].dataset.angle;
        other.alt = `${first.alt}, ${buttons[at].getAttribute("aria-label")}`;
        // What was shown stays until the new picture can be painted.
        await other.decode().catch(() => undefined);
        if (chosen !== at) return;
      }
      card.dataset.angleShown = at ? "other" : "first";
    }

    strip.addEventListener("click", (event) => {
      const at = buttons.indexOf(event.target.closest("[data-angle]"));
      if (at >= 0) choose(at);
    });
    strip.addEventListener("keydown", (event) => {
      const ends = { Home: 0, End: buttons.length - 1 };
      const at = event.key in ends ? ends[event.key] : (chosen + STEPS[event.key] + buttons.length) % buttons.length;
      if (Number.isNaN(at)) return;
      event.preventDefault();
      choose(at);
      buttons[at].focus();
    });
    // Whoever asks for a map wants to see the picture that it lies on.
    card.addEventListener("click", (event) => event.target.closest("[data-view], [data-pick], .contrast summary") && choose(0));
    choose(0);
  }

  return { open };
})();
