// SPDX-License-Identifier: GPL-2.0-or-later

// Command inventory reads what `failback discover` asks for with govmomi, page by page, and keeps it or drops it.
// bench/discovery.py measures it. The server comes by GOVC_URL, GOVC_USERNAME and GOVC_PASSWORD.
//
//	inventory [-keep] [-page N] PATHS.json
//
// PATHS.json names the properties of each managed type: {"VirtualMachine": ["name", ...], ...}. It prints one line:
// objects, pages and bytes of answers.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// counting counts the bytes of answers, unpacked.
type counting struct {
	below http.RoundTripper
	bytes int64
}

type countedBody struct {
	io.ReadCloser
	bytes *int64
}

func (b countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	*b.bytes += int64(n)
	return n, err
}

func (c *counting) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := c.below.RoundTrip(request)
	if err == nil {
		response.Body = countedBody{response.Body, &c.bytes}
	}
	return response, err
}

func filter(inView types.ManagedObjectReference, paths map[string][]string) types.PropertyFilterSpec {
	skip := true
	spec := types.PropertyFilterSpec{ObjectSet: []types.ObjectSpec{{
		Obj:       inView,
		Skip:      &skip,
		SelectSet: []types.BaseSelectionSpec{&types.TraversalSpec{Type: "ContainerView", Path: "view"}},
	}}}
	for kind, names := range paths {
		spec.PropSet = append(spec.PropSet, types.PropertySpec{Type: kind, PathSet: names})
	}
	return spec
}

type reader struct {
	client         *vim25.Client
	keep           bool
	kept           []any
	objects, pages int
}

func (r *reader) take(result *types.RetrieveResult) error {
	r.pages++
	for _, content := range result.Objects {
		object, err := mo.ObjectContentToType(content)
		if err != nil {
			return err
		}
		r.objects++
		if r.keep {
			r.kept = append(r.kept, object)
		}
	}
	return nil
}

func (r *reader) read(ctx context.Context, spec types.PropertyFilterSpec, page int32) error {
	collector := r.client.ServiceContent.PropertyCollector
	first, err := methods.RetrievePropertiesEx(ctx, r.client, &types.RetrievePropertiesEx{
		This: collector, SpecSet: []types.PropertyFilterSpec{spec}, Options: types.RetrieveOptions{MaxObjects: page}})
	if err != nil {
		return err
	}
	result := first.Returnval
	for result != nil {
		if err := r.take(result); err != nil {
			return err
		}
		if result.Token == "" {
			break
		}
		next, err := methods.ContinueRetrievePropertiesEx(ctx, r.client,
			&types.ContinueRetrievePropertiesEx{This: collector, Token: result.Token})
		if err != nil {
			return err
		}
		result = &next.Returnval
	}
	return nil
}

func run(ctx context.Context, file string, keep bool, page int32) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var paths map[string][]string
	if err := json.Unmarshal(text, &paths); err != nil {
		return err
	}
	address, err := url.Parse(os.Getenv("GOVC_URL"))
	if err != nil {
		return err
	}
	network := soap.NewClient(address, true)
	counter := &counting{below: network.Transport}
	network.Transport = counter
	client, err := vim25.NewClient(ctx, network)
	if err != nil {
		return err
	}
	sessions := session.NewManager(client)
	if err := sessions.Login(ctx, url.UserPassword(os.Getenv("GOVC_USERNAME"), os.Getenv("GOVC_PASSWORD"))); err != nil {
		return err
	}
	defer func() { _ = sessions.Logout(ctx) }()
	var kinds []string
	for kind := range paths {
		kinds = append(kinds, kind)
	}
	all, err := view.NewManager(client).CreateContainerView(ctx, client.ServiceContent.RootFolder, kinds, true)
	if err != nil {
		return err
	}
	defer func() { _ = all.Destroy(ctx) }()
	r := reader{client: client, keep: keep}
	if err := r.read(ctx, filter(all.Reference(), paths), page); err != nil {
		return err
	}
	fmt.Printf("objects %d pages %d bytes %d kept %d\n", r.objects, r.pages, counter.bytes, len(r.kept))
	return nil
}

func main() {
	keep := flag.Bool("keep", false, "keep all objects to the end")
	page := flag.Int("page", 100, "objects of a page")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: inventory [-keep] [-page N] PATHS.json")
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), *keep, int32(*page)); err != nil {
		fmt.Fprintln(os.Stderr, "inventory:", err)
		os.Exit(1)
	}
}
