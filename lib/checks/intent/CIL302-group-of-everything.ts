import { asList, asObject } from '../../model/json';
import { below } from '../../model/path';
import { parsePrefix } from '../../net/prefix';
import type { IntentCheck } from '../check';

const group = (...cidrs: readonly string[]): string =>
  `apiVersion: cilium.io/v2\nkind: CiliumCIDRGroup\nmetadata:\n  name: example\nspec:\n  externalCIDRs:\n${cidrs.map((cidr) => `    - ${cidr}\n`).join('')}`;

export const check: IntentCheck = {
  code: 'CIL302',
  name: 'group-of-everything',
  severity: 'warning',
  stage: 'intent',
  summary: 'a CIDR group with a prefix of length zero, which adds nobody',
  why:
    'Agents know `0.0.0.0/0` and `::/0` as the world and nothing else, so the labels of the group are dropped there: rules that refer to the group ' +
    'do not select the addresses, whether they allow or deny. Its other prefixes count. This is a defect of Cilium 1.18 to 1.20. A rule itself may ' +
    'have such a prefix, or name the entity `world`.',
  limits:
    'Only the group itself is looked at, not whether a policy refers to it. Two halves of all addresses, such as `0.0.0.0/1` and `128.0.0.0/1`, are not reported.',
  source: 'cilium `daemon/cmd/hostips-sync.go`, `pkg/ipcache/types.go`; cilium pull request 48366',
  bad: { yaml: group('0.0.0.0/0') },
  good: { yaml: group('192.0.2.0/24') },
  inspectGroup({ spec }, { report }) {
    asList(asObject(spec).externalCIDRs).forEach((text, i) => {
      const parsed = typeof text === 'string' ? parsePrefix(text) : undefined;
      if (parsed?.ok && parsed.value.length === 0) {
        report(
          {
            message: `CIDR \`${text as string}\` of a group selects no address`,
            help: 'write the prefix in the rule, or the entity `world`',
          },
          below(undefined, 'spec', 'externalCIDRs', i),
        );
      }
    });
  },
};
