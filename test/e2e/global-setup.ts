import { buildFixture } from '../renderer-fixture/fixture-server.ts';

/** The pages of the made-up desks are bundled once; each file of specs only serves them. Playwright asks for a default export. */
export default buildFixture;
