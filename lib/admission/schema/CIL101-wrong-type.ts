import { kindOf } from '../../model/json';
import { fieldAt } from '../../model/path';
import type { SchemaCheck, Wording } from '../check';
import { cnp } from '../example';
import { quote, writeValue } from '../fix';
import { typeWord } from '../server/violation';

export const check: SchemaCheck = {
  code: 'CIL101',
  name: 'wrong-type',
  severity: 'error',
  stage: 'schema',
  // The agent cannot decode the value, so its findings about the value and about what contains it add nothing.
  echo: 'branch',
  summary: 'a value of the wrong type',
  why: 'The API server rejects the object. The usual case is a port: it is a string in a Cilium policy, but YAML reads `80` as a number.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keyword `type`',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: 80
                protocol: TCP
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
  `),
  wordings: {
    type: ({ expected, found, path }): Wording => {
      const field = fieldAt(path);
      const wording = { message: `\`${field}\` is ${kindOf(found)}, not ${typeWord(expected)}` };
      if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) {
        return { ...wording, help: 'write it in quotes', fix: quote() };
      }
      if (expected === 'integer' && typeof found === 'string' && /^(0|[1-9][0-9]{0,8})$/.test(found)) {
        return { ...wording, help: 'write it without quotes', fix: writeValue(found) };
      }
      return { ...wording, help: expected === 'array' && found !== null ? 'begin each item with `- `' : undefined };
    },
  },
};
