/** The sizes of objects that a cluster takes. */
import { MAX_REQUEST, MAX_STORED, protobufSize, sizeViolations } from '../../../lib/admission/server/size';
import type { JsonObject } from '../../../lib/model/json';
import { byteLength } from '../../../lib/net/utf8';

/** An object with this many bytes of JSON. */
function objectOf(bytes: number, letter = 'a'): JsonObject {
  const object = (text: string): JsonObject => ({ metadata: { name: 'p' }, spec: { description: text } });
  const room = bytes - byteLength(JSON.stringify(object('')));
  return object(letter.repeat(room / byteLength(letter)));
}

const told = (sent: JsonObject, stored: JsonObject, isCustom = true) =>
  sizeViolations(sent, stored, isCustom).map((found) => (found.is === 'size' ? [found.size, found.most, found.isRequest] : []));

test('a custom resource has at most 1.5 MiB of JSON', () => {
  const [largest, larger] = [objectOf(MAX_STORED), objectOf(MAX_STORED + 1)];
  expect(told(largest, largest)).toEqual([]);
  expect(told(larger, larger)).toEqual([[MAX_STORED + 1, MAX_STORED, false]]);
});

test('bytes are counted, not characters', () => {
  const large = objectOf(MAX_STORED + 2, 'é');
  expect(told(large, large)).toHaveLength(1);
});

test('managed fields do not count, because the API server tries again without them', () => {
  const managed = { metadata: { name: 'p', managedFields: [{ manager: 'a'.repeat(MAX_STORED) }] } };
  expect(told(managed, managed)).toEqual([]);
});

test('a request has at most 3 MiB, with all that is dropped', () => {
  const stored = { metadata: { name: 'p' } };
  expect(told(objectOf(MAX_REQUEST), stored)).toEqual([]);
  expect(told(objectOf(MAX_REQUEST + 1), stored)).toEqual([[MAX_REQUEST + 1, MAX_REQUEST, true]]);
});

test('a NetworkPolicy is stored in protobuf, which is smaller', () => {
  const policy = (peers: number): JsonObject => ({
    metadata: { name: 'p' },
    spec: { egress: [{ to: Array.from({ length: peers }, () => ({ ipBlock: { cidr: '10.0.0.0/24' } })) }] },
  });
  const [many, more] = [policy(60_000), policy(100_000)];
  expect(JSON.stringify(many).length).toBeGreaterThan(MAX_STORED);
  expect(told(many, many, false)).toEqual([]);
  expect(told(more, more, false)).toHaveLength(1);
});

// The vectors have the sizes of whole objects, from Kubernetes' own code.
test.each<[JsonObject, number]>([
  [{ cidr: '10.0.0.0/8' }, 12],
  [{ endPort: 300 }, 3],
  [{ endPort: -1 }, 11],
  [{ port: 80 }, 8],
  [{ port: 'http' }, 12],
  [{ matchLabels: { a: 'b', c: 'd' } }, 16],
  [{ policyTypes: ['Ingress', 'Egress'] }, 17],
])('%j takes %d bytes', (object, size) => {
  expect(protobufSize(object)).toBe(size);
});
