// A citation opens its article in the reading pane, scrolled to the marked sentence. The page is complete without this
// file but for that: the articles are already there.
(() => {
  const bringForward = (mark) => {
    const reading = mark.closest(".reading");
    document.querySelectorAll("#pane .front").forEach((other) => other.classList.remove("front"));
    document.querySelectorAll("#pane .chosen").forEach((other) => other.classList.remove("chosen"));
    reading.classList.add("front");
    mark.classList.add("chosen");
  };

  const scrollPaneTo = (mark) => {
    const evidence = document.getElementById("evidence");
    const above = mark.getBoundingClientRect().top - evidence.getBoundingClientRect().top;
    evidence.scrollTop += above - evidence.clientHeight / 3;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#cite-"]');
    const mark = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!mark) return;
    event.preventDefault();
    event.stopPropagation();
    bringForward(mark);
    mark.scrollIntoView({ block: "center" }); // of the pane; on a narrow screen, where the pane lies below, of the page
    mark.focus({ preventScroll: true });
  }, true);

  // A new answer puts its first citation in front: bring that into view, inside the pane only.
  const watchPane = () => {
    const pane = document.getElementById("pane");
    if (!pane) { setTimeout(watchPane, 100); return; }
    let shown = null;
    new MutationObserver(() => {
      const mark = pane.querySelector(".front .chosen");
      if (mark && mark.id !== shown) { shown = mark.id; scrollPaneTo(mark); }
    }).observe(pane, { childList: true, subtree: true });
  };
  watchPane();
})();
