/** Draws every icon from source.svg into this folder: `node build/icons/make-icons.ts` after a change of the source. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeIcns, encodeIco, icnsSizes, type Picture } from './containers.ts';
import { appDrawing, icoSizes, pngFiles } from './icon-set.ts';
import { IconRenderer } from './render.ts';

const write = (name: string, data: Buffer): void => writeFileSync(join(import.meta.dirname, name), data);

await using renderer = await IconRenderer.open();
for (const { name, drawing, size } of pngFiles) write(name, (await renderer.draw(drawing, size)).png);
write('icon.ico', encodeIco(await appPictures(icoSizes)));
write('icon.icns', encodeIcns(await appPictures(icnsSizes)));
console.log(`${pngFiles.length + 2} files drawn from source.svg`);

async function appPictures(sizes: readonly number[]): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const size of sizes) pictures.push(await renderer.draw(appDrawing, size));
  return pictures;
}
