/** Inspects an accepted policy: the checks of the stage `intent`. */
import { Admission, Finding, MAX_FINDINGS } from '../admission/admit';
import type { CheckContext } from '../admission/check';
import type { Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Resource } from '../model/origin';
import { pathTo } from '../model/path';
import type { IntentCheck } from './check';
import { INTENT_CHECKS } from './registry';

/** A finding about an accepted policy, before it becomes a diagnostic. */
export interface IntentFinding extends Omit<Finding, 'check'> {
  readonly check: IntentCheck;
}

/** The findings about a policy, as it is stored, or about a CIDR group. There are none about a NetworkPolicy. */
export function intentFindings(
  { written }: Admission,
  { kind, value }: Resource,
  minor: Minor,
  config: AgentConfig,
): readonly IntentFinding[] {
  const findings: IntentFinding[] = [];
  for (const check of INTENT_CHECKS.filter(({ minors }) => minors?.includes(minor) ?? true)) {
    const report: CheckContext['report'] = (wording, place, ...at) => {
      if (findings.length <= MAX_FINDINGS) {
        findings.push({ check, wording, path: [...pathTo(place), ...at], onKey: wording.onKey ?? false });
      }
    };
    if (written?.is === 'cilium') {
      check.inspect?.(written, { minor, config, report });
    }
    if (written?.is === 'tier') {
      check.inspectTiers?.(written, { minor, config, report });
    }
    if (kind === 'CiliumCIDRGroup') {
      check.inspectGroup?.(value, { minor, config, report });
    }
  }
  return findings;
}
