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

// compareJSON orders values by their text, so that Go's order of maps leaves no trace in answers.
func compareJSON[V any](a, b V) int {
	left, err := json.Marshal(a)
	must(err)
	right, err := json.Marshal(b)
	must(err)
	return bytes.Compare(left, right)
}
