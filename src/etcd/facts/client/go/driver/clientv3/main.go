// Command clientv3 asks etcd for one key, with etcd's own client. RAW makes the
// configuration of TLS by hand, in place of etcd's own.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	clientv3 "go.etcd.io/etcd/client/v3"
)

func byHand(authority, certificate, key string) (*tls.Config, error) {
	config := &tls.Config{}
	if authority != "" {
		content, err := os.ReadFile(authority)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM(content)
	}
	if certificate != "" {
		pair, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

func configuration() (*tls.Config, error) {
	authority, certificate, key := os.Getenv("CA"), os.Getenv("CERT"), os.Getenv("KEY")
	if os.Getenv("RAW") != "" {
		return byHand(authority, certificate, key)
	}
	info := transport.TLSInfo{TrustedCAFile: authority, CertFile: certificate, KeyFile: key}
	return info.ClientConfig()
}

func speak() error {
	config, err := configuration()
	if err != nil {
		return err
	}
	if os.Getenv("TLS_MAX") == "1.2" {
		config.MaxVersion = tls.VersionTLS12
	}
	client, err := clientv3.New(clientv3.Config{
		Endpoints:   []string{os.Getenv("ENDPOINT")},
		TLS:         config,
		DialTimeout: 3 * time.Second,
	})
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	answer, err := client.Get(limited, "foo")
	if err != nil {
		return err
	}
	fmt.Println("served:", answer.Count)
	return nil
}

func main() {
	if err := speak(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
