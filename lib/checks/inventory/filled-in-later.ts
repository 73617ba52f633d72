/** The labels and pods that manifests do not show: they are filled in later, added when a kustomization is built, or made from a chart. */
import { asList, asObject, asText, JsonObject, textsOf } from '../../model/json';
import type { Resource } from '../../model/origin';
import { isPlaced, placeholderIn, placeholdersIn } from '../../read/placeholders';
import { templateOf, WORKLOADS } from '../../read/workloads';

/** The labels that a kustomization adds to what it builds, as a key and as `key=value`. */
export function addedLabelsIn({ apiVersion, value: { labels, commonLabels } }: Resource): readonly string[] {
  const pairs = [commonLabels, ...asList(labels).map((one) => asObject(one).pairs)];
  return apiVersion.startsWith('kustomize.config.k8s.io/')
    ? pairs.flatMap((one) => Object.entries(textsOf(one)).flatMap(([key, value]) => [key, `${key}=${value}`]))
    : [];
}

/** The namespaces of which some labels or ports are filled in later; the empty text for any namespace. */
export function vagueNamespaceIn(resource: Resource): readonly string[] {
  const { kind, namespace = '', name, value } = resource;
  const [own, isVague] = kind === 'Namespace' ? [name, placeholdersIn(value.metadata).length > 0] : [namespace, isVaguePod(resource)];
  return isVague ? [placeholderIn(own) === undefined ? own : ''] : [];
}

function isVaguePod(resource: Resource): boolean {
  const { kind, namespace = '', value } = resource;
  if (kind !== 'Pod' && !WORKLOADS.includes(kind)) {
    return false;
  }
  const template: JsonObject = kind === 'Pod' ? value : templateOf(resource);
  const ports = asList(asObject(template.spec).containers).map((container) => asObject(container).ports);
  return placeholderIn(namespace) !== undefined || placeholdersIn([asObject(template.metadata).labels, ports]).length > 0;
}

/** The namespace in which an object has a chart make pods; the empty text if it is not known. */
export function builtNamespaceIn(resource: Resource): readonly string[] {
  const target = targetOf(resource);
  if (target === undefined) {
    return [];
  }
  const own = isPlaced(resource) ? (resource.namespace ?? '') : '';
  return [placeholderIn(target) === undefined ? target || own : ''];
}

/** The namespace that an object names for what it makes; empty if that is its own, and `undefined` if it makes nothing. */
function targetOf({ apiVersion, kind, value }: Resource): string | undefined {
  const spec = asObject(value.spec);
  switch (`${apiVersion.split('/')[0]} ${kind}`) {
    case 'helm.toolkit.fluxcd.io HelmRelease':
    case 'helm.cattle.io HelmChart':
      return asText(spec.targetNamespace);
    case 'argoproj.io Application':
      return applicationTarget(spec);
    case 'argoproj.io ApplicationSet':
      return applicationTarget(asObject(asObject(spec.template).spec));
    default:
      return asList(value.helmCharts).length > 0
        ? asText(asObject(asList(value.helmCharts)[0]).namespace) || asText(value.namespace)
        : undefined;
  }
}

/** An application of Argo CD that has a chart: others have manifests. */
function applicationTarget({ source, sources, destination }: JsonObject): string | undefined {
  const hasChart = [source, ...asList(sources)].map(asObject).some(({ chart, helm }) => chart !== undefined || helm !== undefined);
  return hasChart ? asText(asObject(destination).namespace) : undefined;
}
