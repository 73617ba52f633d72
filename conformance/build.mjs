// Builds the oracles of all minors: `npm run conformance:build`. Needs Go 1.26. The first build takes minutes.
import { build, buildKubernetes, MINORS } from './oracle.mjs';

for (const minor of MINORS) {
  const start = performance.now();
  build(minor);
  buildKubernetes(minor);
  console.log(`${minor}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
