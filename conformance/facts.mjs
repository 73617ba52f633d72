// Writes the facts of each minor (entities, protocols and so on) to test/vectors/facts.json: `npm run conformance:facts`. Needs Go.
import { mkdirSync, writeFileSync } from 'node:fs';
import { ask, build, MINORS } from './oracle.mjs';

const facts = {};
for (const minor of MINORS) {
  build(minor);
  [facts[minor]] = await ask(minor, [{ kind: 'facts' }]);
}
mkdirSync('test/vectors', { recursive: true });
writeFileSync('test/vectors/facts.json', `${JSON.stringify(facts, null, 2)}\n`);
