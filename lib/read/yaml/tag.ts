import { decodeBase64 } from '../../net/utf8';
import { resolvePlain, Scalar } from './scalar';

/** A scalar is not valid for its tag. */
export interface Misfit {
  readonly problem: string;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The value of a scalar with a tag. Tags that are unknown in YAML 1.1 make it a string. */
export function resolveTagged(tag: string, text: string): Scalar | Misfit {
  const name = tag.replace(/^!!|^!<tag:yaml\.org,2002:(.*)>$/, '$1');
  const value = resolvePlain(text);
  switch (name) {
    case 'null':
      return value === null ? value : misfit(text, name);
    case 'bool':
      return typeof value === 'boolean' ? value : misfit(text, name);
    case 'int':
      return Number.isInteger(value) ? value : misfit(text, name);
    case 'float':
      return typeof value === 'number' ? value : misfit(text, name);
    case 'binary': {
      const digits = text.replace(/\s/g, '');
      return digits.length % 4 === 0 && BASE64.test(digits) ? decodeBase64(digits) : misfit(text, name);
    }
    default:
      return text;
  }
}

function misfit(text: string, name: string): Misfit {
  return { problem: `\`${text}\` is not a valid \`!!${name}\`` };
}
