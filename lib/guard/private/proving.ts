import type { IConstruct } from 'constructs';
import { CODES } from '../../checks/registry';
import type { Properties } from '../../model/property';
import { expectParsed } from '../../net/parsed';
import { printable } from '../../net/printable';
import { fail, mustBeConstruct } from '../../props/errors';
import { mustFit } from '../../props/shape';
import { parseProperties } from '../../read/properties';
import { readPropertyFile } from '../../read/property-file';
import { readObjects } from '../../read/read';
import { ProofData, proofsData } from '../../report/proofs/data';
import { proofsText } from '../../report/proofs/text';
import { expectVerdicts } from '../../report/verdicts/warnings';
import { settleHere } from '../../settings/file';
import type { Settings } from '../../settings/settings';
import { openWithInventory } from '../../snapshot/from-files';
import type { Proof } from '../../snapshot/proofs/proof';
import { proofsOf } from '../../snapshot/proofs/proofs';
import { MOST_COMPARED } from '../../snapshot/reach';
import { withCluster } from '../../tree/cluster';
import { manifestsBelow } from '../../tree/policies';
import type { PolicyGuardOptions } from '../policy-guard-options';
import { GUARD_OPTIONS } from './shapes';

/** A proof of each property. */
export function proofsBelow(scope: IConstruct, options: PolicyGuardOptions): readonly ProofData[] {
  const asked = askedOf(scope, options);
  return proofsData(asked.settings.minors[0], proved(scope, asked), []).properties;
}

/**
 * The validation of a construct.
 *
 * cdk8s calls it once for each chart and once more, so the result is cached as long as the manifests are the same.
 */
export function makeGuard(scope: IConstruct, options: PolicyGuardOptions): () => string[] {
  const asked = askedOf(scope, options);
  let last: { readonly key: string; readonly answer: string[] } | undefined;
  return () => {
    const key = JSON.stringify(manifestsBelow(scope));
    if (last?.key !== key) {
      const lost = proved(scope, asked).filter(({ is }) => is !== 'holds');
      last = { key, answer: lost.length === 0 ? [] : [proofsText(lost)] };
    }
    return last.answer;
  };
}

/** What is asked of the policies below a construct. */
interface Asked {
  readonly properties: Properties;
  readonly settings: Settings;
  readonly mostPossible: number;
}

function askedOf(scope: IConstruct, options: PolicyGuardOptions): Asked {
  mustBeConstruct('scope', scope);
  mustFit('PolicyGuardOptions', GUARD_OPTIONS, options);
  const { file, properties, cilium, config, values, inventory, possiblePods = true } = options;
  if ((file === undefined) === (properties === undefined)) {
    fail('PolicyGuard needs either file or properties', 'write the properties into a file, or give them as a mapping', scope);
  }
  const parsed = file === undefined ? parseProperties(properties) : readPropertyFile(file);
  if (!parsed.ok) {
    fail(printable(parsed.problem), parsed.help, scope);
  }
  const changing = parsed.value.properties.find(({ demands }) => demands.some(({ is }) => is === 'changes-only'));
  if (changing !== undefined) {
    fail(
      `the property \`${changing.name}\` is about a change, and a synthesis has the policies after it only`,
      'ask it with `cdk8s-cilium prove --base`',
      scope,
    );
  }
  return {
    properties: parsed.value,
    settings: expectParsed(settleHere(CODES, withCluster(scope, { cilium, config, values, inventory }))),
    mostPossible: possiblePods ? MOST_COMPARED : 0,
  };
}

/** Input that cannot be read is an error, because it could be a policy. */
function proved(scope: IConstruct, { properties, settings, mostPossible }: Asked): readonly Proof[] {
  const opened = openWithInventory(readObjects(scope.node.path, manifestsBelow(scope), settings), settings);
  expectVerdicts(opened);
  return expectParsed(proofsOf(opened.snapshot, properties, { mostPossible }));
}
