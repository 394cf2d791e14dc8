/** A picture of one size: as PNG, and as rows of RGBA from the top. */
export interface Picture {
  readonly size: number;
  readonly png: Buffer;
  readonly rgba: Buffer;
}

const ICO_HEADER = 6;
const ICO_ENTRY = 16;
const DIB_HEADER = 40;
/** Windows' own tools read PNG inside an icon only at this size. */
const ICO_PNG_SIZE = 256;

/** An .ico of pictures up to 256 pixels. */
export function encodeIco(pictures: readonly Picture[]): Buffer {
  const images = pictures.map((picture) => (picture.size >= ICO_PNG_SIZE ? picture.png : encodeDib(picture)));
  const header = Buffer.alloc(ICO_HEADER + ICO_ENTRY * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, image] of images.entries()) {
    const size = pictures[index]?.size ?? 0;
    const at = ICO_HEADER + ICO_ENTRY * index;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(image.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += image.length;
  }
  return Buffer.concat([header, ...images]);
}

/** A device-independent bitmap as icons hold it: BGRA from the bottom, then a mask, all clear, of one bit a pixel. */
function encodeDib({ size, rgba }: Picture): Buffer {
  const maskStride = Math.ceil(size / 32) * 4;
  const dib = Buffer.alloc(DIB_HEADER + size * size * 4 + maskStride * size);
  dib.writeUInt32LE(DIB_HEADER, 0);
  dib.writeInt32LE(size, 4);
  dib.writeInt32LE(size * 2, 8);
  dib.writeUInt16LE(1, 12);
  dib.writeUInt16LE(32, 14);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const from = (row * size + column) * 4;
      const to = DIB_HEADER + ((size - 1 - row) * size + column) * 4;
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(from, from + 4);
      dib.set([blue, green, red, alpha], to);
    }
  }
  return dib;
}

/** The types of an .icns that hold a PNG, by the picture's size in pixels. A size may serve two: 32 is 16@2x as well. */
const icnsTypes: Readonly<Record<number, readonly string[]>> = {
  32: ['ic11'],
  64: ['ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** Sizes an .icns is made of. */
export const icnsSizes: readonly number[] = Object.keys(icnsTypes).map(Number);

export function encodeIcns(pictures: readonly Picture[]): Buffer {
  const entries = pictures.flatMap(({ size, png }) => (icnsTypes[size] ?? []).map((type) => chunk(type, png)));
  return chunk('icns', Buffer.concat(entries));
}

function chunk(type: string, data: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.write(type, 'ascii');
  header.writeUInt32BE(data.length + header.length, 4);
  return Buffer.concat([header, data]);
}
