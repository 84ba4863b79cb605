// The judge of tests/go_agreement.rs: asks Go's own standard library.
// Reads JSON lines, answers each with one JSON line.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"
)

type question struct {
	Kind   string   `json:"kind"`
	Data   []byte   `json:"data"`
	Key    []byte   `json:"key"`
	Chain  [][]byte `json:"chain"`
	Roots  [][]byte `json:"roots"`
	Host   string   `json:"host"`
	Client bool     `json:"client"`
	Now    int64    `json:"now"`
}

func answer(q question) string {
	switch q.Kind {
	case "pem":
		var labels []string
		rest := q.Data
		for {
			var block *pem.Block
			block, rest = pem.Decode(rest)
			if block == nil {
				break
			}
			labels = append(labels, fmt.Sprintf("%s:%d", block.Type, len(block.Bytes)))
		}
		return strings.Join(labels, ",")
	case "certificate":
		_, err := x509.ParseCertificate(q.Data)
		return text(err)
	case "pair":
		_, err := tls.X509KeyPair(q.Data, q.Key)
		return text(err)
	case "crl":
		_, err := x509.ParseRevocationList(q.Data)
		return text(err)
	case "old-crl":
		_, err := x509.ParseCRL(q.Data)
		return text(err)
	case "verify":
		options := x509.VerifyOptions{
			Roots:         x509.NewCertPool(),
			Intermediates: x509.NewCertPool(),
			DNSName:       q.Host,
			CurrentTime:   time.Unix(q.Now, 0).UTC(),
			KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		if q.Client {
			options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}
		for _, der := range q.Roots {
			if certificate, err := x509.ParseCertificate(der); err == nil {
				options.Roots.AddCert(certificate)
			}
		}
		var leaf *x509.Certificate
		for i, der := range q.Chain {
			certificate, err := x509.ParseCertificate(der)
			if err != nil {
				return "parse: " + err.Error()
			}
			if i == 0 {
				leaf = certificate
			} else {
				options.Intermediates.AddCert(certificate)
			}
		}
		_, err := leaf.Verify(options)
		return text(err)
	}
	return "unknown question"
}

func text(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			encoder.Encode("bad question: " + err.Error())
			continue
		}
		encoder.Encode(answer(q))
	}
}
