/** The CRDs of imports/ as validators and as lists of fields. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import Ajv, { ValidateFunction } from 'ajv';
import { parse } from 'yaml';

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

const CRDS: Readonly<Record<string, string>> = {
  CiliumNetworkPolicy: 'ciliumnetworkpolicies',
  CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies',
  CiliumCIDRGroup: 'ciliumcidrgroups',
};

const versions = JSON.parse(readFileSync(join(__dirname, '../../imports/versions.json'), 'utf8')) as Record<string, string>;

/** The newest minor with CRDs in imports/. */
export const NEWEST = Object.keys(versions).at(-1) ?? '';

const schemas = new Map<string, Schema>();

/** The schema of a kind in `cilium.io/v2`, or of ClusterNetworkPolicy in its experimental channel. */
export function schemaOf(kind: string, minor = NEWEST): Schema {
  const key = `${minor}/${kind}`;
  const known = schemas.get(key);
  if (known !== undefined) {
    return known;
  }
  const file = kind === 'ClusterNetworkPolicy' ? 'network-policy-api/experimental' : `${minor}/${CRDS[kind]}`;
  const text = readFileSync(join(__dirname, '../../imports/crds', `${file}.yaml`), 'utf8');
  const crd = parse(text) as { spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] } };
  const schema = crd.spec.versions.find(({ name }) => name === 'v2' || name === 'v1alpha2')?.schema.openAPIV3Schema;
  if (schema === undefined) {
    throw new Error(`${kind} has no version v2 or v1alpha2 in ${minor}`);
  }
  schemas.set(key, schema);
  return schema;
}

const validators = new Map<string, ValidateFunction>();

/** The errors of the API server of a minor for a manifest, and the unknown fields. */
export function schemaErrors(manifest: { readonly kind?: unknown }, minor = NEWEST): string[] {
  const kind = String(manifest.kind);
  const key = `${minor}/${kind}`;
  let validate = validators.get(key);
  if (validate === undefined) {
    const ajv = new Ajv({
      strict: false,
      allErrors: true,
      formats: { cidr: isCidr, 'idn-hostname': true, 'date-time': true, int32: true, int64: true },
    });
    validate = ajv.compile(closed(schemaOf(kind, minor)));
    validators.set(key, validate);
  }
  validate(manifest);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

/** An address, a slash and a length. As lax as the API server. */
function isCidr(text: string): boolean {
  const [address, length, ...rest] = text.split('/');
  return rest.length === 0 && /^[0-9]+$/.test(length ?? '') && Number(length) <= (isIP(address) === 4 ? 32 : 128) && isIP(address) !== 0;
}

/** The schema without additional properties, so that unknown fields are errors. `\PC` is Go's syntax for `\P{C}`. */
function closed(schema: Schema): Schema {
  const copy = JSON.parse(JSON.stringify(schema).replaceAll('\\\\PC', '\\\\P{C}')) as Schema;
  return { ...close(copy), properties: { ...close(copy).properties, metadata: { type: 'object' } } };
}

function close(schema: Schema): Schema {
  return {
    ...schema,
    ...(schema.items && { items: close(schema.items) }),
    ...(schema.properties && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, close(property)])),
      additionalProperties: false,
    }),
  };
}

/** Every field below a schema, as `a.b[].c{}`: `[]` for an item, `{}` for a value of a map. */
export function fieldsOf(schema: Schema, path = ''): string[] {
  if (schema.items !== undefined) {
    return fieldsOf(schema.items, `${path}[]`);
  }
  if (typeof schema.additionalProperties === 'object') {
    return fieldsOf(schema.additionalProperties, `${path}{}`);
  }
  if (schema.properties === undefined) {
    return [path];
  }
  return Object.entries(schema.properties).flatMap(([name, property]) => fieldsOf(property, path === '' ? name : `${path}.${name}`));
}

/** The fields of a value, in the same notation. */
export function fieldsIn(value: unknown, schema: Schema, path = ''): string[] {
  if (schema.items !== undefined && Array.isArray(value)) {
    const { items } = schema;
    return value.flatMap((item) => fieldsIn(item, items, `${path}[]`));
  }
  if (typeof value !== 'object' || value === null) {
    return [path];
  }
  return Object.entries(value).flatMap(([name, member]) => {
    if (typeof schema.additionalProperties === 'object') {
      return fieldsIn(member, schema.additionalProperties, `${path}{}`);
    }
    const property = schema.properties?.[name];
    return property === undefined ? [] : fieldsIn(member, property, path === '' ? name : `${path}.${name}`);
  });
}
