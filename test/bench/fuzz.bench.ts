/** Frames and texts of noise and damage, by the hundred thousand and from another seed each time: none may be taken for what it is not. */
import { totalDrops } from '../../src/kite/drop-counts.ts';
import { fuzzFrames, fuzzTexts } from '../support/frame-fuzz.ts';
import type { Bench } from './bench.ts';

const FRAMES = 600_000;
const TEXTS = 200_000;
const NS_PER_S = 1e9;

export const fuzzBench: Bench = {
  name: 'fuzz',
  title: 'damaged frames and texts, each checked against a plain reading of the protocol',
  figures: [
    { name: 'frames', what: 'frames', unit: '' },
    { name: 'texts', what: 'texts', unit: '' },
    { name: 'mistaken', what: 'taken for what they are not', unit: '', atMost: 0 },
    { name: 'ticks', what: 'valid ticks among them', unit: '' },
    { name: 'drops', what: 'frames and packets dropped, each by its reason', unit: '' },
    { name: 'seconds', what: 'in all', unit: 's' },
  ],
  run: async (say) => {
    const seed = Number(process.env.MDTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
    say(`Seed ${seed}; MDTS_SEED=${seed} draws the same again.`);
    const startedAt = process.hrtime.bigint();
    const { ticks, drops, difference } = fuzzFrames(seed, FRAMES);
    const { odd } = fuzzTexts(seed, TEXTS);
    if (difference !== null) say(JSON.stringify(difference));
    return {
      frames: difference === null ? FRAMES : difference.frame + 1,
      texts: TEXTS,
      mistaken: odd + (difference === null ? 0 : 1),
      ticks,
      drops: totalDrops(drops),
      seconds: Number(process.hrtime.bigint() - startedAt) / NS_PER_S,
    };
  },
};
