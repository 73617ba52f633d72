/** Findings of YAML as one line each, for tests. */
import { checkSources, RunOptions } from '../../lib/checks/check-sources';
import { viewOf } from '../../lib/report/view';

/** `CIL201 5:9 /spec/egress/0/toEntities`, an asterisk behind what is allowed. */
export function found(text: string, options?: RunOptions): string[] {
  return checkSources([{ name: 'policy.yaml', text }], options)
    .diagnostics.map(viewOf)
    .map(({ code, line, column, path, allowed }) => `${code} ${line}:${column} ${path}${allowed === null ? '' : ' *'}`);
}

/** The messages. */
export function messages(text: string, options?: RunOptions): string[] {
  return checkSources([{ name: 'policy.yaml', text }], options).diagnostics.map(({ message, help }) =>
    help === undefined ? message : `${message} | ${help}`,
  );
}

/** A CiliumNetworkPolicy `shop/web` with these lines below `spec:`; the first of them is line 7. */
export function policy(spec: string): string {
  return `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n${spec}`;
}
