package main

import (
	"context"
	"time"
)

// faults in the order of the table.
var faults = []fault{
	{
		name: "none", means: "–", run: calm,
		expects: "every posting booked once; gives the goroutines that the other rows are compared with",
	},
	{
		name: "server killed", means: "kill -9 of `relief serve` under load, three times", run: killServer,
		expects: "a supervisor starts it again, nothing lost, nothing doubled",
	},
	{
		name: "backend killed", means: "kill -9 of the backend that writes the book, three times", run: killBackend,
		expects: "PostgreSQL recovers, the server reconnects by itself",
	},
	{
		name: "postmaster killed", means: "kill -9 of PostgreSQL, started again 2 s later, twice", run: killPostmaster,
		expects: "503 meanwhile, the server reconnects by itself",
	},
	{
		name: "private PostgreSQL", means: "`relief serve` with a PostgreSQL of its own; kill -9 of the one, then of the other, twice", run: breakPrivate,
		expects: "the server ends when its PostgreSQL does; started again it goes on where it stopped",
	},
	{
		name: "server frozen", means: "two servers on one book; SIGSTOP of the first, four times, up to 8 s", run: freezeServer,
		expects: "the second goes on alone; the first, awake, writes nothing stale",
	},
	{
		name: "PostgreSQL frozen", means: "SIGSTOP of all its processes for 8 s", run: func(ctx context.Context, s *stage) error { return freezePostgreSQL(ctx, s, 8*time.Second) },
		expects: "goes on where it stopped",
	},
	{
		name: "PostgreSQL frozen long", means: "the same for 25 s, longer than any time-out: what was sent is carried out on waking", run: func(ctx context.Context, s *stage) error { return freezePostgreSQL(ctx, s, 25*time.Second) },
		expects: "503, outcome-unknown where it is; nothing doubled by what wakes up",
	},
	{
		name: "black hole", means: "the link to PostgreSQL swallows everything for 8 s", run: func(ctx context.Context, s *stage) error { return blackHole(ctx, s, 8*time.Second) },
		expects: "no wait without a bound",
	},
	{
		name: "black hole long", means: "the same for 25 s", run: func(ctx context.Context, s *stage) error { return blackHole(ctx, s, 25*time.Second) },
		expects: "no wait without a bound",
	},
	{
		name: "disk full", means: "PostgreSQL on a file system of 256 MB that is filled under load, then freed", run: fillDisk, lacks: needsRoot,
		expects: "503 while it is full; nothing to repair afterwards",
	},
	{
		name: "queue full", means: "the head is held by a lock while 6,000 clients post at once", run: fillQueue,
		expects: "503 with Retry-After for what has no place; what is told to be unwritten is not written",
	},
	{
		name: "slow readers", means: "50 clients ask for 500 entries and take a byte at a time, or none", run: readSlowly,
		expects: "others are not slowed, no database connection is held",
	},
	{
		name: "migrator killed", means: "two `relief migrate` on an empty database, one killed later each time", run: killMigrator,
		expects: "the other goes on at once and completes the same schema",
	},
	{
		name: "failover", means: "synchronous standby; power cut of the primary, the standby promoted 0.5 s later", run: failOver, lacks: needsBaseBackup,
		expects: "the servers find the new primary by themselves, nothing acknowledged is lost",
	},
	{
		name: "primary ahead", means: "the primary restarts while its standby is frozen, dies 10 s later, the standby is promoted", run: restartAhead, lacks: needsBaseBackup,
		expects: "what only the primary had is never acknowledged, though it shows it after its restart",
	},
	{
		name: "old primary returns", means: "after a failover the old primary comes back, writable, for 20 s; all connections break; one server tries it first", run: returnPrimary, lacks: needsBaseBackup,
		expects: "no acknowledgement by the old one: outcome-unknown, then the truth of the new one",
	},
}
