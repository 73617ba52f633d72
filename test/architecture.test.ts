/** The journeys of docs/architecture.md name files that exist, and none of them twice. */
import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('docs/architecture.md', 'utf8');
const journeys = page
  .split(/^## /m)
  .filter((section) => section.startsWith('From '))
  .map((section) => ({
    title: section.split('\n')[0],
    files: [...section.matchAll(/^\d+\. \[`([^`]+)`\]\(\.\.\/lib\/([^)]+)\)/gm)].map(([, shown, linked]) => ({ shown, linked })),
  }));

test('there are four', () => {
  expect(journeys.map(({ title }) => title)).toEqual([
    'From text to verdict',
    'From policies to a diff',
    'From flow to explanation',
    'From finding to SARIF',
  ]);
});

test.each(journeys)('$title', ({ files }) => {
  expect(files.length).toBeGreaterThan(8);
  for (const { shown, linked } of files) {
    expect(shown).toBe(linked);
    expect([linked, existsSync(`lib/${linked}`)]).toEqual([linked, true]);
  }
  expect(new Set(files.map(({ linked }) => linked)).size).toBe(files.length);
});
