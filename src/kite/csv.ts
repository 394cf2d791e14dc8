/**
 * Reads comma-separated values as RFC 4180 describes them (quoted fields, doubled quotes, line breaks within quotes), and
 * tolerates what it does not: missing final line breaks, blank lines, a byte order mark, text after a closing quote. An
 * unclosed quote ends with the text.
 */
export function* parseCsv(text: string): Generator<string[]> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    const line = text.slice(at, lineEnd);
    if (line.includes('"')) {
      const record = readQuoted(text, at);
      yield record.fields;
      at = record.end;
    } else {
      const plain = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (plain !== '') yield plain.split(',');
      at = lineEnd + 1;
    }
  }
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** One record that has a quote somewhere, and where the next begins. */
function readQuoted(text: string, start: number): { readonly fields: string[]; readonly end: number } {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  let at = start;
  for (; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') field += text[at++];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      fields.push(field);
      field = '';
    } else if (char === '\n') break;
    else if (char !== '\r') field += char;
  }
  return { fields: [...fields, field], end: at + 1 };
}
