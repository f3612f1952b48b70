package pg

import "testing"

func TestWritingWord(t *testing.T) {
	for sql, want := range map[string]string{
		"":                            "",
		";":                           "",
		"SELECT 1":                    "",
		"(SELECT 1) UNION (SELECT 2)": "",
		"select * from t -- delete it\n where a = 1":                       "",
		"select /* insert /* nested */ into */ 1":                          "",
		`select "update", 'delete', E'it\'s insert' from t`:                "",
		`select 'it''s' || $$ insert $$ || $a$ delete $$ $a$`:              "",
		"select updated_at, a$b$ from t where id = $1":                     "",
		"with a as (select 1) select * from a":                             "",
		"values (1)":                                                       "",
		"show role":                                                        "",
		"set local lock_timeout = 0":                                       "",
		"explain select 1":                                                 "",
		"insert into t values (1)":                                         "insert",
		"  /* x */ UPDATE t SET a = 1":                                     "update",
		"select 1; delete from t":                                          "delete",
		"with a as (insert into t values (1) returning *) select * from a": "insert",
		"select * into u from t":                                           "into",
		"select * from t for update":                                       "update",
		"explain analyze delete from t":                                    "delete",
		"explain analyze create table x as select 1":                       "create",
		"merge into t using u on true when matched then do nothing":        "merge",
		"truncate t":                             "truncate",
		"copy t from stdin":                      "copy",
		"create table t ()":                      "create",
		"do $$ begin end $$":                     "do",
		"call p()":                               "call",
		"begin":                                  "begin",
		"commit":                                 "commit",
		"vacuum":                                 "vacuum",
		"prepare x as insert into t values (1)":  "prepare",
		"execute x":                              "execute",
		"select $1; drop table t":                "drop",
		"select 'open; insert into t values (1)": "",
		"select 1 /* open; insert into t values (1)":    "",
		"grant select on t to u":                        "grant",
		"SELECT E'\\\\'; DELETE FROM t":                 "delete",
		"SELECT '\\'; DELETE FROM t":                    "delete",
		"SELECT $x$ $y$ $x$; DELETE FROM t":             "delete",
		"SELECT a$x$ FROM t; DELETE FROM u; SELECT $x$": "delete",
	} {
		if got := writingWord(sql); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}
