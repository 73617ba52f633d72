import { parseNamespaceName, parseObjectName } from '../net/label';
import { must } from '../props/errors';
import { memberOf, mustFit, Shape, text } from '../props/shape';
import { mustBeHeaderName, mustBeHeaderValue } from './private/names';

/**
 * What Envoy does with a request if a header does not match. The request is allowed, unless the expected value is in a Secret that is
 * missing. Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`.
 */
export enum Mismatch {
  /** Only writes the mismatch to the access log. */
  LOG = 'LOG',
  /** Adds the expected header and keeps other headers of that name. */
  ADD = 'ADD',
  /** Removes the header from the request. */
  DELETE = 'DELETE',
  /** Replaces the header of the request by the expected one. */
  REPLACE = 'REPLACE',
}

/** Options of a header match. */
export interface HeaderMatchOptions {
  /**
   * What happens to a request if the header does not match.
   *
   * @default - the rule does not allow the request
   */
  readonly mismatch?: Mismatch;
}

/** Options of a header match against a secret. */
export interface SecretHeaderMatchOptions extends HeaderMatchOptions {
  /**
   * The expected value if the secret cannot be found.
   *
   * @default - the header does not match if the secret cannot be found
   */
  readonly fallbackValue?: string;
}

const OPTIONS: Shape<HeaderMatchOptions> = { mismatch: { optional: (value) => memberOf(Mismatch)(value, 'mismatch action') } };
const SECRET_OPTIONS: Shape<SecretHeaderMatchOptions> = { ...OPTIONS, fallbackValue: { optional: text } };

/** One header that an HTTP request must have. */
export class HeaderMatch {
  /**
   * Matches a header with exactly this value.
   *
   * @param header the header's name
   * @param value the whole value
   * @param options what happens on a mismatch
   */
  public static exactly(header: string, value: string, options: HeaderMatchOptions = {}): HeaderMatch {
    mustFit('HeaderMatch.exactly', OPTIONS, options);
    mustBeHeaderValue(value);
    return new HeaderMatch({ name: header, value, mismatch: options.mismatch });
  }

  /**
   * The same as `exactly`, for TypeScript. In other languages `equals` is already taken.
   *
   * @jsii ignore
   */
  public static equals(header: string, value: string, options: HeaderMatchOptions = {}): HeaderMatch {
    return HeaderMatch.exactly(header, value, options);
  }

  /**
   * Matches a header with any value.
   *
   * @param header the header's name
   * @param options what happens on a mismatch; `ADD` and `REPLACE` would send the header without a value
   */
  public static present(header: string, options: HeaderMatchOptions = {}): HeaderMatch {
    mustFit('HeaderMatch.present', OPTIONS, options);
    return new HeaderMatch({ name: header, mismatch: options.mismatch });
  }

  /**
   * Matches a header with the value in a Kubernetes Secret, which must have exactly one entry.
   *
   * @param header the header's name
   * @param secretNamespace the Secret's namespace
   * @param secretName the Secret's name
   * @param options what happens on a mismatch, or if the Secret is missing
   */
  public static secret(header: string, secretNamespace: string, secretName: string, options: SecretHeaderMatchOptions = {}): HeaderMatch {
    mustFit('HeaderMatch.secret', SECRET_OPTIONS, options);
    must('secretNamespace', secretNamespace, parseNamespaceName);
    must('secretName', secretName, parseObjectName);
    const secret = { namespace: secretNamespace, name: secretName };
    return new HeaderMatch({ name: header, secret, value: options.fallbackValue, mismatch: options.mismatch });
  }

  private readonly rendered: object;

  private constructor(match: { name: string; value?: string; secret?: object; mismatch?: Mismatch }) {
    mustBeHeaderName(match.name);
    if (match.value !== undefined) {
      mustBeHeaderValue(match.value);
    }
    this.rendered = match;
  }

  /** @internal */
  public _render(): object {
    return this.rendered;
  }
}
