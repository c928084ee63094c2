// What must hold on every page, also where no script runs. Called with {language, failed}; returns a sentence per fault.
({ language, failed }) => {
  const faults = [];
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const told = (element) => `${element.outerHTML.slice(0, 90)}…`;
  const blame = (what, elements) => elements.forEach((element) => faults.push(`${what}: ${told(element)}`));
  const main = document.querySelector("main");
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && box.width > 0 && box.right > 0;
  };

  if (document.documentElement.lang !== language) faults.push(`lang is ${document.documentElement.lang}`);
  if (/^(Fout|Error):/.test(document.title) !== failed) faults.push(`the title is “${document.title}”`);
  if (failed && !document.title.startsWith(language === "nl" ? "Fout:" : "Error:")) faults.push("the title is in another language");
  if (all("h1").length !== 1) faults.push(`${all("h1").length} elements h1`);

  // Nothing that a policy without inline scripts and styles would drop, and no form that needs a script to be sent.
  blame("inline script", all("script:not([src])"));
  blame("inline style", all("style, [style]"));
  blame("inline handler", all("*").filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on"))));
  blame("a form that nothing sends", all("form").filter((form) => !form.querySelector("button:not([type=button]), [type=submit]")));

  // Names and descriptions
  const ids = all("[id]").map((element) => element.id);
  blame("an id twice", all("[id]").filter(({ id }) => ids.indexOf(id) !== ids.lastIndexOf(id)));
  const named = (element) => element.labels?.length || element.ariaLabel || element.hasAttribute("aria-labelledby") || element.title;
  blame("no label", all("input:not([type=hidden]), select, textarea").filter((element) => !named(element)));
  blame("no words", all("a[href], button").filter((element) => !element.textContent.trim() && !named(element)));
  const referring = ["aria-describedby", "aria-labelledby", "for", "list"];
  const dangling = (element) =>
    referring.some((name) => (element.getAttribute(name) ?? "").split(/\s+/).some((id) => id && !document.getElementById(id)));
  blame("refers to nothing", all(referring.map((name) => `[${name}]`).join()).filter(dangling));
  blame("a link to no place", all('a[href^="#"]').filter(({ hash }) => hash && !document.getElementById(decodeURIComponent(hash.slice(1)))));
  blame("tabindex above 0", all("[tabindex]").filter(({ tabIndex }) => tabIndex > 0));

  // Reflow (WCAG 1.4.10): the page never scrolls sideways.
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = all("body *").filter((element) => seen(element) && element.getBoundingClientRect().right > clientWidth + 1);
    faults.push(`${scrollWidth - clientWidth} px too wide: ${wide.slice(0, 3).map(told).join(" ")}`);
  }

  // On a wide screen a list shows all its columns.
  if (clientWidth >= 1280) blame("a list that is cut off", all(".table").filter((list) => list.scrollWidth > list.clientWidth + 1));

  // Target size (WCAG 2.5.8), with its exceptions for links in a sentence and for small targets with room around them.
  const least = 24;
  const targets = all("a[href], button, input:not([type=hidden]), select, textarea, summary").filter((target) => seen(target) && !target.ariaHidden);
  const boxes = new Map(targets.map((target) => [target, target.getBoundingClientRect()]));
  const small = targets.filter((target) => boxes.get(target).width < least || boxes.get(target).height < least);
  const inSentence = (target) => {
    if (getComputedStyle(target).display !== "inline") return false;
    const block = target.closest("p, li, dd, td, div, label, legend") ?? target.parentElement;
    const links = all("a, button", block).map(({ textContent }) => textContent).join("");
    return block.textContent.replace(/\s/g, "").length > links.replace(/\s/g, "").length;
  };
  const centre = ({ left, top, width, height }) => ({ x: left + width / 2, y: top + height / 2 });
  const distance = ({ x, y }, box) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  const hasRoom = (target) => targets.every((other) => {
    if (other === target) return true;
    const here = centre(boxes.get(target)), there = centre(boxes.get(other));
    if (distance(here, boxes.get(other)) < least / 2) return false;
    return !small.includes(other) || Math.hypot(here.x - there.x, here.y - there.y) >= least;
  });
  blame("a target under 24 px", small.filter((target) => !inSentence(target) && !hasRoom(target)));

  // The error summary has the focus, or is the first thing of the page after the numbers to call.
  const summary = document.querySelector(".errors");
  if (failed && !summary) faults.push("no error summary");
  if (summary) {
    const before = all("h1, h2, a, button, input, select, textarea", main).find((element) => !element.closest(".urgent"));
    if (document.activeElement !== summary && !summary.contains(before)) faults.push(`before the error summary stands ${told(before)}`);
    if (!summary.querySelector("a")) faults.push("the error summary has no links");
    const aims = all('a[href^="#"]', summary).map(({ hash }) => document.getElementById(decodeURIComponent(hash.slice(1))));
    blame("an error links to what cannot have the focus", aims.filter((aim) => aim && !(seen(aim) && aim.matches("input, select, textarea, button, a, [tabindex]"))));
    blame("a wrong field does not say so", all(".message[id]").filter(({ id }) => !document.querySelector(`[aria-describedby~="${CSS.escape(id)}"]`)));
  }
  return faults;
}
