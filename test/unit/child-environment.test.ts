import { expect, test } from 'vitest';
import { childEnvironment } from '../../src/child-environment.ts';

test('a child gets none of the variables of the app, in whatever case, but those it is given', () => {
  const env = { PATH: '/bin', MDTS_API_SECRET: 'planted', mdts_access_token: 'planted', EMPTY: undefined, HOME: '/h' };
  expect(childEnvironment(env)).toEqual({ PATH: '/bin', HOME: '/h' });
  expect(childEnvironment(env, { MDTS_CLOCK: 'c', PATH: '/other' })).toEqual({
    PATH: '/other',
    HOME: '/h',
    MDTS_CLOCK: 'c',
  });
});
