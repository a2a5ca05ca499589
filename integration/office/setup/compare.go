package setup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// Compare tells what taking over the second set-up would do to the first one, in
// the order of the file.
func Compare(now, then File) []model.SetupChange {
	now.sort()
	then.sort()
	all := compare(model.SetupAccount, now.Accounts, then.Accounts)
	all = append(all, compare(model.SetupCompany, now.Companies, then.Companies)...)
	return append(all, compare(model.SetupMapped, now.Mappings, then.Mappings)...)
}

func compare[T keyed](kind model.SetupKind, now, then []T) (all []model.SetupChange) {
	byKey := func(list []T) map[string]T {
		m := make(map[string]T, len(list))
		for _, v := range list {
			m[v.key()] = v
		}
		return m
	}
	before, after := byKey(now), byKey(then)
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		old, had := before[key]
		next, has := after[key]
		c := model.SetupChange{Kind: kind, Key: key}
		switch {
		case !had:
			c.What = model.SetupAdded
		case !has:
			c.What = model.SetupKept
		default:
			c.What, c.Fields = model.SetupChanged, details(old, next)
			if len(c.Fields) == 0 {
				continue
			}
		}
		all = append(all, c)
	}
	return all
}

// details are the values in which two things differ, found in the form they have
// in the file, so that a new field can not be forgotten here.
func details(old, next any) (all []model.SetupDetail) {
	before, after := flat(old), flat(next)
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if before[name] != after[name] {
			all = append(all, model.SetupDetail{name, before[name], after[name]})
		}
	}
	return all
}

// flat are all values of a thing by their paths.
func flat(v any) map[string]string {
	data, err := json.Marshal(v)
	var tree any
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	if err != nil {
		panic(err) // the types of the file can be written and read
	}
	values := make(map[string]string)
	flatten(values, nil, tree)
	return values
}

func flatten(into map[string]string, path []string, v any) {
	if branch, ok := v.(map[string]any); ok {
		for name, below := range branch {
			flatten(into, append(slices.Clone(path), name), below)
		}
		return
	}
	into[strings.Join(path, ".")] = fmt.Sprint(v)
}

// strictly reads one JSON value with nothing unknown in it and nothing after it.
func strictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the set-up")
	}
	return nil
}
