# Nothing here hides a step: every target is the commands that you would type.

# With git missing, or with a checkout that belongs to somebody else, Go cannot stamp the commit into the binary.
VCS := $(shell git rev-parse HEAD >/dev/null 2>&1 && echo auto || echo false)

# Without ./data, which may belong to another user.
GO_FILES = $$(git ls-files --cached --others --exclude-standard '*.go' ':!*.gen.go')

TOOL := go tool -modfile=tools/go.mod

.PHONY: help run build test race soak faults bench fuzz lint fmt generate clients types compatible clean

help: ## Explain every target
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Start Relief Ledger on 127.0.0.1:8080 with the demonstration in it; data stays in ./data
	bin/relief serve --demo --data ./data

build: ## Build bin/relief
	go build -buildvcs=$(VCS) -o bin/relief ./cmd/relief

test: ## Run every test, each on a database of its own; installs PostgreSQL where there is none
	go test ./...

race: ## Run the tests of the packages where goroutines meet under the race detector (needs a C compiler)
	go test -race ./ledger/... ./internal/... ./api/...

# How long soak drives each book, and how long fuzz stays with each target.
CHECKS ?= 5000
FUZZTIME ?= 1m

soak: ## Drive the book against its reference, random faults and many clients for half an hour; a failure prints its seed
	RELIEF_SOAK=1 go test -count=1 -timeout 0 ./ledger -run '^(TestModel|TestStorm|TestHistories)$$' -rapid.checks=$(CHECKS) -rapid.steps=60

faults: build ## Break every message between the book and PostgreSQL in every way, then what a served book stands on, with real processes
	RELIEF_SOAK=1 go test -count=1 -timeout 0 ./internal/faultpg ./internal/pg
	RELIEF_SOAK=1 go test -count=1 -timeout 0 ./ledger -run '^(TestEveryMessageBroken|TestCommitterUnderFaults|TestStorm)$$'
	go run ./internal/faults -relief bin/relief

# More of what make bench is told, such as BENCH=-quick or BENCH='-only HTTP -json bench.json'; go run ./internal/bench -h lists it.
BENCH ?= -markdown docs/performance.md

bench: build ## Measure the engine against what PostgreSQL can do here, for half an hour, and write the table into docs/performance.md
	go run ./internal/bench -relief bin/relief $(BENCH)

# Before Go 1.27 a minute may end in "context deadline exceeded" with nothing found (go.dev/issue/75804), so what fails is tried once more:
# what was found stands in testdata by then, and fails again at once.
fuzz: ## Fuzz every target for a minute
	@set -e; for package in $$(go list ./...); do for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
		echo "$$package $$target"; one="go test $$package -run ^$$ -fuzz ^$$target$$ -fuzztime $(FUZZTIME) -fuzzminimizetime 10x"; $$one || $$one; done; done

lint: ## Check the code: vet, staticcheck, gofumpt
	go vet ./...
	$(TOOL) staticcheck ./...
	@unformatted=$$($(TOOL) gofumpt -l $(GO_FILES)); test -z "$$unformatted" || { echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; }

fmt: ## Format the code
	$(TOOL) gofumpt -w $(GO_FILES)

generate: ## Write anew what is derived from the code: migrations/schema.sql, openapi/openapi.yaml and its 3.0 form, the client
	go test -count=1 ./migrations -run TestSchemaIsTheSumOfTheMigrations -update
	go run ./cmd/relief openapi > openapi/openapi.yaml.new
	mv openapi/openapi.yaml.new openapi/openapi.yaml
	go run ./cmd/relief openapi --older > openapi/openapi-3.0.yaml.new
	mv openapi/openapi-3.0.yaml.new openapi/openapi-3.0.yaml
	$(MAKE) clients

clients: ## Make the Go client anew from openapi/openapi.yaml
	$(TOOL) oapi-codegen -config openapi/client/oapi-codegen.yaml -o openapi/client/client.gen.go openapi/openapi.yaml

types: ## Make the TypeScript types anew from openapi/openapi.yaml (needs Node and a network)
	npx --yes openapi-typescript@7.13.0 openapi/openapi.yaml -o openapi/relief.d.ts

compatible: ## Check that the contract breaks nothing that clients of the last release rely on
	$(TOOL) oasdiff breaking --fail-on ERR openapi/released.yaml openapi/openapi.yaml

clean: ## Remove what was built; ./data holds a ledger and is never removed
	rm -rf bin
