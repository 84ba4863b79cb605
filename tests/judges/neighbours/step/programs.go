//go:build programs

// Package neighbours names the two programs that are built from this module.
package neighbours

import (
	_ "github.com/smallstep/certificates/cmd/step-ca"
	_ "github.com/smallstep/cli/cmd/step"
)
