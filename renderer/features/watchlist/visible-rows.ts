/** The rows to build of a long list of equally high ones: those in view and a few on either side. */
export function visibleRows(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
  margin = 4,
): { readonly from: number; readonly to: number } {
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
  const to = Math.min(count, Math.ceil((scrollTop + viewHeight) / rowHeight) + margin);
  return { from: Math.min(from, to), to };
}
