package pg

import "strings"

// harmless are the words a statement may begin with outside a transaction: it reads, or it touches only its own session.
var harmless = map[string]bool{
	"select": true, "with": true, "values": true, "table": true, "explain": true, "show": true,
	"set": true, "reset": true, "listen": true, "unlisten": true, "deallocate": true, "discard": true,
}

// writing are words that make a reading statement write, wherever they stand: in a CTE, behind EXPLAIN ANALYZE, in SELECT … INTO.
// FOR UPDATE is caught as well; outside a transaction it would lock nothing.
var writing = map[string]bool{
	"insert": true, "update": true, "delete": true, "merge": true, "into": true, "create": true, "refresh": true, "execute": true,
}

// writingWord is the first word of sql, which may hold several statements, that may write, or nothing.
// It looks outside literals, quoted identifiers and comments, and rather refuses too much: an unquoted column called
// update counts as a write.
func writingWord(sql string) string {
	first := true
	for i := 0; i < len(sql); {
		if next := skip(sql, i); next > i {
			i = next
			continue
		}
		c := sql[i]
		if c == ';' {
			first = true
		}
		if !isWord(c) {
			i++
			continue
		}
		end := i + 1
		for end < len(sql) && isWord(sql[end]) {
			end++
		}
		word := strings.ToLower(sql[i:end])
		if writing[word] || first && !harmless[word] {
			return word
		}
		first = false
		i = end
	}
	return ""
}

// skip is the end of the literal, quoted identifier or comment that starts at i, or i when none does.
// One that never ends reaches to the end of sql: the server will refuse it.
func skip(sql string, i int) int {
	rest := sql[i:]
	switch {
	case rest[0] == '\'':
		return i + quoted(rest, '\'', false)
	case rest[0] == '"':
		return i + quoted(rest, '"', false)
	case (rest[0] == 'e' || rest[0] == 'E') && len(rest) > 1 && rest[1] == '\'':
		return i + 1 + quoted(rest[1:], '\'', true)
	case strings.HasPrefix(rest, "--"):
		return i + until(rest, "\n", 2)
	case strings.HasPrefix(rest, "/*"):
		return i + comment(rest)
	case rest[0] == '$':
		if tag := dollarTag(rest); tag != "" {
			return i + until(rest, tag, len(tag))
		}
	}
	return i
}

// quoted is the length of the quoted text that s begins with; a doubled quote stands for itself.
func quoted(s string, quote byte, backslashes bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && backslashes:
			i++
		case s[i] == quote && i+1 < len(s) && s[i+1] == quote:
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

// comment is the length of the block comment that s begins with; they nest.
func comment(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(s)
}

// dollarTag is the opening tag of a dollar-quoted literal such as $$ or $body$, or nothing; $1 is a parameter.
func dollarTag(s string) string {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '$':
			return s[:i+1]
		case !isWord(s[i]), i == 1 && s[i] >= '0' && s[i] <= '9':
			return ""
		}
	}
	return ""
}

// until is the length of s up to and with the first end at or after from.
func until(s, end string, from int) int {
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}

// isWord tells the bytes of an identifier; $ may stand inside one, so a$b$ is no literal.
func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
