// Writes ODDITIES.md: `npm run conformance:oddities`. The tests compare the answers on the page with the vectors.
import { writeFileSync } from 'node:fs';
import { odditiesPage } from '../test/support/oddities-page.js';

writeFileSync('conformance/ODDITIES.md', odditiesPage());
