import { parseNamespaceName, parseObjectName } from '../net/label';
import { must, mustBeMember } from './private/errors';
import { mustBeHeaderName, mustBeHeaderValue } from './private/header-name';

/**
 * What Envoy does to a request of which a header does not match; the request is let through, unless the expected value is in a Secret that
 * is missing. Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`.
 */
export enum Mismatch {
  /** Only write it to the access log. */
  LOG = 'LOG',
  /** Add the expected header, keep the others of that name. */
  ADD = 'ADD',
  /** Remove the header that was found. */
  DELETE = 'DELETE',
  /** Replace the header that was found by the expected one. */
  REPLACE = 'REPLACE',
}

/** Options of a header match. */
export interface HeaderMatchOptions {
  /**
   * What happens to a request of which the header does not match.
   *
   * @default - the rule does not let it through
   */
  readonly mismatch?: Mismatch;
}

/** Options of a header match against a secret. */
export interface SecretHeaderMatchOptions extends HeaderMatchOptions {
  /**
   * The value that is expected if the secret cannot be found.
   *
   * @default - then the header does not match
   */
  readonly fallbackValue?: string;
}

/** One header that an HTTP request must carry. */
export class HeaderMatch {
  /**
   * The header has exactly this value.
   *
   * @param header the header's name
   * @param value the whole value
   * @param options what happens on a mismatch
   */
  public static exactly(header: string, value: string, options: HeaderMatchOptions = {}): HeaderMatch {
    return new HeaderMatch({ name: header, value, mismatch: options.mismatch });
  }

  /**
   * The header has exactly this value: `exactly`, for TypeScript. Other languages have an `equals` of their own.
   *
   * @jsii ignore
   */
  public static equals(header: string, value: string, options: HeaderMatchOptions = {}): HeaderMatch {
    return HeaderMatch.exactly(header, value, options);
  }

  /**
   * The header is present, with whatever value.
   *
   * @param header the header's name
   * @param options what happens on a mismatch; `ADD` and `REPLACE` would send the header without a value
   */
  public static present(header: string, options: HeaderMatchOptions = {}): HeaderMatch {
    return new HeaderMatch({ name: header, mismatch: options.mismatch });
  }

  /**
   * The header has the value that a Kubernetes Secret of one entry holds.
   *
   * @param header the header's name
   * @param secretNamespace the Secret's namespace
   * @param secretName the Secret's name
   * @param options what happens on a mismatch, or without the Secret
   */
  public static secret(header: string, secretNamespace: string, secretName: string, options: SecretHeaderMatchOptions = {}): HeaderMatch {
    must('namespace', secretNamespace, parseNamespaceName);
    must('name of a Secret', secretName, parseObjectName);
    const secret = { namespace: secretNamespace, name: secretName };
    return new HeaderMatch({ name: header, secret, value: options.fallbackValue, mismatch: options.mismatch });
  }

  private readonly rendered: object;

  private constructor(match: { name: string; value?: string; secret?: object; mismatch?: Mismatch }) {
    mustBeHeaderName(match.name);
    if (match.value !== undefined) {
      mustBeHeaderValue(match.value);
    }
    if (match.mismatch !== undefined) {
      mustBeMember('mismatch action', match.mismatch, Mismatch);
    }
    this.rendered = match;
  }

  /** @internal */
  public _render(): object {
    return this.rendered;
  }
}
