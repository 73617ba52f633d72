/** What the library offers, as jsii describes it: the build writes `.jsii`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The type of a property or a parameter. */
export interface Type {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: Type };
  readonly union?: { readonly types: readonly Type[] };
}

export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly optional?: boolean;
  readonly variadic?: boolean;
}

export interface Method {
  readonly name: string;
  readonly static?: boolean;
  readonly parameters?: readonly Member[];
}

export interface Declared {
  readonly name: string;
  readonly kind: 'class' | 'enum' | 'interface';
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly properties?: readonly Member[];
  readonly methods?: readonly Method[];
}

type Types = Readonly<Record<string, Declared>>;

const ROOT = join(__dirname, '../..');

function typesIn(folder: string): Types {
  const read = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as { types?: Types; filename?: string };
  const { filename } = read;
  const full =
    filename === undefined ? read : (JSON.parse(gunzipSync(readFileSync(join(folder, filename))).toString()) as { types: Types });
  return full.types ?? {};
}

const OWN = typesIn(ROOT);
const ALL: Types = { ...typesIn(join(ROOT, 'node_modules/cdk8s')), ...OWN };

/** The properties types of the library. */
export const STRUCTS: readonly Declared[] = Object.values(OWN).filter(({ datatype }) => datatype === true);

export const CLASSES: readonly Declared[] = Object.values(OWN).filter(({ kind }) => kind === 'class');

/** The properties of a type, with those that it inherits. */
export function propertiesOf({ properties = [], interfaces = [] }: Declared): readonly Member[] {
  return [...properties, ...interfaces.flatMap((fqn) => propertiesOf(ALL[fqn]))];
}

/** What a name stands for; `undefined` for a type of another library than cdk8s. */
export function declared(fqn: string): Declared | undefined {
  return ALL[fqn];
}
