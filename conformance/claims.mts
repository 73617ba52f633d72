// Writes claims.md: `npm run conformance:claims`. The tests ask every question again.
import { writeFileSync } from 'node:fs';
import { claimsPage } from '../test/claims/page.js';

writeFileSync('conformance/claims.md', claimsPage());
