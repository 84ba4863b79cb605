// Command traefik reads the section of traefik.yml for etcd with Traefik's own reader, and
// lets Traefik's own provider fetch its configuration from there.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/traefik/paerser/file"
	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/provider/kv/etcd"
	"github.com/traefik/traefik/v3/pkg/safe"
)

// configuration is as much of Traefik's own as asks etcd.
type configuration struct {
	Providers *struct {
		Etcd *etcd.Provider
	}
}

func speak(path string) error {
	told := configuration{}
	if err := file.Decode(path, &told); err != nil {
		return err
	}
	if told.Providers == nil || told.Providers.Etcd == nil {
		return errors.New("no etcd is named")
	}
	provider := told.Providers.Etcd
	if err := provider.Init(); err != nil {
		return err
	}
	fetched := make(chan dynamic.Message, 1)
	failed := make(chan error, 1)
	go func() {
		// It tries without end where etcd refuses it, and logs why.
		if err := provider.Provide(fetched, safe.NewPool(context.Background())); err != nil {
			failed <- err
		}
	}()
	select {
	case <-fetched:
		fmt.Println("served")
		return nil
	case err := <-failed:
		return err
	case <-time.After(10 * time.Second):
		return errors.New("nothing came in ten seconds")
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Println("name one file")
		os.Exit(2)
	}
	if err := speak(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
