/** What the library lets somebody write, the API server takes; what it refuses, it refuses in its own words. */
import fc from 'fast-check';
import { schemaErrors } from '../support/crd';
import { programs, written } from '../support/programs';

test('every policy that can be written is one that the newest CRD allows, and every refusal says what is wrong', () => {
  let count = 0;
  fc.assert(
    fc.property(programs, (program) => {
      const { manifest, refusals } = written(program);
      expect(refusals.filter((error) => error instanceof TypeError)).toEqual([]);
      if (manifest !== undefined) {
        expect(schemaErrors(manifest)).toEqual([]);
        count++;
      }
    }),
    { numRuns: 1_500 },
  );
  expect(count).toBeGreaterThan(300);
});
