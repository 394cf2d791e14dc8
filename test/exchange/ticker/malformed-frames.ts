import { hash32 } from '../market/random.ts';

/** Ways in which a frame can be wrong. */
export const malformedSorts = ['truncated', 'absurd-count', 'unknown-length', 'random-bytes', 'text-garbage'] as const;
export type MalformedSort = (typeof malformedSorts)[number];

/** A frame no exchange should send: bytes for a binary frame, a string for a text frame. `number` varies it. */
export function malformedFrame(sort: MalformedSort, seed: number, number: number): Buffer | string {
  switch (sort) {
    case 'truncated': {
      // One index packet promised, and half of it there.
      const frame = noise(seed, number, 4 + 14);
      frame.writeUInt16BE(1, 0);
      frame.writeUInt16BE(28, 2);
      return frame;
    }
    case 'absurd-count': {
      const frame = noise(seed, number, 12);
      frame.writeUInt16BE(0xffff, 0);
      frame.writeUInt16BE(8, 2);
      return frame;
    }
    case 'unknown-length': {
      const frame = noise(seed, number, 4 + 57);
      frame.writeUInt16BE(1, 0);
      frame.writeUInt16BE(57, 2);
      return frame;
    }
    case 'random-bytes':
      return noise(seed, number, 2 + (hash32(seed, number) % 400));
    case 'text-garbage':
      return `{"type":"message","data":${'['.repeat(1 + (hash32(seed, number) % 50))}`;
  }
}

function noise(seed: number, number: number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => hash32(seed, number, at) & 0xff));
}
