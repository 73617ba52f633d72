/** Inspects an accepted policy: the checks of the stage `intent`. */
import { Admission, Finding, MAX_FINDINGS } from '../admission/admit';
import type { Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Resource } from '../model/origin';
import { pathTo } from '../model/path';
import type { Written } from '../model/written';
import type { IntentCheck, IntentContext } from './check';
import { INTENT_CHECKS } from './registry';

/** A finding about an accepted policy, before it becomes a diagnostic. */
export interface IntentFinding extends Omit<Finding, 'check'> {
  readonly check: IntentCheck;
}

/** The checks of a minor that are asked for; `isAsked` says so by their code. */
export function intentChecksOf(minor: Minor, isAsked: (code: string) => boolean): readonly IntentCheck[] {
  return INTENT_CHECKS.filter(({ code, minors }) => isAsked(code) && (minors?.includes(minor) ?? true));
}

export interface IntentOptions {
  /** @default - all checks of the minor */
  readonly checks?: readonly IntentCheck[];
  /** The objects of the cluster, which may silence a finding. @default - none are given */
  readonly objects?: readonly Resource[];
}

/** The findings about a policy, as it is stored, or about a CIDR group. */
export function intentFindings(
  { written }: Admission,
  resource: Resource,
  minor: Minor,
  config: AgentConfig,
  { checks = intentChecksOf(minor, () => true), objects = [] }: IntentOptions = {},
): readonly IntentFinding[] {
  const findings: IntentFinding[] = [];
  for (const check of checks) {
    const report: IntentContext['report'] = (wording, place, ...at) => {
      if (findings.length <= MAX_FINDINGS) {
        findings.push({ check, wording, path: [...pathTo(place), ...at], onKey: wording.onKey ?? false });
      }
    };
    inspect(check, written, { minor, config, resource, objects, report });
  }
  return findings;
}

function inspect(check: IntentCheck, written: Written | undefined, context: IntentContext): void {
  switch (written?.is) {
    case 'cilium':
      return check.inspect?.(written, context);
    case 'kubernetes':
      return check.inspectKubernetes?.(written, context);
    case 'tier':
      return check.inspectTiers?.(written, context);
    case undefined:
      return context.resource.kind === 'CiliumCIDRGroup' ? check.inspectGroup?.(context.resource.value, context) : undefined;
  }
}
