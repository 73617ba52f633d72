/** Some peers, to be asked whether sets have all of them, or any. Tables have most of their sets in common. */
import { BitSet } from './bit-set';

export class AskedPeers {
  private readonly within = new Map<BitSet, boolean>();
  private readonly meeting = new Map<BitSet, boolean>();

  public constructor(private readonly peers: BitSet) {}

  /** Whether a set has all of them. */
  public isWithin(set: BitSet): boolean {
    const known = this.within.get(set) ?? BitSet.isWithin(this.peers, set);
    this.within.set(set, known);
    return known;
  }

  /** Whether a set has some of them. */
  public meets(set: BitSet): boolean {
    const known = this.meeting.get(set) ?? BitSet.meet(this.peers, set);
    this.meeting.set(set, known);
    return known;
  }
}
