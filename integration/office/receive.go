package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// Receive takes in a file that nobody said a company for: one that was dropped
// on the window or laid in the watched folder, below a folder that may be named
// after a company. The company comes from that folder, from what the file says
// of itself, or from what was chosen for such a file before; it is never
// guessed. When it is not known, the file waits for a person: ok is false and
// nothing is a run yet.
func (f *Office) Receive(ctx context.Context, folder string, in Incoming) (run model.Run, ok bool, err error) {
	r, err := f.receive(ctx, folder, in)
	return r.Run, err == nil && !r.Waits(), err
}

// TakeIn is [Office.Receive] for a file that a person gave to the window, and
// tells what became of it.
func (f *Office) TakeIn(ctx context.Context, name string, content io.Reader) (model.Received, error) {
	return f.receive(ctx, "", Incoming{Name: name, Content: content})
}

func (f *Office) receive(ctx context.Context, folder string, in Incoming) (model.Received, error) {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return model.Received{}, err
	}
	file, err := f.read(ctx, in)
	if err != nil {
		return model.Received{}, err
	}
	company, err := f.companyOf(ctx, folder, file.Header)
	if err != nil {
		return model.Received{}, err
	}
	if company == 0 {
		parcel := model.Parcel{
			Name: file.Name, Hash: file.Hash, Layout: memory(file.Header), ReceivedAt: f.o.Now(), Raw: file.Raw,
			Header: model.Header{CompanyNumber: file.Header.CompanyNumber, CompanyName: file.Header.CompanyName},
		}
		defer f.changed()
		if err := f.o.Store.AddParcel(ctx, &parcel); err != nil {
			return model.Received{}, fmt.Errorf("keep file: %w", err)
		}
		return model.Received{Parcel: parcel}, f.tookIn(ctx, folder, in.Name, 0)
	}
	in.CompanyID = company
	run, known, err := f.keep(ctx, in, file)
	if err != nil {
		return model.Received{}, err
	}
	return model.Received{Run: run, Known: known}, f.tookIn(ctx, folder, in.Name, company)
}

// companyOf finds the company of a file; zero is not known.
func (f *Office) companyOf(ctx context.Context, folder string, h source.Header) (int64, error) {
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return 0, fmt.Errorf("companies: %w", err)
	}
	if folder != "" {
		return only(companies, func(c model.Company) bool { return named(c.Name, folder) || c.Number == folder }), nil
	}
	if id := memory(h); id != "" {
		layout, found, err := f.o.Store.Layout(ctx, id)
		if err != nil {
			return 0, fmt.Errorf("layout: %w", err)
		}
		known := func(c model.Company) bool { return c.ID == layout.CompanyID }
		if found && slices.ContainsFunc(companies, known) {
			return layout.CompanyID, nil
		}
	}
	if h.CompanyName == "" {
		return 0, nil
	}
	return only(companies, func(c model.Company) bool { return named(c.Name, h.CompanyName) }), nil
}

// only is the id of the one company that fits; zero when none or several do.
func only(companies []model.Company, fits func(model.Company) bool) (id int64) {
	for _, c := range companies {
		if fits(c) {
			if id != 0 {
				return 0
			}
			id = c.ID
		}
	}
	return id
}

func named(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// memory is what a choice of company is remembered under: the registration
// number or the name in the file, else its layout; empty where a file says
// nothing that another one of the same company would say again.
func memory(h source.Header) string {
	switch {
	case h.CompanyNumber != "":
		return "number:" + strings.ToLower(h.CompanyNumber)
	case h.CompanyName != "":
		return "name:" + strings.ToLower(h.CompanyName)
	case h.Layout != "":
		return "layout:" + h.Layout
	}
	return ""
}

// Assign says which company a waiting file is of, and remembers it for the next
// such file.
func (f *Office) Assign(ctx context.Context, parcelID, companyID int64) (model.Run, error) {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return model.Run{}, err
	}
	p, err := f.o.Store.Parcel(ctx, parcelID)
	if err != nil {
		return model.Run{}, fmt.Errorf("parcel %d: %w", parcelID, err)
	}
	run, _, err := f.Take(ctx, Incoming{CompanyID: companyID, Name: p.Name, Content: bytes.NewReader(p.Raw)})
	if err != nil {
		return model.Run{}, err
	}
	if p.Layout != "" {
		if err := f.o.Store.SaveLayout(ctx, model.Layout{ID: p.Layout, CompanyID: companyID}); err != nil {
			return run, fmt.Errorf("remember company: %w", err)
		}
	}
	return run, f.o.Store.RemoveParcel(ctx, parcelID)
}

// PutAside lets a waiting file go without making a run of it, or says that a person
// is done with one that was refused.
func (f *Office) PutAside(ctx context.Context, parcelID int64) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	defer f.changed()
	f.o.Log.Info("file put aside", "parcel", parcelID)
	return f.o.Store.RemoveParcel(ctx, parcelID)
}

// Drop is [Office.Receive] for a file of a watched folder.
func (f *Office) Drop(ctx context.Context, folder, name string, content io.Reader) error {
	_, _, err := f.Receive(ctx, folder, Incoming{Name: name, Content: content})
	return err
}

// Refuse keeps that a file of a watched folder could not be taken in, until one of
// its name is, or a person is done with it.
func (f *Office) Refuse(ctx context.Context, folder, name string, p *model.Problem) error {
	parcel := model.Parcel{
		Name: name, Hash: placeOf(folder, name), ReceivedAt: f.o.Now(), Header: model.Header{CompanyName: folder}, Problem: p,
	}
	defer f.changed()
	if err := f.o.Store.AddParcel(ctx, &parcel); err != nil {
		return fmt.Errorf("keep that a file was refused: %w", err)
	}
	return nil
}

// placeOf stands for the bytes of a file that was refused: it is one file for as
// long as it has the same name in the same folder.
func placeOf(folder, name string) string {
	sum := sha256.Sum256([]byte("refused\x00" + folder + "\x00" + name))
	return hex.EncodeToString(sum[:])
}

// tookIn lets go that a file was refused before which was taken in now: from the
// same folder, or from anywhere for the company that the folder is named after.
func (f *Office) tookIn(ctx context.Context, folder, name string, company int64) error {
	parcels, err := f.o.Store.Inbox(ctx)
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	for _, p := range parcels {
		if p.Problem == nil || p.Name != name {
			continue
		}
		owner, err := f.companyOf(ctx, p.Header.CompanyName, source.Header{})
		if err != nil {
			return err
		}
		if p.Header.CompanyName != folder && (owner == 0 || owner != company) {
			continue
		}
		if err := f.o.Store.RemoveParcel(ctx, p.ID); err != nil && !errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("let go of a refused file: %w", err)
		}
		defer f.changed()
	}
	return nil
}

// PayrollAccounts are the accounts of payroll systems that may be used now.
func (f *Office) PayrollAccounts(ctx context.Context) ([]model.Account, error) {
	accounts, err := f.o.Store.Accounts(ctx)
	return slices.DeleteFunc(accounts, func(a model.Account) bool {
		system := slices.ContainsFunc(f.o.Systems, func(s source.System) bool { return s.Describe().ID == a.Target })
		return !system || !a.Authorised()
	}), err
}
