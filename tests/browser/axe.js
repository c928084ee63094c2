// Starts axe-core with all its rules; window.found becomes what it finds and what it cannot decide, a sentence per element.
// Returns false where axe-core is not loaded yet.
() => {
  if (typeof axe !== "object") return false;
  const words = ({ any, all, none }) => [...any, ...all, ...none].map(({ message }) => message)[0];
  const told = ({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${words(node)}`);
  const running = axe.run(document, { resultTypes: ["violations", "incomplete"], preload: false });
  window.found = running.then(({ violations, incomplete }) => [violations.flatMap(told), incomplete.flatMap(told)]);
  return true;
}
