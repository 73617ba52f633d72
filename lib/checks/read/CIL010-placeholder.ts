import { cnp } from '../../admission/example';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL010',
  name: 'placeholder',
  severity: 'info',
  stage: 'read',
  summary: 'values that are filled in later',
  why:
    'The checks do not guess what replaces `${VAR}` or `{{ … }}`. They skip values with such a placeholder and check everything else. To have ' +
    'everything checked, give the values of `${VAR}` with `--values`, or check the output of Flux, Kustomize or Helm.',
  source: 'Flux documentation, Kustomization, Post build variable substitution',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - \${OFFICE_CIDR}
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 192.0.2.0/24
  `),
  wordings: {
    placeholders: ({ samples }) => ({
      message: `${samples.length === 1 ? 'a value is' : `${samples.length} values are`} filled in later and not checked: ${shown(samples)}`,
    }),
  },
};

const MOST_SHOWN = 3;

function shown(samples: readonly string[]): string {
  const few = samples.slice(0, MOST_SHOWN).map((sample) => `\`${sample}\``);
  return [...few, ...(samples.length > few.length ? ['…'] : [])].join(', ');
}
