/** How findings name a rule of another policy. */
import type { OwnedRule } from '../../model/flow';
import { isPrivate } from '../../model/origin';

/** For example ``\`egress[0]\` of CiliumNetworkPolicy `web` ``. */
export function ruleName({ policy: { resource }, rule: { path } }: OwnedRule): string {
  if (isPrivate(resource)) {
    return 'a rule behind a link';
  }
  const [section, ...steps] = path[0] === 'specs' ? [`specs[${path[1]}]`, ...path.slice(2)] : path.slice(1);
  const policy = `${resource.kind} \`${resource.name}\``;
  return section === undefined ? policy : `\`${[section, ...steps].map(stepText).join('')}\` of ${policy}`;
}

function stepText(step: string | number, i: number): string {
  return typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`;
}
