// SPDX-License-Identifier: GPL-2.0-or-later

// Command vcsim serves the engine of govmomi's vCenter simulator.
//
// It differs from the program of that name in what tests need: the URL goes to a file once the
// server accepts connections, credentials are checked, and the process ends with its parent.
package main

import (
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
)

// methodDelays is a flag that may be given several times: -method-delay Login=200.
type methodDelays map[string]int

func (d methodDelays) String() string { return "" }

func (d methodDelays) Set(s string) error {
	name, value, _ := strings.Cut(s, "=")
	ms, err := strconv.Atoi(value)
	if name == "" || err != nil || ms < 0 {
		return fmt.Errorf("want METHOD=MILLISECONDS, got %q", s)
	}
	d[name] = ms
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("vcsim: ")

	delays := methodDelays{}
	listen := flag.String("listen", "127.0.0.1:0", "address and port; port 0 takes any free one")
	urlFile := flag.String("url-file", "", "write the URL with user and password here when ready")
	caFile := flag.String("ca-file", "", "write the server's certificate (PEM) here")
	user := flag.String("username", "user", "the only user who may log in")
	password := flag.String("password", "pass", "that user's password")
	useTLS := flag.Bool("tls", true, "serve https")
	esx := flag.Bool("esx", false, "a standalone ESXi host instead of a vCenter")
	load := flag.String("load", "", "load a directory written by govc object.save")
	dc := flag.Int("dc", 1, "datacenters")
	cluster := flag.Int("cluster", 1, "clusters per datacenter")
	host := flag.Int("host", 3, "hosts per cluster")
	standalone := flag.Int("standalone-host", 1, "hosts outside of clusters per datacenter")
	vm := flag.Int("vm", 2, "virtual machines per resource pool")
	ds := flag.Int("ds", 1, "datastores")
	pool := flag.Int("pool", 0, "resource pools per cluster")
	folder := flag.Int("folder", 0, "datacenters that live in folders")
	pod := flag.Int("pod", 0, "datastore clusters per datacenter")
	pg := flag.Int("pg", 1, "distributed port groups per datacenter")
	delay := flag.Int("delay", 0, "delay of each call in milliseconds")
	withStdin := flag.Bool("die-with-stdin", false, "end when standard input is closed")
	flag.Var(delays, "method-delay", "METHOD=MILLISECONDS: delay of one method (repeatable)")
	flag.Parse()
	if flag.NArg() != 0 {
		log.Fatalf("unexpected argument %q", flag.Arg(0))
	}

	model := simulator.VPX()
	if *esx {
		model = simulator.ESX()
	} else {
		model.Datacenter, model.Cluster, model.ClusterHost = *dc, *cluster, *host
		model.Host, model.Pool, model.Folder, model.Pod = *standalone, *pool, *folder, *pod
		model.Portgroup = *pg
	}
	model.Machine, model.Datastore = *vm, *ds
	model.DelayConfig = simulator.DelayConfig{Delay: *delay, MethodDelay: delays}

	var err error
	if *load == "" {
		err = model.Create()
	} else {
		err = model.Load(*load)
	}
	if err != nil {
		log.Fatalf("inventory: %s", err)
	}

	service := model.Service
	service.RegisterEndpoints = true
	service.Listen = &url.URL{Host: *listen, User: url.UserPassword(*user, *password)}
	if *useTLS {
		service.TLS = new(tls.Config)
	}
	server := service.NewServer()

	fail := func(err error) {
		model.Remove()
		log.Fatal(err)
	}
	if *caFile != "" && *useTLS {
		name, cerr := server.CertificateFile()
		if cerr == nil {
			var pem []byte
			if pem, cerr = os.ReadFile(name); cerr == nil {
				cerr = replaceFile(*caFile, pem)
			}
		}
		if cerr != nil {
			fail(cerr)
		}
	}
	if *urlFile != "" {
		if err = replaceFile(*urlFile, []byte(server.URL.String()+"\n")); err != nil {
			fail(err)
		}
	}

	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	if *withStdin {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			end <- syscall.SIGTERM
		}()
	}
	<-end
	// Without server.Close, which waits for every client that keeps its connection.
	model.Remove()
}

// replaceFile makes the content appear at once, so that a waiting reader never sees half of it.
func replaceFile(name string, content []byte) error {
	tmp := name + ".tmp"
	if err := os.WriteFile(tmp, content, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}
