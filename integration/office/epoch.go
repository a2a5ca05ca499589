package office

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loonbrug/data/model"
)

// The settings that tell whether an older copy of the database was put back.
const (
	settingEpoch    = "epoch"          // "now before": this mark and the one it followed
	settingRestored = "epoch.restored" // when a return was noticed; empty after it was seen
)

// markEpoch compares the mark in the database with the one in the file beside it
// and writes a new one into both, first into the database. As long as the
// program alone writes them, the file has the database's mark or, when the
// program died in between, the one before it. Anything else means that one of
// the two was put back or copied from elsewhere. A mark lasts an hour at most:
// an older copy of the database has an older one.
func (f *Office) markEpoch(ctx context.Context) error {
	if f.o.Epoch == "" {
		return nil
	}
	kept, err := f.o.Store.Setting(ctx, settingEpoch)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return fmt.Errorf("read epoch: %w", err)
	}
	beside, err := os.ReadFile(f.o.Epoch)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read epoch: %w", err)
	}
	mark := strings.TrimSpace(string(beside))
	now, before, _ := strings.Cut(kept, " ")
	if mark != now && mark != before {
		f.o.Log.Warn("an older copy of the database was put back, or it came from elsewhere")
		if err := f.o.Store.SaveSetting(ctx, settingRestored, f.o.Now().UTC().Format(time.RFC3339Nano)); err != nil {
			return err
		}
		f.changed()
	}
	next := rand.Text()
	if err := f.o.Store.SaveSetting(ctx, settingEpoch, next+" "+mark); err != nil {
		return err
	}
	return replaceFile(f.o.Epoch, next)
}

// Restored is when it was noticed that an older copy of the database was put
// back; zero when none was, or the person has seen it.
func (f *Office) Restored(ctx context.Context) (time.Time, error) {
	text, err := f.o.Store.Setting(ctx, settingRestored)
	if errors.Is(err, model.ErrNotFound) || err == nil && text == "" {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339Nano, text)
}

// SeenRestored takes the notice of [Office.Restored] away.
func (f *Office) SeenRestored(ctx context.Context) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	defer f.changed()
	return f.o.Store.SaveSetting(ctx, settingRestored, "")
}

// replaceFile writes a small file so that it holds either the old or the new
// text, whatever happens.
func replaceFile(path, text string) error {
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(part.Name()) }() // gone already when all went well
	_, err = part.WriteString(text + "\n")
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), path)
}
