/** Policy maps and identities, for people. */
import type { Direction } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { printable } from '../../net/printable';
import type { Share } from '../../reach/policy-map';
import type { Budget, EndpointBudget } from '../../snapshot/budget';
import { counted } from '../findings/words';
import { shownName, where } from '../verdicts/rule-view';

/** The endpoints, or the policies, with the most entries, and the identities of the agent that has most. */
export function budgetText(budget: Budget, by: 'endpoint' | 'policy', most: number): string {
  const lines = [...(by === 'endpoint' ? byEndpoint(budget, most) : byPolicy(budget, most)), '', ...identityLines(budget)];
  return `${lines.map(printable).join('\n')}\n`;
}

function byEndpoint({ limits, endpoints }: Budget, most: number): readonly string[] {
  if (endpoints.length === 0) {
    return ['no endpoints: give the pods of the cluster with `--inventory`'];
  }
  const folded = [...groupedBy(endpoints, (one) => linesOf(one, [], limits.entries).join('\n')).values()];
  const left = folded.slice(most);
  const largest = left[0]?.[0].entries;
  return [
    row('entries', 'ingress', 'egress', 'full', 'endpoints'),
    ...folded.slice(0, most).flatMap((alike) =>
      linesOf(
        alike[0],
        alike.flatMap(({ names }) => names),
        limits.entries,
      ),
    ),
    ...(largest === undefined
      ? []
      : [`and ${counted(left.flat().length, 'kind')} of endpoints more, with at most ${totalOf(largest)} entries`]),
  ];
}

function linesOf({ entries, unknown }: EndpointBudget, names: readonly string[], limit: number): readonly string[] {
  if (entries === undefined) {
    return [row('unknown', '', '', '', named(names)), `${INDENT}not known: ${unknown}`];
  }
  const { ingress, egress } = entries;
  const total = totalOf(entries);
  const atMost = ingress.isAtMost || egress.isAtMost ? '≤' : '';
  const shares = (['ingress', 'egress'] as const)
    .flatMap((direction) => entries[direction].shares.map((share) => ({ direction, share })))
    .sort((a, b) => b.share.count - a.share.count);
  return [
    row(`${atMost}${total}`, `${ingress.count}`, `${egress.count}`, percent(total, limit), named(names)),
    ...shares.slice(0, MOST_RULES).map(({ direction, share }) => shareLine(direction, share)),
    ...(shares.length > MOST_RULES ? [`${INDENT}and ${counted(shares.length - MOST_RULES, 'rule')} more`] : []),
  ];
}

function shareLine(direction: Direction, { rule, count, ports, peers }: Share): string {
  const by = rule === undefined ? `Cilium itself, for ${direction}` : where(rule);
  return `${INDENT}${count}: ${by}: ${ports} ${ports === 1 ? 'prefix' : 'prefixes'} of ports, ${counted(peers, 'peer')}`;
}

function byPolicy({ policies }: Budget, most: number): readonly string[] {
  if (policies.length === 0) {
    return ['no policy has entries in a policy map'];
  }
  const left = policies.slice(most);
  return [
    ['in one map', 'in all', 'endpoints'].map((text) => text.padStart(10)).join('  ') + '  policy',
    ...policies
      .slice(0, most)
      .map(
        ({ policy, largest, total, endpoints }) =>
          `${[largest, total, endpoints].map((count) => `${count}`.padStart(10)).join('  ')}  ${shownName(policy)}`,
      ),
    ...(left.length === 0 ? [] : [`and ${left.length} more with at most ${counted(left[0].largest, 'entry')} in one map`]),
  ];
}

/** The agent that has the most identities. */
function identityLines({ identities, limits }: Budget): readonly string[] {
  const sizes = [...identities].sort(([, a], [, b]) => b.local + b.nodes - (a.local + a.nodes));
  return sizes.slice(0, 1).map(([node, { cluster, local, nodes, reserved }]) => {
    const of = `${cluster} of pods (${percent(cluster, limits.identities)} of ${limits.identities}), ${local} of addresses, ${nodes} of nodes, ${reserved} reserved`;
    return `identities${node === '' ? '' : ` on node ${node}`}: ${of}`;
  });
}

/** What does not fit, or soon may not. */
export function budgetWarnings({ endpoints, identities, limits }: Budget): readonly string[] {
  const full = endpoints.flatMap(({ names, entries }) => {
    const total = entries === undefined ? 0 : totalOf(entries);
    if (total < limits.entries * NEARLY_FULL) {
      return [];
    }
    const effect = limits.closesFullEndpoints ? 'the agent closes the endpoint' : 'the agent leaves out entries, and drops what they allow';
    const verdict = total > limits.entries ? `does not fit: ${effect}` : 'is nearly full';
    return [`the policy map of ${named(names)} ${verdict}: ${total} of ${limits.entries} entries`];
  });
  const [counts] = identities.values();
  return counts === undefined || counts.cluster < limits.identities * NEARLY_FULL
    ? full
    : [...full, `the identities of pods are nearly used up: ${counts.cluster} of ${limits.identities}`];
}

/** From here on a map is reported. */
const NEARLY_FULL = 0.8;
const MOST_RULES = 3;
const INDENT = '         ';

function totalOf({ ingress, egress }: NonNullable<EndpointBudget['entries']>): number {
  return ingress.count + egress.count;
}

function named(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names.join();
}

function percent(count: number, limit: number): string {
  return `${Math.floor((count * 100) / limit)} %`;
}

function row(entries: string, ingress: string, egress: string, full: string, title: string): string {
  return `${[entries, ingress, egress].map((text) => text.padStart(7)).join('  ')}  ${full.padStart(5)}  ${title}`;
}
