import { fieldAt } from '../../model/path';
import { parseDnsPattern } from '../../net/dns-pattern';
import { parseLabelValue, parseObjectName } from '../../net/label';
import { parseLogValue } from '../../net/log-value';
import type { Parsed } from '../../net/parsed';
import { parsePort } from '../../net/port';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { renameKey } from '../fix';

export const check: SchemaCheck = {
  code: 'CIL105',
  name: 'malformed-text',
  severity: 'error',
  stage: 'schema',
  summary: 'a text does not have the form that its field takes',
  why: 'The API server refuses the object. A frequent case is a wildcard in `matchName`, which takes one exact name; wildcards belong into `matchPattern`.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keyword `pattern`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchName: "*.example.com"
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchPattern: "*.example.com"
  `),
  tells: {
    pattern: ({ found, pattern, path }) => {
      const field = fieldAt(path);
      if (field === 'matchName' && found.includes('*') && parseDnsPattern(found).ok) {
        const fix = renameKey('matchPattern');
        return { message: `\`matchName\` takes no wildcard, and is \`${found}\``, help: 'write `matchPattern`', fix };
      }
      const parsed = path.includes('matchLabels') ? parseLabelValue(found) : PARSERS[field]?.(found);
      return parsed === undefined || parsed.ok
        ? { message: `\`${field}\` cannot be \`${found}\``, help: `it must match \`${pattern}\`` }
        : { message: parsed.problem, help: parsed.help };
    },
  },
};

/** They say better what is wrong than a regular expression does. */
const PARSERS: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  cidrGroupRef: parseObjectName,
  matchName: parseDnsPattern,
  matchPattern: parseDnsPattern,
  serverNames: parseDnsPattern,
  port: parsePort,
  value: parseLogValue,
};
