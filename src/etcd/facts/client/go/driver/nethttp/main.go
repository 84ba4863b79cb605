// Command nethttp asks etcd's gateway for one key, with Go's own HTTP client.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func speak() error {
	content, err := os.ReadFile(os.Getenv("CA"))
	if err != nil {
		return err
	}
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	config.RootCAs.AppendCertsFromPEM(content)
	if certificate := os.Getenv("CERT"); certificate != "" {
		pair, err := tls.LoadX509KeyPair(certificate, os.Getenv("KEY"))
		if err != nil {
			return err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if os.Getenv("TLS_MAX") == "1.2" {
		config.MaxVersion = tls.VersionTLS12
	}
	client := http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true},
	}
	answer, err := client.Post(os.Getenv("ENDPOINT")+"/v3/kv/range", "application/json", strings.NewReader(`{"key":"Zm9v"}`))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, text)
	}
	fmt.Println("served:", string(text))
	return nil
}

func main() {
	if err := speak(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
