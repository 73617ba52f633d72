package oracle

import (
	"encoding/json"

	"sigs.k8s.io/yaml"
)

// readYAML reads one document as the Kubernetes tools do, and returns its JSON or the error. Strict reading also rejects duplicate keys.
func readYAML(text string) answer {
	a := answer{}
	if lax, err := yaml.YAMLToJSON([]byte(text)); err != nil {
		a["error"] = err.Error()
	} else {
		a["json"] = json.RawMessage(lax)
	}
	if _, err := yaml.YAMLToJSONStrict([]byte(text)); err != nil {
		a["strictError"] = err.Error()
	}
	return a
}
