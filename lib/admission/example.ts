/** Builds the example manifests of the checks from the part that matters. */
import type { AgentConfig } from '../model/config';
import type { Example } from './check';

/** A CiliumNetworkPolicy with this spec. */
export function cnp(spec: string, config?: AgentConfig): Example {
  return example('CiliumNetworkPolicy', '  name: example\n  namespace: shop\n', spec, config);
}

/** A CiliumClusterwideNetworkPolicy with this spec. */
export function ccnp(spec: string, config?: AgentConfig): Example {
  return example('CiliumClusterwideNetworkPolicy', '  name: example\n', spec, config);
}

/** A NetworkPolicy with this spec. */
export function networkPolicy(spec: string): Example {
  const metadata = '  name: example\n  namespace: shop\n';
  return { yaml: `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n${metadata}spec:\n${indented(spec)}` };
}

/** A ClusterNetworkPolicy with this spec. */
export function tiers(spec: string, config?: AgentConfig): Example {
  const head = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata:\n  name: example\nspec:\n';
  return { yaml: `${head}${indented(spec)}`, ...(config && { config }) };
}

/** The same example, which the page of the check shows as another, shorter one. */
export function shownAs({ yaml: shown }: Example, example: Example): Example {
  return { ...example, shown };
}

/** The same example in a certain minor. */
export function inMinor(cilium: Example['cilium'], example: Example): Example {
  return { ...example, cilium };
}

function example(kind: string, metadata: string, spec: string, config: AgentConfig | undefined): Example {
  const yaml = `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata:\n${metadata}spec:\n${indented(spec)}`;
  return { yaml, ...(config && { config }) };
}

/** Removes the first line break of a template literal and the indentation of the code around it. */
function indented(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const margin = margins.reduce((least, next) => Math.min(least, next), Infinity);
  return lines.map((line) => (line.trim() === '' ? '' : `  ${line.slice(margin)}`)).join('\n') + '\n';
}
