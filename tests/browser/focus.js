// Writes down each stop of the focus when the next key is pressed: the page has then scrolled to it. Ends up in window.stops.
() => {
  const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex='0']";
  const isStop = (element, _, every) => {
    if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== "radio") return true;
    const group = every.filter((other) => other.type === "radio" && other.name === element.name && other.form === element.form);
    return element === (group.find(({ checked }) => checked) ?? group[0]);
  };
  const order = [...document.querySelectorAll(selector)].filter(isStop);
  const [beside, columns] = [".case, .lists, .pair", ".case > *, .lists > *, .pair > *"];
  const inSight = ({ left, right, top, bottom }) => {
    const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
    return document.elementFromPoint(x, y);
  };
  const note = () => {
    const at = document.activeElement;
    if (at === document.body || at.tabIndex < 0) return; // where a script put the focus is no stop of the Tab key
    const style = getComputedStyle(at);
    const [line] = at.getClientRects();
    const there = inSight(line);
    const scrolled = scrollY + (at.closest(".act")?.scrollTop ?? 0); // a column that is longer than the window scrolls by itself
    window.stops.push({
      place: order.indexOf(at),
      element: `${at.outerHTML.slice(0, 90)}…`,
      shown: at.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inSight: there !== null && (at.contains(there) || there.contains(at)),
      top: line.top + scrolled,
      bottom: line.bottom + scrolled,
      column: columnOf(at),
    });
  };
  const columnOf = (at) => { // how many columns began before this one, or ended: the next column begins at the top again
    const isAfter = (element) => element.compareDocumentPosition(at) === Node.DOCUMENT_POSITION_FOLLOWING;
    const [begun, ended] = [[...document.querySelectorAll(columns)], [...document.querySelectorAll(beside)]];
    return begun.filter((column) => column.contains(at) || isAfter(column)).length + ended.filter(isAfter).length;
  };
  removeEventListener("keydown", window.noted, true);
  window.stops = [];
  window.noted = note;
  const begun = document.activeElement !== document.body || location.hash !== "";
  addEventListener("keydown", note, true);
  return { count: order.length, begun };
}
