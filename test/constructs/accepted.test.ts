/** What the library lets somebody write, the API server takes; what it refuses, it refuses in its own words. */
import fc from 'fast-check';
import { admit } from '../../lib/admission/admit';
import type { JsonObject } from '../../lib/model/json';
import { readObject } from '../../lib/read/read';
import { schemaErrors } from '../support/crd';
import { programs, tierPrograms, written } from '../support/programs';

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

test('every ClusterNetworkPolicy that can be written is one that its CRD and the agent of 1.20 accept', () => {
  let count = 0;
  const config = { 'enable-node-selector-labels': 'true' };
  fc.assert(
    fc.property(tierPrograms, (program) => {
      const { manifest, refusals } = written(program);
      expect(refusals.filter((error) => error instanceof TypeError)).toEqual([]);
      if (manifest !== undefined) {
        expect(schemaErrors(manifest)).toEqual([]);
        const { accepted, unknown, findings } = admit(
          readObject(manifest as unknown as JsonObject, { namespace: 'default' }),
          '1.20',
          config,
        );
        expect(findings.filter(({ check }) => check.code !== 'CIL118').map(({ check, wording }) => [check.code, wording.message])).toEqual(
          [],
        );
        expect({ accepted, unknown }).toEqual({ accepted: { schema: true, agent: true }, unknown: [] });
        count++;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(count).toBeGreaterThan(400);
});
