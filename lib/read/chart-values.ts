/** Recognizes values of Cilium's Helm chart: in a file of their own, below the name of the chart, or in the object that installs it. */
import { MINORS } from '../crd/minor';
import { chartValuesOf } from '../crd/options';
import { asList, asObject, isObject, Json, JsonObject } from '../model/json';
import type { Path } from '../model/path';

/** Values of the chart, and where in the document they are. */
export interface FoundValues {
  readonly values: JsonObject;
  readonly path: Path;
}

/** The values in a document; `undefined` if it has none. */
export function valuesIn(document: Json): FoundValues | undefined {
  const written = writtenIn(document).find(({ values }) => areValues(values) || areValues(values.cilium));
  return written === undefined || areValues(written.values)
    ? written
    : { values: asObject(written.values.cilium), path: [...written.path, 'cilium'] };
}

/** Where a document may have values: Flux and Argo CD have them as an object. */
function writtenIn(document: Json): readonly FoundValues[] {
  if (!isObject(document)) {
    return [];
  }
  const { kind } = document;
  const spec = asObject(document.spec);
  if (kind === 'HelmRelease') {
    return [{ values: asObject(spec.values), path: ['spec', 'values'] }];
  }
  if (kind === 'Application') {
    const sources = asList(spec.sources).map((source, i) => helmOf(source, ['spec', 'sources', i]));
    return [helmOf(spec.source, ['spec', 'source']), ...sources];
  }
  return kind === undefined ? [{ values: document, path: [] }] : [];
}

function helmOf(source: Json | undefined, path: Path): FoundValues {
  return { values: asObject(asObject(asObject(source).helm).valuesObject), path: [...path, 'helm', 'valuesObject'] };
}

/** Whether a mapping has a value of the chart that is no key of `cilium-config`: one with a name in camel case, or one with parts. */
function areValues(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).some((name) => isValue(name) && (/[A-Z]/.test(name) || hasParts(name, value[name])));
}

/** Labels are a text in both. */
function hasParts(name: string, value: Json | undefined): boolean {
  return name !== 'labels' && isObject(value);
}

function isValue(name: string): boolean {
  return MINORS.some((minor) => chartValuesOf(minor).has(name));
}
