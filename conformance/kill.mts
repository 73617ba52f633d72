// Ends with an error at the first recorded answer of some sets that is not ours: what `scripts/mutate.mjs` asks of every mutant.
import { MINORS } from '../test/support/vectors/minors.js';
import { compare, worldParts } from '../test/support/vectors/replay.js';
import { readSet } from '../test/support/vectors/store.js';
import { worldJudge } from '../test/support/vectors/world-judge.js';

type Name = 'worlds-reviewed' | 'worlds-differing' | 'worlds';

/** Whether an answer of the set, which is read only when it is its turn, is not ours. */
function differs(name: Name): boolean {
  return readSet(name).some(({ question, answers }) =>
    MINORS.some((minor) => compare(worldParts(answers[minor]), worldJudge(question, minor)).length > 0),
  );
}

process.exitCode = (process.argv.slice(2) as Name[]).some(differs) ? 1 : 0;
