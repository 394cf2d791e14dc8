/**
 * Property tests draw the same cases in every run, so that what fails is the change's doing. `MDTS_SEED` draws others,
 * `MDTS_RUNS` so many of each property that does not say its own number.
 */
import fc from 'fast-check';

const { MDTS_SEED: seed, MDTS_RUNS: runs } = process.env;
fc.configureGlobal({
  seed: seed === undefined ? 20_261_123 : Number(seed),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});
