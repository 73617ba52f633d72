package oracle

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/api/validation/path"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

// resource is one version of a CRD, which validates objects as an API server does.
type resource struct {
	namespaced bool
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

var (
	resources     map[string]*resource
	loadResources sync.Once
)

// resourceOf finds the resource of an object, by "apiVersion kind".
func resourceOf(apiVersion, kind string) *resource {
	loadResources.Do(func() {
		resources = map[string]*resource{}
		for _, name := range []string{client.CNPCRDName, client.CCNPCRDName, client.CCGCRDName} {
			load(client.GetPregeneratedCRD(logger, name))
		}
		load(clusterNetworkPolicies())
	})
	return resources[apiVersion+" "+kind]
}

// clusterNetworkPolicies returns the CRD of the experimental channel, which is not Cilium's. It is read from the source of this project.
func clusterNetworkPolicies() (crd apiextensionsv1.CustomResourceDefinition) {
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "../../imports/crds/network-policy-api/experimental.yaml"))
	must(err)
	must(yaml.Unmarshal(text, &crd))
	return crd
}

func load(crd apiextensionsv1.CustomResourceDefinition) {
	for _, version := range crd.Spec.Versions {
		var props apiextensions.CustomResourceValidation
		must(apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, &props, nil))
		structural, err := schema.NewStructural(props.OpenAPIV3Schema)
		must(err)
		must(defaulting.PruneDefaults(structural))
		validator, _, err := validation.NewSchemaValidator(props.OpenAPIV3Schema)
		must(err)
		resources[fmt.Sprintf("%s/%s %s", crd.Spec.Group, version.Name, crd.Spec.Names.Kind)] = &resource{
			namespaced: crd.Spec.Scope == apiextensionsv1.NamespaceScoped,
			structural: structural,
			validator:  validator,
			rules:      cel.NewValidator(structural, true, celconfig.PerCallLimit),
		}
	}
}

// store converts an object to the form that the API server stores: with defaults, and without unknown fields and nulls. It returns the paths of the
// unknown fields.
//
// The order is the same as in the server: defaults while decoding, then pruning. Source: apiextensions-apiserver
// `pkg/apiserver/customresource_handler.go`, `unstructuredSchemaCoercer`.
func (r *resource) store(u *unstructured.Unstructured) (unknown []string, err error) {
	apiVersion, kind := u.GetAPIVersion(), u.GetKind()
	defaulting.Default(u.Object, r.structural)
	meta, found, unknown, err := objectmeta.GetObjectMetaWithOptions(u.Object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, err
	}
	paths := pruning.PruneWithOptions(u.Object, r.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	defaulting.PruneNonNullableNullsWithoutDefaults(u.Object, r.structural)
	u.SetAPIVersion(apiVersion)
	u.SetKind(kind)
	if found {
		err = objectmeta.SetObjectMeta(u.Object, meta)
	}
	delete(u.Object, "status")
	prepare(u)
	return append(unknown, paths...), err
}

// prepare changes the metadata of an object that is created, before it is validated. Managed fields that the server cannot read are replaced, and others
// are written anew.
//
// Source: apiserver `pkg/endpoints/handlers/create.go`; apiextensions-apiserver `pkg/registry/customresource/strategy.go`, `PrepareForCreate`.
func prepare(u *unstructured.Unstructured) {
	u.SetGeneration(1)
	u.SetManagedFields(nil)
	var owners []metav1.OwnerReference
	for _, owner := range u.GetOwnerReferences() {
		isKnown := false
		for _, one := range owners {
			isKnown = isKnown || apiequality.Semantic.DeepEqual(one, owner)
		}
		if !isKnown {
			owners = append(owners, owner)
		}
	}
	if len(owners) < len(u.GetOwnerReferences()) {
		u.SetOwnerReferences(owners)
	}
}

// judge returns the errors of the API server for a stored object, from the schema and from the CEL rules. CEL rules are evaluated only if no type is
// wrong.
func (r *resource) judge(u *unstructured.Unstructured) (schemaErrors, celErrors field.ErrorList) {
	schemaErrors = append(schemaErrors, apivalidation.ValidateObjectMetaAccessor(u, r.namespaced, apivalidation.NameIsDNSSubdomain, field.NewPath("metadata"))...)
	schemaErrors = append(schemaErrors, apivalidation.ValidateObjectMetaAccessor(u, r.namespaced, path.ValidatePathSegmentName, field.NewPath("metadata"))...)
	schemaErrors = append(schemaErrors, validation.ValidateCustomResource(nil, u.Object, r.validator)...)
	schemaErrors = append(schemaErrors, objectmeta.Validate(nil, u.Object, r.structural, false)...)
	schemaErrors = append(schemaErrors, listtype.ValidateListSetsAndMaps(nil, r.structural, u.Object)...)
	if r.rules != nil && !blocksRules(schemaErrors) {
		celErrors, _ = r.rules.Validate(context.Background(), nil, r.structural, u.Object, nil, celconfig.RuntimeCELCostBudget)
	}
	return schemaErrors, celErrors
}

// Source: apiextensions-apiserver `pkg/registry/customresource/strategy.go`, `hasBlockingErr`.
func blocksRules(errs field.ErrorList) bool {
	for _, err := range errs {
		switch err.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
	}
	return false
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
