/** Mutations of ICMP types: A.7 and B.8. */
import { among } from '../choices';
import { Json, JsonObject } from '../json';
import { Mutation, mutation, onIcmps, SECTIONS } from './mutation';

function fields(...items: readonly JsonObject[]): Mutation['apply'] {
  return onIcmps(
    SECTIONS,
    among(...items).map((field) => ({ fields: [field] })),
  );
}

function types(count: number): Json[] {
  return Array.from({ length: count }, (_, type) => ({ type }));
}

export const ICMP_MUTATIONS: readonly Mutation[] = [
  mutation(
    'too-many-types',
    'B.8-50',
    onIcmps(
      SECTIONS,
      among(41, 50).map((count) => ({ fields: types(count) })),
    ),
  ),
  mutation(
    'forty-types',
    'B.8-50',
    onIcmps(
      SECTIONS,
      among(40).map((count) => ({ fields: types(count) })),
    ),
  ),
  mutation('bad-family', 'B.8-51', fields({ family: 'IPv5', type: 8 }, { family: 'ipv4', type: 8 }, { family: '', type: 8 })),
  mutation('unknown-type-name', 'B.8-52', fields({ type: 'Ping' }, { type: 'echoRequest' }, { type: '256' }, { type: '08' }, { type: '' })),
  mutation(
    'type-name-of-the-other-family',
    'B.8-52',
    fields({ type: 'PacketTooBig' }, { family: 'IPv6', type: 'Photuris' }, { family: 'IPv6', type: 'Echo' }),
  ),
  mutation(
    'misspelt-type-name',
    'B.8-52',
    fields({ type: 'ExtendedEchoReply' }, { type: 'ExtendedEcho Reply' }, { family: 'IPv6', type: 'ExtendedEcho Reply' }),
  ),
  mutation('type-out-of-range', 'B.8-52', fields({ type: 256 }, { type: -1 }, { type: 70000 }, { type: 2 ** 40 })),
  mutation('type-missing', 'B.8-52', fields({}, { family: 'IPv4' }, { type: null })),
  mutation('type-of-another-kind', 'A.7', fields({ type: 8.5 }, { type: true }, { type: [8] }, { type: { is: 8 } })),
];
