package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"sort"

	apiequality "k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	"k8s.io/kubernetes/pkg/features"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	kjson "sigs.k8s.io/json"
)

var (
	version  = schema.GroupVersion{Group: networking.GroupName, Version: "v1"}
	internal = schema.GroupVersion{Group: networking.GroupName, Version: runtime.APIVersionInternal}
	kind     = version.WithKind("NetworkPolicy")
)

// create does what the API server does with a NetworkPolicy before it stores it: it decodes the object, fills in defaults and validates it.
//
// Source: apiserver `pkg/endpoints/handlers/create.go` and `pkg/registry/rest/create.go`.
func create(object []byte, namespace string) answer {
	a := answer{Unknown: []string{}, Schema: []string{}, Strict: []string{}}
	policy, unknown, err := decode(withNamespace(object, namespace))
	a.Unknown = append(a.Unknown, unknown...)
	if err != nil {
		a.Schema, a.Strict = []string{err.Error()}, []string{err.Error()}
		return a
	}
	rest.WipeObjectMetaSystemFields(policy)
	policy.OwnerReferences = withoutDuplicates(policy.OwnerReferences)
	// The server replaces managed fields that it cannot read, and writes the others anew.
	policy.ManagedFields = nil
	rest.FillObjectMetaSystemFields(policy)
	a.Schema = validate(policy, false)
	a.Strict = validate(policy, true)
	a.Size = sizeOf(policy)
	return a
}

// withNamespace returns the object as kubectl sends it. As in kubectl, a namespace that is not a string counts as absent.
func withNamespace(object []byte, namespace string) []byte {
	u := &unstructured.Unstructured{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(object, &u.Object); err != nil || u.GetNamespace() != "" || namespace == "" {
		return object
	}
	metadata, isObject := u.Object["metadata"].(map[string]any)
	if !isObject && u.Object["metadata"] != nil {
		return object
	}
	if metadata == nil {
		metadata = map[string]any{}
	}
	metadata["namespace"] = namespace
	u.Object["metadata"] = metadata
	sent, err := json.Marshal(u.Object)
	if err != nil {
		panic(err)
	}
	return sent
}

var unknownField = regexp.MustCompile(`^unknown field "(.*)"$`)

// decode returns the internal object with defaults, and the paths of unknown fields.
func decode(object []byte) (*networking.NetworkPolicy, []string, error) {
	info, ok := runtime.SerializerInfoForMediaType(legacyscheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	if !ok {
		return nil, nil, errors.New("no serializer for JSON")
	}
	decoded, _, err := legacyscheme.Codecs.DecoderToVersion(info.StrictSerializer, internal).Decode(object, &kind, nil)
	unknown := []string{}
	if strict, isStrict := runtime.AsStrictDecodingError(err); isStrict && decoded != nil {
		for _, one := range strict.Errors() {
			if found := unknownField.FindStringSubmatch(one.Error()); found != nil {
				unknown = append(unknown, found[1])
			}
		}
		err = nil
	}
	sort.Strings(unknown)
	if err != nil {
		return nil, nil, err
	}
	policy, ok := decoded.(*networking.NetworkPolicy)
	if !ok {
		return nil, nil, fmt.Errorf("the object is a %T", decoded)
	}
	return policy, unknown, nil
}

// withoutDuplicates returns the references without those that are equal to an earlier one.
func withoutDuplicates(references []metav1.OwnerReference) (kept []metav1.OwnerReference) {
	for _, reference := range references {
		isKnown := false
		for _, one := range kept {
			isKnown = isKnown || apiequality.Semantic.DeepEqual(one, reference)
		}
		if !isKnown {
			kept = append(kept, reference)
		}
	}
	return kept
}

func validate(policy *networking.NetworkPolicy, isStrict bool) []string {
	if err := utilfeature.DefaultMutableFeatureGate.SetFromMap(map[string]bool{string(features.StrictIPCIDRValidation): isStrict}); err != nil {
		panic(err)
	}
	ctx := genericapirequest.WithNamespace(context.Background(), policy.Namespace)
	ctx = genericapirequest.WithRequestInfo(ctx, &genericapirequest.RequestInfo{
		IsResourceRequest: true,
		Verb:              "create",
		APIGroup:          version.Group,
		APIVersion:        version.Version,
		Resource:          "networkpolicies",
		Namespace:         policy.Namespace,
	})
	return messages(rest.BeforeCreate(networkpolicy.Strategy, ctx, policy.DeepCopy()))
}

// messages returns one message for each cause of an error.
func messages(err error) []string {
	all := []string{}
	var status apierrors.APIStatus
	if err != nil && errors.As(err, &status) && status.Status().Details != nil {
		for _, cause := range status.Status().Details.Causes {
			all = append(all, fmt.Sprintf("%s: %s", cause.Field, cause.Message))
		}
	}
	if err != nil && len(all) == 0 {
		all = append(all, err.Error())
	}
	sort.Strings(all)
	return all
}

// sizeOf returns the number of bytes of the object in the storage, where Kubernetes' own kinds are in protobuf.
func sizeOf(policy *networking.NetworkPolicy) int {
	serializer := protobuf.NewSerializer(legacyscheme.Scheme, legacyscheme.Scheme)
	stored, err := runtime.Encode(legacyscheme.Codecs.EncoderForVersion(serializer, version), policy)
	if err != nil {
		panic(err)
	}
	return len(stored)
}
