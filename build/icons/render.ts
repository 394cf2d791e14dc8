import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumInstallCommand, findChromium } from '../chromium.ts';
import type { Picture } from './containers.ts';

const source = join(import.meta.dirname, 'source.svg');

/** One group of the source, alone, in a colour. */
export interface Drawing {
  readonly group: string;
  readonly color: string;
}

/** Draws groups of the source in Chromium. Disposing ends it. */
export class IconRenderer implements AsyncDisposable {
  private readonly browser: Browser;
  private readonly page: Page;

  private constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.page = page;
  }

  static async open(): Promise<IconRenderer> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error(`Icons are drawn by Chromium. To have it: ${chromiumInstallCommand}`);
    const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    const page = await browser.newPage();
    await page.setContent('<!doctype html><body></body>');
    return new IconRenderer(browser, page);
  }

  async draw({ group, color }: Drawing, size: number): Promise<Picture> {
    const svg = readFileSync(source, 'utf8');
    const drawn = await this.page.evaluate(
      async ([text, shown, tint, pixels]) => {
        const picture = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
        for (const child of [...picture.children]) if (child.id !== shown) child.remove();
        if (picture.children.length !== 1) throw new Error(`the source has no group "${shown}"`);
        picture.setAttribute('color', tint);
        const image = new Image();
        image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
        await image.decode();
        const canvas = new OffscreenCanvas(pixels, pixels);
        const context = canvas.getContext('2d');
        if (context === null) throw new Error('no canvas to draw on');
        context.drawImage(image, 0, 0, pixels, pixels);
        const toBase64 = (bytes: ArrayBuffer): string => {
          let binary = '';
          for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
          return btoa(binary);
        };
        const { data } = context.getImageData(0, 0, pixels, pixels);
        const png = await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer();
        return { png: toBase64(png), rgba: toBase64(data.buffer) };
      },
      [svg, group, color, size] as const,
    );
    return { size, png: Buffer.from(drawn.png, 'base64'), rgba: Buffer.from(drawn.rgba, 'base64') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}
