/** What people trip over, one by one: worlds whose answers a person has looked at, and our answers to them in every minor. */
import { REVIEWED_WORLDS } from '../generate/reviewed';
import { MINORS } from '../support/vectors/minors';
import { worldParts } from '../support/vectors/replay';
import { readSet } from '../support/vectors/store';
import { worldJudge } from '../support/vectors/world-judge';

const recorded = readSet('worlds-reviewed');

test.each(REVIEWED_WORLDS.map(({ name }, i) => ({ name, ...recorded[i] })))('$name', ({ question, answers }) => {
  for (const minor of MINORS) {
    expect({ minor, parts: worldJudge(question, minor) }).toEqual({ minor, parts: worldParts(answers[minor]) });
  }
});
