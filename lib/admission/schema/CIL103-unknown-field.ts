import { closest } from '../../net/did-you-mean';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { renameKey } from '../fix';
import { Meant, meantBy } from './misnamed';

export const check: SchemaCheck = {
  code: 'CIL103',
  name: 'unknown-field',
  severity: 'error',
  stage: 'schema',
  echo: 'none',
  summary: 'a field that the CRD does not have',
  why:
    'The API server drops the field and stores the rest, so the policy does not do what it says. For example, a rule whose `toPort` is dropped ' +
    'opens every port. `kubectl apply` rejects such a field by default. Other clients and older versions may not.',
  source: 'apiextensions-apiserver `pkg/apiserver/schema/pruning`',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              app: web
        toPort:
          - ports:
              - port: "80"
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              app: web
        toPorts:
          - ports:
              - port: "80"
  `),
  wordings: {
    unknown: ({ path, siblings }) => {
      const field = String(path.at(-1));
      const message = `unknown field \`${field}\`, which the API server drops`;
      if (Object.hasOwn(REMOVED, field) && !siblings.includes(field)) {
        return { message, help: REMOVED[field] };
      }
      const { help, rename } = meantBy(path, siblings) ?? guessed(field, siblings);
      return { message, help, ...(rename !== undefined && { fix: renameKey(rename, 'unsafe') }) };
    },
  },
};

function guessed(field: string, siblings: readonly string[]): Partial<Meant> {
  const guess = closest(field, siblings);
  if (guess !== undefined) {
    return { help: `did you mean \`${guess}\`?`, rename: guess };
  }
  const known = siblings.map((sibling) => `\`${sibling}\``).join(', ');
  return siblings.includes('matchLabels')
    ? { help: `write labels in \`matchLabels\`; known fields: ${known}` }
    : { help: siblings.length === 0 ? undefined : `known fields: ${known}` };
}

/** Fields of earlier versions. */
const REMOVED: Readonly<Record<string, string>> = {
  status: 'only the cluster writes it; remove it',
  kafka: 'Kafka rules were removed in Cilium 1.20; allow only the port',
  l7proto: 'rules for other L7 protocols were removed in Cilium 1.20; allow only the port',
  l7: 'rules for other L7 protocols were removed in Cilium 1.20; allow only the port',
  auth: 'write `authentication` with a `mode`',
};
