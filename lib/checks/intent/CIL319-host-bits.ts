import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import { asList, asObject, asText } from '../../model/json';
import { below, PathLink } from '../../model/path';
import type { WrittenPolicy, WrittenTierPolicy } from '../../model/written';
import { parseAddress } from '../../net/address';
import { parsePrefix, prefixText, singleBlock } from '../../net/prefix';
import type { IntentCheck, IntentContext } from '../check';

export const check: IntentCheck = {
  code: 'CIL319',
  name: 'host-bits',
  severity: 'warning',
  stage: 'intent',
  summary: 'a CIDR with bits set beyond its prefix length',
  why: 'Only the bits of the prefix count: `10.1.2.3/16` is the whole network `10.1.0.0/16`, and not one address in it. Readers may take it for the address.',
  limits: 'Not reported: NetworkPolicies, of which CIL116 tells. Whether the network or the address is meant is not known.',
  source: 'cilium `pkg/policy/api/cidr.go`; Go `net/netip`, Prefix.Masked',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 10.1.2.3/16
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 10.1.0.0/16
  `),
  inspect(policy, context) {
    blocksOf(policy).forEach((block) => inspectBlock(block, context));
  },
  inspectTiers(policy, context) {
    networksOf(policy).forEach((block) => inspectBlock(block, context));
  },
  inspectGroup({ spec }, context) {
    const blocks = asList(asObject(spec).externalCIDRs).map((text, i) => ({
      text: asText(text),
      at: below(undefined, 'spec', 'externalCIDRs', i),
    }));
    blocks.forEach((block) => inspectBlock(block, context));
  },
};

interface WrittenBlock {
  readonly text: string;
  readonly at: PathLink;
}

function blocksOf({ specs }: WrittenPolicy): readonly WrittenBlock[] {
  return specs
    .flatMap(({ rules }) => rules)
    .flatMap(({ cidrs = [], cidrRules = [] }) => [
      ...cidrs,
      ...cidrRules.flatMap(({ cidr, except, at }) => [{ text: cidr, at: below(at, 'cidr') }, ...except]),
    ]);
}

function networksOf({ rules }: WrittenTierPolicy): readonly WrittenBlock[] {
  return rules.flatMap(({ peers }) => peers).flatMap(({ networks = [] }) => networks);
}

function inspectBlock({ text, at }: WrittenBlock, { report }: IntentContext): void {
  const [parsed, address] = [parsePrefix(text), parseAddress(text.slice(0, Math.max(0, text.lastIndexOf('/'))))];
  if (parsed.ok && address !== undefined && address.value !== parsed.value.first) {
    const meant = prefixText(parsed.value);
    report(
      {
        message: `CIDR \`${text}\` has bits set beyond its prefix length, and is the whole network \`${meant}\``,
        help: `write \`${meant}\`, or \`${prefixText(singleBlock(address))}\` for one address`,
        fix: writeValue(meant, 'unsafe'),
      },
      at,
    );
  }
}
