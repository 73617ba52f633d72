import { closest } from '../../net/did-you-mean';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: SchemaCheck = {
  code: 'CIL104',
  name: 'unknown-word',
  severity: 'error',
  stage: 'schema',
  summary: 'a value that the field does not accept',
  why: 'The API server rejects the object. Case matters: protocols are in upper case, entities in lower case.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keyword `enum`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - wrold
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - world
  `),
  wordings: {
    enum: ({ found, allowed }) => {
      const message = `unknown value \`${found}\``;
      const same = allowed.find((value) => value.toLowerCase() === found.toLowerCase());
      const guess = same ?? closest(found, allowed);
      return guess === undefined
        ? { message, help: `write one of ${allowed.map((value) => `\`${value}\``).join(', ')}` }
        : { message, help: `did you mean \`${guess}\`?`, fix: writeValue(guess, same === undefined ? 'unsafe' : 'safe') };
    },
  },
};
