import type { Readable } from 'node:stream';
import { failed, ok, type Result } from '../contract/result.ts';
import { decodeText } from '../files/text.ts';
import { MAX_TOKEN_TEXT_BYTES, tokenIn } from './token-text.ts';

/** Reads an access token from the first line of a stream (`--token-stdin`), and then closes it. */
export async function readTokenFromStdin(input: Readable): Promise<Result<string>> {
  const line = await firstLine(input);
  const token = line === null ? null : tokenIn(line);
  return token === null ? failed('bad-token', 'Standard input does not begin with an access token.') : ok(token);
}

/** Null for a line that is longer than any token, and for a stream that fails. */
async function firstLine(input: Readable): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      size += bytes.length;
      // In UTF-16 a line's end is a zero byte longer: what follows it is not needed.
      if (bytes.includes(0x0a)) break;
      if (size > MAX_TOKEN_TEXT_BYTES) return null;
    }
  } catch {
    return null;
  }
  const [line = ''] = decodeText(Buffer.concat(chunks)).split('\n');
  return line;
}
