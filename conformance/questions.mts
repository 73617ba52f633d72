// Asks the oracles generated questions and returns their answers.
import type { Answer, KubernetesAnswer } from '../test/generate/answers.js';
import type { ValidationCase } from '../test/generate/cases.js';
import type { WorldCase } from '../test/generate/worlds.js';
import type { BudgetAnswer } from '../test/support/vectors/budgets.js';
import type { AddressAnswer, ObjectsAnswer, TextAnswer } from '../test/support/vectors/store.js';
import type { WorldAnswer } from '../test/support/vectors/verdicts.js';
import { ask, askKubernetes } from './oracle.mjs';

export function validationRequest({ config = {}, namespace = 'default', object }: ValidationCase, id: number): object {
  return { kind: 'validate', id, namespace, config, object };
}

export function worldRequest({ config, names, objects, flows }: WorldCase, id: number): object {
  return { kind: 'verdict', id, config, names, objects, flows };
}

export function budgetRequest({ config, names, objects }: WorldCase, id: number): object {
  return { kind: 'budget', id, config, names, objects };
}

export function textRequest(text: string, id: number): object {
  return { kind: 'yaml', id, text };
}

export function objectsRequest(text: string, id: number): object {
  return { kind: 'objects', id, text };
}

export function addressRequest(text: string, id: number): object {
  return { kind: 'address', id, text };
}

export async function askValidations(minor: string, cases: readonly ValidationCase[]): Promise<Answer[]> {
  return asked<Answer>(minor, cases.map(validationRequest));
}

/** The answers of Kubernetes' own code about its own kinds. */
export async function askNetworkPolicies(minor: string, cases: readonly ValidationCase[]): Promise<KubernetesAnswer[]> {
  return withoutIds<KubernetesAnswer>(await askKubernetes(minor, cases.map(validationRequest)));
}

export async function askWorlds(minor: string, worlds: readonly WorldCase[]): Promise<WorldAnswer[]> {
  return asked<WorldAnswer>(minor, worlds.map(worldRequest));
}

export async function askBudgets(minor: string, worlds: readonly WorldCase[]): Promise<BudgetAnswer[]> {
  return asked<BudgetAnswer>(minor, worlds.map(budgetRequest));
}

export async function askTexts(minor: string, texts: readonly string[]): Promise<TextAnswer[]> {
  return asked<TextAnswer>(minor, texts.map(textRequest));
}

export async function askObjects(minor: string, texts: readonly string[]): Promise<ObjectsAnswer[]> {
  return asked<ObjectsAnswer>(minor, texts.map(objectsRequest));
}

export async function askAddresses(minor: string, texts: readonly string[]): Promise<AddressAnswer[]> {
  return asked<AddressAnswer>(minor, texts.map(addressRequest));
}

/** The answers without their ids, in the order of the questions. */
async function asked<T>(minor: string, requests: readonly object[]): Promise<T[]> {
  return withoutIds<T>(await ask(minor, requests));
}

function withoutIds<T>(replies: readonly object[]): T[] {
  return replies.map((reply) => Object.fromEntries(Object.entries(reply).filter(([name]) => name !== 'id')) as T);
}
