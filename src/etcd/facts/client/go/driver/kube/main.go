// Command kube reads kube-apiserver's flags for etcd, as kube-apiserver's own library
// reads them, and asks etcd for its health, as its /readyz does.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apiserver/pkg/server/options"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"
)

func speak(arguments []string) error {
	etcd := options.NewEtcdOptions(storagebackend.NewDefaultConfig("/registry", nil))
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	etcd.AddFlags(flags)
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	stop := make(chan struct{})
	defer close(stop)
	check, err := factory.CreateHealthCheck(etcd.StorageConfig, stop)
	if err != nil {
		return err
	}
	for range 10 {
		if err = check(); err == nil {
			fmt.Println("served")
			return nil
		}
		time.Sleep(500 * time.Millisecond)
	}
	return err
}

func main() {
	if err := speak(os.Args[1:]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
