/** What the API server asks of a text, from the CRDs of imports/. */
import { Schema, schemaOf } from '../support/crd';

export const MINORS = ['1.18', '1.19', '1.20'];

/** The `pattern` of a field of a policy's `spec`, such as `egress.icmps.fields.type`; lists are stepped into, `*` is a map's value. */
export function crdPattern(path: string, minor = '1.20'): RegExp {
  let schema: (Schema & { readonly pattern?: string }) | undefined = schemaOf('CiliumNetworkPolicy', minor).properties?.spec;
  for (const name of path.split('.')) {
    const value = schema?.additionalProperties;
    const next = name === '*' && typeof value === 'object' ? value : schema?.properties?.[name];
    schema = next?.items ?? next;
  }
  if (schema?.pattern === undefined) {
    throw new Error(`no pattern at ${path} in ${minor}`);
  }
  return new RegExp(schema.pattern.replace('\\PC', '\\P{C}'), 'u');
}
