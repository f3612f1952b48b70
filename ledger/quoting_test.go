package ledger

// Quoted is texts as the committer writes them into a message, for tests that send them to a server.
func Quoted(texts []string) string { return unnest(textColumn(texts)) }

// Storable is what the committer lets into a message.
func Storable(text string) bool { return storable(text) }
