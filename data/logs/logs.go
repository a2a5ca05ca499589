// Package logs packs what the program wrote down about itself into one file that
// can be given to somebody.
//
// [Export] is the only call. Nothing secret should be in a log at all; because
// this file leaves the computer, everything that is a secret of an account, and
// everything that looks like one, is taken out once more on the way.
package logs

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// redacted stands for what was taken out.
const redacted = "•••"

// shortest is the length from which a secret is looked for; a shorter one would
// take harmless words away, and is no secret.
const shortest = 4

// looks are what a secret looks like wherever it came from: the value of a field
// with such a name, what follows the word Bearer or Basic, and a signed token.
var looks = regexp.MustCompile(`(?i)((?:password|passphrase|secret|token|api_?key|apikey|authorization|cookie)\\?["']?\s*[:=]\s*\\?["']?)(?:(?:bearer|basic)\s+)?[^\s"'\\,}&•]+|((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}|()eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_-]*`)

// Export writes the files into a zip, without the secrets. about is put in as a
// file of its own. A file that is no longer there is left out.
func Export(out io.Writer, about string, files []string, secrets []model.Secret) error {
	z := zip.NewWriter(out)
	clean := cleaner(secrets)
	w, err := z.Create("about.txt")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, clean(about)); err != nil {
		return err
	}
	for _, path := range files {
		if err := add(z, path, clean); err != nil {
			return fmt.Errorf("pack %s: %w", filepath.Base(path), err)
		}
	}
	return z.Close()
}

// cleaner takes secrets out of a line.
func cleaner(secrets []model.Secret) func(string) string {
	var words []string
	for _, s := range secrets {
		if text := s.Reveal(); len(text) >= shortest {
			words = append(words, text)
		}
	}
	// Longest first: one secret may be a part of another.
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(words))
	for _, w := range words {
		pairs = append(pairs, w, redacted)
	}
	known := strings.NewReplacer(pairs...)
	return func(line string) string {
		return looks.ReplaceAllString(known.Replace(line), "${1}${2}"+redacted)
	}
}

func add(z *zip.Writer, path string, clean func(string) string) error {
	in, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	w, err := z.Create(filepath.Base(path))
	if err != nil {
		return err
	}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if _, err := io.WriteString(w, clean(line)); err != nil {
			return err
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
