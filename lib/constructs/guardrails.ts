import { IConstruct } from 'constructs';
import { parseKubernetesKey, parseNamespaceName } from '../net/label';
import { must, mustBeConstruct, mustBeMember, mustHaveItems } from '../props/errors';
import { listOf, mustFit, Shape, text } from '../props/shape';
import { Entity } from './entity';
import { Policies, PolicyView } from './policies';

/** Where something is forbidden. */
export interface ForbidOptions {
  /**
   * The namespaces of the policies. Clusterwide policies for endpoints count too, because they may apply there.
   *
   * @default - every policy
   */
  readonly namespaces?: string[];
}

const OPTIONS: Shape<ForbidOptions> = { namespaces: { optional: listOf(text) } };

/**
 * Rules for the policies of others: the synthesis fails, with the path of the construct, if a policy breaks one.
 *
 * They look at what rules say. What flows come to, together with other policies, is a matter of verdicts.
 *
 * @example
 *
 * Guardrails.of(app).requireDescription().requireLabel('owner').forbid(Entity.WORLD, { namespaces: ['payments'] });
 */
export class Guardrails {
  /**
   * Starts the rules for all policies in a construct and its descendants, including those that are added later.
   *
   * @param scope the app, a chart or a construct
   */
  public static of(scope: IConstruct): Guardrails {
    mustBeConstruct('scope', scope);
    return new Guardrails(scope);
  }

  private readonly demands: ((policy: PolicyView) => string | undefined)[] = [];

  private constructor(scope: IConstruct) {
    scope.node.addValidation({
      validate: () =>
        Policies.of(scope).all.flatMap((policy) =>
          this.demands.flatMap((problemOf) => {
            const problem = problemOf(policy);
            return problem === undefined ? [] : `${policy.kind} ${policy.name} ${problem}, at ${policy.path}`;
          }),
        ),
    });
  }

  /** Requires a description of every policy. */
  public requireDescription(): Guardrails {
    return this.demand(({ description }) => (description === undefined || description.trim() === '' ? 'has no description' : undefined));
  }

  /**
   * Requires a label in the metadata of every policy.
   *
   * @param key the key of the label
   */
  public requireLabel(key: string): Guardrails {
    must('label key', key, parseKubernetesKey);
    return this.demand(({ labels }) => (Object.hasOwn(labels, key) ? undefined : `has no label \`${key}\``));
  }

  /**
   * Forbids rules that allow connections from or to an entity.
   *
   * @param entity the entity; see `PolicyView.opens`
   * @param options where
   */
  public forbid(entity: Entity, options: ForbidOptions = {}): Guardrails {
    mustBeMember('entity', entity, Entity);
    mustFit('Guardrails.forbid', OPTIONS, options);
    const namespaces = options.namespaces === undefined ? undefined : [...options.namespaces];
    if (namespaces !== undefined) {
      mustHaveItems('list of namespaces', namespaces, 'leave namespaces out for every policy');
      namespaces.forEach((one) => must('namespace', one, parseNamespaceName));
    }
    return this.demand((policy) => {
      const { inNamespace, isForNodes } = policy;
      const counts = namespaces === undefined || (inNamespace === undefined ? !isForNodes : namespaces.includes(inNamespace));
      return counts && policy.opens(entity) ? `opens \`${entity}\`, which is forbidden here` : undefined;
    });
  }

  private demand(problemOf: (policy: PolicyView) => string | undefined): Guardrails {
    this.demands.push(problemOf);
    return this;
  }
}
