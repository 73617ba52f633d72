package oracle

import (
	"encoding/hex"
	"fmt"
	"net/netip"
)

// readAddress tells what Go, and so Cilium, reads a text as: an address, or a prefix with its host bits cleared. Both are a version and hexadecimal digits.
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
