package main

import "context"

func serveDoor(ctx context.Context, dsn string) error { return nil }
func serveBare(ctx context.Context, dsn string) error { return nil }
func serveRows(ctx context.Context, dsn string) error { return nil }

type history struct{}
