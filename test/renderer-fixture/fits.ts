/**
 * Texts of the page that cannot be read whole: a number or a button that is cut off by a box around it, and texts that lie
 * on one another. Runs in the page. Words may end in an ellipsis; a number may not, because a truncated price is a wrong price.
 * While a dialog is open only the dialog is looked at: it covers the rest.
 */
export function unreadableTexts(): string[] {
  const dialogs = document.querySelectorAll('[role="dialog"], [role="alertdialog"]');
  const root = dialogs[dialogs.length - 1] ?? document.body;
  const faults: string[] = [];
  const seen: { readonly text: string; readonly box: DOMRect }[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? '';
    const parent = node.parentElement;
    if (text === '' || parent === null || parent.closest('.visually-hidden, svg, [hidden], style, option') !== null)
      continue;
    if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const view = viewOf(box, parent);
      if (view === null || view.box.width <= 0) continue;
      if (view.cutBy !== null && /\d/.test(text)) faults.push(`"${text}" is cut by ${view.cutBy}`);
      seen.push({ text, box: view.box });
    }
  }
  for (const control of root.querySelectorAll('button, a[href]')) {
    const { parentElement: parent } = control;
    if (parent === null || !control.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const view = viewOf(control.getBoundingClientRect(), parent);
    if (view !== null && view.cutBy !== null)
      faults.push(`the button "${control.textContent}" is cut by ${view.cutBy}`);
  }
  for (const [index, one] of seen.entries()) {
    for (const other of seen.slice(index + 1)) {
      if (one.text !== other.text && overlap(one.box, other.box)) faults.push(`"${one.text}" lies on "${other.text}"`);
    }
  }
  return faults;

  /** What is in view of a box, and what cuts it from the side; null when it is scrolled out of view. */
  function viewOf(box: DOMRect, parent: Element): { readonly box: DOMRect; readonly cutBy: string | null } | null {
    let [left, right] = [box.left, box.right];
    let cutBy = box.right > innerWidth + 1 || box.left < -1 ? 'the window' : null;
    for (let element: Element | null = parent; element !== null; element = element.parentElement) {
      const { overflowX } = getComputedStyle(element);
      if (overflowX === 'visible') continue;
      const edge = element.getBoundingClientRect();
      const middle = (box.top + box.bottom) / 2;
      if (middle <= edge.top || middle >= edge.bottom) return null;
      if (box.left < edge.left - 1 || box.right > edge.right + 1) cutBy = element.className || element.tagName;
      left = Math.max(left, edge.left);
      right = Math.min(right, edge.right);
    }
    return { box: new DOMRect(left, box.top, Math.max(0, right - left), box.height), cutBy };
  }

  /** More than the slack that fonts and line heights leave. */
  function overlap(one: DOMRect, other: DOMRect): boolean {
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return wide > 1.5 && high > 4;
  }
}
