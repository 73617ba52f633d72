import { fieldAt } from '../../model/path';
import { closest } from '../../net/did-you-mean';
import { parseDnsPattern } from '../../net/dns-pattern';
import { parseLabelValue, parseObjectName } from '../../net/label';
import { parseLogValue } from '../../net/log-value';
import { accepted, Parsed, refused } from '../../net/parsed';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { renameKey } from '../fix';
import { parseWrittenPort } from '../port-words';

export const check: SchemaCheck = {
  code: 'CIL105',
  name: 'malformed-text',
  severity: 'error',
  stage: 'schema',
  summary: 'a string in a form that its field does not accept',
  why:
    'The API server rejects the object. A frequent case is a wildcard in `matchName`, which accepts only one exact name. Wildcards belong in ' +
    '`matchPattern`. In a NetworkPolicy, a port in quotes is the name of a container port, so `"80"` is not valid.',
  source:
    'apiextensions-apiserver `pkg/apiserver/validation`, the keyword `pattern`; apimachinery `pkg/apis/meta/v1/validation/validation.go`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchName: "*.example.com"
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
                protocol: UDP
            rules:
              dns:
                - matchPattern: "*"
      - toFQDNs:
          - matchPattern: "*.example.com"
  `),
  wordings: {
    text: ({ problem, help }) => ({ message: problem, help }),
    pattern: ({ found, pattern, path }) => {
      const field = fieldAt(path);
      if (field === 'matchName' && found.includes('*') && parseDnsPattern(found).ok) {
        const fix = renameKey('matchPattern');
        return { message: `\`matchName\` cannot have a wildcard, but is \`${found}\``, help: 'write `matchPattern`', fix };
      }
      const parsed = path.includes('matchLabels') ? parseLabelValue(found) : PARSERS[field]?.(found);
      return parsed === undefined || parsed.ok
        ? { message: `\`${field}\` cannot be \`${found}\``, help: helpOf(found, pattern) }
        : { message: parsed.problem, help: parsed.help };
    },
  },
};

/** The pattern of ICMP types lists all names, which is too long to print. */
function helpOf(found: string, pattern: string): string {
  if (!pattern.includes('|EchoReply|')) {
    return `it must match \`${pattern}\``;
  }
  const guess = closest(found, pattern.match(/(?<![A-Za-z])[A-Za-z]+(?=[|)])/g) ?? []);
  return guess === undefined ? 'write its number, 0 to 255' : `did you mean \`${guess}\`?`;
}

/** Their messages are clearer than a regular expression. */
const PARSERS: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  cidrGroupRef: parseObjectName,
  matchName: parseDnsPattern,
  matchPattern: parseDnsPattern,
  serverNames: parseDnsPattern,
  port: parseWrittenPort,
  value: parseLogValue,
  domainNames: parseDomainName,
};

/** A name in a ClusterNetworkPolicy; accepted if the pattern of the CRD says more than could be said here. */
function parseDomainName(text: string): Parsed<unknown> {
  const rest = text.replace(/^\*\./, '');
  if (rest.includes('*')) {
    const help = 'write `*.` only in front of a name, where it stands for one or more labels';
    return refused(`domain name \`${text}\` has a wildcard that is not \`*.\` in front`, help);
  }
  const isOneLabel = /^[A-Za-z0-9_-]+\.?$/.test(rest);
  return isOneLabel
    ? refused(`domain name \`${text}\` has only one label`, 'write at least two, for example `example.com`')
    : accepted(text);
}
