package oracle

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured/unstructuredscheme"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// readObjects returns the objects that `kubectl apply -f` finds in a text, before it asks a server, and its errors.
//
// The decoders are those of apimachinery. What calls them is written here after pkg/resource of k8s.io/cli-runtime, which is no dependency of Cilium:
// FileVisitor and StreamVisitor in visitor.go, with ContinueOnError.
func readObjects(text string) answer {
	objects, errs := []any{}, []error{}
	// FileVisitor drops a byte order mark at the beginning.
	reader := transform.NewReader(strings.NewReader(text), unicode.BOMOverride(unicode.UTF8.NewDecoder()))
	decoder := yaml.NewYAMLOrJSONDecoder(reader, 4096)
	for {
		extension := runtime.RawExtension{}
		if err := decoder.Decode(&extension); err == io.EOF {
			break
		} else if err != nil {
			// StreamVisitor does not continue after an error of syntax, because it does not know where the next document begins.
			errs = append(errs, err)
			break
		}
		raw := bytes.TrimSpace(extension.Raw)
		if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
			continue
		}
		// After an error in an object, it continues with the next document.
		object, err := decodeObject(raw)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		items, err := flatten(object)
		if err != nil {
			errs = append(errs, err)
		}
		objects = append(objects, items...)
	}
	a := answer{"objects": objects}
	if err := errors.Join(errs...); err != nil {
		a["error"] = err.Error()
	}
	return a
}

// decodeObject decodes an object, or a list, and rejects metadata of a wrong type, like metadataValidatingDecoder in metadata_decoder.go.
func decodeObject(raw []byte) (runtime.Object, error) {
	object, _, err := unstructured.UnstructuredJSONScheme.Decode(raw, nil, nil)
	if err != nil {
		return nil, err
	}
	return object, utiljson.Unmarshal(raw, &struct {
		metav1.TypeMeta   `json:""`
		metav1.ObjectMeta `json:"metadata,omitempty"`
	}{})
}

// flatten returns an object, or the items of a list, like FlattenListVisitor in visitor.go. An item without a kind or a version is an error, but the
// other items remain. A list in a list is an error of the whole list, because ExtractList does not know the type of its items.
func flatten(object runtime.Object) ([]any, error) {
	if !meta.IsListType(object) {
		return []any{content(object)}, nil
	}
	items, errs := []any{}, []error{}
	for queue := []runtime.Object{object}; len(queue) > 0; queue = queue[1:] {
		if meta.IsListType(queue[0]) {
			inner, err := meta.ExtractList(queue[0])
			if err != nil {
				return nil, err
			}
			queue = append(queue, inner...)
			continue
		}
		if _, _, err := unstructuredscheme.NewUnstructuredObjectTyper().ObjectKinds(queue[0]); err != nil {
			errs = append(errs, err)
			continue
		}
		items = append(items, content(queue[0]))
	}
	return items, errors.Join(errs...)
}

func content(object runtime.Object) any {
	return object.(runtime.Unstructured).UnstructuredContent()
}
