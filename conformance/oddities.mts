// Writes ODDITIES.md: `npm run conformance:oddities`. Whether Cilium does what it says there, the tests ask of the vectors.
import { writeFileSync } from 'node:fs';
import { odditiesPage } from '../test/support/oddities-page.js';

writeFileSync('conformance/ODDITIES.md', odditiesPage());
