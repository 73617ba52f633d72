/** Findings of YAML as one line each, for tests. */
import { checkSources } from '../../lib/checks/check-texts';
import { viewOf } from '../../lib/report/findings/view';
import type { Values } from '../../lib/settings/settings';
import { settingsOf } from './settings';

/** For example `CIL201 5:9 /spec/egress/0/toEntities`, with an asterisk if the finding is suppressed. */
export function found(text: string, values?: Values): string[] {
  return checkSources([{ name: 'policy.yaml', text }], settingsOf(values))
    .diagnostics.map(viewOf)
    .map(({ code, line, column, path, allowed }) => `${code} ${line}:${column} ${path}${allowed === null ? '' : ' *'}`);
}

/** The messages, with their help. */
export function messages(text: string, values?: Values): string[] {
  return checkSources([{ name: 'policy.yaml', text }], settingsOf(values)).diagnostics.map(({ message, help }) =>
    help === undefined ? message : `${message} | ${help}`,
  );
}

/** A CiliumNetworkPolicy `shop/web` with these lines below `spec:`; the first of them is line 7. */
export function policy(spec: string): string {
  return `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n${spec}`;
}
