/** What a universe does not tell, in words. */
import type { PartialNamespace } from '../../reach/universe/possible-pods';
import type { Verdicts } from '../verdicts';

export function uncountedPods({ namespace, keys }: PartialNamespace): string {
  return `all kinds of pods ${namespace === undefined ? 'of namespaces that nobody names' : `of ${namespace}`}: ${keys.length} labels make too many`;
}

/** Addresses that no end has. `isOfPossible`: whether pods that could exist are ends. */
export function unlisted({ agent, inventory }: Verdicts, isOfPossible: boolean): readonly string[] {
  const [several] = [...inventory.names].filter(([, addresses]) => addresses.length > 1).map(([name]) => name);
  return [
    ...(several === undefined ? [] : [`what the further addresses of \`${several}\` reach`]),
    ...(isOfPossible && (agent.blocksMatchPods || agent.blocksMatchNodes)
      ? ['which addresses pods and nodes have that are not listed']
      : []),
  ];
}
