// The oracle for Kubernetes' own kinds: what the API server does with a NetworkPolicy that is created, with Kubernetes' code.
//
// It reads one JSON request per line and writes one answer per line, in order. There is one module file for each minor of Cilium, with the Kubernetes
// version that this minor is tested with: `go build -modfile=v1.20.mod .`.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
)

// request is one line of the input.
type request struct {
	ID        json.RawMessage `json:"id"`
	Namespace string          `json:"namespace"`
	Object    json.RawMessage `json:"object"`
}

// answer is one line of the output.
type answer struct {
	ID json.RawMessage `json:"id,omitempty"`
	// Error says why the question could not be answered.
	Error string `json:"error,omitempty"`
	// Unknown has the paths of fields that are dropped.
	Unknown []string `json:"unknown"`
	// Schema has the errors of an API server of any version.
	Schema []string `json:"schema"`
	// Strict has the errors of an API server with the feature gate StrictIPCIDRValidation, which is on since Kubernetes 1.36.
	Strict []string `json:"strict"`
	// Size is the number of bytes of the object as it is stored.
	Size int `json:"size,omitempty"`
}

func main() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func serve(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<20)
	defer writer.Flush()
	encoder := json.NewEncoder(writer)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 1 {
			if err := encoder.Encode(respond(line)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}

func respond(line []byte) (a answer) {
	var r request
	defer func() {
		if p := recover(); p != nil {
			a = answer{Error: fmt.Sprintf("panic: %v", p)}
		}
		a.ID = r.ID
	}()
	if err := json.Unmarshal(line, &r); err != nil {
		return answer{Error: fmt.Sprintf("request is no JSON: %v", err)}
	}
	return create(r.Object, r.Namespace)
}
