package oracle

import (
	"encoding/hex"
	"fmt"
	"net/netip"
)

// readAddress parses a text as Go does, and so Cilium: as an address, or as a prefix with its host bits cleared. The result of both is a version
// and hexadecimal digits.
func readAddress(text string) answer {
	a := answer{}
	if address, err := netip.ParseAddr(text); err == nil {
		a["address"] = numberOf(address)
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		a["prefix"] = fmt.Sprintf("%s/%d", numberOf(prefix.Masked().Addr()), prefix.Bits())
	}
	return a
}

func numberOf(address netip.Addr) string {
	version := 6
	if address.Is4() {
		version = 4
	}
	return fmt.Sprintf("%d:%s", version, hex.EncodeToString(address.AsSlice()))
}
