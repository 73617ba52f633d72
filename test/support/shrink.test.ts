import { shrink } from './shrink';

const showing = (wrong: (candidate: unknown) => boolean) => (candidates: readonly unknown[]) => Promise.resolve(candidates.map(wrong));

test('irrelevant parts are removed at every depth', async () => {
  const question = {
    config: { a: '1' },
    objects: [
      { name: 'x', rules: [1, 2, 3] },
      { name: 'y', rules: [4, 7, 8], more: { deep: [9] } },
    ],
    flows: [1, 2, 3],
  };
  const smallest = await shrink(
    question,
    showing((candidate) => JSON.stringify(candidate).includes('7')),
  );
  expect(smallest).toEqual({ objects: [{ rules: [7] }] });
});

test('a part that can be removed only after another one is removed too', async () => {
  // `a` cannot be removed before `b`.
  const holds = (candidate: { a?: 1; b?: 1; c?: 1 }) => candidate.c === 1 && (candidate.b === undefined || candidate.a === 1);
  const smallest = await shrink(
    { a: 1, b: 1, c: 1 },
    showing((candidate) => holds(candidate as { a?: 1; b?: 1; c?: 1 })),
  );
  expect(smallest).toEqual({ c: 1 });
});

test('irrelevant lines of a text are removed', async () => {
  const smallest = await shrink(
    { text: 'a\nb\n\nc\nd' },
    showing((candidate) => /b\n.*d/s.test((candidate as { text?: string }).text ?? '')),
  );
  expect(smallest).toEqual({ text: 'b\nd' });
});

test('a question without irrelevant parts is unchanged', async () => {
  const question = { flows: [1, 2] };
  const smallest = await shrink(
    question,
    showing((candidate) => JSON.stringify(candidate) === JSON.stringify(question)),
  );
  expect(smallest).toEqual(question);
});
