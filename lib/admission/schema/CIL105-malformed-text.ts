import { fieldAt } from '../../model/path';
import { closest } from '../../net/did-you-mean';
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
        ? { message: `\`${field}\` cannot be \`${found}\``, help: helpOf(found, pattern) }
        : { message: parsed.problem, help: parsed.help };
    },
  },
};

/** Of ICMP types the pattern lists the names, too many to read. */
function helpOf(found: string, pattern: string): string {
  if (!pattern.includes('|EchoReply|')) {
    return `it must match \`${pattern}\``;
  }
  const guess = closest(found, pattern.match(/[A-Za-z]+(?=[|)])/g) ?? []);
  return guess === undefined ? 'write its number, 0 to 255' : `did you mean \`${guess}\`?`;
}

/** They say better what is wrong than a regular expression does. */
const PARSERS: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  cidrGroupRef: parseObjectName,
  matchName: parseDnsPattern,
  matchPattern: parseDnsPattern,
  serverNames: parseDnsPattern,
  port: parsePort,
  value: parseLogValue,
};
