import { objectsJudge, objectsParts, replay } from '../support/vectors/replay';
import { readSet } from '../support/vectors/store';

test('the objects of a text are those that kubectl finds', () => {
  const texts = readSet('objects');
  const { disagreements, compared } = replay(texts, objectsParts, objectsJudge);
  expect(disagreements.map(({ question, part, cilium, ours }) => ({ question, part, cilium, ours }))).toEqual([]);
  expect(compared).toBeGreaterThan(3 * texts.length);
});
