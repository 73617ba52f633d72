import { objectsJudge, objectsParts, replay, UNREAD } from '../support/vectors/replay';
import { readSet } from '../support/vectors/store';

const texts = readSet('objects');

test('the policies in a text are those that kubectl finds, or there is an error', () => {
  const { disagreements, compared } = replay(texts, objectsParts, objectsJudge);
  expect(disagreements.map(({ question, part, cilium, ours }) => ({ question, part, cilium, ours }))).toEqual([]);
  expect(compared).toBe(3 * texts.length);
});

test('there are hardly any errors in texts that kubectl accepts', () => {
  const accepted = texts.filter(({ answers }) => answers['1.20'].error === undefined);
  const refused = accepted.filter(({ question }) => (objectsJudge(question, '1.20')!.policies as unknown[]).includes(UNREAD));
  // A strange tag, and a second root with brackets in brackets on the line of the first.
  expect([refused.length, accepted.length > 600]).toEqual([2, true]);
});
