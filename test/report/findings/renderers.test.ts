/** Properties of all formats. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OutputFormat, RENDERERS } from '../../../lib/report/findings/renderers';
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered } from './reports';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'markdown'] as const satisfies readonly OutputFormat[];
const REPORTS = Object.entries({ FOUND, CLEAN, ALLOWED, COMPARED, OBJECTS, HOSTILE });

test('these are all formats', () => {
  expect(Object.keys(RENDERERS)).toEqual(FORMATS);
});

describe.each(FORMATS)('%s', (format) => {
  test('has a source file and a test file of its name', () => {
    expect(readdirSync(join(__dirname, '../../../lib/report/findings'))).toContain(`${format}.ts`);
    expect(readdirSync(__dirname)).toContain(`${format}.test.ts`);
  });

  test.each(REPORTS)('of %s ends with one line break, and is the same each time', (_, report) => {
    const text = rendered(format, report);
    expect(text).toMatch(/[^\n]\n$/);
    expect(rendered(format, report)).toBe(text);
  });

  test.each(REPORTS)('of %s has colours only on request', (_, report) => {
    expect(rendered(format, report)).not.toContain('\u001b');
  });
});

test('only the text has colours', () => {
  expect(FORMATS.filter((format) => rendered(format, FOUND, true).includes('\u001b'))).toEqual(['text']);
});
