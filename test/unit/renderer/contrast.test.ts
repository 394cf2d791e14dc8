import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const tokens = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');

/** The two values of a token, light then dark. */
function colorsOf(name: string): [string, string] {
  const match = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(tokens);
  if (match?.[1] === undefined || match[2] === undefined) throw new Error(`no plain colours for --${name}`);
  return [match[1], match[2]];
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ['bg', 'panel', 'raised', 'hover', 'selected'] as const;
const texts = ['text', 'muted', 'dimmed', 'accent', 'amber', 'danger', 'up', 'down'] as const;
const onTints = [
  ['text', 'amber-tint'],
  ['muted', 'amber-tint'],
  ['amber', 'amber-tint'],
  ['text', 'danger-tint'],
  ['muted', 'danger-tint'],
  ['danger', 'danger-tint'],
  ['text', 'bid-tint'],
  ['text', 'ask-tint'],
  ['on-accent', 'accent'],
  ['simulated', 'bg'],
] as const;
const pairs = [...texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)), ...onTints];

test.each(pairs)('%s on %s reaches AA for text in both themes', (text, surface) => {
  const [lightText, darkText] = colorsOf(text);
  const [lightSurface, darkSurface] = colorsOf(surface);
  expect(contrast(lightText, lightSurface)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(darkText, darkSurface)).toBeGreaterThanOrEqual(4.5);
});

test.each(['line-strong', 'link-live', 'link-lost', 'accent'])('%s reaches AA for controls and signs', (sign) => {
  for (const surface of ['bg', 'panel', 'raised']) {
    const [light, dark] = colorsOf(sign);
    const [lightSurface, darkSurface] = colorsOf(surface);
    expect(contrast(light, lightSurface)).toBeGreaterThanOrEqual(3);
    expect(contrast(dark, darkSurface)).toBeGreaterThanOrEqual(3);
  }
});
