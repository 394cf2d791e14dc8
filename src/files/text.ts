import { isUtf8 } from 'node:buffer';

/**
 * The text of a file as Windows programs write it too: UTF-8 with or without a byte order mark, UTF-16 of either byte order
 * (PowerShell's `>` and Notepad's "Unicode"), also without its mark where every other byte of an ASCII text is zero, and
 * what is none of these in the Western code page (Notepad's "ANSI").
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Whether a text is what every program reads alike: UTF-8 without a mark. */
export function isPlainText(bytes: Uint8Array): boolean {
  return encodingOf(bytes) === 'utf-8' && !startsWith(bytes, 0xef, 0xbb, 0xbf);
}

function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' {
  if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
  // A text that is ours begins with a brace, a quote, a letter or a digit.
  if (bytes.length >= 2 && bytes[1] === 0 && bytes[0] !== 0) return 'utf-16le';
  if (bytes.length >= 2 && bytes[0] === 0 && bytes[1] !== 0) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function startsWith(bytes: Uint8Array, ...mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
