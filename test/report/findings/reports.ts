/** The reports that every renderer is tested with. */
import { checkObjects, checkSources } from '../../../lib/checks/check-texts';
import type { OutputFormat } from '../../../lib/report/findings/renderers';
import { RENDERERS } from '../../../lib/report/findings/renderers';
import type { Report, Summary } from '../../../lib/report/findings/report';
import { reportOf } from '../../../lib/report/findings/summary';
import type { Values } from '../../../lib/settings/settings';
import { settingsOf } from '../../support/settings';

export function rendered(format: OutputFormat, report: Report, color = false): string {
  return RENDERERS[format]()(report, { color });
}

export function reported(text: string, values?: Values, name = 'policies/web.yaml'): Report {
  return reportOf(checkSources([{ name, text }], settingsOf(values)), '1.2.3');
}

/** The counts of a run that found nothing. */
export const NO_FINDINGS: Summary = {
  ...{ files: 0, documents: 0, policies: 0, errors: 0, warnings: 0, infos: 0, suppressed: 0, unchecked: 0 },
  ...{ notChecked: [], skipped: [], excluded: [], notAsked: [] },
};

const HEAD = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  endpointSelector: {}
`;

export const FOUND = reported(`${HEAD}  egress:
    - toEntities: [wrold]
      toCIDR:
        - 10.0.0.0/8
    - toCIDR:
        - \${OFFICE_CIDR}
---
apiVersion: cilium.io/v2
# cilium-check: allow CIL202 -- nothing is wrong here
kind: CiliumClusterwideNetworkPolicy
metadata:
  name: all
spec:
  endpointSelector: {}
  ingress:
    - {}
`);

export const CLEAN = reported(`${HEAD}  ingress:\n    - {}\n`);

export const ALLOWED = reported(`# cilium-check: allow CIL202 -- until the | release\n${HEAD}  ingress: []\n`);

export const COMPARED = reported(
  `${HEAD}  ingress:
    - fromEntities: [cluster-mesh]
    - toPorts:
        - ports:
            - port: "9092"
              protocol: TCP
          rules:
            kafka:
              - topic: orders
`,
  { cilium: '1.19..1.20' },
);

export const OBJECTS = reportOf(
  checkObjects(
    'the app',
    [
      {
        value: {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNetworkPolicy',
          metadata: { name: 'web', namespace: 'shop' },
          spec: { endpointSelector: {}, ingress: [] },
        },
        constructPath: 'chart/Web',
      },
    ],
    settingsOf(),
  ),
  '1.2.3',
);

/** Characters that hostile input uses to break out of a format. */
export const BREAKOUT =
  '\u001b[31m\n::error file=x::owned\r\n]]>|<script>alert(1)</script>&`@team`[x](http://evil)\u202e\u009b2J\u2028\ufffe%0A{0}';

const quoted = JSON.stringify(BREAKOUT).replace('\ufffe', '\\uFFFE').replace('\u009b', '\\u009b').replace('\u2028', '\\u2028');

/** All names, keys, values, reasons and comments are hostile, and the second file is not valid YAML. */
export const HOSTILE = reportOf(
  checkSources(
    [
      {
        name: 'a,b:c%\n::error::owned/\u001b[2J`|<b>.yaml',
        text: `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ${quoted}
  namespace: ${quoted}
  annotations:
    cdk8s-cilium/allow: ${JSON.stringify('CIL202: \u001b[31m\n::error::owned\n]]>|<script>`@team')}
spec:
  ${quoted}: 1
  endpointSelector: {}
  egress:
    - toEntities: [${quoted}]
      toCIDR: [${quoted}]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: none
  annotations:
    cdk8s-cilium/allow: ${JSON.stringify('CIL202: \u001b[31m::error::owned ]]>|<script>`@team\u202e')}
spec:
  endpointSelector: {}
  ingress: []
`,
      },
      { name: 'broken.yaml', text: `kind: CiliumNetworkPolicy # \u001b[2J\u202e\u009b]]>\n\tfoo: ]\u0007\n` },
      { name: 'missing.yaml', problem: BREAKOUT },
    ],
    settingsOf(),
  ),
  '1.2.3',
);

/** Control characters of terminals, characters that change the writing direction, and characters that XML cannot have. Line breaks are our own. */

export const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/u;
