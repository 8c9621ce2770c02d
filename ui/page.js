// Streamlit's own words in Japanese, and what was opened brought into sight. Loaded by the page that ui/gate.py sends.
// Only whole texts of the table are replaced, never inside what our own code draws (.stHtml) or what people type.
(() => {
  const WORDS = /*WORDS*/ {};
  const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt"];
  const isOurs = (element) => element.closest(".stHtml, textarea, [data-testid='stCode'], [role='option']") !== null;
  const translate = (text) => (Object.hasOwn(WORDS, text.trim()) ? WORDS[text.trim()] : null);

  const visitText = (node) => {
    const told = node.parentElement && !isOurs(node.parentElement) ? translate(node.nodeValue) : null;
    if (told !== null) node.nodeValue = told;
  };
  const visitElement = (element) => {
    if (isOurs(element)) return;
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      const told = value === null ? null : translate(value);
      if (told !== null) element.setAttribute(name, told);
    }
  };
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return visitText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    visitElement(node);
    for (const each of node.querySelectorAll("*")) visitElement(each);
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) visitText(texts.currentNode);
    const opened = node.matches(".kotae-place, .kotae-cited") ? node : node.querySelector(".kotae-place, .kotae-cited");
    if (opened) (opened.closest(".st-key-source") || opened).scrollIntoView({ block: "nearest" });
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") visitText(change.target);
      else if (change.type === "attributes") visitElement(change.target);
      else change.addedNodes.forEach(visit);
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES });
})();
