/** Properties are checked where they are given: what is unknown, missing or of another type throws. */
import { a, flag, listOf, memberOf, mustFit, number, Shape, some, struct, text, texts } from '../../lib/props/shape';
import { Selector } from 'cdk8s-cilium';

interface Props {
  readonly name: string;
  readonly ports?: number[];
  readonly observe?: boolean;
  readonly labels?: { readonly [key: string]: string };
  readonly mode?: string;
  readonly part?: { readonly path?: string };
  readonly selector?: Selector;
}

const SHAPE: Shape<Props> = {
  name: text,
  ports: { optional: some(listOf(number), 'leave them out') },
  observe: { optional: flag },
  labels: { optional: texts },
  mode: { optional: memberOf({ FAST: 'fast', SAFE: 'safe' }) },
  part: { optional: struct({ path: { optional: text } }) },
  selector: { optional: a(Selector) },
};

const fits = (props: unknown, owner = {}) => mustFit('Thing', SHAPE, props as Props, owner);

test('what fits is taken, and so is an absent option', () => {
  const props = { name: 'a', ports: [1], observe: undefined, labels: {}, mode: 'fast', part: { path: '/' }, selector: Selector.all() };
  expect(fits(props)).toBeUndefined();
});

test.each<[what: string, props: unknown, message: string]>([
  ['no properties', undefined, 'properties of Thing are missing; give name'],
  ['a list', [], 'properties of Thing are a list, not an object; give name'],
  ['a missing property', {}, 'name of Thing is missing; give name'],
  ['swapped letters', { name: 'a', prots: [1] }, 'Thing has no property `prots`; did you mean `ports`?'],
  ['more letters', { name: 'a', observed: true }, 'Thing has no property `observed`; did you mean `observe`?'],
  ['fewer letters', { name: 'a', port: [1] }, 'Thing has no property `port`; did you mean `ports`?'],
  ['another case', { name: 'a', Observe: true }, 'Thing has no property `Observe`; did you mean `observe`?'],
  [
    'a word that is far off',
    { name: 'a', zone: 'x' },
    'Thing has no property `zone`; it has name, ports, observe, labels, mode, part, selector',
  ],
  ['null', { name: null }, 'name is null, not a string'],
  ['a string for a list', { name: 'a', ports: '80' }, 'ports is `80`, not a list'],
  ['a wrong item', { name: 'a', ports: [80, '443'] }, 'ports[1] is `443`, not a number'],
  ['an empty list', { name: 'a', ports: [] }, 'ports is empty; leave them out'],
  ['a wrong value of a mapping', { name: 'a', labels: { app: 5 } }, 'value of `app` in labels is 5, not a string'],
  ['no member of an enum', { name: 'a', mode: 'fats' }, 'unknown mode `fats`; did you mean `fast`?'],
  ['a wrong part', { name: 'a', part: { paht: '/' } }, 'part has no property `paht`; did you mean `path`?'],
  ['no instance', { name: 'a', selector: {} }, 'selector is an object, not a Selector; write one, for example Selector.all()'],
])('%s is refused', (_, props, message) => {
  expect(() => fits(props)).toThrow(new Error(message));
});

test('a derived class may pass its own properties on, but not a near miss', () => {
  const isDerived = { isDerived: true };
  expect(fits({ name: 'a', zone: 'x' }, isDerived)).toBeUndefined();
  expect(() => fits({ name: 'a', prots: [1] }, isDerived)).toThrow('did you mean `ports`?');
});
