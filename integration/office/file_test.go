package office_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

// sent is a store of one delivery with its entry.
type sent struct {
	office.Store
	delivery model.Delivery
}

func (sent) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (s sent) Delivery(_ context.Context, id int64) (model.Delivery, error) {
	if id != s.delivery.ID {
		return model.Delivery{}, model.ErrNotFound
	}
	return s.delivery, nil
}

func (s sent) Entry(context.Context, int64) (model.Entry, error) {
	return model.Entry{Key: "LBSTORED"}, nil
}

// filing is a target that saves the key and the document of a delivery.
type filing struct{ target.Target }

func (filing) Describe() target.Description {
	return target.Description{ID: "filing", Name: "Filing", Download: true}
}

func (filing) File(d target.Delivery) (string, []byte, error) {
	return d.Evidence["document"] + ".xml", []byte(d.Entry.Key), nil
}

// The file is made from what is stored with the delivery and only once it was
// sent; what has no file says why.
func TestFile(t *testing.T) {
	for name, tt := range map[string]struct {
		delivery model.Delivery
		want     string
	}{
		"Sent":    {model.Delivery{ID: 1, Target: "filing", Sends: 1, Evidence: map[string]string{"document": "000101"}}, ""},
		"NotSent": {model.Delivery{ID: 1, Target: "filing", Evidence: map[string]string{"document": "000101"}}, "delivery.no_file_yet"},
		"NoFiles": {model.Delivery{ID: 1, Target: "lasting", Sends: 1}, "delivery.no_file"},
		"Unknown": {model.Delivery{ID: 1, Target: "gone", Sends: 1}, "target.unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			f := office.New(office.Options{
				Store: sent{delivery: tt.delivery}, Targets: target.Registry{filing{}, lasting{}},
				Files: noFiles{}, Mailbox: noMailbox{}, Open: noBrowser, Language: dutch,
				Log: slog.New(slog.DiscardHandler),
			})
			name, content, err := f.File(t.Context(), 1)
			switch {
			case tt.want != "" && (err == nil || model.ProblemOf(err).Code != tt.want || content != nil):
				t.Errorf("%q, %v, want %s", name, err, tt.want)
			case tt.want == "" && (err != nil || name != "000101.xml" || string(content) != "LBSTORED"):
				t.Errorf("%q %q, %v", name, content, err)
			}
			if _, _, err := f.File(t.Context(), 2); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("another delivery: %v", err)
			}
		})
	}
}
