package store

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"loonbrug/data/model"
)

// fault turns what SQLite or the system reports about the database at path into
// a problem a person can act on. It goes by result codes, never by texts. An
// error that is none of these, or a problem already, comes back as it is.
func fault(path string, err error) error {
	if err == nil {
		return nil
	}
	if already := (*model.Problem)(nil); errors.As(err, &already) {
		return err
	}
	code := faultCode(err)
	if code == "" {
		return err
	}
	p := model.NewProblem(code, "path", path).Because(err)
	if code == "store.busy" || code == "store.away" || code == "store.certificate" {
		return p.Again()
	}
	if s := (sqlite3.Error{}); code == "store.io" && errors.As(err, &s) {
		p.Params["detail"] = strconv.Itoa(int(s.ExtendedCode))
	}
	return p
}

func faultCode(err error) string {
	if state := refused(err); state != "" {
		return serverCode(state)
	}
	if unproven := (*tls.CertificateVerificationError)(nil); errors.As(err, &unproven) {
		return "store.certificate"
	}
	if errors.Is(err, errUnencrypted) {
		return "store.no_tls"
	}
	if away(err) {
		return "store.away"
	}
	var s sqlite3.Error
	if !errors.As(err, &s) {
		return systemCode(err)
	}
	switch s.Code {
	case sqlite3.ErrFull:
		return "store.disk_full"
	case sqlite3.ErrNotADB, sqlite3.ErrCorrupt:
		return "store.damaged"
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen:
		return "store.read_only"
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return "store.busy"
	case sqlite3.ErrIoErr, sqlite3.ErrProtocol:
		if code := systemCode(s.SystemErrno); s.SystemErrno != 0 && code != "" {
			return code
		}
		return "store.io"
	}
	return ""
}

// serverCode classes what PostgreSQL refuses, by SQLSTATE (PostgreSQL manual,
// appendix A).
func serverCode(state string) string {
	switch {
	case state == movedAway:
		return "store.moved"
	case state == "53100":
		return "store.disk_full"
	case strings.HasPrefix(state, "08"), strings.HasPrefix(state, "57P"), state == "53300":
		return "store.away"
	case strings.HasPrefix(state, "28"), state == "3D000", state == "42501":
		return "store.no_access"
	case state == "XX001", state == "XX002":
		return "store.damaged"
	}
	return ""
}

// systemCode classes errors of the file system.
func systemCode(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), diskFull(err):
		return "store.disk_full"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS),
		errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR), errors.Is(err, fs.ErrNotExist):
		return "store.read_only"
	}
	return ""
}

func networkProblem(path string) error { return model.NewProblem("store.network", "path", path) }

// isDuplicate tells whether a unique index refused a row.
func isDuplicate(err error) bool {
	return hasCode(err, sqlite3.ErrConstraintUnique) || refused(err) == "23505"
}

// orphaned gives [model.ErrNotFound] for a row that names another one that is
// not there.
func orphaned(err error) error {
	if hasCode(err, sqlite3.ErrConstraintForeignKey) || refused(err) == "23503" {
		return fmt.Errorf("what the row belongs to: %w", model.ErrNotFound)
	}
	return err
}

func hasCode(err error, code sqlite3.ErrNoExtended) bool {
	var s sqlite3.Error
	return errors.As(err, &s) && s.ExtendedCode == code
}
