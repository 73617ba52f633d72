import fc from 'fast-check';
import { byteLength, decodeBase64 } from '../../lib/net/utf8';

const texts = fc.string({
  unit: fc.oneof(fc.constantFrom('a', 'é', '€', '😀', '\ufeff', '\ud800'), fc.string({ unit: 'binary', maxLength: 1 })),
});

test('the length of a text in bytes is that of Node', () => {
  fc.assert(fc.property(texts, (text) => byteLength(text) === Buffer.byteLength(text)));
});

test('base64 is decoded as by Node, whatever the bytes', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => decodeBase64(Buffer.from(bytes).toString('base64')) === Buffer.from(bytes).toString()));
});
