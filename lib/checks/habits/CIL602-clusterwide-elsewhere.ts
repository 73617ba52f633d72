import type { Resource } from '../../model/origin';
import type { SetCheck } from '../check';
import { baseline, CLUSTERWIDE, KIND } from './baseline';

const example = (folder: string) => ({ yaml: baseline('default-example'), habits: { platform: [folder] } });

export const check: SetCheck = {
  code: 'CIL602',
  name: 'clusterwide-elsewhere',
  severity: 'warning',
  stage: 'habits',
  summary: 'a clusterwide policy outside of the folders and charts of the platform',
  why:
    'A clusterwide policy concerns the pods of every team, so it belongs to the platform team, which reviews it as such. The folders and charts are `platform` of the ' +
    'setting `habits`; each is one or several names in a row of a path, such as `platform` or `clusters/prod/baseline`. By default policies may be anywhere.',
  limits: 'Names of folders and charts are compared with the paths as they are given. Who owns a folder or a chart is not known.',
  source: 'the guide "NetworkPolicy Practices", layers',
  bad: example('platform'),
  good: example('example.yaml'),
  inspect({ policies, habits }, report) {
    const platform = habits?.platform ?? [];
    for (const resource of platform.length === 0 ? [] : policies.filter(({ kind }) => CLUSTERWIDE.includes(kind))) {
      if (!platform.some((name) => isIn(resource, name))) {
        report(
          resource,
          {
            message: `${resource.kind} \`${resource.name}\` is outside of the platform`,
            help: `move it to ${platform.map((name) => `\`${name}\``).join(' or ')}, or write a namespaced policy`,
          },
          KIND,
        );
      }
    }
  },
};

/** Whether the path of the file or of the construct has the names in a row. */
function isIn({ document, constructPath }: Resource, name: string): boolean {
  return `/${constructPath ?? document.source.name}/`.includes(`/${name.replace(/^[.]?\/|\/$/g, '')}/`);
}
