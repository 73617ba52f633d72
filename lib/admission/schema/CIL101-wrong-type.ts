import { kindOf } from '../../model/json';
import { fieldAt } from '../../model/path';
import type { SchemaCheck, Told } from '../check';
import { cnp } from '../example';
import { quote, writeValue } from '../fix';
import { typeWord } from '../server/violation';

export const check: SchemaCheck = {
  code: 'CIL101',
  name: 'wrong-type',
  severity: 'error',
  stage: 'schema',
  // What has the wrong type is nothing to the agent, and neither is what it is part of.
  echo: 'branch',
  summary: 'a value has another type than its field',
  why: 'The API server refuses the object. The usual case is a port: it is a text in a Cilium policy, and YAML reads `80` as a number.',
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
  tells: {
    type: ({ expected, found, path }): Told => {
      const field = fieldAt(path);
      const told = { message: `\`${field}\` is ${kindOf(found)}, not ${typeWord(expected)}` };
      if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean')) {
        return { ...told, help: 'write it in quotes', fix: quote() };
      }
      if (expected === 'integer' && typeof found === 'string' && /^(0|[1-9][0-9]{0,8})$/.test(found)) {
        return { ...told, help: 'write it without quotes', fix: writeValue(found) };
      }
      return { ...told, help: expected === 'array' && found !== null ? 'begin each item with `- `' : undefined };
    },
  },
};
