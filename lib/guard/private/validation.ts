import type { IConstruct } from 'constructs';
import { checkSnapshot } from '../../checks/check-texts';
import { CODES } from '../../checks/registry';
import { expectParsed } from '../../net/parsed';
import { printable } from '../../net/printable';
import { mustBeConstruct } from '../../props/errors';
import { mustFit } from '../../props/shape';
import { readObjects } from '../../read/read';
import { DiagnosticView, viewOf } from '../../report/findings/view';
import { expectInventory } from '../../report/verdicts/warnings';
import { settleHere } from '../../settings/file';
import type { Settings } from '../../settings/settings';
import { openWithInventory } from '../../snapshot/from-files';
import { withCluster } from '../../tree/cluster';
import { manifestsBelow } from '../../tree/policies';
import type { PolicyCheckOptions } from '../policy-check-options';
import { Allowances } from './allowances';
import { CHECK_OPTIONS } from './shapes';

/** All findings. Suppressed findings have their reasons. */
export function findingsOf(scope: IConstruct, options: PolicyCheckOptions): readonly DiagnosticView[] {
  return findings(scope, settingsOf(scope, options));
}

/**
 * The validation of a construct.
 *
 * cdk8s calls it once for each chart and once more, so the result is cached as long as the manifests are the same.
 */
export function makeValidation(scope: IConstruct, options: PolicyCheckOptions): () => string[] {
  mustBeConstruct('scope', scope);
  const settings = settingsOf(scope, options);
  let last: { readonly key: string; readonly answer: string[] } | undefined;
  return () => {
    Allowances.writeBelow(scope);
    const key = JSON.stringify(manifestsBelow(scope));
    if (last?.key !== key) {
      last = { key, answer: refusals(findings(scope, settings), settings.maxWarnings) };
    }
    return last.answer;
  };
}

function findings(scope: IConstruct, settings: Settings): readonly DiagnosticView[] {
  const read = readObjects(scope.node.path, manifestsBelow(scope), settings);
  return checkSnapshot(expectInventory(openWithInventory(read, settings))).diagnostics.map(viewOf);
}

function refusals(views: readonly DiagnosticView[], maxWarnings: number): string[] {
  const open = views.filter(({ allowed }) => allowed === null);
  const warnings = open.filter(({ severity }) => severity === 'warning');
  const fatal = warnings.length > maxWarnings ? ['error', 'warning'] : ['error'];
  return open.filter(({ severity }) => fatal.includes(severity)).map(line);
}

/** For example `CIL201 mixed-peer-kinds: … ; … (at /spec/egress/0 of CiliumNetworkPolicy shop/web, created by chart/Web)`. */
function line({ code, name, message, help, path, resource, constructPath }: DiagnosticView): string {
  const what =
    resource === null ? '' : ` of ${resource.kind} ${resource.namespace === null ? '' : `${resource.namespace}/`}${resource.name}`;
  const maker = constructPath === null ? '' : `, created by ${constructPath}`;
  return printable(`${code} ${name}: ${message}${help === null ? '' : `; ${help}`} (at ${path === '' ? '/' : path}${what}${maker})`);
}

function settingsOf(scope: IConstruct, options: PolicyCheckOptions): Settings {
  mustFit('PolicyCheckOptions', CHECK_OPTIONS, options);
  const { cilium, config, values, inventory, only: select, ignore, maxWarnings } = options;
  return expectParsed(settleHere(CODES, withCluster(scope, { cilium, config, values, inventory, select, ignore, maxWarnings })));
}
