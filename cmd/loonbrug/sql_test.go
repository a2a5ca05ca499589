package main

import (
	"database/sql"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the driver of the database under test
)

// execSQL changes a database behind the program's back.
func execSQL(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
