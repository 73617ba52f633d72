import { TrafficPart } from './private/parts';
import { EgressTraffic, PlainTraffic, Traffic } from './traffic';

/** Several values as one, for rules that allow or deny. */
export class PlainParts extends PlainTraffic {
  public constructor(private readonly parts: readonly TrafficPart[]) {
    super();
  }

  public _parts(): readonly TrafficPart[] {
    return this.parts;
  }
}

/** Several values as one, for rules that allow. */
export class AllowedParts extends Traffic {
  public constructor(private readonly parts: readonly TrafficPart[]) {
    super();
  }

  public _parts(): readonly TrafficPart[] {
    return this.parts;
  }
}

/** Several values as one, for egress rules that allow. */
export class EgressParts extends EgressTraffic {
  public constructor(private readonly parts: readonly TrafficPart[]) {
    super();
  }

  public _parts(): readonly TrafficPart[] {
    return this.parts;
  }
}
