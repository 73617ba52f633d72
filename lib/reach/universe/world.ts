/** Policies over a cluster, as an agent has them: what a universe is made of. */
import type { Inventory } from '../../model/inventory';
import type { Agent } from '../../resolve/agent';
import type { Entry } from '../../resolve/entries';

export interface World {
  readonly inventory: Inventory;
  readonly agent: Agent;
  readonly entries: readonly Entry[];
}
