package oracle

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}

// compareJSON orders values by their text, so that answers do not depend on the order of Go maps.
func compareJSON[V any](a, b V) int {
	left, err := json.Marshal(a)
	must(err)
	right, err := json.Marshal(b)
	must(err)
	return bytes.Compare(left, right)
}
