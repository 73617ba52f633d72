// Exits with an error if this project's answer differs from a recorded answer in the given sets. `scripts/mutate.mjs` runs this for every mutant.
import { MINORS } from '../test/support/vectors/minors.js';
import { compare, worldParts } from '../test/support/vectors/replay.js';
import { readSet } from '../test/support/vectors/store.js';
import { worldJudge } from '../test/support/vectors/world-judge.js';

type Name = 'worlds-reviewed' | 'worlds-differing' | 'worlds';

/** Whether this project's answers differ from a set. The set is read only when it is needed. */
function differs(name: Name): boolean {
  return readSet(name).some(({ question, answers }) =>
    MINORS.some((minor) => compare(worldParts(answers[minor]), worldJudge(question, minor)).length > 0),
  );
}

process.exitCode = (process.argv.slice(2) as Name[]).some(differs) ? 1 : 0;
