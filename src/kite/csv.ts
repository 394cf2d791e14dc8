/** No record of a list is longer; characters. Of one that is, only its beginning is handed out, as one field. */
const LONGEST_LINE = 4_096;
const EXCERPT = 100;
/** So many blank lines count as a record of their own, so that whoever reads in stretches gets a turn. */
const BLANK_LINES = 1_000;

/**
 * Reads comma-separated values as RFC 4180 describes them (quoted fields, doubled quotes), but for line breaks in quotes:
 * a record is a line, so that one quote too many costs its own record and not all that follow. Tolerates a missing final
 * line break, blank lines, a byte order mark and text after a closing quote.
 */
export function* parseCsv(text: string): Generator<string[]> {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let blankLines = 0;
  while (at < text.length) {
    const lineEnd = endOfLine(text, at);
    if (lineEnd - at > LONGEST_LINE) {
      yield [text.slice(at, at + EXCERPT)];
      at = lineEnd + 1;
      continue;
    }
    const line = text.slice(at, text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd);
    if (line === '' && ++blankLines % BLANK_LINES === 0) yield [''];
    if (line !== '') yield line.includes('"') ? quotedFields(line) : line.split(',');
    at = lineEnd + 1;
  }
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

/** The fields of a line that has a quote somewhere; one that is not closed ends with the line. */
function quotedFields(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at];
    if (quoted) {
      if (char !== '"') field += char;
      else if (line[at + 1] === '"') field += line[at++];
      else quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === ',') {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}
