import type { IConstruct } from 'constructs';
import { ALLOW_ANNOTATION } from '../../model/annotation';
import { isOwnCheck } from '../../model/diagnostic';
import { fail, mustBeConstruct, mustBeText } from '../../props/errors';
import { ApiObjectLike, apiObjectsBelow } from '../../tree/policies';

/** Suppressions of constructs, written to the manifests below them whenever these may have changed. */
export class Allowances {
  public static add(construct: IConstruct, code: string, reason: string): void {
    mustBeConstruct('construct', construct);
    const known = allowances.get(construct);
    const own = known ?? new Map<string, string>();
    own.set(knownCode(code, construct), usableReason(reason, construct));
    if (known === undefined) {
      allowances.set(construct, own);
      // The tree is validated when it is complete, before anything is rendered.
      construct.node.addValidation({ validate: () => write(construct) });
    }
    write(construct);
  }

  /** Writes all suppressions that apply to a construct and its descendants. */
  public static writeBelow(scope: IConstruct): void {
    mustBeConstruct('scope', scope);
    [...scope.node.scopes, ...scope.node.findAll()].forEach(write);
  }
}

const allowances = new WeakMap<IConstruct, Map<string, string>>();

/** The suppressions that were written here, to distinguish them from suppressions in the user's annotation. */
const written = new WeakMap<ApiObjectLike, { readonly user: string; readonly parts: Map<string, string> }>();

/** Never returns an error: it is a validation only because the tree is complete then. */
function write(construct: IConstruct): string[] {
  const own = allowances.get(construct) ?? new Map<string, string>();
  for (const apiObject of own.size === 0 ? [] : apiObjectsBelow(construct).filter(isPolicy)) {
    const { user, parts } = written.get(apiObject) ?? { user: annotationOf(apiObject), parts: new Map<string, string>() };
    own.forEach((reason, code) => parts.set(code, reason));
    written.set(apiObject, { user, parts });
    const texts = [...parts].map(([code, reason]) => `${code}: ${reason}`);
    apiObject.metadata.addAnnotation(ALLOW_ANNOTATION, [...(user === '' ? [] : [user]), ...texts].join('; '));
  }
  return [];
}

function isPolicy({ kind }: ApiObjectLike): boolean {
  return /^Cilium\w*NetworkPolicy$|^NetworkPolicy$|^CiliumCIDRGroup$/.test(kind);
}

function annotationOf({ metadata }: ApiObjectLike): string {
  const { annotations = {} } = (metadata.toJson() ?? {}) as { readonly annotations?: Readonly<Record<string, string>> };
  return annotations[ALLOW_ANNOTATION] ?? '';
}

function knownCode(code: string, at: IConstruct): string {
  // Loaded on demand, so that a synthesis without checks stays fast.
  const { checkOf } = require('../../checks/registry') as typeof import('../../checks/registry');
  const { codeMeant } = require('../../checks/code-meant') as typeof import('../../checks/code-meant');
  mustBeText('code', code, at);
  const check = checkOf(code);
  if (check === undefined) {
    const meant = codeMeant(code);
    fail(`unknown check \`${code}\``, meant === undefined ? 'write a code such as `CIL202`' : `did you mean \`${meant}\`?`, at);
  }
  if (isOwnCheck(check.code)) {
    fail(`${check.code} cannot be suppressed, because it tells what the run itself did not do`, undefined, at);
  }
  return check.code;
}

function usableReason(reason: string, at: IConstruct): string {
  if (typeof reason !== 'string' || reason.trim() === '' || /[;\n]/.test(reason)) {
    fail('a reason must be one line of text without a semicolon', undefined, at);
  }
  return reason.trim();
}
