/** Checks YAML and formats each finding as one line, for tests. */
import { checkSources } from '../../lib/checks/check-texts';
import { viewOf } from '../../lib/report/findings/view';
import type { Values } from '../../lib/settings/settings';
import { settingsOf } from './settings';

/** For example `CIL201 5:9 /spec/egress/0/toEntities`. A suppressed finding ends with an asterisk. */
export function found(text: string, values?: Values): string[] {
  return checkSources([{ name: 'policy.yaml', text }], settingsOf(values))
    .diagnostics.map(viewOf)
    .map(({ code, line, column, path, allowed }) => `${code} ${line}:${column} ${path}${allowed === null ? '' : ' *'}`);
}

/** The messages and the help of all findings. */
export function messages(text: string, values?: Values): string[] {
  return checkSources([{ name: 'policy.yaml', text }], settingsOf(values)).diagnostics.map(({ message, help }) =>
    help === undefined ? message : `${message} | ${help}`,
  );
}

/** A CiliumNetworkPolicy `shop/web` with these lines below `spec:`. The first of them is line 7. */
export function policy(spec: string): string {
  return `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n${spec}`;
}
