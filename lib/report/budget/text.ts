/** Policy maps and identities, for people. */
import type { Direction } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { printable } from '../../net/printable';
import type { Share } from '../../reach/policy-map';
import { Budget, EndpointBudget, fitOf, NEARLY_FULL } from '../../snapshot/budget';
import { counted } from '../findings/words';
import { shownName, where } from '../verdicts/rule-view';

/** The endpoints, or the policies, with the most entries, and the identities of the agent that has most. */
export function budgetText(budget: Budget, by: 'endpoint' | 'policy', most: number): string {
  const lines = [...(by === 'endpoint' ? byEndpoint(budget, most) : byPolicy(budget, most)), '', ...identityLines(budget)];
  return `${lines.map(printable).join('\n')}\n`;
}

function byEndpoint({ limits, endpoints }: Budget, most: number): readonly string[] {
  if (endpoints.length === 0) {
    return [NO_ENDPOINTS];
  }
  const folded = [...groupedBy(endpoints, (one) => linesOf(one, [], limits.entries).join('\n')).values()];
  const left = folded.slice(most);
  const rest =
    left.length === 0
      ? []
      : [`and ${counted(left.flat().length, 'kind')} of endpoints more, which \`--all\` lists: ${restText(left.flat())}`];
  return [
    row('entries', 'ingress', 'egress', 'full', 'endpoints'),
    ...folded.slice(0, most).flatMap((alike) =>
      linesOf(
        alike[0],
        alike.flatMap(({ names }) => names),
        limits.entries,
      ),
    ),
    ...rest,
  ];
}

function restText(left: readonly EndpointBudget[]): string {
  const unknown = left.filter(({ entries }) => entries === undefined).length;
  const most = left.reduce((largest, { entries }) => Math.max(largest, entries === undefined ? 0 : totalOf(entries)), 0);
  return `${unknown === 0 ? '' : `${unknown} of them not known, the others `}with at most ${most} entries`;
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

function byPolicy({ policies, endpoints }: Budget, most: number): readonly string[] {
  const unknown = endpoints.filter(({ entries }) => entries === undefined).flatMap(({ names }) => names).length;
  const doubts = unknown === 0 ? [] : [`${counted(unknown, 'endpoint')} not counted, because the entries are not known`];
  if (endpoints.length === 0) {
    return [NO_ENDPOINTS];
  }
  if (policies.length === 0) {
    return ['no policy has entries in a policy map', ...doubts];
  }
  const left = policies.slice(most);
  return [
    ['in one map', 'in all', 'endpoints'].map((text) => text.padStart(10)).join('  ') + '  policy',
    ...policies
      .slice(0, most)
      .map(
        ({ policy, largest, total, endpoints, isAtMost }) =>
          `${[...[largest, total].map((count) => `${isAtMost ? '≤' : ''}${count}`), `${endpoints}`].map((text) => text.padStart(10)).join('  ')}  ${shownName(policy)}`,
      ),
    ...(left.length === 0 ? [] : [`and ${left.length} more with at most ${counted(left[0].largest, 'entry')} in one map`]),
    ...doubts,
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

const NO_ENDPOINTS = 'no endpoints: give the pods of the cluster with `--inventory`';

/** What does not fit, or soon may not: those with the same numbers once, and of these the first ten. */
export function budgetWarnings({ endpoints, identities, limits }: Budget): readonly string[] {
  const full = endpoints.filter((one) => ['nearly-full', 'does-not-fit'].includes(fitOf(one, limits) ?? ''));
  const alike = [...groupedBy(full, ({ entries }) => totalOf(entries!))];
  const effect = limits.closesFullEndpoints ? 'the agent closes the endpoint' : 'the agent leaves out entries, and drops what they allow';
  const lines = alike.slice(0, MOST_WARNED).map(([total, same]) => {
    const verdict = fitOf(same[0], limits) === 'does-not-fit' ? `does not fit, so ${effect}` : 'nearly full';
    return `${verdict}: the policy map of ${named(same.flatMap(({ names }) => names))}, ${total} of ${limits.entries} entries`;
  });
  const more = alike.slice(MOST_WARNED).flatMap(([, same]) => same.flatMap(({ names }) => names)).length;
  const told = [
    ...(limits.malformed === undefined ? [] : [`bpf-policy-map-max is no number: \`${limits.malformed}\`; the default counts`]),
    ...lines,
    ...(more === 0 ? [] : [`${more} more policy maps are full or nearly full`]),
  ];
  const [counts] = identities.values();
  return counts === undefined || counts.cluster < limits.identities * NEARLY_FULL
    ? told
    : [...told, `the identities of pods are nearly used up: ${counts.cluster} of ${limits.identities}`];
}

const MOST_WARNED = 10;
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
