package oracle

import (
	"encoding/json"

	"sigs.k8s.io/yaml"
)

// readYAML tells what the Kubernetes tools make of one document: its JSON, or the error; strict also refuses a key that stands twice.
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
