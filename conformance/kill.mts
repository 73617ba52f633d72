// Exits with an error if this project's answer differs from a recorded answer in the given sets. `scripts/mutate.mjs` runs this for the mutants that no test detects.
import { MINORS } from '../test/support/vectors/minors.js';
import { checkJudge, compare, validationParts, worldParts } from '../test/support/vectors/replay.js';
import { readSet } from '../test/support/vectors/store.js';
import { worldJudge } from '../test/support/vectors/world-judge.js';

type Worlds = 'worlds-reviewed' | 'worlds-differing' | 'worlds';
type Validations = 'validations-reviewed' | 'validations-differing' | 'validations';

/** Whether this project's answers differ from a set. The set is read only when it is needed. */
function differs(name: Worlds | Validations): boolean {
  return isWorlds(name)
    ? readSet(name).some(({ question, answers }) =>
        MINORS.some((minor) => compare(worldParts(answers[minor]), worldJudge(question, minor)).length > 0),
      )
    : readSet(name).some(({ question, answers }) =>
        MINORS.some((minor) => compare(validationParts(answers[minor]), checkJudge(question, minor) ?? {}).length > 0),
      );
}

function isWorlds(name: Worlds | Validations): name is Worlds {
  return name.startsWith('worlds');
}

process.exitCode = (process.argv.slice(2) as (Worlds | Validations)[]).some(differs) ? 1 : 0;
