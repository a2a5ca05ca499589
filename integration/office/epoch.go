package office

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loonbrug/data/model"
)

// settingRestored holds when it was noticed that an older copy of the database was
// put back; it is empty after that was seen.
const settingRestored = "epoch.restored"

// markEpoch compares the database with the mark of its history that was written into
// a file beside it. A database that does not follow on the mark was put back or
// copied from elsewhere. Then the file gets a new mark. It is an hour old at most,
// and never newer than the database.
func (f *Office) markEpoch(ctx context.Context) error {
	if f.o.Epoch == "" {
		return nil
	}
	beside, err := os.ReadFile(f.o.Epoch)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read epoch: %w", err)
	}
	if mark := strings.TrimSpace(string(beside)); mark != "" {
		follows, err := f.o.Store.Follows(ctx, mark)
		if err != nil {
			return err
		}
		if !follows {
			f.o.Log.Warn("an older copy of the database was put back, or it came from elsewhere")
			if err := f.o.Store.SaveSetting(ctx, settingRestored, f.o.Now().UTC().Format(time.RFC3339Nano)); err != nil {
				return err
			}
			f.changed()
		}
	}
	next, err := f.o.Store.Mark(ctx)
	if err != nil {
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
