/** The entries of the policy maps of a world: Cilium's answers, and those of this project. */
import { openRequest } from '../../../lib/cli/verdict-request';
import { budgetOf } from '../../../lib/snapshot/budget';
import type { WorldCase } from '../../generate/worlds';
import type { Minor } from './minors';
import type { Parts } from './replay';

/** By `pod:namespace/name` and `node:name`; and the number of identities that agents know, by the name of the node. */
export type BudgetAnswer =
  | {
      readonly error: null;
      readonly entries: Readonly<Record<string, { readonly ingress: number; readonly egress: number }>>;
      readonly identities: Readonly<Record<string, number>>;
    }
  | { readonly error: string };

/** The parts of an answer: the entries of each direction of each endpoint, and the identities of each agent. */
export function budgetParts(answer: BudgetAnswer): Parts {
  if (answer.error !== null) {
    return { error: true };
  }
  const { entries, identities } = answer;
  return {
    error: false,
    ...Object.fromEntries(
      Object.entries(entries).flatMap(([name, of]) => Object.entries(of).map(([way, count]) => [`${name}/${way}`, count])),
    ),
    ...Object.fromEntries(Object.entries(identities).map(([node, count]) => [`identities/${node}`, count])),
  };
}

/** Nothing is claimed of endpoints whose entries are not known, or of which only the most is known. */
export function budgetJudge(world: WorldCase, cilium: Minor): Parts {
  const verdicts = openRequest({ ...world, cilium, flows: [] });
  if (!verdicts.ok || verdicts.value.refused.length > 0) {
    return { error: true };
  }
  const [engine] = verdicts.value.engines();
  // The oracle gives addresses the names of rules that select no peer, which no agent asks for.
  if (engine.resolver.entries.some(({ beside }) => beside.some(({ is }) => is === 'name'))) {
    return {};
  }
  const { endpoints, identities } = budgetOf(verdicts.value);
  if (endpoints.some(({ unknown }) => unknown?.startsWith('its policies do not resolve') === true)) {
    return { error: true };
  }
  const counted = endpoints.flatMap(({ is, names, entries }) =>
    Object.entries(entries ?? {})
      .filter(([, { isAtMost }]) => !isAtMost)
      .flatMap(([way, { count }]) => names.map((name): [string, number] => [`${is === 'pods' ? 'pod' : 'node'}:${name}/${way}`, count])),
  );
  const known = [...identities].map(([node, { cluster, local, nodes, reserved }]): [string, number] => [
    `identities/${node}`,
    cluster + local + nodes + reserved,
  ]);
  return { error: false, ...Object.fromEntries([...counted, ...known]) };
}
